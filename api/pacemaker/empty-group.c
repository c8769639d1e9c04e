/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "empty-group.h"

#include <string.h>

#include "edit.h"

char **cl_pcmk_empty_groups(const xmlNode *cib)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    const xmlNode *set = cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"),
                                           "cluster_property_set", "id", CL_PCMK_EMPTY_GROUPS);
    for (const xmlNode *at = cl_xml_first(set, "nvpair"); at != NULL;
         at = cl_xml_next(at, "nvpair")) {
        const char *name = cl_xml_get(at, "name");
        if (name != NULL && g_str_has_prefix(name, CL_PCMK_EMPTY_GROUP_PREFIX)) {
            g_strv_builder_add(names, name + strlen(CL_PCMK_EMPTY_GROUP_PREFIX));
        }
    }
    return g_strv_builder_end(names);
}

static char *property_of(const char *name)
{
    return g_strconcat(CL_PCMK_EMPTY_GROUP_PREFIX, name, NULL);
}

gboolean cl_pcmk_empty_group_exists(const xmlNode *cib, const char *name)
{
    g_autofree char *property = property_of(name);
    return cl_edit_property(cib, CL_PCMK_EMPTY_GROUPS, property) != NULL;
}

void cl_pcmk_empty_group_add(xmlNode *cib, const char *name)
{
    g_autofree char *property = property_of(name);
    cl_edit_set_property(cib, CL_PCMK_EMPTY_GROUPS, property, "");
}

void cl_pcmk_empty_group_remove(xmlNode *cib, const char *name)
{
    g_autofree char *property = property_of(name);
    cl_edit_set_property(cib, CL_PCMK_EMPTY_GROUPS, property, NULL);
}
