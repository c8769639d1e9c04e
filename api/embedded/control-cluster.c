/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control codes that change the cluster as a whole. Run within a change, on its thread.
 */
#include "act.h"
#include "control.h"
#include "definition-internal.h"
#include "events.h"
#include "property-list.h"
#include "schema.h"
#include "security-descriptor.h"

/* --- Accounts ----------------------------------------------------------------------------------- */

#define SECURITY "Security Descriptor"

/* What AccountSID, AccountAccessMask and AccountAccessType say. */
typedef struct {
    GBytes *sid;
    guint32 mask;
    ClSecurityEntry type;
} Access;

static void access_clear(Access *access)
{
    g_clear_pointer(&access->sid, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Access, access_clear)

static const ClProperty *find(const GPtrArray *list, const char *name,
                              CLUSTER_PROPERTY_FORMAT format)
{
    const ClProperty *property = cl_properties_find(list, name);
    return property && property->format == format ? property : NULL;
}

static gboolean take_access(const ClControl *control, Access *access, GError **error)
{
    gsize size = 0;
    const void *data = control->in ? g_bytes_get_data(control->in, &size) : NULL;
    g_autoptr(GPtrArray) list = NULL;
    if (!cl_property_list_parse(data, size, &list, error)) {
        return FALSE;
    }
    const ClProperty *sid = find(list, "AccountSID", CLUSPROP_FORMAT_SZ);
    const ClProperty *mask = find(list, "AccountAccessMask", CLUSPROP_FORMAT_DWORD);
    const ClProperty *type = find(list, "AccountAccessType", CLUSPROP_FORMAT_DWORD);
    if (!sid || !mask || !type) {
        return cl_fail(error, ERROR_INVALID_PARAMETER,
                       "AccountSID, AccountAccessMask or AccountAccessType is missing");
    }
    access->sid = cl_security_sid(sid->text);
    access->mask = (guint32)mask->number;
    access->type = (ClSecurityEntry)type->number;
    if (!access->sid) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no SID", sid->text);
    }
    if (type->number > CL_ENTRY_DELETE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown AccountAccessType");
    }
    /* Entries that are to go have no access. */
    return access->type == CL_ENTRY_DELETE ||
           (access->mask >= CLUSAPI_READ_ACCESS && access->mask <= CLUSAPI_NO_ACCESS) ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "unknown AccountAccessMask");
}

static GBytes *read_security(ClChange *change, GError **error)
{
    g_autoptr(GPtrArray) common = NULL;
    if (!cl_properties_read(cl_change_reader(change), CL_KIND_CLUSTER, CL_SCHEMA_CLUSTER,
                            CL_PROPERTIES_COMMON, &common, error)) {
        return NULL;
    }
    const ClProperty *security = cl_properties_find(common, SECURITY);
    return g_bytes_ref(security->bytes);
}

gboolean cl_control_set_account_access(ClChange *change, const ClControl *control, gint64 number,
                                       GError **error)
{
    g_auto(Access) access = {0};
    guint32 result;
    if (!take_access(control, &access, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) former = read_security(change, error);
    g_autoptr(GPtrArray) properties = cl_properties_new();
    if (!former) {
        return FALSE;
    }
    g_autoptr(GBytes) security =
        cl_security_set_entry(former, access.sid, access.type, access.mask);
    if (!security) {
        return cl_fail(error, ERROR_INVALID_SECURITY_DESCR,
                       "the cluster's security descriptor has no room, or is none");
    }
    g_ptr_array_add(properties, cl_property_new_bytes(SECURITY, CLUSPROP_FORMAT_BINARY, security));
    return cl_properties_set(change, CL_KIND_CLUSTER, number, CL_PROPERTIES_COMMON, properties,
                             &result, error);
}

/* --- Names and nodes ---------------------------------------------------------------------------- */

gboolean cl_control_set_dns_domain(ClChange *change, const ClControl *control, gint64 number,
                                   GError **error)
{
    g_autofree char *domain = NULL;
    if (!cl_control_take_text(control, &domain, error)) {
        return FALSE;
    }
    if (*domain != '\0' && !cl_definition_is_domain(domain)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no DNS domain", domain);
    }
    return cl_rows_run(cl_change_reader(change), error, "UPDATE cluster SET domain = ?", "s",
                       domain) &&
           cl_event_of(change, CL_KIND_CLUSTER, number, CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2,
                       NULL, error);
}

gboolean cl_control_remove_node(ClChange *change, const ClControl *control, gint64 number,
                                GError **error)
{
    g_autofree char *name = NULL;
    guint32 result;
    ClAct act = {.change = change, .reader = cl_change_reader(change), .kind = CL_KIND_NODE};
    (void)number;
    return cl_control_take_text(control, &name, error) &&
           cl_embedded_find(act.reader, CL_KIND_NODE, name, &act.number, error) &&
           cl_act_evict(&act, &result, error);
}

gboolean cl_control_shut_down(ClChange *change, const ClControl *control, gint64 number,
                              GError **error)
{
    (void)control, (void)number;
    return cl_act_shut_down(change, error);
}
