/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which names and ids the objects of a cluster can have, and that no two of a kind share one.
 * Only looks at the definition.
 */
#include "definition-internal.h"
#include "text.h"

#include <string.h>

/* In characters of the API, without the NUL. */
#define MAX_TYPE_NAME 256

static gboolean is_host_label(const char *label, gsize length)
{
    if (length == 0 || length > MAX_CLUSTERNAME_LENGTH || label[0] == '-' ||
        label[length - 1] == '-') {
        return FALSE;
    }
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(label[i]) && label[i] != '-') {
            return FALSE;
        }
    }
    return TRUE;
}

const char *cl_definition_host_name_fault(const char *name)
{
    if (!is_host_label(name, strlen(name))) {
        return "is 1 to 63 letters, digits and hyphens, with no hyphen at an end";
    }
    return name[strspn(name, "0123456789")] == '\0' ? "cannot be digits alone" : NULL;
}

gboolean cl_definition_is_domain(const char *domain)
{
    g_auto(GStrv) labels = g_strsplit(domain, ".", -1);

    for (char **label = labels; *label != NULL; label++) {
        if (!is_host_label(*label, strlen(*label))) {
            return FALSE;
        }
    }
    return strlen(domain) <= 253;
}

const char *cl_definition_name_fault(ClKind kind, const char *name)
{
    switch (kind) {
    case CL_KIND_CLUSTER:
    case CL_KIND_NODE:
        return cl_definition_host_name_fault(name);
    case CL_KIND_NETWORK:
    case CL_KIND_NETINTERFACE:
        return name[strspn(name, " ")] == '\0' ? "cannot be empty or spaces alone" : NULL;
    case CL_KIND_RESOURCE_TYPE:
        if (*name == '\\') {
            return "cannot begin with a backslash";
        }
        if (cl_text_wide_length(name) > MAX_TYPE_NAME) {
            return "cannot be longer than 256 characters";
        }
        break;
    default:
        break;
    }
    return name[strspn(name, " \t\r\n")] == '\0' ? "cannot be empty or blanks alone" : NULL;
}

static void check_name(const ClDefined *object, GPtrArray *mistakes)
{
    const char *fault = cl_definition_name_fault(object->kind, object->name);

    if (fault != NULL) {
        cl_mistakes_add(mistakes, cl_defined_line(object, "name"), "the name of a %s %s",
                        cl_section_kind(object->kind)->word, fault);
    }
}

/* Whether @text names or identifies another object than @object; else notes it for @object. */
static gboolean is_taken(GHashTable *seen, const char *text, ClDefined *object,
                         const ClDefined **ret_other)
{
    const ClDefined *other = g_hash_table_lookup(seen, text);

    if (other == NULL) {
        g_hash_table_insert(seen, (gpointer)text, object);
    }
    *ret_other = other;
    return other != NULL && other != object;
}

/* Names and ids are looked up alike, so they have to differ from each other, too. */
static void check_unique(GHashTable *seen, ClDefined *object, GPtrArray *mistakes)
{
    const char *word = cl_section_kind(object->kind)->word;
    const ClDefined *other;

    if (is_taken(seen, object->key, object, &other)) {
        cl_mistakes_add(mistakes, cl_defined_line(object, "name"),
                        "the %s of line %u has this name or id already", word,
                        cl_defined_line(other, "name"));
    }
    if (object->id != NULL && is_taken(seen, object->id, object, &other)) {
        cl_mistakes_add(mistakes, cl_defined_line(object, "id"),
                        "the %s of line %u has this id or name already", word,
                        cl_defined_line(other, "name"));
    }
}

static void check_kind(const ClDefinition *definition, ClKind kind, GPtrArray *mistakes)
{
    GPtrArray *objects = cl_definition_objects(definition, kind);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < objects->len; i++) {
        ClDefined *object = objects->pdata[i];

        if (object->name == NULL) {
            continue;
        }
        check_name(object, mistakes);
        if (object->section == NULL || !object->section->duplicate) {
            check_unique(seen, object, mistakes);
        }
    }
}

static void check_cluster(const ClDefinition *definition, GPtrArray *mistakes)
{
    const ClDefinedCluster *cluster = cl_definition_cluster(definition);

    if (cluster->domain != NULL && *cluster->domain != '\0' &&
        !cl_definition_is_domain(cluster->domain)) {
        cl_mistakes_add(mistakes, cl_defined_line(&cluster->object, "domain"),
                        "\"%s\" is no DNS domain", cluster->domain);
    }
    for (guint i = 0; i < definition->nodes->len; i++) {
        const ClDefined *node = definition->nodes->pdata[i];

        if (node->key != NULL && g_strcmp0(node->key, cluster->object.key) == 0) {
            cl_mistakes_add(mistakes, cl_defined_line(node, "name"),
                            "the cluster has this name already");
        }
    }
}

void cl_definition_check_names(const ClDefinition *definition, GPtrArray *mistakes)
{
    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        if (cl_section_kinds[i].kind != CL_KIND_KEY) {
            check_kind(definition, cl_section_kinds[i].kind, mistakes);
        }
    }
    if (definition->clusters->len > 0) {
        check_cluster(definition, mistakes);
    }
}
