/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the values of a definition's keys into its objects: one function for each type of key.
 * A value that is wrong leaves its member as it was. One thread at a time.
 */
#include "definition-value.h"
#include "expression.h"
#include "text.h"

#include <string.h>

/* Labels, names and ids are told apart by a sign, and kinds by their number. */
static char *reference_key(ClKind kind, char sign, const char *text)
{
    return g_strdup_printf("%d%c%s", (int)kind, sign, text);
}

static void note_name(GHashTable *names, char sign, const char *text, ClDefined *object)
{
    g_autofree char *key = reference_key(object->kind, sign, text);

    if (!g_hash_table_contains(names, key)) {
        g_hash_table_insert(names, g_steal_pointer(&key), object);
    }
}

static void note_names(GHashTable *names, ClDefined *object)
{
    const ClLineEntry *id = cl_line_section_find(object->section, "id");

    if (object->section != NULL && object->section->label != NULL) {
        note_name(names, '=', object->section->label, object);
    }
    if (object->key != NULL) {
        note_name(names, '~', object->key, object);
    }
    if (id != NULL) {
        g_autofree char *lower = g_ascii_strdown(id->value, -1);

        note_name(names, '#', lower, object);
    }
}

GHashTable *cl_value_names_new(const ClDefinition *definition)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        GPtrArray *objects = cl_definition_objects(definition, cl_section_kinds[i].kind);

        for (guint j = 0; j < objects->len; j++) {
            note_names(names, objects->pdata[j]);
        }
    }
    return names;
}

static gpointer lookup(const ClValueReader *reader, ClKind kind, char sign, const char *text)
{
    g_autofree char *key = reference_key(kind, sign, text);

    return g_hash_table_lookup(reader->names, key);
}

gpointer cl_value_find(const ClValueReader *reader, ClKind kind, const char *text)
{
    g_autofree char *folded = cl_text_fold(text);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    gpointer object = lookup(reader, kind, '=', text);

    if (object == NULL) {
        object = lookup(reader, kind, '~', folded);
    }
    return object != NULL ? object : lookup(reader, kind, '#', lower);
}

/* A group and a group set may have one name; which one is meant depends on who says it. */
static gpointer find_group_or_set(const ClValueReader *reader, ClKind kind, const char *text,
                                  const ClLineEntry *entry)
{
    gpointer object = cl_value_find(reader, kind, text);

    if (object == NULL) {
        object =
            cl_value_find(reader, kind == CL_KIND_GROUP ? CL_KIND_GROUPSET : CL_KIND_GROUP, text);
    }
    if (object == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s: there is no group or group-set \"%s\"",
                        entry->key, text);
    }
    return object;
}

static gpointer find_reference(const ClValueReader *reader, ClKind kind, const char *text,
                               const ClLineEntry *entry)
{
    gpointer object = cl_value_find(reader, kind, text);

    if (object == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s: there is no %s \"%s\"", entry->key,
                        cl_section_kind(kind)->word, text);
    }
    return object;
}

gboolean cl_value_parse_number(const char *text, guint64 max, guint64 *ret_number)
{
    gboolean hexadecimal = g_ascii_strncasecmp(text, "0x", 2) == 0;

    return g_ascii_string_to_unsigned(hexadecimal ? text + 2 : text, hexadecimal ? 16 : 10, 0, max,
                                      ret_number, NULL);
}

static char *list_words(const ClKeyWord *words)
{
    GString *list = g_string_new(NULL);

    for (const ClKeyWord *word = words; word->word != NULL; word++) {
        g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", word->word);
    }
    return g_string_free(list, FALSE);
}

static gboolean find_word(const ClKeyWord *words, const char *text, guint32 *ret_value)
{
    for (const ClKeyWord *word = words; word != NULL && word->word != NULL; word++) {
        if (g_str_equal(word->word, text)) {
            *ret_value = word->value;
            return TRUE;
        }
    }
    return FALSE;
}

