/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What depends on what: the order in groups, and order constraints.
 */
#include "attributes.h"
#include "edit.h"
#include "model-internal.h"
#include "xml.h"

/* --- Couples ------------------------------------------------------------------------------------ */

typedef struct {
    gconstpointer a, b;
} Couple;

static guint hash_couple(gconstpointer data)
{
    const Couple *couple = data;
    return g_direct_hash(couple->a) * 31 + g_direct_hash(couple->b);
}

static gboolean couples_equal(gconstpointer x, gconstpointer y)
{
    const Couple *left = x;
    const Couple *right = y;
    return left->a == right->a && left->b == right->b;
}

GHashTable *cl_pcmk_couples_new(void)
{
    return g_hash_table_new_full(hash_couple, couples_equal, g_free, NULL);
}

gboolean cl_pcmk_couples_add(GHashTable *couples, gconstpointer a, gconstpointer b)
{
    const Couple couple = {a, b};
    return g_hash_table_add(couples, g_memdup2(&couple, sizeof couple));
}

gboolean cl_pcmk_couples_have(GHashTable *couples, gconstpointer a, gconstpointer b)
{
    const Couple couple = {a, b};
    return g_hash_table_contains(couples, &couple);
}

/* --- What ids stand for ------------------------------------------------------------------------- */

void cl_pcmk_index_each(const ClPcmkIndex *index, const char *id, ClPcmkMeant meant, gpointer data)
{
    const GPtrArray *aliases = g_hash_table_lookup(index->aliases, id);
    if (!aliases || g_hash_table_contains(index->groups, id) ||
        g_hash_table_contains(index->resources, id)) {
        meant(id, data);
        return;
    }
    for (guint i = 0; i < aliases->len; i++) {
        meant(aliases->pdata[i], data);
    }
}

static void file_objects(ClPcmkIndex *index)
{
    const ClPcmkModel *model = index->model;
    for (guint i = 0; i < model->groups->len; i++) {
        ClPcmkGroup *group = model->groups->pdata[i];
        const char *inner = group->shape == CL_PCMK_CLONE
                                ? cl_xml_get(cl_xml_first(group->object.element, "group"), "id")
                                : NULL;
        cl_pcmk_lists_add(index->groups, group->xml_id, group);
        if (inner) {
            cl_pcmk_lists_add(index->groups, inner, group);
        }
    }
    for (guint i = 0; i < model->resources->len; i++) {
        ClPcmkResource *resource = model->resources->pdata[i];
        const char *template = cl_xml_get(resource->object.element, "template");
        cl_pcmk_lists_add(index->resources, resource->xml_id, resource);
        if (template) {
            cl_pcmk_lists_add(index->aliases, template, resource->xml_id);
        }
    }
}

static void file_tags(ClPcmkIndex *index)
{
    const xmlNode *tags = cl_xml_at(xmlDocGetRootElement(index->model->cib), "configuration/tags");
    for (xmlNode *tag = cl_xml_first(tags, "tag"); tag; tag = cl_xml_next(tag, "tag")) {
        const char *name = cl_xml_get(tag, "id");
        for (xmlNode *at = cl_xml_first(tag, "obj_ref"); at; at = cl_xml_next(at, "obj_ref")) {
            if (name && cl_xml_get(at, "id")) {
                cl_pcmk_lists_add(index->aliases, name, cl_xml_get(at, "id"));
            }
        }
    }
}

/* --- Dependencies ------------------------------------------------------------------------------- */

typedef struct {
    const ClPcmkIndex *index;
    GHashTable *known; /* couples of dependent and provider */
} Depending;

static void add_provider(const Depending *depending, GPtrArray *providers, gpointer dependent,
                         gpointer provider)
{
    if (cl_pcmk_couples_add(depending->known, dependent, provider)) {
        g_ptr_array_add(providers, provider);
    }
}

/* The groups and resources of some ids. */
typedef struct {
    const ClPcmkIndex *index;
    GPtrArray *groups, *resources;
} Objects;

