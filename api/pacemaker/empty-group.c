/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "empty-group.h"

#include <string.h>

#include "attributes.h"
#include "edit.h"

/* So the key of what is no meta attribute is called. */
#define DESCRIPTION "@description"

static const xmlNode *set_of(const xmlNode *cib)
{
    return cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"), CL_PCMK_CONFIG, "id",
                             CL_PCMK_EMPTY_GROUPS);
}

char **cl_pcmk_empty_groups(const xmlNode *cib)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    const xmlNode *set = set_of(cib);
    for (const xmlNode *at = cl_xml_first(set, "nvpair"); at != NULL;
         at = cl_xml_next(at, "nvpair")) {
        const char *name = cl_xml_get(at, "name");
        if (name != NULL && g_str_has_prefix(name, CL_PCMK_EMPTY_GROUP_PREFIX) &&
            strchr(name, ':') == NULL) {
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

gboolean cl_pcmk_is_empty_group(const ClPcmkObject *object)
{
    const ClPcmkGroup *group = (const ClPcmkGroup *)object;
    return object && object->kind == CL_KIND_GROUP && group->shape == CL_PCMK_GROUP &&
           group->resources->len == 0;
}

void cl_pcmk_empty_group_add(xmlNode *cib, const char *name)
{
    g_autofree char *property = property_of(name);
    cl_edit_set_property(cib, CL_PCMK_EMPTY_GROUPS, property, "");
}

/* The key of what is set for a group, if the nvpair is of that. */
static const char *key_of(const xmlNode *pair, const char *name)
{
    g_autofree char *prefix = g_strconcat(CL_PCMK_EMPTY_GROUP_PREFIX, name, ":", NULL);
    const char *property = cl_xml_get(pair, "name");
    return property && g_str_has_prefix(property, prefix) ? property + strlen(prefix) : NULL;
}

void cl_pcmk_empty_group_remove(xmlNode *cib, const char *name)
{
    g_autofree char *property = property_of(name);
    xmlNode *next;
    for (xmlNode *at = cl_xml_first(set_of(cib), "nvpair"); at != NULL; at = next) {
        next = cl_xml_next(at, "nvpair");
        if (key_of(at, name) != NULL) {
            cl_edit_remove(at);
        }
    }
    cl_edit_set_property(cib, CL_PCMK_EMPTY_GROUPS, property, NULL);
}

/* --- As an element ------------------------------------------------------------------------------ */

/* What is set is written without a word: it was the group's own before. */
static xmlNode *add_element(xmlNode *cib, xmlNode *parent, const char *name)
{
    xmlNode *group = cl_edit_add(parent, "group", "id", name, NULL);
    for (const xmlNode *at = cl_xml_first(set_of(cib), "nvpair"); at != NULL;
         at = cl_xml_next(at, "nvpair")) {
        const char *key = key_of(at, name);
        const char *value = cl_xml_get(at, "value");
        if (key != NULL && strcmp(key, DESCRIPTION) == 0) {
            cl_edit_set(group, "description", value);
        } else if (key != NULL && *key != '\0') {
            (void)cl_pcmk_pair_write(group, CL_PCMK_META, key, value, NULL);
        }
    }
    return group;
}

xmlNode *cl_pcmk_empty_group_open(xmlNode *cib, const char *name)
{
    xmlNode *group = add_element(cib, cl_edit_section(cib, "resources"), name);
    cl_pcmk_empty_group_remove(cib, name);
    return group;
}

static void keep(xmlNode *cib, const char *name, const char *key, const char *value)
{
    g_autofree char *property = g_strconcat(CL_PCMK_EMPTY_GROUP_PREFIX, name, ":", key, NULL);
    cl_edit_set_property(cib, CL_PCMK_EMPTY_GROUPS, property, value);
}

/* What it was wanted for is over. */
void cl_pcmk_empty_group_close(xmlNode *cib, xmlNode *group)
{
    g_autofree char *name = g_strdup(cl_xml_get(group, "id"));
    g_autoptr(GArray) pairs = cl_pcmk_pairs(group, CL_PCMK_META);
    cl_pcmk_empty_group_add(cib, name);
    keep(cib, name, DESCRIPTION, cl_xml_get(group, "description"));
    for (guint i = 0; i < pairs->len; i++) {
        const ClPcmkPair *pair = &g_array_index(pairs, ClPcmkPair, i);
        if (strcmp(pair->name, "target-role") != 0) {
            keep(cib, name, pair->name, pair->value);
        }
    }
    cl_edit_remove(group);
}

void cl_pcmk_empty_groups_show(xmlNode *cib)
{
    g_auto(GStrv) names = cl_pcmk_empty_groups(cib);
    for (char **name = names; *name != NULL; name++) {
        (void)add_element(cib, (xmlNode *)set_of(cib), *name);
    }
}

const xmlNode *cl_pcmk_empty_group_shown(const xmlNode *cib, const char *name)
{
    return cl_xml_child_with(set_of(cib), "group", "id", name);
}
