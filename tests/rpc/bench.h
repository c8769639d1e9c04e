/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server of the engine for a test, with a service of its own, on a thread: over a Unix socket and
 * over TCP; and how to ask it.
 */
#pragma once

#include "rpc/association.h"
#include "rpc/server.h"

typedef struct {
    char *directory;
    char *path;
    guint16 port;
    ClServer *server;
    GThread *thread;
    GMainContext *context;
    ClRequest *held; /* the thread's */
    gint arrived, left, opened, run_down, enumerated;
    gboolean slow;
} Bench;

/* How long ResumeNode keeps the server's own thread. */
#define BENCH_SLEEP_US 1500000

extern const ClServerLimits bench_limits;

/* With NULL nobody may come over TCP. */
Bench *bench_new(const ClServerLimits *limits, const ClAcceptor *acceptor, ClAuthLevel level);
void bench_free(Bench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bench, bench_free)

/* Holds a call instead of the one that was held before, which fails; or none. */
void bench_hold(Bench *bench, ClRequest *request);

ClCall within(guint ms);

/* Over the Unix socket. */
ClAssociation *bench_connect(const Bench *bench);

/* A call of a method. */
typedef struct {
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
    const ClMethod *method;
} Ask;

void ask_clear(Ask *ask);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ask, ask_clear)

Ask asking(const char *method);

/* The Win32 code of the call. */
guint32 answer_of(ClAssociation *association, Ask *ask, guint ms);

#define ASK(ask) g_assert_cmpuint(answer_of(association, ask, 5000), ==, ERROR_SUCCESS)

/* API text as wire text (transfer full). */
LPWSTR wire_text(LPCWSTR text);
