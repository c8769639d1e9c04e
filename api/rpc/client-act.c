/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * act(): each verb by its methods.
 */
#include "client.h"

#include "text.h"

typedef struct {
    const ClObject *object;
    const ClAction *action;
    guint32 result;
} Acting;

/* --- Shapes of methods -------------------------------------------------------------------------- */

static gboolean finish(ClRemote *remote, Acting *acting, ClMethodCall *method, GError **error)
{
    if (!cl_remote_call_on(remote, acting->object, method, error)) {
        return FALSE;
    }
    acting->result = method->result;
    return TRUE;
}

static gboolean plain(ClRemote *remote, Acting *acting, guint opnum, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    return finish(remote, acting, &method, error);
}

static gboolean with_number(ClRemote *remote, Acting *acting, guint opnum, guint64 number,
                            GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    method.values[1].number = number;
    return finish(remote, acting, &method, error);
}

static gboolean with_text(ClRemote *remote, Acting *acting, guint opnum, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    cl_method_put_text(&method, 1, acting->action->text);
    return finish(remote, acting, &method, error);
}

static const ClObject *other_of(const Acting *acting)
{
    return acting->action->n_others > 0 ? acting->action->others[0] : NULL;
}

static gboolean with_other(ClRemote *remote, Acting *acting, guint opnum, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    const ClObject *other = other_of(acting);
    remote->names_node = other && other->kind == CL_KIND_NODE;
    return cl_remote_handle(remote, other, &method.values[1].handle, error) &&
           finish(remote, acting, &method, error);
}

/* Flags and a property list, which is not NULL on the wire. */
static gboolean with_input(ClRemote *remote, Acting *acting, guint opnum, guint first,
                           ClMethodCall *method, GError **error)
{
    g_autoptr(GBytes) none = g_bytes_new(NULL, 0);
    method->opnum = opnum;
    method->values[first].number = acting->action->flags;
    cl_method_put_bytes(method, first + 1, acting->action->in ? acting->action->in : none);
    return finish(remote, acting, method, error);
}

static gboolean is_plain(const Acting *acting)
{
    return acting->action->flags == 0 && !acting->action->in;
}

static gboolean run_ex(ClRemote *remote, Acting *acting, guint opnum, guint opnum_ex,
                       GError **error)
{
    g_auto(ClMethodCall) method = {0};
    return is_plain(acting) ? plain(remote, acting, opnum, error)
                            : with_input(remote, acting, opnum_ex, 1, &method, error);
}

/* --- Groups and resources ----------------------------------------------------------------------- */

static gboolean move_to_node(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = {0};
    remote->names_node = TRUE;
    if (is_plain(acting)) {
        return with_other(remote, acting, CL_OP_MoveGroupToNode, error);
    }
    return cl_remote_handle(remote, other_of(acting), &method.values[1].handle, error) &&
           with_input(remote, acting, CL_OP_MoveGroupToNodeEx, 2, &method, error);
}

static gboolean move(ClRemote *remote, Acting *acting, GError **error)
{
    return other_of(acting) ? move_to_node(remote, acting, error)
                            : run_ex(remote, acting, CL_OP_MoveGroup, CL_OP_MoveGroupEx, error);
}

/* A group that is where it is to come online is not moved. */
static gboolean is_at(ClRemote *remote, const ClObject *group, const ClObject *node,
                      gboolean *ret_is_at, GError **error)
{
    g_auto(ClMethodCall) state = CL_METHOD(GetGroupState);
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *owner = NULL;
    g_autofree char *name = NULL;
    if (!cl_remote_call_on(remote, group, &state, error) ||
        !cl_method_take_text(&state, 2, &owner, error) ||
        !cl_remote_ask(remote, node, CLCTL_GET_NAME, &bytes, error) ||
        !cl_bytes_take_text(bytes, &name, error)) {
        return FALSE;
    }
    *ret_is_at = cl_text_equal(owner, name);
    return TRUE;
}

