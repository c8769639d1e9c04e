/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connection to pacemaker-based and the copy of its CIB. Everything that may take long is asked
 * for asynchronously. A difference is applied to the copy in place, since copying the CIB for each of
 * the hundreds that one event can make is what would cost; if one does not fit the copy is of no use
 * any more, and the whole is asked for. So it is when a node that joins gets another's CIB of the same
 * version: of such a difference it cannot be told whether it is in already.
 *
 * Libcib has one table of callbacks for a process, which each new cib_t empties, also the one by
 * which the status is calculated, and which is gone with it. So after that all whose answers are awaited
 * are put in again; nothing comes meanwhile, as all this is of one thread. Notifications have no user
 * data: they are for the one engine that runs.
 */
#include "engine-internal.h"

#include <errno.h>

#include "channel.h"
#include "status.h"
#include "xml.h"

#define CHANNEL    "cib_rw"
#define CLIENT     "clusapid"
#define RETRY_MS   100
#define RETRIES_MS 1000
#define PROBE_MS   300  /* that a live pacemaker-based takes to answer to a new client, far more */
#define QUERY_MS   5000 /* the whole CIB, of a cluster as big as they come */

/* As the messages name it. */
#define ATTRIBUTE_RESULT "cib_rc"
#define ELEMENT_PATCH    "cib_update_result"
#define OPERATION_PATCH  "cib_apply_diff"

/* Not in any header that is installed. */
int cib_internal_op(cib_t *cib, const char *op, const char *host, const char *section,
                    xmlNode *data, xmlNode **output_data, int call_options, const char *user_name);

static ClPcmkEngine *running; /* of the engine's thread */

static void retry_later(ClPcmkEngine *engine);
static void lose(ClPcmkEngine *engine);
static void lose_soon(ClPcmkEngine *engine);

ClPcmkVersion cl_pcmk_version_of(const xmlNode *cib)
{
    return (ClPcmkVersion){(int)cl_xml_number(cib, "admin_epoch", 0),
                           (int)cl_xml_number(cib, "epoch", 0),
                           (int)cl_xml_number(cib, "num_updates", 0)};
}

gboolean cl_pcmk_version_equal(ClPcmkVersion a, ClPcmkVersion b)
{
    return a.admin_epoch == b.admin_epoch && a.epoch == b.epoch && a.num_updates == b.num_updates;
}

xmlNode *cl_pcmk_cib_copy(xmlNode *cib)
{
    return copy_xml(cib);
}

void cl_pcmk_cib_free(xmlNode *cib)
{
    free_xml(cib);
}

/* --- Whether it can be believed -------------------------------------------------------------------- */

/* The local node has joined the cluster of a DC: from then on all changes come here. Before, the CIB
 * is as the disk has it, without a status. */
