/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edits-setup.h"

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <string.h>

#include "pacemaker/create.h"
#include "pacemaker/edit.h"
#include "pacemaker/move.h"
#include "pacemaker/remove.h"
#include "pacemaker/status.h"
#include "schema.h"

/* --- A cluster ---------------------------------------------------------------------------------- */

void look_again(Cluster *cluster)
{
    static const char *const agents[] = {"ocf:lab:Ctl", "systemd:sshd", "stonith:fence_lab", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(ClPcmkCorosyncFacts) corosync = cl_pcmk_corosync_facts_new();
    xmlNode *status = cl_pcmk_status_of(cluster->cib, &error);
    g_assert_no_error(error);
    const ClPcmkSources sources = {cluster->cib, status, corosync, TRUE, (GStrv)agents};
    g_clear_pointer(&cluster->model, cl_pcmk_model_unref);
    cluster->model = cl_pcmk_model_new(&sources);
    cl_pcmk_status_free(status);
}

void set_up(Cluster *cluster, gconstpointer name)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "data", "pacemaker", name, NULL);
    cluster->document = xmlReadFile(path, NULL, XML_PARSE_NOBLANKS | XML_PARSE_NONET);
    g_assert_nonnull(cluster->document);
    cluster->cib = xmlDocGetRootElement(cluster->document);
    look_again(cluster);
}

void tear_down(Cluster *cluster, gconstpointer name)
{
    (void)name;
    g_clear_pointer(&cluster->requests, g_ptr_array_unref);
    g_clear_pointer(&cluster->begun, g_ptr_array_unref);
    g_clear_pointer(&cluster->model, cl_pcmk_model_unref);
    xmlFreeDoc(cluster->document);
}

/* How many nodes a path finds. */
int count(const Cluster *cluster, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *path = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    xmlXPathContext *context = xmlXPathNewContext(cluster->document);
    xmlXPathObject *found = xmlXPathEvalExpression((const xmlChar *)path, context);
    g_assert_nonnull(found);
    int n = found->nodesetval ? found->nodesetval->nodeNr : 0;
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return n;
}

static xmlXPathObject *find(const Cluster *cluster, const char *path)
{
    xmlXPathContext *context = xmlXPathNewContext(cluster->document);
    xmlXPathObject *found = xmlXPathEvalExpression((const xmlChar *)path, context);
    xmlXPathFreeContext(context);
    g_assert_true(found && found->nodesetval && found->nodesetval->nodeNr > 0);
    return found;
}

void overwrite(Cluster *cluster, const char *path, const char *value)
{
    xmlXPathObject *found = find(cluster, path);
    xmlNodeSetContent(found->nodesetval->nodeTab[0], (const xmlChar *)value);
    xmlXPathFreeObject(found);
    look_again(cluster);
}

void add(Cluster *cluster, const char *path, const char *text)
{
    xmlXPathObject *found = find(cluster, path);
    xmlNode *added = NULL;
    g_assert_cmpint(
        xmlParseInNodeContext(found->nodesetval->nodeTab[0], text, (int)strlen(text), 0, &added),
        ==, XML_ERR_OK);
    xmlAddChildList(found->nodesetval->nodeTab[0], added);
    xmlXPathFreeObject(found);
    look_again(cluster);
}

const char *node_of(const Cluster *cluster, const char *name)
{
    const ClPcmkGroup *found = group(cluster, name);
    return found && found->node ? found->node->object.name : NULL;
}

ClPcmkGroup *group(const Cluster *cluster, const char *name)
{
    return (ClPcmkGroup *)cl_pcmk_model_find(cluster->model, CL_KIND_GROUP, name);
}

ClPcmkResource *resource(const Cluster *cluster, const char *name)
{
    return (ClPcmkResource *)cl_pcmk_model_find(cluster->model, CL_KIND_RESOURCE, name);
}

/* --- What comes out ------------------------------------------------------------------------------- */

