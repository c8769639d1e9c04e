/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Groups without resources. Pacemaker's schema has none: a <group> has at least one <primitive>. So
 * the CIB keeps their names in a property set of ours, CL_PCMK_EMPTY_GROUPS, one nvpair
 * CL_PCMK_EMPTY_GROUP_PREFIX "NAME" each, of value "", and what is set for them beside, one nvpair
 * CL_PCMK_EMPTY_GROUP_PREFIX "NAME:KEY" each; no name has a colon. In the model each is a group of the
 * shape CL_PCMK_GROUP with an element that the model's tree alone has, its name as xml_id, no resources
 * and no node, not wanted and ClusterGroupOffline. Its first resource makes the <group>, and losing
 * the last one makes it empty again.
 */
#pragma once

#include "model.h"
#include "xml.h"

G_BEGIN_DECLS

#define CL_PCMK_EMPTY_GROUPS       "clusapi-empty-groups"
#define CL_PCMK_EMPTY_GROUP_PREFIX "clusapi-empty-group."

/* Their names, in the order of the CIB. Transfer full. */
char **cl_pcmk_empty_groups(const xmlNode *cib);
gboolean cl_pcmk_empty_group_exists(const xmlNode *cib, const char *name);

/* Whether that is one. */
gboolean cl_pcmk_is_empty_group(const ClPcmkObject *object);

/* In a CIB that is being edited. */
void cl_pcmk_empty_group_add(xmlNode *cib, const char *name);
void cl_pcmk_empty_group_remove(xmlNode *cib, const char *name);

/* Makes one a <group>, as it would be in the CIB with a resource; and that, which has lost its last or
 * never had one, an empty one again. */
xmlNode *cl_pcmk_empty_group_open(xmlNode *cib, const char *name);
void cl_pcmk_empty_group_close(xmlNode *cib, xmlNode *group);

/* Gives each an element in the set, in a tree that is only to be read; and that element, or NULL. */
void cl_pcmk_empty_groups_show(xmlNode *cib);
const xmlNode *cl_pcmk_empty_group_shown(const xmlNode *cib, const char *name);

G_END_DECLS
