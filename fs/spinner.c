/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "spinner.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

/* Between two looks at the clock. */
#define PAUSES         64

#define LEAST_PRIORITY 19

struct FsSpinner {
    guint usec;
    pthread_t thread;
    gint64 last;  /* only of the thread that touches */
    gint64 until; /* atomic */
    gint asleep;  /* atomic */
    gint ended;   /* atomic */
    GMutex lock;
    GCond wake;
};

static void pause_processor(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static gboolean should_spin(FsSpinner *spinner)
{
    return g_get_monotonic_time() < __atomic_load_n(&spinner->until, __ATOMIC_SEQ_CST);
}

/* Sets asleep before it looks at the time again, as touch sets the time before it looks at asleep:
 * one of them sees the other. */
static void sleep_until_touched(FsSpinner *spinner)
{
    g_mutex_lock(&spinner->lock);
    g_atomic_int_set(&spinner->asleep, TRUE);
    while (!g_atomic_int_get(&spinner->ended) && !should_spin(spinner)) {
        g_cond_wait(&spinner->wake, &spinner->lock);
    }
    g_atomic_int_set(&spinner->asleep, FALSE);
    g_mutex_unlock(&spinner->lock);
}

static void *spin(void *data)
{
    FsSpinner *spinner = data;

    /* Of this thread alone. A thread of SCHED_IDLE would count as an idle processor. */
    setpriority(PRIO_PROCESS, 0, LEAST_PRIORITY);
    while (!g_atomic_int_get(&spinner->ended)) {
        if (should_spin(spinner)) {
            for (guint i = 0; i < PAUSES; i++) {
                pause_processor();
            }
        } else {
            sleep_until_touched(spinner);
        }
    }
    return NULL;
}

/* On a single processor whoever spins only takes time from those it would help. */
static gboolean is_useful(guint usec)
{
    cpu_set_t processors;

    return usec > 0 && (sched_getaffinity(0, sizeof processors, &processors) != 0 ||
                        CPU_COUNT(&processors) > 1);
}

FsSpinner *fs_spinner_new(guint usec)
{
    FsSpinner *spinner = g_new0(FsSpinner, 1);

    g_mutex_init(&spinner->lock);
    g_cond_init(&spinner->wake);
    spinner->usec = is_useful(usec) ? usec : 0;
    if (spinner->usec > 0 && pthread_create(&spinner->thread, NULL, spin, spinner) != 0) {
        spinner->usec = 0;
        fs_spinner_free(spinner);
        return NULL;
    }
    return spinner;
}

void fs_spinner_free(FsSpinner *spinner)
{
    if (spinner->usec > 0) {
        g_mutex_lock(&spinner->lock);
        g_atomic_int_set(&spinner->ended, TRUE);
        g_cond_signal(&spinner->wake);
        g_mutex_unlock(&spinner->lock);
        pthread_join(spinner->thread, NULL);
    }
    g_cond_clear(&spinner->wake);
    g_mutex_clear(&spinner->lock);
    g_free(spinner);
}

/* A lone request is over before the thread is awake, so only a second one soon after wakes it. */
void fs_spinner_touch(FsSpinner *spinner, gint64 now)
{
    gboolean soon = now - spinner->last < spinner->usec;

    spinner->last = now;
    if (soon) {
        __atomic_store_n(&spinner->until, now + spinner->usec, __ATOMIC_SEQ_CST);
        if (g_atomic_int_get(&spinner->asleep)) {
            g_mutex_lock(&spinner->lock);
            g_cond_signal(&spinner->wake);
            g_mutex_unlock(&spinner->lock);
        }
    }
}
