/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "corosync.h"

static void member_free(gpointer data)
{
    ClPcmkMember *member = data;
    g_free(member->name);
    for (guint i = 0; i < CL_PCMK_LINKS_MAX; i++) {
        g_free(member->links[i].address);
    }
    g_free(member);
}

ClPcmkCorosyncFacts *cl_pcmk_corosync_facts_new(void)
{
    ClPcmkCorosyncFacts *facts = g_new0(ClPcmkCorosyncFacts, 1);
    g_atomic_ref_count_init(&facts->references);
    facts->members = g_ptr_array_new_with_free_func(member_free);
    return facts;
}

ClPcmkCorosyncFacts *cl_pcmk_corosync_facts_ref(ClPcmkCorosyncFacts *facts)
{
    g_atomic_ref_count_inc(&facts->references);
    return facts;
}

void cl_pcmk_corosync_facts_unref(ClPcmkCorosyncFacts *facts)
{
    if (!g_atomic_ref_count_dec(&facts->references)) {
        return;
    }
    g_free(facts->cluster_name);
    g_free(facts->device_model);
    g_free(facts->device_host);
    g_ptr_array_unref(facts->members);
    g_free(facts);
}

static gboolean link_equal(const ClPcmkLink *a, const ClPcmkLink *b)
{
    return a->configured == b->configured && a->enabled == b->enabled &&
           a->connected == b->connected && a->carrier == b->carrier && a->prefix == b->prefix &&
           g_strcmp0(a->address, b->address) == 0;
}

static gboolean member_equal(const ClPcmkMember *a, const ClPcmkMember *b)
{
    gboolean equal = a->nodeid == b->nodeid && a->member == b->member && a->local == b->local &&
                     a->votes == b->votes && g_strcmp0(a->name, b->name) == 0;
    for (guint i = 0; equal && i < CL_PCMK_LINKS_MAX; i++) {
        equal = link_equal(&a->links[i], &b->links[i]);
    }
    return equal;
}

gboolean cl_pcmk_corosync_facts_equal(const ClPcmkCorosyncFacts *a, const ClPcmkCorosyncFacts *b)
{
    gboolean equal =
        a->running == b->running && a->quorate == b->quorate &&
        a->expected_votes == b->expected_votes && a->total_votes == b->total_votes &&
        a->device_votes == b->device_votes && g_strcmp0(a->cluster_name, b->cluster_name) == 0 &&
        g_strcmp0(a->device_model, b->device_model) == 0 &&
        g_strcmp0(a->device_host, b->device_host) == 0 && a->members->len == b->members->len;
    for (guint i = 0; equal && i < a->members->len; i++) {
        equal = member_equal(a->members->pdata[i], b->members->pdata[i]);
    }
    return equal;
}
