/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "actor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char actor_definition[] = "[cluster]\nname=faults\n"
                                "[node n1]\n[node n2]\n[node n3]\n"
                                "[resource-type Quick]\n"
                                "[resource-type Slow]\nprivate.OnlineDelay=dword:30\n"
                                "private.OfflineDelay=dword:20\n"
                                "[resource-type Flaky]\nprivate.OnlineDelay=dword:5\n"
                                "private.OnlineOutcomes=multi-sz:ok;fail;fail;ok\n";

#define N_GROUPS 6

typedef struct {
    HCLUSTER cluster;
    HKEY root;
    guint number;
    GRand *random;
    int journal;
    guint64 value;
    gboolean exists[N_GROUPS];
} Actor;

static WCHAR *to_wide(const char *text)
{
    return (WCHAR *)g_utf8_to_utf16(text, -1, NULL, NULL, NULL);
}

static void say(const Actor *actor, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(const Actor *actor, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *whole = g_strconcat(line, "\n", NULL);
    if (write(actor->journal, whole, strlen(whole)) != (ssize_t)strlen(whole)) {
        _exit(98);
    }
}

static char *group_name(guint actor, guint group)
{
    return g_strdup_printf("actor-%u-group-%u", actor, group);
}

static char *value_name(guint actor)
{
    return g_strdup_printf("actor-%u", actor);
}

static void act_value(Actor *actor)
{
    g_autofree char *name = value_name(actor->number);
    g_autofree WCHAR *wide = to_wide(name);
    guint64 value = actor->value + 1;
    say(actor, "begin value %" G_GUINT64_FORMAT, value);
    DWORD code = ClusterRegSetValue(actor->root, wide, REG_QWORD, (const BYTE *)&value, 8);
    if (code == ERROR_SUCCESS) {
        actor->value = value;
        say(actor, "done value %" G_GUINT64_FORMAT, value);
    } else {
        say(actor, "refused value %u", code);
    }
}

static void act_batch(Actor *actor)
{
    g_autofree char *name = value_name(actor->number);
    g_autofree WCHAR *wide = to_wide(name);
    guint64 value = actor->value + 1;
    HREGBATCH batch;
    DWORD code = (DWORD)ClusterRegCreateBatch(actor->root, &batch);
    if (code != ERROR_SUCCESS) {
        say(actor, "refused batch %u", code);
        return;
    }
    ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"batch", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, wide, REG_QWORD, &value, 8);
    ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, wide, REG_QWORD, &value, 8);
    say(actor, "begin value %" G_GUINT64_FORMAT, value);
    code = (DWORD)ClusterRegCloseBatch(batch, TRUE, NULL);
    if (code == ERROR_SUCCESS) {
        actor->value = value;
        say(actor, "done value %" G_GUINT64_FORMAT, value);
    } else {
        say(actor, "refused value %u", code);
    }
}

static void act_create(Actor *actor, guint group)
{
    g_autofree char *name = group_name(actor->number, group);
    g_autofree WCHAR *wide = to_wide(name);
    static const WCHAR *const types[] = {u"Quick", u"Slow", u"Flaky"};
    say(actor, "begin create %u", group);
    HGROUP handle = CreateClusterGroup(actor->cluster, wide);
    if (handle == NULL) {
        say(actor, "refused create %u", GetLastError());
        return;
    }
    actor->exists[group] = TRUE;
    say(actor, "done create %u", group);
    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree char *resource = g_strdup_printf("%s-resource-%u", name, i);
        g_autofree WCHAR *wide_resource = to_wide(resource);
        HRESOURCE made = CreateClusterResource(handle, wide_resource, types[i], 0);
        if (made != NULL) {
            CloseClusterResource(made);
        }
    }
    CloseClusterGroup(handle);
}

static void act_destroy(Actor *actor, guint group)
{
    g_autofree char *name = group_name(actor->number, group);
    g_autofree WCHAR *wide = to_wide(name);
    HGROUP handle = OpenClusterGroup(actor->cluster, wide);
    if (handle == NULL) {
        say(actor, "refused open %u", GetLastError());
        return;
    }
    say(actor, "begin destroy %u", group);
    DWORD code = DestroyClusterGroup(handle);
    if (code == ERROR_SUCCESS) {
        actor->exists[group] = FALSE;
        say(actor, "done destroy %u", group);
    } else {
        say(actor, "refused destroy %u", code);
    }
    CloseClusterGroup(handle);
}

