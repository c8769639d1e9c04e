/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The definition of a cluster: what an embedded cluster's file is made of, read from a key file
 * and checked whole. A definition owns all that it points to; references between its objects are
 * borrowed. Functions keep no state: any thread, one definition on one thread at a time.
 *
 * The key file. A section is [KIND LABEL], a line of it KEY=VALUE, a comment begins with #. The
 * label names the object in the rest of the file; it is also the object's name unless name= gives
 * another. References (REF) are labels, names or ids. A LIST is a;b;c. In values \s is a space,
 * \n a new line, \t, \r and \\ likewise, in lists \; a semicolon.
 *
 *   [cluster]              name, id, domain, description, quorum=REF of a resource, quorum-device,
 *                          quorum-type=node-majority|node-and-disk-majority|
 *                          node-and-witness-majority|disk-only, quorum-max-log-size,
 *                          built-in-types=true|false
 *   [node L]               name, node-id, state=up|down|paused|joining, description
 *   [network L]            name, id, role=none|internal|client|internal-and-client,
 *                          address=LIST of ADDRESS/PREFIX, priority, description
 *   [interface L]          name, id, node=REF, network=REF, address=LIST,
 *                          state=up|failed|unreachable|unavailable, adapter, adapter-id, dhcp,
 *                          description
 *   [resource-type L]      name, display-name, dll, class=unknown|storage|network|user, subclass,
 *                          characteristics=LIST, requires=LIST of REF, nodes=LIST of REF,
 *                          description
 *   [group L]              name, id, owner=REF, preferred-owners=LIST of REF, type,
 *                          persistent-state=online|offline, core=true|false,
 *                          depends-on=EXPRESSION of [REF] of groups or else sets, description
 *   [resource L]           name, id, group=REF, type=REF, state=online|offline|failed|
 *                          initializing|online-pending|offline-pending, persistent-state,
 *                          depends-on=EXPRESSION of [REF], possible-owners=LIST of REF, core,
 *                          separate-monitor, description
 *   [group-set L]          name, id, groups=LIST of REF, depends-on=EXPRESSION of [REF] of sets or
 *                          else groups, description
 *   [key L]                path=KEY\\KEY... from the root of the cluster database, else L; value.NAME=
 *
 * Every section but [key] also takes property.NAME= for common properties and private.NAME= for private
 * ones, with the format before the value: dword:, word:, long:, qword:, int64:, filetime:, sz:
 * (of private ones the default), expand-sz:, multi-sz:a;b, binary:00ff, security-descriptor:00ff.
 * Common properties know their format. Values of keys take dword:, dword-big-endian:, qword:, sz:
 * (the default), expand-sz:, multi-sz:, binary: and none: with bytes. The key of an object is
 * KIND\\REF, with the names that registry-place.c has for kinds.
 */
#pragma once

#include "backend.h"
#include "definition-lines.h"

G_BEGIN_DECLS

/* What all objects have. */
typedef struct {
    ClKind kind;
    const ClLineSection *section; /* NULL: not from a file */
    char *name;
    char *key;          /* the folded name */
    char *id;           /* as object.id of the schema */
    char *description;  /* NULL: none; kept as a common property */
    GPtrArray *common;  /* ClProperty */
    GPtrArray *private; /* ClProperty */
    gint64 number;      /* object.number */
} ClDefined;

typedef struct {
    ClDefined object;
    guint32 node_id; /* 0: not given, until the definition is complete */
    guint32 state;
} ClDefinedNode;

typedef struct {
    ClDefined object;
    guint32 role;
    char **addresses; /* ADDRESS/PREFIX */
    guint32 priority; /* 0: not given */
} ClDefinedNetwork;

typedef struct {
    ClDefined object;
    ClDefinedNode *node;
    ClDefinedNetwork *network;
    guint32 state;
    char **addresses;
    char *adapter, *adapter_id;
    gboolean dhcp;
} ClDefinedInterface;

typedef struct {
    ClDefined object;
    char *display_name, *dll;
    guint32 resource_class, subclass, characteristics;
    GPtrArray *requires; /* ClDefinedResourceType */
    GPtrArray *nodes;    /* ClDefinedNode; NULL: all */
} ClDefinedResourceType;

