/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection to a server of the cluster interface, from the client's side: TCP, or a Unix socket,
 * bound and authenticated. Several threads may call at once. There is no thread of its own, unless
 * a call is begun that somebody else is to answer: one of those who wait reads for all.
 */
#pragma once

#include "call.h"
#include "methods.h"
#include "rpc/security.h"

G_BEGIN_DECLS

typedef struct ClAssociation ClAssociation;

/* Where a server is, and what it is to be told. */
typedef struct {
    const char *path; /* of a Unix socket, or NULL */
    const char *host; /* else */
    guint16 port;     /* 0: the endpoint mapper is asked */
    const ClInterface *interface;
    const char *service_host; /* whose ticket is asked for; NULL: @host */
    ClAuthType auth;          /* of a Unix socket CL_AUTH_NONE: the kernel says who calls */
    ClAuthLevel level;
    const ClCredentials *credentials; /* NULL: those of the Kerberos credential cache */
} ClEndpoint;

/* RPC_S_SERVER_UNAVAILABLE, EPT_S_NOT_REGISTERED, RPC_S_UNKNOWN_IF, RPC_S_PROTOCOL_ERROR, or what
 * security says. */
ClAssociation *cl_association_open(const ClEndpoint *endpoint, const ClCall *call, GError **error);

/* Nobody may be in a call. What was begun is answered with RPC_S_CALL_FAILED. */
void cl_association_close(ClAssociation *association);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClAssociation, cl_association_close)

/* Once it is broken every call fails at once. That it is when the connection ends, when what comes is
 * no answer to a call of ours or cannot be read, or when a call ends in the middle of a PDU whose
 * rest does not come. */
gboolean cl_association_is_broken(ClAssociation *association);

/* Whether it is neither broken nor closed by the server, whose end is looked at. */
gboolean cl_association_is_there(ClAssociation *association);

/* Calls a method; the values of its answer are set. The status that the method returns is one of
 * them, and no error of the call. RPC_S_CALL_FAILED_DNE if it surely was not carried out,
 * RPC_S_CALL_FAILED if it may have been, RPC_X_BAD_STUB_DATA if the answer makes no sense, or the
 * code of a fault. */
gboolean cl_association_call(ClAssociation *association, const ClMethod *method, ClNdrValue *values,
                             const ClCall *call, GError **error);

/* The same without waiting: @answered is called once, by the association's own thread, with NULL
 * when the values of the answer are set. Until then they must live. */
typedef void (*ClAnswered)(const GError *error, gpointer user_data);
gboolean cl_association_begin(ClAssociation *association, const ClMethod *method,
                              ClNdrValue *values, ClAnswered answered, gpointer user_data,
                              const ClCall *call, GError **error);

G_END_DECLS
