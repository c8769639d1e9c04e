/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Resource types: those that something is of, and those that this host has agents for.
 */
#include <string.h>

#include "identity.h"
#include "model.h"

static ClPcmkType *take_type(ClPcmkModel *model, const char *name)
{
    ClPcmkType *type = (ClPcmkType *)cl_pcmk_model_find(model, CL_KIND_RESOURCE_TYPE, name);
    if (type) {
        return type;
    }
    g_autofree char *id =
        cl_pcmk_identity(xmlDocGetRootElement(model->cib), CL_KIND_RESOURCE_TYPE, name);
    type = g_new0(ClPcmkType, 1);
    cl_pcmk_model_enter(model, &type->object, CL_KIND_RESOURCE_TYPE, name, id);
    type->resources = g_ptr_array_new();
    g_ptr_array_add(model->types, type);
    return type;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const ClPcmkObject *left = *(const ClPcmkObject *const *)a;
    const ClPcmkObject *right = *(const ClPcmkObject *const *)b;
    return strcmp(left->name, right->name);
}

void cl_pcmk_model_add_types(ClPcmkModel *model, const ClPcmkSources *sources)
{
    for (char **agent = sources->agents; agent && *agent; agent++) {
        take_type(model, *agent);
    }
    for (guint i = 0; i < model->resources->len; i++) {
        ClPcmkResource *resource = model->resources->pdata[i];
        g_ptr_array_add(take_type(model, resource->type)->resources, resource);
    }
    g_ptr_array_sort(model->types, compare);
}
