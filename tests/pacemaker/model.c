/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recorded CIBs, NAME.xml, and the model of each as NAME.model tells it in lines. With a name as an
 * argument the lines of that file are printed, to be looked at and kept.
 */
#include <glib.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "pacemaker/model.h"
#include "pacemaker/status.h"
#include "pacemaker/xml.h"

/* --- Telling -------------------------------------------------------------------------------------- */

static const char *state_name(const ClPcmkObject *object)
{
    static const char *const nodes[] = {"up", "down", "paused", "joining"};
    static const char *const groups[] = {"online", "offline", "failed", "partial-online",
                                         "pending"};
    gint32 state = object->state;
    switch (object->kind) {
    case CL_KIND_NODE:
        return state >= 0 ? nodes[state] : "unknown";
    case CL_KIND_GROUP:
        return state >= 0 ? groups[state] : "unknown";
    default:
        return state == ClusterResourceOnline           ? "online"
               : state == ClusterResourceOffline        ? "offline"
               : state == ClusterResourceFailed         ? "failed"
               : state == ClusterResourceOnlinePending  ? "online-pending"
               : state == ClusterResourceOfflinePending ? "offline-pending"
                                                        : "unknown";
    }
}

static void tell_list(GString *out, const char *what, const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        g_string_append_printf(out, "%s%s", i == 0 ? what : ",",
                               ((const ClPcmkObject *)list->pdata[i])->name);
    }
}

static void tell_group(GString *out, const ClPcmkGroup *group)
{
    static const char *const shapes[] = {"group", "primitive", "clone", "bundle"};
    g_string_append_printf(out, "group %s: %s %s on %s%s%s", group->object.name,
                           shapes[group->shape], state_name(&group->object),
                           group->node ? group->node->object.name : "-",
                           group->wanted ? "" : " unwanted", group->managed ? "" : " unmanaged");
    tell_list(out, " prefers ", group->preferred);
    tell_list(out, " after ", group->providers);
    if (group->moving_to) {
        g_string_append_printf(out, " moving to %s", group->moving_to->object.name);
    }
    g_string_append_c(out, '\n');
}

static void tell_resource(GString *out, const ClPcmkResource *resource)
{
    g_string_append_printf(out, "  resource %s: %s %s (%s) on %s%s%s", resource->object.name,
                           resource->type, state_name(&resource->object), resource->role,
                           resource->node ? resource->node->object.name : "-",
                           resource->blocked ? " blocked" : "",
                           resource->wanted ? "" : " unwanted");
    tell_list(out, " possible ", resource->possible);
    tell_list(out, " after ", resource->providers);
    for (guint i = 0; i < resource->fail_counts->len; i++) {
        const ClPcmkFailCount *count = resource->fail_counts->pdata[i];
        if (count->count >= G_MAXUINT32) {
            g_string_append_printf(out, " given up on %s", count->node->object.name);
        } else {
            g_string_append_printf(out, " failed %u times on %s%s", (guint)count->count,
                                   count->node->object.name, count->given_up ? ": given up" : "");
        }
    }
    g_string_append_c(out, '\n');
}

static char *tell_model(const ClPcmkModel *model)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "cluster %s %s%s dc %s\n", model->name, model->version,
                           model->quorate ? " quorate" : "", model->dc ? model->dc : "-");
    for (guint i = 0; i < model->nodes->len; i++) {
        const ClPcmkNode *node = model->nodes->pdata[i];
        g_string_append_printf(out, "node %s: %s %s, %u resources%s\n", node->object.id,
                               node->object.name, state_name(&node->object), node->n_running,
                               node->remote ? ", remote" : "");
    }
    for (guint i = 0; i < model->groups->len; i++) {
        const ClPcmkGroup *group = model->groups->pdata[i];
        tell_group(out, group);
        for (guint k = 0; k < group->resources->len; k++) {
            tell_resource(out, group->resources->pdata[k]);
        }
    }
    for (guint i = 0; i < model->types->len; i++) {
        const ClPcmkType *type = model->types->pdata[i];
        g_string_append_printf(out, "type %s: %u resources\n", type->object.name,
                               type->resources->len);
    }
    return g_string_free(out, FALSE);
}

/* --- Recorded CIBs ------------------------------------------------------------------------------ */

