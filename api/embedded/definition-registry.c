/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys of the cluster database in a definition: their values, the rules for both, and writing
 * them. One thread at a time.
 */
#include "definition-value.h"
#include "definition-writer.h"
#include "events.h"
#include "property-table.h"
#include "registry.h"
#include "schema.h"
#include "text.h"

#include <string.h>

#define VALUE_PREFIX "value."

static const struct {
    const char *prefix;
    guint32 type;
    CLUSTER_PROPERTY_FORMAT format; /* as a property's */
} types[] = {
    {"dword:", REG_DWORD, CLUSPROP_FORMAT_DWORD},
    {"dword-big-endian:", REG_DWORD_BIG_ENDIAN, CLUSPROP_FORMAT_DWORD},
    {"qword:", REG_QWORD, CLUSPROP_FORMAT_ULARGE_INTEGER},
    {"expand-sz:", REG_EXPAND_SZ, CLUSPROP_FORMAT_EXPAND_SZ},
    {"multi-sz:", REG_MULTI_SZ, CLUSPROP_FORMAT_MULTI_SZ},
    {"binary:", REG_BINARY, CLUSPROP_FORMAT_BINARY},
    {"none:", REG_NONE, CLUSPROP_FORMAT_BINARY},
    {"sz:", REG_SZ, CLUSPROP_FORMAT_SZ},
    {"", REG_SZ, CLUSPROP_FORMAT_SZ}, /* without one */
};

/* --- Values ------------------------------------------------------------------------------------ */

static void value_free(gpointer data)
{
    ClDefinedValue *value = data;

    g_free(value->name);
    g_bytes_unref(value->data);
    g_free(value);
}

static GBytes *data_of(guint32 type, const ClProperty *property)
{
    static const char *const none[] = {NULL};
    guint32 number = GUINT32_TO_LE((guint32)property->number);
    guint32 big = GUINT32_TO_BE((guint32)property->number);
    guint64 large = GUINT64_TO_LE(property->number);

    switch (type) {
    case REG_DWORD:
        return g_bytes_new(&number, sizeof number);
    case REG_DWORD_BIG_ENDIAN:
        return g_bytes_new(&big, sizeof big);
    case REG_QWORD:
        return g_bytes_new(&large, sizeof large);
    case REG_SZ:
    case REG_EXPAND_SZ:
        return cl_event_text(property->text);
    case REG_MULTI_SZ:
        return cl_event_texts(property->texts != NULL ? (const char *const *)property->texts
                                                      : none);
    default:
        return property->bytes != NULL ? g_bytes_ref(property->bytes) : g_bytes_new(NULL, 0);
    }
}

