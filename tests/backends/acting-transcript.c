/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See acting-transcript.h. One thread; the transcript grows in a string that
 * acting_transcript_of() owns.
 */
#include "acting-script.h"

#include <string.h>

#define PATIENCE_US (15 * G_USEC_PER_SEC)

void script_add_code(GString *out, const char *call, DWORD code)
{
    const char *name = ClusapiErrorName(code);
    g_string_append_printf(out, "%s: %s\n", call, name != NULL ? name : "unnamed");
}

void script_add_made(GString *out, const char *call, gconstpointer handle)
{
    script_add_code(out, call, handle != NULL ? ERROR_SUCCESS : GetLastError());
}

/* --- States ----------------------------------------------------------------------------------- */

static void show_group(Script *script, const char *label, HGROUP group)
{
    WCHAR node[64] = {0};
    DWORD length = G_N_ELEMENTS(node);
    int state = GetClusterGroupState(group, node, &length);
    g_autofree char *owner = to_utf8(node);
    g_autoptr(GPtrArray) resources =
        enumerator_names(family_enumerator(&families[1]), group, NULL, CLUSTER_GROUP_ENUM_CONTAINS);
    g_string_append_printf(script->out, "    group %s: state %d on %s with", label, state, owner);
    for (guint i = 0; resources != NULL && i < resources->len; i++) {
        g_string_append_printf(script->out, " %s", (char *)resources->pdata[i]);
    }
    g_string_append_c(script->out, '\n');
}

static void show_resource(Script *script, const char *label, HRESOURCE resource)
{
    int state = GetClusterResourceState(resource, NULL, NULL, NULL, NULL);
    g_string_append_printf(script->out, "    resource %s: state %d\n", label, state);
}

/* Says what it waited for if that does not come. */
static gboolean waits(Script *script, gint64 *until, const char *what, int state)
{
    if (*until == 0) {
        *until = g_get_monotonic_time() + PATIENCE_US;
    } else if (g_get_monotonic_time() > *until) {
        g_string_append_printf(script->out, "    state %d of the %s does not come\n", state, what);
        return FALSE;
    }
    g_usleep(5000);
    return TRUE;
}

static gboolean is_text(const WCHAR *a, const WCHAR *b)
{
    g_autofree char *left = to_utf8(a);
    g_autofree char *right = to_utf8(b);
    return strcmp(left, right) == 0;
}

static gboolean is_group(HGROUP group, CLUSTER_GROUP_STATE state, const WCHAR *node)
{
    WCHAR owner[64] = {0};
    DWORD length = G_N_ELEMENTS(owner);
    return GetClusterGroupState(group, owner, &length) == state &&
           (node == NULL || is_text(owner, node));
}

void await_group(Script *script, HGROUP group, CLUSTER_GROUP_STATE state, const WCHAR *node)
{
    gint64 until = 0;
    while (!is_group(group, state, node) && waits(script, &until, "group", (int)state)) {
    }
}

void await_resource(Script *script, HRESOURCE resource, CLUSTER_RESOURCE_STATE state)
{
    gint64 until = 0;
    while (GetClusterResourceState(resource, NULL, NULL, NULL, NULL) != state &&
           waits(script, &until, "resource", (int)state)) {
    }
}

void await_node(Script *script, HNODE node, CLUSTER_NODE_STATE state)
{
    gint64 until = 0;
    while (GetClusterNodeState(node) != state && waits(script, &until, "node", (int)state)) {
    }
}

/* --- Properties ------------------------------------------------------------------------------- */

static DWORD set_number(HRESOURCE resource, DWORD code, LPCWSTR name, DWORD number)
{
    BYTE list[256];
    DWORD size = 0;
    DWORD status = ClusapiPropertyListAdd(list, sizeof list, &size, name,
                                          CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, sizeof number);
    return status != ERROR_SUCCESS
               ? status
               : ClusterResourceControl(resource, NULL, code, list, size, NULL, 0, NULL);
}

static DWORD list_text(BYTE *list, DWORD room, DWORD *size, LPCWSTR name, LPCWSTR text)
{
    DWORD bytes = (DWORD)((gsize)(lstrlenW(text) + 1) * sizeof(WCHAR));
    *size = 0;
    return ClusapiPropertyListAdd(list, room, size, name, CLUSPROP_SYNTAX_LIST_VALUE_SZ, text,
                                  bytes);
}

