/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notify-setup.h"

#include <resapi.h>
#include <string.h>

#define ROOM 1000

/* --- Names -------------------------------------------------------------------------------------- */

#define OF(TYPE, FLAG, format)                                                                     \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_##TYPE, (guint64)CLUSTER_CHANGE_##TYPE##_##FLAG##_V2, #TYPE " " #FLAG, \
            format                                                                                 \
    }
#define SET(FLAG, flag, format)                                                                    \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_GROUPSET, (guint64)(flag), "GROUPSET " FLAG, format                    \
    }

/* What the data is: d DWORD, s text, m MULTI_SZ, p property list, - none. */
static const struct {
    DWORD object_type;
    guint64 flag;
    const char *name;
    char format;
} flags[] = {
    OF(CLUSTER, GROUP_ADDED, 'd'),
    OF(CLUSTER, NETWORK_ADDED, '-'),
    OF(CLUSTER, NODE_ADDED, 'd'),
    OF(CLUSTER, RESOURCE_TYPE_ADDED, '-'),
    OF(CLUSTER, COMMON_PROPERTY, 'p'),
    OF(CLUSTER, PRIVATE_PROPERTY, 'p'),
    OF(CLUSTER, LOST_NOTIFICATIONS, '-'),
    OF(CLUSTER, RECONNECT, '-'),
    OF(CLUSTER, STATE, '-'),
    OF(CLUSTER, RENAME, '-'),
    OF(GROUP, DELETED, '-'),
    OF(GROUP, COMMON_PROPERTY, 'p'),
    OF(GROUP, PRIVATE_PROPERTY, 'p'),
    OF(GROUP, STATE, 'd'),
    OF(GROUP, OWNER_NODE, 's'),
    OF(GROUP, PREFERRED_OWNERS, 'm'),
    OF(GROUP, RESOURCE_ADDED, 's'),
    OF(GROUP, RESOURCE_GAINED, 's'),
    OF(GROUP, RESOURCE_LOST, 's'),
    OF(RESOURCE, COMMON_PROPERTY, 'p'),
    OF(RESOURCE, PRIVATE_PROPERTY, '-'),
    OF(RESOURCE, STATE, 'd'),
    OF(RESOURCE, OWNER_GROUP, 's'),
    OF(RESOURCE, DEPENDENCIES, 's'),
    OF(RESOURCE, DEPENDENTS, 'm'),
    OF(RESOURCE, POSSIBLE_OWNERS, 'm'),
    OF(RESOURCE, DELETED, 's'),
    OF(RESOURCE, TERMINAL_STATE, 'd'),
    OF(RESOURCE_TYPE, DELETED, '-'),
    OF(RESOURCE_TYPE, COMMON_PROPERTY, 'p'),
    OF(RESOURCE_TYPE, PRIVATE_PROPERTY, '-'),
    OF(RESOURCE_TYPE, POSSIBLE_OWNERS, 'm'),
    OF(NETWORK, DELETED, '-'),
    OF(NETWORK, COMMON_PROPERTY, 'p'),
    OF(NETWORK, PRIVATE_PROPERTY, 'p'),
    OF(NETWORK, STATE, 'd'),
    {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_DELETED_V2,
     "NETINTERFACE DELETED", '-'},
    {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_COMMON_PROPERTY_V2,
     "NETINTERFACE COMMON_PROPERTY", 'p'},
    {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_PRIVATE_PROPERTY_V2,
     "NETINTERFACE PRIVATE_PROPERTY", 'p'},
    {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_STATE_V2,
     "NETINTERFACE STATE", 'd'},
    OF(NODE, NETINTERFACE_ADDED, 's'),
    OF(NODE, DELETED, 'd'),
    OF(NODE, COMMON_PROPERTY, 'p'),
    OF(NODE, PRIVATE_PROPERTY, 'p'),
    OF(NODE, STATE, 'd'),
    OF(NODE, GROUP_GAINED, 's'),
    OF(NODE, GROUP_LOST, 's'),
    OF(REGISTRY, ATTRIBUTES, '-'),
    OF(REGISTRY, NAME, '-'),
    OF(REGISTRY, VALUE, '-'),
    OF(QUORUM, STATE, 'd'),
    SET("DELETED", CLUSTER_CHANGE_GROUPSET_DELETED_v2, '-'),
    SET("COMMON_PROPERTY", CLUSTER_CHANGE_GROUPSET_COMMON_PROPERTY_V2, 'p'),
    SET("PRIVATE_PROPERTY", CLUSTER_CHANGE_GROUPSET_PRIVATE_PROPERTY_V2, 'p'),
    SET("GROUP_ADDED", CLUSTER_CHANGE_GROUPSET_GROUP_ADDED, 's'),
    SET("GROUP_REMOVED", CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED, 's'),
    SET("DEPENDENCIES", CLUSTER_CHANGE_GROUPSET_DEPENDENCIES_V2, 's'),
    SET("DEPENDENTS", CLUSTER_CHANGE_GROUPSET_DEPENDENTS_V2, 'm'),
};

