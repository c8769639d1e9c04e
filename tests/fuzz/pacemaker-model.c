/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A model out of any two trees: the root's first element is taken for the CIB, its second for the status.
 * (Pacemaker's own libraries, which make the one out of the other, believe their CIB.) Whatever they say,
 * the model's objects are found by what they are called, and refer to each other alone.
 */
#include "target.h"

#include <libxml/parser.h>
#include <string.h>

#include "pacemaker/model.h"
#include "pacemaker/xml.h"

static const ClKind kinds[] = {CL_KIND_NODE,          CL_KIND_GROUP,   CL_KIND_RESOURCE,
                               CL_KIND_RESOURCE_TYPE, CL_KIND_NETWORK, CL_KIND_NETINTERFACE};

/* Three nodes and two links; the third is reached on one. */
static ClPcmkCorosyncFacts *make_facts(gboolean running)
{
    ClPcmkCorosyncFacts *facts = cl_pcmk_corosync_facts_new();
    facts->running = running;
    for (guint i = 1; i <= 3; i++) {
        ClPcmkMember *member = g_new0(ClPcmkMember, 1);
        member->nodeid = i;
        member->name = g_strdup_printf("n%u", i);
        member->member = TRUE;
        member->local = i == 1;
        for (guint link = 0; link < 2; link++) {
            member->links[link] = (ClPcmkLink){.configured = TRUE,
                                               .connected = i != 3 || link == 0,
                                               .carrier = TRUE,
                                               .address = g_strdup_printf("10.%u.0.%u", link, i),
                                               .prefix = 24};
        }
        g_ptr_array_add(facts->members, member);
    }
    return facts;
}

/* Each of @list is an object of the model. */
static void check_list(GHashTable *all, const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        g_assert_true(g_hash_table_contains(all, list->pdata[i]));
    }
}

static void check_resource(GHashTable *all, const ClPcmkResource *resource)
{
    g_assert_true(g_hash_table_contains(all, resource->group));
    g_assert_true(!resource->node || g_hash_table_contains(all, resource->node));
    g_assert_nonnull(resource->type);
    g_assert_nonnull(resource->role);
    check_list(all, resource->possible);
    check_list(all, resource->providers);
    g_assert_false(g_ptr_array_find(resource->providers, resource, NULL));
    for (guint i = 0; i < resource->fail_counts->len; i++) {
        const ClPcmkFailCount *count = resource->fail_counts->pdata[i];
        g_assert_true(g_hash_table_contains(all, count->node));
    }
}

static void check_group(GHashTable *all, const ClPcmkGroup *group)
{
    g_assert_true(!group->node || g_hash_table_contains(all, group->node));
    g_assert_true(!group->moving_to || g_hash_table_contains(all, group->moving_to));
    check_list(all, group->resources);
    check_list(all, group->preferred);
    check_list(all, group->providers);
    for (guint i = 0; i < group->providers->len; i++) {
        const ClPcmkGroup *provider = group->providers->pdata[i];
        g_assert_cmpstr(provider->xml_id, !=, group->xml_id);
    }
}

static void check_object(const ClPcmkModel *model, GHashTable *all, ClPcmkObject *object)
{
    const ClPcmkObject *named = cl_pcmk_model_find(model, object->kind, object->name);
    g_assert_nonnull(named);
    g_assert_true(g_utf8_validate(object->name, -1, NULL));
    g_assert_nonnull(cl_pcmk_model_find_id(model, object->kind, object->id));
    g_assert_true(!object->element || object->element->doc == model->cib);
    if (object->kind == CL_KIND_GROUP) {
        check_group(all, (const ClPcmkGroup *)object);
    } else if (object->kind == CL_KIND_RESOURCE) {
        check_resource(all, (const ClPcmkResource *)object);
    }
}

static void check_model(const ClPcmkModel *model)
{
    g_autoptr(GHashTable) all = g_hash_table_new(NULL, NULL);
    for (int round = 0; round < 2; round++) {
        for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
            const GPtrArray *list = cl_pcmk_model_all(model, kinds[i]);
            for (guint k = 0; k < list->len; k++) {
                if (round == 0) {
                    g_hash_table_add(all, list->pdata[k]);
                } else {
                    check_object(model, all, list->pdata[k]);
                }
            }
        }
    }
}

static void try_model(xmlNode *cib, const xmlNode *status, gboolean connected)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts(connected);
    const ClPcmkSources sources = {
        .cib = cib, .status = status, .corosync = facts, .connected = connected};
    g_autoptr(ClPcmkModel) model = cl_pcmk_model_new(&sources);
    check_model(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlDoc *document =
        size <= G_MAXINT ? xmlReadMemory((const char *)data, (int)size, NULL, NULL, options) : NULL;
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    xmlNode *cib = cl_xml_first(root, NULL);
    if (cib) {
        const xmlNode *status = cl_xml_next(cib, NULL);
        try_model(cib, status, TRUE);
        try_model(cib, status, FALSE);
    }
    xmlFreeDoc(document);
    return 0;
}
