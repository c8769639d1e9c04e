/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading of clusters.conf. No data of its own; any thread may call.
 */
#include "sections.h"

#include "errors.h"
#include "text.h"

#include <string.h>

/* A list that grows faster than it can be fetched is given up. */
#define ATTEMPTS 8

char **fs_sections_read(void)
{
    g_autofree LPWSTR names = NULL;
    g_autoptr(GPtrArray) sections = g_ptr_array_new_with_free_func(g_free);
    DWORD room = 0;
    DWORD status = ERROR_MORE_DATA;

    for (guint attempt = 0; attempt < ATTEMPTS && status == ERROR_MORE_DATA; attempt++) {
        room += 256;
        g_free(names);
        names = g_new0(WCHAR, room + 1);
        status = ClusapiGetConfiguredClusters(names, &room);
    }
    if (status != ERROR_SUCCESS) {
        fs_status_log(status, "clusters.conf", 0);
    } else {
        for (LPCWSTR name = names; *name != 0; name += lstrlenW(name) + 1) {
            g_autoptr(GString) section = g_string_new(NULL);

            if (fs_utf8_append(section, name, (DWORD)-1) == ERROR_SUCCESS) {
                g_ptr_array_add(sections, g_string_free(g_steal_pointer(&section), FALSE));
            }
        }
    }
    g_ptr_array_add(sections, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&sections), FALSE);
}

gboolean fs_section_is_reserved(const char *name)
{
    return *name == '.' || strcmp(name, FS_NAME_LOCAL) == 0 || strcmp(name, FS_NAME_NONE) == 0;
}

gboolean fs_section_exists(const char *name)
{
    g_auto(GStrv) sections = NULL;

    if (fs_section_is_reserved(name)) {
        return FALSE;
    }
    sections = fs_sections_read();
    return g_strv_contains((const char *const *)sections, name);
}

char *fs_section_find(const char *name)
{
    g_auto(GStrv) sections = fs_sections_read();
    const char *found = NULL;

    for (char **section = sections; *section != NULL; section++) {
        if (!fs_section_is_reserved(*section) && g_ascii_strcasecmp(*section, name) == 0 &&
            (found == NULL || strcmp(*section, name) == 0)) {
            found = *section;
        }
    }
    return g_strdup(found);
}
