/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the methods of [MS-CMRP] mean: a thin layer between the engine's server and the public
 * functions of the library. It serves one cluster. Everything but calls that wait is on the thread
 * of the engine's main context.
 */
#pragma once

#include "rpc/server.h"

#include <clusapi.h>

G_BEGIN_DECLS

typedef struct ClusapidService ClusapidService;

/* What a client may do. */
typedef enum {
    CLUSAPID_NOBODY, /* may call nothing */
    CLUSAPID_READER,
    CLUSAPID_ADMINISTRATOR
} ClusapidRole;

typedef struct {
    const char *cluster; /* as OpenCluster() takes it, in UTF-8; NULL: that of this host */
    /* Asked once for each client, when it is known. */
    ClusapidRole (*role)(ClPeer *peer, gpointer role_data);
    gpointer role_data;
} ClusapidOptions;

/* Uses the thread-default main context, which has to be the engine's. NULL for a name that is no
 * text. */
ClusapidService *clusapid_service_new(const ClusapidOptions *options);

/* After the server, which knows it. */
void clusapid_service_free(ClusapidService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClusapidService, clusapid_service_free)

/* What cl_server_new() takes; its user data is the service. */
extern const ClService clusapid_calls;

G_END_DECLS
