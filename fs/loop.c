/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The request loop. One thread reads from the session and answers at once what need not wait; no
 * call of the library waits on it.
 *
 * A second thread waits for the signals that end the daemon; a third one spins (spinner.h).
 */
#include "loop.h"

#include "compat.h"
#include "pool.h"
#include "spinner.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
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
    gboolean blocking; /* the device */
    FsSpinner *spinner;
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
    if (!g_atomic_int_get(&loop->ended)) {
        fs_mount_stop(loop->mount);
    }
    fuse_session_exit(loop->mount->session);
    while (!g_atomic_int_get(&loop->ended)) {
        pthread_kill(loop->thread, WAKE_SIGNAL);
        g_usleep(WAKE_US);
    }
    return NULL;
}

/* Milliseconds to sleep for at most, rounded up. */
static int time_to_deadline(gint64 deadline)
{
    gint64 left = deadline - g_get_monotonic_time();

    return left > 0 ? (int)MIN(left / 1000 + 1, G_MAXINT) : 0;
}

/* Reads one request and processes it. Returns its bytes, 0 at the end, -EAGAIN if there is none. */
static int serve_one(Loop *loop)
{
    struct fuse_session *session = loop->mount->session;
    int result = fuse_session_receive_buf(session, &loop->buffer);

    if (result > 0) {
        fs_spinner_touch(loop->spinner, g_get_monotonic_time());
        fuse_session_process_buf(session, &loop->buffer);
    }
    /* So the kernel tells the end of a mount with requests under way. */
    if (result == -ECONNABORTED) {
        return 0;
    }
    return result == -EINTR ? -EAGAIN : result;
}

/* While something is pending a read must not block: the request that poll saw may be gone, as its
 * caller was killed. */
static void set_blocking(Loop *loop, gboolean blocking)
{
    int flags;

    if (blocking == loop->blocking) {
        return;
    }
    flags = fcntl(loop->device, F_GETFL);
    if (flags >= 0 &&
        fcntl(loop->device, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) == 0) {
        loop->blocking = blocking;
    }
}

static int run(Loop *loop)
{
    int result = -EAGAIN;

    while (!fuse_session_exited(loop->mount->session) && (result > 0 || result == -EAGAIN)) {
        gint64 deadline = fs_pool_deadline(loop->mount->pool);

        set_blocking(loop, deadline == G_MAXINT64);
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

int fs_loop_run(FsMount *mount)
{
    Loop loop = {.mount = mount, .device = fuse_session_fd(mount->session), .blocking = TRUE};
    int result;
    int error;

    loop.spinner = fs_spinner_new(mount->spin_us);
    if (loop.spinner == NULL) {
        return -EAGAIN;
    }
    loop.thread = pthread_self();
    error = pthread_create(&loop.signal_thread, NULL, wait_for_signal, &loop);
    if (error != 0) {
        fs_spinner_free(loop.spinner);
        return -error;
    }
    ClusapiSetNoWait(TRUE);
    result = run(&loop);
    ClusapiSetNoWait(FALSE);
    g_atomic_int_set(&loop.ended, TRUE);
    /* Without effect if a signal came already. */
    pthread_kill(loop.signal_thread, SIGTERM);
    pthread_join(loop.signal_thread, NULL);
    fs_spinner_free(loop.spinner);
    free(loop.buffer.mem);
    return result < 0 && result != -EAGAIN ? result : 0;
}