#define BIT(name)                                                                                  \
    {                                                                                              \
        CLUSTER_CHANGE_##name, #name                                                               \
    }
static const struct {
    DWORD bit;
    const char *name;
} bits[] = {
    BIT(NODE_STATE),           BIT(NODE_DELETED),          BIT(NODE_ADDED),
    BIT(NODE_PROPERTY),        BIT(REGISTRY_NAME),         BIT(REGISTRY_ATTRIBUTES),
    BIT(REGISTRY_VALUE),       BIT(RESOURCE_STATE),        BIT(RESOURCE_DELETED),
    BIT(RESOURCE_ADDED),       BIT(RESOURCE_PROPERTY),     BIT(GROUP_STATE),
    BIT(GROUP_DELETED),        BIT(GROUP_ADDED),           BIT(GROUP_PROPERTY),
    BIT(RESOURCE_TYPE_ADDED),  BIT(RESOURCE_TYPE_DELETED), BIT(RESOURCE_TYPE_PROPERTY),
    BIT(CLUSTER_RECONNECT),    BIT(NETWORK_STATE),         BIT(NETWORK_DELETED),
    BIT(NETWORK_ADDED),        BIT(NETWORK_PROPERTY),      BIT(NETINTERFACE_STATE),
    BIT(NETINTERFACE_DELETED), BIT(NETINTERFACE_ADDED),    BIT(NETINTERFACE_PROPERTY),
    BIT(QUORUM_STATE),         BIT(CLUSTER_STATE),         BIT(CLUSTER_PROPERTY),
};

/* --- Ids ---------------------------------------------------------------------------------------- */

/* Of objects that were made since, by the name they had when they were first told of. */
static GHashTable *labels;

static void learn(const char *id, const char *name)
{
    if (labels == NULL) {
        labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    }
    if (strlen(id) == 36 && !g_str_has_prefix(id, TEST_ID_HEAD) &&
        !g_hash_table_contains(labels, id)) {
        g_hash_table_insert(labels, g_strdup(id), g_strdup_printf("{%s}", name));
    }
}

/* With each id that stands in it replaced. */
static char *shorten(const char *text)
{
    g_autoptr(GString) result = g_string_new(text);
    GHashTableIter iter;
    gpointer id, label;
    g_string_replace(result, TEST_ID_HEAD, "#", 0);
    if (labels != NULL) {
        g_hash_table_iter_init(&iter, labels);
        while (g_hash_table_iter_next(&iter, &id, &label)) {
            g_string_replace(result, id, label, 0);
        }
    }
    g_autoptr(GRegex) rest = g_regex_new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", 0, 0, NULL);
    return g_regex_replace_literal(rest, result->str, -1, 0, "{?}", 0, NULL);
}

