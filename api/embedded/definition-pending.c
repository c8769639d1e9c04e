/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Resources that a definition calls pending: their attempt begins when the file is made, and goes as
 * their script says. Runs on the thread that has the connection.
 */
#include "change.h"
#include "definition-writer.h"
#include "machine-internal.h"

/* A private property of the resource, else of its type, as text (transfer full); "" for none. */
static char *script_of(const ClDefinedResource *resource, const char *name)
{
    const ClProperty *property = cl_properties_find(resource->object.private, name);

    if (property == NULL) {
        property = cl_properties_find(resource->type->object.private, name);
    }
    if (property == NULL) {
        return g_strdup("");
    }
    if (property->texts != NULL) {
        return g_strjoinv(" ", property->texts);
    }
    return property->text != NULL ? g_strdup(property->text)
                                  : g_strdup_printf("%" G_GUINT64_FORMAT, property->number);
}

static guint32 timeout_of(const ClDefinedResource *resource)
{
    const ClProperty *property = cl_properties_find(resource->object.common, "PendingTimeout");

    if (property == NULL) {
        property = cl_properties_find(resource->type->object.common, "PendingTimeout");
    }
    return property != NULL ? (guint32)property->number : 180000;
}

gboolean cl_definition_write_pending(ClWriter *writer, const ClDefinedResource *resource)
{
    gboolean online = resource->state == ClusterResourceOnlinePending;
    g_autofree char *delay = script_of(resource, online ? "OnlineDelay" : "OfflineDelay");
    g_autofree char *outcomes = script_of(resource, online ? "OnlineOutcomes" : "OfflineOutcomes");
    gint64 now = cl_boot_time();
    guint64 ms;
    gboolean well;

    if (!online && resource->state != ClusterResourceOfflinePending) {
        return TRUE;
    }
    cl_machine_follow_script(delay, outcomes, 0, timeout_of(resource), &ms, &well);
    return cl_writer_insert(writer,
                            "INSERT INTO transition (resource, outcome, begun, due, boot_id)"
                            " VALUES (?, ?, ?, ?, ?)",
                            "iiiis", resource->object.number,
                            (gint64)(well ? CL_ROW_WELL : CL_ROW_FAILING), now,
                            now + MAX((gint64)ms * 1000, 1), cl_boot_id()) &&
           cl_writer_insert(writer, "UPDATE resource SET wanted = ?, attempts = ? WHERE number = ?",
                            "iii",
                            (gint64)(online ? ClusterResourceOnline : ClusterResourceOffline),
                            cl_machine_first_attempt(online), resource->object.number);
}
