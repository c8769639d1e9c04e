/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "identity.h"

#include <string.h>

#include "edit.h"

/* The name space of our GUIDs: chosen once at random. */
static const guint8 name_space[16] = {0x5f, 0x1d, 0x0c, 0x3e, 0x9a, 0x41, 0x4b, 0x7e,
                                      0x8c, 0x26, 0xd4, 0x60, 0x2b, 0x9f, 0x73, 0x15};

static char *attribute_of(ClKind kind, const char *name)
{
    return g_strdup_printf("%u.%s", (guint)kind, name);
}

/* Version 5: the first half of a SHA-1. */
static char *guid_of(const char *text)
{
    guint8 digest[20];
    gsize size = sizeof digest;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(checksum, name_space, sizeof name_space);
    g_checksum_update(checksum, (const guchar *)text, -1);
    g_checksum_get_digest(checksum, digest, &size);
    digest[6] = (digest[6] & 0x0f) | 0x50;
    digest[8] = (digest[8] & 0x3f) | 0x80;
    GString *guid = g_string_sized_new(36);
    for (guint i = 0; i < 16; i++) {
        g_string_append_printf(guid, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                               digest[i]);
    }
    return g_string_free(guid, FALSE);
}

char *cl_pcmk_identity(const xmlNode *cib, ClKind kind, const char *name)
{
    g_autofree char *attribute = attribute_of(kind, name);
    const char *id = cl_edit_property(cib, CL_PCMK_IDENTITIES, attribute);
    return id ? g_strdup(id) : guid_of(attribute);
}

void cl_pcmk_identity_keep(xmlNode *cib, ClKind kind, const char *name, const char *renamed,
                           const char *id)
{
    g_autofree char *attribute = attribute_of(kind, renamed);
    g_autofree char *own = guid_of(attribute);
    cl_pcmk_identity_forget(cib, kind, name);
    cl_edit_set_property(cib, CL_PCMK_IDENTITIES, attribute, strcmp(own, id) == 0 ? NULL : id);
}

void cl_pcmk_identity_forget(xmlNode *cib, ClKind kind, const char *name)
{
    g_autofree char *attribute = attribute_of(kind, name);
    cl_edit_set_property(cib, CL_PCMK_IDENTITIES, attribute, NULL);
}