static DWORD set_parameter(HRESOURCE resource, LPCWSTR name, LPCWSTR text)
{
    BYTE list[256];
    DWORD size;
    DWORD status = list_text(list, sizeof list, &size, name, text);
    return status != ERROR_SUCCESS
               ? status
               : ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES,
                                        list, size, NULL, 0, NULL);
}

static DWORD describe(HGROUP group, DWORD code, LPCWSTR text)
{
    BYTE list[256];
    DWORD size;
    DWORD status = list_text(list, sizeof list, &size, u"Description", text);
    return status != ERROR_SUCCESS
               ? status
               : ClusterGroupControl(group, NULL, code, list, size, NULL, 0, NULL);
}

/* --- The script ------------------------------------------------------------------------------- */

static void create_things(Script *script, HGROUP *group, HRESOURCE *address, HRESOURCE *service)
{
    HCLUSTER cluster = script->cluster;
    const Names *names = script->names;
    HGROUP none;
    HRESOURCE nothing;
    MAKE(*group, CreateClusterGroup(cluster, u"acting"));
    MAKE(none, CreateClusterGroup(cluster, u"ACTING"));
    MAKE(none, CreateClusterGroup(cluster, u""));
    MAKE(*address, CreateClusterResource(*group, u"address", names->address, 0));
    MAKE(*service, CreateClusterResource(*group, u"server", names->service, 0));
    MAKE(nothing, CreateClusterResource(*group, u"server", names->service, 0));
    MAKE(nothing, CreateClusterResource(*group, u"other", u"no such type", 0));
    STEP(CreateClusterResourceType(cluster, u"Acting Type", u"Acts", u"acts.so", 5000, 60000));
    STEP(CreateClusterResourceType(cluster, u"acting type", u"Acts", u"acts.so", 5000, 60000));
    STEP(DeleteClusterResourceType(cluster, u"Acting Type"));
    STEP(DeleteClusterResourceType(cluster, names->service));
    show_group(script, "acting", *group);
    (void)none, (void)nothing;
}

static void run_group(Script *script, HGROUP group, HRESOURCE address, HRESOURCE service)
{
    STEP(AddClusterResourceDependency(service, address));
    STEP(AddClusterResourceDependency(address, service));
    STEP(OnlineClusterResource(service));
    await_resource(script, service, ClusterResourceOnline);
    show_resource(script, "address", address);
    STEP(DeleteClusterResource(service));
    STEP(OfflineClusterResource(address));
    await_group(script, group, ClusterGroupOffline, NULL);
    show_resource(script, "server", service);
    STEP(OnlineClusterGroup(group, NULL));
    await_group(script, group, ClusterGroupOnline, NULL);
    show_group(script, "acting", group);
    STEP(DeleteClusterGroup(group));
    STEP(SetClusterGroupName(group, script->names->web));
    STEP(SetClusterGroupName(group, u"acted"));
    STEP(SetClusterResourceName(service, u"ADDRESS"));
    STEP(describe(group, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, u"It acts"));
    STEP(describe(group, CLUSCTL_GROUP_SET_PRIVATE_PROPERTIES, u"It acts"));
}

/* What fails is not to be started again where it was. */
static void fail(Script *script, HGROUP group, HRESOURCE service)
{
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, u"RestartThreshold", 0));
    STEP(FailClusterResource(service));
    if (script->names->fails_over) {
        await_group(script, group, ClusterGroupOnline, script->names->second);
    } else {
        await_resource(script, service, ClusterResourceFailed);
    }
    show_group(script, "acting", group);
    STEP(OfflineClusterResource(service));
    await_resource(script, service, ClusterResourceOffline);
    STEP(FailClusterResource(service));
    STEP(OnlineClusterResource(service));
    await_group(script, group, ClusterGroupOnline, NULL);
}

static void wait_for_slow(Script *script, HGROUP group, HRESOURCE service)
{
    STEP(OfflineClusterGroup(group));
    await_group(script, group, ClusterGroupOffline, NULL);
    STEP(set_parameter(service, script->names->parameter, u"good evening"));
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, u"OnlineDelay", 500));
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, u"RestartAction", 7));
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, u"RestartAction", 0));
    STEP(OnlineClusterGroup(group, NULL));
    await_group(script, group, ClusterGroupPending, NULL);
    STEP(OnlineClusterGroup(group, NULL));
    await_resource(script, service, ClusterResourceOnline);
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, u"OnlineDelay", 0));
    fail(script, group, service);
}

