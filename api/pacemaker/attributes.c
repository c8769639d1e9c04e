/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "attributes.h"

#include <string.h>

#include "edit.h"

/* --- Elements ----------------------------------------------------------------------------------- */

static const xmlNode *root_of(const xmlNode *node)
{
    return xmlDocGetRootElement(node->doc);
}

/* Below @node, itself included; @name NULL: any element. */
static const xmlNode *find_id(const xmlNode *node, const char *name, const char *id)
{
    if (cl_xml_is(node, name) && g_strcmp0(cl_xml_get(node, "id"), id) == 0) {
        return node;
    }
    const xmlNode *found = NULL;
    for (const xmlNode *at = cl_xml_first(node, NULL); at && !found; at = cl_xml_next(at, NULL)) {
        found = find_id(at, name, id);
    }
    return found;
}

/* What an id-ref stands for, else the element itself; NULL: it leads nowhere. */
static const xmlNode *resolve(const xmlNode *element)
{
    const char *reference = cl_xml_get(element, "id-ref");
    return reference ? find_id(root_of(element), (const char *)element->name, reference) : element;
}

static const xmlNode *template_of(const xmlNode *resource)
{
    const char *template = cl_xml_get(resource, "template");
    const xmlNode *resources =
        template ? cl_xml_at(root_of(resource), "configuration/resources") : NULL;
    return cl_xml_child_with(resources, "template", "id", template);
}

xmlNode *cl_pcmk_same_element(xmlNode *cib, const xmlNode *element)
{
    if (!element || !element->parent || element->parent->type != XML_ELEMENT_NODE) {
        return cl_xml_is(element, (const char *)cib->name) ? cib : NULL;
    }
    xmlNode *parent = cl_pcmk_same_element(cib, element->parent);
    return cl_xml_child_with(parent, (const char *)element->name, "id", cl_xml_get(element, "id"));
}

static xmlNode *add_child(xmlNode *parent, const char *name, const char *base)
{
    g_autofree char *id = cl_edit_new_id(root_of(parent), "%s", base);
    return cl_edit_add(parent, name, "id", id, NULL);
}

/* --- Nvpairs ------------------------------------------------------------------------------------ */

typedef struct {
    const xmlNode *element; /* as the resource has it */
    const xmlNode *set;     /* what it stands for */
    gint64 score;
    gint order;
} Set;

/* The highest score first; of equal ones Pacemaker takes the last. */
static gint by_weight(gconstpointer a, gconstpointer b)
{
    const Set *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : y->order - x->order;
}

/* Pacemaker takes this one before all others. */
#define BOOTSTRAP "cib-bootstrap-options"

static gint64 weight_of(const xmlNode *set)
{
    return g_strcmp0(cl_xml_get(set, "id"), BOOTSTRAP) == 0
               ? G_MAXINT64
               : cl_edit_score(cl_xml_get(set, "score"));
}

static gboolean counts(const xmlNode *set)
{
    const char *id = cl_xml_is(set, CL_PCMK_CONFIG) ? cl_xml_get(set, "id") : NULL;
    return set && !(id && g_str_has_prefix(id, CL_PCMK_OWN_SETS)) && !cl_xml_first(set, "rule");
}

static GArray *sets_of(const xmlNode *element, const char *name)
{
    GArray *sets = g_array_new(FALSE, FALSE, sizeof(Set));
    gint order = 0;
    for (xmlNode *at = cl_xml_first(element, name); at; at = cl_xml_next(at, name)) {
        const xmlNode *set = resolve(at);
        if (counts(set)) {
            Set one = {at, set, weight_of(set), order++};
            g_array_append_val(sets, one);
        }
    }
    g_array_sort(sets, by_weight);
    return sets;
}

static const ClPcmkPair *find_pair(const GArray *pairs, const char *name)
{
    for (guint i = 0; pairs && i < pairs->len; i++) {
        const ClPcmkPair *pair = &g_array_index(pairs, ClPcmkPair, i);
        if (strcmp(pair->name, name) == 0) {
            return pair;
        }
    }
    return NULL;
}

