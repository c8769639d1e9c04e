/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A value of a type that stands for text or a number is text in its file, as long as it is stored in
 * the one way in which that text would be; everything else is its bytes.
 */
#include "registry.h"

#include "errors.h"
#include "escape.h"

#include <errno.h>
#include <string.h>

#define NAME_ROOM  512
#define VALUE_ROOM 4096
#define ATTEMPTS   8

/* --- Names ------------------------------------------------------------------------------------ */

/* A name that would mean something else has its first byte escaped. */
static char *escape_first(const char *name)
{
    return g_strdup_printf("%%%02X%s", (guchar)*name, name + 1);
}

static gboolean is_special_key(const char *name)
{
    return strcmp(name, FS_KEY_VALUES) == 0 || strcmp(name, FS_KEY_TYPES) == 0;
}

char *fs_key_file(const char *name)
{
    return is_special_key(name) ? escape_first(name) : fs_escape(name, NULL);
}

char *fs_value_file(const char *name)
{
    if (*name == '\0') {
        return g_strdup(FS_VALUE_DEFAULT);
    }
    return strcmp(name, FS_VALUE_DEFAULT) == 0 ? escape_first(name) : fs_escape(name, NULL);
}

/* The name among those that there are, or what the file name stands for by itself. */
static char *name_of(const char *file, const GPtrArray *names, char *(*file_of)(const char *name))
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;

    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autofree char *other = file_of(names->pdata[i]);

        if (strcmp(other, file) == 0) {
            return g_strdup(names->pdata[i]);
        }
    }
    return fs_unescape(file, &name, &tag) ? g_steal_pointer(&name) : NULL;
}

char *fs_key_name(const char *file, const GPtrArray *names)
{
    static const char *const special[] = {FS_KEY_VALUES, FS_KEY_TYPES};

    for (gsize i = 0; i < G_N_ELEMENTS(special); i++) {
        g_autofree char *escaped = escape_first(special[i]);

        if (strcmp(file, escaped) == 0) {
            return g_strdup(special[i]);
        }
    }
    return name_of(file, names, fs_key_file);
}

char *fs_value_name(const char *file, const GPtrArray *names)
{
    g_autofree char *escaped = escape_first(FS_VALUE_DEFAULT);

    if (strcmp(file, FS_VALUE_DEFAULT) == 0) {
        return g_strdup("");
    }
    return strcmp(file, escaped) == 0 ? g_strdup(FS_VALUE_DEFAULT)
                                      : name_of(file, names, fs_value_file);
}

char *fs_key_path(const char *path, const char *name)
{
    return *path != '\0' ? g_strconcat(path, "\\", name, NULL) : g_strdup(name);
}

/* --- Lists ------------------------------------------------------------------------------------ */

typedef DWORD (*EnumName)(HKEY key, DWORD index, LPWSTR name, LPDWORD length);

static DWORD enum_key(HKEY key, DWORD index, LPWSTR name, LPDWORD length)
{
    return (DWORD)ClusterRegEnumKey(key, index, name, length, NULL);
}

static DWORD enum_value(HKEY key, DWORD index, LPWSTR name, LPDWORD length)
{
    return ClusterRegEnumValue(key, index, name, length, NULL, NULL, NULL);
}

/* One name, read into @wide, which grows. */
static DWORD read_name(HKEY key, EnumName each, DWORD index, GArray *wide, GString *out)
{
    DWORD status = ERROR_MORE_DATA;

    for (guint attempt = 0; attempt < ATTEMPTS && status == ERROR_MORE_DATA; attempt++) {
        DWORD length = wide->len;

        status = each(key, index, (LPWSTR)(gpointer)wide->data, &length);
        if (status == ERROR_MORE_DATA) {
            g_array_set_size(wide, MAX(length, wide->len) + 1);
        } else if (status == ERROR_SUCCESS) {
            status = fs_utf8_append(out, (LPCWSTR)(gpointer)wide->data, (DWORD)-1);
        }
    }
    return status;
}

static DWORD list(const FsObject *key, EnumName each, GPtrArray **ret_names)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) wide = g_array_sized_new(FALSE, TRUE, sizeof(WCHAR), NAME_ROOM);
    DWORD status = ERROR_SUCCESS;

    g_array_set_size(wide, NAME_ROOM);
    for (DWORD i = 0; status == ERROR_SUCCESS; i++) {
        g_autoptr(GString) name = g_string_new(NULL);

        status = read_name((HKEY)key->handle, each, i, wide, name);
        if (status == ERROR_SUCCESS) {
            g_ptr_array_add(names, g_strdup(name->str));
        }
    }
    if (status != ERROR_NO_MORE_ITEMS) {
        return status;
    }
    *ret_names = g_steal_pointer(&names);
    return ERROR_SUCCESS;
}

