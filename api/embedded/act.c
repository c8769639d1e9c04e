/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * act(): finds the verb, and carries it out as one change. Any thread runs it.
 */
#include "act.h"

#include "machine.h"

typedef struct {
    ClVerb verb;
    ClKind kind;
    ClActFunction run;
    ClKind other;   /* the kind of each of the others */
    gsize n_others; /* how many there must be, or with @up_to how many there may be */
    gboolean up_to;
} Verb;

#define ANY_NUMBER G_MAXSIZE

/* Each owner of an act-*.c adds the rows of its verbs. */
static const Verb verbs[] = {
    {CL_ACT_SYNC_DATABASE, CL_KIND_CLUSTER, NULL, 0, 0, FALSE},
};

static const Verb *find_verb(ClVerb verb, ClKind kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (verbs[i].verb == verb && verbs[i].kind == kind) {
            return &verbs[i];
        }
    }
    return NULL;
}

static gboolean take_others(const Verb *verb, const ClAction *action, gint64 *numbers,
                            GError **error)
{
    gboolean fits =
        verb->up_to ? action->n_others <= verb->n_others : action->n_others == verb->n_others;
    if (!fits) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "wrong number of objects");
    }
    for (gsize i = 0; i < action->n_others; i++) {
        if (action->others[i] && cl_embedded_kind(action->others[i]) != verb->other) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "an object of the wrong kind");
        }
        numbers[i] = action->others[i] ? cl_embedded_number(action->others[i]) : 0;
    }
    return TRUE;
}

static gboolean check_objects(const ClAct *act, const Verb *verb, GError **error)
{
    if (act->kind != CL_KIND_CLUSTER &&
        !cl_embedded_check_exists(act->reader, act->kind, act->number, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < act->n_others; i++) {
        if (act->others[i] != 0 &&
            !cl_embedded_check_exists(act->reader, verb->other, act->others[i], error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_embedded_act(ClConnection *store, const ClObject *object, const ClAction *action,
                         const ClCall *call, guint32 *ret_result, GError **error)
{
    const Verb *verb = find_verb(action->verb, cl_embedded_kind(object));
    if (verb == NULL || verb->run == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "verb %u has no meaning for this object",
                       action->verb);
    }
    g_autofree gint64 *others = g_new0(gint64, action->n_others);
    if (!take_others(verb, action, others, error)) {
        return FALSE;
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (change == NULL) {
        return FALSE;
    }
    guint32 result = ERROR_SUCCESS;
    ClAct act = {.change = change,
                 .reader = cl_change_reader(change),
                 .kind = cl_embedded_kind(object),
                 .number = cl_embedded_number(object),
                 .action = action,
                 .others = others,
                 .n_others = action->n_others};
    if (!check_objects(&act, verb, error) || !verb->run(&act, &result, error) ||
        !cl_machine_advance(change, error) || !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_result = result;
    return TRUE;
}
