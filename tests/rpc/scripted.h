/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client back end, connected to a server that a test scripts. The server is the engine's own, in a
 * thread, at a Unix socket; a script sets the values of a call, or fails it.
 */
#pragma once

#include "rpc/client.h"
#include "rpc/server.h"

const ClBackend *cl_backend_module(void);

/* 0: answered; a code to fault with; HELD: not answered. */
#define HELD G_MAXUINT32
typedef guint32 (*Script)(const char *method, ClNdrValue *values);

typedef struct {
    char *directory, *path;
    ClServer *server;
    GThread *thread;
    GMainContext *context;
    Script script;
    GPtrArray *held; /* ClRequest, of the server's thread */
    ClConnection *connection;
} Bench;

/* Of all that is opened. */
extern const ClContextHandle some_handle;

Bench *bench_new(Script script);
void bench_free(Bench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bench, bench_free)

/* For who has something to prepare beside the socket. */
Bench *bench_new_unconnected(Script script);
gboolean try_connect(Bench *bench, GError **error);

/* The server goes away. */
void bench_stop(Bench *bench);

ClCall within(guint ms);
ClCall soon(void);
