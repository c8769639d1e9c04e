/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Talking to the controller and to the attribute manager, each time over connections of their own. All
 * of it happens on the engine's thread, in its main context: sending, which waits for a daemon to
 * acknowledge, and the answers, which the caller waits for on its own thread. There the caller first
 * finds out who answers at all, so that the engine waits for nobody that hangs.
 */
#include "controller.h"

#include <crm/crm.h>
#include <crm/common/ipc.h>
#include <crm/common/ipc_controld.h>
#include <errno.h>

#include "channel.h"

/* Exported, but no header of Pacemaker's has to declare them. */
int pcmk__attrd_api_clear_failures(pcmk_ipc_api_t *api, const char *node, const char *resource,
                                   const char *operation, const char *interval_spec,
                                   const char *user_name, uint32_t options);
int pcmk__attrd_api_delete(pcmk_ipc_api_t *api, const char *node, const char *name,
                           uint32_t options);

#define ATTRIBUTE_MANAGER "attrd"
#define REMOTE_NODE       1u /* pcmk__node_attr_remote */

#define ANSWER_S          10

/* How long a daemon may be busy, and how long when it answered a moment ago. */
#define PATIENCE_MS 3000
#define PROBE_MS    1000

static const struct {
    enum pcmk_ipc_server server;
    const char *channel;
} daemons[] = {{pcmk_ipc_controld, CRM_SYSTEM_CRMD},
               {pcmk_ipc_attrd, ATTRIBUTE_MANAGER},
               {pcmk_ipc_pacemakerd, CRM_SYSTEM_MCP}};

#define BIT(server) (1u << (server))

void cl_pcmk_request_free(ClPcmkRequest *request)
{
    g_free(request->node);
    g_free(request->router);
    g_free(request->resource);
    g_free(request->standard);
    g_free(request->provider);
    g_free(request->agent);
    g_free(request);
}

/* One call of cl_pcmk_controller_ask(), shared by its caller and the engine's thread. */
typedef struct {
    gatomicrefcount references;
    GPtrArray *requests;
    guint answering; /* BIT() of each daemon that answered the caller */
    /* On the engine's thread alone: */
    pcmk_ipc_api_t *controller, *attributes;
    GSource *timer;
    /* Guarded by the lock: */
    GMutex lock;
    GCond changed;
    gboolean over;
    guint32 code; /* Win32, when it is over */
} Asking;

static Asking *asking_ref(Asking *asking)
{
    g_atomic_ref_count_inc(&asking->references);
    return asking;
}

static void asking_unref(gpointer data)
{
    Asking *asking = data;
    if (g_atomic_ref_count_dec(&asking->references)) {
        g_mutex_clear(&asking->lock);
        g_cond_clear(&asking->changed);
        g_ptr_array_unref(asking->requests);
        g_free(asking);
    }
}

/* --- Answers ---------------------------------------------------------------------------------- */

static void tell(Asking *asking, guint32 code)
{
    g_mutex_lock(&asking->lock);
    asking->over = TRUE;
    asking->code = code;
    g_cond_broadcast(&asking->changed);
    g_mutex_unlock(&asking->lock);
}

/* Not within a callback of a connection, which this frees. */
static gboolean disconnect(gpointer data)
{
    Asking *asking = data;
    if (asking->timer != NULL) {
        g_source_destroy(asking->timer);
        g_clear_pointer(&asking->timer, g_source_unref);
    }
    if (asking->controller != NULL) {
        pcmk_register_ipc_callback(asking->controller, NULL, NULL);
        pcmk_free_ipc_api(g_steal_pointer(&asking->controller));
    }
    if (asking->attributes != NULL) {
        pcmk_free_ipc_api(g_steal_pointer(&asking->attributes));
    }
    return G_SOURCE_REMOVE;
}

static void end_later(Asking *asking, guint32 code)
{
    gboolean over;
    g_mutex_lock(&asking->lock);
    over = asking->over;
    g_mutex_unlock(&asking->lock);
    if (!over) {
        tell(asking, code);
        g_idle_add_full(G_PRIORITY_DEFAULT, disconnect, asking_ref(asking), asking_unref);
    }
}

