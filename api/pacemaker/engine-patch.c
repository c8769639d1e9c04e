/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patches of the CIB, in Pacemaker's second format. */
#include "engine-internal.h"

#include <libxml/xpath.h>
#include <string.h>

#include "attributes.h"
#include "edit.h"
#include "xml.h"

#define CONFIGURATION "/cib/configuration"
#define STATUS        "/cib/status"

static gboolean is_operation(const xmlNode *change, const char *operation)
{
    return g_strcmp0(cl_xml_get(change, "operation"), operation) == 0;
}

static gboolean is_below(const xmlNode *change, const char *path)
{
    const char *own = cl_xml_get(change, "path");
    return own != NULL && g_str_has_prefix(own, path) &&
           (own[strlen(path)] == '\0' || own[strlen(path)] == '/');
}

/* The element <cib> itself: its versions, which each change changes. */
static gboolean is_of_root(const xmlNode *change)
{
    return g_strcmp0(cl_xml_get(change, "path"), "/cib") == 0;
}

/* --- Making one ---------------------------------------------------------------------------------- */

/* A patch of the configuration says of which epoch it is, and not of which update of the status,
 * which may move on meanwhile: what a patch does not say is not checked. */
static void forget_updates(xmlNode *patch)
{
    for (xmlNode *change = cl_xml_first(patch, "change"); change != NULL;
         change = cl_xml_next(change, "change")) {
        if (!is_of_root(change) && !is_below(change, CONFIGURATION)) {
            return;
        }
    }
    xmlNode *version = cl_xml_first(patch, "version");
    for (xmlNode *side = cl_xml_first(version, NULL); side != NULL;
         side = cl_xml_next(side, NULL)) {
        (void)xmlUnsetProp(side, (const xmlChar *)"num_updates");
    }
}

/* Of <cib> only the versions change, which pacemaker-based counts by itself: a user of whom ACLs speak
 * could not write them. */
static void forget_root(xmlNode *patch)
{
    xmlNode *next;
    for (xmlNode *change = cl_xml_first(patch, "change"); change != NULL; change = next) {
        next = cl_xml_next(change, "change");
        if (is_of_root(change)) {
            cl_edit_remove(change);
        }
    }
}

/* Comparing leaves marks in both trees, so these are copies. */
xmlNode *cl_pcmk_patch_new(xmlNode *cib, xmlNode *edited)
{
    bool is_configuration = false;
    xmlNode *from = cl_pcmk_cib_copy(cib);
    xmlNode *to = cl_pcmk_cib_copy(edited);
    xml_track_changes(to, NULL, NULL, FALSE);
    xml_calculate_changes(from, to);
    xmlNode *patch = xml_create_patchset(2, from, to, &is_configuration, true);
    cl_pcmk_cib_free(from);
    cl_pcmk_cib_free(to);
    if (patch == NULL) {
        return NULL;
    }
    xmlNode *own = cl_xml_copy(patch);
    cl_pcmk_cib_free(patch);
    forget_updates(own);
    forget_root(own);
    return own;
}

/* --- Judging one ---------------------------------------------------------------------------------- */

gboolean cl_pcmk_patch_check(const xmlNode *patch, GError **error)
{
    for (const xmlAttr *at = patch->properties; at != NULL; at = at->next) {
        const char *name = (const char *)at->name;
        if (cl_pcmk_text_breaks(cl_xml_get(patch, name))) {
            return cl_fail(error, ERROR_INVALID_DATA, "%s would break the CIB", name);
        }
    }
    gboolean good = TRUE;
    for (xmlNode *child = cl_xml_first(patch, NULL); child != NULL && good;
         child = cl_xml_next(child, NULL)) {
        good = cl_pcmk_patch_check(child, error);
    }
    return good;
}

/* --- Looking for what one did ---------------------------------------------------------------------- */

