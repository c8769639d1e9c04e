/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One look at the cluster: all its objects as the API tells of them. Built as a whole on the engine's
 * thread out of a CIB, its status and what Corosync says, and immutable from then on: any thread
 * reads it while it holds a reference. All strings are UTF-8 and belong to it.
 */
#pragma once

#include <libxml/tree.h>

#include "backend.h"
#include "corosync.h"

G_BEGIN_DECLS

typedef struct ClPcmkModel ClPcmkModel;
typedef struct ClPcmkNode ClPcmkNode;
typedef struct ClPcmkGroup ClPcmkGroup;
typedef struct ClPcmkResource ClPcmkResource;

/* What every object begins with. */
typedef struct {
    ClKind kind;
    char *name;
    char *id; /* of a node its nodeid; of others a GUID made from kind and name in the CIB, or as it
                  was before a rename (identity.h) */
    char *key;              /* the name as names are compared */
    gint32 state;           /* the header's enumeration of the kind */
    const xmlNode *element; /* in the CIB, or NULL: what properties are read from */
} ClPcmkObject;

struct ClPcmkNode {
    ClPcmkObject object;
    char *uuid;     /* its id in the CIB */
    guint32 nodeid; /* 0: a remote node */
    gboolean remote;
    gboolean guest; /* a remote node that is a resource of the cluster itself, as in a bundle */
    gboolean standby;
    gboolean maintenance; /* nothing on it is managed */
    guint32 votes;
    guint n_running; /* resources */
};

/* What a group is in the CIB. */
typedef enum {
    CL_PCMK_GROUP,     /* a <group> */
    CL_PCMK_PRIMITIVE, /* a lone primitive, a group of one; also one that runs but is not in the
                          CIB any more: its elements are NULL */
    CL_PCMK_CLONE,     /* what a <clone> (or <master>) has on one node; its name is CLONE@NODE */
    CL_PCMK_BUNDLE     /* one replica of a <bundle>; its name is BUNDLE@NUMBER */
} ClPcmkShape;

struct ClPcmkGroup {
    ClPcmkObject object;
    ClPcmkShape shape;
    char *xml_id; /* of object.element: the <group>, <primitive>, <clone> or <bundle> */
    ClPcmkNode
        *node; /* where it is active, else of a clone the node it is named by, else where it was
                         active last, else where it would rather be; NULL: there are no nodes */
    GPtrArray *resources;  /* ClPcmkResource, in the order of the CIB */
    GPtrArray *preferred;  /* ClPcmkNode, by score: positive locations but those of moves */
    GPtrArray *providers;  /* ClPcmkGroup that must be there before (order of groups as a whole) */
    gboolean wanted;       /* target-role is not Stopped: PersistentState */
    gboolean managed;      /* of all resources */
    guint n_active;        /* resources */
    ClPcmkNode *moving_to; /* by a location that a move made, or NULL */
    const xmlNode *move;   /* that location */
};

struct ClPcmkResource {
    ClPcmkObject object;
    ClPcmkGroup *group;
    char *
        xml_id; /* of object.element, the primitive; of a bundle's implied ones as the status names it */
    char *type;       /* "ocf:heartbeat:IPaddr2", the name of its resource type */
    const char *role; /* as the status has it: "Started", "Stopped", "Promoted", ... */
    ClPcmkNode *node; /* where it is active, else the group's */
    gboolean active;
    gboolean failed; /* now, or it was given up */
    gboolean blocked;
    gboolean managed;
    gboolean wanted;
    guint64 changed;     /* FILETIME of the last operation that changed its state, 0 unknown */
    GPtrArray *possible; /* ClPcmkNode: where no location forbids it, and what it is allows it */
    GPtrArray *
        providers; /* ClPcmkResource of the same group that it is ordered after: in a <group> the one
                             before; else by order constraints */
    GPtrArray *fail_counts; /* of ClPcmkFailCount */
};

typedef struct {
    ClPcmkNode *node;
    guint64 count;     /* G_MAXUINT32 and above: INFINITY */
    gboolean given_up; /* as many as are allowed: it is not tried there any more */
} ClPcmkFailCount;

/* A resource type that something is of, or that this host has an agent for. */
typedef struct {
    ClPcmkObject object;  /* name: standard[:provider]:agent */
    GPtrArray *resources; /* ClPcmkResource of it */
} ClPcmkType;

