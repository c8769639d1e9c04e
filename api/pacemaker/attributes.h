/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is set at elements of the CIB: nvpairs in sets, meta attributes with what they are inherited
 * from, and operations. Reading from any thread; writing into a CIB that is being edited.
 */
#pragma once

#include <libxml/tree.h>

#include "error.h"

G_BEGIN_DECLS

#define CL_PCMK_META     "meta_attributes"
#define CL_PCMK_INSTANCE "instance_attributes"
#define CL_PCMK_CONFIG   "cluster_property_set"

/* How the ids of property sets begin that are ours, and no options of the cluster. */
#define CL_PCMK_OWN_SETS "clusapi-"

/* --- Nvpairs ------------------------------------------------------------------------------------ */

/* An nvpair that counts; the texts are the tree's. */
typedef struct {
    const char *name, *value;
    gboolean own; /* it is the element's alone: neither by reference nor from its template */
} ClPcmkPair;

/* Those of an element in its sets of that name, in the order of the CIB, each name once: of several
 * the one that Pacemaker takes. Sets with rules do not count (transfer full, of ClPcmkPair). */
GArray *cl_pcmk_pairs(const xmlNode *element, const char *set);

/* The one of that name, or NULL. */
const char *cl_pcmk_pairs_value(const GArray *pairs, const char *name);

gboolean cl_pcmk_pairs_equal(const GArray *a, const GArray *b);

/* Makes @name in the element's own sets have @value, NULL: none. ERROR_NOT_SUPPORTED where what it
 * has comes from a set that others share, and cannot be done without. */
gboolean cl_pcmk_pair_write(xmlNode *element, const char *set, const char *name, const char *value,
                            GError **error);

/* Whether the service has set it of its own accord: it does not count, and gives way. */
gboolean cl_pcmk_pair_is_ours(const xmlNode *element, const char *set, const char *name);

/* A meta attribute of a resource: its own, else of what holds it, else of the defaults, or NULL. */
const char *cl_pcmk_meta(const xmlNode *resource, const char *name);

/* --- Operations --------------------------------------------------------------------------------- */

/* The operation of that name, or NULL; of monitors the one that watches what is started. */
const xmlNode *cl_pcmk_operation(const xmlNode *resource, const char *name);

/* What is set for an operation: at it, else in its meta attributes, else in the defaults, or NULL. */
const char *cl_pcmk_operation_value(const xmlNode *resource, const char *name,
                                    const char *attribute);

/* Makes it so, with an operation that is the resource's own. */
gboolean cl_pcmk_operation_write(xmlNode *resource, const char *name, const char *attribute,
                                 const char *value, GError **error);

/* Takes the resource's own operation away. */
gboolean cl_pcmk_operation_remove(xmlNode *resource, const char *name, GError **error);

/* --- Texts -------------------------------------------------------------------------------------- */

/* "10", "10s", "5min", "PT1H" as milliseconds; FALSE for what is no duration. */
gboolean cl_pcmk_duration(const char *text, guint64 *ret_milliseconds);
char *cl_pcmk_duration_text(guint64 milliseconds);

/* Whether a text would break the document. */
gboolean cl_pcmk_text_breaks(const char *text);

/* Whether a text comes through Pacemaker as it is. ERROR_NO_UNICODE_TRANSLATION for what is not
 * UTF-8, else ERROR_INVALID_DATA. */
gboolean cl_pcmk_check_text(const char *text, GError **error);

/* --- Elements ----------------------------------------------------------------------------------- */

/* The element of another copy of the CIB that @element is in its own, or NULL. */
xmlNode *cl_pcmk_same_element(xmlNode *cib, const xmlNode *element);

G_END_DECLS
