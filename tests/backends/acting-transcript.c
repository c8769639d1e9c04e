/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See acting-transcript.h. One thread; the transcript grows in a string that
 * acting_transcript_of() owns. Steps are written as the calls that they are, and print so.
 */
#include "acting-transcript.h"

#include <string.h>

#include "families.h"

#define PATIENCE_US (5 * G_USEC_PER_SEC)

typedef struct {
    GString *out;
    HCLUSTER cluster;
    HCHANGE port;
} Script;

/* A call that returns a code, and one that gives a handle. */
#define STEP(call)         add_code(script->out, #call, (call))
#define MAKE(handle, call) add_made(script->out, #call, (handle = (call)))

static void add_code(GString *out, const char *call, DWORD code)
{
    const char *name = ClusapiErrorName(code);
    g_string_append_printf(out, "%s: %s\n", call, name != NULL ? name : "unnamed");
}

static void add_made(GString *out, const char *call, gconstpointer handle)
{
    add_code(out, call, handle != NULL ? ERROR_SUCCESS : GetLastError());
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

static void await_resource(Script *script, HRESOURCE resource, CLUSTER_RESOURCE_STATE state)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    while (GetClusterResourceState(resource, NULL, NULL, NULL, NULL) != state) {
        if (g_get_monotonic_time() > until) {
            g_string_append_printf(script->out, "    state %d does not come\n", (int)state);
            return;
        }
        g_usleep(5000);
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

static DWORD describe(HGROUP group, DWORD code, LPCWSTR text)
{
    BYTE list[256];
    DWORD size = 0;
    DWORD bytes = (DWORD)((gsize)(lstrlenW(text) + 1) * sizeof(WCHAR));
    DWORD status = ClusapiPropertyListAdd(list, sizeof list, &size, u"Description",
                                          CLUSPROP_SYNTAX_LIST_VALUE_SZ, text, bytes);
    return status != ERROR_SUCCESS
               ? status
               : ClusterGroupControl(group, NULL, code, list, size, NULL, 0, NULL);
}

/* --- The script ------------------------------------------------------------------------------- */

static void create_things(Script *script, HGROUP *group, HRESOURCE *address, HRESOURCE *service)
{
    HCLUSTER cluster = script->cluster;
    HGROUP none;
    HRESOURCE nothing;
    MAKE(*group, CreateClusterGroup(cluster, u"acting"));
    MAKE(none, CreateClusterGroup(cluster, u"ACTING"));
    MAKE(none, CreateClusterGroup(cluster, u""));
    MAKE(*address, CreateClusterResource(*group, u"address", u"IP Address", 0));
    MAKE(*service, CreateClusterResource(*group, u"service", u"Generic Service", 0));
    MAKE(nothing, CreateClusterResource(*group, u"service", u"Generic Service", 0));
    MAKE(nothing, CreateClusterResource(*group, u"other", u"no such type", 0));
    STEP(CreateClusterResourceType(cluster, u"Acting Type", u"Acts", u"acts.so", 5000, 60000));
    STEP(CreateClusterResourceType(cluster, u"acting type", u"Acts", u"acts.so", 5000, 60000));
    STEP(DeleteClusterResourceType(cluster, u"Acting Type"));
    STEP(DeleteClusterResourceType(cluster, u"Generic Service"));
    show_group(script, "acting", *group);
    (void)none, (void)nothing;
}

static void run_group(Script *script, HGROUP group, HRESOURCE address, HRESOURCE service)
{
    STEP(AddClusterResourceDependency(service, address));
    STEP(AddClusterResourceDependency(address, service));
    STEP(OnlineClusterResource(service));
    show_resource(script, "address", address);
    STEP(DeleteClusterResource(service));
    STEP(OfflineClusterResource(address));
    show_resource(script, "service", service);
    STEP(OnlineClusterGroup(group, NULL));
    show_group(script, "acting", group);
    STEP(DeleteClusterGroup(group));
    STEP(SetClusterGroupName(group, u"web"));
    STEP(SetClusterGroupName(group, u"acted"));
    STEP(SetClusterResourceName(service, u"ADDRESS"));
    STEP(describe(group, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, u"It acts"));
    STEP(describe(group, CLUSCTL_GROUP_SET_PRIVATE_PROPERTIES, u"It acts"));
}

static void wait_for_slow(Script *script, HGROUP group, HRESOURCE service)
{
    STEP(OfflineClusterGroup(group));
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, u"OnlineDelay", 500));
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, u"RestartAction", 7));
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, u"RestartAction", 0));
    STEP(OnlineClusterGroup(group, NULL));
    STEP(OnlineClusterGroup(group, NULL));
    await_resource(script, service, ClusterResourceOnline);
    STEP(set_number(service, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, u"OnlineDelay", 0));
    STEP(FailClusterResource(service));
    await_resource(script, service, ClusterResourceFailed);
    show_group(script, "acting", group);
    STEP(OfflineClusterResource(service));
    STEP(FailClusterResource(service));
    STEP(OnlineClusterResource(service));
}