/* What a move leaves for a moment may still be cancelled when all has arrived. */
static DWORD cancel_what_is_over(HGROUP group)
{
    DWORD code = CancelClusterGroupOperation(group, 0);
    for (int i = 0; i < 100 && code != ERROR_INVALID_STATE; i++) {
        g_usleep(G_USEC_PER_SEC / 10);
        code = CancelClusterGroupOperation(group, 0);
    }
    return code;
}

static void pause_node(Script *script, HGROUP group, HNODE down, HNODE node2)
{
    if (script->names->is_live) {
        STEP(EvictClusterNode(node2));
        STEP(EvictClusterNode(down));
    }
    STEP(PauseClusterNode(down));
    STEP(PauseClusterNode(node2));
    if (script->names->is_live) {
        STEP(PauseClusterNodeEx(node2, TRUE, 0, NULL));
    }
    await_node(script, node2, ClusterNodePaused);
    STEP(MoveClusterGroup(group, node2));
    STEP(ResumeClusterNode(node2));
    await_node(script, node2, ClusterNodeUp);
    STEP(ResumeClusterNode(node2));
}

static void move_group(Script *script, HGROUP group)
{
    const Names *names = script->names;
    HNODE node1, node2, paused, down;
    MAKE(node1, OpenClusterNode(script->cluster, names->first));
    MAKE(node2, OpenClusterNode(script->cluster, names->second));
    MAKE(paused, OpenClusterNode(script->cluster, names->paused));
    MAKE(down, OpenClusterNode(script->cluster, names->down));
    if (names->fails_over) {
        STEP(MoveClusterGroup(group, node1));
        await_group(script, group, ClusterGroupOnline, names->first);
        STEP(cancel_what_is_over(group));
    }
    STEP(MoveClusterGroup(group, node2));
    await_group(script, group, ClusterGroupOnline, names->second);
    show_group(script, "acting", group);
    STEP(MoveClusterGroup(group, node2));
    STEP(MoveClusterGroup(group, paused));
    STEP(MoveClusterGroup(group, down));
    STEP(MoveClusterGroupEx(group, node1, 0x1000, NULL, 0));
    STEP(MoveClusterGroupEx(group, node1, 0, (PBYTE) "bad", 3));
    STEP(cancel_what_is_over(group));
    STEP(OnlineClusterGroup(group, node1));
    await_group(script, group, ClusterGroupOnline, names->first);
    show_group(script, "acting", group);
    STEP(cancel_what_is_over(group));
    pause_node(script, group, down, node2);
}

static void change_rest(Script *script)
{
    HCLUSTER cluster = script->cluster;
    const Names *names = script->names;
    HNETWORK network;
    HRESOURCE disk;
    HGROUP mail;
    MAKE(network, OpenClusterNetwork(cluster, names->network));
    STEP(SetClusterNetworkName(network, names->other_network));
    STEP(SetClusterNetworkName(network, u"laboratory"));
    MAKE(disk, OpenClusterResource(cluster, names->disk));
    MAKE(mail, OpenClusterGroup(cluster, names->mail));
    STEP(ChangeClusterResourceGroup(disk, mail));
    STEP(AddResourceToClusterSharedVolumes(disk));
    STEP(SetClusterName(cluster, names->first));
    STEP(SetClusterName(cluster, u"acted"));
    STEP(SetClusterName(cluster, names->cluster));
}

/* What the group depends on, without the ids. */
static void show_dependencies(Script *script, HGROUP group)
{
    WCHAR text[512];
    DWORD length = G_N_ELEMENTS(text);
    DWORD code = ClusapiGetGroupDependencyExpression(group, text, &length);
    if (code != ERROR_SUCCESS) {
        script_add_code(script->out, "    expression", code);
        return;
    }
    g_autofree char *expression = to_utf8(text);
    g_string_append(script->out, "    depends on ");
    gboolean in_id = FALSE;
    for (const char *at = expression; *at != '\0'; at++) {
        in_id = in_id && *at != ']';
        if (!in_id) {
            g_string_append_c(script->out, *at);
        }
        in_id = in_id || *at == '[';
    }
    g_string_append_c(script->out, '\n');
}