static void collect(const char *id, gpointer data)
{
    const Objects *objects = data;
    const GPtrArray *groups = g_hash_table_lookup(objects->index->groups, id);
    const GPtrArray *resources = g_hash_table_lookup(objects->index->resources, id);
    for (guint i = 0; groups && i < groups->len; i++) {
        g_ptr_array_add(objects->groups, groups->pdata[i]);
    }
    for (guint i = 0; resources && i < resources->len; i++) {
        ClPcmkResource *resource = resources->pdata[i];
        g_ptr_array_add(objects->resources, resource);
        if (!groups) {
            g_ptr_array_add(objects->groups, resource->group);
        }
    }
}

static void clear_objects(Objects *objects)
{
    g_ptr_array_unref(objects->groups);
    g_ptr_array_unref(objects->resources);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Objects, clear_objects)

static gboolean is_interleaved(const ClPcmkGroup *clone)
{
    g_autoptr(GArray) pairs = cl_pcmk_pairs(clone->object.element, CL_PCMK_META);
    return cl_xml_text_is_true(cl_pcmk_pairs_value(pairs, "interleave"));
}

/* Instances of one clone do not wait for each other. Between two clones each waits for all of the other,
 * or if they are interleaved for that on its node. */
static gboolean is_apart(const ClPcmkGroup *dependent, const ClPcmkGroup *provider)
{
    if (g_strcmp0(dependent->xml_id, provider->xml_id) == 0) {
        return TRUE;
    }
    return dependent->shape == CL_PCMK_CLONE && provider->shape == CL_PCMK_CLONE &&
           dependent->node != provider->node && is_interleaved(dependent);
}

/* @then depends on @first: resources of one group on each other, else group on group. */
static void depend(const Depending *depending, const char *first, const char *then)
{
    const ClPcmkIndex *index = depending->index;
    g_auto(Objects) providers = {index, g_ptr_array_new(), g_ptr_array_new()};
    g_auto(Objects) dependents = {index, g_ptr_array_new(), g_ptr_array_new()};
    cl_pcmk_index_each(index, first, collect, &providers);
    cl_pcmk_index_each(index, then, collect, &dependents);
    for (guint i = 0; i < dependents.groups->len; i++) {
        for (guint k = 0; k < providers.groups->len; k++) {
            ClPcmkGroup *dependent = dependents.groups->pdata[i];
            if (!is_apart(dependent, providers.groups->pdata[k])) {
                add_provider(depending, dependent->providers, dependent,
                             providers.groups->pdata[k]);
            }
        }
    }
    for (guint i = 0; i < dependents.resources->len; i++) {
        for (guint k = 0; k < providers.resources->len; k++) {
            ClPcmkResource *dependent = dependents.resources->pdata[i];
            ClPcmkResource *provider = providers.resources->pdata[k];
            if (provider->group == dependent->group && provider != dependent) {
                add_provider(depending, dependent->providers, dependent, provider);
            }
        }
    }
}

/* In a <group> each depends on the one before, unless it says otherwise. */
static void add_order_of_group(const Depending *depending, const ClPcmkGroup *group)
{
    const xmlNode *inner = cl_xml_first(group->object.element, "group");
    const xmlNode *element = inner ? inner : group->object.element;
    const char *ordered = cl_xml_is(element, "group") ? cl_pcmk_meta(element, "ordered") : "false";
    for (guint i = 1; i < group->resources->len && (!ordered || cl_xml_text_is_true(ordered));
         i++) {
        ClPcmkResource *resource = group->resources->pdata[i];
        add_provider(depending, resource->providers, resource, group->resources->pdata[i - 1]);
    }
}

/* --- Order constraints -------------------------------------------------------------------------- */

static gboolean is_sequential(const xmlNode *set)
{
    const char *sequential = cl_xml_get(set, "sequential");
    return !sequential || cl_xml_text_is_true(sequential);
}

static const xmlNode *last_ref(const xmlNode *set)
{
    const xmlNode *last = NULL;
    for (xmlNode *at = cl_xml_first(set, "resource_ref"); at;
         at = cl_xml_next(at, "resource_ref")) {
        last = at;
    }
    return last;
}