static void on_event(pcmk_ipc_api_t *api, enum pcmk_ipc_event type, crm_exit_t status, void *event,
                     void *data)
{
    Asking *asking = data;
    (void)event;
    if (type == pcmk_ipc_event_disconnect) {
        end_later(asking, ERROR_CLUSTER_NODE_DOWN);
    } else if (type == pcmk_ipc_event_reply && status != CRM_EX_OK) {
        end_later(asking, ERROR_GEN_FAILURE);
    } else if (type == pcmk_ipc_event_reply && pcmk_controld_api_replies_expected(api) == 0) {
        end_later(asking, ERROR_SUCCESS);
    }
}

/* What was sent is done all the same. */
static gboolean on_timeout(gpointer data)
{
    Asking *asking = data;
    g_clear_pointer(&asking->timer, g_source_unref);
    end_later(asking, ERROR_SUCCESS);
    return G_SOURCE_REMOVE;
}

/* --- Who answers ------------------------------------------------------------------------------ */

/* The daemons without which a request is refused. */
static guint needed_by(const ClPcmkRequest *request)
{
    switch (request->what) {
    case CL_PCMK_CLEAN:
        return BIT(pcmk_ipc_attrd) | (request->history ? BIT(pcmk_ipc_controld) : 0);
    case CL_PCMK_UNSET:
        return BIT(pcmk_ipc_attrd);
    case CL_PCMK_FORGET:
        return 0;
    default:
        return BIT(pcmk_ipc_controld);
    }
}

/* On the caller's thread. */
static gboolean find_answering(Asking *asking, const ClCall *call, GError **error)
{
    guint needed = 0, wanted = 0;
    for (guint i = 0; i < asking->requests->len; i++) {
        const ClPcmkRequest *request = asking->requests->pdata[i];
        needed |= needed_by(request);
        wanted |= request->what == CL_PCMK_FORGET ? ~0u : needed;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(daemons); i++) {
        gint64 until = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
        guint bit = BIT(daemons[i].server);
        int code =
            (wanted & bit) != 0 ? cl_pcmk_channel_ask(daemons[i].channel, until, call) : ENOTCONN;
        if (code == 0) {
            asking->answering |= bit;
        } else if ((needed & bit) != 0) {
            return cl_call_may_wait(call, error) &&
                   cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "%s does not answer: %s",
                           daemons[i].channel, pcmk_rc_str(code));
        }
    }
    return TRUE;
}

static const char *channel_of(enum pcmk_ipc_server server)
{
    gsize i = 0;
    while (daemons[i].server != server) {
        i++;
    }
    return daemons[i].channel;
}

/* --- Sending ---------------------------------------------------------------------------------- */

/* The attribute manager forgets what it has not read yet when its client goes: so that is waited for,
 * until it has acknowledged each request. The controller answers. */
static enum pcmk_ipc_dispatch dispatch_of(enum pcmk_ipc_server server)
{
    return server == pcmk_ipc_attrd ? pcmk_ipc_dispatch_sync : pcmk_ipc_dispatch_main;
}

/* As a daemon that has stopped since would be waited for without a limit, it is asked again. */
static gboolean connect_to(enum pcmk_ipc_server server, const Asking *asking, pcmk_ipc_api_t **api,
                           GError **error)
{
    if (pcmk_ipc_is_connected(*api)) {
        return TRUE;
    }
    gint64 until = g_get_monotonic_time() + PROBE_MS * G_TIME_SPAN_MILLISECOND;
    int code = (asking->answering & BIT(server)) != 0
                   ? cl_pcmk_channel_ask(channel_of(server), until, NULL)
                   : ETIMEDOUT;
    if (code == 0 && *api == NULL) {
        code = pcmk_new_ipc_api(api, server);
    }
    if (code == pcmk_rc_ok) {
        code = pcmk_connect_ipc(*api, dispatch_of(server));
    }
    return code == pcmk_rc_ok ||
           cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "no connection: %s", pcmk_rc_str(code));
}

static gboolean check_sent(int code, GError **error)
{
    if (code == pcmk_rc_ok) {
        return TRUE;
    }
    return code == EACCES || code == EPERM
               ? cl_fail(error, ERROR_ACCESS_DENIED, "refused: %s", pcmk_rc_str(code))
               : cl_fail(error, ERROR_GEN_FAILURE, "not sent: %s", pcmk_rc_str(code));
}