/* What moves may be pending by now, or still be where it was: either way it comes online there. */
static gboolean online_moving(ClRemote *remote, Acting *acting, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (!run_ex(remote, acting, CL_OP_OnlineGroup, CL_OP_OnlineGroupEx, &failure) &&
        !g_error_matches(failure, CL_ERROR, ERROR_INVALID_STATE)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    acting->result = ERROR_IO_PENDING;
    return TRUE;
}

static gboolean online_group(ClRemote *remote, Acting *acting, GError **error)
{
    const ClAction plain_move = {.verb = CL_ACT_MOVE,
                                 .others = acting->action->others,
                                 .n_others = acting->action->n_others};
    Acting moving = {acting->object, &plain_move, ERROR_SUCCESS};
    gboolean at = TRUE;
    if (other_of(acting)) {
        remote->names_node = TRUE;
        if (!is_at(remote, acting->object, other_of(acting), &at, error) ||
            (!at && !move_to_node(remote, &moving, error))) {
            return FALSE;
        }
    }
    if (moving.result == ERROR_IO_PENDING) {
        return online_moving(remote, acting, error);
    }
    return run_ex(remote, acting, CL_OP_OnlineGroup, CL_OP_OnlineGroupEx, error);
}

static gboolean online(ClRemote *remote, Acting *acting, GError **error)
{
    return acting->object->kind == CL_KIND_GROUP
               ? online_group(remote, acting, error)
               : run_ex(remote, acting, CL_OP_OnlineResource, CL_OP_OnlineResourceEx, error);
}

static gboolean offline(ClRemote *remote, Acting *acting, GError **error)
{
    return acting->object->kind == CL_KIND_GROUP
               ? run_ex(remote, acting, CL_OP_OfflineGroup, CL_OP_OfflineGroupEx, error)
               : run_ex(remote, acting, CL_OP_OfflineResource, CL_OP_OfflineResourceEx, error);
}

static gboolean cancel(ClRemote *remote, Acting *acting, GError **error)
{
    return with_number(remote, acting, CL_OP_CancelClusterGroupOperation, acting->action->flags,
                       error);
}

static gboolean fail(ClRemote *remote, Acting *acting, GError **error)
{
    return plain(remote, acting, CL_OP_FailResource, error);
}

static gboolean restart(ClRemote *remote, Acting *acting, GError **error)
{
    return with_number(remote, acting, CL_OP_RestartResource, acting->action->flags, error);
}

static gboolean change_group(ClRemote *remote, Acting *acting, GError **error)
{
    return with_other(remote, acting, CL_OP_ChangeResourceGroup, error);
}

static gboolean set_preferred_owners(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(SetGroupNodeList);
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(WCHAR));
    const WCHAR nul = 0;
    for (gsize i = 0; i < acting->action->n_others; i++) {
        g_autofree char *id = NULL;
        if (!cl_remote_id(remote, acting->action->others[i], &id, error)) {
            return FALSE;
        }
        g_autofree LPWSTR wide = cl_ndr_text(id);
        g_array_append_vals(list, wide, (guint)cl_text_wide_length(id) + 1);
    }
    g_array_append_val(list, nul);
    method.values[1].bytes = g_bytes_new(list->data, list->len * sizeof(WCHAR));
    method.values[2].number = list->len;
    remote->names_node = TRUE;
    return finish(remote, acting, &method, error);
}

static gboolean add_owner(ClRemote *remote, Acting *acting, GError **error)
{
    return with_other(remote, acting, CL_OP_AddResourceNode, error);
}

static gboolean remove_owner(ClRemote *remote, Acting *acting, GError **error)
{
    return with_other(remote, acting, CL_OP_RemoveResourceNode, error);
}

static gboolean set_shared(ClRemote *remote, Acting *acting, GError **error)
{
    return with_number(remote, acting, CL_OP_ChangeCsvState,
                       acting->action->verb == CL_ACT_ADD_TO_SHARED_VOLUMES, error);
}

/* --- Dependencies ------------------------------------------------------------------------------- */