static void depend_refs(const Depending *depending, const xmlNode *first, const xmlNode *then)
{
    if (cl_xml_get(first, "id") && cl_xml_get(then, "id")) {
        depend(depending, cl_xml_get(first, "id"), cl_xml_get(then, "id"));
    }
}

/* Of a set in sequence only the ends are tied to the sets beside it. */
static void depend_sets(const Depending *depending, const xmlNode *before, const xmlNode *set)
{
    const xmlNode *first =
        is_sequential(before) ? last_ref(before) : cl_xml_first(before, "resource_ref");
    for (; first; first = cl_xml_next(first, "resource_ref")) {
        const xmlNode *then = cl_xml_first(set, "resource_ref");
        for (; then; then = is_sequential(set) ? NULL : cl_xml_next(then, "resource_ref")) {
            depend_refs(depending, first, then);
        }
    }
}

static void read_order_set(const Depending *depending, const xmlNode *set)
{
    const xmlNode *last = NULL;
    for (xmlNode *at = cl_xml_first(set, "resource_ref"); at && is_sequential(set);
         at = cl_xml_next(at, "resource_ref")) {
        depend_refs(depending, last, at);
        last = at;
    }
}

/* One that is only a wish makes nothing depend. */
static gboolean is_mandatory(const xmlNode *constraint)
{
    const char *kind = cl_xml_get(constraint, "kind");
    const char *score = cl_xml_get(constraint, "score");
    return kind ? g_ascii_strcasecmp(kind, "Mandatory") == 0 : !score || cl_edit_score(score) > 0;
}

/* Nor one of what is to be stopped before something. */
static gboolean is_of_starts(const char *action)
{
    return !action || g_ascii_strcasecmp(action, "start") == 0 ||
           g_ascii_strcasecmp(action, "promote") == 0;
}

static void read_order(const Depending *depending, const xmlNode *constraint)
{
    const char *first = cl_xml_get(constraint, "first");
    const char *then = cl_xml_get(constraint, "then");
    const xmlNode *before = NULL;
    if (!is_mandatory(constraint) || !is_of_starts(cl_xml_get(constraint, "first-action")) ||
        !is_of_starts(cl_xml_get(constraint, "then-action"))) {
        return;
    }
    if (first && then) {
        depend(depending, first, then);
    }
    for (xmlNode *set = cl_xml_first(constraint, "resource_set"); set;
         set = cl_xml_next(set, "resource_set")) {
        if (is_of_starts(cl_xml_get(set, "action"))) {
            read_order_set(depending, set);
            depend_sets(depending, before, set);
            before = set;
        }
    }
}

/* --- All ---------------------------------------------------------------------------------------- */

static void add_dependencies(const ClPcmkIndex *index)
{
    const ClPcmkModel *model = index->model;
    const xmlNode *constraints =
        cl_xml_at(xmlDocGetRootElement(model->cib), "configuration/constraints");
    g_autoptr(GHashTable) known = cl_pcmk_couples_new();
    const Depending depending = {index, known};
    for (guint i = 0; i < model->groups->len; i++) {
        add_order_of_group(&depending, model->groups->pdata[i]);
    }
    for (xmlNode *at = cl_xml_first(constraints, "rsc_order"); at;
         at = cl_xml_next(at, "rsc_order")) {
        read_order(&depending, at);
    }
}

void cl_pcmk_model_add_relations(ClPcmkModel *model, const ClPcmkSources *sources)
{
    g_autoptr(GHashTable) groups = cl_pcmk_lists_new();
    g_autoptr(GHashTable) resources = cl_pcmk_lists_new();
    g_autoptr(GHashTable) aliases = cl_pcmk_lists_new();
    ClPcmkIndex index = {model, groups, resources, aliases};
    file_objects(&index);
    file_tags(&index);
    cl_pcmk_model_add_owners(&index, sources);
    add_dependencies(&index);
}