static void move_group(Script *script, HGROUP group)
{
    HNODE node1, node2, node3, node4;
    MAKE(node1, OpenClusterNode(script->cluster, u"node1"));
    MAKE(node2, OpenClusterNode(script->cluster, u"node2"));
    MAKE(node3, OpenClusterNode(script->cluster, u"node3"));
    MAKE(node4, OpenClusterNode(script->cluster, u"node4"));
    STEP(MoveClusterGroup(group, node2));
    show_group(script, "acting", group);
    STEP(MoveClusterGroup(group, node2));
    STEP(MoveClusterGroup(group, node3));
    STEP(MoveClusterGroup(group, node4));
    STEP(MoveClusterGroupEx(group, node1, 0x1000, NULL, 0));
    STEP(MoveClusterGroupEx(group, node1, 0, (PBYTE) "bad", 3));
    STEP(OnlineClusterGroup(group, node1));
    show_group(script, "acting", group);
    STEP(CancelClusterGroupOperation(group, 0));
    STEP(PauseClusterNode(node4));
    STEP(PauseClusterNode(node2));
    STEP(MoveClusterGroup(group, node2));
    STEP(ResumeClusterNode(node2));
    STEP(ResumeClusterNode(node2));
}

static void change_rest(Script *script)
{
    HCLUSTER cluster = script->cluster;
    HNETWORK network;
    HRESOURCE disk;
    HGROUP mail;
    MAKE(network, OpenClusterNetwork(cluster, u"lab"));
    STEP(SetClusterNetworkName(network, u"public"));
    STEP(SetClusterNetworkName(network, u"laboratory"));
    MAKE(disk, OpenClusterResource(cluster, u"web-disk"));
    MAKE(mail, OpenClusterGroup(cluster, u"mail"));
    STEP(ChangeClusterResourceGroup(disk, mail));
    STEP(AddResourceToClusterSharedVolumes(disk));
    STEP(SetClusterName(cluster, u"node1"));
    STEP(SetClusterName(cluster, u"acted"));
}

/* What the group depends on, without the ids. */
static void show_dependencies(Script *script, HGROUP group)
{
    WCHAR text[512];
    DWORD length = G_N_ELEMENTS(text);
    DWORD code = ClusapiGetGroupDependencyExpression(group, text, &length);
    if (code != ERROR_SUCCESS) {
        add_code(script->out, "    expression", code);
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
    MAKE(web, OpenClusterGroup(script->cluster, u"web"));
    MAKE(mail, OpenClusterGroup(script->cluster, u"mail"));
    MAKE(third, CreateClusterGroup(script->cluster, u"third"));
    STEP(AddClusterGroupDependency(group, group));
    STEP(SetGroupDependencyExpression(group, u"[web] or [mail]"));
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

static gboolean add_event(Script *script)
{
    WCHAR name[512], type[128];
    DWORD name_length = G_N_ELEMENTS(name);
    DWORD type_length = G_N_ELEMENTS(type);
    NOTIFY_FILTER_AND_TYPE found;
    DWORD_PTR key = 0;
    DWORD code = GetClusterNotifyV2(script->port, &key, &found, NULL, NULL, NULL, NULL, NULL, NULL,
                                    name, &name_length, type, &type_length, 300);
    if (code != ERROR_SUCCESS) {
        if (code != WAIT_TIMEOUT) {
            add_code(script->out, "events", code);
        }
        return FALSE;
    }
    g_autofree char *text = to_utf8(name);
    g_autofree char *type_text = to_utf8(type);
    g_string_append_printf(
        script->out, "event of type %u: %#" G_GINT64_MODIFIER "x \"%s\" \"%s\"\n",
        (unsigned)found.dwObjectType, (guint64)found.FilterFlags, text, type_text);
    g_assert_cmpuint(key, ==, 5);
    return TRUE;
}

char *acting_transcript_of(HCLUSTER cluster)
{
    Script all = {g_string_new(NULL), cluster, NULL};
    Script *script = &all;
    HGROUP group = NULL;
    HRESOURCE address = NULL;
    HRESOURCE service = NULL;
    MAKE(script->port, CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, filters,
                                                 G_N_ELEMENTS(filters), 5));
    create_things(script, &group, &address, &service);
    run_group(script, group, address, service);
    wait_for_slow(script, group, service);
    move_group(script, group);
    change_rest(script);
    depend(script, group);
    clean_up(script, group, address, service);
    while (add_event(script)) {
    }
    CloseClusterNotifyPort(script->port);
    return g_string_free(all.out, FALSE);
}
