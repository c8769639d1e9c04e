/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What constraints mean: possible and preferred owners, moves under way, dependencies.
 */
#include <string.h>

#include "edit.h"
#include "model.h"
#include "move.h"
#include "xml.h"

/* A location as it holds for one node. */
typedef struct {
    ClPcmkNode *node;
    gint64 score;
    const xmlNode *constraint;
} Location;

/* By id of what it is for: GArray of Location; and by id in the CIB what there is. */
typedef struct {
    ClPcmkModel *model;
    GHashTable *locations;
    GHashTable *groups;    /* id to GPtrArray of ClPcmkGroup */
    GHashTable *resources; /* id to GPtrArray of ClPcmkResource */
} Relating;

static void unref_array(gpointer array)
{
    g_array_unref(array);
}

static void unref_list(gpointer list)
{
    g_ptr_array_unref(list);
}

/* --- Locations ---------------------------------------------------------------------------------- */

static void add_location(Relating *relating, const char *id, ClPcmkNode *node, gint64 score,
                         const xmlNode *constraint)
{
    const Location location = {node, score, constraint};
    GArray *list = g_hash_table_lookup(relating->locations, id);
    if (!list) {
        list = g_array_new(FALSE, FALSE, sizeof(Location));
        g_hash_table_insert(relating->locations, g_strdup(id), list);
    }
    g_array_append_val(list, location);
}

/* Of the expressions those that name nodes; more than one, and what is no name, are not read. */
static const xmlNode *named_node(const xmlNode *rule)
{
    const xmlNode *found = NULL;
    for (xmlNode *at = cl_xml_first(rule, "expression"); at; at = cl_xml_next(at, "expression")) {
        if (found || g_strcmp0(cl_xml_get(at, "attribute"), "#uname") != 0) {
            return NULL;
        }
        found = at;
    }
    return cl_xml_first(rule, "rule") ? NULL : found;
}

static void read_rule(Relating *relating, const char *id, const xmlNode *constraint,
                      const xmlNode *rule)
{
    const xmlNode *expression = named_node(rule);
    const char *operation = cl_xml_get(expression, "operation");
    const char *value = cl_xml_get(expression, "value");
    gint64 score = cl_edit_score(cl_xml_get(rule, "score"));
    gboolean same = g_strcmp0(operation, "eq") == 0;
    if (!value || (!same && g_strcmp0(operation, "ne") != 0)) {
        return;
    }
    for (guint i = 0; i < relating->model->nodes->len; i++) {
        ClPcmkNode *node = relating->model->nodes->pdata[i];
        if ((g_ascii_strcasecmp(node->object.name, value) == 0) == same) {
            add_location(relating, id, node, score, constraint);
        }
    }
}

static void read_for(Relating *relating, const char *id, const xmlNode *constraint)
{
    const char *name = cl_xml_get(constraint, "node");
    ClPcmkNode *node =
        name ? (ClPcmkNode *)cl_pcmk_model_find(relating->model, CL_KIND_NODE, name) : NULL;
    if (node) {
        add_location(relating, id, node, cl_edit_score(cl_xml_get(constraint, "score")),
                     constraint);
    }
    for (xmlNode *at = cl_xml_first(constraint, "rule"); at; at = cl_xml_next(at, "rule")) {
        read_rule(relating, id, constraint, at);
    }
}

/* Tests an id against a pattern, an extended regular expression of POSIX. */
static void read_for_pattern(Relating *relating, const char *pattern, const xmlNode *constraint)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    GHashTable *tables[] = {relating->groups, relating->resources};
    for (gsize i = 0; regex && i < G_N_ELEMENTS(tables); i++) {
        GHashTableIter iter;
        gpointer id;
        g_hash_table_iter_init(&iter, tables[i]);
        while (g_hash_table_iter_next(&iter, &id, NULL)) {
            /* What is a group and a resource at once is there twice. */
            if (g_regex_match(regex, id, 0, NULL) &&
                !(i == 1 && g_hash_table_contains(tables[0], id))) {
                read_for(relating, id, constraint);
            }
        }
    }
}

