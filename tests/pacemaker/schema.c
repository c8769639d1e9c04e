/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "schema.h"

#include <libxml/relaxng.h>

#include "pacemaker/xml.h"

static xmlRelaxNG *parse(const char *name)
{
    g_autofree char *path = g_strdup_printf(PACEMAKER_SCHEMAS "/%s.rng", name);
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt(path);
    xmlRelaxNG *schema = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    return schema;
}

/* Kept, as reading one takes long. */
static xmlRelaxNG *schema_named(const char *name)
{
    static GHashTable *schemas;
    if (!schemas) {
        schemas = g_hash_table_new(g_str_hash, g_str_equal);
    }
    xmlRelaxNG *schema = g_hash_table_lookup(schemas, name);
    if (!schema) {
        schema = parse(name);
        g_assert_nonnull(schema);
        g_hash_table_insert(schemas, g_strdup(name), schema);
    }
    return schema;
}

gboolean schema_allows(xmlNode *cib)
{
    const char *name = cl_xml_get(cib, "validate-with");
    g_assert_nonnull(name);
    xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(schema_named(name));
    gboolean allowed = xmlRelaxNGValidateDoc(context, cib->doc) == 0;
    xmlRelaxNGFreeValidCtxt(context);
    return allowed;
}