/* The expression of a group by a server that does not tell it. What the providers are is told, how
 * they are joined is not. */
static gboolean guess_expression(ClRemote *remote, const ClObject *group, char **ret_expression,
                                 GError **error)
{
    g_autoptr(GBytes) out = NULL;
    g_auto(GStrv) providers = NULL;
    gsize size = 0;
    if (!cl_remote_ask(remote, group, CLCTL_GROUP_GET_PROVIDER_GROUPS, &out, error)) {
        return FALSE;
    }
    const WCHAR *units = out ? g_bytes_get_data(out, &size) : NULL;
    providers = cl_text_strv_from_units(units, size / sizeof *units);
    guint n = providers ? g_strv_length(providers) : 0;
    if (size > 0 && !providers) {
        return cl_fail_stub(error, "a list of texts that is none");
    }
    if (n > 1) {
        return cl_fail(error, ERROR_NOT_SUPPORTED,
                       "how the providers depend on each other is not known: set the expression");
    }
    *ret_expression = n > 0 ? g_strdup_printf("[%s]", providers[0]) : g_strdup("");
    return TRUE;
}

/* An expression with one more clause; the grammar wants brackets around the first of several. */
static char *joined(const char *expression, const char *id)
{
    gboolean alone = *expression != '(' && !strstr(expression, "] and ");
    return *expression == '\0' ? g_strdup_printf("[%s]", id)
           : alone             ? g_strdup_printf("(%s) and [%s]", expression, id)
                               : g_strdup_printf("%s and [%s]", expression, id);
}

/* That a group depends on another has no method of its own: its expression is written anew. */
static gboolean add_group_dependency(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(SetGroupDependencyExpression);
    g_autofree char *expression = NULL;
    g_autofree char *id = NULL;
    if (!cl_remote_id(remote, other_of(acting), &id, error) ||
        !cl_remote_ask_expression(remote, acting->object, &expression, error) ||
        (!expression && !guess_expression(remote, acting->object, &expression, error))) {
        return FALSE;
    }
    g_autofree char *text = joined(expression, id);
    cl_method_put_text(&method, 1, text);
    return finish(remote, acting, &method, error);
}

static gboolean add_dependency(ClRemote *remote, Acting *acting, GError **error)
{
    ClKind kind = acting->object->kind;
    gboolean on_set = cl_remote_kind(other_of(acting)) == CL_KIND_GROUPSET;
    if (kind == CL_KIND_GROUP && !on_set) {
        return add_group_dependency(remote, acting, error);
    }
    return with_other(remote, acting,
                      kind == CL_KIND_RESOURCE   ? CL_OP_AddResourceDependency
                      : kind == CL_KIND_GROUPSET ? CL_OP_AddGroupSetDependency
                                                 : CL_OP_AddGroupToGroupSetDependency,
                      error);
}

static gboolean remove_dependency(ClRemote *remote, Acting *acting, GError **error)
{
    ClKind kind = acting->object->kind;
    gboolean on_set = cl_remote_kind(other_of(acting)) == CL_KIND_GROUPSET;
    return with_other(remote, acting,
                      kind == CL_KIND_RESOURCE   ? CL_OP_RemoveResourceDependency
                      : kind == CL_KIND_GROUPSET ? CL_OP_RemoveGroupSetDependency
                      : on_set                   ? CL_OP_RemoveClusterGroupToGroupSetDependency
                                                 : CL_OP_RemoveClusterGroupDependency,
                      error);
}

static gboolean test_dependency(ClRemote *remote, Acting *acting, GError **error)
{
    return with_other(remote, acting, CL_OP_CanResourceBeDependent, error);
}

static gboolean set_expression(ClRemote *remote, Acting *acting, GError **error)
{
    ClKind kind = acting->object->kind;
    return with_text(remote, acting,
                     kind == CL_KIND_RESOURCE ? CL_OP_SetResourceDependencyExpression
                     : kind == CL_KIND_GROUP  ? CL_OP_SetGroupDependencyExpression
                                              : CL_OP_SetGroupSetDependencyExpression,
                     error);
}

