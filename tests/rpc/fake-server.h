/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine's server without sockets: clients whose calls go straight to the service, with every
 * request and answer as bytes once on the way. All is on the test's thread, but for the calls that
 * may wait.
 */
#pragma once

#include "clusapid/service.h"

G_BEGIN_DECLS

typedef struct {
    ClusapidService *service;
    ClPeer *peer;
} FakeClient;

/* A client of the cluster in a file. */
FakeClient *fake_client_new(const char *path, ClusapidRole role);
/* Another client of the same service. */
FakeClient *fake_client_again(const FakeClient *client, ClusapidRole role);
/* Its calls are cancelled and its handles run down; the first one ends the service, too. */
void fake_client_free(FakeClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeClient, fake_client_free)

/* How many handles it may have, and has. */
void fake_client_limit(FakeClient *client, guint handles);
guint fake_client_handles(const FakeClient *client);

typedef struct {
    const ClMethod *method;
    gboolean is_answered;
    gboolean had_to_wait; /* it was refused the first time */
    guint32 fault;
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
    ClRequest *request; /* until it is answered */
} FakeCall;

/*
 * Calls a method. @format says what follows for each parameter that goes in: s a text in UTF-8, u a
 * guint64, h a const ClContextHandle *, b bytes and their gsize, r rows (GPtrArray *, taken), 0
 * nothing at all.
 */
FakeCall *fake_call(FakeClient *client, const char *method, const char *format, ...);
/* As the engine gives it, the values having been set by the caller (taken). */
FakeCall *fake_call_values(FakeClient *client, const ClMethod *method, ClNdrValue *values);
void fake_call_free(FakeCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeCall, fake_call_free)

/* The client takes it back. */
void fake_call_cancel(FakeCall *call);

/* Waits for the answer of a call. */
void fake_call_wait(FakeCall *call);

/* The status of an answer. */
guint fake_status(const FakeCall *call);

/* The handle that it gave. */
const ClContextHandle *fake_handle(const FakeCall *call);

/* A text that it gave; NULL if there is none (transfer full). */
char *fake_text(const FakeCall *call, guint parameter);

G_END_DECLS