static void check_ids_below(const Cluster *cluster, const xmlNode *element, GHashTable *ids)
{
    static const char *const references[] = {"rsc", "with-rsc", "first", "then", NULL};
    const char *id = cl_xml_get(element, "id");
    gboolean names = cl_xml_is(element, "resource_ref") || cl_xml_is(element, "obj_ref") ||
                     cl_xml_is(element, "role");
    if (id != NULL && !names && !g_hash_table_add(ids, g_strdup(id))) {
        g_error("\"%s\" is there twice", id);
    }
    if (names && cl_edit_find(cluster->cib, NULL, id) == NULL) {
        g_error("\"%s\" means nothing", id);
    }
    for (gsize i = 0; references[i] != NULL; i++) {
        const char *target = cl_xml_get(element, references[i]);
        if (target != NULL && cl_edit_find(cluster->cib, NULL, target) == NULL) {
            g_error("\"%s\" means nothing", target);
        }
    }
    for (const xmlNode *at = cl_xml_first(element, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
        check_ids_below(cluster, at, ids);
    }
}

static void check_cib(const Cluster *cluster)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    check_ids_below(cluster, cl_xml_first(cluster->cib, "configuration"), ids);
    if (!schema_allows(cluster->cib)) {
        xmlDocDump(stderr, cluster->document);
        g_error("Pacemaker's schema refuses it");
    }
}

/* --- Operations ----------------------------------------------------------------------------------- */

/* As the engine does: the edit of a copy, which takes the place of what there was if it succeeds. */
static guint32 change(Cluster *cluster, ClPcmkEdit edit, gpointer data)
{
    g_autoptr(GError) error = NULL;
    xmlDoc *copy = xmlCopyDoc(cluster->document, 1);
    if (!edit(xmlDocGetRootElement(copy), cluster->model, data, &error)) {
        g_assert_nonnull(error);
        g_assert_true(error->domain == CL_ERROR);
        xmlFreeDoc(copy);
        return (guint32)error->code;
    }
    g_assert_no_error(error);
    xmlFreeDoc(cluster->document);
    cluster->document = copy;
    cluster->cib = xmlDocGetRootElement(copy);
    return ERROR_SUCCESS;
}

static void keep(Cluster *cluster, ClPcmkAct *act, gboolean done)
{
    cluster->result = act->result;
    g_clear_pointer(&cluster->requests, g_ptr_array_unref);
    g_clear_pointer(&cluster->begun, g_ptr_array_unref);
    cluster->requests = g_steal_pointer(&act->requests);
    cluster->begun = g_steal_pointer(&act->begun);
    cl_pcmk_act_clear(act);
    if (done) {
        check_cib(cluster);
        look_again(cluster);
    }
}

static const char *id_of(const Cluster *cluster, ClKind kind, const char *name)
{
    const ClPcmkObject *found = cl_pcmk_model_find(cluster->model, kind, name);
    return found ? found->id : "no such thing";
}

typedef struct {
    ClKind kind;
    const char *name;
    ClKind other;
    const char *others; /* names, with blanks between; NULL none */
} On;

static guint32 act_with(Cluster *cluster, const On *on, ClAction action)
{
    g_auto(GStrv) names = g_strsplit(on->others ? on->others : "", " ", -1);
    ClObject objects[4] = {0};
    const ClObject *others[4] = {0};
    for (gsize i = 0; names[i] != NULL; i++) {
        g_assert_cmpuint(i, <, G_N_ELEMENTS(objects));
        objects[i] =
            (ClObject){.kind = on->other, .id = (char *)id_of(cluster, on->other, names[i])};
        others[i] = &objects[i];
        action.n_others = i + 1;
    }
    action.others = others;
    ClPcmkAct act = {.action = &action,
                     .kind = on->kind,
                     .id = on->kind == CL_KIND_CLUSTER ? NULL : id_of(cluster, on->kind, on->name),
                     .user = cluster->user,
                     .now = NOW};
    guint32 code = change(cluster, cl_pcmk_act_edit, &act);
    keep(cluster, &act, code == ERROR_SUCCESS);
    return code == ERROR_SUCCESS ? cluster->result : code;
}

guint32 on_group(Cluster *cluster, ClVerb verb, const char *name, const char *nodes)
{
    return act_with(cluster, &(On){CL_KIND_GROUP, name, CL_KIND_NODE, nodes},
                    (ClAction){.verb = verb});
}

guint32 on_group_with(Cluster *cluster, ClVerb verb, const char *name, guint32 flags)
{
    return act_with(cluster, &(On){.kind = CL_KIND_GROUP, .name = name},
                    (ClAction){.verb = verb, .flags = flags});
}

guint32 on_resource(Cluster *cluster, ClVerb verb, const char *name)
{
    return on_resource_with(cluster, verb, name, 0);
}

guint32 on_resource_with(Cluster *cluster, ClVerb verb, const char *name, guint32 flags)
{
    return act_with(cluster, &(On){.kind = CL_KIND_RESOURCE, .name = name},
                    (ClAction){.verb = verb, .flags = flags});
}

guint32 change_group(Cluster *cluster, const char *name, const char *to)
{
    return act_with(cluster, &(On){CL_KIND_RESOURCE, name, CL_KIND_GROUP, to},
                    (ClAction){.verb = CL_ACT_CHANGE_GROUP});
}