static void read_location(Relating *relating, const xmlNode *constraint)
{
    const char *id = cl_xml_get(constraint, "rsc");
    const char *pattern = cl_xml_get(constraint, "rsc-pattern");
    if (id) {
        read_for(relating, id, constraint);
    } else if (pattern && *pattern != '!') {
        read_for_pattern(relating, pattern, constraint);
    }
    for (xmlNode *set = cl_xml_first(constraint, "resource_set"); set;
         set = cl_xml_next(set, "resource_set")) {
        for (xmlNode *at = cl_xml_first(set, "resource_ref"); at;
             at = cl_xml_next(at, "resource_ref")) {
            const char *each = cl_xml_get(at, "id");
            if (each) {
                read_for(relating, each, constraint);
            }
        }
    }
}

/* --- Owners --------------------------------------------------------------------------------------- */

/* Where one node may not be, another's scores may add up: only a whole no counts. */
static gint64 score_at(const Relating *relating, const char *id, const ClPcmkNode *node,
                       gboolean *ret_mentioned)
{
    const GArray *list = g_hash_table_lookup(relating->locations, id);
    gint64 score = 0;
    for (guint i = 0; list && i < list->len; i++) {
        const Location *location = &g_array_index(list, Location, i);
        if (location->node == node && !cl_pcmk_move_is(location->constraint)) {
            *ret_mentioned = TRUE;
            score = location->score <= -CL_EDIT_INFINITY || score <= -CL_EDIT_INFINITY
                        ? -CL_EDIT_INFINITY
                        : MIN(score + location->score, CL_EDIT_INFINITY);
        }
    }
    return score;
}

static void add_possible(const Relating *relating, ClPcmkResource *resource, gboolean opt_in)
{
    const ClPcmkGroup *group = resource->group;
    for (guint i = 0; i < relating->model->nodes->len; i++) {
        ClPcmkNode *node = relating->model->nodes->pdata[i];
        gboolean mentioned = FALSE;
        gint64 own = score_at(relating, resource->xml_id, node, &mentioned);
        gint64 whole = score_at(relating, group->xml_id, node, &mentioned);
        gboolean instance = group->shape == CL_PCMK_CLONE && group->node != node;
        if (own > -CL_EDIT_INFINITY && whole > -CL_EDIT_INFINITY && !instance && !node->guest &&
            (!opt_in || mentioned)) {
            g_ptr_array_add(resource->possible, node);
        }
    }
}

static gint compare_scores(gconstpointer a, gconstpointer b)
{
    const Location *left = a;
    const Location *right = b;
    return left->score == right->score ? 0 : left->score > right->score ? -1 : 1;
}

/* What was made to move something is no preference. */
static void add_move(const ClPcmkModel *model, ClPcmkGroup *group, const xmlNode *location)
{
    const char *target = cl_pcmk_move_target(location);
    group->moving_to =
        target ? (ClPcmkNode *)cl_pcmk_model_find(model, CL_KIND_NODE, target) : NULL;
    group->move = location;
}

static void add_preferred(const Relating *relating, ClPcmkGroup *group)
{
    const GArray *list = g_hash_table_lookup(relating->locations, group->xml_id);
    g_autoptr(GArray) liked = g_array_new(FALSE, FALSE, sizeof(Location));
    for (guint i = 0; list && i < list->len; i++) {
        const Location *location = &g_array_index(list, Location, i);
        const char *id = cl_xml_get(location->constraint, "id");
        if (id && g_str_has_prefix(id, CL_PCMK_MOVE_PREFIX)) {
            add_move(relating->model, group, location->constraint);
        }
        if (location->score > 0 && !cl_pcmk_move_is(location->constraint)) {
            g_array_append_vals(liked, location, 1);
        }
    }
    g_array_sort(liked, compare_scores);
    for (guint i = 0; i < liked->len; i++) {
        ClPcmkNode *node = g_array_index(liked, Location, i).node;
        if (!g_ptr_array_find(group->preferred, node, NULL)) {
            g_ptr_array_add(group->preferred, node);
        }
    }
}

static gboolean is_there(const ClPcmkNode *node)
{
    return node->object.state == ClusterNodeUp || node->object.state == ClusterNodePaused;
}

static ClPcmkNode *given_owner(const ClPcmkModel *model, const ClPcmkGroup *group)
{
    const char *uuid = cl_pcmk_owner(xmlDocGetRootElement(model->cib), group->xml_id);
    return uuid && group->object.state != ClusterGroupPending
               ? cl_pcmk_model_node_of_uuid(model, uuid)
               : NULL;
}

