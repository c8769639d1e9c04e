/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the CIB here is that of the others. When a node that was without quorum meets the others
 * again there is quorum at once, but for some seconds pacemaker-based has the CIB that it had alone, and
 * says that changes are made; then it gets the CIB of the others, without them. So after quorum came, or
 * somebody whom it does not need, as where two nodes may each go on alone, the others are asked for the
 * epoch of theirs, and changes wait until they agree. An answer comes after all that was changed before it,
 * in the order of the cluster.
 *
 * That is also how it is known of a change that has nothing to do that this is so still: what another
 * node has been told is done may be on its way here, and is to be seen first.
 */
#include "engine-internal.h"
#include "xml.h"

#define ROUND_MS 300 /* that answers take, far more; then all are asked again */
/* With others that do not answer: without a Pacemaker they have no CIB. Who only joins is most often one
 * that boots, and whose Pacemaker is to come. */
#define PATIENCE_MS 10000
#define JOINING_MS  3000

static void settled(ClPcmkEngine *engine)
{
    g_debug("pacemaker: the CIB is that of the others");
    engine->unsettled = FALSE;
    cl_pcmk_settle_stop(engine);
    cl_pcmk_changes_go_on(engine);
}

/* As Pacemaker calls it; NULL: it does not know it. */
static const char *name_of(ClPcmkEngine *engine, const ClPcmkMember *member)
{
    g_autofree char *id = g_strdup_printf("%u", member->nodeid);
    const xmlNode *nodes = cl_xml_at(engine->kept, "configuration/nodes");
    return cl_xml_get(cl_xml_child_with(nodes, "node", "id", id), "uname");
}

/* All other members for the version of their CIB; @calls: of whom an answer may come. */
static void query_others(ClPcmkEngine *engine, GHashTable *calls)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = cl_pcmk_corosync_facts(engine->corosync);
    g_hash_table_remove_all(calls);
    for (guint i = 0; i < facts->members->len; i++) {
        const ClPcmkMember *member = facts->members->pdata[i];
        const char *name = member->member && !member->local ? name_of(engine, member) : NULL;
        int call =
            name != NULL
                ? cl_pcmk_cib_await(engine, engine->live->cmds->query_from(engine->live, name, NULL,
                                                                           NULL, cib_no_children))
                : 0;
        if (call > 0) {
            g_hash_table_add(calls, GINT_TO_POINTER(call));
        } else if (call < 0) {
            cl_pcmk_cib_suspect(engine);
        }
    }
}

static void ask_others(ClPcmkEngine *engine)
{
    engine->n_agreeing = 0;
    engine->differs = FALSE;
    query_others(engine, engine->settle_calls);
}

/* The end of a round, and the next one. */
static gboolean on_round(gpointer data)
{
    ClPcmkEngine *engine = data;
    if (!engine->ready || engine->stale) {
        return G_SOURCE_CONTINUE;
    }
    if ((engine->n_agreeing > 0 && !engine->differs) ||
        g_get_monotonic_time() > engine->settle_until) {
        engine->settle_timer = 0;
        settled(engine);
        return G_SOURCE_REMOVE;
    }
    ask_others(engine);
    if (g_hash_table_size(engine->settle_calls) == 0) {
        engine->settle_timer = 0;
        settled(engine);
        return G_SOURCE_REMOVE;
    }
    return G_SOURCE_CONTINUE;
}

void cl_pcmk_settle_begin(ClPcmkEngine *engine, gboolean was_apart)
{
    const gint64 patience = was_apart ? PATIENCE_MS : JOINING_MS;
    gint64 until = g_get_monotonic_time() + patience * G_TIME_SPAN_MILLISECOND;
    if (engine->corosync == NULL) {
        return;
    }
    cl_pcmk_settle_stop(engine);
    engine->settle_until = engine->unsettled ? MAX(engine->settle_until, until) : until;
    engine->unsettled = TRUE;
    engine->settle_timer = g_timeout_add(ROUND_MS, on_round, engine);
    if (engine->ready && !engine->stale) {
        ask_others(engine);
    }
}

gboolean cl_pcmk_settle_answered(ClPcmkEngine *engine, int call, int rc, const xmlNode *cib)
{
    if (g_hash_table_contains(engine->fence_calls, GINT_TO_POINTER(call))) {
        cl_pcmk_fence_stop(engine);
        cl_pcmk_changes_go_on(engine);
        return TRUE;
    }
    if (!g_hash_table_remove(engine->settle_calls, GINT_TO_POINTER(call))) {
        return FALSE;
    }
    ClPcmkVersion own = cl_pcmk_version_of(engine->kept);
    ClPcmkVersion other = cl_pcmk_version_of(cib);
    if (rc != pcmk_ok || engine->kept == NULL || engine->stale ||
        own.admin_epoch != other.admin_epoch || own.epoch != other.epoch) {
        engine->differs = TRUE;
    } else {
        engine->n_agreeing++;
    }
    if (g_hash_table_size(engine->settle_calls) == 0 && !engine->differs) {
        settled(engine);
    }
    return TRUE;
}

void cl_pcmk_settle_stop(ClPcmkEngine *engine)
{
    g_clear_handle_id(&engine->settle_timer, g_source_remove);
    g_hash_table_remove_all(engine->settle_calls);
    engine->n_agreeing = 0;
}

/* --- Nothing is on its way ----------------------------------------------------------------------- */

/* Members without a Pacemaker do not answer; but it may be the local one that does not. */
static gboolean on_no_answer(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->fence_timer = 0;
    cl_pcmk_fence_stop(engine);
    cl_pcmk_cib_suspect(engine);
    cl_pcmk_changes_go_on(engine);
    return G_SOURCE_REMOVE;
}

gboolean cl_pcmk_fence_begin(ClPcmkEngine *engine)
{
    query_others(engine, engine->fence_calls);
    if (g_hash_table_size(engine->fence_calls) == 0) {
        return engine->lost_source != 0;
    }
    engine->fence_timer = g_timeout_add(ROUND_MS, on_no_answer, engine);
    return TRUE;
}

void cl_pcmk_fence_stop(ClPcmkEngine *engine)
{
    g_clear_handle_id(&engine->fence_timer, g_source_remove);
    g_hash_table_remove_all(engine->fence_calls);
}