static gboolean has_joined(ClPcmkEngine *engine)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = cl_pcmk_corosync_facts(engine->corosync);
    const xmlNode *status = cl_xml_first(engine->kept, "status");
    for (guint i = 0; facts->running && i < facts->members->len; i++) {
        const ClPcmkMember *member = facts->members->pdata[i];
        g_autofree char *id = g_strdup_printf("%u", member->nodeid);
        const xmlNode *state =
            member->local ? cl_xml_child_with(status, "node_state", "id", id) : NULL;
        if (g_strcmp0(cl_xml_get(state, "join"), "member") == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

void cl_pcmk_cib_check_ready(ClPcmkEngine *engine)
{
    if (!engine->ready && engine->kept != NULL && !engine->stale &&
        (engine->corosync == NULL || has_joined(engine))) {
        engine->ready = TRUE;
        cl_pcmk_settle_begin(engine, TRUE);
        cl_pcmk_publish_outdate(engine);
        cl_pcmk_publish_now(engine);
        cl_pcmk_changes_go_on(engine);
    }
}

/* What is kept is another than before. */
static void on_moved(ClPcmkEngine *engine)
{
    if (engine->ready) {
        cl_pcmk_publish_outdate(engine);
        cl_pcmk_publish_soon(engine);
    } else if (engine->model == NULL) {
        cl_pcmk_publish_outdate(engine);
        cl_pcmk_publish_first(engine);
    }
    cl_pcmk_cib_check_ready(engine);
    cl_pcmk_changes_go_on(engine);
}

/* --- The whole of it --------------------------------------------------------------------------------- */

static gboolean on_no_answer(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->query_timer = 0;
    g_debug("pacemaker: pacemaker-based does not tell the CIB");
    lose(engine);
    return G_SOURCE_REMOVE;
}

void cl_pcmk_cib_refresh(ClPcmkEngine *engine)
{
    engine->stale = TRUE;
    if (engine->live == NULL || engine->query != 0) {
        return;
    }
    int call = cl_pcmk_cib_await(
        engine, engine->live->cmds->query(engine->live, NULL, NULL, cib_scope_local));
    if (call <= 0) {
        lose_soon(engine);
        return;
    }
    engine->query = call;
    engine->query_timer = g_timeout_add(QUERY_MS, on_no_answer, engine);
}

static void take_whole(ClPcmkEngine *engine, int rc, xmlNode *cib)
{
    engine->query = 0;
    g_clear_handle_id(&engine->query_timer, g_source_remove);
    if (rc != pcmk_ok || !cl_xml_is(cib, "cib")) {
        g_debug("pacemaker: no CIB: %s", pcmk_strerror(rc));
        lose_soon(engine);
        return;
    }
    g_clear_pointer(&engine->kept, cl_pcmk_cib_free);
    engine->kept = cl_pcmk_cib_copy(cib);
    engine->patched = FALSE;
    engine->stale = FALSE;
    engine->retry_ms = RETRY_MS;
    on_moved(engine);
}

/* --- What pacemaker-based sends ------------------------------------------------------------------------ */

static int result_of(const xmlNode *message, int absent)
{
    return (int)cl_xml_number(message, ATTRIBUTE_RESULT, absent);
}

/* Libcib calls a result good that means: not applied here, another node's CIB is on its way. */
static void on_reply(xmlNode *message, int call, int rc, xmlNode *output, gpointer data)
{
    ClPcmkEngine *engine = data;
    if (engine->live == NULL) {
        return;
    }
    if (call == engine->query) {
        take_whole(engine, result_of(message, rc), output);
    } else if (!cl_pcmk_settle_answered(engine, call, result_of(message, rc), output)) {
        cl_pcmk_changes_answered(engine, call, result_of(message, rc));
    }
}

int cl_pcmk_cib_await(ClPcmkEngine *engine, int call)
{
    if (call > 0) {
        (void)engine->live->cmds->register_callback(engine->live, call, 0, FALSE, engine,
                                                    "clusapid", on_reply);
    }
    return call;
}

static void await_all(ClPcmkEngine *engine, GHashTable *calls)
{
    GHashTableIter iter;
    gpointer call;
    g_hash_table_iter_init(&iter, calls);
    while (g_hash_table_iter_next(&iter, &call, NULL)) {
        (void)cl_pcmk_cib_await(engine, GPOINTER_TO_INT(call));
    }
}

void cl_pcmk_cib_await_again(ClPcmkEngine *engine)
{
    remove_cib_op_callback(0, TRUE);
    if (engine->live != NULL) {
        (void)cl_pcmk_cib_await(engine, engine->query);
        (void)cl_pcmk_cib_await(engine, cl_pcmk_changes_call(engine));
        await_all(engine, engine->settle_calls);
        await_all(engine, engine->fence_calls);
    }
}

static void on_difference(const char *event, xmlNode *message)
{
    ClPcmkEngine *engine = running;
    xmlNode *patch = cl_xml_first(cl_xml_first(message, ELEMENT_PATCH), NULL);
    int rc = result_of(message, pcmk_ok);
    (void)event;
    if (engine == NULL || engine->kept == NULL || engine->stale || rc < pcmk_ok || patch == NULL) {
        return;
    }
    if (cl_pcmk_patch_keeps_version(patch)) {
        cl_pcmk_cib_refresh(engine);
        return;
    }
    rc = xml_apply_patchset(engine->kept, patch, true);
    if (rc == -pcmk_err_old_data) {
        return; /* it is in already */
    }
    if (rc != pcmk_ok) {
        g_debug("pacemaker: a difference does not fit: %s", pcmk_strerror(rc));
        cl_pcmk_cib_refresh(engine);
        return;
    }
    engine->patched = TRUE;
    engine->hold |= cl_pcmk_patch_deletes_status(patch);
    on_moved(engine);
}

int cl_pcmk_cib_send(ClPcmkEngine *engine, xmlNode *patch, const char *user)
{
    return cl_pcmk_cib_await(engine, cib_internal_op(engine->live, OPERATION_PATCH, NULL, NULL,
                                                     patch, NULL, cib_none, user));
}

/* --- Losing it ------------------------------------------------------------------------------------------- */

static void drop(ClPcmkEngine *engine)
{
    cib_t *live = g_steal_pointer(&engine->live);
    engine->query = 0;
    cl_pcmk_settle_stop(engine);
    cl_pcmk_fence_stop(engine);
    engine->ready = engine->corosync == NULL && engine->ready;
    g_clear_handle_id(&engine->query_timer, g_source_remove);
    g_clear_handle_id(&engine->lost_source, g_source_remove);
    if (live != NULL) {
        /* Else it would be told of this as of a loss. */
        live->cmds->set_connection_dnotify(live, NULL);
        cib_delete(live);
        g_clear_pointer(&engine->kept, cl_pcmk_cib_free);
        engine->stale = FALSE;
        engine->patched = FALSE;
    }
}

static void lose(ClPcmkEngine *engine)
{
    gboolean was_ready = engine->ready;
    drop(engine);
    if (was_ready) {
        cl_pcmk_publish_outdate(engine);
        cl_pcmk_publish_now(engine);
    }
    cl_pcmk_changes_lost(engine);
    retry_later(engine);
}

static gboolean on_lost_idle(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->lost_source = 0;
    lose(engine);
    return G_SOURCE_REMOVE;
}

/* From within libcib's callbacks, too: it goes on using the connection when they return. */
static void lose_soon(ClPcmkEngine *engine)
{
    if (engine->lost_source == 0) {
        engine->lost_source = g_idle_add_full(G_PRIORITY_HIGH, on_lost_idle, engine, NULL);
    }
}

static void on_lost(gpointer data)
{
    (void)data;
    if (running != NULL) {
        lose_soon(running);
    }
}

/* --- Getting it -------------------------------------------------------------------------------------------- */

static gboolean is_alive(GError **error)
{
    gint64 until = g_get_monotonic_time() + PROBE_MS * G_TIME_SPAN_MILLISECOND;
    switch (cl_pcmk_channel_ask(CHANNEL, until, NULL)) {
    case 0:
        return TRUE;
    case ETIMEDOUT:
        return cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "pacemaker-based does not answer");
    case EACCES:
    case EPERM:
        return cl_fail(error, ERROR_ACCESS_DENIED,
                       "this process may not ask Pacemaker: it wants root, or the group haclient");
    default:
        return cl_fail(error, EPT_S_NOT_REGISTERED, "no Pacemaker runs on this host");
    }
}

static gboolean sign_on(ClPcmkEngine *engine, GError **error)
{
    if (!is_alive(error)) {
        return FALSE;
    }
    cib_t *live = cib_native_new();
    int rc = live->cmds->signon(live, CLIENT, cib_command);
    if (rc != pcmk_ok) {
        cib_delete(live);
        return cl_fail(error, EPT_S_NOT_REGISTERED, "no connection to pacemaker-based: %s",
                       pcmk_strerror(rc));
    }
    engine->live = live;
    live->call_timeout = 1;
    (void)live->cmds->set_connection_dnotify(live, on_lost);
    rc = live->cmds->add_notify_callback(live, T_CIB_DIFF_NOTIFY, on_difference);
    if (rc != pcmk_ok || live->state == cib_disconnected) {
        drop(engine);
        return cl_fail(error, EPT_S_NOT_REGISTERED, "no news from pacemaker-based: %s",
                       pcmk_strerror(rc));
    }
    return TRUE;
}

static gboolean on_retry(gpointer data)
{
    ClPcmkEngine *engine = data;
    GError *error = NULL;
    engine->retry_timer = 0;
    if (sign_on(engine, &error)) {
        cl_pcmk_cib_refresh(engine);
    } else {
        cl_pcmk_publish_refusal(engine, error);
        retry_later(engine);
    }
    return G_SOURCE_REMOVE;
}

static void retry_later(ClPcmkEngine *engine)
{
    if (engine->retry_timer == 0) {
        engine->retry_timer = g_timeout_add(engine->retry_ms, on_retry, engine);
        engine->retry_ms = MIN(engine->retry_ms * 2, RETRIES_MS);
    }
}

void cl_pcmk_cib_suspect(ClPcmkEngine *engine)
{
    if (engine->live != NULL && engine->lost_source == 0 && !is_alive(NULL)) {
        lose_soon(engine);
    }
}

/* --- A recorded one ------------------------------------------------------------------------------------------ */

static void read_file(ClPcmkEngine *engine)
{
    GError *error = NULL;
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(engine->file, &text, &length, &error)) {
        DWORD code = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? ERROR_FILE_NOT_FOUND
                     : g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES)
                         ? ERROR_ACCESS_DENIED
                         : ERROR_GEN_FAILURE;
        g_autoptr(GError) cause = g_steal_pointer(&error);
        (void)cl_fail(&error, code, "%s", cause->message);
        cl_pcmk_publish_refusal(engine, error);
        return;
    }
    xmlDoc *document = length <= G_MAXINT
                           ? xmlReadMemory(text, (int)length, NULL, NULL,
                                           XML_PARSE_NOBLANKS | XML_PARSE_NONET |
                                               XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                           : NULL;
    xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    if (!cl_xml_is(root, "cib")) {
        xmlFreeDoc(document);
        (void)cl_fail(&error, ERROR_INVALID_DATA, "%s is no CIB", engine->file);
        cl_pcmk_publish_refusal(engine, error);
        return;
    }
    engine->kept = root;
    cl_pcmk_cib_check_ready(engine);
}

void cl_pcmk_cib_start(ClPcmkEngine *engine)
{
    running = engine;
    engine->retry_ms = RETRY_MS;
    if (engine->file != NULL) {
        read_file(engine);
    } else {
        (void)on_retry(engine);
    }
}

void cl_pcmk_cib_stop(ClPcmkEngine *engine)
{
    g_clear_handle_id(&engine->retry_timer, g_source_remove);
    drop(engine);
    g_clear_pointer(&engine->kept, cl_pcmk_cib_free);
    running = NULL;
}
