/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The part of the acting transcript that is about what can be set rather than run, and about what
 * some clusters refuse. One thread; nothing is kept but what is named in the script.
 */
#include <string.h>

#include "acting-script.h"

/* --- Owners ----------------------------------------------------------------------------------- */

static void show_names(Script *script, const char *label, const Enumerator *enumerator,
                       gpointer parent, DWORD bits)
{
    g_autoptr(GPtrArray) names = enumerator_names(enumerator, parent, NULL, bits);
    g_string_append_printf(script->out, "    %s", label);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_string_append_printf(script->out, " %s", (char *)names->pdata[i]);
    }
    g_string_append_c(script->out, '\n');
}

void set_owners(Script *script, HGROUP group, HRESOURCE service)
{
    const Names *names = script->names;
    const Enumerator *of_group = family_enumerator(&families[1]);
    const Enumerator *of_resource = family_enumerator(&families[2]);
    HNODE first = OpenClusterNode(script->cluster, names->first);
    HNODE second = OpenClusterNode(script->cluster, names->second);
    HNODE paused = OpenClusterNode(script->cluster, names->paused);
    HNODE twice[] = {first, first};
    HNODE both[] = {second, first};
    HNODE turned[] = {first, second};
    STEP(SetClusterGroupNodeList(group, 2, twice));
    STEP(SetClusterGroupNodeList(group, 2, both));
    show_names(script, "preferred", of_group, group, CLUSTER_GROUP_ENUM_NODES);
    STEP(SetClusterGroupNodeList(group, 2, turned));
    show_names(script, "preferred", of_group, group, CLUSTER_GROUP_ENUM_NODES);
    STEP(AddClusterResourceNode(service, first));
    STEP(RemoveClusterResourceNode(service, paused));
    STEP(RemoveClusterResourceNode(service, paused));
    show_names(script, "possible", of_resource, service, CLUSTER_RESOURCE_ENUM_NODES);
    STEP(AddClusterResourceNode(service, paused));
    CloseClusterNode(first);
    CloseClusterNode(second);
    CloseClusterNode(paused);
}

/* --- The cluster database --------------------------------------------------------------------- */

static LONG set_text(HKEY key, LPCWSTR name, LPCWSTR text)
{
    DWORD size = (DWORD)((gsize)(lstrlenW(text) + 1) * sizeof(WCHAR));
    return (LONG)ClusterRegSetValue(key, name, REG_SZ, (CONST BYTE *)text, size);
}

static void show_value(Script *script, HKEY key, LPCWSTR name)
{
    WCHAR text[64] = {0};
    DWORD type = 0;
    DWORD size = sizeof text;
    LONG code = ClusterRegQueryValue(key, name, &type, (LPBYTE)text, &size);
    g_autofree char *utf8 = to_utf8(text);
    script_add_code(script->out, "    a value", (DWORD)code);
    if (code == ERROR_SUCCESS) {
        g_string_append_printf(script->out, "    %u \"%s\"\n", (unsigned)type, utf8);
    }
}

static void show_keys(Script *script, HKEY key)
{
    g_string_append(script->out, "    keys");
    for (DWORD i = 0;; i++) {
        WCHAR name[64];
        DWORD length = G_N_ELEMENTS(name);
        if (ClusterRegEnumKey(key, i, name, &length, NULL) != ERROR_SUCCESS) {
            break;
        }
        g_autofree char *utf8 = to_utf8(name);
        g_string_append_printf(script->out, " %s", utf8);
    }
    g_string_append_c(script->out, '\n');
}

/* All of it or nothing. */
static void run_batch(Script *script, HKEY key)
{
    static const WCHAR text[] = u"in a batch";
    HREGBATCH batch = NULL;
    INT failed = -1;
    STEP(ClusterRegCreateBatch(key, &batch));
    STEP(ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"Batch", 0, NULL, 0));
    STEP(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"Text", REG_SZ, text, sizeof text));
    STEP(ClusterRegCloseBatch(batch, TRUE, &failed));
    show_keys(script, key);
    STEP(ClusterRegCreateBatch(key, &batch));
    STEP(ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"Batch", 0, NULL, 0));
    STEP(ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_VALUE, u"Text", 0, NULL, 0));
    STEP(ClusterRegCloseBatch(batch, FALSE, &failed));
    show_keys(script, key);
}

void change_database(Script *script, HGROUP group)
{
    HKEY root, key, again, of_group;
    DWORD disposition = 0;
    MAKE(root, GetClusterKey(script->cluster, KEY_ALL_ACCESS));
    STEP(ClusterRegCreateKey(root, u"Acting\\Key", 0, KEY_ALL_ACCESS, NULL, &key, &disposition));
    g_string_append_printf(script->out, "    disposition %u\n", (unsigned)disposition);
    STEP(ClusterRegCreateKey(root, u"acting\\KEY", 0, KEY_READ, NULL, &again, &disposition));
    g_string_append_printf(script->out, "    disposition %u\n", (unsigned)disposition);
    STEP(set_text(key, u"Name", u"Straße \"1\" & <2>"));
    STEP(set_text(again, u"Name", u"none"));
    show_value(script, again, u"NAME");
    show_value(script, again, u"no such value");
    run_batch(script, key);
    STEP(ClusterRegDeleteValue(key, u"name"));
    STEP(ClusterRegDeleteValue(key, u"name"));
    STEP(ClusterRegOpenKey(root, u"Acting\\None", KEY_READ, &again));
    STEP(ClusterRegDeleteKey(root, u"Acting"));
    STEP(ClusterRegDeleteKey(key, u"Batch"));
    STEP(ClusterRegDeleteKey(root, u"Acting\\Key"));
    STEP(set_text(key, u"Name", u"too late"));
    STEP(ClusterRegDeleteKey(root, u"Acting"));
    MAKE(of_group, GetClusterGroupKey(group, KEY_ALL_ACCESS));
    STEP(set_text(of_group, u"Note", u"of the script"));
    show_value(script, of_group, u"Note");
    show_value(script, of_group, u"Name");
    STEP(ClusterRegSyncDatabase(script->cluster, 0));
    ClusterRegCloseKey(of_group);
    ClusterRegCloseKey(key);
    ClusterRegCloseKey(root);
}

/* --- What some clusters refuse ---------------------------------------------------------------- */

void try_rest(Script *script, HGROUP group, HRESOURCE service)
{
    HCLUSTER cluster = script->cluster;
    CLUSTER_CREATE_GROUP_INFO typed = {CLUSTER_CREATE_GROUP_INFO_VERSION_1,
                                       ClusGroupTypeGenericService};
    HNETWORK network;
    HGROUP file_server;
    HGROUPSET set;
    MAKE(file_server, CreateClusterGroupEx(cluster, u"typed", &typed));
    if (file_server != NULL) {
        STEP(DeleteClusterGroup(file_server));
    }
    MAKE(set, CreateClusterGroupSet(cluster, u"set"));
    if (set != NULL) {
        STEP(ClusterAddGroupToGroupSet(set, group));
        STEP(ClusterRemoveGroupFromGroupSet(group));
        STEP(DeleteClusterGroupSet(set));
        CloseClusterGroupSet(set);
    }
    /* tshark, which reads along elsewhere, does not decode this one. */
    if (script->names->is_live) {
        MAKE(network, OpenClusterNetwork(cluster, script->names->network));
        STEP(SetClusterNetworkPriorityOrder(cluster, 1, &network));
        CloseClusterNetwork(network);
    }
    STEP(SetClusterQuorumResource(service, NULL, 0));
    CloseClusterGroup(file_server);
}