/* Corosync's link L, "link0". */
typedef struct {
    ClPcmkObject object;
    guint link;
    char *address; /* of its subnet, "10.71.0.0"; "" unknown */
    guint prefix;
    GPtrArray *interfaces; /* ClPcmkInterface */
} ClPcmkNetwork;

/* A node's address on a link, "n1 - link0". */
typedef struct {
    ClPcmkObject object;
    ClPcmkNode *node;
    ClPcmkNetwork *network;
    char *address;
} ClPcmkInterface;

struct ClPcmkModel {
    gatomicrefcount references;
    guint64 number; /* grows with each that is built */
    xmlDoc *cib;
    ClPcmkCorosyncFacts *corosync;
    gboolean
        connected; /* Pacemaker answers; else all that follows is the last word, states unknown */
    int admin_epoch, epoch, num_updates;
    char *name;    /* cluster-name of the CIB, else Corosync's */
    char *id;      /* of the cluster: a GUID made from that name */
    char *version; /* dc-version, "2.1.5-a3f44794f94", or "" */
    char *dc;      /* node name, or NULL */
    gboolean quorate;
    char *witness;        /* Corosync's quorum device, "net:HOST", or "" */
    gint32 witness_state; /* as of a quorum resource: Failed is quorum without the device's vote */
    ClPcmkNode *local;    /* of this host; NULL if it is none of them */
    GPtrArray *nodes, *groups, *resources, *types, *networks,
        *interfaces; /* in a fixed order: nodes by
                          nodeid, groups and resources as in the CIB, the rest by name */
    GHashTable
        *by_key[CL_KIND_CLUSTER + 1]; /* key to ClPcmkObject, by kind; NULL where there is none */
    GHashTable *by_id[CL_KIND_CLUSTER + 1];
};

/* What a model is built out of. */
typedef struct {
    xmlNode *cib;          /* stays the caller's; the model has a copy */
    const xmlNode *status; /* of status.h, for this CIB */
    ClPcmkCorosyncFacts *corosync;
    gboolean connected;
    GStrv agents; /* types of which the host has agents, or NULL */
} ClPcmkSources;

/* Never fails: what makes no sense in the sources is left out. Any thread. */
ClPcmkModel *cl_pcmk_model_new(const ClPcmkSources *sources);
ClPcmkModel *cl_pcmk_model_ref(ClPcmkModel *model);
void cl_pcmk_model_unref(ClPcmkModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClPcmkModel, cl_pcmk_model_unref)

/* By name without regard to case, or by id; NULL: there is none. Cast by kind. */
ClPcmkObject *cl_pcmk_model_find(const ClPcmkModel *model, ClKind kind, const char *name);
ClPcmkObject *cl_pcmk_model_find_id(const ClPcmkModel *model, ClKind kind, const char *id);
ClPcmkNode *cl_pcmk_model_node_of_uuid(const ClPcmkModel *model, const char *uuid);
ClPcmkResource *cl_pcmk_model_resource_of_xml(const ClPcmkModel *model, const char *xml_id,
                                              const ClPcmkNode *node);

/* All objects of a kind, or NULL. */
const GPtrArray *cl_pcmk_model_all(const ClPcmkModel *model, ClKind kind);

/* The objects of a kind from the ground: @sources' CIB is already copied to model->cib. Called by
 * cl_pcmk_model_new() in this order. */
void cl_pcmk_model_add_nodes(ClPcmkModel *model, const ClPcmkSources *sources);
void cl_pcmk_model_add_groups(ClPcmkModel *model, const ClPcmkSources *sources);
/* Owners, dependencies and moves. */
void cl_pcmk_model_add_relations(ClPcmkModel *model, const ClPcmkSources *sources);
void cl_pcmk_model_add_types(ClPcmkModel *model, const ClPcmkSources *sources);
void cl_pcmk_model_add_networks(ClPcmkModel *model);

/* For these: nodes by their name as it is written; the table only refers to them. */
GHashTable *cl_pcmk_model_nodes_by_name(const ClPcmkModel *model);

/* For these: fills name, key and id, and makes it found. */
void cl_pcmk_model_enter(ClPcmkModel *model, ClPcmkObject *object, ClKind kind, const char *name,
                         const char *id);

G_END_DECLS