static void read_number(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                        const ClLineEntry *entry)
{
    guint32 *member = &CL_KEY_MEMBER(object, key, guint32);
    guint64 number;
    g_autofree char *words = key->words != NULL ? list_words(key->words) : NULL;

    if (find_word(key->words, entry->value, member)) {
        return;
    }
    if (key->type == CL_KEY_NUMBER && cl_value_parse_number(entry->value, G_MAXUINT32, &number)) {
        *member = (guint32)number;
        return;
    }
    cl_mistakes_add(reader->mistakes, entry->line, "%s is not \"%s\" but %s%s%s", entry->key,
                    entry->value, key->type == CL_KEY_NUMBER ? "a number up to 4294967295" : "",
                    key->type == CL_KEY_NUMBER && words != NULL ? " or one of " : "",
                    words != NULL ? words : "");
}

static char **decode_list(const ClValueReader *reader, const ClLineEntry *entry)
{
    g_autofree char *why = NULL;
    char **list = cl_line_decode_list(entry->value, &why);

    if (list == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s: %s", entry->key, why);
    }
    return list;
}

static void read_bits(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                      const ClLineEntry *entry)
{
    g_auto(GStrv) list = decode_list(reader, entry);

    for (char **item = list; item != NULL && *item != NULL; item++) {
        guint32 bit;

        if (find_word(key->words, *item, &bit)) {
            CL_KEY_MEMBER(object, key, guint32) |= bit;
        } else {
            g_autofree char *words = list_words(key->words);

            cl_mistakes_add(reader->mistakes, entry->line, "%s are not \"%s\" but of %s",
                            entry->key, *item, words);
        }
    }
}

static void read_boolean(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                         const ClLineEntry *entry)
{
    if (g_str_equal(entry->value, "true")) {
        CL_KEY_MEMBER(object, key, gboolean) = TRUE;
    } else if (g_str_equal(entry->value, "false")) {
        CL_KEY_MEMBER(object, key, gboolean) = FALSE;
    } else {
        cl_mistakes_add(reader->mistakes, entry->line, "%s is not \"%s\" but true or false",
                        entry->key, entry->value);
    }
}

static void read_text(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                      const ClLineEntry *entry)
{
    g_autofree char *why = NULL;
    char *text = cl_line_decode(entry->value, &why);

    if (text == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s: %s", entry->key, why);
        return;
    }
    g_free(CL_KEY_MEMBER(object, key, char *));
    CL_KEY_MEMBER(object, key, char *) = text;
}

static void read_id(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                    const ClLineEntry *entry)
{
    if (!g_uuid_string_is_valid(entry->value)) {
        cl_mistakes_add(reader->mistakes, entry->line,
                        "%s is not \"%s\" but a GUID such as 12345678-1234-1234-1234-123456789abc",
                        entry->key, entry->value);
        return;
    }
    g_free(CL_KEY_MEMBER(object, key, char *));
    CL_KEY_MEMBER(object, key, char *) = g_ascii_strdown(entry->value, -1);
}

/* The usual form of an address, so that equal ones are equal text; NULL: it is none. */
static char *normal_address(const char *text)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);

    return address != NULL ? g_inet_address_to_string(address) : NULL;
}

static char *normal_subnet(const char *text)
{
    g_autoptr(GInetAddressMask) mask = NULL;
    g_autofree char *address = NULL;

    if (strchr(text, '/') != NULL) {
        mask = g_inet_address_mask_new_from_string(text, NULL);
    }
    if (mask == NULL) {
        return NULL;
    }
    address = g_inet_address_to_string(g_inet_address_mask_get_address(mask));
    return g_strdup_printf("%s/%u", address, g_inet_address_mask_get_length(mask));
}