static gboolean ask_controller(Asking *asking, const ClPcmkRequest *request, GError **error)
{
    int code;
    if (!connect_to(pcmk_ipc_controld, asking, &asking->controller, error)) {
        return FALSE;
    }
    pcmk_register_ipc_callback(asking->controller, on_event, asking);
    if (request->what == CL_PCMK_FAIL) {
        code = pcmk_controld_api_fail(asking->controller, request->node, request->router,
                                      request->resource, NULL, request->standard, request->provider,
                                      request->agent);
    } else {
        code = pcmk_controld_api_refresh(asking->controller, request->node, request->router,
                                         request->resource, NULL, request->standard,
                                         request->provider, request->agent, !request->online);
    }
    return check_sent(code, error);
}

static gboolean clean(Asking *asking, const ClPcmkRequest *request, GError **error)
{
    return connect_to(pcmk_ipc_attrd, asking, &asking->attributes, error) &&
           check_sent(pcmk__attrd_api_clear_failures(asking->attributes, request->node,
                                                     request->resource, NULL, NULL, NULL,
                                                     request->remote ? REMOTE_NODE : 0),
                      error) &&
           (!request->history || ask_controller(asking, request, error));
}

/* Of a node that is gone the daemons keep what they knew until they are told; what does not answer
 * forgets it when it starts again. */
static gboolean forget(const Asking *asking, const ClPcmkRequest *request)
{
    for (gsize i = 0; i < G_N_ELEMENTS(daemons); i++) {
        pcmk_ipc_api_t *api = NULL;
        if (connect_to(daemons[i].server, asking, &api, NULL)) {
            (void)pcmk_ipc_purge_node(api, request->node, request->nodeid);
        }
        pcmk_free_ipc_api(api);
    }
    return TRUE;
}

static gboolean send_one(Asking *asking, const ClPcmkRequest *request, GError **error)
{
    switch (request->what) {
    case CL_PCMK_CLEAN:
        return clean(asking, request, error);
    case CL_PCMK_FORGET:
        return forget(asking, request);
    case CL_PCMK_UNSET:
        return connect_to(pcmk_ipc_attrd, asking, &asking->attributes, error) &&
               check_sent(pcmk__attrd_api_delete(asking->attributes, request->node,
                                                 request->resource,
                                                 request->remote ? REMOTE_NODE : 0),
                          error);
    default:
        return ask_controller(asking, request, error);
    }
}

/* On the engine's thread. */
static gboolean send_all(ClPcmkEngine *engine, gpointer data, GError **error)
{
    Asking *asking = data;
    gboolean sent = TRUE;
    (void)engine;
    for (guint i = 0; sent && i < asking->requests->len; i++) {
        sent = send_one(asking, asking->requests->pdata[i], error);
    }
    if (!sent || asking->controller == NULL ||
        pcmk_controld_api_replies_expected(asking->controller) == 0) {
        tell(asking, ERROR_SUCCESS);
        (void)disconnect(asking);
        return sent;
    }
    asking->timer = g_timeout_source_new_seconds(ANSWER_S);
    g_source_set_callback(asking->timer, on_timeout, asking_ref(asking), asking_unref);
    g_source_attach(asking->timer, NULL);
    return TRUE;
}

/* --- Waiting ---------------------------------------------------------------------------------- */

/* How often a caller looks whether it is cancelled. */
#define LOOK_US (G_USEC_PER_SEC / 20)

gboolean cl_pcmk_controller_ask(ClPcmkEngine *engine, GPtrArray *requests, const ClCall *call,
                                GError **error)
{
    if (requests->len == 0) {
        return TRUE;
    }
    Asking *asking = g_new0(Asking, 1);
    g_atomic_ref_count_init(&asking->references);
    g_mutex_init(&asking->lock);
    g_cond_init(&asking->changed);
    asking->requests = g_ptr_array_ref(requests);
    gboolean sent =
        find_answering(asking, call, error) &&
        cl_pcmk_engine_run(engine, send_all, asking_ref(asking), asking_unref, call, error);
    guint32 code = ERROR_SUCCESS;
    g_mutex_lock(&asking->lock);
    while (sent && !asking->over && cl_call_may_wait(call, NULL)) {
        g_cond_wait_until(&asking->changed, &asking->lock, g_get_monotonic_time() + LOOK_US);
    }
    code = asking->code;
    g_mutex_unlock(&asking->lock);
    asking_unref(asking);
    return sent && (code == ERROR_SUCCESS || cl_fail(error, code, "Pacemaker did not do it"));
}
