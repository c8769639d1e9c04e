/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The commands of a batch as bytes in the event table. The bytes may be anybody's: the file can be made
 * by hand.
 */
#include "registry.h"

#include "text.h"

/* Commands are an array of command, key, value, type, whether there is data, and the data. */
#define FORMAT "a(issubay)"

/* What one event may bring: more cannot have come from a batch. */
#define ENCODED_MAX (64 * 1024 * 1024)

GBytes *cl_registry_commands_encode(const GPtrArray *commands)
{
    g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE(FORMAT));
    for (guint i = 0; i < commands->len; i++) {
        const ClRegistryCommand *command = commands->pdata[i];
        gsize size = 0;
        const void *data = command->data ? g_bytes_get_data(command->data, &size) : NULL;
        GVariant *bytes = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, data, size, 1);
        g_variant_builder_add(&builder, "(issub@ay)", (gint32)command->command, command->key,
                              command->value, command->type, command->data != NULL, bytes);
    }
    g_autoptr(GVariant) all = g_variant_ref_sink(g_variant_builder_end(&builder));
    return g_variant_get_data_as_bytes(all);
}

static gboolean is_told(gint32 command)
{
    switch (command) {
    case CLUSREG_SET_VALUE:
    case CLUSREG_CREATE_KEY:
    case CLUSREG_DELETE_KEY:
    case CLUSREG_DELETE_VALUE:
    case CLUSREG_SET_KEY_SECURITY:
    case CLUSREG_VALUE_DELETED:
        return TRUE;
    default:
        return FALSE;
    }
}

static ClRegistryCommand *decode_one(GVariant *all, gsize index)
{
    gint32 command;
    const char *key, *value;
    guint32 type;
    gboolean has_data;
    GVariant *raw;
    g_autoptr(GVariant) child = g_variant_get_child_value(all, index);
    g_variant_get(child, "(i&s&sub@ay)", &command, &key, &value, &type, &has_data, &raw);
    g_autoptr(GVariant) bytes = raw;
    g_autoptr(GBytes) data = has_data ? g_variant_get_data_as_bytes(bytes) : NULL;
    return is_told(command)
               ? cl_registry_reply_new((CLUSTER_REG_COMMAND)command, key, value, type, data)
               : NULL;
}

GPtrArray *cl_registry_commands_decode(GBytes *data)
{
    g_autoptr(GPtrArray) commands = cl_registry_commands_new();
    if (g_bytes_get_size(data) > ENCODED_MAX) {
        return NULL;
    }
    g_autoptr(GVariant) all =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(FORMAT), data, FALSE));
    /* In normal form nothing is read from outside of its place, and each text is UTF-8. */
    if (!g_variant_is_normal_form(all)) {
        return NULL;
    }
    for (gsize i = 0; i < g_variant_n_children(all); i++) {
        ClRegistryCommand *command = decode_one(all, i);
        if (!command) {
            return NULL;
        }
        g_ptr_array_add(commands, command);
    }
    return g_steal_pointer(&commands);
}
