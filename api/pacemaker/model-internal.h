/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of a model share while it is built: where it is told of what, by id and by name.
 * On the thread that builds.
 */
#pragma once

#include "model.h"

G_BEGIN_DECLS

/* Lists by text; both belong to the table. */
GHashTable *cl_pcmk_lists_new(void);
void cl_pcmk_lists_add(GHashTable *lists, const char *key, gconstpointer object);

/* An id without the number of an instance: "web" of "web:0". Transfer full. */
char *cl_pcmk_plain_id(const char *id);

/* --- Resources ---------------------------------------------------------------------------------- */

/* Groups and resources being added. All tables are by id in the CIB. */
typedef struct {
    ClPcmkModel *model;
    GHashTable *nodes;     /* by name: ClPcmkNode */
    GHashTable *status;    /* <resource> of the status */
    GHashTable *history;   /* <resource_history> of the status */
    GHashTable *records;   /* <lrm_resource> of the CIB's status */
    GHashTable *templates; /* <template> */
    GHashTable *contained; /* <resource> of the status in bundles: by it a node within is reached */
    gboolean stopped;      /* all resources are to be */
    gboolean maintenance;  /* of the whole cluster */
} ClPcmkAdding;

/* One to add. */
typedef struct {
    const xmlNode *element; /* the primitive, or NULL */
    const char *xml_id;
    const char *name;
    ClPcmkNode *place;      /* of an instance: its node, where it alone counts; else NULL */
    const xmlNode *status;  /* what the status says of it, or NULL */
    const xmlNode *sibling; /* what it says of any other instance, or NULL */
} ClPcmkNew;

ClPcmkResource *cl_pcmk_model_add_resource(ClPcmkAdding *adding, ClPcmkGroup *group,
                                           const ClPcmkNew *new);

/* What the status says of a primitive: of an instance on @node that which matters most; without a node
 * of the one that is no instance. */
const xmlNode *cl_pcmk_model_status_of(const ClPcmkAdding *adding, const char *xml_id,
                                       const ClPcmkNode *node);

/* Whether it runs within what its group, a replica of a bundle, is otherwise made of. */
gboolean cl_pcmk_model_is_contained(const ClPcmkResource *resource);

/* Whether it has no node but its group's. */
gboolean cl_pcmk_model_is_nowhere(const ClPcmkResource *resource);

gboolean cl_pcmk_model_is_wanted(const ClPcmkAdding *adding, const xmlNode *element);

/* --- Relations ---------------------------------------------------------------------------------- */

/* What an id in a constraint stands for. */
typedef struct {
    ClPcmkModel *model;
    GHashTable *groups;    /* ClPcmkGroup; those of a clone by the ids in it too */
    GHashTable *resources; /* ClPcmkResource */
    GHashTable *aliases;   /* of tags and templates: ids (char) */
} ClPcmkIndex;

/* Calls for each id that an id stands for: for itself, or for all that a tag or a template has. */
typedef void (*ClPcmkMeant)(const char *id, gpointer data);
void cl_pcmk_index_each(const ClPcmkIndex *index, const char *id, ClPcmkMeant meant, gpointer data);

/* A set of couples of pointers. */
GHashTable *cl_pcmk_couples_new(void);
gboolean cl_pcmk_couples_add(GHashTable *couples, gconstpointer a, gconstpointer b);
gboolean cl_pcmk_couples_have(GHashTable *couples, gconstpointer a, gconstpointer b);

/* Possible and preferred owners, and moves. */
void cl_pcmk_model_add_owners(ClPcmkIndex *index, const ClPcmkSources *sources);

G_END_DECLS