static void depend(Script *script, HGROUP group)
{
    HGROUP web, mail, third;
    MAKE(web, OpenClusterGroup(script->cluster, script->names->web));
    MAKE(mail, OpenClusterGroup(script->cluster, script->names->mail));
    MAKE(third, CreateClusterGroup(script->cluster, u"third"));
    STEP(AddClusterGroupDependency(group, group));
    STEP(SetGroupDependencyExpression(group, script->names->either));
    show_dependencies(script, group);
    STEP(AddClusterGroupDependency(group, web));
    STEP(AddClusterGroupDependency(group, mail));
    show_dependencies(script, group);
    STEP(AddClusterGroupDependency(group, third));
    show_dependencies(script, group);
    STEP(AddClusterGroupDependency(third, group));
    STEP(RemoveClusterGroupDependency(group, mail));
    show_dependencies(script, group);
    STEP(SetGroupDependencyExpression(group, NULL));
    show_dependencies(script, group);
    STEP(DeleteClusterGroup(third));
    STEP(ClusterUpgradeFunctionalLevel(script->cluster, FALSE, NULL, NULL));
    STEP(ClusterUpgradeFunctionalLevel(script->cluster, TRUE, NULL, NULL));
}

static void clean_up(Script *script, HGROUP group, HRESOURCE address, HRESOURCE service)
{
    STEP(OfflineClusterGroup(group));
    await_group(script, group, ClusterGroupOffline, NULL);
    STEP(DeleteClusterResource(address));
    STEP(DeleteClusterResource(service));
    STEP(OnlineClusterResource(service));
    STEP(DestroyClusterGroup(group));
    STEP(OnlineClusterGroup(group, NULL));
    STEP(DeleteClusterGroup(group));
    STEP(OfflineClusterResource(address));
}

/* --- Events ----------------------------------------------------------------------------------- */

/* The object types with their names and all that is told of them but where events come in no fixed
 * order, as those of reconnecting. */
static NOTIFY_FILTER_AND_TYPE filters[] = {
    {CLUSTER_OBJECT_TYPE_CLUSTER,
     CLUSTER_CHANGE_CLUSTER_GROUP_ADDED_V2 | CLUSTER_CHANGE_CLUSTER_RESOURCE_TYPE_ADDED_V2 |
         CLUSTER_CHANGE_CLUSTER_RENAME_V2 | CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2},
    {CLUSTER_OBJECT_TYPE_GROUP,
     CLUSTER_CHANGE_GROUP_ALL_V2 & ~(LONGLONG)CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_RESOURCE,
     CLUSTER_CHANGE_RESOURCE_ALL_V2 & ~(LONGLONG)CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_RESOURCE_TYPE, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2},
    {CLUSTER_OBJECT_TYPE_NODE,
     CLUSTER_CHANGE_NODE_ALL_V2 & ~(LONGLONG)CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_NETWORK,
     CLUSTER_CHANGE_NETWORK_ALL_V2 & ~(LONGLONG)CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2},
};

/* The next as a line (transfer full); NULL if there is none for so long, in milliseconds. */
static char *next_event(Script *script, DWORD patience, NOTIFY_FILTER_AND_TYPE *found, char **name)
{
    WCHAR wide[512], type[128];
    DWORD length = G_N_ELEMENTS(wide);
    DWORD type_length = G_N_ELEMENTS(type);
    DWORD_PTR key = 0;
    DWORD code = GetClusterNotifyV2(script->port, &key, found, NULL, NULL, NULL, NULL, NULL, NULL,
                                    wide, &length, type, &type_length, patience);
    if (code != ERROR_SUCCESS) {
        if (code != WAIT_TIMEOUT) {
            script_add_code(script->out, "events", code);
        }
        return NULL;
    }
    *name = to_utf8(wide);
    g_autofree char *type_text = to_utf8(type);
    g_assert_cmpuint(key, ==, 5);
    return g_strdup_printf("event of type %u: %#" G_GINT64_MODIFIER "x \"%s\" \"%s\"\n",
                           (unsigned)found->dwObjectType, (guint64)found->FilterFlags, *name,
                           type_text);
}

static void tell_events(Script *script)
{
    NOTIFY_FILTER_AND_TYPE found;
    char *name = NULL;
    char *line;
    while ((line = next_event(script, 300, &found, &name)) != NULL) {
        g_string_append(script->out, line);
        g_free(line);
        g_free(name);
    }
}

