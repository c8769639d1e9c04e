/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * act(): finds the verb, has the engine carry out its edit as one change of the CIB, and asks the
 * daemons for the rest. Any thread calls it; edits run on the engine's.
 */
#include "act.h"

#include "edit.h"
#include "kinds.h"
#include "move.h"

typedef struct {
    ClVerb verb;
    ClKind kind;
    ClPcmkActFunction run;
    ClKind other;   /* the kind of each of the others */
    gsize n_others; /* how many there must be, or with @up_to how many there may be */
    gboolean up_to;
} Verb;

#define ANY_NUMBER G_MAXSIZE

static gboolean do_nothing(ClPcmkAct *act, GError **error);
static gboolean refuse(ClPcmkAct *act, GError **error);

static const Verb verbs[] = {
    {CL_ACT_ONLINE, CL_KIND_GROUP, cl_pcmk_online_group, CL_KIND_NODE, 1, TRUE},
    {CL_ACT_OFFLINE, CL_KIND_GROUP, cl_pcmk_offline_group, 0, 0, FALSE},
    {CL_ACT_MOVE, CL_KIND_GROUP, cl_pcmk_move_group, CL_KIND_NODE, 1, TRUE},
    {CL_ACT_CANCEL, CL_KIND_GROUP, cl_pcmk_cancel_move, 0, 0, FALSE},
    {CL_ACT_ONLINE, CL_KIND_RESOURCE, cl_pcmk_online_resource, 0, 0, FALSE},
    {CL_ACT_OFFLINE, CL_KIND_RESOURCE, cl_pcmk_offline_resource, 0, 0, FALSE},
    {CL_ACT_FAIL, CL_KIND_RESOURCE, cl_pcmk_fail_resource, 0, 0, FALSE},
    {CL_ACT_RESTART, CL_KIND_RESOURCE, cl_pcmk_restart_resource, 0, 0, FALSE},
    {CL_ACT_CHANGE_GROUP, CL_KIND_RESOURCE, cl_pcmk_change_group, CL_KIND_GROUP, 1, FALSE},
    {CL_ACT_SET_PREFERRED_OWNERS, CL_KIND_GROUP, cl_pcmk_set_preferred_owners, CL_KIND_NODE,
     ANY_NUMBER, TRUE},
    {CL_ACT_ADD_POSSIBLE_OWNER, CL_KIND_RESOURCE, cl_pcmk_add_possible_owner, CL_KIND_NODE, 1,
     FALSE},
    {CL_ACT_REMOVE_POSSIBLE_OWNER, CL_KIND_RESOURCE, cl_pcmk_remove_possible_owner, CL_KIND_NODE, 1,
     FALSE},
    {CL_ACT_ADD_DEPENDENCY, CL_KIND_RESOURCE, cl_pcmk_add_dependency, CL_KIND_RESOURCE, 1, FALSE},
    {CL_ACT_REMOVE_DEPENDENCY, CL_KIND_RESOURCE, cl_pcmk_remove_dependency, CL_KIND_RESOURCE, 1,
     FALSE},
    {CL_ACT_TEST_DEPENDENCY, CL_KIND_RESOURCE, cl_pcmk_add_dependency, CL_KIND_RESOURCE, 1, FALSE},
    {CL_ACT_SET_DEPENDENCY_EXPRESSION, CL_KIND_RESOURCE, cl_pcmk_set_dependency_expression, 0, 0,
     FALSE},
    {CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUP, cl_pcmk_add_dependency, CL_KIND_GROUP, 1, FALSE},
    {CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUP, cl_pcmk_remove_dependency, CL_KIND_GROUP, 1, FALSE},
    {CL_ACT_SET_DEPENDENCY_EXPRESSION, CL_KIND_GROUP, cl_pcmk_set_dependency_expression, 0, 0,
     FALSE},
    {CL_ACT_DESTROY, CL_KIND_GROUP, cl_pcmk_destroy_group, 0, 0, FALSE},
    {CL_ACT_PAUSE, CL_KIND_NODE, cl_pcmk_pause, CL_KIND_NODE, 1, TRUE},
    {CL_ACT_EVICT, CL_KIND_NODE, cl_pcmk_evict, 0, 0, FALSE},
    {CL_ACT_RESUME, CL_KIND_NODE, cl_pcmk_resume, 0, 0, FALSE},
    /* Corosync's links are in its file; a majority decides; what is read is what is there. */
    {CL_ACT_SET_NETWORK_PRIORITY_ORDER, CL_KIND_CLUSTER, refuse, CL_KIND_NETWORK, ANY_NUMBER, TRUE},
    {CL_ACT_SET_QUORUM, CL_KIND_RESOURCE, refuse, 0, 0, FALSE},
    {CL_ACT_SYNC_DATABASE, CL_KIND_CLUSTER, do_nothing, 0, 0, FALSE},
    {CL_ACT_UPGRADE, CL_KIND_CLUSTER, do_nothing, 0, 0, FALSE},
};

