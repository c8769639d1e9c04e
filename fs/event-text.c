/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of words for what notifications tell. Constant; any thread may call.
 */
#include "event-text.h"

#include "enumerator.h"
#include "escape.h"
#include "show.h"

#include <clusapi/linux.h>
#include <string.h>

typedef enum {
    VALUE_NONE,
    VALUE_TEXT,
    VALUE_ID,   /* of a value of the database: its name */
    VALUE_NODE, /* the data is the id of one */
    VALUE_GROUP,
    VALUE_RESOURCE,
    VALUE_NODE_STATE,
    VALUE_GROUP_STATE,
    VALUE_RESOURCE_STATE,
    VALUE_NETWORK_STATE,
    VALUE_INTERFACE_STATE
} Value;

/* The kind is that of what changed, which is not always the one that tells. */
typedef struct {
    DWORD object_type;
    guint64 flag;
    const char *kind;
    const char *change;
    Value value;
} Change;

#define CLUSTER(flag, kind, change, value)                                                         \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_##flag##_V2, kind, change, value       \
    }
#define OF(TYPE, flag, kind, change, value)                                                        \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_##TYPE, CLUSTER_CHANGE_##TYPE##_##flag##_V2, kind, change, value       \
    }
#define INTERFACE(flag, change, value)                                                             \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_##flag##_V2,            \
            "interface", change, value                                                             \
    }