/* --- Data --------------------------------------------------------------------------------------- */

static void add_short(GString *line, const WCHAR *text)
{
    g_autofree char *utf8 = narrow(text);
    g_autofree char *shown = shorten(utf8);
    g_string_append(line, shown);
}

static void add_texts(GString *line, const WCHAR *texts, gsize size)
{
    const WCHAR *end = texts + size / sizeof *texts;
    gboolean first = TRUE;
    g_assert_cmpuint(size % 2, ==, 0);
    g_assert_cmpuint(size, >=, 2);
    while (texts < end && *texts != 0) {
        g_string_append(line, first ? "" : ";");
        add_short(line, texts);
        for (; *texts != 0; texts++) {
        }
        texts++;
        first = FALSE;
    }
    /* One NUL for the end of the list, and nothing behind. */
    g_assert_true(texts + 1 == end);
}

static void add_value(GString *line, const CLUSAPI_PROPERTY *property)
{
    DWORD number = 0;
    switch (property->dwSyntax) {
    case CLUSPROP_SYNTAX_LIST_VALUE_DWORD:
        memcpy(&number, property->pbData, sizeof number);
        g_string_append_printf(line, "%u", number);
        break;
    case CLUSPROP_SYNTAX_LIST_VALUE_SZ:
        add_short(line, (const WCHAR *)(gconstpointer)property->pbData);
        break;
    default:
        g_string_append_printf(line, "%u bytes", property->cbData);
    }
}

static void add_properties(GString *line, const void *list, DWORD size)
{
    CLUSAPI_PROPERTY_CURSOR cursor = {0};
    CLUSAPI_PROPERTY property;
    DWORD code;
    for (guint i = 0; (code = ClusapiPropertyListNext(list, size, &cursor, &property)) == 0; i++) {
        g_string_append(line, i == 0 ? "" : " ");
        add_short(line, property.pszName);
        g_string_append_c(line, '=');
        add_value(line, &property);
    }
    IS(code, ERROR_NO_MORE_ITEMS);
}

static void add_data(GString *line, char format, const void *data, DWORD size)
{
    DWORD number;
    const WCHAR *text = data;
    switch (format) {
    case 'd':
        g_assert_cmpuint(size, ==, sizeof number);
        memcpy(&number, data, sizeof number);
        g_string_append_printf(line, " =%u", number);
        break;
    case 's':
        g_assert_cmpuint(size, >=, 2);
        g_assert_cmpuint(text[size / 2 - 1], ==, 0);
        g_string_append(line, " =");
        add_short(line, text);
        break;
    case 'm':
        g_string_append(line, " =");
        add_texts(line, data, size);
        break;
    case 'p':
        g_string_append(line, " {");
        add_properties(line, data, size);
        g_string_append_c(line, '}');
        break;
    default:
        g_assert_cmpuint(size, ==, 0);
    }
}

/* --- Events ------------------------------------------------------------------------------------- */

HCHANGE port_v1(HCLUSTER cluster)
{
    HCHANGE port =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, cluster,
                                (DWORD)CLUSTER_CHANGE_ALL & ~(DWORD)CLUSTER_CHANGE_HANDLE_CLOSE, 1);
    g_assert_nonnull(port);
    return port;
}

HCHANGE port_v2(HCLUSTER cluster)
{
    NOTIFY_FILTER_AND_TYPE filters[] = {
        {CLUSTER_OBJECT_TYPE_CLUSTER,
         CLUSTER_CHANGE_CLUSTER_ALL_V2 & ~CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2},
        {CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_ALL_V2},
        {CLUSTER_OBJECT_TYPE_RESOURCE_TYPE, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2},
        {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_ALL_V2},
        {CLUSTER_OBJECT_TYPE_NETWORK, CLUSTER_CHANGE_NETWORK_ALL_V2},
        {CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_ALL_V2},
        {CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_ALL_V2},
        {CLUSTER_OBJECT_TYPE_QUORUM, CLUSTER_CHANGE_QUORUM_ALL_V2},
        {CLUSTER_OBJECT_TYPE_GROUPSET, CLUSTER_CHANGE_GROUPSET_ALL_V2},
        {CLUSTER_OBJECT_TYPE_SHARED_VOLUME, CLUSTER_CHANGE_SHARED_VOLUME_ALL_V2},
    };
    HCHANGE port =
        CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, filters, G_N_ELEMENTS(filters), 2);
    g_assert_nonnull(port);
    return port;
}

