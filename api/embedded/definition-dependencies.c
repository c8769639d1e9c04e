/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules for dependencies in a definition: inside one group, no circles, not too deep, nothing
 * on the quorum resource, and states that fit together. Only looks at the definition, apart from
 * the marks of resources.
 */
#include "definition-internal.h"

#define MAX_DEPTH 100
#define UNKNOWN   G_MAXUINT32 /* the mark of a resource whose depth is not known yet */

static void check_pair(const ClDefinedResource *resource, const ClDefinedResource *provider,
                       GPtrArray *mistakes)
{
    guint line = cl_defined_line(&resource->object, "depends-on");

    if (resource == provider) {
        cl_mistakes_add(mistakes, line, "the resource depends on itself");
    } else if (resource->group != NULL && provider->group != NULL &&
               resource->group != provider->group) {
        cl_mistakes_add(mistakes, line, "\"%s\" is in another group", provider->object.name);
    }
}

/* Whether a resource of which @resource needs one in this clause is online. */
static gboolean has_online(const GPtrArray *clause)
{
    for (guint i = 0; i < clause->len; i++) {
        if (((ClDefinedResource *)clause->pdata[i])->state == ClusterResourceOnline) {
            return TRUE;
        }
    }
    return clause->len == 0;
}

static void check_clauses(const ClDefinedResource *resource, const ClDefinedResource *quorum,
                          GPtrArray *mistakes)
{
    guint line = cl_defined_line(&resource->object, "depends-on");

    for (guint i = 0; i < resource->clauses->len; i++) {
        const GPtrArray *clause = resource->clauses->pdata[i];

        for (guint j = 0; j < clause->len; j++) {
            check_pair(resource, clause->pdata[j], mistakes);
            if (clause->pdata[j] == quorum) {
                cl_mistakes_add(mistakes, line, "nothing can depend on the quorum resource");
            }
        }
        if ((resource->state == ClusterResourceOnline ||
             resource->state == ClusterResourceOnlinePending) &&
            !has_online(clause)) {
            cl_mistakes_add(mistakes, cl_defined_line(&resource->object, "state"),
                            "the resource is online, or about to be, without one that it depends"
                            " on");
        }
    }
    if (resource == quorum && resource->clauses->len > 0) {
        cl_mistakes_add(mistakes, line, "the quorum resource cannot depend on another");
    }
}

static gboolean depends_on_type(const ClDefinedResource *resource,
                                const ClDefinedResourceType *type)
{
    for (guint i = 0; resource->clauses != NULL && i < resource->clauses->len; i++) {
        const GPtrArray *clause = resource->clauses->pdata[i];

        for (guint j = 0; j < clause->len; j++) {
            if (((ClDefinedResource *)clause->pdata[j])->type == type) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static void check_required(const ClDefinedResource *resource, GPtrArray *mistakes)
{
    const GPtrArray *types = resource->type != NULL ? resource->type->requires : NULL;

    if (resource->state != ClusterResourceOnline) {
        return;
    }
    for (guint i = 0; types != NULL && i < types->len; i++) {
        const ClDefinedResourceType *type = types->pdata[i];

        if (!depends_on_type(resource, type)) {
            cl_mistakes_add(mistakes, cl_defined_line(&resource->object, "depends-on"),
                            "to be online the resource has to depend on a \"%s\"",
                            type->object.name);
        }
    }
}

/* Sets the resource's mark to its depth if its providers' are known; puts those that are not onto
 * @stack. */
static gboolean settle(ClDefinedResource *resource, GPtrArray *stack)
{
    guint32 depth = 0;
    guint waiting = stack->len;

    for (guint i = 0; resource->clauses != NULL && i < resource->clauses->len; i++) {
        const GPtrArray *clause = resource->clauses->pdata[i];

        for (guint j = 0; j < clause->len; j++) {
            ClDefinedResource *provider = clause->pdata[j];

            if (provider->mark == UNKNOWN) {
                g_ptr_array_add(stack, provider);
            } else {
                depth = MAX(depth, provider->mark + 1);
            }
        }
    }
    if (stack->len > waiting) {
        return FALSE;
    }
    resource->mark = depth;
    return TRUE;
}

static void report_depth(const ClDefinedResource *resource, GPtrArray *mistakes)
{
    if (resource->mark == MAX_DEPTH + 1) {
        cl_mistakes_add(mistakes, cl_defined_line(&resource->object, "depends-on"),
                        "a chain of more than %d dependencies begins here", MAX_DEPTH);
    }
}

/* Walks without recursion, since a file may hold a chain of any length. @path has the resources
 * that wait for the top of @stack; meeting one of them again closes a circle. */
static void walk(ClDefinedResource *start, GPtrArray *mistakes)
{
    g_autoptr(GPtrArray) stack = g_ptr_array_new();
    g_autoptr(GHashTable) path = g_hash_table_new(NULL, NULL);

    g_ptr_array_add(stack, start);
    while (stack->len > 0) {
        ClDefinedResource *resource = stack->pdata[stack->len - 1];
        guint waiting = stack->len;

        if (resource->mark != UNKNOWN) {
            g_ptr_array_set_size(stack, (gint)stack->len - 1);
            g_hash_table_remove(path, resource);
            continue;
        }
        if (settle(resource, stack)) {
            g_ptr_array_set_size(stack, (gint)stack->len - 1);
            g_hash_table_remove(path, resource);
            report_depth(resource, mistakes);
            continue;
        }
        g_hash_table_add(path, resource);
        for (guint i = waiting; i < stack->len; i++) {
            ClDefinedResource *provider = stack->pdata[i];

            if (g_hash_table_contains(path, provider)) {
                if (provider != resource) {
                    cl_mistakes_add(mistakes, cl_defined_line(&resource->object, "depends-on"),
                                    "\"%s\" depends on this resource in turn: a circle",
                                    provider->object.name);
                }
                provider->mark = 0;
            }
        }
    }
}

void cl_definition_check_dependencies(const ClDefinition *definition, GPtrArray *mistakes)
{
    const ClDefinedResource *quorum = cl_definition_cluster(definition)->quorum;

    for (guint i = 0; i < definition->resources->len; i++) {
        ClDefinedResource *resource = definition->resources->pdata[i];

        if (resource->clauses != NULL) {
            check_clauses(resource, quorum, mistakes);
        }
        check_required(resource, mistakes);
        resource->mark = UNKNOWN;
    }
    for (guint i = 0; i < definition->resources->len; i++) {
        walk(definition->resources->pdata[i], mistakes);
    }
}