static ClPcmkModel *model_of(const char *path, gboolean connected)
{
    g_autoptr(GError) error = NULL;
    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NOBLANKS | XML_PARSE_NONET);
    g_assert_nonnull(document);
    xmlNode *cib = xmlDocGetRootElement(document);
    xmlNode *status = cl_pcmk_status_of(cib, &error);
    g_assert_no_error(error);
    g_autoptr(ClPcmkCorosyncFacts) corosync = cl_pcmk_corosync_facts_new();
    const ClPcmkSources sources = {cib, status, corosync, connected, NULL};
    ClPcmkModel *model = cl_pcmk_model_new(&sources);
    cl_pcmk_status_free(status);
    xmlFreeDoc(document);
    return model;
}

static void test_file(gconstpointer data)
{
    const char *path = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = NULL;
    g_autofree char *base = g_strndup(path, strlen(path) - strlen(".xml"));
    g_autofree char *lines = g_strconcat(base, ".model", NULL);
    g_autoptr(ClPcmkModel) model = model_of(path, TRUE);
    g_autofree char *seen = tell_model(model);
    g_file_get_contents(lines, &expected, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) left = g_strsplit(seen, "\n", -1);
    g_auto(GStrv) right = g_strsplit(expected, "\n", -1);
    for (guint i = 0; left[i] && right[i]; i++) {
        g_assert_cmpstr(left[i], ==, right[i]);
    }
    g_assert_cmpuint(g_strv_length(left), ==, g_strv_length(right));
}

/* The last word of a cluster that does not answer: all is there, and no state known. */
static void test_lost(gconstpointer data)
{
    g_autoptr(ClPcmkModel) known = model_of(data, TRUE);
    g_autoptr(ClPcmkModel) model = model_of(data, FALSE);
    g_assert_cmpuint(model->groups->len, ==, known->groups->len);
    g_assert_cmpuint(model->resources->len, ==, known->resources->len);
    const GPtrArray *lists[] = {model->nodes, model->groups, model->resources};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (guint k = 0; k < lists[i]->len; k++) {
            const ClPcmkObject *object = lists[i]->pdata[k];
            g_assert_cmpstr(state_name(object), ==, "unknown");
        }
    }
}

/* Every object is found by its name in any case, by its id, and by nothing else. */
static void test_finding(gconstpointer data)
{
    g_autoptr(ClPcmkModel) model = model_of(data, TRUE);
    const ClKind kinds[] = {CL_KIND_NODE, CL_KIND_GROUP, CL_KIND_RESOURCE, CL_KIND_RESOURCE_TYPE};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const GPtrArray *all = cl_pcmk_model_all(model, kinds[i]);
        for (guint k = 0; k < all->len; k++) {
            ClPcmkObject *object = all->pdata[k];
            g_autofree char *upper = g_ascii_strup(object->name, -1);
            g_assert_true(cl_pcmk_model_find(model, kinds[i], upper) == object);
            g_assert_true(cl_pcmk_model_find(model, kinds[i], object->id) == object);
            g_assert_true(cl_pcmk_model_find_id(model, kinds[i], object->id) == object);
        }
        g_assert_null(cl_pcmk_model_find(model, kinds[i], "no such thing"));
        g_assert_null(cl_pcmk_model_find_id(model, kinds[i], ""));
    }
}

static int print(const char *path)
{
    g_autoptr(ClPcmkModel) model = model_of(path, TRUE);
    g_autofree char *text = tell_model(model);
    fputs(text, stdout);
    return 0;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (argc > 1) {
        return print(argv[1]);
    }
    g_autofree char *directory =
        g_test_build_filename(G_TEST_DIST, "..", "data", "pacemaker", NULL);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    const char *name;
    while (entries && (name = g_dir_read_name(entries))) {
        if (g_str_has_suffix(name, ".xml")) {
            g_ptr_array_add(paths, g_build_filename(directory, name, NULL));
        }
    }
    g_assert_cmpuint(paths->len, >, 0);
    g_ptr_array_sort(paths, compare);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *base = g_path_get_basename(paths->pdata[i]);
        g_autofree char *as = g_strconcat("/model/as kept/", base, NULL);
        g_autofree char *lost = g_strconcat("/model/lost/", base, NULL);
        g_autofree char *finding = g_strconcat("/model/finding/", base, NULL);
        g_test_add_data_func(as, paths->pdata[i], test_file);
        g_test_add_data_func(lost, paths->pdata[i], test_lost);
        g_test_add_data_func(finding, paths->pdata[i], test_finding);
    }
    return g_test_run();
}