typedef struct {
    ClDefined object;
    ClDefinedNode *owner;
    GPtrArray *preferred_owners; /* ClDefinedNode, may be NULL */
    guint32 type;
    guint32 persistent_state;
    gboolean core;
    GPtrArray *clauses;            /* GPtrArray of ClDefined, groups and sets; may be NULL */
    struct ClDefinedGroupSet *set; /* that it is in, or NULL */
    guint32 mark;                  /* of whoever walks the dependencies */
} ClDefinedGroup;

typedef struct ClDefinedGroupSet {
    ClDefined object;
    GPtrArray *groups;  /* ClDefinedGroup, may be NULL */
    GPtrArray *clauses; /* as of a group */
    guint32 mark;
} ClDefinedGroupSet;

typedef struct {
    ClDefined object;
    ClDefinedGroup *group;
    ClDefinedResourceType *type;
    guint32 state, persistent_state;
    GPtrArray *clauses;         /* GPtrArray of ClDefinedResource, may be NULL */
    GPtrArray *possible_owners; /* ClDefinedNode; NULL: all */
    gboolean core, separate_monitor;
    guint32 mark; /* of whoever walks the dependencies */
} ClDefinedResource;

typedef struct {
    ClDefined object;
    char *domain;
    ClDefinedResource *quorum;
    char *quorum_device;
    guint32 quorum_type; /* ClQuorumType */
    guint32 quorum_max_log_size;
    gboolean built_in_types;
} ClDefinedCluster;

typedef struct {
    char *name;
    guint32 type; /* REG_ */
    GBytes *data; /* as the functions of the database give it */
} ClDefinedValue;

/* A key of the cluster database; its name is its path as the file has it, and it has no id. */
typedef struct {
    ClDefined object;
    char **names;      /* of the keys on its path, without that of the object */
    ClDefined *of;     /* the object whose key is the second on the path, or NULL */
    GPtrArray *values; /* ClDefinedValue */
} ClDefinedKey;

typedef enum {
    CL_QUORUM_NODE_MAJORITY,
    CL_QUORUM_NODE_AND_DISK_MAJORITY,
    CL_QUORUM_NODE_AND_WITNESS_MAJORITY,
    CL_QUORUM_DISK_ONLY
} ClQuorumType;

typedef struct {
    GPtrArray *clusters; /* one ClDefinedCluster */
    GPtrArray *nodes, *networks, *interfaces, *types, *groups, *resources, *sets, *keys;
    GPtrArray *sections; /* ClLineSection */
} ClDefinition;

/* Reads and checks the key file @path or @data. ERROR_INVALID_DATA when anything in it is wrong;
 * then @ret_mistakes (ClMistake, transfer full, may be NULL) has every mistake in the order of the
 * lines: this is the one thing that is written on failure. */
gboolean cl_definition_load(const char *path, ClDefinition **ret_definition,
                            GPtrArray **ret_mistakes, GError **error);
gboolean cl_definition_parse(const char *data, gsize size, ClDefinition **ret_definition,
                             GPtrArray **ret_mistakes, GError **error);

/* An IP address of a new cluster. */
typedef struct {
    const char *address;
    guint prefix;
} ClDefinedAddress;

/* What CreateCluster makes: the nodes, up; a network for each address; and, if @core_group, the
 * groups and resources that each cluster has (a resource for each address). ERROR_INVALID_NAME for
 * a name that a cluster or node cannot have, ERROR_CLUSTER_NODE_EXISTS, ERROR_INVALID_PARAMETER. */
gboolean cl_definition_new_empty(const char *name, const char *const *nodes,
                                 const ClDefinedAddress *addresses, gsize n_addresses,
                                 gboolean core_group, ClDefinition **ret_definition,
                                 GError **error);

void cl_definition_free(ClDefinition *definition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClDefinition, cl_definition_free)

static inline ClDefinedCluster *cl_definition_cluster(const ClDefinition *definition)
{
    return definition->clusters->pdata[0];
}

G_END_DECLS