char *event_v1(HCHANGE port, DWORD ms)
{
    WCHAR name[ROOM];
    DWORD length = ROOM, filter = 0;
    DWORD_PTR key;
    gsize i = 0;
    DWORD code = GetClusterNotify(port, &key, &filter, name, &length, ms);
    if (code == WAIT_TIMEOUT) {
        return NULL;
    }
    IS(code, ERROR_SUCCESS);
    while (i < G_N_ELEMENTS(bits) && bits[i].bit != filter) {
        i++;
    }
    g_assert_cmpuint(i, <, G_N_ELEMENTS(bits));
    g_autoptr(GString) line = g_string_new(bits[i].name);
    g_string_append_c(line, ' ');
    add_short(line, name);
    return g_strdup(line->str);
}

char *event_v2(HCHANGE port, DWORD ms)
{
    WCHAR id[ROOM], parent[ROOM], name[ROOM], type[ROOM];
    DWORD id_size = ROOM, parent_size = ROOM, name_size = ROOM, type_size = ROOM;
    BYTE data[4 * ROOM] __attribute__((aligned(4)));
    DWORD size = sizeof data;
    NOTIFY_FILTER_AND_TYPE filter = {0, 0};
    DWORD_PTR key;
    gsize i = 0;
    DWORD code = GetClusterNotifyV2(port, &key, &filter, data, &size, id, &id_size, parent,
                                    &parent_size, name, &name_size, type, &type_size, ms);
    if (code == WAIT_TIMEOUT) {
        return NULL;
    }
    IS(code, ERROR_SUCCESS);
    while (i < G_N_ELEMENTS(flags) && (flags[i].object_type != filter.dwObjectType ||
                                       flags[i].flag != (guint64)filter.FilterFlags)) {
        i++;
    }
    g_assert_cmpuint(i, <, G_N_ELEMENTS(flags));
    g_autoptr(GString) line = g_string_new(flags[i].name);
    const WCHAR *texts[] = {id, parent, name, type};
    static const char *const names[] = {" id=", " parent=", " name=", " type="};
    g_autofree char *id_text = narrow(id);
    g_autofree char *name_text = narrow(name);
    learn(id_text, name_text);
    for (gsize k = 0; k < G_N_ELEMENTS(texts); k++) {
        if (texts[k][0] != 0) {
            g_string_append(line, names[k]);
            add_short(line, texts[k]);
        }
    }
    add_data(line, flags[i].format, data, size);
    return g_strdup(line->str);
}

static char *collect(HCHANGE port, HKEY root, char *(*event)(HCHANGE port, DWORD ms))
{
    static guint n;
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autofree char *mark = g_strdup_printf("Mark%u", ++n);
    IS(ClusterRegCloseKey(new_key(root, mark)), ERROR_SUCCESS);
    for (;;) {
        g_autofree char *line = event(port, PATIENCE);
        g_assert_nonnull(line);
        if (strstr(line, mark) != NULL) {
            return g_strdup(lines->str);
        }
        if (strstr(line, "Mark") == NULL) {
            g_string_append_printf(lines, "%s\n", line);
        }
    }
}

char *events_v1(HCHANGE port, HKEY root)
{
    return collect(port, root, event_v1);
}

char *events_v2(HCHANGE port, HKEY root)
{
    return collect(port, root, event_v2);
}
