/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

#include <string.h>

#define ROOM_FIRST 256
/* More than any name that a cluster can hold and a call can carry. */
#define ROOM_MAX (CL_NDR_ARRAY_MAX / sizeof(WCHAR))

ClusapidText clusapid_text_new(void)
{
    return (ClusapidText){g_new0(WCHAR, ROOM_FIRST), ROOM_FIRST, ROOM_FIRST};
}

void clusapid_text_clear(ClusapidText *text)
{
    g_clear_pointer(&text->text, g_free);
}

gboolean clusapid_text_again(DWORD code, ClusapidText *texts, guint n_texts)
{
    gboolean grown = FALSE;
    for (guint i = 0; code == ERROR_MORE_DATA && i < n_texts; i++) {
        if (texts[i].size >= texts[i].room && texts[i].size < ROOM_MAX) {
            texts[i].room = texts[i].size + 1;
            texts[i].text = g_renew(WCHAR, texts[i].text, texts[i].room);
            grown = TRUE;
        }
        texts[i].size = texts[i].room;
    }
    return grown;
}

void clusapid_text_give(ClusapidText *text, ClNdrValue *value)
{
    g_free(value->text);
    value->text = g_steal_pointer(&text->text);
}

LPWSTR clusapid_text_copy(LPCWSTR text)
{
    return text ? g_memdup2(text, ((gsize)lstrlenW(text) + 1) * sizeof *text) : NULL;
}

gpointer clusapid_bytes(const ClNdrValue *value, DWORD *ret_size)
{
    gsize size = 0;
    gconstpointer data = value->bytes ? g_bytes_get_data(value->bytes, &size) : NULL;
    *ret_size = (DWORD)size;
    return (gpointer)data;
}

GPtrArray *clusapid_texts(LPCWSTR units, gsize size)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    gsize begin = 0;
    for (gsize i = 0; i <= size && begin < size; i++) {
        if (i < size && units[i] != 0) {
            continue;
        }
        if (i == begin) {
            break;
        }
        LPWSTR text = g_new0(WCHAR, i - begin + 1);
        memcpy(text, units + begin, (i - begin) * sizeof *text);
        g_ptr_array_add(texts, text);
        begin = i + 1;
    }
    return texts;
}

DWORD clusapid_refuse(G_GNUC_UNUSED ClusapidCall *call)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}
