/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of the cluster database at places that were found, stored or shown, and their security. */
#include "registry.h"

#include <string.h>

#include "attributes.h"
#include "empty-group.h"
#include "properties.h"
#include "security-descriptor.h"
#include "text.h"

/* --- What is there without being stored -------------------------------------------------------- */

static void add_common(const ClPcmkView *view, const ClPcmkKeyPlace *place, ClPropertySet set,
                       GPtrArray *replies)
{
    g_autoptr(GPtrArray) properties = cl_pcmk_common_properties(view->model, place->object, set);
    cl_registry_add_properties(properties, replies);
}

/* From the CIB that is being edited, where there is one. */
static void add_private(const ClPcmkView *view, const ClPcmkKeyPlace *place, gboolean read_only,
                        GPtrArray *replies)
{
    ClPcmkModel model = *view->model;
    ClPcmkObject object = {.kind = CL_KIND_CLUSTER};
    if (place->object) {
        object = *place->object;
        object.element = view->cib && !cl_pcmk_is_empty_group(place->object)
                             ? cl_pcmk_same_element(view->cib, object.element)
                             : object.element;
    }
    model.cib = view->cib ? view->cib->doc : model.cib;
    g_autoptr(GPtrArray) properties =
        cl_pcmk_private_properties(&model, place->object ? &object : NULL, read_only);
    cl_registry_add_properties(properties, replies);
}

static void add_shown(const ClPcmkView *view, const ClPcmkKeyPlace *place, GPtrArray *replies)
{
    switch (place->type) {
    case CL_PCMK_KEY_ROOT:
        add_common(view, place, CL_PROPERTIES_RO_COMMON, replies);
        break;
    case CL_PCMK_KEY_OBJECT:
        add_common(view, place, CL_PROPERTIES_RO_COMMON, replies);
        add_common(view, place, CL_PROPERTIES_COMMON, replies);
        break;
    case CL_PCMK_KEY_PARAMETERS:
        add_private(view, place, TRUE, replies);
        add_private(view, place, FALSE, replies);
        break;
    default:
        break;
    }
}

/* --- Reading ------------------------------------------------------------------------------------ */

static const ClRegistryCommand *find_shown(const GPtrArray *replies, const char *name)
{
    for (guint i = 0; i < replies->len; i++) {
        const ClRegistryCommand *reply = replies->pdata[i];
        if (cl_text_equal(reply->value, name)) {
            return reply;
        }
    }
    return NULL;
}

void cl_pcmk_registry_read(const ClPcmkView *view, const ClPcmkKeyPlace *place, const char *name,
                           guint32 *ret_type, GBytes **ret_data)
{
    g_autoptr(GPtrArray) shown = cl_registry_commands_new();
    add_shown(view, place, shown);
    const ClRegistryCommand *reply = find_shown(shown, name);
    const ClPcmkValue *value = place->key ? cl_pcmk_key_value(place->key, name) : NULL;
    *ret_data = NULL;
    if (reply) {
        *ret_type = reply->type;
        *ret_data = g_bytes_ref(reply->data);
    } else if (value) {
        *ret_type = value->type;
        *ret_data = g_bytes_ref(value->data);
    }
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    g_autofree char *x = cl_text_fold((*(const ClRegistryCommand *const *)a)->value);
    g_autofree char *y = cl_text_fold((*(const ClRegistryCommand *const *)b)->value);
    return strcmp(x, y);
}

GPtrArray *cl_pcmk_registry_values(const ClPcmkView *view, const ClPcmkKeyPlace *place)
{
    GPtrArray *replies = cl_registry_commands_new();
    add_shown(view, place, replies);
    guint n_shown = replies->len;
    for (guint i = 0; place->key && i < place->key->values->len; i++) {
        const ClPcmkValue *value = place->key->values->pdata[i];
        if (n_shown == 0 || !find_shown(replies, value->name)) {
            g_ptr_array_add(replies, cl_registry_reply_new(CLUSREG_READ_VALUE, "", value->name,
                                                           value->type, value->data));
        }
    }
    if (n_shown > 0) {
        g_ptr_array_sort(replies, by_name);
    }
    return replies;
}

/* What is stored may be no descriptor. */
GBytes *cl_pcmk_registry_security(const ClPcmkKeyPlace *place)
{
    GBytes *security = NULL;
    for (const ClPcmkKey *key = place->nearest; key && !security; key = key->parent) {
        security = key->security
                       ? cl_security_merge(NULL, key->security, cl_security_parts(key->security))
                       : NULL;
    }
    return security ? security : cl_security_default();
}
