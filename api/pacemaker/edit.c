/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit.h"

#include <string.h>

/* --- Elements --------------------------------------------------------------------------------- */

void cl_edit_set(xmlNode *element, const char *attribute, const char *value)
{
    xmlSetProp(element, (const xmlChar *)attribute, (const xmlChar *)value);
}

xmlNode *cl_edit_add(xmlNode *parent, const char *name, ...)
{
    xmlNode *added = xmlNewChild(parent, NULL, (const xmlChar *)name, NULL);
    va_list attributes;
    va_start(attributes, name);
    for (const char *at = va_arg(attributes, const char *); at != NULL;
         at = va_arg(attributes, const char *)) {
        const char *value = va_arg(attributes, const char *);
        if (value != NULL) {
            cl_edit_set(added, at, value);
        }
    }
    va_end(attributes);
    return added;
}

void cl_edit_remove(xmlNode *element)
{
    xmlUnlinkNode(element);
    xmlFreeNode(element);
}

static xmlNode *child(xmlNode *parent, const char *name)
{
    xmlNode *found = cl_xml_first(parent, name);
    return found != NULL ? found : cl_edit_add(parent, name, NULL);
}

xmlNode *cl_edit_section(xmlNode *cib, const char *name)
{
    return child(child(cib, "configuration"), name);
}

/* The next element of a tree in the order of the document; without the children of @at if @over. */
static xmlNode *step(const xmlNode *root, const xmlNode *at, gboolean over)
{
    xmlNode *next = over ? NULL : cl_xml_first(at, NULL);
    while (next == NULL && at != root) {
        next = cl_xml_next(at, NULL);
        at = at->parent;
    }
    return next;
}

/* The next one after @from. */
static xmlNode *next_below(const xmlNode *root, const xmlNode *from, const char *name,
                           const char *attribute, const char *value)
{
    xmlNode *at = step(root, from, FALSE);
    while (at != NULL &&
           !(cl_xml_is(at, name) && g_strcmp0(cl_xml_get(at, attribute), value) == 0)) {
        at = step(root, at, FALSE);
    }
    return at;
}

static xmlNode *find_below(const xmlNode *root, const char *name, const char *attribute,
                           const char *value)
{
    return root != NULL ? next_below(root, root, name, attribute, value) : NULL;
}

/* Members of sets and tags only name what is elsewhere. */
xmlNode *cl_edit_find(const xmlNode *cib, const char *name, const char *id)
{
    const xmlNode *root = cl_xml_first(cib, "configuration");
    xmlNode *found = find_below(root, name, "id", id);
    while (found != NULL && (cl_xml_is(found, "resource_ref") || cl_xml_is(found, "obj_ref"))) {
        found = next_below(root, found, name, "id", id);
    }
    return found;
}

/* --- Ids -------------------------------------------------------------------------------------- */

gboolean cl_edit_is_id(const char *text)
{
    return xmlValidateNCName((const xmlChar *)text, 0) == 0;
}

/* Only what is an id wherever it stands; names of nodes have dots and hyphens too. */
static char *clean(const char *text)
{
    g_autoptr(GString) id = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        char letter[] = {'_', '\0', '\0', '\0', '\0', '\0', '\0', '\0'};
        letter[1 + g_unichar_to_utf8(g_utf8_get_char(at), letter + 1)] = '\0';
        g_string_append(id, cl_edit_is_id(letter) ? letter + 1 : "_");
    }
    return g_string_free(g_steal_pointer(&id), FALSE);
}

char *cl_edit_new_id(const xmlNode *cib, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *stem = clean(text);
    char *id = g_strdup(stem);
    for (guint number = 2; cl_edit_find(cib, NULL, id) != NULL; number++) {
        g_free(id);
        id = g_strdup_printf("%s-%u", stem, number);
    }
    return id;
}

/* --- Name-value pairs --------------------------------------------------------------------------- */

static gboolean is_plain_set(const xmlNode *set)
{
    return cl_xml_first(set, "rule") == NULL && cl_xml_get(set, "id-ref") == NULL;
}

/* What the service has set of its own accord, and does again as it sees fit. */
static gboolean is_ours(const xmlNode *pair)
{
    const char *id = cl_xml_get(pair, "id");
    return id != NULL && g_str_has_prefix(id, "clusapi-");
}

