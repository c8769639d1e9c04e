/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The request loop. One thread reads from the session and answers at once what need not wait; no
 * call of the library waits on it. After a request it looks for the next one for a short while
 * before it sleeps, since being woken costs more than a small request does. Where it must not look,
 * it sleeps in read, which takes one system call less than poll.
 *
 * A second thread waits for the signals that end the daemon.
 */
#include "loop.h"

#include "compat.h"
#include "pool.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Wakes the loop out of a system call; does nothing else. */
#define WAKE_SIGNAL SIGUSR1

/* How often the loop is woken until it has noticed. */
#define WAKE_US 10000

typedef struct {
    FsMount *mount;
    struct fuse_buf buffer;
    int device;
    guint spin_us;
    pthread_t thread;
    pthread_t signal_thread;
    gint ended; /* atomic */
} Loop;

static void fill_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
}

static void do_nothing(int number)
{
    (void)number;
}

void fs_loop_block_signals(void)
{
    struct sigaction wake = {.sa_handler = do_nothing};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t set;

    fill_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sigaction(WAKE_SIGNAL, &wake, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

/* The loop may be about to sleep just when it is woken, so it is woken until it has ended. */
static void *wait_for_signal(void *data)
{
    Loop *loop = data;
    sigset_t set;
    int number;

    fill_signals(&set);
    while (sigwait(&set, &number) != 0) {
        continue;
    }
    fuse_session_exit(loop->mount->session);
    while (!g_atomic_int_get(&loop->ended)) {
        pthread_kill(loop->thread, WAKE_SIGNAL);
        g_usleep(WAKE_US);
    }
    return NULL;
}

/* On a single processor nobody can send a request while this thread looks for one. */
static guint useful_spin(guint wanted)
{
    cpu_set_t processors;

    if (sched_getaffinity(0, sizeof processors, &processors) == 0 && CPU_COUNT(&processors) == 1) {
        return 0;
    }
    return wanted;
}

/* Milliseconds to sleep for at most, rounded up; -1 without end. */
static int time_to_deadline(gint64 deadline)
{
    gint64 left = deadline - g_get_monotonic_time();

    if (deadline == G_MAXINT64) {
        return -1;
    }
    return left > 0 ? (int)MIN(left / 1000 + 1, G_MAXINT) : 0;
}

/* Sleeps until there is a request or a deadline passes. */
static void sleep_until(const Loop *loop, gint64 deadline)
{
    struct pollfd device = {loop->device, POLLIN, 0};

    (void)poll(&device, 1, time_to_deadline(deadline));
}

/* Reads one request and processes it. Returns its bytes, 0 at the end, -EAGAIN if there is none. */
static int serve_one(Loop *loop)
{
    struct fuse_session *session = loop->mount->session;
    int result = fuse_session_receive_buf(session, &loop->buffer);

    if (result > 0) {
        fuse_session_process_buf(session, &loop->buffer);
    }
    return result == -EINTR ? -EAGAIN : result;
}

/* The device does not block here; after a request the next one is looked for. */
static int run_spinning(Loop *loop)
{
    gint64 spin_until = 0;
    int result = -EAGAIN;

    while (!fuse_session_exited(loop->mount->session) && (result > 0 || result == -EAGAIN)) {
        gint64 deadline = fs_pool_deadline(loop->mount->pool);
        gint64 now;

        result = serve_one(loop);
        now = g_get_monotonic_time();
        if (now >= deadline) {
            fs_pool_expire(loop->mount->pool);
        }
        if (result > 0) {
            spin_until = now + loop->spin_us;
        } else if (result == -EAGAIN && now < spin_until) {
            sched_yield();
        } else if (result == -EAGAIN) {
            sleep_until(loop, fs_pool_deadline(loop->mount->pool));
        }
    }
    return result;
}

/* The device blocks here, so while something is pending poll has to say that a read will not. */
static int run_sleeping(Loop *loop)
{
    int result = -EAGAIN;

    while (!fuse_session_exited(loop->mount->session) && (result > 0 || result == -EAGAIN)) {
        gint64 deadline = fs_pool_deadline(loop->mount->pool);

        if (deadline != G_MAXINT64) {
            struct pollfd device = {loop->device, POLLIN, 0};
            int ready = poll(&device, 1, time_to_deadline(deadline));

            fs_pool_expire(loop->mount->pool);
            if (ready <= 0) {
                continue;
            }
        }
        result = serve_one(loop);
    }
    return result;
}

static int run(Loop *loop)
{
    int flags = fcntl(loop->device, F_GETFL);
    int result;

    loop->spin_us = useful_spin(loop->mount->spin_us);
    if (loop->spin_us > 0) {
        flags |= O_NONBLOCK;
    } else {
        flags &= ~O_NONBLOCK;
    }
    if (fcntl(loop->device, F_SETFL, flags) < 0) {
        return -errno;
    }
    ClusapiSetNoWait(TRUE);
    result = loop->spin_us > 0 ? run_spinning(loop) : run_sleeping(loop);
    ClusapiSetNoWait(FALSE);
    return result < 0 && result != -EAGAIN ? result : 0;
}

int fs_loop_run(FsMount *mount)
{
    Loop loop = {.mount = mount, .device = fuse_session_fd(mount->session)};
    int result;
    int error;

    loop.thread = pthread_self();
    error = pthread_create(&loop.signal_thread, NULL, wait_for_signal, &loop);
    if (error != 0) {
        return -error;
    }
    result = run(&loop);
    g_atomic_int_set(&loop.ended, TRUE);
    /* Without effect if a signal came already. */
    pthread_kill(loop.signal_thread, SIGTERM);
    pthread_join(loop.signal_thread, NULL);
    free(loop.buffer.mem);
    return result;
}