static ClPcmkPair read_pair(const xmlNode *nvpair)
{
    const xmlNode *meant = resolve(nvpair);
    const char *name = cl_xml_get(nvpair, "name");
    const char *value = cl_xml_get(nvpair, "value");
    return (ClPcmkPair){.name = name ? name : cl_xml_get(meant, "name"),
                        .value = value ? value : cl_xml_get(meant, "value"),
                        .own = meant == nvpair};
}

/* What the service has set of its own accord, and does again as it sees fit, is no setting. */
static gboolean is_ours(const xmlNode *pair)
{
    const char *id = cl_xml_get(pair, "id");
    return id && g_str_has_prefix(id, CL_PCMK_OWN_SETS);
}

static void add_pairs(const xmlNode *set, gboolean own, GArray *pairs)
{
    for (xmlNode *at = cl_xml_first(set, "nvpair"); at; at = cl_xml_next(at, "nvpair")) {
        ClPcmkPair pair = read_pair(at);
        pair.own = pair.own && own;
        if (pair.name && pair.value && !is_ours(at) && !find_pair(pairs, pair.name)) {
            g_array_append_val(pairs, pair);
        }
    }
}

static void add_sets(const xmlNode *element, const char *name, gboolean own, GArray *pairs)
{
    g_autoptr(GArray) sets = sets_of(element, name);
    for (guint i = 0; i < sets->len; i++) {
        const Set *set = &g_array_index(sets, Set, i);
        add_pairs(set->set, own && set->set == set->element, pairs);
    }
}

GArray *cl_pcmk_pairs(const xmlNode *element, const char *set)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(ClPcmkPair));
    const xmlNode *template = element ? template_of(element) : NULL;
    add_sets(element, set, TRUE, pairs);
    if (template) {
        add_sets(template, set, FALSE, pairs);
    }
    return pairs;
}

const char *cl_pcmk_pairs_value(const GArray *pairs, const char *name)
{
    const ClPcmkPair *pair = find_pair(pairs, name);
    return pair && strcmp(pair->value, "#default") != 0 ? pair->value : NULL;
}

gboolean cl_pcmk_pairs_equal(const GArray *a, const GArray *b)
{
    for (guint i = 0; a->len == b->len && i < a->len; i++) {
        const ClPcmkPair *x = &g_array_index(a, ClPcmkPair, i);
        const ClPcmkPair *y = &g_array_index(b, ClPcmkPair, i);
        if (strcmp(x->name, y->name) != 0 || strcmp(x->value, y->value) != 0) {
            return FALSE;
        }
    }
    return a->len == b->len;
}

/* From all own sets, so that none of less weight comes to light. */
static void remove_pairs(xmlNode *element, const char *set, const char *name, gboolean only_ours)
{
    for (xmlNode *at = cl_xml_first(element, set); at; at = cl_xml_next(at, set)) {
        xmlNode *pair = counts(at) ? cl_xml_first(at, "nvpair") : NULL;
        while (pair) {
            xmlNode *next = cl_xml_next(pair, "nvpair");
            if (g_strcmp0(read_pair(pair).name, name) == 0 && (is_ours(pair) || !only_ours)) {
                cl_edit_remove(pair);
            }
            pair = next;
        }
    }
}

/* The set that a new pair goes to: of the element's own the weightiest. */
static xmlNode *own_set(xmlNode *element, const char *name)
{
    g_autoptr(GArray) sets = sets_of(element, name);
    for (guint i = 0; i < sets->len; i++) {
        const Set *set = &g_array_index(sets, Set, i);
        if (set->set == set->element) {
            return (xmlNode *)set->set;
        }
    }
    const char *id = cl_xml_get(element, "id");
    g_autofree char *base = !id                          ? g_strdup(BOOTSTRAP)
                            : cl_xml_is(element, "node") ? g_strconcat("nodes-", id, NULL)
                                                         : g_strconcat(id, "-", name, NULL);
    return add_child(element, name, base);
}

