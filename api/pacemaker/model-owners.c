/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What locations mean: possible and preferred owners, and moves under way. Which nodes are forbidden
 * Pacemaker itself has calculated, with all rules, patterns, sets and tags; its status says it. What is
 * liked it does not say, and is read here: of rules those that are about one node by its name.
 */
#include <regex.h>
#include <string.h>

#include "edit.h"
#include "model-internal.h"
#include "move.h"
#include "xml.h"

/* How much something likes a node. */
typedef struct {
    ClPcmkGroup *group;
    ClPcmkNode *node;
    gint64 score;
} Liking;

typedef struct {
    const ClPcmkIndex *index;
    GHashTable *nodes;    /* by name: ClPcmkNode */
    GHashTable *bans;     /* couples of group or resource and node */
    GHashTable *mentions; /* likewise: a location is for it there */
    GHashTable
        *discovery;      /* likewise: and it is looked for only where one says so; with NULL: it is
                              so limited */
    GHashTable *ignored; /* ids of moves and their rules */
    GArray *likings;
} Reading;

/* A location that is being read. */
typedef struct {
    Reading *reading;
    const xmlNode *constraint;
    const char *score; /* of a set, or NULL: of the location */
} Location;

/* --- What is forbidden -------------------------------------------------------------------------- */

static void note(Reading *reading, GHashTable *couples, const char *id, const ClPcmkNode *node)
{
    GHashTable *tables[] = {reading->index->groups, reading->index->resources};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        const GPtrArray *list = g_hash_table_lookup(tables[i], id);
        for (guint k = 0; list && k < list->len; k++) {
            cl_pcmk_couples_add(couples, list->pdata[k], node);
        }
    }
}

static void read_bans(Reading *reading, const xmlNode *status)
{
    const xmlNode *bans = cl_xml_first(status, "bans");
    for (xmlNode *at = cl_xml_first(bans, "ban"); at; at = cl_xml_next(at, "ban")) {
        const char *constraint = cl_xml_get(at, "id");
        const char *id = cl_xml_get(at, "resource");
        const char *name = cl_xml_get(at, "node");
        const ClPcmkNode *node = name ? g_hash_table_lookup(reading->nodes, name) : NULL;
        if (node && id && cl_xml_number(at, "weight", 0) <= -CL_EDIT_INFINITY &&
            !cl_xml_is_true(at, "promoted-only") &&
            !(constraint && g_hash_table_contains(reading->ignored, constraint))) {
            g_autofree char *plain = cl_pcmk_plain_id(id);
            note(reading, reading->bans, plain, node);
        }
    }
}

/* --- What is liked ------------------------------------------------------------------------------ */

static void add_likings(Reading *reading, const char *id, ClPcmkNode *node, gint64 score)
{
    const GPtrArray *groups = g_hash_table_lookup(reading->index->groups, id);
    for (guint i = 0; score > 0 && groups && i < groups->len; i++) {
        const Liking liking = {groups->pdata[i], node, score};
        if (liking.group->shape != CL_PCMK_CLONE || liking.group->node == node) {
            g_array_append_val(reading->likings, liking);
        }
    }
}

static void add_location(const Location *location, const char *id, ClPcmkNode *node,
                         const char *score)
{
    Reading *reading = location->reading;
    note(reading, reading->mentions, id, node);
    if (g_strcmp0(cl_xml_get(location->constraint, "resource-discovery"), "exclusive") == 0) {
        note(reading, reading->discovery, id, node);
        note(reading, reading->discovery, id, NULL);
    }
    add_likings(reading, id, node, cl_edit_score(score));
}

/* One for a role is none for what is started only. */
static gboolean is_for_all_roles(const xmlNode *element)
{
    const char *role = cl_xml_get(element, "role");
    return !role ||
           (g_ascii_strcasecmp(role, "Promoted") != 0 && g_ascii_strcasecmp(role, "Master") != 0 &&
            g_ascii_strcasecmp(role, "Stopped") != 0);
}