/* Names are compared as the database compares them. */
static gboolean has_value(const ClDefinedKey *key, const char *name)
{
    for (guint i = 0; key->values != NULL && i < key->values->len; i++) {
        if (cl_text_equal(((ClDefinedValue *)key->values->pdata[i])->name, name)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void add_value(ClDefinedKey *key, const char *name, guint32 type, GBytes *data)
{
    ClDefinedValue *value = g_new(ClDefinedValue, 1);

    if (key->values == NULL) {
        key->values = g_ptr_array_new_with_free_func(value_free);
    }
    *value = (ClDefinedValue){g_strdup(name), type, g_bytes_ref(data)};
    g_ptr_array_add(key->values, value);
}

/* Why the key cannot have the value; NULL: it can. Static. */
static const char *value_fault(const ClDefinedKey *key, const char *name, GBytes *data)
{
    if (has_value(key, name)) {
        return "the key has this value already, in another case";
    }
    if (cl_text_wide_length(name) > CL_REGISTRY_VALUE_NAME_MAX) {
        return "the name is too long";
    }
    return g_bytes_get_size(data) > CL_REGISTRY_DATA_MAX ? "the value is too long" : NULL;
}

gboolean cl_definition_is_value(const char *key)
{
    return g_str_has_prefix(key, VALUE_PREFIX);
}

void cl_definition_read_value(ClDefinedKey *key, const ClLineEntry *entry, GPtrArray *mistakes)
{
    const char *name = entry->key + strlen(VALUE_PREFIX);
    const char *rest = entry->value;
    CLUSTER_PROPERTY_FORMAT format;
    gsize i = 0;
    g_autofree char *why = NULL;

    while (!g_str_has_prefix(entry->value, types[i].prefix)) {
        i++;
    }
    if (*types[i].prefix == '\0' && cl_definition_split_format(&rest, &format)) {
        cl_mistakes_add(mistakes, entry->line, "%s: a value of a key is none of this type",
                        entry->key);
        return;
    }
    g_autoptr(ClProperty) property = cl_definition_parse_value(
        name, types[i].format, entry->value + strlen(types[i].prefix), &why);
    if (property == NULL) {
        cl_mistakes_add(mistakes, entry->line, "%s: %s", entry->key, why);
        return;
    }
    g_autoptr(GBytes) data = data_of(types[i].type, property);
    const char *fault = value_fault(key, name, data);
    if (fault != NULL) {
        cl_mistakes_add(mistakes, entry->line, "%s: %s", entry->key, fault);
        return;
    }
    add_value(key, name, types[i].type, data);
}

/* --- Paths ------------------------------------------------------------------------------------- */

/* The object whose key comes second on a path; its name may have backslashes of its own. */
static ClDefined *find_object(const ClValueReader *reader, ClKind kind, char **names,
                              guint *ret_used)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint n = 0; names[n] != NULL; n++) {
        ClDefined *object;

        g_string_append_printf(text, "%s%s", n > 0 ? "\\" : "", names[n]);
        object = cl_value_find(reader, kind, text->str);
        if (object != NULL) {
            *ret_used = n + 1;
            return object;
        }
    }
    return NULL;
}

void cl_value_read_path(const ClValueReader *reader, ClDefinedKey *key, guint line)
{
    const char *path = key->object.name != NULL ? key->object.name : "";
    g_auto(GStrv) names = *path != '\0' ? g_strsplit(path, "\\", -1) : g_new0(char *, 1);
    g_autoptr(GStrvBuilder) kept = g_strv_builder_new();
    const char *unused;
    guint used = 0;
    ClKind kind;

    if (names[0] != NULL && names[1] != NULL && cl_registry_find_kind(names[0], &kind, &unused)) {
        key->of = find_object(reader, kind, names + 1, &used);
        if (key->of == NULL) {
            cl_mistakes_add(reader->mistakes, line, "there is no %s \"%s\" that the key is of",
                            cl_section_kind(kind)->word, names[1]);
        }
    }
    for (guint i = 0; names[i] != NULL; i++) {
        if (i == 0 || i > used) {
            g_strv_builder_add(kept, names[i]);
        }
    }
    key->names = g_strv_builder_end(kept);
}

void cl_defined_key_clear(ClDefinedKey *key)
{
    g_strfreev(key->names);
    g_clear_pointer(&key->values, g_ptr_array_unref);
}

char **cl_defined_key_path(const ClDefinedKey *key)
{
    g_autoptr(GStrvBuilder) path = g_strv_builder_new();

    for (guint i = 0; key->names[i] != NULL; i++) {
        const char *proper = key->names[i];
        ClKind kind;

        if (i == 0) {
            cl_registry_find_kind(key->names[0], &kind, &proper);
        }
        g_strv_builder_add(path, proper);
        if (i == 0 && key->of != NULL) {
            g_strv_builder_add(path, key->of->kind == CL_KIND_RESOURCE_TYPE ? key->of->name
                                                                            : key->of->id);
        }
    }
    return g_strv_builder_end(path);
}

/* Why no key can be there; NULL: one can. Static. */
static const char *path_fault(const ClDefinedKey *key)
{
    if (g_strv_length(key->names) >= CL_REGISTRY_DEPTH_MAX) {
        return "the path is too deep";
    }
    for (char **name = key->names; *name != NULL; name++) {
        if (**name == '\0') {
            return "a name on the path is empty";
        }
        if (cl_text_wide_length(*name) > CL_REGISTRY_NAME_MAX) {
            return "a name on the path is longer than 255 characters";
        }
    }
    if (key->names[0] != NULL && cl_text_equal(key->names[0], CL_REGISTRY_PARAMETERS)) {
        return "the cluster's Parameters are private.NAME= of [cluster]";
    }
    if (key->of != NULL && key->names[1] != NULL &&
        cl_text_equal(key->names[1], CL_REGISTRY_PARAMETERS)) {
        return "an object's Parameters are private.NAME= of its section";
    }
    return NULL;
}

/* An object's key shows its common properties. */
static void check_values(const ClDefinedKey *key, GPtrArray *mistakes)
{
    gboolean shows = key->of != NULL && key->names[1] == NULL;

    for (guint i = 0; shows && key->values != NULL && i < key->values->len; i++) {
        const char *name = ((ClDefinedValue *)key->values->pdata[i])->name;
        g_autofree char *line_of = g_strconcat(VALUE_PREFIX, name, NULL);

        if (cl_common_property_find(key->of->kind, name) != NULL) {
            cl_mistakes_add(mistakes, cl_defined_line(&key->object, line_of),
                            "%s is a common property of the object", line_of);
        }
    }
}

/* Then it has been said already. */
static gboolean lacks_object(const ClDefinedKey *key)
{
    const char *unused;
    ClKind kind;

    return key->of == NULL && key->names[0] != NULL && key->names[1] != NULL &&
           cl_registry_find_kind(key->names[0], &kind, &unused);
}

static void check_key(GHashTable *seen, ClDefinedKey *key, GPtrArray *mistakes)
{
    const char *fault = path_fault(key);

    if (lacks_object(key)) {
        return;
    }
    if (fault != NULL) {
        cl_mistakes_add(mistakes, cl_defined_line(&key->object, "path"), "%s", fault);
        return;
    }
    g_auto(GStrv) path = cl_defined_key_path(key);
    g_autofree char *whole = g_strjoinv("\\", path);
    g_autofree char *folded = cl_text_fold(whole);
    const ClDefined *other = g_hash_table_lookup(seen, folded);
    if (other != NULL && !key->object.section->duplicate) {
        cl_mistakes_add(mistakes, cl_defined_line(&key->object, "path"),
                        "line %u has this key already", cl_defined_line(other, "path"));
    } else if (other == NULL) {
        g_hash_table_insert(seen, g_steal_pointer(&folded), key);
    }
    check_values(key, mistakes);
}

void cl_definition_check_registry(const ClDefinition *definition, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < definition->keys->len; i++) {
        ClDefinedKey *key = definition->keys->pdata[i];

        if (key->names != NULL) {
            check_key(seen, key, mistakes);
        }
    }
}

