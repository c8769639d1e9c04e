/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What another thread wants of the engine's, and waits for. */
#include "engine-internal.h"

/* A cancelled call is told within 100 ms. */
#define LOOK_US (50 * G_TIME_SPAN_MILLISECOND)

void cl_pcmk_errand_init(ClPcmkErrand *errand, void (*clear)(gpointer))
{
    g_atomic_ref_count_init(&errand->references);
    g_mutex_init(&errand->lock);
    g_cond_init(&errand->changed);
    errand->clear = clear;
}

gpointer cl_pcmk_errand_ref(gpointer data)
{
    ClPcmkErrand *errand = data;
    g_atomic_ref_count_inc(&errand->references);
    return errand;
}

void cl_pcmk_errand_unref(gpointer data)
{
    ClPcmkErrand *errand = data;
    if (g_atomic_ref_count_dec(&errand->references)) {
        if (errand->clear != NULL) {
            errand->clear(errand);
        }
        g_clear_error(&errand->error);
        g_mutex_clear(&errand->lock);
        g_cond_clear(&errand->changed);
        g_free(errand);
    }
}

gboolean cl_pcmk_errand_begin(ClPcmkErrand *errand)
{
    g_mutex_lock(&errand->lock);
    gboolean waits = errand->state == CL_PCMK_ERRAND_WAITING;
    if (waits) {
        errand->state = CL_PCMK_ERRAND_BUSY;
    }
    g_mutex_unlock(&errand->lock);
    return waits;
}

void cl_pcmk_errand_pause(ClPcmkErrand *errand)
{
    g_mutex_lock(&errand->lock);
    errand->state = CL_PCMK_ERRAND_WAITING;
    g_cond_broadcast(&errand->changed);
    g_mutex_unlock(&errand->lock);
}

gboolean cl_pcmk_errand_has_left(ClPcmkErrand *errand)
{
    g_mutex_lock(&errand->lock);
    gboolean left = errand->state == CL_PCMK_ERRAND_LEFT;
    g_mutex_unlock(&errand->lock);
    return left;
}

void cl_pcmk_errand_end(ClPcmkErrand *errand, GError *error)
{
    g_mutex_lock(&errand->lock);
    if (errand->state == CL_PCMK_ERRAND_LEFT) {
        g_clear_error(&error);
    } else {
        errand->state = CL_PCMK_ERRAND_DONE;
        errand->error = error;
        g_cond_broadcast(&errand->changed);
    }
    g_mutex_unlock(&errand->lock);
}

gboolean cl_pcmk_errand_wait(ClPcmkErrand *errand, const ClCall *call, GError **error)
{
    GError *over = NULL;
    g_mutex_lock(&errand->lock);
    while (errand->state != CL_PCMK_ERRAND_DONE && errand->state != CL_PCMK_ERRAND_LEFT) {
        if (errand->state == CL_PCMK_ERRAND_BUSY && !errand->may_leave) {
            g_cond_wait(&errand->changed, &errand->lock);
        } else if (!cl_call_may_wait(call, &over)) {
            errand->state = CL_PCMK_ERRAND_LEFT;
        } else {
            gint64 look = g_get_monotonic_time() + LOOK_US;
            (void)g_cond_wait_until(&errand->changed, &errand->lock,
                                    call->cancellable != NULL ? MIN(look, call->deadline)
                                                              : call->deadline);
        }
    }
    GError *outcome = over != NULL ? over : g_steal_pointer(&errand->error);
    g_mutex_unlock(&errand->lock);
    if (outcome != NULL) {
        g_propagate_error(error, outcome);
    }
    return outcome == NULL;
}

static gboolean on_posted(gpointer data)
{
    ClPcmkErrand *errand = data;
    g_mutex_lock(&errand->lock);
    void (*next)(gpointer) = errand->next;
    g_mutex_unlock(&errand->lock);
    next(errand);
    return G_SOURCE_REMOVE;
}

void cl_pcmk_errand_post(ClPcmkErrand *errand, void (*next)(gpointer))
{
    g_autoptr(GSource) source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, on_posted, cl_pcmk_errand_ref(errand), cl_pcmk_errand_unref);
    g_mutex_lock(&errand->lock);
    errand->next = next;
    g_mutex_unlock(&errand->lock);
    g_source_attach(source, NULL);
}
