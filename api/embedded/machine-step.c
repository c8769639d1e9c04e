/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the dependencies within a group demand, step by step: dependents go offline before their
 * providers, providers come online before their dependents. Runs within a change, on its thread.
 */
#include "machine-internal.h"

/* What is wanted of a resource goes for those that it needs, too. */
#define FOR_PROVIDERS (CL_WANT_RECOVERY | CL_WANT_ANYWHERE)

/* What a clause of a resource can count on. */
typedef struct {
    gboolean online;  /* a provider that is, and stays so */
    gboolean leaving; /* one that goes, or has failed */
    gboolean coming;  /* one that is on its way up */
    gint64 fresh;     /* index of one that was not tried yet, -1 for none */
    gint64 failed;    /* index of another */
} Clause;

static const ClMachineLink *link_at(const ClMachineGroup *group, guint index)
{
    return &g_array_index(group->links, ClMachineLink, index);
}

static gboolean is_leaving(const ClMachineResource *resource)
{
    return resource->wanted == ClusterResourceOffline ||
           resource->state == ClusterResourceOfflinePending;
}

static gboolean is_coming(const ClMachineResource *resource)
{
    if (resource->wanted == ClusterResourceOnline) {
        return TRUE;
    }
    return resource->state == ClusterResourceOnlinePending ||
           (resource->state == ClusterResourceFailed && resource->row == CL_ROW_WELL);
}

static void count_provider(Clause *clause, const ClMachineResource *provider, guint index)
{
    gboolean failed = provider->state == ClusterResourceFailed ||
                      provider->last_status == ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED;
    if (provider->state == ClusterResourceOnline && !is_leaving(provider)) {
        clause->online = TRUE;
    } else if (provider->state == ClusterResourceFailed || is_leaving(provider)) {
        clause->leaving = TRUE;
    }
    if (!is_leaving(provider) && is_coming(provider)) {
        clause->coming = TRUE;
    }
    if (failed && clause->failed < 0) {
        clause->failed = index;
    } else if (!failed && !cl_machine_is_active(provider) && clause->fresh < 0) {
        clause->fresh = index;
    }
}

