/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Editing a CIB that is nobody else's: finding, adding and removing elements so that ids stay unique
 * and nothing refers to what is gone. On the engine's thread, or in a test; no state.
 */
#pragma once

#include "xml.h"

G_BEGIN_DECLS

/* Adds an element at the end of @parent, with attributes (name, value, ..., NULL); values of NULL are
 * left out. */
xmlNode *cl_edit_add(xmlNode *parent, const char *name, ...) G_GNUC_NULL_TERMINATED;
void cl_edit_set(xmlNode *element, const char *attribute, const char *value);
void cl_edit_remove(xmlNode *element);

/* A part of the configuration, made if it is not there: "resources", "constraints", ... */
xmlNode *cl_edit_section(xmlNode *cib, const char *name);

/* The element of the configuration with that id, of any kind or of that name, or NULL. */
xmlNode *cl_edit_find(const xmlNode *cib, const char *name, const char *id);

/* Whether something can be called so: an XML name without colons. */
gboolean cl_edit_is_id(const char *text);

/* An id that is not in use: @format made one by replacing what ids cannot have, and numbered if need
 * be. */
char *cl_edit_new_id(const xmlNode *cib, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Meta attributes of a resource, group, clone or bundle. Those in sets with rules, or that are
 * elsewhere and only referred to, are left alone. */
void cl_edit_set_meta(xmlNode *cib, xmlNode *element, const char *name, const char *value);
void cl_edit_drop_meta(xmlNode *element, const char *name);

/* The attribute of a node (its <node> element) in its permanent instance attributes. NULL: none. */
void cl_edit_set_node_attribute(xmlNode *cib, xmlNode *node, const char *name, const char *value);

/* Properties of the cluster, in a set of our own that is made with its first and goes with its last. */
void cl_edit_set_property(xmlNode *cib, const char *set, const char *name, const char *value);
const char *cl_edit_property(const xmlNode *cib, const char *set, const char *name);

/* A score as a number, no more than Pacemaker's INFINITY; 0 for what is none. */
#define CL_EDIT_INFINITY G_GINT64_CONSTANT(1000000)
gint64 cl_edit_score(const char *text);

/* Takes what refers to a resource, group, clone or bundle out of constraints and tags; of access
 * rules nothing. */
void cl_edit_drop_references(xmlNode *cib, const char *id);

/* Whatever refers to @id refers to @renamed. */
void cl_edit_rename_references(xmlNode *cib, const char *id, const char *renamed);

/* Something outside of @element that takes over a part of it by its id, or NULL. */
const xmlNode *cl_edit_find_user(const xmlNode *cib, const xmlNode *element);

G_END_DECLS