static gboolean do_nothing(ClPcmkAct *act, GError **error)
{
    (void)act, (void)error;
    return TRUE;
}

static gboolean refuse(ClPcmkAct *act, GError **error)
{
    return cl_fail(error, ERROR_NOT_SUPPORTED, "Pacemaker has nothing for verb %u",
                   act->action->verb);
}

static const Verb *find_verb(const ClAction *action, ClKind kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (verbs[i].verb == action->verb && verbs[i].kind == kind) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* --- One attempt ------------------------------------------------------------------------------ */

void cl_pcmk_act_clear(ClPcmkAct *act)
{
    g_clear_pointer(&act->others, g_free);
    g_clear_pointer(&act->requests, g_ptr_array_unref);
    g_clear_pointer(&act->begun, g_ptr_array_unref);
}

/* A second object that is gone: of a node, that it is no member any more. */
static gboolean find_other(ClPcmkAct *act, gsize i, GError **error)
{
    const ClObject *other = act->action->others[i];
    if (other == NULL) {
        return TRUE;
    }
    act->others[i] = cl_pcmk_model_find_id(act->model, other->kind, other->id);
    if (act->others[i] == NULL && other->kind == CL_KIND_NODE) {
        return cl_fail(error, ERROR_CLUSTER_NODE_NOT_FOUND, "the node is no member any more");
    }
    return act->others[i] != NULL || cl_kind_fail_gone(other->kind, error);
}

gboolean cl_pcmk_act_begin(ClPcmkAct *act, xmlNode *cib, const ClPcmkModel *model, GError **error)
{
    gsize n = act->action->n_others;
    cl_pcmk_act_clear(act);
    act->cib = cib;
    act->model = model;
    act->result = ERROR_SUCCESS;
    act->others = g_new0(ClPcmkObject *, n + 1);
    act->requests = g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_request_free);
    act->begun = g_ptr_array_new_with_free_func(g_free);
    act->object = act->id ? cl_pcmk_model_find_id(model, act->kind, act->id) : NULL;
    if (act->id != NULL && act->object == NULL) {
        return cl_kind_fail_gone(act->kind, error);
    }
    for (gsize i = 0; i < n; i++) {
        if (!find_other(act, i, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean check_others(const Verb *verb, const ClAction *action, GError **error)
{
    if (verb->up_to ? action->n_others > verb->n_others : action->n_others != verb->n_others) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "wrong number of objects");
    }
    for (gsize i = 0; i < action->n_others; i++) {
        if (action->others[i] != NULL && action->others[i]->kind != verb->other) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "an object of the wrong kind");
        }
    }
    return TRUE;
}

gboolean cl_pcmk_act_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    ClPcmkAct *act = data;
    const Verb *verb = find_verb(act->action, act->kind);
    if (verb == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "verb %u has no meaning for this object",
                       act->action->verb);
    }
    return check_others(verb, act->action, error) && cl_pcmk_act_begin(act, cib, model, error) &&
           verb->run(act, error) && cl_pcmk_check_requests(act, error);
}

/* --- The operation ---------------------------------------------------------------------------- */

/* How often somebody who waits looks, and how long nothing may happen before it is over. */
#define LOOK_US     (G_USEC_PER_SEC / 20)
#define PATIENCE_US (10 * G_USEC_PER_SEC)

/* Pacemaker begins a moment after the change. */
static gboolean is_settled(ClConnection *connection, const ClObject *object, gint64 *idle_since,
                           guint32 *ret_result)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection->engine);
    const ClPcmkObject *group = cl_pcmk_model_find_id(model, object->kind, object->id);
    gint64 now = g_get_monotonic_time();
    if (group != NULL && group->state == ClusterGroupOnline) {
        *ret_result = ERROR_SUCCESS;
        return TRUE;
    }
    if (group != NULL && group->state == ClusterGroupPending) {
        *idle_since = now;
    }
    *ret_result = ERROR_RESOURCE_FAILED;
    return group == NULL || now - *idle_since > PATIENCE_US;
}

