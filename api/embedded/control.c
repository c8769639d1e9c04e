/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * control(): the codes that the layer above cannot answer by a general operation, such as whether
 * something may be deleted and whether the quorum survives the loss of a voter. Any thread runs
 * it, with a reader or a change of its own.
 */
#include "control.h"
#include "machine.h"
#include "property-list.h"
#include "settle.h"
#include "text.h"
#include <string.h>

/* What tell_names() reads, and with what. */
typedef struct {
    ClReader *reader;
    ClSql sql;
} ReadNames;

/* --- May it be deleted? ----------------------------------------------------------------------- */

static gboolean deletable_group(ClReader *reader, const ClControl *control, gint64 number,
                                GBytes **ret_out, GError **error)
{
    (void)control, (void)ret_out;
    ClRows rows = cl_rows_of(reader, CL_SQL_DELETE_OF_GROUP, number);
    gboolean found = cl_rows_next(&rows);
    gint64 flags = found ? cl_rows_number(&rows, 0, 0, G_MAXUINT32) : 0;
    gboolean full = found && cl_rows_number(&rows, 1, 0, 1);
    gboolean core = (flags & CLUS_FLAG_CORE) || (found && cl_rows_number(&rows, 2, 0, 1));
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if (core) {
        return cl_fail(error, ERROR_CORE_RESOURCE, "the group belongs to the cluster itself");
    }
    if (full) {
        return cl_fail(error, ERROR_DIR_NOT_EMPTY, "the group holds resources");
    }
    return found || cl_embedded_fail_gone(CL_KIND_GROUP, error);
}

static gboolean deletable_resource(ClReader *reader, const ClControl *control, gint64 number,
                                   GBytes **ret_out, GError **error)
{
    (void)control, (void)ret_out;
    ClRows rows = cl_rows_of(reader, CL_SQL_DELETE_OF_RESOURCE, number);
    gboolean found = cl_rows_next(&rows);
    gboolean core = found && (cl_rows_number(&rows, 0, 0, G_MAXUINT32) & CLUS_FLAG_CORE);
    gint64 state = found ? cl_rows_number(&rows, 1, 0, G_MAXINT32) : 0;
    gboolean needed = found && cl_rows_number(&rows, 2, 0, 1);
    gboolean quorum = found && cl_rows_number(&rows, 3, 0, 1);
    if (!cl_rows_end(&rows, error) || (!found && !cl_embedded_fail_gone(CL_KIND_RESOURCE, error))) {
        return FALSE;
    }
    if (quorum) {
        return cl_fail(error, ERROR_QUORUM_RESOURCE, "it is the quorum resource");
    }
    if (core) {
        return cl_fail(error, ERROR_CORE_RESOURCE, "the resource belongs to the cluster itself");
    }
    if (needed) {
        return cl_fail(error, ERROR_DEPENDENT_RESOURCE_EXISTS, "other resources depend on it");
    }
    if (state != ClusterResourceOffline && state != ClusterResourceFailed) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is neither offline nor failed");
    }
    return TRUE;
}

static gboolean deletable_type(ClReader *reader, const ClControl *control, gint64 number,
                               GBytes **ret_out, GError **error)
{
    (void)control, (void)ret_out;
    ClRows rows = cl_rows_of(reader, CL_SQL_DELETE_OF_TYPE, number);
    gboolean found = cl_rows_next(&rows);
    gboolean core = found && (cl_rows_number(&rows, 0, 0, G_MAXUINT32) & CLUS_FLAG_CORE);
    gboolean used = found && cl_rows_number(&rows, 1, 0, 1);
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if (core) {
        return cl_fail(error, ERROR_CORE_RESOURCE, "the type belongs to the cluster itself");
    }
    if (used) {
        return cl_fail(error, ERROR_DIR_NOT_EMPTY, "there are resources of the type");
    }
    return found || cl_embedded_fail_gone(CL_KIND_RESOURCE_TYPE, error);
}

/* --- Does the quorum survive? ----------------------------------------------------------------- */

typedef struct {
    guint votes;      /* configured, without the lost voter if it is evicted */
    guint present;    /* of those, present without the lost voter */
    gboolean disk;    /* only the quorum resource counts */
    gboolean matched; /* the id in question is a voter's */
} Count;

static void count_vote(Count *count, gboolean lost, gboolean evict, gboolean present)
{
    count->matched = count->matched || lost;
    count->votes += !(lost && evict);
    count->present += present && !lost;
}

static gboolean count_nodes(ClReader *reader, const char *id, gboolean evict, Count *count,
                            GError **error)
{
    ClRows rows = cl_rows_begin(reader, CL_SQL_VOTERS);
    while (cl_rows_next(&rows)) {
        gboolean lost = cl_text_equal(cl_rows_text(&rows, 1), id);
        gint64 weight = cl_rows_is_null(&rows, 2) ? 1 : cl_rows_number(&rows, 2, 0, 1);
        gint64 state = cl_rows_number(&rows, 3, 0, ClusterNodeJoining);
        count->matched = count->matched || lost;
        if (weight) {
            count_vote(count, lost, evict, state == ClusterNodeUp || state == ClusterNodePaused);
        }
    }
    return cl_rows_end(&rows, error);
}