/* The one expression of a rule that has no more than that, and is about a node's name. */
static const xmlNode *expression_of(const xmlNode *rule)
{
    const xmlNode *only = cl_xml_first(rule, NULL);
    return cl_xml_is(only, "expression") && !cl_xml_next(only, NULL) &&
                   g_strcmp0(cl_xml_get(only, "attribute"), "#uname") == 0
               ? only
               : NULL;
}

static void read_rule(const Location *location, const char *id, const xmlNode *rule)
{
    const GPtrArray *nodes = location->reading->index->model->nodes;
    const xmlNode *expression = is_for_all_roles(rule) ? expression_of(rule) : NULL;
    const char *operation = cl_xml_get(expression, "operation");
    const char *value = cl_xml_get(expression, "value");
    gboolean same = g_strcmp0(operation, "eq") == 0;
    for (guint i = 0; value && (same || g_strcmp0(operation, "ne") == 0) && i < nodes->len; i++) {
        ClPcmkNode *node = nodes->pdata[i];
        if ((g_ascii_strcasecmp(node->object.name, value) == 0) == same) {
            add_location(location, id, node, cl_xml_get(rule, "score"));
        }
    }
}

static void read_for(const char *id, gpointer data)
{
    const Location *location = data;
    const xmlNode *constraint = location->constraint;
    const char *name = cl_xml_get(constraint, "node");
    const char *score = location->score ? location->score : cl_xml_get(constraint, "score");
    ClPcmkNode *node = name ? g_hash_table_lookup(location->reading->nodes, name) : NULL;
    if (node && score) {
        add_location(location, id, node, score);
    }
    for (xmlNode *at = name ? NULL : cl_xml_first(constraint, "rule"); at;
         at = cl_xml_next(at, "rule")) {
        read_rule(location, id, at);
    }
}

/* The pattern is for what is right in the list of resources, not for what is in that. */
static void read_for_pattern(Location *location, const char *pattern)
{
    const xmlNode *root = xmlDocGetRootElement(location->reading->index->model->cib);
    const xmlNode *resources = cl_xml_at(root, "configuration/resources");
    gboolean inverted = *pattern == '!';
    regex_t regex;
    if (regcomp(&regex, pattern + inverted, REG_EXTENDED | REG_NOSUB) != 0) {
        return;
    }
    for (xmlNode *at = cl_xml_first(resources, NULL); at; at = cl_xml_next(at, NULL)) {
        const char *id = cl_xml_get(at, "id");
        if (id && (regexec(&regex, id, 0, NULL, 0) == 0) != inverted) {
            read_for(id, location);
        }
    }
    regfree(&regex);
}

static void read_for_set(Location *location, const xmlNode *set)
{
    location->score = cl_xml_get(set, "score");
    for (xmlNode *at = cl_xml_first(set, "resource_ref"); at && is_for_all_roles(set);
         at = cl_xml_next(at, "resource_ref")) {
        const char *id = cl_xml_get(at, "id");
        if (id) {
            cl_pcmk_index_each(location->reading->index, id, read_for, location);
        }
    }
    location->score = NULL;
}

/* --- Moves -------------------------------------------------------------------------------------- */

static void ignore(Reading *reading, const xmlNode *element)
{
    if (cl_xml_get(element, "id")) {
        g_hash_table_add(reading->ignored, (gpointer)cl_xml_get(element, "id"));
    }
}

/* What was made to move something is no preference, and forbids nothing for long. */
static void read_move(Reading *reading, const xmlNode *constraint)
{
    const char *id = cl_xml_get(constraint, "rsc");
    const char *target = cl_pcmk_move_target(constraint);
    const GPtrArray *groups = id ? g_hash_table_lookup(reading->index->groups, id) : NULL;
    ignore(reading, constraint);
    for (xmlNode *at = cl_xml_first(constraint, "rule"); at; at = cl_xml_next(at, "rule")) {
        ignore(reading, at);
    }
    for (guint i = 0; groups && i < groups->len; i++) {
        ClPcmkGroup *group = groups->pdata[i];
        if (g_str_has_prefix(cl_xml_get(constraint, "id"), CL_PCMK_MOVE_PREFIX)) {
            group->move = constraint;
            group->moving_to = target ? g_hash_table_lookup(reading->nodes, target) : NULL;
        }
    }
}