guint32 own(Cluster *cluster, ClVerb verb, const char *name, const char *node)
{
    return act_with(cluster, &(On){CL_KIND_RESOURCE, name, CL_KIND_NODE, node},
                    (ClAction){.verb = verb});
}

guint32 drain_to(Cluster *cluster, const char *name, const char *target)
{
    return act_with(cluster, &(On){CL_KIND_NODE, name, CL_KIND_NODE, target},
                    (ClAction){.verb = CL_ACT_PAUSE, .number = 1});
}

guint32 on_cluster(Cluster *cluster, ClVerb verb)
{
    return act_with(cluster, &(On){.kind = CL_KIND_CLUSTER}, (ClAction){.verb = verb});
}

guint32 on_node(Cluster *cluster, ClVerb verb, const char *name, guint64 number)
{
    return act_with(cluster, &(On){.kind = CL_KIND_NODE, .name = name},
                    (ClAction){.verb = verb, .number = number});
}

guint32 depend(Cluster *cluster, ClVerb verb, ClKind kind, const char *name, const char *provider)
{
    return act_with(cluster, &(On){kind, name, kind, provider}, (ClAction){.verb = verb});
}

guint32 express(Cluster *cluster, ClKind kind, const char *name, const char *text)
{
    return act_with(cluster, &(On){.kind = kind, .name = name},
                    (ClAction){.verb = CL_ACT_SET_DEPENDENCY_EXPRESSION, .text = text});
}

guint32 discard(Cluster *cluster, ClKind kind, const char *name)
{
    static const ClAction none;
    ClPcmkAct act = {.action = &none,
                     .kind = kind,
                     .id = id_of(cluster, kind, name),
                     .user = cluster->user,
                     .now = NOW};
    guint32 code = change(cluster, cl_pcmk_remove_edit, &act);
    keep(cluster, &act, code == ERROR_SUCCESS);
    return code;
}

guint32 rename_to(Cluster *cluster, ClKind kind, const char *name, const char *renamed)
{
    static const ClAction none;
    g_autofree char *id = name ? g_strdup(id_of(cluster, kind, name)) : NULL;
    ClPcmkRenaming renaming = {
        .name = renamed,
        .act = {.action = &none, .kind = kind, .id = id, .user = cluster->user, .now = NOW}};
    guint32 code = change(cluster, cl_pcmk_rename_edit, &renaming);
    keep(cluster, &renaming.act, code == ERROR_SUCCESS);
    if (code == ERROR_SUCCESS && id != NULL) {
        g_assert_cmpstr(id_of(cluster, kind, renamed), ==, id);
    }
    return code;
}

static guint32 create(Cluster *cluster, const ClNewObject *what)
{
    static const ClAction none;
    ClPcmkCreation creation = {.what = what, .act = {.action = &none, .now = NOW}};
    if (what->parent != NULL) {
        creation.act.kind = what->parent->kind;
        creation.act.id = what->parent->id;
    }
    guint32 code = change(cluster, cl_pcmk_create_edit, &creation);
    keep(cluster, &creation.act, code == ERROR_SUCCESS);
    return code;
}

guint32 create_group(Cluster *cluster, const char *name)
{
    return create(
        cluster,
        &(ClNewObject){.kind = CL_KIND_GROUP, .name = name, .group_type = ClusGroupTypeUnknown});
}

guint32 create_resource(Cluster *cluster, const char *parent, const char *name, const char *type)
{
    ClObject owner = {.kind = CL_KIND_GROUP, .id = (char *)id_of(cluster, CL_KIND_GROUP, parent)};
    return create(
        cluster,
        &(ClNewObject){.kind = CL_KIND_RESOURCE, .parent = &owner, .name = name, .type = type});
}

static void tidy_with(Cluster *cluster, ClPcmkTidying *tidying)
{
    g_assert_cmpuint(change(cluster, cl_pcmk_move_tidy, tidying), ==, ERROR_SUCCESS);
    g_clear_pointer(&tidying->requests, g_ptr_array_unref);
    check_cib(cluster);
    look_again(cluster);
}

void tidy(Cluster *cluster, gint64 later, gboolean patient)
{
    tidy_with(cluster, &(ClPcmkTidying){.now = NOW + later * G_USEC_PER_SEC, .patient = patient});
}

void tidy_those(Cluster *cluster, const char *const *keys)
{
    tidy_with(cluster, &(ClPcmkTidying){.now = NOW, .keys = keys});
}
