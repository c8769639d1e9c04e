/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the definition of a cluster: sections become objects, keys their members, and the rules
 * are checked, each step adding to the list of mistakes. The definition owns its objects; a
 * definition is used by one thread at a time.
 */
#include "definition-internal.h"
#include "definition-value.h"
#include "text.h"

static void free_member(gpointer object, const ClKey *key)
{
    switch (key->type) {
    case CL_KEY_TEXT:
    case CL_KEY_ID:
    case CL_KEY_PATH:
        g_free(CL_KEY_MEMBER(object, key, char *));
        break;
    case CL_KEY_ADDRESSES:
    case CL_KEY_SUBNETS:
        g_strfreev(CL_KEY_MEMBER(object, key, char **));
        break;
    case CL_KEY_REFERENCES:
    case CL_KEY_EXPRESSION:
    case CL_KEY_GROUP_EXPRESSION:
        g_clear_pointer(&CL_KEY_MEMBER(object, key, GPtrArray *), g_ptr_array_unref);
        break;
    default:
        break;
    }
}

static void object_free(gpointer data)
{
    ClDefined *object = data;
    const ClSectionKind *kind = cl_section_kind(object->kind);

    for (const ClKey *key = kind->keys; key->name != NULL; key++) {
        free_member(object, key);
    }
    /* Of nodes and resource types the id is no key of the file. */
    if (object->kind == CL_KIND_NODE || object->kind == CL_KIND_RESOURCE_TYPE) {
        g_free(object->id);
    }
    if (object->kind == CL_KIND_KEY) {
        cl_defined_key_clear(data);
    }
    g_free(object->key);
    g_ptr_array_unref(object->common);
    g_ptr_array_unref(object->private);
    g_free(object);
}

static GPtrArray **objects_of(ClDefinition *definition, const ClSectionKind *kind)
{
    return (GPtrArray **)((char *)definition + kind->offset);
}

ClDefinition *cl_definition_new(void)
{
    ClDefinition *definition = g_new0(ClDefinition, 1);

    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        *objects_of(definition, &cl_section_kinds[i]) = g_ptr_array_new_with_free_func(object_free);
    }
    return definition;
}

void cl_definition_free(ClDefinition *definition)
{
    if (definition == NULL) {
        return;
    }
    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        g_ptr_array_unref(*objects_of(definition, &cl_section_kinds[i]));
    }
    g_clear_pointer(&definition->sections, g_ptr_array_unref);
    g_free(definition);
}

GPtrArray *cl_definition_objects(const ClDefinition *definition, ClKind kind)
{
    return *(GPtrArray **)((char *)definition + cl_section_kind(kind)->offset);
}

static void set_defaults(gpointer object, ClKind kind)
{
    switch (kind) {
    case CL_KIND_CLUSTER:
        ((ClDefinedCluster *)object)->built_in_types = TRUE;
        break;
    case CL_KIND_NETWORK:
        ((ClDefinedNetwork *)object)->role = ClusterNetworkRoleInternalAndClient;
        break;
    case CL_KIND_GROUP:
        ((ClDefinedGroup *)object)->type = ClusGroupTypeUnknown;
        break;
    case CL_KIND_RESOURCE:
        ((ClDefinedResource *)object)->state = ClusterResourceOffline;
        break;
    default:
        break;
    }
}

gpointer cl_definition_add(ClDefinition *definition, ClKind kind, char *name)
{
    ClDefined *object = g_malloc0(cl_section_kind(kind)->size);

    object->kind = kind;
    object->name = name;
    object->common = cl_properties_new();
    object->private = cl_properties_new();
    set_defaults(object, kind);
    g_ptr_array_add(cl_definition_objects(definition, kind), object);
    return object;
}

guint cl_defined_line(const ClDefined *object, const char *key)
{
    const ClLineEntry *entry = cl_line_section_find(object->section, key);

    if (entry != NULL) {
        return entry->line;
    }
    return object->section != NULL ? object->section->line : 0;
}

gboolean cl_defined_has(const ClDefined *object, const char *key)
{
    return cl_line_section_find(object->section, key) != NULL;
}

static const ClSectionKind *find_kind(const char *word)
{
    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        if (g_str_equal(cl_section_kinds[i].word, word)) {
            return &cl_section_kinds[i];
        }
    }
    return NULL;
}

/* The name comes first, since references in other sections are resolved by it. */
static char *read_name(const ClLineSection *section)
{
    const ClLineEntry *entry =
        cl_line_section_find(section, g_str_equal(section->kind, "key") ? "path" : "name");
    g_autofree char *why = NULL;

    return entry != NULL ? cl_line_decode(entry->value, &why) : g_strdup(section->label);
}

static void add_object(ClDefinition *definition, const ClLineSection *section, GPtrArray *mistakes)
{
    const ClSectionKind *kind = find_kind(section->kind);
    ClDefined *object;

    if (kind == NULL) {
        cl_mistakes_add(mistakes, section->line, "there is no kind of section \"%s\"",
                        section->kind);
        return;
    }
    if (kind->kind == CL_KIND_CLUSTER && section->label != NULL) {
        cl_mistakes_add(mistakes, section->line, "the section is [cluster]; its name is name=");
    } else if (kind->kind != CL_KIND_CLUSTER && section->label == NULL) {
        cl_mistakes_add(mistakes, section->line, "a %s needs a label: [%s LABEL]", kind->word,
                        kind->word);
    }
    object = cl_definition_add(definition, kind->kind, read_name(section));
    object->section = section;
    object->key = object->name != NULL ? cl_text_fold(object->name) : NULL;
}