/* What was accepted stays so when the caller's time is over. */
static guint32 await_online(ClConnection *connection, const ClObject *object, const ClCall *call)
{
    gint64 idle_since = g_get_monotonic_time();
    guint32 result = ERROR_IO_PENDING;
    while (cl_call_may_wait(call, NULL)) {
        if (is_settled(connection, object, &idle_since, &result)) {
            return result;
        }
        g_usleep(LOOK_US);
    }
    return ERROR_IO_PENDING;
}

typedef struct {
    ClPcmkAct act;
    GPtrArray *keys; /* of what this process has begun */
} Acting;

/* What this process begins it ends; from the first moment on. */
static gboolean edit(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    Acting *acting = data;
    const ClPcmkAct *act = &acting->act;
    gboolean done = cl_pcmk_act_edit(cib, model, &acting->act, error);
    for (guint i = 0; done && i < act->begun->len; i++) {
        char *key = cl_pcmk_move_key(cl_edit_find(cib, NULL, act->begun->pdata[i]));
        cl_pcmk_move_own(key, TRUE);
        g_ptr_array_add(acting->keys, key);
    }
    return done;
}

static gboolean carry_out(ClConnection *connection, Acting *acting, const ClCall *call,
                          GError **error)
{
    acting->keys = g_ptr_array_new_with_free_func(g_free);
    gboolean done =
        cl_pcmk_engine_change(connection->engine, edit, acting, acting->act.user, call, error);
    for (guint i = 0; !done && i < acting->keys->len; i++) {
        cl_pcmk_move_own(acting->keys->pdata[i], FALSE);
    }
    g_clear_pointer(&acting->keys, g_ptr_array_unref);
    return done;
}

/* What the CIB has by now is accepted, whatever the daemons say; unless all was to ask them. */
static gboolean ask_daemons(ClConnection *connection, const ClPcmkAct *act, const ClCall *call,
                            GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (act->action->verb == CL_ACT_FAIL) {
        return cl_pcmk_controller_ask(connection->engine, act->requests, call, error);
    }
    if (!cl_pcmk_controller_ask(connection->engine, act->requests, call, &failure)) {
        g_debug("not forgotten: %s", failure->message);
    }
    return TRUE;
}

/* How long an evicted node must not come back, and how long that is tried. */
#define GONE_US  G_USEC_PER_SEC
#define EVICT_US (10 * G_USEC_PER_SEC)

static gboolean is_there(ClConnection *connection, const ClPcmkAct *act)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection->engine);
    return cl_pcmk_model_find_id(model, act->kind, act->id) != NULL;
}

/* Until all daemons have forgotten it one of them may tell of it again. */
static guint32 keep_out(ClConnection *connection, Acting *acting, const ClCall *call)
{
    gint64 begin = g_get_monotonic_time();
    gint64 gone_since = begin;
    while (g_get_monotonic_time() - gone_since < GONE_US) {
        if (is_there(connection, &acting->act)) {
            (void)(carry_out(connection, acting, call, NULL) &&
                   ask_daemons(connection, &acting->act, call, NULL));
            gone_since = g_get_monotonic_time();
        }
        if (gone_since - begin > EVICT_US || !cl_call_may_wait(call, NULL)) {
            return ERROR_CLUSTER_EVICT_WITHOUT_CLEANUP;
        }
        g_usleep(LOOK_US);
    }
    return ERROR_SUCCESS;
}

gboolean cl_pcmk_act(ClConnection *connection, const ClObject *object, const ClAction *action,
                     const ClCall *call, guint32 *ret_result, GError **error)
{
    g_autofree char *user = NULL;
    if (!cl_pcmk_caller(call, &user, error)) {
        return FALSE;
    }
    Acting acting = {.act = {.action = action,
                             .kind = cl_pcmk_kind(object),
                             .id = object ? object->id : NULL,
                             .user = user,
                             .now = g_get_real_time()}};
    ClPcmkAct *act = &acting.act;
    gboolean done =
        carry_out(connection, &acting, call, error) && ask_daemons(connection, act, call, error);
    gboolean waits = done && action->verb == CL_ACT_ONLINE && act->kind == CL_KIND_GROUP &&
                     action->flags & CLUSAPI_GROUP_ONLINE_SYNCHRONOUS &&
                     act->result == ERROR_IO_PENDING;
    if (done) {
        *ret_result = waits                          ? await_online(connection, object, call)
                      : action->verb == CL_ACT_EVICT ? keep_out(connection, &acting, call)
                                                     : act->result;
    }
    cl_pcmk_act_clear(act);
    return done;
}