static void read_addresses(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                           const ClLineEntry *entry)
{
    g_auto(GStrv) list = decode_list(reader, entry);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    gboolean subnets = key->type == CL_KEY_SUBNETS;

    for (char **item = list; item != NULL && *item != NULL; item++) {
        g_autofree char *text = subnets ? normal_subnet(*item) : normal_address(*item);

        if (text == NULL) {
            cl_mistakes_add(reader->mistakes, entry->line, "%s: \"%s\" is no %s", entry->key, *item,
                            subnets ? "network ADDRESS/PREFIX, host bits zero" : "IP address");
            continue;
        }
        g_strv_builder_add(builder, text);
    }
    g_strfreev(CL_KEY_MEMBER(object, key, char **));
    CL_KEY_MEMBER(object, key, char **) = g_strv_builder_end(builder);
}

static void read_reference(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                           const ClLineEntry *entry)
{
    g_autofree char *why = NULL;
    g_autofree char *text = cl_line_decode(entry->value, &why);

    if (text == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s: %s", entry->key, why);
    } else {
        CL_KEY_MEMBER(object, key, gpointer) = find_reference(reader, key->kind, text, entry);
    }
}

static void add_reference(const ClValueReader *reader, const ClLineEntry *entry, GHashTable *seen,
                          GPtrArray *references, ClDefined *found)
{
    if (found == NULL) {
        return;
    }
    if (!g_hash_table_add(seen, found)) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s names \"%s\" twice", entry->key,
                        found->name != NULL ? found->name : found->section->label);
        return;
    }
    g_ptr_array_add(references, found);
}

static void read_references(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                            const ClLineEntry *entry)
{
    g_auto(GStrv) list = decode_list(reader, entry);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GPtrArray *references = g_ptr_array_new();

    for (char **item = list; item != NULL && *item != NULL; item++) {
        add_reference(reader, entry, seen, references,
                      find_reference(reader, key->kind, *item, entry));
    }
    CL_KEY_MEMBER(object, key, GPtrArray *) = references;
}

static void read_expression(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                            const ClLineEntry *entry)
{
    g_autofree char *why = NULL;
    g_autofree char *text = cl_line_decode(entry->value, &why);
    g_autoptr(GPtrArray) names = text != NULL ? cl_expression_parse(text, &why) : NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    gpointer (*find)(const ClValueReader *, ClKind, const char *, const ClLineEntry *) =
        key->type == CL_KEY_GROUP_EXPRESSION ? find_group_or_set : find_reference;
    GPtrArray *clauses;

    if (names == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line, "%s: %s", entry->key, why);
        return;
    }
    clauses = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < names->len; i++) {
        GPtrArray *clause = names->pdata[i];
        GPtrArray *references = g_ptr_array_new();

        for (guint j = 0; j < clause->len; j++) {
            add_reference(reader, entry, seen, references,
                          find(reader, key->kind, clause->pdata[j], entry));
        }
        g_ptr_array_add(clauses, references);
    }
    CL_KEY_MEMBER(object, key, GPtrArray *) = clauses;
}

/* The name was read with the section. */
static void read_path(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                      const ClLineEntry *entry)
{
    (void)key;
    if (object->name == NULL) {
        cl_mistakes_add(reader->mistakes, entry->line,
                        "path: what follows a backslash is s, n, t,"
                        " r or another backslash");
    } else {
        cl_value_read_path(reader, (ClDefinedKey *)object, entry->line);
    }
}

void cl_value_read(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                   const ClLineEntry *entry)
{
    static void (*const readers[])(const ClValueReader *, ClDefined *, const ClKey *,
                                   const ClLineEntry *) = {
        [CL_KEY_TEXT] = read_text,
        [CL_KEY_ID] = read_id,
        [CL_KEY_NUMBER] = read_number,
        [CL_KEY_WORD] = read_number,
        [CL_KEY_BITS] = read_bits,
        [CL_KEY_BOOLEAN] = read_boolean,
        [CL_KEY_ADDRESSES] = read_addresses,
        [CL_KEY_SUBNETS] = read_addresses,
        [CL_KEY_REFERENCE] = read_reference,
        [CL_KEY_REFERENCES] = read_references,
        [CL_KEY_EXPRESSION] = read_expression,
        [CL_KEY_GROUP_EXPRESSION] = read_expression,
        [CL_KEY_PATH] = read_path,
    };

    readers[key->type](reader, object, key, entry);
}