static xmlNode *element_at(xmlXPathContext *context, const char *path)
{
    xmlXPathObject *found =
        path != NULL ? xmlXPathEvalExpression((const xmlChar *)path, context) : NULL;
    xmlNode *element = NULL;
    if (found != NULL && found->type == XPATH_NODESET && found->nodesetval != NULL &&
        found->nodesetval->nodeNr > 0) {
        element = found->nodesetval->nodeTab[0];
    }
    xmlXPathFreeObject(found);
    return element;
}

static gboolean has_attributes_of(const xmlNode *element, const xmlNode *wanted)
{
    for (const xmlAttr *at = wanted->properties; at != NULL; at = at->next) {
        const char *name = (const char *)at->name;
        if (g_strcmp0(cl_xml_get(element, name), cl_xml_get(wanted, name)) != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Also what is to be there no more. */
static gboolean has_changes(const xmlNode *element, const xmlNode *list)
{
    for (const xmlNode *at = cl_xml_first(list, "change-attr"); at != NULL;
         at = cl_xml_next(at, "change-attr")) {
        const char *wanted = is_operation(at, "unset") ? NULL : cl_xml_get(at, "value");
        if (g_strcmp0(cl_xml_get(element, cl_xml_get(at, "name")), wanted) != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

/* @created and all that is in it. */
static gboolean has_child_as(const xmlNode *parent, const xmlNode *created)
{
    for (const xmlNode *at = cl_xml_first(parent, (const char *)created->name); at != NULL;
         at = cl_xml_next(at, (const char *)created->name)) {
        gboolean equal = has_attributes_of(at, created);
        for (const xmlNode *child = cl_xml_first(created, NULL); child != NULL && equal;
             child = cl_xml_next(child, NULL)) {
            equal = has_child_as(at, child);
        }
        if (equal) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Where it was moved to, counted from 0. */
static gboolean is_at(const xmlNode *element, const char *position)
{
    guint64 wanted, before = 0;
    for (const xmlNode *at = element->prev; at != NULL; at = at->prev) {
        before += at->type == XML_ELEMENT_NODE ? 1 : 0;
    }
    return position != NULL &&
           g_ascii_string_to_unsigned(position, 10, 0, G_MAXUINT, &wanted, NULL) &&
           wanted == before;
}

static gboolean is_done(const xmlNode *change, xmlXPathContext *context)
{
    xmlNode *element = element_at(context, cl_xml_get(change, "path"));
    if (is_operation(change, "delete")) {
        return element == NULL;
    }
    if (is_operation(change, "create")) {
        const xmlNode *created = cl_xml_first(change, NULL);
        return element != NULL && created != NULL && has_child_as(element, created);
    }
    if (is_operation(change, "modify")) {
        const xmlNode *result = cl_xml_first(cl_xml_first(change, "change-result"), NULL);
        return element != NULL && result != NULL && has_attributes_of(element, result) &&
               has_changes(element, cl_xml_first(change, "change-list"));
    }
    return element != NULL && is_at(element, cl_xml_get(change, "position"));
}

gboolean cl_pcmk_patch_is_in(const xmlNode *patch, xmlNode *cib)
{
    xmlXPathContext *context = xmlXPathNewContext(cib->doc);
    gboolean done = context != NULL;
    for (const xmlNode *change = cl_xml_first(patch, "change"); change != NULL && done;
         change = cl_xml_next(change, "change")) {
        done = is_of_root(change) || is_done(change, context);
    }
    xmlXPathFreeContext(context);
    return done;
}

gboolean cl_pcmk_patch_keeps_version(const xmlNode *patch)
{
    const xmlNode *version = cl_xml_first(patch, "version");
    const xmlNode *source = cl_xml_first(version, "source");
    const xmlNode *target = cl_xml_first(version, "target");
    return source != NULL && target != NULL &&
           cl_pcmk_version_equal(cl_pcmk_version_of(source), cl_pcmk_version_of(target));
}

gboolean cl_pcmk_patch_deletes_status(const xmlNode *patch)
{
    for (const xmlNode *change = cl_xml_first(patch, "change"); change != NULL;
         change = cl_xml_next(change, "change")) {
        if (is_operation(change, "delete") && is_below(change, STATUS)) {
            return TRUE;
        }
    }
    return FALSE;
}