/* The method takes the set first. */
static gboolean add_to_set(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(AddGroupToGroupSet);
    if (!cl_remote_handle(remote, acting->object, &method.values[1].handle, error) ||
        !cl_remote_call_on(remote, other_of(acting), &method, error)) {
        return FALSE;
    }
    acting->result = method.result;
    return TRUE;
}

static gboolean remove_from_set(ClRemote *remote, Acting *acting, GError **error)
{
    return plain(remote, acting, CL_OP_RemoveGroupFromGroupSet, error);
}

/* --- Nodes -------------------------------------------------------------------------------------- */

static gboolean pause_node(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = {0};
    const ClObject *target = other_of(acting);
    remote->names_node = TRUE;
    if (acting->action->number == 0 && acting->action->flags == 0 && !target) {
        return plain(remote, acting, CL_OP_PauseNode, error);
    }
    if (target) {
        method.opnum = CL_OP_PauseNodeWithDrainTarget;
        method.values[1].number = acting->action->flags;
        return cl_remote_handle(remote, target, &method.values[2].handle, error) &&
               finish(remote, acting, &method, error);
    }
    method.opnum = CL_OP_PauseNodeEx;
    method.values[1].number = acting->action->number != 0;
    method.values[2].number = acting->action->flags;
    return finish(remote, acting, &method, error);
}

static gboolean resume_node(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(ResumeNodeEx);
    remote->names_node = TRUE;
    if (acting->action->number == DoNotFailbackGroups && acting->action->flags == 0) {
        return plain(remote, acting, CL_OP_ResumeNode, error);
    }
    method.values[1].number = acting->action->number;
    method.values[2].number = acting->action->flags;
    return finish(remote, acting, &method, error);
}

static gboolean evict_node(ClRemote *remote, Acting *acting, GError **error)
{
    remote->names_node = TRUE;
    return plain(remote, acting, CL_OP_EvictNode, error);
}

/* --- The cluster -------------------------------------------------------------------------------- */

/* The path of the quorum resource, if the object is it; else an empty one. */
static gboolean device_of_now(ClRemote *remote, const ClObject *object, char **ret_device,
                              GError **error)
{
    g_auto(ClMethodCall) now = CL_METHOD(GetQuorumResource);
    g_autoptr(GBytes) out = NULL;
    g_autofree char *quorum = NULL;
    g_autofree char *name = NULL;
    g_autofree char *device = NULL;
    if (!cl_remote_call(remote, &now, error) || !cl_method_take_text(&now, 0, &quorum, error) ||
        !cl_method_take_text(&now, 1, &device, error) ||
        !cl_remote_ask(remote, object, CLCTL_GET_NAME, &out, error) ||
        !cl_bytes_take_text(out, &name, error)) {
        return FALSE;
    }
    *ret_device = cl_text_equal(quorum, name) ? g_steal_pointer(&device) : g_strdup("");
    return TRUE;
}

/* No device means the one of now, which has to be named on the wire. */
static gboolean set_quorum(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(SetQuorumResource);
    g_autofree char *device = g_strdup(acting->action->text);
    if (!device && !device_of_now(remote, acting->object, &device, error)) {
        return FALSE;
    }
    cl_method_put_text(&method, 1, device);
    method.values[2].number = acting->action->number;
    return finish(remote, acting, &method, error);
}

static gboolean set_network_order(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(SetNetworkPriorityOrder);
    method.values[0].number = acting->action->n_others;
    method.values[1].rows = cl_ndr_rows_new(NULL);
    for (gsize i = 0; i < acting->action->n_others; i++) {
        g_autofree char *id = NULL;
        if (!cl_remote_id(remote, acting->action->others[i], &id, error)) {
            return FALSE;
        }
        g_ptr_array_add(method.values[1].rows, cl_ndr_text(id));
    }
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    acting->result = method.result;
    return TRUE;
}