/* --- Writing ----------------------------------------------------------------------------------- */

/* What is written already: char *, the folded path, to GINT_TO_POINTER of its number. */
typedef struct {
    ClWriter *writer;
    GHashTable *numbers;
    gint64 last;
} Keys;

static gboolean write_names(Keys *keys, const ClDefinedKey *key, gint64 *ret_number)
{
    g_auto(GStrv) path = cl_defined_key_path(key);
    g_autoptr(GString) folded = g_string_new(NULL);
    gint64 parent = CL_SCHEMA_ROOT_KEY;

    for (guint i = 0; path[i] != NULL; i++) {
        g_autofree char *name = cl_text_fold(path[i]);
        gint64 object = i == 1 && key->of != NULL ? key->of->number : 0;
        gpointer number;

        g_string_append_printf(folded, "%s\\", name);
        if (g_hash_table_lookup_extended(keys->numbers, folded->str, NULL, &number)) {
            parent = GPOINTER_TO_INT(number);
            continue;
        }
        if (!cl_writer_insert(keys->writer,
                              "INSERT INTO registry_key (number, parent, key, name, written,"
                              " object) VALUES (?, ?, ?, ?, ?, nullif(?, 0))",
                              "iissii", ++keys->last, parent, name, path[i], keys->writer->now,
                              object)) {
            return FALSE;
        }
        parent = keys->last;
        g_hash_table_insert(keys->numbers, g_strdup(folded->str), GINT_TO_POINTER((gint)parent));
    }
    *ret_number = parent;
    return TRUE;
}

static gboolean write_key(Keys *keys, const ClDefinedKey *key)
{
    gint64 number;

    if (!write_names(keys, key, &number)) {
        return FALSE;
    }
    for (guint i = 0; key->values != NULL && i < key->values->len; i++) {
        const ClDefinedValue *value = key->values->pdata[i];
        g_autofree char *folded = cl_text_fold(value->name);

        if (!cl_writer_insert(keys->writer,
                              "INSERT INTO registry_value (registry_key, key, name, type, data)"
                              " VALUES (?, ?, ?, ?, ?)",
                              "issib", number, folded, value->name, (gint64)value->type,
                              value->data)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_definition_write_keys(ClWriter *writer, const ClDefinition *definition)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Keys keys = {writer, numbers, CL_SCHEMA_ROOT_KEY};

    for (guint i = 0; i < definition->keys->len; i++) {
        if (!write_key(&keys, definition->keys->pdata[i])) {
            return FALSE;
        }
    }
    return TRUE;
}
