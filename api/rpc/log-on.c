/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A step is its thread's alone until it is done. Then it is the caller's or, if that has left,
 * nobody's.
 */
#include "log-on.h"

#include <pthread.h>

typedef struct {
    ClAuthType type;
    ClAuthLevel level;
    char *host;
    ClCredentials *credentials;
    ClSecurity *security;
    GBytes *out;
    GError *error;
    char *target;              /* who asks whom */
    gboolean is_done, is_left; /* under lock */
} Step;

static GMutex lock;
static GCond changed;
static guint running;       /* under lock */
static GHashTable *targets; /* how many of them for each; under lock */

static void step_free(Step *step)
{
    g_free(step->target);
    g_free(step->host);
    g_clear_pointer(&step->credentials, cl_credentials_free);
    g_clear_pointer(&step->security, cl_security_free);
    g_clear_pointer(&step->out, g_bytes_unref);
    g_clear_error(&step->error);
    g_free(step);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Step, step_free)

static void carry_out(Step *step)
{
    step->security = cl_security_new_client(step->type, step->level, step->host, step->credentials,
                                            &step->error);
    if (step->security) {
        (void)cl_security_step(step->security, NULL, &step->out, &step->error);
    }
}

/* --- Threads ------------------------------------------------------------------------------------ */

static void lock_for_fork(void)
{
    g_mutex_lock(&lock);
}

static void unlock_after_fork(void)
{
    g_mutex_unlock(&lock);
}

/* None of the threads is here. */
static void forget_in_child(void)
{
    running = 0;
    g_hash_table_remove_all(targets);
    g_mutex_unlock(&lock);
}

static void set_up_once(void)
{
    targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pthread_atfork(lock_for_fork, unlock_after_fork, forget_in_child);
}

/* With the lock held. */
static guint running_for(const Step *step)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(targets, step->target));
}

/* With the lock held. */
static void count(const Step *step, gint more)
{
    guint n = running_for(step) + (guint)more;
    running += (guint)more;
    if (n > 0) {
        g_hash_table_insert(targets, g_strdup(step->target), GUINT_TO_POINTER(n));
    } else {
        g_hash_table_remove(targets, step->target);
    }
}

static gpointer run(gpointer data)
{
    Step *step = data;
    g_mutex_lock(&lock);
    g_mutex_unlock(&lock);
    carry_out(step);
    g_mutex_lock(&lock);
    gboolean is_left = step->is_left;
    step->is_done = TRUE;
    count(step, -1);
    g_cond_broadcast(&changed);
    g_mutex_unlock(&lock);
    if (is_left) {
        step_free(step);
    }
    return NULL;
}

/* With the lock held. A cancellation wakes nobody here; it is looked for often enough. */
static gboolean wait_for_change(const ClCall *call, GError **error)
{
    gint64 until = call->deadline;
    if (!cl_call_may_wait(call, error)) {
        return FALSE;
    }
    if (call->cancellable) {
        until = MIN(until, g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND);
    }
    g_cond_wait_until(&changed, &lock, until);
    return TRUE;
}

/* With the lock held. A KDC that leaves all of its own waiting keeps no place of the others'. */
static gboolean start(Step *step, const ClCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    while (running >= CL_LOG_ON_THREADS || running_for(step) >= CL_LOG_ON_THREADS_SAME) {
        if (!wait_for_change(call, error)) {
            return FALSE;
        }
    }
    GThread *thread = g_thread_try_new("clusapi-log-on", run, step, &failed);
    if (!thread) {
        return cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "%s", failed->message);
    }
    g_thread_unref(thread);
    count(step, 1);
    return TRUE;
}

/* FALSE: it is not done. If a thread has it for good @step is NULL then. */
static gboolean carry_out_elsewhere(Step **step, const ClCall *call, GError **error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    gboolean ok = TRUE;
    pthread_once(&once, set_up_once);
    g_mutex_lock(&lock);
    gboolean has_begun = start(*step, call, error);
    while (has_begun && ok && !(*step)->is_done) {
        ok = wait_for_change(call, error);
    }
    if (has_begun && !ok) {
        (*step)->is_left = TRUE;
        *step = NULL;
    }
    g_mutex_unlock(&lock);
    return has_begun && ok;
}

/* --- Logging on --------------------------------------------------------------------------------- */

static Step *step_new(const ClEndpoint *endpoint, GError **error)
{
    const ClCredentials *given = endpoint->credentials;
    g_autoptr(Step) step = g_new0(Step, 1);
    step->type = endpoint->auth;
    step->level = endpoint->level;
    step->host = g_strdup(endpoint->service_host ? endpoint->service_host : endpoint->host);
    if (given) {
        step->credentials = cl_credentials_new(given->user, given->domain, given->password, error);
    }
    step->target = g_strdup_printf("%s %s@%s", step->host, given ? given->user : "",
                                   given ? given->domain : "");
    return !given || step->credentials ? g_steal_pointer(&step) : NULL;
}

static gboolean may_ask_kdc(const ClEndpoint *endpoint)
{
    return endpoint->auth == CL_AUTH_KERBEROS ||
           (endpoint->auth == CL_AUTH_SPNEGO && !endpoint->credentials);
}

ClSecurity *cl_log_on(const ClEndpoint *endpoint, const ClCall *call, GBytes **ret_token,
                      GError **error)
{
    g_autoptr(Step) step = step_new(endpoint, error);
    if (!step) {
        return NULL;
    }
    if (!may_ask_kdc(endpoint)) {
        carry_out(step);
    } else if (!carry_out_elsewhere(&step, call, error)) {
        return NULL;
    }
    if (step->error) {
        g_propagate_error(error, g_steal_pointer(&step->error));
        return NULL;
    }
    *ret_token = g_steal_pointer(&step->out);
    return g_steal_pointer(&step->security);
}
