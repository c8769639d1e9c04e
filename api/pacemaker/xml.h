/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading an XML tree that nobody changes: from any thread, and without the logging and the copies
 * of Pacemaker's own helpers. What is returned belongs to the tree, but for a copy.
 */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* An attribute's text; NULL if it is absent or @node is NULL. */
const char *cl_xml_get(const xmlNode *node, const char *attribute);

/* Whether it is "true", "1", "yes", "on" or "y", as Pacemaker reads it. */
gboolean cl_xml_is_true(const xmlNode *node, const char *attribute);
gboolean cl_xml_text_is_true(const char *text);

/* An attribute as a number; @absent if it is no number. */
gint64 cl_xml_number(const xmlNode *node, const char *attribute, gint64 absent);

gboolean cl_xml_is(const xmlNode *node, const char *name);

/* Child elements, of that name (NULL: any). */
xmlNode *cl_xml_first(const xmlNode *parent, const char *name);
xmlNode *cl_xml_next(const xmlNode *node, const char *name);
xmlNode *cl_xml_child_with(const xmlNode *parent, const char *name, const char *attribute,
                           const char *value);

/* The element at the end of a path of names below @root, "configuration/resources". */
xmlNode *cl_xml_at(const xmlNode *root, const char *path);

/* The nvpair of that name in the sets of an element ("meta_attributes", "instance_attributes",
 * ...) that Pacemaker takes: of the highest score, of equal ones the last. Sets with rules do not
 * count. */
const xmlNode *cl_xml_nvpair(const xmlNode *element, const char *set, const char *name);
const char *cl_xml_nvpair_value(const xmlNode *element, const char *set, const char *name);

/* A tree of its own, which libxml2's functions may change; and its end. */
xmlNode *cl_xml_copy(const xmlNode *root);
void cl_xml_free(xmlNode *root);

/* Whether two elements say the same: attributes and children, but for children of the names in
 * @except (NULL: none). Both NULL are the same. */
gboolean cl_xml_equal(const xmlNode *a, const xmlNode *b, const char *const *except);

G_END_DECLS
