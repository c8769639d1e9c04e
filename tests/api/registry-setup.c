/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "registry-setup.h"

#include <string.h>

HKEY root_of(const Cluster *cluster)
{
    HKEY root = GetClusterKey(cluster->handle, KEY_ALL_ACCESS);
    g_assert_nonnull(root);
    return root;
}

HKEY new_key(HKEY key, const char *path)
{
    g_autofree WCHAR *text = wide(path);
    HKEY made = NULL;
    IS(ClusterRegCreateKey(key, text, 0, KEY_ALL_ACCESS, NULL, &made, NULL), ERROR_SUCCESS);
    return made;
}

HKEY open_key(HKEY key, const char *path)
{
    g_autofree WCHAR *text = wide(path);
    HKEY opened = NULL;
    IS(ClusterRegOpenKey(key, text, KEY_ALL_ACCESS, &opened), ERROR_SUCCESS);
    return opened;
}

DWORD try_key(HKEY key, const char *path)
{
    g_autofree WCHAR *text = wide(path);
    HKEY opened = NULL;
    DWORD code = (DWORD)ClusterRegOpenKey(key, text, KEY_READ, &opened);
    if (code == ERROR_SUCCESS) {
        IS(ClusterRegCloseKey(opened), ERROR_SUCCESS);
    }
    return code;
}

void set_dword(HKEY key, const char *name, DWORD value)
{
    g_autofree WCHAR *text = wide(name);
    IS(ClusterRegSetValue(key, text, REG_DWORD, (const BYTE *)&value, sizeof value), ERROR_SUCCESS);
}

void set_text(HKEY key, const char *name, const char *value)
{
    g_autofree WCHAR *text = wide(name);
    g_autofree WCHAR *data = wide(value);
    DWORD size = 0;
    while (data[size++] != 0) {
    }
    IS(ClusterRegSetValue(key, text, REG_SZ, (const BYTE *)data, size * (DWORD)sizeof *data),
       ERROR_SUCCESS);
}

void check_value(HKEY key, const char *name, DWORD type, gconstpointer data, gsize size)
{
    g_autofree WCHAR *text = wide(name);
    DWORD found = 0, length = 0;
    IS(ClusterRegQueryValue(key, text, &found, NULL, &length), ERROR_SUCCESS);
    g_assert_cmpuint(found, ==, type);
    g_assert_cmpuint(length, ==, size);
    g_autofree BYTE *buffer = g_malloc(length + 1);
    IS(ClusterRegQueryValue(key, text, &found, buffer, &length), ERROR_SUCCESS);
    g_assert_cmpmem(buffer, length, data, size);
}

void check_dword(HKEY key, const char *name, DWORD value)
{
    check_value(key, name, REG_DWORD, &value, sizeof value);
}

void check_text(HKEY key, const char *name, const char *text)
{
    g_autofree WCHAR *data = wide(text);
    gsize size = 0;
    while (data[size++] != 0) {
    }
    check_value(key, name, REG_SZ, data, size * sizeof *data);
}

DWORD try_value(HKEY key, const char *name)
{
    g_autofree WCHAR *text = wide(name);
    return (DWORD)ClusterRegQueryValue(key, text, NULL, NULL, NULL);
}

char *keys_of(HKEY key)
{
    g_autoptr(GString) names = g_string_new(NULL);
    WCHAR text[600];
    DWORD length = G_N_ELEMENTS(text);
    DWORD code;
    for (DWORD i = 0; (code = (DWORD)ClusterRegEnumKey(key, i, text, &length, NULL)) == 0; i++) {
        g_autofree char *name = narrow(text);
        g_string_append_printf(names, "%s%s", i > 0 ? ";" : "", name);
        length = G_N_ELEMENTS(text);
    }
    IS(code, ERROR_NO_MORE_ITEMS);
    return g_strdup(names->str);
}

char *values_of(HKEY key)
{
    g_autoptr(GString) names = g_string_new(NULL);
    WCHAR text[600];
    DWORD length = G_N_ELEMENTS(text);
    DWORD code;
    for (DWORD i = 0; (code = ClusterRegEnumValue(key, i, text, &length, NULL, NULL, NULL)) == 0;
         i++) {
        g_autofree char *name = narrow(text);
        g_string_append_printf(names, "%s%s", i > 0 ? ";" : "", name);
        length = G_N_ELEMENTS(text);
    }
    IS(code, ERROR_NO_MORE_ITEMS);
    return g_strdup(names->str);
}

DWORD count_values(HKEY key)
{
    DWORD n = 0;
    IS(ClusterRegQueryInfoKey(key, NULL, NULL, &n, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    return n;
}

char *id_of_group(HGROUP group)
{
    WCHAR id[64];
    DWORD size = 0;
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_GET_ID, NULL, 0, id, sizeof id, &size),
       ERROR_SUCCESS);
    return narrow(id);
}