DWORD fs_keys_list(const FsObject *key, GPtrArray **ret_names)
{
    return list(key, enum_key, ret_names);
}

DWORD fs_values_list(const FsObject *key, GPtrArray **ret_names)
{
    return list(key, enum_value, ret_names);
}

/* --- Types ------------------------------------------------------------------------------------ */

static const struct {
    DWORD type;
    const char *word;
    guint8 empty; /* bytes of zero of a value that has no content yet */
} types[] = {
    {REG_NONE, "REG_NONE", 0},           {REG_SZ, "REG_SZ", 2},
    {REG_EXPAND_SZ, "REG_EXPAND_SZ", 2}, {REG_BINARY, "REG_BINARY", 0},
    {REG_DWORD, "REG_DWORD", 4},         {REG_DWORD_BIG_ENDIAN, "REG_DWORD_BIG_ENDIAN", 4},
    {REG_MULTI_SZ, "REG_MULTI_SZ", 2},   {REG_QWORD, "REG_QWORD", 8},
};

static DWORD read_value(const FsObject *key, const char *name, DWORD *ret_type,
                        GByteArray **ret_data)
{
    g_autofree LPWSTR wide = NULL;
    g_autoptr(GByteArray) data = g_byte_array_new();
    DWORD status = fs_wide_from_utf8(name, &wide);
    DWORD room = VALUE_ROOM;

    if (status != ERROR_SUCCESS) {
        return ERROR_NOT_FOUND;
    }
    status = ERROR_MORE_DATA;
    for (guint attempt = 0; attempt < ATTEMPTS && status == ERROR_MORE_DATA; attempt++) {
        DWORD size = room;

        g_byte_array_set_size(data, room);
        status = (DWORD)ClusterRegQueryValue((HKEY)key->handle, wide, ret_type, data->data, &size);
        room = MAX(size, room + 1);
        if (status == ERROR_SUCCESS) {
            g_byte_array_set_size(data, size);
        }
    }
    if (status == ERROR_SUCCESS) {
        *ret_data = g_steal_pointer(&data);
    }
    return status;
}

static DWORD write_value(const FsObject *key, const char *name, DWORD type, const GByteArray *data)
{
    g_autofree LPWSTR wide = NULL;
    DWORD status = fs_wide_from_utf8(name, &wide);

    return status == ERROR_SUCCESS
               ? ClusterRegSetValue((HKEY)key->handle, wide, type, data->data, data->len)
               : FS_STATUS_ERRNO(EILSEQ);
}

/* --- From text to bytes ----------------------------------------------------------------------- */

static gboolean append_text(GByteArray *data, const char *text, gsize length)
{
    g_autofree char *copy = g_strndup(text, length);
    g_autofree LPWSTR wide = NULL;
    gsize units = 0;

    if (memchr(text, '\0', length) != NULL || fs_wide_from_utf8(copy, &wide) != ERROR_SUCCESS) {
        return FALSE;
    }
    while (wide[units] != 0) {
        units++;
    }
    g_byte_array_append(data, (const guint8 *)wide, (guint)((units + 1) * sizeof(WCHAR)));
    return TRUE;
}

/* A text for each line. An empty one would end the list. */
static gboolean append_lines(GByteArray *data, const char *text, gsize length)
{
    static const guint8 end[sizeof(WCHAR)];
    const char *stop = text + length;

    while (text < stop) {
        const char *newline = memchr(text, '\n', (gsize)(stop - text));
        gsize line = (gsize)((newline != NULL ? newline : stop) - text);

        if (line == 0 || !append_text(data, text, line)) {
            return FALSE;
        }
        text += line + 1;
    }
    g_byte_array_append(data, end, sizeof end);
    return TRUE;
}