static const Change changes[] = {
    CLUSTER(RECONNECT, "cluster", "reconnected", VALUE_NONE),
    CLUSTER(STATE, "cluster", "unreachable", VALUE_NONE),
    CLUSTER(GROUP_ADDED, "group", "added", VALUE_NONE),
    CLUSTER(NETWORK_ADDED, "network", "added", VALUE_NONE),
    CLUSTER(NODE_ADDED, "node", "added", VALUE_NODE_STATE),
    CLUSTER(RESOURCE_TYPE_ADDED, "type", "added", VALUE_NONE),
    CLUSTER(COMMON_PROPERTY, "cluster", "properties", VALUE_NONE),
    CLUSTER(PRIVATE_PROPERTY, "cluster", "properties", VALUE_NONE),
    CLUSTER(LOST_NOTIFICATIONS, "cluster", "lost", VALUE_NONE),
    CLUSTER(RENAME, "cluster", "name", VALUE_NONE),
    CLUSTER(MEMBERSHIP, "cluster", "membership", VALUE_NONE),
    CLUSTER(UPGRADED, "cluster", "upgraded", VALUE_NONE),
    OF(GROUP, DELETED, "group", "deleted", VALUE_NONE),
    OF(GROUP, COMMON_PROPERTY, "group", "properties", VALUE_NONE),
    OF(GROUP, PRIVATE_PROPERTY, "group", "properties", VALUE_NONE),
    OF(GROUP, STATE, "group", "state", VALUE_GROUP_STATE),
    OF(GROUP, OWNER_NODE, "group", "owner", VALUE_NODE),
    OF(GROUP, PREFERRED_OWNERS, "group", "preferred-owners", VALUE_NONE),
    OF(GROUP, RESOURCE_ADDED, "resource", "added", VALUE_NONE),
    OF(GROUP, RESOURCE_GAINED, "group", "resource-gained", VALUE_RESOURCE),
    OF(GROUP, RESOURCE_LOST, "group", "resource-lost", VALUE_RESOURCE),
    OF(RESOURCE, COMMON_PROPERTY, "resource", "properties", VALUE_NONE),
    OF(RESOURCE, PRIVATE_PROPERTY, "resource", "properties", VALUE_NONE),
    OF(RESOURCE, STATE, "resource", "state", VALUE_RESOURCE_STATE),
    OF(RESOURCE, OWNER_GROUP, "resource", "group", VALUE_GROUP),
    OF(RESOURCE, DEPENDENCIES, "resource", "dependencies", VALUE_TEXT),
    OF(RESOURCE, DEPENDENTS, "resource", "dependents", VALUE_NONE),
    OF(RESOURCE, POSSIBLE_OWNERS, "resource", "possible-owners", VALUE_NONE),
    OF(RESOURCE, DELETED, "resource", "deleted", VALUE_NONE),
    OF(RESOURCE_TYPE, DELETED, "type", "deleted", VALUE_NONE),
    OF(RESOURCE_TYPE, COMMON_PROPERTY, "type", "properties", VALUE_NONE),
    OF(RESOURCE_TYPE, PRIVATE_PROPERTY, "type", "properties", VALUE_NONE),
    OF(RESOURCE_TYPE, POSSIBLE_OWNERS, "type", "possible-owners", VALUE_NONE),
    OF(NETWORK, DELETED, "network", "deleted", VALUE_NONE),
    OF(NETWORK, COMMON_PROPERTY, "network", "properties", VALUE_NONE),
    OF(NETWORK, PRIVATE_PROPERTY, "network", "properties", VALUE_NONE),
    OF(NETWORK, STATE, "network", "state", VALUE_NETWORK_STATE),
    INTERFACE(DELETED, "deleted", VALUE_NONE),
    INTERFACE(COMMON_PROPERTY, "properties", VALUE_NONE),
    INTERFACE(PRIVATE_PROPERTY, "properties", VALUE_NONE),
    INTERFACE(STATE, "state", VALUE_INTERFACE_STATE),
    OF(NODE, NETINTERFACE_ADDED, "interface", "added", VALUE_NONE),
    OF(NODE, DELETED, "node", "deleted", VALUE_NONE),
    OF(NODE, COMMON_PROPERTY, "node", "properties", VALUE_NONE),
    OF(NODE, PRIVATE_PROPERTY, "node", "properties", VALUE_NONE),
    OF(NODE, STATE, "node", "state", VALUE_NODE_STATE),
    OF(NODE, GROUP_GAINED, "node", "group-gained", VALUE_GROUP),
    OF(NODE, GROUP_LOST, "node", "group-lost", VALUE_GROUP),
    OF(GROUPSET, COMMON_PROPERTY, "groupset", "properties", VALUE_NONE),
    OF(GROUPSET, PRIVATE_PROPERTY, "groupset", "properties", VALUE_NONE),
    OF(GROUPSET, DEPENDENCIES, "groupset", "dependencies", VALUE_TEXT),
    OF(GROUPSET, DEPENDENTS, "groupset", "dependents", VALUE_NONE),
    {CLUSTER_OBJECT_TYPE_GROUPSET, CLUSTER_CHANGE_GROUPSET_DELETED_v2, "groupset", "deleted",
     VALUE_NONE},
    {CLUSTER_OBJECT_TYPE_GROUPSET, CLUSTER_CHANGE_GROUPSET_GROUP_ADDED, "groupset", "group-gained",
     VALUE_GROUP},
    {CLUSTER_OBJECT_TYPE_GROUPSET, CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED, "groupset", "group-lost",
     VALUE_TEXT},
    OF(QUORUM, STATE, "quorum", "state", VALUE_RESOURCE_STATE),
    OF(REGISTRY, NAME, "registry", "key", VALUE_NONE),
    OF(REGISTRY, VALUE, "registry", "value", VALUE_ID),
    OF(REGISTRY, ATTRIBUTES, "registry", "security", VALUE_NONE),
};

static const Change *find(const FsEvent *event)
{
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        if (changes[i].object_type == event->object_type && changes[i].flag == event->flag) {
            return &changes[i];
        }
    }
    return NULL;
}

/* As a file name of the object with that id. */
static void append_escaped(GString *line, const char *text, const char *id)
{
    g_autofree char *escaped = *text != '\0' ? fs_escape(text, id) : g_strdup("");

    g_string_append(line, escaped);
}

/* --- Asking ----------------------------------------------------------------------------------- */

#define ASK_MS 1000

static DWORD read_name(HCLUSTER cluster, FsKind kind, const char *id, GString *out)
{
    g_auto(FsObject) object = {0};
    DWORD status = fs_object_open(cluster, kind, id, &object);

    return status == ERROR_SUCCESS ? fs_object_name(&object, out) : status;
}