static void drop_pairs(xmlNode *element, const char *kind, const char *name, const xmlNode *but)
{
    for (xmlNode *set = cl_xml_first(element, kind); set != NULL; set = cl_xml_next(set, kind)) {
        xmlNode *next = NULL;
        for (xmlNode *at = cl_xml_first(set, "nvpair"); at != NULL && is_plain_set(set);
             at = next) {
            next = cl_xml_next(at, "nvpair");
            if (at != but && g_strcmp0(cl_xml_get(at, "name"), name) == 0) {
                cl_edit_remove(at);
            }
        }
    }
}

static xmlNode *plain_set(const xmlNode *element, const char *kind)
{
    xmlNode *set = cl_xml_first(element, kind);
    while (set != NULL && !is_plain_set(set)) {
        set = cl_xml_next(set, kind);
    }
    return set;
}

static void set_pair(xmlNode *cib, xmlNode *element, const char *kind, const char *name,
                     const char *value)
{
    xmlNode *set = plain_set(element, kind);
    xmlNode *pair = cl_xml_child_with(set, "nvpair", "name", name);
    pair = is_ours(pair) ? NULL : pair;
    drop_pairs(element, kind, name, pair);
    if (set == NULL) {
        g_autofree char *id = cl_edit_new_id(cib, "%s-%s", cl_xml_get(element, "id"), kind);
        set = cl_edit_add(element, kind, "id", id, NULL);
    }
    if (pair == NULL) {
        g_autofree char *id = cl_edit_new_id(cib, "%s-%s", cl_xml_get(set, "id"), name);
        cl_edit_add(set, "nvpair", "id", id, "name", name, "value", value, NULL);
    } else {
        cl_edit_set(pair, "value", value);
    }
}

void cl_edit_set_meta(xmlNode *cib, xmlNode *element, const char *name, const char *value)
{
    set_pair(cib, element, "meta_attributes", name, value);
}

void cl_edit_drop_meta(xmlNode *element, const char *name)
{
    drop_pairs(element, "meta_attributes", name, NULL);
}

/* As Pacemaker's own commands name it: nodes-ID, nodes-ID-NAME. */
void cl_edit_set_node_attribute(xmlNode *cib, xmlNode *node, const char *name, const char *value)
{
    xmlNode *set = plain_set(node, "instance_attributes");
    if (value == NULL) {
        drop_pairs(node, "instance_attributes", name, NULL);
        return;
    }
    if (set == NULL) {
        g_autofree char *id = cl_edit_new_id(cib, "nodes-%s", cl_xml_get(node, "id"));
        cl_edit_add(node, "instance_attributes", "id", id, NULL);
    }
    set_pair(cib, node, "instance_attributes", name, value);
}

/* --- Properties ----------------------------------------------------------------------------------- */

static xmlNode *find_set(const xmlNode *cib, const char *set)
{
    return cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"), "cluster_property_set",
                             "id", set);
}

const char *cl_edit_property(const xmlNode *cib, const char *set, const char *name)
{
    return cl_xml_get(cl_xml_child_with(find_set(cib, set), "nvpair", "name", name), "value");
}

void cl_edit_set_property(xmlNode *cib, const char *set, const char *name, const char *value)
{
    xmlNode *element = find_set(cib, set);
    xmlNode *pair = cl_xml_child_with(element, "nvpair", "name", name);
    if (value == NULL) {
        g_clear_pointer(&pair, cl_edit_remove);
        if (element != NULL && cl_xml_first(element, NULL) == NULL) {
            cl_edit_remove(element);
        }
        return;
    }
    if (element == NULL) {
        element = cl_edit_add(cl_edit_section(cib, "crm_config"), "cluster_property_set", "id", set,
                              NULL);
    }
    if (pair == NULL) {
        gboolean told = g_str_has_prefix(name, set);
        g_autofree char *id = cl_edit_new_id(cib, "%s%s%s", told ? "" : set, told ? "" : "-", name);
        cl_edit_add(element, "nvpair", "id", id, "name", name, "value", value, NULL);
    } else {
        cl_edit_set(pair, "value", value);
    }
}

/* --- Scores ----------------------------------------------------------------------------------- */