/* Of groups and resources those of the script alone: the others have a life of their own, and so have
 * networks. Not that their properties changed, as they do whenever a role that they shall have comes and
 * goes, told or not. */
static gboolean is_of_script(const NOTIFY_FILTER_AND_TYPE *found, const char *name)
{
    static const char *const made[] = {"acting", "acted", "address", "server", "third", NULL};
    switch (found->dwObjectType) {
    case CLUSTER_OBJECT_TYPE_GROUP:
        return g_strv_contains(made, name) &&
               !(found->FilterFlags & (CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2 |
                                       CLUSTER_CHANGE_GROUP_PRIVATE_PROPERTY_V2));
    case CLUSTER_OBJECT_TYPE_RESOURCE:
        return g_strv_contains(made, name) &&
               !(found->FilterFlags & (CLUSTER_CHANGE_RESOURCE_COMMON_PROPERTY_V2 |
                                       CLUSTER_CHANGE_RESOURCE_PRIVATE_PROPERTY_V2));
    case CLUSTER_OBJECT_TYPE_NETWORK:
        return FALSE;
    default:
        return TRUE;
    }
}

static gint by_text(gconstpointer a, gconstpointer b, G_GNUC_UNUSED gpointer data)
{
    return strcmp(a, b);
}

/* Of a cluster that lives: those of the last part. */
static void tell_part(Script *script)
{
    NOTIFY_FILTER_AND_TYPE found;
    char *name = NULL;
    char *line;
    if (!script->names->is_live) {
        return;
    }
    g_autoptr(GTree) lines = g_tree_new_full(by_text, NULL, g_free, NULL);
    while ((line = next_event(script, 1000, &found, &name)) != NULL) {
        if (is_of_script(&found, name)) {
            g_tree_insert(lines, line, NULL);
        } else {
            g_free(line);
        }
        g_free(name);
    }
    for (GTreeNode *at = g_tree_node_first(lines); at; at = g_tree_node_next(at)) {
        g_string_append(script->out, g_tree_node_key(at));
    }
}

static const Names demo = {
    .first = u"node1",
    .second = u"node2",
    .paused = u"node3",
    .down = u"node4",
    .address = u"IP Address",
    .service = u"Generic Service",
    .web = u"web",
    .mail = u"mail",
    .disk = u"web-disk",
    .network = u"lab",
    .other_network = u"public",
    .either = u"[web] or [mail]",
    .cluster = u"demo",
    .parameter = u"ServiceName",
};

static const Names laboratory = {
    .first = u"n1",
    .second = u"n2",
    .paused = u"n3",
    .down = u"n4",
    .address = u"ocf:lab:Puppet",
    .service = u"ocf:lab:Puppet",
    .web = u"web",
    .mail = u"shop",
    .disk = u"disk",
    .network = u"link0",
    .other_network = u"link1",
    .either = u"[web] or [shop]",
    .cluster = u"lab",
    .parameter = u"greeting",
    .fails_over = TRUE,
    .is_live = TRUE,
};

static void run_parts(Script *script)
{
    HGROUP group = NULL;
    HRESOURCE address = NULL;
    HRESOURCE service = NULL;
    create_things(script, &group, &address, &service);
    set_owners(script, group, service);
    tell_part(script);
    run_group(script, group, address, service);
    tell_part(script);
    wait_for_slow(script, group, service);
    tell_part(script);
    change_rest(script);
    move_group(script, group);
    tell_part(script);
    depend(script, group);
    tell_part(script);
    change_database(script, group);
    try_rest(script, group, service);
    clean_up(script, group, address, service);
    tell_part(script);
    CloseClusterResource(service);
    CloseClusterResource(address);
    CloseClusterGroup(group);
}

char *acting_transcript_of(HCLUSTER cluster, gboolean is_laboratory)
{
    Script script = {g_string_new(NULL), cluster, NULL, is_laboratory ? &laboratory : &demo};
    script_add_made(script.out, "CreateClusterNotifyPortV2",
                    (script.port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, filters,
                                                             G_N_ELEMENTS(filters), 5)));
    run_parts(&script);
    if (!script.names->is_live) {
        tell_events(&script);
    }
    CloseClusterNotifyPort(script.port);
    return g_string_free(script.out, FALSE);
}
