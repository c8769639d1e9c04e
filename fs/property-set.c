/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a property's file becomes a property list of that property. No data; any thread may
 * call, within its call's scope.
 */
#include "property-set.h"

#include "errors.h"
#include "escape.h"
#include "store.h"

#include <errno.h>
#include <string.h>

/* --- Values ----------------------------------------------------------------------------------- */

static void put_dword(GByteArray *list, DWORD value)
{
    guint32 bytes = GUINT32_TO_LE(value);

    g_byte_array_append(list, (const guint8 *)&bytes, sizeof bytes);
}

static void put_value(GByteArray *list, DWORD syntax, gconstpointer data, gsize size)
{
    static const guint8 zeros[4];

    put_dword(list, syntax);
    put_dword(list, (DWORD)size);
    if (size > 0) {
        g_byte_array_append(list, data, (guint)size);
    }
    g_byte_array_append(list, zeros, (guint)(-size & 3));
}

static gsize wide_bytes(LPCWSTR wide)
{
    gsize units = 0;

    while (wide[units] != 0) {
        units++;
    }
    return (units + 1) * sizeof(WCHAR);
}

static DWORD put_text(GByteArray *list, DWORD syntax, const char *text)
{
    g_autofree LPWSTR wide = NULL;
    DWORD status = fs_wide_from_utf8(text, &wide);

    if (status != ERROR_SUCCESS) {
        return FS_STATUS_ERRNO(EILSEQ);
    }
    put_value(list, syntax, wide, wide_bytes(wide));
    return ERROR_SUCCESS;
}

/* Each line is a string; none is the empty list. */
static DWORD put_multi_text(GByteArray *list, DWORD syntax, const char *text)
{
    g_autofree LPWSTR wide = NULL;
    DWORD status = fs_wide_from_utf8(text, &wide);
    gsize bytes;

    if (status != ERROR_SUCCESS) {
        return FS_STATUS_ERRNO(EILSEQ);
    }
    bytes = wide_bytes(wide);
    for (gsize i = 0; i + 1 < bytes / sizeof(WCHAR); i++) {
        /* A list cannot hold an empty string: it would end there. */
        if (wide[i] == u'\n' &&
            (i == 0 || wide[i - 1] == 0 || wide[i + 1] == u'\n' || wide[i + 1] == 0)) {
            return FS_STATUS_ERRNO(EINVAL);
        }
        if (wide[i] == u'\n') {
            wide[i] = 0;
        }
    }
    if (*text != '\0') {
        wide = g_realloc(wide, bytes + sizeof(WCHAR));
        wide[bytes / sizeof(WCHAR)] = 0;
        bytes += sizeof(WCHAR);
    }
    put_value(list, syntax, wide, bytes);
    return ERROR_SUCCESS;
}

static DWORD put_unsigned(GByteArray *list, DWORD syntax, const char *text, guint64 max, gsize size)
{
    guint64 number;
    guint64 bytes;

    if (!g_ascii_string_to_unsigned(text, 10, 0, max, &number, NULL)) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    bytes = GUINT64_TO_LE(number);
    put_value(list, syntax, &bytes, size);
    return ERROR_SUCCESS;
}

static DWORD put_signed(GByteArray *list, DWORD syntax, const char *text, gint64 min, gint64 max,
                        gsize size)
{
    gint64 number;
    guint64 bytes;

    if (!g_ascii_string_to_signed(text, 10, min, max, &number, NULL)) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    bytes = GUINT64_TO_LE((guint64)number);
    put_value(list, syntax, &bytes, size);
    return ERROR_SUCCESS;
}

static DWORD put_hexadecimal(GByteArray *list, DWORD syntax, const char *text)
{
    gsize length = strlen(text);
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    for (gsize i = 0; i + 1 < length; i += 2) {
        int high = g_ascii_xdigit_value(text[i]);
        int low = g_ascii_xdigit_value(text[i + 1]);
        guint8 byte;

        if (high < 0 || low < 0) {
            return FS_STATUS_ERRNO(EINVAL);
        }
        byte = (guint8)(high << 4 | low);
        g_byte_array_append(bytes, &byte, 1);
    }
    if (length % 2 != 0) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    put_value(list, syntax, bytes->data, bytes->len);
    return ERROR_SUCCESS;
}

/* The 100 ns of `.1234567Z`, with 7 digits at most, or of `Z`; FALSE if it is neither. */
static gboolean parse_fraction(const char *text, guint64 *ret_ticks)
{
    guint64 ticks = 0;
    gsize digits = 0;

    if (text[0] == '.') {
        for (text++; digits < 7 && g_ascii_isdigit(*text); digits++) {
            ticks = ticks * 10 + (guint64)(*text++ - '0');
        }
        if (digits == 0) {
            return FALSE;
        }
    }
    for (; digits < 7; digits++) {
        ticks *= 10;
    }
    *ret_ticks = ticks;
    return strcmp(text, "Z") == 0;
}

/* As long as 2026-11-20T08:15:00. */
#define SECONDS_LENGTH 19

/* The form in which a time is shown. */
static gboolean parse_time(const char *text, guint64 *ret_ticks)
{
    g_autofree char *whole = g_strdup_printf("%.*sZ", SECONDS_LENGTH, text);
    g_autoptr(GDateTime) time = NULL;
    guint64 fraction;
    gint64 seconds;

    if (strlen(text) <= SECONDS_LENGTH || !parse_fraction(text + SECONDS_LENGTH, &fraction)) {
        return FALSE;
    }
    time = g_date_time_new_from_iso8601(whole, NULL);
    if (time == NULL) {
        return FALSE;
    }
    seconds = g_date_time_to_unix(time) + G_GINT64_CONSTANT(11644473600);
    *ret_ticks = (guint64)seconds * 10000000 + fraction;
    return seconds >= 0;
}