static gboolean append_number(GByteArray *data, DWORD type, const char *text, gsize length)
{
    g_autofree char *copy = g_strndup(text, length);
    guint64 number;
    guint32 small;

    if (memchr(text, '\0', length) != NULL ||
        !g_ascii_string_to_unsigned(copy, 10, 0, type == REG_QWORD ? G_MAXUINT64 : G_MAXUINT32,
                                    &number, NULL)) {
        return FALSE;
    }
    if (type == REG_QWORD) {
        number = GUINT64_TO_LE(number);
        g_byte_array_append(data, (const guint8 *)&number, sizeof number);
        return TRUE;
    }
    small = type == REG_DWORD ? GUINT32_TO_LE((guint32)number) : GUINT32_TO_BE((guint32)number);
    g_byte_array_append(data, (const guint8 *)&small, sizeof small);
    return TRUE;
}

/* The bytes that a text is stored as; FALSE if it is none of the type. */
static gboolean encode(DWORD type, const char *text, gsize length, GByteArray *data)
{
    switch (type) {
    case REG_SZ:
    case REG_EXPAND_SZ:
        return append_text(data, text, length);
    case REG_MULTI_SZ:
        return append_lines(data, text, length);
    case REG_DWORD:
    case REG_DWORD_BIG_ENDIAN:
    case REG_QWORD:
        return append_number(data, type, text, length);
    default:
        g_byte_array_append(data, (const guint8 *)text, (guint)length);
        return TRUE;
    }
}

/* --- From bytes to text ----------------------------------------------------------------------- */

static gboolean decode_texts(const GByteArray *data, gboolean several, GString *text)
{
    const WCHAR *units = (const WCHAR *)(gconstpointer)data->data;
    guint count = data->len / (guint)sizeof(WCHAR);
    guint start = 0;

    for (guint i = 0; i < count; i++) {
        if (units[i] != 0) {
            continue;
        }
        if (several && i == start) {
            return TRUE;
        }
        if (fs_utf8_append(text, units + start, i - start) != ERROR_SUCCESS) {
            return FALSE;
        }
        if (!several) {
            return TRUE;
        }
        g_string_append_c(text, '\n');
        start = i + 1;
    }
    return FALSE;
}

static gboolean decode_number(const GByteArray *data, DWORD type, GString *text)
{
    guint64 number = 0;
    guint32 small = 0;

    if (type == REG_QWORD && data->len == sizeof number) {
        memcpy(&number, data->data, sizeof number);
        number = GUINT64_FROM_LE(number);
    } else if (type != REG_QWORD && data->len == sizeof small) {
        memcpy(&small, data->data, sizeof small);
        number = type == REG_DWORD ? GUINT32_FROM_LE(small) : GUINT32_FROM_BE(small);
    } else {
        return FALSE;
    }
    g_string_append_printf(text, "%" G_GUINT64_FORMAT, number);
    return TRUE;
}

/* The text of a value without the newline that ends it. */
static gboolean decode(DWORD type, const GByteArray *data, GString *text)
{
    switch (type) {
    case REG_SZ:
    case REG_EXPAND_SZ:
        return decode_texts(data, FALSE, text);
    case REG_MULTI_SZ:
        if (!decode_texts(data, TRUE, text)) {
            return FALSE;
        }
        g_string_truncate(text, text->len > 0 ? text->len - 1 : 0);
        return TRUE;
    case REG_DWORD:
    case REG_DWORD_BIG_ENDIAN:
    case REG_QWORD:
        return decode_number(data, type, text);
    default:
        return FALSE;
    }
}

/* Whether the text says all of the bytes. */
static gboolean is_exact(DWORD type, const GByteArray *data, const GString *text)
{
    g_autoptr(GByteArray) again = g_byte_array_new();

    return encode(type, text->str, text->len, again) && again->len == data->len &&
           memcmp(again->data, data->data, data->len) == 0;
}

DWORD fs_value_show(const FsObject *key, const char *name, GString *out)
{
    g_autoptr(GByteArray) data = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    DWORD type;
    DWORD status = read_value(key, name, &type, &data);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (decode(type, data, text) && is_exact(type, data, text)) {
        g_string_append_len(out, text->str, (gssize)text->len);
        if (type != REG_MULTI_SZ || text->len > 0) {
            g_string_append_c(out, '\n');
        }
    } else {
        g_string_append_len(out, (const char *)data->data, data->len);
    }
    return ERROR_SUCCESS;
}

DWORD fs_value_show_type(const FsObject *key, const char *name, GString *out)
{
    g_autoptr(GByteArray) data = NULL;
    DWORD type;
    DWORD status = read_value(key, name, &type, &data);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (types[i].type == type) {
            g_string_append_printf(out, "%s\n", types[i].word);
            return ERROR_SUCCESS;
        }
    }
    g_string_append_printf(out, "%u\n", type);
    return ERROR_SUCCESS;
}