static xmlNode *find_own(xmlNode *element, const char *set, const char *name)
{
    g_autoptr(GArray) sets = sets_of(element, set);
    for (guint i = 0; i < sets->len; i++) {
        const Set *one = &g_array_index(sets, Set, i);
        xmlNode *pair =
            one->set == one->element ? cl_xml_child_with(one->set, "nvpair", "name", name) : NULL;
        if (pair && !cl_xml_get(pair, "id-ref")) {
            return pair;
        }
    }
    return NULL;
}

gboolean cl_pcmk_pair_is_ours(const xmlNode *element, const char *set, const char *name)
{
    return is_ours(cl_xml_nvpair(element, set, name));
}

gboolean cl_pcmk_pair_write(xmlNode *element, const char *set, const char *name, const char *value,
                            GError **error)
{
    remove_pairs(element, set, name, value != NULL);
    xmlNode *pair = value ? find_own(element, set, name) : NULL;
    if (value && !pair) {
        xmlNode *into = own_set(element, set);
        g_autofree char *base = g_strconcat(cl_xml_get(into, "id"), "-", name, NULL);
        pair = add_child(into, "nvpair", base);
        cl_edit_set(pair, "name", name);
    }
    if (pair) {
        cl_edit_set(pair, "value", value);
    }
    g_autoptr(GArray) pairs = cl_pcmk_pairs(element, set);
    const ClPcmkPair *now = find_pair(pairs, name);
    return g_strcmp0(now ? now->value : NULL, value) == 0 ||
           cl_fail(error, ERROR_NOT_SUPPORTED, "%s is set where others share it", name);
}

/* --- Meta attributes ---------------------------------------------------------------------------- */

static gboolean holds_resources(const xmlNode *element)
{
    static const char *const names[] = {"group", "clone", "master", "bundle", NULL};
    return element && element->type == XML_ELEMENT_NODE &&
           g_strv_contains(names, (const char *)element->name);
}

const char *cl_pcmk_meta(const xmlNode *resource, const char *name)
{
    const xmlNode *at = resource;
    const char *value = NULL;
    while (at && !value) {
        g_autoptr(GArray) pairs = cl_pcmk_pairs(at, CL_PCMK_META);
        value = cl_pcmk_pairs_value(pairs, name);
        at = holds_resources(at->parent) ? at->parent : NULL;
    }
    if (resource && !value) {
        g_autoptr(GArray) defaults =
            cl_pcmk_pairs(cl_xml_at(root_of(resource), "configuration/rsc_defaults"), CL_PCMK_META);
        value = cl_pcmk_pairs_value(defaults, name);
    }
    return value;
}

/* --- Operations --------------------------------------------------------------------------------- */

/* A monitor of the promoted or the stopped watches something else. */
static gboolean is_meant(const xmlNode *op, const char *name)
{
    static const char *const others[] = {"Promoted", "Master", "Stopped", NULL};
    const char *role = cl_xml_get(op, "role");
    guint64 interval;
    if (g_strcmp0(cl_xml_get(op, "name"), name) != 0) {
        return FALSE;
    }
    return strcmp(name, "monitor") != 0 ||
           (cl_pcmk_duration(cl_xml_get(op, "interval"), &interval) && interval > 0 &&
            !(role && g_strv_contains(others, role)));
}

static const xmlNode *operation_of(const xmlNode *resource, const char *name)
{
    const xmlNode *operations = cl_xml_first(resource, "operations");
    const xmlNode *op = operations ? cl_xml_first(resolve(operations), "op") : NULL;
    while (op && !is_meant(op, name)) {
        op = cl_xml_next(op, "op");
    }
    return op;
}

const xmlNode *cl_pcmk_operation(const xmlNode *resource, const char *name)
{
    const xmlNode *template = resource ? template_of(resource) : NULL;
    const xmlNode *op = resource ? operation_of(resource, name) : NULL;
    return op || !template ? op : operation_of(template, name);
}

