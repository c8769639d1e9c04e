/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every statement that reads a cluster's file. Constant; any thread may read it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    CL_SQL_BEGIN,
    CL_SQL_END,

    CL_SQL_FIND_BY_KEY, /* kind, folded name: number */
    CL_SQL_FIND_BY_ID,  /* kind, id: number */
    CL_SQL_EXISTS,      /* number, kind: a row */

    /* number: see query.c for the columns, the same for every kind */
    CL_SQL_FACTS_OF_CLUSTER,
    CL_SQL_FACTS_OF_NODE,
    CL_SQL_FACTS_OF_GROUP,
    CL_SQL_FACTS_OF_RESOURCE,
    CL_SQL_FACTS_OF_RESOURCE_TYPE,
    CL_SQL_FACTS_OF_NETWORK,
    CL_SQL_FACTS_OF_NETINTERFACE,
    CL_SQL_FACTS_OF_GROUP_SET,

    CL_SQL_STATE_OF_NODE,         /* number: state */
    CL_SQL_STATE_OF_GROUP,        /* number: owner's name; for each resource state, 1 */
    CL_SQL_STATE_OF_MIXED_GROUP,  /* the same, with 1 only if no other in the group depends on it */
    CL_SQL_STATE_OF_RESOURCE,     /* number: state, owner's name, group's name */
    CL_SQL_STATE_OF_NETWORK,      /* number: for each interface state, its node's state */
    CL_SQL_STATE_OF_NETINTERFACE, /* number: state, its node's state */

    CL_SQL_DEPENDENCIES,         /* resource, group or group set: clause, provider's id */
    CL_SQL_NETWORK_NAME,         /* resource: name */
    CL_SQL_REQUIRED_OF_RESOURCE, /* resource: type's name */
    CL_SQL_REQUIRED_OF_TYPE,     /* type: type's name */
    CL_SQL_QUORUM,               /* -: resource's name or NULL, device, max_log_size */
    CL_SQL_NODES,                /* -: name, folded name, state; by id */

    /* -: name, id, number; CL_SQL_ALL_RESOURCES and _GROUPS also flags, and a resource its group's
     * id */
    CL_SQL_ALL_NODES,
    CL_SQL_ALL_RESOURCE_TYPES,
    CL_SQL_ALL_RESOURCES,
    CL_SQL_ALL_GROUPS,
    CL_SQL_ALL_NETWORKS,
    CL_SQL_ALL_NETINTERFACES,
    CL_SQL_ALL_GROUP_SETS,
    CL_SQL_INTERNAL_NETWORKS,
    CL_SQL_NETINTERFACES_AT, /* node or 0, network or 0 */

    /* number: name, id */
    CL_SQL_NETINTERFACES_OF_NODE,
    CL_SQL_GROUPS_OF_NODE,
    CL_SQL_PREFERRED_GROUPS_OF_NODE,
    CL_SQL_RESOURCES_OF_GROUP,
    CL_SQL_NODES_OF_GROUP,
    CL_SQL_PROVIDERS_OF_RESOURCE,
    CL_SQL_DEPENDENTS_OF_RESOURCE,
    CL_SQL_NODES_OF_RESOURCE,
    CL_SQL_NODES_OF_TYPE,
    CL_SQL_RESOURCES_OF_TYPE,
    CL_SQL_NETINTERFACES_OF_NETWORK,
    CL_SQL_GROUPS_OF_GROUP_SET,
    CL_SQL_PROVIDER_GROUPS,     /* of a group or group set */
    CL_SQL_PROVIDER_GROUP_SETS, /* likewise */

    /* number: the columns that property-table.c speaks of */
    CL_SQL_PROPERTIES_OF_CLUSTER,
    CL_SQL_PROPERTIES_OF_NODE,
    CL_SQL_PROPERTIES_OF_GROUP,
    CL_SQL_PROPERTIES_OF_RESOURCE,
    CL_SQL_PROPERTIES_OF_RESOURCE_TYPE,
    CL_SQL_PROPERTIES_OF_NETWORK,
    CL_SQL_PROPERTIES_OF_NETINTERFACE,
    CL_SQL_PROPERTIES_OF_GROUP_SET,
    CL_SQL_ADDRESSES_OF_NETWORK,      /* number: address, prefix */
    CL_SQL_ADDRESSES_OF_NETINTERFACE, /* number: address, NULL */
    CL_SQL_STORED,                    /* object, private: name, format, value */
    CL_SQL_PRIVATE_OF_RESOURCE,       /* resource: the same, with what it has from its type */

    CL_SQL_VOTERS,             /* -: number, id, weight or NULL, state */
    CL_SQL_QUORUM_STATE,       /* -: resource's number or NULL, id, state, max_log_size */
    CL_SQL_DELETE_OF_GROUP,    /* number: flags, has resources, has core resources */
    CL_SQL_DELETE_OF_RESOURCE, /* number: flags, state, has dependents, is the quorum */
    CL_SQL_DELETE_OF_TYPE,     /* number: flags, has resources */
    CL_SQL_N
} ClSql;

/* Static. */
const char *cl_sql_text(ClSql sql);

G_END_DECLS