/* --- Changing --------------------------------------------------------------------------------- */

/* A value that was just made becomes text if that is what it gets first. */
static DWORD choose_type(const char *bytes, gsize size)
{
    return memchr(bytes, '\0', size) == NULL && g_utf8_validate_len(bytes, size, NULL) ? REG_SZ
                                                                                       : REG_BINARY;
}

DWORD fs_value_store(const FsObject *key, const char *name, const guint8 *bytes, gsize size,
                     gboolean is_new)
{
    g_autoptr(GByteArray) old = NULL;
    g_autoptr(GByteArray) data = g_byte_array_new();
    const char *text = (const char *)bytes;
    DWORD type;
    DWORD status = read_value(key, name, &type, &old);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (is_new && old->len == 0) {
        type = choose_type(text, size);
    }
    if (type != REG_BINARY && type != REG_NONE && size > 0 && text[size - 1] == '\n') {
        size--;
    }
    if (!encode(type, text, size, data)) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    status = write_value(key, name, type, data);
    /* A property keeps its type, so that the empty one has to go before. */
    if (status == ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH && is_new && old->len == 0) {
        status = fs_value_delete(key, name);
        status = status == ERROR_SUCCESS ? write_value(key, name, type, data) : status;
    }
    return status;
}

DWORD fs_value_store_type(const FsObject *key, const char *name, const guint8 *bytes, gsize size)
{
    g_autofree char *word = g_strndup((const char *)bytes, size);
    g_autoptr(GByteArray) data = NULL;
    DWORD type;
    DWORD status = read_value(key, name, &type, &data);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    g_strchomp(word);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].word, word) == 0) {
            guint length = data->len;

            if (length == 0) {
                g_byte_array_set_size(data, types[i].empty);
                memset(data->data, 0, data->len);
            }
            return write_value(key, name, types[i].type, data);
        }
    }
    return FS_STATUS_ERRNO(EINVAL);
}

DWORD fs_value_create(const FsObject *key, const char *name)
{
    g_autoptr(GByteArray) none = g_byte_array_new();
    DWORD status = write_value(key, name, REG_NONE, none);

    /* A property has a type in any case. */
    return status == ERROR_INVALID_PARAMETER ? write_value(key, name, REG_BINARY, none) : status;
}

DWORD fs_value_delete(const FsObject *key, const char *name)
{
    g_autofree LPWSTR wide = NULL;
    DWORD status = fs_wide_from_utf8(name, &wide);

    return status == ERROR_SUCCESS ? ClusterRegDeleteValue((HKEY)key->handle, wide)
                                   : ERROR_NOT_FOUND;
}

DWORD fs_key_create(const FsObject *key, const char *name)
{
    g_autofree LPWSTR wide = NULL;
    HKEY made;
    DWORD disposition;
    DWORD status;

    if (strchr(name, '\\') != NULL || *name == '\0') {
        return FS_STATUS_ERRNO(EINVAL);
    }
    if (fs_wide_from_utf8(name, &wide) != ERROR_SUCCESS) {
        return FS_STATUS_ERRNO(EILSEQ);
    }
    status =
        (DWORD)ClusterRegCreateKey((HKEY)key->handle, wide, 0, KEY_READ, NULL, &made, &disposition);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    ClusterRegCloseKey(made);
    return disposition == REG_CREATED_NEW_KEY ? ERROR_SUCCESS : FS_STATUS_ERRNO(EEXIST);
}

/* That a key has subkeys the library tells as a lack of rights. */
DWORD fs_key_delete(const FsObject *key, const char *name)
{
    g_autofree LPWSTR wide = NULL;
    HKEY child;
    DWORD count = 0;
    DWORD status = fs_wide_from_utf8(name, &wide);

    if (status != ERROR_SUCCESS) {
        return ERROR_NOT_FOUND;
    }
    status = (DWORD)ClusterRegOpenKey((HKEY)key->handle, wide, KEY_READ, &child);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = (DWORD)ClusterRegQueryInfoKey(child, &count, NULL, NULL, NULL, NULL, NULL, NULL);
    ClusterRegCloseKey(child);
    if (status == ERROR_SUCCESS) {
        status = count > 0 ? FS_STATUS_ERRNO(ENOTEMPTY)
                           : (DWORD)ClusterRegDeleteKey((HKEY)key->handle, wide);
    }
    return status;
}