const char *cl_pcmk_operation_value(const xmlNode *resource, const char *name,
                                    const char *attribute)
{
    const xmlNode *op = cl_pcmk_operation(resource, name);
    const char *value = cl_xml_get(op, attribute);
    if (op && !value) {
        g_autoptr(GArray) pairs = cl_pcmk_pairs(op, CL_PCMK_META);
        value = cl_pcmk_pairs_value(pairs, attribute);
    }
    if (resource && !value) {
        g_autoptr(GArray) defaults =
            cl_pcmk_pairs(cl_xml_at(root_of(resource), "configuration/op_defaults"), CL_PCMK_META);
        value = cl_pcmk_pairs_value(defaults, attribute);
    }
    return value;
}

/* The resource's own list of operations, made if there is none; NULL if it is another's. */
static xmlNode *own_operations(xmlNode *resource, GError **error)
{
    xmlNode *operations = cl_xml_first(resource, "operations");
    if (!operations) {
        operations = cl_edit_add(resource, "operations", NULL);
    } else if (cl_xml_get(operations, "id-ref")) {
        (void)cl_fail(error, ERROR_NOT_SUPPORTED, "other resources share the operations of %s",
                      cl_xml_get(resource, "id"));
        return NULL;
    }
    return operations;
}

/* Pacemaker tells monitors apart by how often they run. */
static gboolean check_interval(const xmlNode *operations, const xmlNode *own, const char *name,
                               const char *interval, GError **error)
{
    guint64 wanted, other;
    if (!cl_pcmk_duration(interval, &wanted)) {
        return TRUE;
    }
    for (xmlNode *op = cl_xml_first(operations, "op"); op; op = cl_xml_next(op, "op")) {
        if (op != own && g_strcmp0(cl_xml_get(op, "name"), name) == 0 &&
            cl_pcmk_duration(cl_xml_get(op, "interval"), &other) && other == wanted) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "another %s has the interval %s", name,
                           interval);
        }
    }
    return TRUE;
}

/* What a template says of the operation counts no more once the resource has its own. */
static xmlNode *add_operation(xmlNode *resource, xmlNode *operations, const char *name)
{
    const xmlNode *former = cl_pcmk_operation(resource, name);
    g_autofree char *base = g_strconcat(cl_xml_get(resource, "id"), "-", name, NULL);
    xmlNode *op = add_child(operations, "op", base);
    cl_edit_set(op, "name", name);
    cl_edit_set(op, "interval", "0");
    for (const xmlAttr *at = former ? former->properties : NULL; at; at = at->next) {
        const char *attribute = (const char *)at->name;
        if (strcmp(attribute, "id") != 0) {
            cl_edit_set(op, attribute, cl_xml_get(former, attribute));
        }
    }
    return op;
}

gboolean cl_pcmk_operation_write(xmlNode *resource, const char *name, const char *attribute,
                                 const char *value, GError **error)
{
    xmlNode *operations = own_operations(resource, error);
    if (!operations) {
        return FALSE;
    }
    xmlNode *op = (xmlNode *)operation_of(resource, name);
    if (strcmp(attribute, "interval") == 0 && !check_interval(operations, op, name, value, error)) {
        return FALSE;
    }
    if (!op) {
        op = add_operation(resource, operations, name);
    }
    cl_edit_set(op, attribute, value);
    return TRUE;
}

gboolean cl_pcmk_operation_remove(xmlNode *resource, const char *name, GError **error)
{
    xmlNode *operations = own_operations(resource, error);
    xmlNode *op = operations ? (xmlNode *)operation_of(resource, name) : NULL;
    if (!operations) {
        return FALSE;
    }
    if (op) {
        cl_edit_remove(op);
    }
    return !cl_pcmk_operation(resource, name) ||
           cl_fail(error, ERROR_NOT_SUPPORTED, "the template of %s has the operation %s",
                   cl_xml_get(resource, "id"), name);
}
