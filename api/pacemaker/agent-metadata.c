/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an agent's metadata says, and values checked by it. Any thread. */
#include "agents.h"

#include <libxml/parser.h>
#include <string.h>

#include "attributes.h"
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
        g_free(agent->interval);
        g_free(agent);
    }
}

static gpointer copy_parameter(gconstpointer data, gpointer user_data)
{
    const ClPcmkParameter *parameter = data;
    ClPcmkParameter *copy = g_memdup2(parameter, sizeof *parameter);
    (void)user_data;
    copy->name = g_strdup(parameter->name);
    copy->type = g_strdup(parameter->type);
    copy->preset = g_strdup(parameter->preset);
    copy->choices = g_strdupv(parameter->choices);
    return copy;
}

void cl_pcmk_agent_add(ClPcmkAgent *agent, const ClPcmkAgent *other)
{
    GPtrArray *copies = g_ptr_array_copy(other->parameters, copy_parameter, NULL);
    g_ptr_array_set_free_func(copies, NULL);
    g_ptr_array_extend_and_steal(agent->parameters, copies);
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

/* So those call themselves that tell options of Pacemaker itself. */
#define DAEMONS "pacemaker-"

static void add_parameter(const xmlNode *element, gboolean is_option, ClPcmkAgent *agent)
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
    parameter->is_option = is_option;
    parameter->choices = choices_of(content);
    g_ptr_array_add(agent->parameters, parameter);
}

/* That of the monitor that is for what is started, and of several the simplest; NULL: none. */
static char *interval_of(const xmlNode *root)
{
    const xmlNode *actions = cl_xml_first(root, "actions");
    for (xmlNode *at = cl_xml_first(actions, "action"); at; at = cl_xml_next(at, "action")) {
        const char *role = cl_xml_get(at, "role");
        const char *interval = cl_xml_get(at, "interval");
        guint64 milliseconds;
        gboolean is_meant = g_strcmp0(cl_xml_get(at, "name"), "monitor") == 0 &&
                            cl_xml_number(at, "depth", 0) == 0 &&
                            (!role || g_ascii_strcasecmp(role, "Started") == 0);
        if (is_meant && cl_pcmk_duration(interval, &milliseconds) && milliseconds > 0) {
            return cl_pcmk_duration_text(milliseconds);
        }
    }
    return NULL;
}

ClPcmkAgent *cl_pcmk_agent_parse(const char *xml, gsize size)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlDoc *document = size <= G_MAXINT ? xmlReadMemory(xml, (int)size, NULL, NULL, options) : NULL;
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    ClPcmkAgent *agent = cl_xml_is(root, "resource-agent") ? cl_pcmk_agent_new(TRUE) : NULL;
    const xmlNode *list = agent ? cl_xml_first(root, "parameters") : NULL;
    const char *name = cl_xml_get(root, "name");
    gboolean is_option = name && g_str_has_prefix(name, DAEMONS);
    for (xmlNode *at = cl_xml_first(list, "parameter"); at; at = cl_xml_next(at, "parameter")) {
        add_parameter(at, is_option, agent);
    }
    if (agent) {
        agent->interval = interval_of(root);
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

/* Only this one may be below 0, and means something then. */
#define WATCHDOG "stonith-watchdog-timeout"

static gboolean is_time(const ClPcmkParameter *parameter, const char *value)
{
    guint64 milliseconds;
    gboolean is_negative = *value == '-' && strcmp(parameter->name, WATCHDOG) == 0;
    return cl_pcmk_duration(value + (is_negative ? 1 : 0), &milliseconds);
}

static gboolean is_percentage(const char *value)
{
    gsize digits = strspn(value, "0123456789");
    return digits > 0 && digits < 10 && strcmp(value + digits, "%") == 0;
}

static gboolean is_score(const char *value)
{
    const char *text = *value == '-' || *value == '+' ? value + 1 : value;
    return strcmp(text, "INFINITY") == 0 || is_integer(value);
}

/* Of types that later versions have, too. */
static gboolean is_option_value(const ClPcmkParameter *parameter, const char *value)
{
    static const char *const times[] = {"time", "timeout", "duration", NULL};
    static const char *const booleans[] = {"true",  "on",  "yes", "y", "1",
                                           "false", "off", "no",  "n", "0"};
    static const char *const numbers[] = {"integer", "nonnegative_integer", "score", NULL};
    if (g_strv_contains(times, parameter->type)) {
        return is_time(parameter, value);
    }
    if (g_strv_contains(numbers, parameter->type)) {
        return is_score(value);
    }
    if (strcmp(parameter->type, "percentage") == 0) {
        return is_percentage(value);
    }
    gboolean is_word = strcmp(parameter->type, "boolean") != 0;
    for (gsize i = 0; !is_word && i < G_N_ELEMENTS(booleans); i++) {
        is_word = g_ascii_strcasecmp(booleans[i], value) == 0;
    }
    return is_word;
}

static gboolean is_of_type(const ClPcmkParameter *parameter, const char *value)
{
    if (parameter->is_option && strcmp(parameter->type, "select") != 0) {
        return is_option_value(parameter, value);
    }
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