static void read_location(Reading *reading, const xmlNode *constraint)
{
    Location location = {reading, constraint, NULL};
    const char *id = cl_xml_get(constraint, "rsc");
    const char *pattern = cl_xml_get(constraint, "rsc-pattern");
    if (cl_pcmk_move_is(constraint)) {
        read_move(reading, constraint);
        return;
    }
    if (!is_for_all_roles(constraint)) {
        return;
    }
    if (id) {
        cl_pcmk_index_each(reading->index, id, read_for, &location);
    } else if (pattern) {
        read_for_pattern(&location, pattern);
    }
    for (xmlNode *set = cl_xml_first(constraint, "resource_set"); set;
         set = cl_xml_next(set, "resource_set")) {
        read_for_set(&location, set);
    }
}

/* --- Possible owners ---------------------------------------------------------------------------- */

/* The resources by which the nodes of bundles are reached, and what is a node itself, by name. */
static GHashTable *groups_of_guests(const ClPcmkModel *model)
{
    GHashTable *groups = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < model->resources->len; i++) {
        ClPcmkResource *resource = model->resources->pdata[i];
        if (resource->group->shape == CL_PCMK_BUNDLE && !resource->object.element) {
            g_hash_table_insert(groups, resource->xml_id, resource->group);
        }
    }
    return groups;
}

/* A node of a bundle is there for what the bundle is for; that, and nothing else, is only there. What
 * reaches a remote node, or fences, or contains a node, cannot be on a remote one itself. */
static gboolean suits(const ClPcmkResource *resource, const ClPcmkNode *node, GHashTable *guests)
{
    const ClPcmkGroup *group = resource->group;
    const ClPcmkGroup *within = node->guest ? g_hash_table_lookup(guests, node->object.name) : NULL;
    gboolean contained = cl_pcmk_model_is_contained(resource);
    if (within || contained) {
        return contained && within == group;
    }
    if (group->shape == CL_PCMK_CLONE && group->node != node) {
        return FALSE;
    }
    return !node->remote ||
           !(strcmp(resource->type, "ocf:pacemaker:remote") == 0 ||
             g_str_has_prefix(resource->type, "stonith:") ||
             (node->guest && group->shape == CL_PCMK_BUNDLE) ||
             cl_xml_nvpair(resource->object.element, "meta_attributes", "remote-node") != NULL);
}

static gboolean is_noted(GHashTable *couples, const ClPcmkResource *resource,
                         const ClPcmkNode *node)
{
    return cl_pcmk_couples_have(couples, resource, node) ||
           cl_pcmk_couples_have(couples, resource->group, node);
}

/* What a clone may not have on a node is offline there, and meant to be. */
static void take_wish(const Reading *reading, ClPcmkGroup *group)
{
    if (group->shape != CL_PCMK_CLONE || !cl_pcmk_couples_have(reading->bans, group, group->node)) {
        return;
    }
    group->wanted = FALSE;
    for (guint i = 0; i < group->resources->len; i++) {
        ((ClPcmkResource *)group->resources->pdata[i])->wanted = FALSE;
    }
}

static void add_possible(const Reading *reading, ClPcmkResource *resource, GHashTable *guests,
                         gboolean opt_in)
{
    const GPtrArray *nodes = reading->index->model->nodes;
    gboolean limited = is_noted(reading->discovery, resource, NULL);
    for (guint i = 0; i < nodes->len; i++) {
        ClPcmkNode *node = nodes->pdata[i];
        if (suits(resource, node, guests) && !is_noted(reading->bans, resource, node) &&
            (!limited || is_noted(reading->discovery, resource, node)) &&
            (!opt_in || node->guest || is_noted(reading->mentions, resource, node))) {
            g_ptr_array_add(resource->possible, node);
        }
    }
}

/* --- Preferred owners --------------------------------------------------------------------------- */

/* The highest first; of the same those of the CIB in its order. */
static gint compare(gconstpointer a, gconstpointer b)
{
    const Liking *left = a;
    const Liking *right = b;
    return left->score == right->score ? 0 : left->score > right->score ? -1 : 1;
}