static const ClKey *find_key(const ClSectionKind *kind, const char *name)
{
    for (const ClKey *key = kind->keys; key->name != NULL; key++) {
        if (g_str_equal(key->name, name)) {
            return key;
        }
    }
    return NULL;
}

static void read_keys(ClDefined *object, ClValueReader *reader)
{
    const ClSectionKind *kind = cl_section_kind(object->kind);

    for (guint i = 0; i < object->section->entries->len; i++) {
        const ClLineEntry *entry = object->section->entries->pdata[i];
        const ClKey *key = find_key(kind, entry->key);

        if (key != NULL) {
            cl_value_read(reader, object, key, entry);
        } else if (kind->kind == CL_KIND_KEY && cl_definition_is_value(entry->key)) {
            cl_definition_read_value((ClDefinedKey *)object, entry, reader->mistakes);
        } else if (kind->kind != CL_KIND_KEY && cl_definition_is_property(entry->key)) {
            cl_definition_read_property(object, entry, reader->mistakes);
        } else {
            cl_mistakes_add(reader->mistakes, entry->line, "[%s] has no key \"%s\"", kind->word,
                            entry->key);
        }
    }
    if (kind->kind == CL_KIND_KEY && !cl_defined_has(object, "path")) {
        cl_value_read_path(reader, (ClDefinedKey *)object, object->section->line);
    }
    for (const ClKey *key = kind->keys; key->name != NULL; key++) {
        if (key->required && !cl_defined_has(object, key->name)) {
            cl_mistakes_add(reader->mistakes, object->section->line,
                            "the %s has no %s=", kind->word, key->name);
        }
    }
}

static void read_objects(ClDefinition *definition, GPtrArray *mistakes)
{
    ClValueReader reader = {NULL, mistakes};

    for (guint i = 0; i < definition->sections->len; i++) {
        add_object(definition, definition->sections->pdata[i], mistakes);
    }
    if (definition->clusters->len == 0) {
        cl_mistakes_add(mistakes, 0, "there is no [cluster]");
    } else {
        /* Looked at before the keys are read, since they can refer to built-in types. */
        const ClLineEntry *entry = cl_line_section_find(
            cl_definition_cluster(definition)->object.section, "built-in-types");

        if (entry == NULL || !g_str_equal(entry->value, "false")) {
            cl_definition_add_types(definition);
        }
    }
    reader.names = cl_value_names_new(definition);
    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        GPtrArray *objects = *objects_of(definition, &cl_section_kinds[i]);

        for (guint j = 0; j < objects->len; j++) {
            ClDefined *object = objects->pdata[j];

            if (object->section != NULL) {
                read_keys(object, &reader);
            }
        }
    }
    g_hash_table_unref(reader.names);
}

static void check(ClDefinition *definition, GPtrArray *mistakes)
{
    cl_definition_check_names(definition, mistakes);
    if (definition->clusters->len > 0) {
        cl_definition_complete(definition);
        cl_definition_check_rules(definition, mistakes);
        cl_definition_check_dependencies(definition, mistakes);
        cl_definition_check_sets(definition, mistakes);
        cl_definition_check_registry(definition, mistakes);
    }
    cl_mistakes_sort(mistakes);
}

static gboolean fail_with(GPtrArray *mistakes, GError **error)
{
    const ClMistake *first = mistakes->pdata[0];

    return cl_fail(error, ERROR_INVALID_DATA, "the definition has %u mistake%s, first line %u: %s",
                   mistakes->len, mistakes->len == 1 ? "" : "s", first->line, first->text);
}

gboolean cl_definition_parse(const char *data, gsize size, ClDefinition **ret_definition,
                             GPtrArray **ret_mistakes, GError **error)
{
    g_autoptr(ClDefinition) definition = cl_definition_new();
    g_autoptr(GPtrArray) mistakes = cl_mistakes_new();

    definition->sections = cl_lines_read(data, size, mistakes);
    read_objects(definition, mistakes);
    check(definition, mistakes);
    if (mistakes->len > 0) {
        fail_with(mistakes, error);
        if (ret_mistakes != NULL) {
            *ret_mistakes = g_steal_pointer(&mistakes);
        }
        return FALSE;
    }
    *ret_definition = g_steal_pointer(&definition);
    return TRUE;
}

gboolean cl_definition_load(const char *path, ClDefinition **ret_definition,
                            GPtrArray **ret_mistakes, GError **error)
{
    g_autoptr(GError) file_error = NULL;
    g_autofree char *data = NULL;
    gsize size;

    if (g_file_get_contents(path, &data, &size, &file_error)) {
        return cl_definition_parse(data, size, ret_definition, ret_mistakes, error);
    }
    if (ret_mistakes != NULL) {
        *ret_mistakes = cl_mistakes_new();
    }
    if (g_error_matches(file_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        return cl_fail(error, ERROR_FILE_NOT_FOUND, "%s", file_error->message);
    }
    if (g_error_matches(file_error, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "%s", file_error->message);
    }
    return cl_fail(error, ERROR_OPEN_FAILED, "%s", file_error->message);
}