/* The API knows no group without an owner. What is nowhere belongs to where somebody moved it, or else
 * to where it was, if that node is still there, else to where it would rather be. */
static void give_owner(const ClPcmkModel *model, ClPcmkGroup *group)
{
    const GPtrArray *lists[] = {group->preferred, model->nodes};
    ClPcmkNode *owner = given_owner(model, group);
    if (group->shape == CL_PCMK_CLONE || group->n_active > 0) {
        return;
    }
    if (!owner || !is_there(owner)) {
        owner = group->node && is_there(group->node) ? group->node : NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (guint k = 0; !owner && k < lists[i]->len; k++) {
            ClPcmkNode *node = lists[i]->pdata[k];
            owner = is_there(node) && !node->remote ? node : NULL;
        }
    }
    if (!owner && !group->node && model->nodes->len > 0) {
        owner = model->nodes->pdata[0];
    }
    group->node = owner ? owner : group->node;
    for (guint i = 0; i < group->resources->len; i++) {
        ((ClPcmkResource *)group->resources->pdata[i])->node = group->node;
    }
}

/* --- Dependencies ------------------------------------------------------------------------------- */

static void add_once(GPtrArray *list, gpointer object)
{
    if (!g_ptr_array_find(list, object, NULL)) {
        g_ptr_array_add(list, object);
    }
}

/* The resources that an id is for: its own, or those of the group or clone. */
static void collect(const Relating *relating, const char *id, GPtrArray *groups,
                    GPtrArray *resources)
{
    const GPtrArray *named = g_hash_table_lookup(relating->groups, id);
    const GPtrArray *own = g_hash_table_lookup(relating->resources, id);
    for (guint i = 0; named && i < named->len; i++) {
        add_once(groups, named->pdata[i]);
    }
    for (guint i = 0; own && i < own->len; i++) {
        ClPcmkResource *resource = own->pdata[i];
        add_once(resources, resource);
        add_once(groups, resource->group);
    }
}

/* @then depends on @first: resources of one group on each other, else group on group. */
static void depend(const Relating *relating, const char *first, const char *then)
{
    g_autoptr(GPtrArray) provider_groups = g_ptr_array_new();
    g_autoptr(GPtrArray) providers = g_ptr_array_new();
    g_autoptr(GPtrArray) dependent_groups = g_ptr_array_new();
    g_autoptr(GPtrArray) dependents = g_ptr_array_new();
    collect(relating, first, provider_groups, providers);
    collect(relating, then, dependent_groups, dependents);
    for (guint i = 0; i < provider_groups->len; i++) {
        for (guint j = 0; j < dependent_groups->len; j++) {
            ClPcmkGroup *dependent = dependent_groups->pdata[j];
            if (provider_groups->pdata[i] != dependent) {
                add_once(dependent->providers, provider_groups->pdata[i]);
            }
        }
    }
    for (guint i = 0; i < providers->len; i++) {
        for (guint j = 0; j < dependents->len; j++) {
            ClPcmkResource *provider = providers->pdata[i];
            ClPcmkResource *dependent = dependents->pdata[j];
            if (provider->group == dependent->group && provider != dependent) {
                add_once(dependent->providers, provider);
            }
        }
    }
}

/* Those of one set in turn, if it is sequential; and each of a set on each of the one before. */
static void read_order_sets(const Relating *relating, const xmlNode *constraint)
{
    const xmlNode *before = NULL;
    for (xmlNode *set = cl_xml_first(constraint, "resource_set"); set;
         set = cl_xml_next(set, "resource_set")) {
        const char *sequential = cl_xml_get(set, "sequential");
        const char *last = NULL;
        for (xmlNode *at = cl_xml_first(set, "resource_ref"); at;
             at = cl_xml_next(at, "resource_ref")) {
            const char *id = cl_xml_get(at, "id");
            if (last && id && (!sequential || cl_xml_text_is_true(sequential))) {
                depend(relating, last, id);
            }
            for (xmlNode *other = cl_xml_first(before, "resource_ref"); id && other;
                 other = cl_xml_next(other, "resource_ref")) {
                const char *first = cl_xml_get(other, "id");
                if (first) {
                    depend(relating, first, id);
                }
            }
            last = id;
        }
        before = set;
    }
}

