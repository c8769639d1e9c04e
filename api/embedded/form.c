/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * form(): a new embedded cluster, from no more than a name, nodes and addresses, or from a backup.
 * Any thread.
 */
#include <stdlib.h>
#include <string.h>

#include "create.h"
#include "definition.h"
#include "embedded.h"

static void clear_address(gpointer data)
{
    g_free((char *)((ClDefinedAddress *)data)->address);
}

/* ADDRESS/PREFIX texts, taken apart. */
static GArray *take_addresses(const char *const *texts)
{
    GArray *addresses = g_array_new(FALSE, FALSE, sizeof(ClDefinedAddress));
    g_array_set_clear_func(addresses, clear_address);
    for (const char *const *text = texts; text != NULL && *text != NULL; text++) {
        const char *slash = strrchr(*text, '/');
        gsize length = slash != NULL ? (gsize)(slash - *text) : strlen(*text);
        ClDefinedAddress address = {g_strndup(*text, length),
                                    slash != NULL ? (guint)strtoul(slash + 1, NULL, 10) : 0};
        g_array_append_val(addresses, address);
    }
    return addresses;
}

gboolean cl_embedded_form(const ClTarget *target, const ClNewCluster *what, const ClCall *call,
                          GError **error)
{
    (void)call;
    if (what->backup != NULL) {
        return cl_embedded_restore(target->address, what->backup, what->force, error);
    }
    g_autoptr(GArray) addresses = take_addresses(what->addresses);
    g_autoptr(ClDefinition) definition = NULL;
    return cl_definition_new_empty(what->name, what->nodes,
                                   (const ClDefinedAddress *)(gpointer)addresses->data,
                                   addresses->len, !what->empty, &definition, error) &&
           cl_embedded_create(target->address, definition, what->force, error);
}