/* The name of an object; one that is gone has none any more, and is told by its id. */
static void append_named(GString *line, HCLUSTER cluster, FsKind kind, const char *id)
{
    g_autoptr(GString) name = g_string_new(NULL);
    HCLUSCALL call = ClusapiBeginCall(ASK_MS);
    DWORD status = read_name(cluster, kind, id, name);

    if (call != NULL) {
        ClusapiEndCall(call);
    }
    append_escaped(line, status == ERROR_SUCCESS ? name->str : id, id);
}

/* Appends the ids of a group's resources, char *, as far as they can be found. */
static void append_resources(GPtrArray *ids, HCLUSTER cluster, const char *id)
{
    g_auto(FsObject) group = {0};
    g_autoptr(FsEnumeration) enumeration = NULL;
    g_auto(FsItem) item;

    fs_item_init(&item);
    if (fs_object_open(cluster, FS_GROUP, id, &group) != ERROR_SUCCESS ||
        fs_enumeration_open(&fs_resources_of_group, &group, &enumeration) != ERROR_SUCCESS) {
        return;
    }
    for (guint i = 0; i < fs_enumeration_count(enumeration); i++) {
        g_auto(FsObject) resource = {0};
        g_autoptr(GString) text = g_string_new(NULL);

        if (fs_enumeration_item(enumeration, i, &item) == ERROR_SUCCESS &&
            fs_object_open(cluster, FS_RESOURCE, item.name->str, &resource) == ERROR_SUCCESS &&
            fs_object_id(&resource, text) == ERROR_SUCCESS) {
            g_ptr_array_add(ids, g_string_free(g_steal_pointer(&text), FALSE));
        }
    }
}

/* --- Lines ------------------------------------------------------------------------------------ */

static void append_state(GString *line, const FsEvent *event, FsKind kind)
{
    guint32 state;

    if (event->size >= sizeof state) {
        memcpy(&state, event->data, sizeof state);
        fs_show_state_word(kind, (gint32)GUINT32_FROM_LE(state), line);
    }
}

gboolean fs_event_text(const FsEvent *event, GString *out)
{
    g_autofree WCHAR *wide = g_memdup2(event->data, event->size);
    DWORD length = 0;

    while (length < event->size / sizeof(WCHAR) && wide[length] != 0) {
        length++;
    }
    return fs_utf8_append(out, wide, length) == ERROR_SUCCESS;
}

static void append_text(GString *line, const FsEvent *event)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (fs_event_text(event, text)) {
        append_escaped(line, text->str, NULL);
    }
}

static void append_object(GString *line, const FsEvent *event, FsKind kind)
{
    g_autoptr(GString) id = g_string_new(NULL);

    if (fs_event_text(event, id) && id->len > 0) {
        append_named(line, event->cluster, kind, id->str);
    }
}

const char *fs_event_id(const FsEvent *event)
{
    return event->object_type == CLUSTER_OBJECT_TYPE_RESOURCE_TYPE ? event->name : event->id;
}

static void append_value(GString *line, const FsEvent *event, Value value)
{
    switch (value) {
    case VALUE_TEXT:
        append_text(line, event);
        break;
    case VALUE_ID:
        append_escaped(line, event->id, NULL);
        break;
    case VALUE_NODE:
        append_object(line, event, FS_NODE);
        break;
    case VALUE_GROUP:
        append_object(line, event, FS_GROUP);
        break;
    case VALUE_RESOURCE:
        append_object(line, event, FS_RESOURCE);
        break;
    case VALUE_NODE_STATE:
        append_state(line, event, FS_NODE);
        break;
    case VALUE_GROUP_STATE:
        append_state(line, event, FS_GROUP);
        break;
    case VALUE_RESOURCE_STATE:
        append_state(line, event, FS_RESOURCE);
        break;
    case VALUE_NETWORK_STATE:
        append_state(line, event, FS_NETWORK);
        break;
    case VALUE_INTERFACE_STATE:
        append_state(line, event, FS_INTERFACE);
        break;
    default:
        break;
    }
}