static void act_state(Actor *actor, guint group)
{
    g_autofree char *name = group_name(actor->number, group);
    g_autofree WCHAR *wide = to_wide(name);
    static const WCHAR *const nodes[] = {u"n1", u"n2", u"n3"};
    HGROUP handle = OpenClusterGroup(actor->cluster, wide);
    HNODE node = OpenClusterNode(actor->cluster, nodes[g_rand_int_range(actor->random, 0, 3)]);
    DWORD code;
    switch (g_rand_int_range(actor->random, 0, 3)) {
    case 0:
        code = OnlineClusterGroup(handle, NULL);
        break;
    case 1:
        code = OfflineClusterGroup(handle);
        break;
    default:
        code = MoveClusterGroup(handle, node);
    }
    say(actor, "state %u %u", group, code);
    if (node != NULL) {
        CloseClusterNode(node);
    }
    if (handle != NULL) {
        CloseClusterGroup(handle);
    }
}

static void act(Actor *actor)
{
    guint group = (guint)g_rand_int_range(actor->random, 0, N_GROUPS);
    int what = g_rand_int_range(actor->random, 0, 10);
    if (what < 2) {
        act_value(actor);
    } else if (what < 4) {
        act_batch(actor);
    } else if (!actor->exists[group]) {
        act_create(actor, group);
    } else if (what < 5) {
        act_destroy(actor, group);
    } else {
        act_state(actor, group);
    }
}

static guint64 read_value(HKEY root, guint number)
{
    g_autofree char *name = value_name(number);
    g_autofree WCHAR *wide = to_wide(name);
    guint64 value = 0;
    DWORD size = sizeof value;
    DWORD type = 0;
    LONG code = ClusterRegQueryValue(root, wide, &type, (LPBYTE)&value, &size);
    return code == ERROR_SUCCESS && type == REG_QWORD ? value : 0;
}

static gboolean has_group(HCLUSTER cluster, guint number, guint group)
{
    g_autofree char *name = group_name(number, group);
    g_autofree WCHAR *wide = to_wide(name);
    HGROUP handle = OpenClusterGroup(cluster, wide);
    if (handle != NULL) {
        CloseClusterGroup(handle);
    }
    return handle != NULL;
}

void actor_run(HCLUSTER cluster, guint number, guint32 seed, guint steps, int journal)
{
    Actor actor = {.cluster = cluster, .number = number, .journal = journal};
    actor.random = g_rand_new_with_seed(seed);
    actor.root = GetClusterKey(cluster, KEY_ALL_ACCESS);
    if (actor.root == NULL) {
        say(&actor, "refused key %u", GetLastError());
        g_rand_free(actor.random);
        return;
    }
    actor.value = read_value(actor.root, number);
    for (guint i = 0; i < N_GROUPS; i++) {
        actor.exists[i] = has_group(cluster, number, i);
    }
    say(&actor, "actor %u", number);
    say(&actor, "done value %" G_GUINT64_FORMAT, actor.value);
    for (guint i = 0; i < N_GROUPS; i++) {
        say(&actor, "done %s %u", actor.exists[i] ? "create" : "destroy", i);
    }
    for (guint i = 0; steps == 0 || i < steps; i++) {
        act(&actor);
    }
    ClusterRegCloseKey(actor.root);
    g_rand_free(actor.random);
}

/* --- Checking --------------------------------------------------------------------------------- */

/* What a journal says must be there, and what may be. */
typedef struct {
    gboolean has_number;
    guint number;
    guint64 value, begun_value;
    gboolean exists[N_GROUPS], may_differ[N_GROUPS];
} Expected;

static void take_line(Expected *expected, const char *line)
{
    unsigned long long value;
    unsigned group;
    char what[16];
    if (sscanf(line, "actor %u", &group) == 1) {
        expected->number = group;
        expected->has_number = TRUE;
    } else if (sscanf(line, "begin value %llu", &value) == 1) {
        expected->begun_value = value;
    } else if (sscanf(line, "done value %llu", &value) == 1) {
        expected->value = expected->begun_value = value;
    } else if (sscanf(line, "begin %15s %u", what, &group) == 2 && group < N_GROUPS) {
        expected->may_differ[group] = TRUE;
    } else if (sscanf(line, "done %15s %u", what, &group) == 2 && group < N_GROUPS) {
        expected->exists[group] = strcmp(what, "create") == 0;
        expected->may_differ[group] = FALSE;
    }
}

static char *check_groups(HCLUSTER cluster, const Expected *expected)
{
    for (guint i = 0; i < N_GROUPS; i++) {
        if (!expected->may_differ[i] &&
            has_group(cluster, expected->number, i) != expected->exists[i]) {
            return g_strdup_printf("group %u of actor %u %s", i, expected->number,
                                   expected->exists[i] ? "was acknowledged and is not there"
                                                       : "was deleted and is there");
        }
    }
    return NULL;
}