/* Nothing is no time; one that is beyond the calendar is shown as its number. */
static DWORD put_time(GByteArray *list, DWORD syntax, const char *text)
{
    guint64 ticks = 0;
    guint64 bytes;

    if (*text != '\0' && !parse_time(text, &ticks) &&
        !g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &ticks, NULL)) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    bytes = GUINT64_TO_LE(ticks);
    put_value(list, syntax, &bytes, sizeof bytes);
    return ERROR_SUCCESS;
}

static DWORD put_parsed(GByteArray *list, DWORD syntax, const char *text)
{
    switch (syntax & 0xffff) {
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
        return put_text(list, syntax, text);
    case CLUSPROP_FORMAT_MULTI_SZ:
        return put_multi_text(list, syntax, text);
    case CLUSPROP_FORMAT_DWORD:
        return put_unsigned(list, syntax, text, G_MAXUINT32, sizeof(DWORD));
    case CLUSPROP_FORMAT_WORD:
        return put_unsigned(list, syntax, text, G_MAXUINT16, sizeof(WORD));
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
        return put_unsigned(list, syntax, text, G_MAXUINT64, 8);
    case CLUSPROP_FORMAT_LONG:
        return put_signed(list, syntax, text, G_MININT32, G_MAXINT32, sizeof(LONG));
    case CLUSPROP_FORMAT_LARGE_INTEGER:
        return put_signed(list, syntax, text, G_MININT64, G_MAXINT64, 8);
    case CLUSPROP_FORMAT_FILETIME:
        return put_time(list, syntax, text);
    default:
        return put_hexadecimal(list, syntax, text);
    }
}

/* --- Finding ---------------------------------------------------------------------------------- */

/* Where a property is and what format it has. */
typedef struct {
    DWORD get;
    DWORD set; /* 0: only for reading */
} Set;

static const Set sets[] = {
    {CLCTL_GET_COMMON_PROPERTIES, CLCTL_SET_COMMON_PROPERTIES},
    {CLCTL_GET_RO_COMMON_PROPERTIES, 0},
    {CLCTL_GET_PRIVATE_PROPERTIES, CLCTL_SET_PRIVATE_PROPERTIES},
    {CLCTL_GET_RO_PRIVATE_PROPERTIES, 0},
};

/* The syntax and the true name of the property in a list; FALSE if it is not there. */
static gboolean find(const GByteArray *list, const char *name, DWORD *ret_syntax,
                     GString *true_name)
{
    CLUSAPI_PROPERTY_CURSOR cursor = {{0}};
    CLUSAPI_PROPERTY value;
    g_autofree char *wanted = g_utf8_casefold(name, -1);

    while (ClusapiPropertyListNext(list->data, list->len, &cursor, &value) == ERROR_SUCCESS) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *folded = NULL;

        if (value.dwIndex > 0 || fs_utf8_append(text, value.pszName, (DWORD)-1) != ERROR_SUCCESS) {
            continue;
        }
        folded = g_utf8_casefold(text->str, -1);
        if (strcmp(folded, wanted) == 0) {
            *ret_syntax = value.dwSyntax;
            g_string_assign(true_name, text->str);
            return TRUE;
        }
    }
    return FALSE;
}

static DWORD set_in(const FsObject *object, DWORD code, const char *name, DWORD syntax,
                    const char *text)
{
    g_autoptr(GByteArray) list = g_byte_array_new();
    DWORD status;

    put_dword(list, 1);
    status = put_text(list, CLUSPROP_SYNTAX_NAME, name);
    if (status == ERROR_SUCCESS) {
        status = put_parsed(list, syntax, text);
    }
    put_dword(list, CLUSPROP_SYNTAX_ENDMARK);
    return status == ERROR_SUCCESS
               ? fs_store_status(fs_object_set(object, code, list->data, list->len))
               : status;
}

static DWORD set_from(const FsObject *object, gsize first, const char *name, const char *text)
{
    for (gsize i = first; i < G_N_ELEMENTS(sets); i++) {
        g_autoptr(GByteArray) list = NULL;
        g_autoptr(GString) true_name = g_string_new(NULL);
        DWORD syntax;
        DWORD status = fs_object_control(object, sets[i].get, &list);

        if (status == ERROR_INVALID_FUNCTION || status == ERROR_CALL_NOT_IMPLEMENTED) {
            continue;
        }
        if (status != ERROR_SUCCESS) {
            return status;
        }
        if (find(list, name, &syntax, true_name)) {
            return sets[i].set != 0 ? set_in(object, sets[i].set, true_name->str, syntax, text)
                                    : ERROR_RESOURCE_PROPERTY_UNCHANGEABLE;
        }
    }
    return ERROR_NOT_FOUND;
}

DWORD fs_property_set(const FsObject *object, const char *name, const char *text)
{
    return set_from(object, 0, name, text);
}

/* A file name with a tag is that of a private property with the name of a common one. */
DWORD fs_property_set_file(const FsObject *object, const char *file, const char *text)
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;
    const char *end = g_strrstr(file, "%~private");

    if (end != NULL && end[strlen("%~private")] == '\0') {
        g_autofree char *cut = g_strndup(file, (gsize)(end - file));

        return fs_unescape(cut, &name, &tag) && name != NULL ? set_from(object, 2, name, text)
                                                             : ERROR_NOT_FOUND;
    }
    return fs_unescape(file, &name, &tag) && name != NULL ? set_from(object, 0, name, text)
                                                          : ERROR_NOT_FOUND;
}