/* A change that there is no word for is shown by its numbers. */
char *fs_event_line(const FsEvent *event)
{
    const Change *change = find(event);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    GString *line = g_string_new(NULL);

    g_string_printf(line, "%s.%03dZ\t", time, g_date_time_get_microsecond(now) / 1000);
    if (change != NULL) {
        g_string_append_printf(line, "%s\t%s\t", change->kind, change->change);
    } else {
        g_string_append_printf(line, "%u\t%" G_GINT64_MODIFIER "x\t", event->object_type,
                               event->flag);
    }
    append_escaped(line, event->name, event->id);
    g_string_append_c(line, '\t');
    append_value(line, event, change != NULL ? change->value : VALUE_NONE);
    g_string_append_c(line, '\n');
    return g_string_free(line, FALSE);
}

char *fs_event_group(const FsEvent *event)
{
    g_autoptr(GString) id = NULL;

    if (event->object_type == CLUSTER_OBJECT_TYPE_RESOURCE) {
        return g_strdup(event->parent);
    }
    if (event->object_type != CLUSTER_OBJECT_TYPE_GROUP ||
        event->flag != CLUSTER_CHANGE_GROUP_RESOURCE_ADDED_V2) {
        return g_strdup("");
    }
    id = g_string_new(NULL);
    (void)fs_event_text(event, id);
    return g_string_free(g_steal_pointer(&id), FALSE);
}

/* --- Keys ------------------------------------------------------------------------------------- */

char *fs_event_key(const char *id, const char *name)
{
    g_autofree char *lower = g_ascii_strdown(id, -1);

    return g_strconcat(lower, " ", name, NULL);
}

static void add_state(GPtrArray *keys, const char *id)
{
    g_ptr_array_add(keys, fs_event_key(id, "state"));
}

static void add_owner(GPtrArray *keys, const char *id)
{
    g_ptr_array_add(keys, fs_event_key(id, "owner"));
}

/* Resources go where their group goes, which is told of the group alone. */
static void add_owners(GPtrArray *keys, const FsEvent *event)
{
    g_autoptr(GPtrArray) resources = g_ptr_array_new_with_free_func(g_free);
    HCLUSCALL call = ClusapiBeginCall(ASK_MS);

    append_resources(resources, event->cluster, event->id);
    if (call != NULL) {
        ClusapiEndCall(call);
    }
    add_owner(keys, event->id);
    for (guint i = 0; i < resources->len; i++) {
        add_owner(keys, resources->pdata[i]);
    }
}

GPtrArray *fs_event_keys(const FsEvent *event)
{
    const Change *change = find(event);
    const char *word = change != NULL ? change->change : "";
    GPtrArray *keys;

    if (strcmp(word, "lost") == 0 || strcmp(word, "reconnected") == 0) {
        return NULL;
    }
    keys = g_ptr_array_new_with_free_func(g_free);
    if (strcmp(word, "state") == 0 || strcmp(word, "deleted") == 0) {
        add_state(keys, event->id);
    }
    if (strcmp(word, "group") == 0 || strcmp(word, "deleted") == 0) {
        add_owner(keys, event->id);
    }
    if (strcmp(word, "owner") == 0) {
        add_owners(keys, event);
    }
    return keys;
}

gboolean fs_event_deletes(const FsEvent *event, FsKind *ret_kind)
{
    static const struct {
        DWORD object_type;
        FsKind kind;
    } kinds[] = {
        {CLUSTER_OBJECT_TYPE_GROUP, FS_GROUP},
        {CLUSTER_OBJECT_TYPE_RESOURCE, FS_RESOURCE},
        {CLUSTER_OBJECT_TYPE_RESOURCE_TYPE, FS_TYPE},
        {CLUSTER_OBJECT_TYPE_NODE, FS_NODE},
        {CLUSTER_OBJECT_TYPE_NETWORK, FS_NETWORK},
        {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, FS_INTERFACE},
        {CLUSTER_OBJECT_TYPE_GROUPSET, FS_GROUPSET},
    };
    const Change *change = find(event);

    if (change == NULL || strcmp(change->change, "deleted") != 0) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].object_type == event->object_type) {
            *ret_kind = kinds[i].kind;
            return TRUE;
        }
    }
    return FALSE;
}