gint64 cl_edit_score(const char *text)
{
    gint64 score = 0;
    if (text == NULL) {
        return 0;
    }
    if (strcmp(text, "INFINITY") == 0 || strcmp(text, "+INFINITY") == 0) {
        return CL_EDIT_INFINITY;
    }
    if (strcmp(text, "-INFINITY") == 0) {
        return -CL_EDIT_INFINITY;
    }
    (void)g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &score, NULL);
    return CLAMP(score, -CL_EDIT_INFINITY, CL_EDIT_INFINITY);
}

/* --- References ----------------------------------------------------------------------------------- */

/* The attributes by which something refers to a resource or a group of them. */
static const struct {
    const char *element, *attribute;
} references[] = {
    {"rsc_location", "rsc"}, {"rsc_colocation", "rsc"}, {"rsc_colocation", "with-rsc"},
    {"rsc_order", "first"},  {"rsc_order", "then"},     {"rsc_ticket", "rsc"},
    {"resource_ref", "id"},  {"obj_ref", "id"},         {"acl_permission", "reference"},
};

/* How many of them an element goes with, when what it refers to goes. */
#define FALLING 8

static const char *reference_of(const xmlNode *element, const char *id, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (cl_xml_is(element, references[i].element) &&
            g_strcmp0(cl_xml_get(element, references[i].attribute), id) == 0) {
            return references[i].attribute;
        }
    }
    return NULL;
}

static guint count_sets(const xmlNode *constraint)
{
    guint n = 0;
    for (const xmlNode *at = cl_xml_first(constraint, "resource_set"); at != NULL;
         at = cl_xml_next(at, "resource_set")) {
        n++;
    }
    return n;
}

/* What an element that has lost a child cannot be without: a set and a tag their members, an order
 * or a colocation two of them. */
static gboolean is_void(const xmlNode *element)
{
    if (cl_xml_is(element, "resource_set") || cl_xml_is(element, "tag")) {
        return cl_xml_first(element, NULL) == NULL;
    }
    if (!cl_xml_is(element, "rsc_order") && !cl_xml_is(element, "rsc_colocation")) {
        return cl_xml_is(element, "rsc_location") || cl_xml_is(element, "rsc_ticket")
                   ? count_sets(element) == 0
                   : FALSE;
    }
    const xmlNode *set = cl_xml_first(element, "resource_set");
    const xmlNode *member = cl_xml_first(set, NULL);
    return set == NULL ||
           (count_sets(element) == 1 && member != NULL && cl_xml_next(member, NULL) == NULL);
}

void cl_edit_drop_references(xmlNode *cib, const char *id)
{
    xmlNode *root = cl_xml_first(cib, "configuration");
    xmlNode *next = NULL;
    for (xmlNode *at = root != NULL ? step(root, root, FALSE) : NULL; at != NULL; at = next) {
        if (reference_of(at, id, FALLING) == NULL) {
            next = step(root, at, FALSE);
            continue;
        }
        xmlNode *gone = at;
        xmlNode *parent = at->parent;
        next = step(root, gone, TRUE);
        cl_edit_remove(gone);
        while (is_void(parent) || (cl_xml_is(parent, "resource_set") && is_void(parent->parent))) {
            gone = parent;
            parent = gone->parent;
            next = step(root, gone, TRUE);
            cl_edit_remove(gone);
        }
    }
}

void cl_edit_rename_references(xmlNode *cib, const char *id, const char *renamed)
{
    xmlNode *root = cl_xml_first(cib, "configuration");
    for (xmlNode *at = root != NULL ? step(root, root, FALSE) : NULL; at != NULL;
         at = step(root, at, FALSE)) {
        const char *attribute;
        while ((attribute = reference_of(at, id, G_N_ELEMENTS(references))) != NULL) {
            cl_edit_set(at, attribute, renamed);
        }
    }
}

const xmlNode *cl_edit_find_user(const xmlNode *cib, const xmlNode *element)
{
    for (const xmlNode *at = element; at != NULL; at = step(element, at, FALSE)) {
        const char *id = cl_xml_get(at, "id");
        const xmlNode *user =
            id != NULL ? find_below(cl_xml_first(cib, "configuration"), NULL, "id-ref", id) : NULL;
        const xmlNode *within = user;
        while (within != NULL && within != element) {
            within = within->parent;
        }
        if (user != NULL && within == NULL) {
            return user;
        }
    }
    return NULL;
}