static void add_preferred(const Reading *reading)
{
    g_autoptr(GHashTable) done = cl_pcmk_couples_new();
    g_array_sort(reading->likings, compare);
    for (guint i = 0; i < reading->likings->len; i++) {
        const Liking *liking = &g_array_index(reading->likings, Liking, i);
        if (cl_pcmk_couples_add(done, liking->group, liking->node)) {
            g_ptr_array_add(liking->group->preferred, liking->node);
        }
    }
}

/* --- Owners ------------------------------------------------------------------------------------- */

static gboolean can_host(const ClPcmkGroup *group, const ClPcmkNode *node)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (!cl_pcmk_model_is_contained(resource) &&
            !g_ptr_array_find(resource->possible, node, NULL)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean is_there(const ClPcmkNode *node)
{
    return node->object.state != ClusterNodeDown && node->object.state != ClusterNodeJoining;
}

/* One of its nodes is there and can have it, or is at least there. */
static ClPcmkNode *choose_owner(const ClPcmkModel *model, const ClPcmkGroup *group)
{
    const GPtrArray *lists[] = {group->preferred, model->nodes};
    ClPcmkNode *second = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (guint k = 0; k < lists[i]->len; k++) {
            ClPcmkNode *node = lists[i]->pdata[k];
            if (is_there(node) && !node->remote && can_host(group, node)) {
                return node;
            }
            second = !second && is_there(node) && !node->remote ? node : second;
        }
    }
    return second;
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
    ClPcmkNode *owner = given_owner(model, group);
    if (group->shape == CL_PCMK_CLONE || group->n_active > 0) {
        return;
    }
    if (!owner || !is_there(owner)) {
        owner = group->node && is_there(group->node) ? group->node : choose_owner(model, group);
    }
    if (owner || (!group->node && model->nodes->len > 0)) {
        group->node = owner ? owner : model->nodes->pdata[0];
    }
    for (guint i = 0; i < group->resources->len; i++) {
        ClPcmkResource *resource = group->resources->pdata[i];
        if (!resource->node || cl_pcmk_model_is_nowhere(resource)) {
            resource->node = group->node;
        }
    }
}

/* --- All ---------------------------------------------------------------------------------------- */

static gboolean is_opt_in(const xmlNode *root)
{
    const char *symmetric = cl_xml_nvpair_value(cl_xml_at(root, "configuration/crm_config"),
                                                "cluster_property_set", "symmetric-cluster");
    return symmetric && !cl_xml_text_is_true(symmetric);
}

void cl_pcmk_model_add_owners(ClPcmkIndex *index, const ClPcmkSources *sources)
{
    ClPcmkModel *model = index->model;
    const xmlNode *root = xmlDocGetRootElement(model->cib);
    const xmlNode *constraints = cl_xml_at(root, "configuration/constraints");
    g_autoptr(GHashTable) nodes = cl_pcmk_model_nodes_by_name(model);
    g_autoptr(GHashTable) bans = cl_pcmk_couples_new();
    g_autoptr(GHashTable) mentions = cl_pcmk_couples_new();
    g_autoptr(GHashTable) discovery = cl_pcmk_couples_new();
    g_autoptr(GHashTable) ignored = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) likings = g_array_new(FALSE, FALSE, sizeof(Liking));
    g_autoptr(GHashTable) guests = groups_of_guests(model);
    Reading reading = {index, nodes, bans, mentions, discovery, ignored, likings};
    for (xmlNode *at = cl_xml_first(constraints, "rsc_location"); at;
         at = cl_xml_next(at, "rsc_location")) {
        read_location(&reading, at);
    }
    read_bans(&reading, sources->status);
    for (guint i = 0; i < model->resources->len; i++) {
        add_possible(&reading, model->resources->pdata[i], guests, is_opt_in(root));
    }
    add_preferred(&reading);
    for (guint i = 0; i < model->groups->len; i++) {
        take_wish(&reading, model->groups->pdata[i]);
        give_owner(model, model->groups->pdata[i]);
    }
}
