/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the acting transcript share. Steps are written as the calls that they are, and
 * print so; what a cluster has its own names for is in the script's names. For one thread.
 */
#pragma once

#include "acting-transcript.h"
#include "families.h"

typedef struct {
    const WCHAR *first, *second; /* nodes that are up */
    const WCHAR *paused, *down;
    const WCHAR *address, *service; /* types of resources */
    const WCHAR *web, *mail;        /* groups: online on the first node, and at home elsewhere */
    const WCHAR *disk;              /* an online resource of web */
    const WCHAR *network, *other_network;
    const WCHAR *either;    /* the expression of web or mail */
    const WCHAR *cluster;   /* its name */
    const WCHAR *parameter; /* a private property of the service, a text */
    gboolean fails_over;    /* to the second node, where the service has failed for good */
    /* Things happen all the time and what follows one another fast is told as one: of each part the
     * events of what the script made are told once, in no order. */
    gboolean is_live;
} Names;

typedef struct {
    GString *out;
    HCLUSTER cluster;
    HCHANGE port;
    const Names *names;
} Script;

/* A call that returns a code, and one that gives a handle. */
#define STEP(call)         script_add_code(script->out, #call, (DWORD)(call))
#define MAKE(handle, call) script_add_made(script->out, #call, (handle = (call)))

void script_add_code(GString *out, const char *call, DWORD code);
void script_add_made(GString *out, const char *call, gconstpointer handle);

/* Wait until it is so, and say if it does not come; @node NULL: wherever. */
void await_group(Script *script, HGROUP group, CLUSTER_GROUP_STATE state, const WCHAR *node);
void await_resource(Script *script, HRESOURCE resource, CLUSTER_RESOURCE_STATE state);
void await_node(Script *script, HNODE node, CLUSTER_NODE_STATE state);

/* acting-settings.c: owners, the cluster database, and what not every cluster can do. */
void set_owners(Script *script, HGROUP group, HRESOURCE service);
void change_database(Script *script, HGROUP group);
void try_rest(Script *script, HGROUP group, HRESOURCE service);