/* One that is only a wish makes nothing depend. */
static gboolean is_mandatory(const xmlNode *constraint)
{
    const char *kind = cl_xml_get(constraint, "kind");
    const char *score = cl_xml_get(constraint, "score");
    return kind ? g_ascii_strcasecmp(kind, "Mandatory") == 0 : !score || cl_edit_score(score) > 0;
}

static void read_order(const Relating *relating, const xmlNode *constraint)
{
    const char *first = cl_xml_get(constraint, "first");
    const char *then = cl_xml_get(constraint, "then");
    if (!is_mandatory(constraint)) {
        return;
    }
    if (first && then) {
        depend(relating, first, then);
    }
    read_order_sets(relating, constraint);
}

/* In a <group> each depends on the one before, unless it says otherwise. */
static void add_order_of_group(const ClPcmkGroup *group)
{
    const xmlNode *inner = cl_xml_first(group->object.element, "group");
    const xmlNode *element = inner ? inner : group->object.element;
    const char *ordered = cl_xml_nvpair_value(element, "meta_attributes", "ordered");
    if (!cl_xml_is(element, "group") || (ordered && !cl_xml_text_is_true(ordered))) {
        return;
    }
    for (guint i = 1; i < group->resources->len; i++) {
        ClPcmkResource *resource = group->resources->pdata[i];
        add_once(resource->providers, group->resources->pdata[i - 1]);
    }
}

/* --- All ---------------------------------------------------------------------------------------- */

static void file_object(GHashTable *table, const char *id, gpointer object)
{
    GPtrArray *list = g_hash_table_lookup(table, id);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(table, g_strdup(id), list);
    }
    g_ptr_array_add(list, object);
}

static void file_objects(Relating *relating)
{
    ClPcmkModel *model = relating->model;
    for (guint i = 0; i < model->groups->len; i++) {
        ClPcmkGroup *group = model->groups->pdata[i];
        file_object(relating->groups, group->xml_id, group);
    }
    for (guint i = 0; i < model->resources->len; i++) {
        ClPcmkResource *resource = model->resources->pdata[i];
        file_object(relating->resources, resource->xml_id, resource);
    }
}

/* What a clone may not have on a node is offline there, and meant to be. */
static void take_wish(const Relating *relating, ClPcmkGroup *group)
{
    gboolean unused = FALSE;
    if (group->shape != CL_PCMK_CLONE ||
        score_at(relating, group->xml_id, group->node, &unused) > -CL_EDIT_INFINITY) {
        return;
    }
    group->wanted = FALSE;
    for (guint i = 0; i < group->resources->len; i++) {
        ((ClPcmkResource *)group->resources->pdata[i])->wanted = FALSE;
    }
}

static void apply(Relating *relating, gboolean opt_in)
{
    ClPcmkModel *model = relating->model;
    for (guint i = 0; i < model->resources->len; i++) {
        add_possible(relating, model->resources->pdata[i], opt_in);
    }
    for (guint i = 0; i < model->groups->len; i++) {
        add_preferred(relating, model->groups->pdata[i]);
        take_wish(relating, model->groups->pdata[i]);
        give_owner(model, model->groups->pdata[i]);
        add_order_of_group(model->groups->pdata[i]);
    }
}

void cl_pcmk_model_add_relations(ClPcmkModel *model)
{
    const xmlNode *root = xmlDocGetRootElement(model->cib);
    const xmlNode *constraints = cl_xml_at(root, "configuration/constraints");
    const char *symmetric = cl_xml_nvpair_value(cl_xml_at(root, "configuration/crm_config"),
                                                "cluster_property_set", "symmetric-cluster");
    g_autoptr(GHashTable) locations =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_array);
    g_autoptr(GHashTable) groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_list);
    g_autoptr(GHashTable) resources =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_list);
    Relating relating = {model, locations, groups, resources};
    file_objects(&relating);
    for (xmlNode *at = cl_xml_first(constraints, NULL); at; at = cl_xml_next(at, NULL)) {
        if (cl_xml_is(at, "rsc_location")) {
            read_location(&relating, at);
        }
    }
    apply(&relating, symmetric && !cl_xml_text_is_true(symmetric));
    for (xmlNode *at = cl_xml_first(constraints, "rsc_order"); at;
         at = cl_xml_next(at, "rsc_order")) {
        read_order(&relating, at);
    }
}