char *actor_check(HCLUSTER cluster, const char *journal)
{
    g_auto(GStrv) lines = g_strsplit(journal, "\n", -1);
    Expected expected = {0};
    for (char **line = lines; *line != NULL; line++) {
        /* The last one may be cut off. */
        if (line[1] != NULL) {
            take_line(&expected, *line);
        }
    }
    if (!expected.has_number) {
        return NULL;
    }
    HKEY root = GetClusterKey(cluster, KEY_READ);
    if (root == NULL) {
        return g_strdup_printf("the cluster database cannot be opened: %u", GetLastError());
    }
    guint64 value = read_value(root, expected.number);
    ClusterRegCloseKey(root);
    if (value != expected.value && value != expected.begun_value) {
        return g_strdup_printf("actor %u's value is %" G_GUINT64_FORMAT
                               ", acknowledged was %" G_GUINT64_FORMAT,
                               expected.number, value, expected.value);
    }
    return check_groups(cluster, &expected);
}

/* --- Looking ---------------------------------------------------------------------------------- */

/* Calls for each group or resource. */
typedef void (*Visit)(HCLUSTER cluster, const WCHAR *name, DWORD type, gpointer data);

static void each_object(HCLUSTER cluster, DWORD types, Visit visit, gpointer data)
{
    HCLUSENUM objects = ClusterOpenEnum(cluster, types);
    if (objects == NULL) {
        return;
    }
    for (DWORD i = 0; i < ClusterGetEnumCount(objects); i++) {
        WCHAR name[200];
        DWORD type, size = G_N_ELEMENTS(name);
        if (ClusterEnum(objects, i, &type, name, &size) == ERROR_SUCCESS) {
            visit(cluster, name, type, data);
        }
    }
    ClusterCloseEnum(objects);
}

static void note_pending(HCLUSTER cluster, const WCHAR *name, DWORD type, gpointer data)
{
    HGROUP group = OpenClusterGroup(cluster, name);
    (void)type;
    if (group != NULL) {
        if (GetClusterGroupState(group, NULL, NULL) == ClusterGroupPending) {
            *(gboolean *)data = TRUE;
        }
        CloseClusterGroup(group);
    }
}

gboolean actor_wait_settled(HCLUSTER cluster, guint seconds)
{
    gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    gboolean pending;
    do {
        pending = FALSE;
        each_object(cluster, CLUSTER_ENUM_GROUP, note_pending, &pending);
        if (pending) {
            g_usleep(20000);
        }
    } while (pending && g_get_monotonic_time() < until);
    return !pending;
}

static void describe(HCLUSTER cluster, const WCHAR *name, DWORD type, gpointer data)
{
    GPtrArray *lines = data;
    WCHAR node[100] = u"", group[200] = u"";
    DWORD node_size = G_N_ELEMENTS(node), group_size = G_N_ELEMENTS(group);
    int state = -1;
    if (type == CLUSTER_ENUM_GROUP) {
        HGROUP handle = OpenClusterGroup(cluster, name);
        if (handle != NULL) {
            state = GetClusterGroupState(handle, node, &node_size);
            CloseClusterGroup(handle);
        }
    } else {
        HRESOURCE handle = OpenClusterResource(cluster, name);
        if (handle != NULL) {
            state = GetClusterResourceState(handle, node, &node_size, group, &group_size);
            CloseClusterResource(handle);
        }
    }
    g_autofree char *name8 = g_utf16_to_utf8((const gunichar2 *)name, -1, NULL, NULL, NULL);
    g_autofree char *node8 = g_utf16_to_utf8((const gunichar2 *)node, -1, NULL, NULL, NULL);
    g_autofree char *group8 = g_utf16_to_utf8((const gunichar2 *)group, -1, NULL, NULL, NULL);
    g_ptr_array_add(lines, g_strdup_printf("%u %s %d %s %s", type, name8, state, node8, group8));
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *actor_describe(HCLUSTER cluster)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    HKEY root = GetClusterKey(cluster, KEY_READ);
    each_object(cluster, CLUSTER_ENUM_GROUP | CLUSTER_ENUM_RESOURCE, describe, lines);
    for (guint i = 0; root != NULL && i < 16; i++) {
        g_ptr_array_add(lines,
                        g_strdup_printf("value %u %" G_GUINT64_FORMAT, i, read_value(root, i)));
    }
    if (root != NULL) {
        ClusterRegCloseKey(root);
    }
    g_ptr_array_sort(lines, compare_lines);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}
