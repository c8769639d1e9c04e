/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xml.h"

#include <string.h>

const char *cl_xml_get(const xmlNode *node, const char *attribute)
{
    for (const xmlAttr *at = node != NULL ? node->properties : NULL; at != NULL; at = at->next) {
        if (strcmp((const char *)at->name, attribute) == 0) {
            return at->children != NULL && at->children->content != NULL
                       ? (const char *)at->children->content
                       : "";
        }
    }
    return NULL;
}

gboolean cl_xml_text_is_true(const char *text)
{
    static const char *const words[] = {"true", "1", "yes", "on", "y"};
    for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(text, words[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_xml_is_true(const xmlNode *node, const char *attribute)
{
    return cl_xml_text_is_true(cl_xml_get(node, attribute));
}

gint64 cl_xml_number(const xmlNode *node, const char *attribute, gint64 absent)
{
    const char *text = cl_xml_get(node, attribute);
    gint64 number;
    return text != NULL && g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL)
               ? number
               : absent;
}

gboolean cl_xml_is(const xmlNode *node, const char *name)
{
    return node != NULL && node->type == XML_ELEMENT_NODE &&
           (name == NULL || strcmp((const char *)node->name, name) == 0);
}

static xmlNode *from(xmlNode *node, const char *name)
{
    while (node != NULL && !cl_xml_is(node, name)) {
        node = node->next;
    }
    return node;
}

xmlNode *cl_xml_first(const xmlNode *parent, const char *name)
{
    return parent != NULL ? from(parent->children, name) : NULL;
}

xmlNode *cl_xml_next(const xmlNode *node, const char *name)
{
    return from(node->next, name);
}

xmlNode *cl_xml_child_with(const xmlNode *parent, const char *name, const char *attribute,
                           const char *value)
{
    xmlNode *child = cl_xml_first(parent, name);
    while (child != NULL && g_strcmp0(cl_xml_get(child, attribute), value) != 0) {
        child = cl_xml_next(child, name);
    }
    return child;
}

xmlNode *cl_xml_at(const xmlNode *root, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    xmlNode *node = (xmlNode *)root;
    for (char **name = names; node != NULL && *name != NULL; name++) {
        node = cl_xml_first(node, *name);
    }
    return node;
}

/* INFINITY is above all numbers. */
static gint64 score_of(const xmlNode *set)
{
    const char *score = cl_xml_get(set, "score");
    if (score != NULL && (strcmp(score, "INFINITY") == 0 || strcmp(score, "+INFINITY") == 0)) {
        return G_MAXINT64;
    }
    return score != NULL && strcmp(score, "-INFINITY") == 0 ? G_MININT64
                                                            : cl_xml_number(set, "score", 0);
}

const xmlNode *cl_xml_nvpair(const xmlNode *element, const char *set, const char *name)
{
    const xmlNode *best = NULL;
    gint64 best_score = 0;
    for (xmlNode *at = cl_xml_first(element, set); at != NULL; at = cl_xml_next(at, set)) {
        const xmlNode *pair = cl_xml_child_with(at, "nvpair", "name", name);
        gint64 score = score_of(at);
        if (pair != NULL && cl_xml_first(at, "rule") == NULL &&
            (best == NULL || score >= best_score)) {
            best = pair;
            best_score = score;
        }
    }
    return best;
}

const char *cl_xml_nvpair_value(const xmlNode *element, const char *set, const char *name)
{
    return cl_xml_get(cl_xml_nvpair(element, set, name), "value");
}

xmlNode *cl_xml_copy(const xmlNode *root)
{
    xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *copy = xmlDocCopyNode((xmlNode *)root, document, 1);
    xmlDocSetRootElement(document, copy);
    return copy;
}

void cl_xml_free(xmlNode *root)
{
    if (root != NULL) {
        xmlFreeDoc(root->doc);
    }
}

static gboolean attributes_equal(const xmlNode *a, const xmlNode *b)
{
    gsize n = 0;
    for (const xmlAttr *at = a->properties; at != NULL; at = at->next) {
        const char *value = at->children != NULL ? (const char *)at->children->content : "";
        if (g_strcmp0(value, cl_xml_get(b, (const char *)at->name)) != 0) {
            return FALSE;
        }
        n++;
    }
    for (const xmlAttr *at = b->properties; at != NULL; at = at->next) {
        n--;
    }
    return n == 0;
}

static const xmlNode *counted(const xmlNode *node, const char *const *except)
{
    while (node != NULL &&
           (node->type != XML_ELEMENT_NODE ||
            (except != NULL && g_strv_contains(except, (const char *)node->name)))) {
        node = node->next;
    }
    return node;
}

gboolean cl_xml_equal(const xmlNode *a, const xmlNode *b, const char *const *except)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    if (strcmp((const char *)a->name, (const char *)b->name) != 0 || !attributes_equal(a, b)) {
        return FALSE;
    }
    const xmlNode *left = counted(a->children, except);
    const xmlNode *right = counted(b->children, except);
    while (left != NULL && right != NULL && cl_xml_equal(left, right, except)) {
        left = counted(left->next, except);
        right = counted(right->next, except);
    }
    return left == NULL && right == NULL;
}