#define MAJORITY_WITH_RESOURCE 0x400

/* As GetClusterQuorumResource tells it: 0 nodes alone, 0x400 with the resource, else that alone. */
static gboolean count_resource(ClReader *reader, const char *id, gboolean evict, Count *count,
                               GError **error)
{
    ClRows rows = cl_rows_begin(reader, CL_SQL_QUORUM_STATE);
    if (cl_rows_next(&rows) && !cl_rows_is_null(&rows, 0)) {
        gboolean lost = cl_text_equal(cl_rows_text(&rows, 1), id);
        gint64 state = cl_rows_number(&rows, 2, 0, G_MAXINT32);
        gint64 log_size = cl_rows_number(&rows, 3, 0, G_MAXUINT32);
        if (log_size != 0 && log_size != MAJORITY_WITH_RESOURCE) {
            count->disk = TRUE;
            count->votes = count->present = 0;
        }
        count->matched = count->matched || lost;
        if (log_size != 0) {
            count_vote(count, lost, evict && !count->disk, state == ClusterResourceOnline);
        }
    }
    return cl_rows_end(&rows, error);
}

static gboolean check_voter(ClReader *reader, const ClControl *control, gint64 number,
                            GBytes **ret_out, GError **error)
{
    (void)number;
    gboolean evict = control->code == CLUSCTL_CLUSTER_CHECK_VOTER_EVICT;
    g_autofree char *id = NULL;
    Count count = {0};
    /* Without one it is asked how things are. */
    gboolean named = control->in != NULL && g_bytes_get_size(control->in) > 0;
    if ((named && !cl_control_take_text(control, &id, error)) ||
        !count_nodes(reader, id ? id : "", evict, &count, error) ||
        !count_resource(reader, id ? id : "", evict, &count, error)) {
        return FALSE;
    }
    if (named && !count.matched) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no voter", id);
    }
    guint32 value =
        count.present > count.votes / 2 ? CLUSTER_QUORUM_MAINTAINED : CLUSTER_QUORUM_LOST;
    *ret_out = g_bytes_new(&value, sizeof value);
    return TRUE;
}

/* --- Group sets ------------------------------------------------------------------------------- */

