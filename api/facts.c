/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What operations of a back end take and give, in memory.
 */
#include "backend.h"

#include <string.h>

gsize cl_registry_command_size(const ClRegistryCommand *command)
{
    return sizeof *command + strlen(command->key) + strlen(command->value) +
           (command->data != NULL ? g_bytes_get_size(command->data) : 0);
}

void cl_facts_clear(ClFacts *facts)
{
    g_free(facts->name);
    g_free(facts->id);
    g_free(facts->owner_node);
    g_free(facts->owner_group);
    g_free(facts->type);
    g_free(facts->node);
    g_free(facts->network);
    g_free(facts->dependency_expression);
    g_free(facts->network_name);
    g_strfreev(facts->required_types);
    g_clear_pointer(&facts->required_classes, g_array_unref);
    g_free(facts->fqdn);
    g_free(facts->version.vendor);
    g_free(facts->version.csd);
    g_free(facts->quorum.resource);
    g_free(facts->quorum.device);
    memset(facts, 0, sizeof *facts);
}
