/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What back ends with a cluster database of their own share: replies, what a property is as a value and
 * the other way round, conditions, and what may be stored.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/* The longest name of a key, in 16-bit units; and how many keys a path may go through. */
#define CL_REGISTRY_NAME_MAX  255
#define CL_REGISTRY_DEPTH_MAX 512
/* The longest name of a value, in 16-bit units. */
#define CL_REGISTRY_VALUE_NAME_MAX 16383

/* A reply, with copies of what it is given; @data may be NULL. */
ClRegistryCommand *cl_registry_reply_new(CLUSTER_REG_COMMAND what, const char *key,
                                         const char *value, guint32 type, GBytes *data);
void cl_registry_command_free(gpointer command);
/* An array that owns its commands. */
GPtrArray *cl_registry_commands_new(void);

/* Adds each property as the value that shows it. */
void cl_registry_add_properties(const GPtrArray *properties, GPtrArray *replies);

/* The property that a value given by a command is (transfer full); NULL for what no property can be.
 * @former is the one it replaces, or NULL: the format is kept where it can be. */
ClProperty *cl_registry_property_of(const ClRegistryCommand *command, const ClProperty *former);

/* Whether a condition about a value holds; @data NULL: there is no such value. */
gboolean cl_registry_condition_holds(const ClRegistryCommand *command, guint32 type, GBytes *data);

/* @path and what lies below it at @sub (transfer full). ERROR_INVALID_PARAMETER for what is no path. */
gboolean cl_registry_join(const char *path, const char *sub, char **ret_path, GError **error);

/* ERROR_INVALID_PARAMETER for what cannot be stored as a value of at most @size_max bytes. */
gboolean cl_registry_check_value(const ClRegistryCommand *command, gsize size_max, GError **error);

G_END_DECLS
