/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every statement that reads a cluster's file. Constant; any thread may read it.
 *
 * What refers to another object is joined from the left, so that a number which leads nowhere is
 * seen (as a NULL where there must be text) instead of hiding the row.
 */
#include "statements.h"

/* A list of objects of one table, in the order of their numbers. */
#define ALL(table)                                                                                 \
    "SELECT o.name, o.id, t.number FROM " table " t LEFT JOIN object o ON o.number = t.number"     \
    " ORDER BY t.number"

/* What a table that relates objects holds for one of them. */
#define RELATED(table, of, what, order)                                                            \
    "SELECT o.name, o.id FROM " table " t LEFT JOIN object o ON o.number = t." what " WHERE t." of \
    " = ?1 ORDER BY t." order

#define HAS_DEPENDENTS "EXISTS (SELECT 1 FROM dependency d WHERE d.provider = r.number)"

static const char *const texts[CL_SQL_N] = {
    [CL_SQL_BEGIN] = "BEGIN",
    [CL_SQL_END] = "COMMIT",

    [CL_SQL_FIND_BY_KEY] = "SELECT number FROM object WHERE kind = ?1 AND key = ?2",
    [CL_SQL_FIND_BY_ID] = "SELECT number FROM object WHERE kind = ?1 AND id = ?2",
    [CL_SQL_EXISTS] = "SELECT 1 FROM object WHERE number = ?1 AND kind = ?2",

    [CL_SQL_FACTS_OF_CLUSTER] =
        "SELECT o.name, o.id, 0, 0, 0, 0, 0, NULL, 0, NULL, NULL, c.domain"
        " FROM cluster c LEFT JOIN object o ON o.number = c.number WHERE c.number = ?1",
    [CL_SQL_FACTS_OF_NODE] =
        "SELECT o.name, o.id, 0, 0 FROM node n LEFT JOIN object o ON o.number = n.number"
        " WHERE n.number = ?1",
    [CL_SQL_FACTS_OF_GROUP] =
        "SELECT o.name, o.id, g.flags, 0, 0, 0, g.type, NULL, g.state_changed"
        " FROM resource_group g LEFT JOIN object o ON o.number = g.number WHERE g.number = ?1",
    [CL_SQL_FACTS_OF_RESOURCE] =
        "SELECT o.name, o.id, r.flags, t.characteristics, t.class, t.subclass, 0, tn.name,"
        " r.state_changed FROM resource r LEFT JOIN object o ON o.number = r.number"
        " LEFT JOIN resource_type t ON t.number = r.type"
        " LEFT JOIN object tn ON tn.number = r.type WHERE r.number = ?1",
    [CL_SQL_FACTS_OF_RESOURCE_TYPE] =
        "SELECT o.name, '', t.flags, t.characteristics, t.class, t.subclass"
        " FROM resource_type t LEFT JOIN object o ON o.number = t.number WHERE t.number = ?1",
    [CL_SQL_FACTS_OF_NETWORK] =
        "SELECT o.name, o.id, 0, 0 FROM network n LEFT JOIN object o ON o.number = n.number"
        " WHERE n.number = ?1",
    [CL_SQL_FACTS_OF_NETINTERFACE] =
        "SELECT o.name, o.id, 0, 0, 0, 0, 0, NULL, 0, no.name, nw.name"
        " FROM netinterface i LEFT JOIN object o ON o.number = i.number"
        " LEFT JOIN object no ON no.number = i.node"
        " LEFT JOIN object nw ON nw.number = i.network WHERE i.number = ?1",

    [CL_SQL_FACTS_OF_GROUP_SET] =
        "SELECT o.name, o.id, 0, 0 FROM group_set s LEFT JOIN object o ON o.number = s.number"
        " WHERE s.number = ?1",

    [CL_SQL_STATE_OF_NODE] = "SELECT state FROM node WHERE number = ?1",
    [CL_SQL_STATE_OF_GROUP] =
        "SELECT o.name, r.state, 1 FROM resource_group g LEFT JOIN object o ON o.number = g.owner"
        " LEFT JOIN resource r ON r.group_number = g.number WHERE g.number = ?1",
    [CL_SQL_STATE_OF_MIXED_GROUP] =
        "SELECT o.name, r.state, NOT EXISTS (SELECT 1 FROM dependency d JOIN resource s"
        " ON s.number = d.resource WHERE d.provider = r.number AND s.group_number = g.number)"
        " FROM resource_group g LEFT JOIN object o ON o.number = g.owner"
        " LEFT JOIN resource r ON r.group_number = g.number WHERE g.number = ?1",
    [CL_SQL_STATE_OF_RESOURCE] =
        "SELECT r.state, n.name, o.name FROM resource r"
        " LEFT JOIN resource_group g ON g.number = r.group_number"
        " LEFT JOIN object n ON n.number = g.owner"
        " LEFT JOIN object o ON o.number = r.group_number WHERE r.number = ?1",
    [CL_SQL_STATE_OF_NETWORK] = "SELECT i.state, n.state, i.number FROM network w"
                                " LEFT JOIN netinterface i ON i.network = w.number"
                                " LEFT JOIN node n ON n.number = i.node WHERE w.number = ?1",
    [CL_SQL_STATE_OF_NETINTERFACE] =
        "SELECT i.state, n.state FROM netinterface i LEFT JOIN node n ON n.number = i.node"
        " WHERE i.number = ?1",

    [CL_SQL_DEPENDENCIES] =
        "SELECT d.clause, o.id, d.provider FROM dependency d LEFT JOIN object o"
        " ON o.number = d.provider WHERE d.resource = ?1 UNION ALL"
        " SELECT d.clause, o.id, d.provider FROM group_dependency d LEFT JOIN object o"
        " ON o.number = d.provider WHERE d.dependent = ?1 ORDER BY 1, 3",
    /* UNION drops what was seen before, so a circle ends. */
    [CL_SQL_NETWORK_NAME] =
        "WITH RECURSIVE below (number) AS (SELECT provider FROM dependency WHERE resource = ?1"
        " UNION SELECT d.provider FROM below b JOIN dependency d ON d.resource = b.number)"
        " SELECT coalesce(p.value, o.name) FROM below b JOIN resource r ON r.number = b.number"
        " JOIN object t ON t.number = r.type AND t.key = 'network name'"
        " LEFT JOIN object o ON o.number = r.number"
        " LEFT JOIN property p ON p.object = r.number AND p.private = 1 AND p.key = 'name'"
        " AND p.value <> '' LIMIT 1",
    [CL_SQL_REQUIRED_OF_RESOURCE] =
        "SELECT o.name FROM resource r JOIN required_type q ON q.resource_type = r.type"
        " LEFT JOIN object o ON o.number = q.required WHERE r.number = ?1 ORDER BY q.required",
    [CL_SQL_REQUIRED_OF_TYPE] =
        "SELECT o.name FROM required_type q LEFT JOIN object o ON o.number = q.required"
        " WHERE q.resource_type = ?1 ORDER BY q.required",
    [CL_SQL_QUORUM] = "SELECT o.name, c.quorum_device, c.quorum_max_log_size, c.quorum_resource"
                      " FROM cluster c LEFT JOIN object o ON o.number = c.quorum_resource",
    [CL_SQL_NODES] =
        "SELECT o.name, o.key, n.state FROM node n LEFT JOIN object o ON o.number = n.number"
        " ORDER BY CAST(o.id AS INTEGER)",

    [CL_SQL_ALL_NODES] = ALL("node"),
    [CL_SQL_ALL_RESOURCE_TYPES] =
        "SELECT o.name, '', t.number FROM resource_type t LEFT JOIN object o"
        " ON o.number = t.number ORDER BY t.number",
    [CL_SQL_ALL_RESOURCES] = "SELECT o.name, o.id, t.number, t.flags, g.id FROM resource t"
                             " LEFT JOIN object o ON o.number = t.number"
                             " LEFT JOIN object g ON g.number = t.group_number ORDER BY t.number",
    [CL_SQL_ALL_GROUPS] = "SELECT o.name, o.id, t.number, t.flags FROM resource_group t"
                          " LEFT JOIN object o ON o.number = t.number ORDER BY t.number",
    [CL_SQL_ALL_NETWORKS] = ALL("network"),
    [CL_SQL_ALL_NETINTERFACES] = ALL("netinterface"),
    [CL_SQL_ALL_GROUP_SETS] = ALL("group_set"),
    [CL_SQL_INTERNAL_NETWORKS] =
        "SELECT o.name, o.id, t.number FROM network t LEFT JOIN object o ON o.number = t.number"
        " WHERE t.role IN (1, 3) ORDER BY t.priority, t.number",
    [CL_SQL_NETINTERFACES_AT] =
        "SELECT o.name, o.id, t.number FROM netinterface t"
        " LEFT JOIN object o ON o.number = t.number"
        " WHERE ?1 IN (0, t.node) AND ?2 IN (0, t.network) ORDER BY t.number",

    [CL_SQL_NETINTERFACES_OF_NODE] = RELATED("netinterface", "node", "number", "number"),
    [CL_SQL_GROUPS_OF_NODE] = RELATED("resource_group", "owner", "number", "number"),
    [CL_SQL_PREFERRED_GROUPS_OF_NODE] =
        RELATED("preferred_owner", "node", "group_number", "group_number"),
    [CL_SQL_RESOURCES_OF_GROUP] = RELATED("resource", "group_number", "number", "number"),
    [CL_SQL_NODES_OF_GROUP] = RELATED("preferred_owner", "group_number", "node", "position"),
    [CL_SQL_PROVIDERS_OF_RESOURCE] = RELATED("dependency", "resource", "provider", "provider"),
    [CL_SQL_DEPENDENTS_OF_RESOURCE] = RELATED("dependency", "provider", "resource", "resource"),
    [CL_SQL_NODES_OF_RESOURCE] = RELATED("possible_owner", "resource", "node", "node"),
    [CL_SQL_NODES_OF_TYPE] = RELATED("resource_type_node", "resource_type", "node", "node"),
    [CL_SQL_RESOURCES_OF_TYPE] = RELATED("resource", "type", "number", "number"),
    [CL_SQL_NETINTERFACES_OF_NETWORK] = RELATED("netinterface", "network", "number", "number"),
    [CL_SQL_GROUPS_OF_GROUP_SET] =
        RELATED("group_set_member", "group_set", "group_number", "group_number"),
    [CL_SQL_PROVIDER_GROUPS] =
        "SELECT o.name, o.id FROM group_dependency d JOIN object o ON o.number = d.provider AND"
        " o.kind = 3 WHERE d.dependent = ?1 ORDER BY d.clause, d.provider",
    [CL_SQL_PROVIDER_GROUP_SETS] =
        "SELECT o.name, o.id FROM group_dependency d JOIN object o ON o.number = d.provider AND"
        " o.kind = 8 WHERE d.dependent = ?1 ORDER BY d.clause, d.provider",

    [CL_SQL_PROPERTIES_OF_CLUSTER] =
        "SELECT o.name, o.id FROM cluster c LEFT JOIN object o ON o.number = c.number"
        " WHERE c.number = ?1",
    [CL_SQL_PROPERTIES_OF_NODE] =
        "SELECT o.name, n.drain_status,"
        " CASE WHEN n.drain_target IS NULL THEN 4294967295 ELSE CAST(t.id AS INTEGER) END,"
        " n.state IN (0, 2) AND coalesce(p.value, 1), n.pause_flags & 2 FROM node n"
        " LEFT JOIN object o ON o.number = n.number"
        " LEFT JOIN object t ON t.number = n.drain_target"
        " LEFT JOIN property p ON p.object = n.number AND p.private = 0 AND p.key = 'nodeweight'"
        " WHERE n.number = ?1",
    [CL_SQL_PROPERTIES_OF_GROUP] =
        "SELECT o.name, g.persistent_state, g.type, g.status"
        " FROM resource_group g LEFT JOIN object o ON o.number = g.number WHERE g.number = ?1",
    [CL_SQL_PROPERTIES_OF_RESOURCE] =
        "SELECT o.name, t.name, r.persistent_state, r.separate_monitor, r.last_status"
        " FROM resource r"
        " LEFT JOIN object o ON o.number = r.number"
        " LEFT JOIN object t ON t.number = r.type WHERE r.number = ?1",
    [CL_SQL_PROPERTIES_OF_RESOURCE_TYPE] =
        "SELECT o.name, t.dll_name FROM resource_type t"
        " LEFT JOIN object o ON o.number = t.number WHERE t.number = ?1",
    [CL_SQL_PROPERTIES_OF_NETWORK] =
        "SELECT o.name, n.role FROM network n LEFT JOIN object o ON o.number = n.number"
        " WHERE n.number = ?1",
    [CL_SQL_PROPERTIES_OF_NETINTERFACE] =
        "SELECT o.name, no.name, nw.name, i.adapter, i.adapter_id, i.dhcp_enabled"
        " FROM netinterface i LEFT JOIN object o ON o.number = i.number"
        " LEFT JOIN object no ON no.number = i.node"
        " LEFT JOIN object nw ON nw.number = i.network WHERE i.number = ?1",
    [CL_SQL_PROPERTIES_OF_GROUP_SET] =
        "SELECT o.name FROM group_set s LEFT JOIN object o ON o.number = s.number"
        " WHERE s.number = ?1",
    [CL_SQL_ADDRESSES_OF_NETWORK] =
        "SELECT address, prefix FROM network_address WHERE network = ?1 ORDER BY position",
    [CL_SQL_ADDRESSES_OF_NETINTERFACE] =
        "SELECT address, 0 FROM netinterface_address WHERE netinterface = ?1 ORDER BY position",
    [CL_SQL_STORED] = "SELECT name, format, value FROM property WHERE object = ?1 AND private = ?2"
                      " ORDER BY key",
    [CL_SQL_PRIVATE_OF_RESOURCE] =
        "SELECT name, format, value, key FROM property WHERE object = ?1 AND private = 1"
        " UNION ALL SELECT p.name, p.format, p.value, p.key FROM resource r JOIN property p"
        " ON p.object = r.type AND p.private = 1 WHERE r.number = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM property q WHERE q.object = ?1 AND q.private = 1 AND q.key = p.key)"
        " ORDER BY 4",

    [CL_SQL_VOTERS] =
        "SELECT n.number, o.id, p.value, n.state FROM node n"
        " LEFT JOIN object o ON o.number = n.number"
        " LEFT JOIN property p ON p.object = n.number AND p.private = 0 AND p.key = 'nodeweight'"
        " ORDER BY n.number",
    [CL_SQL_QUORUM_STATE] =
        "SELECT c.quorum_resource, o.id, r.state, c.quorum_max_log_size FROM cluster c"
        " LEFT JOIN object o ON o.number = c.quorum_resource"
        " LEFT JOIN resource r ON r.number = c.quorum_resource",
    [CL_SQL_DELETE_OF_GROUP] =
        "SELECT g.flags, EXISTS (SELECT 1 FROM resource r WHERE r.group_number = g.number),"
        " EXISTS (SELECT 1 FROM resource r WHERE r.group_number = g.number AND r.flags & 1)"
        " FROM resource_group g WHERE g.number = ?1",
    [CL_SQL_DELETE_OF_RESOURCE] =
        "SELECT r.flags, r.state, " HAS_DEPENDENTS ","
        " EXISTS (SELECT 1 FROM cluster c WHERE c.quorum_resource = r.number)"
        " FROM resource r WHERE r.number = ?1",
    [CL_SQL_DELETE_OF_TYPE] =
        "SELECT t.flags, EXISTS (SELECT 1 FROM resource r WHERE r.type = t.number)"
        " FROM resource_type t WHERE t.number = ?1",
};

const char *cl_sql_text(ClSql sql)
{
    return texts[sql];
}