/* The links of one dependent lie side by side: where they begin. */
static guint first_link(const ClMachineGroup *group, guint dependent)
{
    guint low = 0, high = group->links->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (link_at(group, middle)->dependent < dependent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The next clause of a dependent; @at begins at first_link(). FALSE after the last. */
static gboolean next_clause(const ClMachineGroup *group, guint dependent, guint *at, Clause *clause)
{
    guint i = *at;
    *clause = (Clause){.fresh = -1, .failed = -1};
    if (i >= group->links->len || link_at(group, i)->dependent != dependent) {
        return FALSE;
    }
    gint64 number = link_at(group, i)->clause;
    while (i < group->links->len && link_at(group, i)->dependent == dependent &&
           link_at(group, i)->clause == number) {
        guint provider = link_at(group, i)->provider;
        count_provider(clause, cl_machine_at(group, provider), provider);
        i++;
    }
    *at = i;
    return TRUE;
}

/* --- Wanting ---------------------------------------------------------------------------------- */

/* One that is wanted already is not looked at again, so a circle of a damaged file ends. */
static gboolean request(ClMachineGroup *group, guint index, guint32 flags, guint depth,
                        GError **error)
{
    ClMachineResource *resource = cl_machine_at(group, index);
    gboolean waits = !cl_machine_is_active(resource);
    guint at = first_link(group, index);
    Clause clause;
    if (resource->state == ClusterResourceOnline && resource->wanted == 0) {
        return TRUE;
    }
    if ((waits && !cl_machine_drop_row(group, resource, error)) ||
        !cl_machine_put_last_status(group, resource, ERROR_SUCCESS, error) ||
        !cl_machine_want(group, resource, ClusterResourceOnline, flags, error)) {
        return FALSE;
    }
    while (depth > 0 && next_clause(group, index, &at, &clause)) {
        gint64 chosen = clause.fresh >= 0 ? clause.fresh : clause.failed;
        if (!clause.online && !clause.coming && chosen >= 0 &&
            !request(group, (guint)chosen, flags & FOR_PROVIDERS, depth - 1, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean request_at(ClMachineGroup *group, guint index, guint32 flags, GError **error)
{
    return request(group, index, flags, cl_machine_count(group), error);
}

gboolean cl_machine_request_online(ClMachineGroup *group, ClMachineResource *resource,
                                   guint32 flags, GError **error)
{
    guint index;
    return !cl_machine_index(group, resource->number, &index) ||
           request_at(group, index, flags, error);
}

gboolean cl_machine_restore(ClMachineGroup *group, guint32 flags, GError **error)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        ClMachineResource *resource = cl_machine_at(group, i);
        gboolean wanted = resource->persistent && resource->wanted != ClusterResourceOnline &&
                          (resource->state != ClusterResourceOnline || resource->wanted != 0);
        if (wanted && !request_at(group, i, flags, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Going offline ---------------------------------------------------------------------------- */

/* What counted on something that goes, and has nothing else in its place. */
static gboolean must_stop(const ClMachineGroup *group, guint index)
{
    const ClMachineResource *resource = cl_machine_at(group, index);
    guint at = first_link(group, index);
    Clause clause;
    if (resource->wanted == ClusterResourceOffline ||
        (resource->state != ClusterResourceOnline &&
         resource->state != ClusterResourceOnlinePending)) {
        return FALSE;
    }
    while (next_clause(group, index, &at, &clause)) {
        if (!clause.online && clause.leaving) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A provider goes, or comes again after it failed, when all that go because of it are offline. */
static gboolean is_in_use(const ClMachineGroup *group, guint index)
{
    for (guint i = 0; i < group->links->len; i++) {
        const ClMachineLink *link = link_at(group, i);
        const ClMachineResource *dependent = cl_machine_at(group, link->dependent);
        if (link->provider == index && cl_machine_is_active(dependent) && is_leaving(dependent)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* All of them are known before the first one goes. */
static gboolean stop_dependents(ClMachineGroup *group, GError **error)
{
    gboolean found;
    do {
        found = FALSE;
        for (guint i = 0; i < cl_machine_count(group); i++) {
            if (!must_stop(group, i)) {
                continue;
            }
            found = TRUE;
            if (!cl_machine_want(group, cl_machine_at(group, i), ClusterResourceOffline, 0,
                                 error)) {
                return FALSE;
            }
        }
    } while (found);
    return TRUE;
}

static gboolean step_offline(ClMachineGroup *group, guint index, GError **error)
{
    ClMachineResource *resource = cl_machine_at(group, index);
    if (resource->wanted != ClusterResourceOffline || cl_machine_is_pending(resource)) {
        return TRUE;
    }
    if (resource->state == ClusterResourceOnline) {
        return is_in_use(group, index) || cl_machine_begin_offline(group, resource, error);
    }
    if (resource->wanted_flags & CL_WANT_AGAIN && resource->persistent) {
        return cl_machine_put_last_status(group, resource, ERROR_SUCCESS, error) &&
               cl_machine_want(group, resource, ClusterResourceOnline, CL_WANT_RECOVERY, error);
    }
    return cl_machine_want(group, resource, 0, 0, error);
}

/* --- Coming online ---------------------------------------------------------------------------- */

/* Whoever went offline when @provider failed or restarted comes back with it, and brings along what
 * it needs in between. */
static gboolean restore_dependents(ClMachineGroup *group, guint provider, guint depth,
                                   GError **error)
{
    for (guint i = 0; depth > 0 && i < group->links->len; i++) {
        guint index = link_at(group, i)->dependent;
        ClMachineResource *dependent = cl_machine_at(group, index);
        if (link_at(group, i)->provider != provider || cl_machine_is_active(dependent) ||
            dependent->state == ClusterResourceFailed || dependent->wanted != 0) {
            continue;
        }
        if (dependent->persistent ? !request_at(group, index, CL_WANT_RECOVERY, error)
                                  : !restore_dependents(group, index, depth - 1, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean arrived(ClMachineGroup *group, guint index, GError **error)
{
    ClMachineResource *resource = cl_machine_at(group, index);
    gboolean recovered = resource->wanted_flags & CL_WANT_RECOVERY;
    return cl_machine_want(group, resource, 0, 0, error) &&
           (!recovered || restore_dependents(group, index, cl_machine_count(group), error));
}

static gboolean give_up(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    return cl_machine_put_last_status(group, resource, ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED,
                                      error) &&
           cl_machine_want(group, resource, 0, 0, error);
}

/* Whether something outside of the group keeps it from coming online now. */
static gboolean is_kept_off(const ClMachineGroup *group, const ClMachineResource *resource)
{
    gboolean up = group->owner_state == ClusterNodeUp ||
                  (group->owner_state == ClusterNodePaused && resource->is_quorum);
    gboolean restarts = resource->state == ClusterResourceFailed && resource->row != CL_ROW_NONE;
    return !up || !resource->possible || group->waits_for_groups || restarts ||
           (group->shut_out && !(resource->wanted_flags & CL_WANT_ANYWHERE));
}

static gboolean step_online(ClMachineGroup *group, guint index, GError **error)
{
    ClMachineResource *resource = cl_machine_at(group, index);
    guint at = first_link(group, index);
    gboolean ready = TRUE;
    Clause clause;
    if (resource->wanted != ClusterResourceOnline || cl_machine_is_pending(resource)) {
        return TRUE;
    }
    if (resource->state == ClusterResourceOnline) {
        return arrived(group, index, error);
    }
    if (is_kept_off(group, resource) || is_in_use(group, index)) {
        return TRUE;
    }
    while (next_clause(group, index, &at, &clause)) {
        if (!clause.online && !clause.coming && clause.fresh < 0) {
            return give_up(group, resource, error);
        }
        if (!clause.online && !clause.coming &&
            !request_at(group, (guint)clause.fresh, resource->wanted_flags & CL_WANT_ANYWHERE,
                        error)) {
            return FALSE;
        }
        ready = ready && clause.online;
    }
    return !ready || cl_machine_begin_online(group, resource, error);
}

/* --- All -------------------------------------------------------------------------------------- */

static gboolean step_resources(ClMachineGroup *group, GError **error)
{
    if (!stop_dependents(group, error)) {
        return FALSE;
    }
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (!step_offline(group, i, error) || !step_online(group, i, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_machine_step(ClMachineGroup *group, GError **error)
{
    gboolean progressed = FALSE;
    /* Each round begins or ends something of some resource; more means that the file is damaged. */
    guint rounds = 16 + 8 * cl_machine_count(group);
    do {
        group->progressed = FALSE;
        if (!cl_machine_step_move(group, error) || !step_resources(group, error) ||
            !cl_machine_step_waiting(group, error)) {
            return FALSE;
        }
        progressed = progressed || group->progressed;
    } while (group->progressed && --rounds > 0);
    group->progressed = progressed;
    return cl_machine_show_waiting(group, error);
}
