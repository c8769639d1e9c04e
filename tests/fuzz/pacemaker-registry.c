/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for the cluster database as a CIB has it: lines of a name, a tab and a value are its
 * records. What could be read must be the same after it was written, and when it is written again not
 * one byte of the CIB may change. Run by libFuzzer, or by driver.c.
 */
#include <string.h>

#include "pacemaker/edit.h"
#include "pacemaker/registry.h"
#include "target.h"

static void check(gboolean ok)
{
    if (!ok) {
        g_error("the cluster database did not come back as it was");
    }
}

static volatile guint8 touched;

/* Touches every byte, for the sanitizers to see. */
static void walk(GBytes *bytes)
{
    gsize size = 0;
    const guint8 *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    for (gsize i = 0; i < size; i++) {
        touched ^= data[i];
    }
}

static gboolean same(GBytes *a, GBytes *b)
{
    walk(a);
    return a == b || (a && b && g_bytes_equal(a, b));
}

static void compare(const ClPcmkKey *a, const ClPcmkKey *b)
{
    check(strcmp(a->name, b->name) == 0 && a->created == b->created && a->written == b->written &&
          same(a->security, b->security) && a->keys->len == b->keys->len &&
          a->values->len == b->values->len);
    for (guint i = 0; i < a->values->len; i++) {
        const ClPcmkValue *x = a->values->pdata[i];
        const ClPcmkValue *y = b->values->pdata[i];
        check(strcmp(x->name, y->name) == 0 && x->type == y->type && same(x->data, y->data));
    }
    for (guint i = 0; i < a->keys->len; i++) {
        compare(a->keys->pdata[i], b->keys->pdata[i]);
    }
}

static void compare_batches(const ClPcmkRegistry *a, const ClPcmkRegistry *b)
{
    check(a->n_batches == b->n_batches && a->batches->len == b->batches->len);
    for (guint i = 0; i < a->batches->len; i++) {
        check(strcmp(a->batches->pdata[i], b->batches->pdata[i]) == 0);
    }
}

static char *text_of(const xmlNode *cib)
{
    xmlChar *text = NULL;
    int size = 0;
    xmlDocDumpMemory(cib->doc, &text, &size);
    char *copy = g_strndup((const char *)text, (gsize)size);
    xmlFree(text);
    return copy;
}

static xmlNode *cib_of(char **lines)
{
    xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *cib = xmlNewDocNode(document, NULL, (const xmlChar *)"cib", NULL);
    xmlDocSetRootElement(document, cib);
    xmlNode *set = cl_edit_add(cl_edit_section(cib, "crm_config"), "cluster_property_set", "id",
                               CL_PCMK_REGISTRY, NULL);
    for (guint i = 0; lines[i]; i++) {
        char *tab = strchr(lines[i], '\t');
        g_autofree char *id = g_strdup_printf("r%u", i);
        if (tab) {
            *tab = '\0';
            cl_edit_add(set, "nvpair", "id", id, "name", lines[i], "value", tab + 1, NULL);
        }
    }
    return cib;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL)) {
        return 0;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    xmlNode *cib = cib_of(lines);
    g_autoptr(ClPcmkRegistry) first = cl_pcmk_registry_parse(cib);
    g_autoptr(GError) error = NULL;
    if (cl_pcmk_registry_write(cib, first, &error)) {
        g_autoptr(ClPcmkRegistry) second = cl_pcmk_registry_parse(cib);
        compare(first->root, second->root);
        compare_batches(first, second);
        g_autofree char *before = text_of(cib);
        check(cl_pcmk_registry_write(cib, second, NULL));
        g_autofree char *after = text_of(cib);
        check(strcmp(before, after) == 0);
    } else {
        check(g_error_matches(error, CL_ERROR, ERROR_DISK_FULL));
    }
    xmlFreeDoc(cib->doc);
    return 0;
}
