/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an agent's metadata says, and values checked by it. Any thread. */
#include "agents.h"

#include <libxml/parser.h>
#include <string.h>

#include "text.h"
#include "xml.h"

/* --- Agents in memory --------------------------------------------------------------------------- */

static void parameter_free(gpointer data)
{
    ClPcmkParameter *parameter = data;
    g_free(parameter->name);
    g_free(parameter->type);
    g_free(parameter->preset);
    g_strfreev(parameter->choices);
    g_free(parameter);
}

ClPcmkAgent *cl_pcmk_agent_new(gboolean is_known)
{
    ClPcmkAgent *agent = g_new0(ClPcmkAgent, 1);
    g_atomic_ref_count_init(&agent->references);
    agent->is_known = is_known;
    agent->parameters = g_ptr_array_new_with_free_func(parameter_free);
    return agent;
}

void cl_pcmk_agent_unref(ClPcmkAgent *agent)
{
    if (g_atomic_ref_count_dec(&agent->references)) {
        g_ptr_array_unref(agent->parameters);
        g_free(agent);
    }
}

/* --- Reading ------------------------------------------------------------------------------------ */

static GStrv choices_of(const xmlNode *content)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (xmlNode *at = cl_xml_first(content, "option"); at; at = cl_xml_next(at, "option")) {
        const char *value = cl_xml_get(at, "value");
        if (value) {
            g_strv_builder_add(builder, value);
        }
    }
    return g_strv_builder_end(builder);
}

static void add_parameter(const xmlNode *element, ClPcmkAgent *agent)
{
    const char *name = cl_xml_get(element, "name");
    const xmlNode *content = cl_xml_first(element, "content");
    const char *type = cl_xml_get(content, "type");
    const char *preset = cl_xml_get(content, "default");
    const ClPcmkParameter *same = name ? cl_pcmk_agent_parameter(agent, name) : NULL;
    if (!name || (same && strcmp(same->name, name) == 0)) {
        return;
    }
    ClPcmkParameter *parameter = g_new0(ClPcmkParameter, 1);
    parameter->name = g_strdup(name);
    parameter->type = g_strdup(type ? type : "string");
    parameter->preset = g_strdup(preset ? preset : "");
    parameter->required = cl_xml_is_true(element, "required");
    parameter->choices = choices_of(content);
    g_ptr_array_add(agent->parameters, parameter);
}

ClPcmkAgent *cl_pcmk_agent_parse(const char *xml, gsize size)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlDoc *document = size <= G_MAXINT ? xmlReadMemory(xml, (int)size, NULL, NULL, options) : NULL;
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    ClPcmkAgent *agent = cl_xml_is(root, "resource-agent") ? cl_pcmk_agent_new(TRUE) : NULL;
    const xmlNode *list = agent ? cl_xml_first(root, "parameters") : NULL;
    for (xmlNode *at = cl_xml_first(list, "parameter"); at; at = cl_xml_next(at, "parameter")) {
        add_parameter(at, agent);
    }
    if (document) {
        xmlFreeDoc(document);
    }
    return agent;
}

const ClPcmkParameter *cl_pcmk_agent_parameter(const ClPcmkAgent *agent, const char *name)
{
    const ClPcmkParameter *found = NULL;
    for (guint i = 0; i < agent->parameters->len; i++) {
        const ClPcmkParameter *parameter = agent->parameters->pdata[i];
        if (strcmp(parameter->name, name) == 0) {
            return parameter;
        }
        if (!found && cl_text_equal(parameter->name, name)) {
            found = parameter;
        }
    }
    return found;
}

/* --- Checking ----------------------------------------------------------------------------------- */

static gboolean is_integer(const char *value)
{
    gint64 number;
    return g_ascii_string_to_signed(*value == '+' ? value + 1 : value, 10, G_MININT64, G_MAXINT64,
                                    &number, NULL);
}

/* What agents' shells take for true and false. */
static gboolean is_boolean(const char *value)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "1",
                                        "0",    "y",     "n",   "t",  "f",  "ja",  "nein"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(words[i], value) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_of_type(const ClPcmkParameter *parameter, const char *value)
{
    if (strcmp(parameter->type, "integer") == 0) {
        return is_integer(value);
    }
    if (strcmp(parameter->type, "boolean") == 0) {
        return is_boolean(value);
    }
    return strcmp(parameter->type, "select") != 0 || !*parameter->choices ||
           g_strv_contains((const char *const *)parameter->choices, value);
}

/* An agent's own default may always be set. */
gboolean cl_pcmk_parameter_check(const ClPcmkParameter *parameter, const char *value,
                                 GError **error)
{
    if (*value == '\0') {
        return !parameter->required ||
               cl_fail(error, ERROR_INVALID_PARAMETER, "the agent requires %s", parameter->name);
    }
    return strcmp(value, parameter->preset) == 0 || is_of_type(parameter, value) ||
           cl_fail(error, ERROR_INVALID_DATA, "%s is no %s", parameter->name, parameter->type);
}