/* The names that a statement gives, as a MULTI_SZ. */
static gboolean tell_names(ReadNames what, ClKind kind, gint64 number, GBytes **ret_out,
                           GError **error)
{
    g_autoptr(GPtrArray) names = cl_properties_new();
    if (!cl_embedded_check_exists(what.reader, kind, number, error)) {
        return FALSE;
    }
    ClRows rows = cl_rows_of(what.reader, what.sql, number);
    while (cl_rows_next(&rows)) {
        const char *name = cl_rows_text(&rows, 0);
        g_ptr_array_add(names, cl_property_new_text(name, CLUSPROP_FORMAT_SZ, NULL));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    *ret_out = cl_property_list_build_names(names);
    return TRUE;
}

#define NAMES(function, kind, sql)                                                                 \
    static gboolean function(ClReader *reader, const ClControl *control, gint64 number,            \
                             GBytes **ret_out, GError **error)                                     \
    {                                                                                              \
        (void)control;                                                                             \
        return tell_names((ReadNames){reader, sql}, kind, number, ret_out, error);                 \
    }
NAMES(groups_of_set, CL_KIND_GROUPSET, CL_SQL_GROUPS_OF_GROUP_SET)
NAMES(provider_groups_of_set, CL_KIND_GROUPSET, CL_SQL_PROVIDER_GROUPS)
NAMES(provider_sets_of_set, CL_KIND_GROUPSET, CL_SQL_PROVIDER_GROUP_SETS)
NAMES(provider_groups_of_group, CL_KIND_GROUP, CL_SQL_PROVIDER_GROUPS)
NAMES(provider_sets_of_group, CL_KIND_GROUP, CL_SQL_PROVIDER_GROUP_SETS)

/* --- What an embedded cluster has none of ------------------------------------------------------ */

static gboolean shared_volume_id(ClReader *reader, const ClControl *control, gint64 number,
                                 GBytes **ret_out, GError **error)
{
    (void)reader, (void)control, (void)number, (void)ret_out;
    return cl_fail(error, ERROR_CLUSTER_NOT_SHARED_VOLUME, "there are no shared volumes");
}

/* --- All -------------------------------------------------------------------------------------- */

static const struct {
    guint32 code;
    ClControlRead read;
} reads[] = {
    {CLUSCTL_GROUP_QUERY_DELETE, deletable_group},
    {CLUSCTL_RESOURCE_QUERY_DELETE, deletable_resource},
    {CLUSCTL_RESOURCE_TYPE_QUERY_DELETE, deletable_type},
    {CLUSCTL_CLUSTER_CHECK_VOTER_EVICT, check_voter},
    {CLUSCTL_CLUSTER_CHECK_VOTER_DOWN, check_voter},
    {CLUSCTL_CLUSTER_GET_SHARED_VOLUME_ID, shared_volume_id},
    {CLUSCTL_GROUPSET_GET_GROUPS, groups_of_set},
    {CLUSCTL_GROUPSET_GET_PROVIDER_GROUPS, provider_groups_of_set},
    {CLUSCTL_GROUPSET_GET_PROVIDER_GROUPSETS, provider_sets_of_set},
    {CLUSCTL_GROUP_GET_PROVIDER_GROUPS, provider_groups_of_group},
    {CLUSCTL_GROUP_GET_PROVIDER_GROUPSETS, provider_sets_of_group},
    {CLUSCTL_RESOURCE_GET_REGISTRY_CHECKPOINTS, cl_control_get_registry_checkpoints},
    {CLUSCTL_RESOURCE_GET_CRYPTO_CHECKPOINTS, cl_control_get_crypto_checkpoints},
    {CLUSCTL_RESOURCE_TYPE_GET_REGISTRY_CHECKPOINTS, cl_control_get_checkpoints_of_type},
    {CLUSCTL_RESOURCE_TYPE_GET_CRYPTO_CHECKPOINTS, cl_control_get_checkpoints_of_type},
    {CLUSCTL_RESOURCE_QUERY_MAINTENANCE_MODE, cl_control_query_maintenance},
};

/* Keys of one width and of another are the same here. */
static const struct {
    guint32 code;
    ClControlWrite write;
} writes[] = {
    {CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT, cl_control_add_registry_checkpoint},
    {CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT_64BIT, cl_control_add_registry_checkpoint},
    {CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT_32BIT, cl_control_add_registry_checkpoint},
    {CLUSCTL_RESOURCE_DELETE_REGISTRY_CHECKPOINT, cl_control_delete_registry_checkpoint},
    {CLUSCTL_RESOURCE_ADD_CRYPTO_CHECKPOINT, cl_control_add_crypto_checkpoint},
    {CLUSCTL_RESOURCE_DELETE_CRYPTO_CHECKPOINT, cl_control_delete_crypto_checkpoint},
    {CLUSCTL_RESOURCE_SET_MAINTENANCE_MODE, cl_control_set_maintenance},
    {CLUSCTL_CLUSTER_SET_ACCOUNT_ACCESS, cl_control_set_account_access},
    {CLUSCTL_CLUSTER_SET_DNS_DOMAIN, cl_control_set_dns_domain},
    {CLUSCTL_CLUSTER_REMOVE_NODE, cl_control_remove_node},
    {CLUSCTL_CLUSTER_SHUTDOWN, cl_control_shut_down},
};

gboolean cl_control_take_text(const ClControl *control, char **ret_text, GError **error)
{
    gsize size = 0, length = 0;
    const void *data = control->in ? g_bytes_get_data(control->in, &size) : NULL;
    gsize units = size / sizeof(WCHAR);
    g_autofree WCHAR *wide = g_new0(WCHAR, units + 1);
    if (units > 0) {
        memcpy(wide, data, units * sizeof(WCHAR));
    }
    while (length < units && wide[length]) {
        length++;
    }
    if (size % sizeof(WCHAR) != 0 || length == units) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the input is no text with its NUL");
    }
    return cl_text_from_wide(wide, ret_text, error);
}

static gboolean run_read(ClConnection *store, const ClObject *object, const ClControl *control,
                         ClControlRead read, const ClCall *call, GBytes **ret_out, GError **error)
{
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    g_autoptr(GBytes) out = NULL;
    if (!reader || !cl_reader_begin(reader, error) ||
        !read(reader, control, cl_embedded_number(object), &out, error)) {
        return FALSE;
    }
    *ret_out = g_steal_pointer(&out);
    return TRUE;
}

static gboolean run_write(ClConnection *store, const ClObject *object, const ClControl *control,
                          ClControlWrite write, const ClCall *call, GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    gint64 number = cl_embedded_number(object);
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    return change &&
           (kind == CL_KIND_CLUSTER ||
            cl_embedded_check_exists(cl_change_reader(change), kind, number, error)) &&
           write(change, control, number, error) && cl_machine_advance(change, error) &&
           cl_change_commit(change, error);
}

gboolean cl_embedded_control(ClConnection *store, const ClObject *object, const ClControl *control,
                             const ClCall *call, GBytes **ret_out, gsize *ret_needed,
                             guint32 *ret_result, GError **error)
{
    (void)ret_needed;
    gboolean fits = CLUSCTL_GET_CONTROL_OBJECT(control->code) == (guint32)cl_embedded_kind(object);
    *ret_result = ERROR_SUCCESS;
    for (gsize i = 0; fits && i < G_N_ELEMENTS(reads); i++) {
        if (reads[i].code == control->code) {
            return run_read(store, object, control, reads[i].read, call, ret_out, error);
        }
    }
    for (gsize i = 0; fits && i < G_N_ELEMENTS(writes); i++) {
        if (writes[i].code == control->code) {
            return run_write(store, object, control, writes[i].write, call, error);
        }
    }
    return cl_fail(error, ERROR_INVALID_FUNCTION, "control code 0x%08x is unknown here",
                   control->code);
}