static gboolean back_up(ClRemote *remote, Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(BackupClusterDatabase);
    cl_method_put_text(&method, 0, acting->action->text);
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    acting->result = method.result;
    return TRUE;
}

/* A change that was completed is seen through every server ([MS-CMRP] 3.1.1): there is nothing to
 * wait for, if one is there. */
static gboolean synchronise(ClRemote *remote, G_GNUC_UNUSED Acting *acting, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetClusterName);
    return cl_remote_call(remote, &method, error);
}

/* A cluster as a whole is not destroyed from afar. */
static gboolean destroy(ClRemote *remote, Acting *acting, GError **error)
{
    if (!acting->object) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no method destroys a cluster");
    }
    return with_number(remote, acting, CL_OP_DeleteGroup, TRUE, error);
}

static gboolean upgrade(ClRemote *remote, Acting *acting, GError **error)
{
    g_autoptr(GBytes) out = NULL;
    return acting->action->number
               ? cl_remote_tell(remote, NULL, CL_CONTROL_UPGRADE, NULL, &acting->result, error)
               : cl_remote_ask(remote, NULL, CL_CONTROL_IS_READY_UPGRADE, &out, error);
}

/* --- All ---------------------------------------------------------------------------------------- */

typedef gboolean (*Act)(ClRemote *remote, Acting *acting, GError **error);

static const Act verbs[] = {
    [CL_ACT_ONLINE] = online,
    [CL_ACT_OFFLINE] = offline,
    [CL_ACT_MOVE] = move,
    [CL_ACT_CANCEL] = cancel,
    [CL_ACT_FAIL] = fail,
    [CL_ACT_RESTART] = restart,
    [CL_ACT_PAUSE] = pause_node,
    [CL_ACT_RESUME] = resume_node,
    [CL_ACT_EVICT] = evict_node,
    [CL_ACT_CHANGE_GROUP] = change_group,
    [CL_ACT_SET_PREFERRED_OWNERS] = set_preferred_owners,
    [CL_ACT_ADD_POSSIBLE_OWNER] = add_owner,
    [CL_ACT_REMOVE_POSSIBLE_OWNER] = remove_owner,
    [CL_ACT_ADD_DEPENDENCY] = add_dependency,
    [CL_ACT_REMOVE_DEPENDENCY] = remove_dependency,
    [CL_ACT_TEST_DEPENDENCY] = test_dependency,
    [CL_ACT_SET_DEPENDENCY_EXPRESSION] = set_expression,
    [CL_ACT_SET_QUORUM] = set_quorum,
    [CL_ACT_SET_NETWORK_PRIORITY_ORDER] = set_network_order,
    [CL_ACT_ADD_TO_GROUP_SET] = add_to_set,
    [CL_ACT_REMOVE_FROM_GROUP_SET] = remove_from_set,
    [CL_ACT_BACK_UP] = back_up,
    [CL_ACT_SYNC_DATABASE] = synchronise,
    [CL_ACT_DESTROY] = destroy,
    [CL_ACT_ADD_TO_SHARED_VOLUMES] = set_shared,
    [CL_ACT_REMOVE_FROM_SHARED_VOLUMES] = set_shared,
    [CL_ACT_UPGRADE] = upgrade,
};

static gboolean act_once(ClRemote *remote, gpointer data, GError **error)
{
    Acting *acting = data;
    acting->result = ERROR_SUCCESS;
    return verbs[acting->action->verb](remote, acting, error);
}

gboolean cl_remote_act(ClConnection *connection, const ClObject *object, const ClAction *action,
                       const ClCall *call, guint32 *ret_result, GError **error)
{
    Acting acting = {object, action, ERROR_SUCCESS};
    if (action->verb >= G_N_ELEMENTS(verbs) || !verbs[action->verb]) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no method does that");
    }
    if (!cl_remote_run(connection, call, act_once, &acting, error)) {
        return FALSE;
    }
    *ret_result = acting.result;
    return TRUE;
}
