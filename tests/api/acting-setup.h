/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster from a definition for tests of what changes it, through the public API; its handles go
 * with it. One thread.
 */
#pragma once

#include <clusapi.h>
#include <clusapi/linux.h>

#include "fixture.h"

/* A call that returns a code; one that returns a handle, and fails. */
#define IS(call, code) g_assert_cmpuint((DWORD)(call), ==, (DWORD)(code))
#define NONE(call, code)                                                                           \
    do {                                                                                           \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_null(call);                                                                       \
        g_assert_cmpuint(GetLastError(), ==, (DWORD)(code));                                       \
    } while (0)

typedef struct {
    Fixture *fixture;
    HCLUSTER handle;
} Cluster;

Cluster *cluster_new(const char *definition);
void cluster_free(Cluster *cluster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cluster, cluster_free)

/* Open handles with all access, or for reading. They must be there. */
HNODE node_of(const Cluster *cluster, const char *name);
HGROUP group_of(const Cluster *cluster, const char *name);
HRESOURCE resource_of(const Cluster *cluster, const char *name);
HNETWORK network_of(const Cluster *cluster, const char *name);
HNODE read_node(const Cluster *cluster, const char *name);
HGROUP read_group(const Cluster *cluster, const char *name);
HRESOURCE read_resource(const Cluster *cluster, const char *name);

/* The state, and that it comes within two seconds. */
CLUSTER_RESOURCE_STATE state_of(const Cluster *cluster, const char *resource);
void await_state(const Cluster *cluster, const char *resource, CLUSTER_RESOURCE_STATE state);
void await_owner(const Cluster *cluster, const char *group, const char *owner);

/* The names of an enumeration with semicolons between (transfer full). */
char *contents_of(HGROUP group, DWORD type);
char *relations_of(HRESOURCE resource, DWORD type);

/* A DWORD property out of the list that @code gives; it must be there. */
DWORD group_number(HGROUP group, DWORD code, LPCWSTR name);
