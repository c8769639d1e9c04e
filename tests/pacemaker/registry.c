/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database in recorded CIBs: every change is one that Pacemaker's schema takes, is there
 * whole or not at all, and comes back as it was given.
 */
#include "pacemaker/registry.h"

#include <libxml/parser.h>
#include <string.h>

#include "pacemaker/agents.h"
#include "pacemaker/attributes.h"
#include "pacemaker/edit.h"
#include "pacemaker/status.h"
#include "recorded.h"
#include "security-descriptor.h"

#define IS(call, code) g_assert_cmpuint(call, ==, code)

static const Parts lab = {
    .resources = "<group id=\"web\"><primitive id=\"ip\" class=\"ocf\" provider=\"heartbeat\""
                 " type=\"IPaddr2\"><instance_attributes id=\"ipa\">"
                 "<nvpair id=\"ipa1\" name=\"ip\" value=\"10.0.0.1\"/></instance_attributes>"
                 "</primitive></group>"};

/* --- Working ------------------------------------------------------------------------------------ */

typedef struct {
    ClPcmkRegistry *registry;
    ClPcmkView view;
} Look;

static Look look_at(const Recorded *recorded)
{
    Look look = {.registry = cl_pcmk_registry_of(recorded->model)};
    look.view = (ClPcmkView){.model = recorded->model, .registry = look.registry};
    return look;
}

static void look_clear(Look *look)
{
    cl_pcmk_registry_unref(look->registry);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static DWORD run_on(Recorded *recorded, const ClObject *key, const ClRegistryCommand *commands,
                    gsize n, gint *ret_failed)
{
    const ClRegistryWork work = {.request = CL_REGISTRY_EXECUTE,
                                 .flags = n > 1 ? CL_REGISTRY_BATCH : 0,
                                 .commands = commands,
                                 .n_commands = n};
    g_autoptr(GHashTable) agents = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)(gpointer)cl_pcmk_agent_unref);
    g_hash_table_insert(agents, (gpointer) "ocf:heartbeat:IPaddr2", cl_pcmk_agent_new(FALSE));
    ClPcmkRegistryChange change = {.key = key, .work = &work, .agents = agents};
    DWORD code = recorded_edit(recorded, cl_pcmk_registry_edit, &change);
    if (ret_failed) {
        *ret_failed = change.failed;
    }
    return code;
}

static DWORD run(Recorded *recorded, const ClRegistryCommand *command)
{
    return run_on(recorded, NULL, command, 1, NULL);
}

static DWORD create(Recorded *recorded, const char *path)
{
    return run(recorded,
               &(ClRegistryCommand){.command = CLUSREG_CREATE_KEY, .key = path, .value = ""});
}

static DWORD delete_key(Recorded *recorded, const char *path)
{
    return run(recorded,
               &(ClRegistryCommand){.command = CLUSREG_DELETE_KEY, .key = path, .value = ""});
}

static DWORD set(Recorded *recorded, const char *path, const char *name, guint32 type,
                 gconstpointer data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    return run(
        recorded,
        &(ClRegistryCommand){
            .command = CLUSREG_SET_VALUE, .key = path, .value = name, .type = type, .data = bytes});
}

static DWORD set_dword(Recorded *recorded, const char *path, const char *name, guint32 number)
{
    return set(recorded, path, name, REG_DWORD, &number, sizeof number);
}

static DWORD unset(Recorded *recorded, const char *path, const char *name)
{
    return run(recorded,
               &(ClRegistryCommand){.command = CLUSREG_DELETE_VALUE, .key = path, .value = name});
}

/* What is there: TYPE:HEX, or "-". */
static char *read_back(const Recorded *recorded, const char *path, const char *name)
{
    g_auto(Look) look = look_at(recorded);
    g_autoptr(GBytes) data = NULL;
    ClPcmkKeyPlace place;
    guint32 type = 0;
    if (cl_pcmk_registry_find(&look.view, path, &place, NULL, NULL)) {
        cl_pcmk_registry_read(&look.view, &place, name, &type, &data);
    }
    if (!data) {
        return g_strdup("-");
    }
    gsize size;
    const guint8 *bytes = g_bytes_get_data(data, &size);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%u:", type);
    for (gsize i = 0; i < size; i++) {
        g_string_append_printf(text, "%02x", bytes[i]);
    }
    return g_string_free(text, FALSE);
}

static void check(const Recorded *recorded, const char *path, const char *name,
                  const char *expected)
{
    g_autofree char *text = read_back(recorded, path, name);
    g_assert_cmpstr(text, ==, expected);
}

static char *listed(const Recorded *recorded, const char *path, gboolean keys)
{
    g_auto(Look) look = look_at(recorded);
    ClPcmkKeyPlace place;
    GString *text = g_string_new(NULL);
    if (!cl_pcmk_registry_find(&look.view, path, &place, NULL, NULL)) {
        return g_string_free(g_string_append(text, "none"), FALSE);
    }
    g_autoptr(GPtrArray) replies = keys ? cl_pcmk_registry_keys(&look.view, &place)
                                        : cl_pcmk_registry_values(&look.view, &place);
    for (guint i = 0; i < replies->len; i++) {
        const ClRegistryCommand *reply = replies->pdata[i];
        g_string_append_printf(text, "%s%s", i > 0 ? ";" : "", keys ? reply->key : reply->value);
    }
    return g_string_free(text, FALSE);
}

static void check_list(const Recorded *recorded, const char *path, gboolean keys,
                       const char *expected)
{
    g_autofree char *text = listed(recorded, path, keys);
    g_assert_cmpstr(text, ==, expected);
}

#define KEYS   TRUE
#define VALUES FALSE

/* --- Keys and values ---------------------------------------------------------------------------- */

static void test_keys(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(create(&recorded, "Software\\Example App\\Deep"), 0);
    IS(create(&recorded, "SOFTWARE\\example app"), 0);
    IS(create(&recorded, "Software\\Another"), 0);
    check_list(&recorded, "software", KEYS, "Another;Example App");
    check_list(&recorded, "software\\EXAMPLE APP", KEYS, "Deep");
    check_list(&recorded, "nothing", KEYS, "none");
    IS(delete_key(&recorded, "software\\example app"), 0);
    IS(delete_key(&recorded, "software\\example app"), 0);
    check_list(&recorded, "Software", KEYS, "Another");
    IS(create(&recorded, "a\\\\b"), ERROR_INVALID_PARAMETER);
    g_autofree char *longest = g_strnfill(255, 'k');
    g_autofree char *too_long = g_strnfill(256, 'k');
    IS(create(&recorded, longest), 0);
    IS(create(&recorded, too_long), ERROR_INVALID_PARAMETER);
}

/* Names and data of every sort: what is not plain ASCII Pacemaker would alter. */
static void test_values(void)
{
    static const char *const names[] = {"",
                                        "plain",
                                        "a b:c/d%e\\f\"<>&'",
                                        "\xc3\xa4\xe2\x82\xac",
                                        "\xf0\x9f\x98\x80",
                                        "line\nfeed\ttab\x01",
                                        "\xed\xa0\x80"};
    g_auto(Recorded) recorded = recorded_new(&lab);
    guint8 all[256];
    for (gsize i = 0; i < sizeof all; i++) {
        all[i] = (guint8)i;
    }
    IS(create(&recorded, "Key with \xc3\xa4/%"), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        IS(set(&recorded, "Key with \xc3\xa4/%", names[i], REG_BINARY, all, i), 0);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = read_back(&recorded, "KEY WITH \xc3\x84/%", names[i]);
        g_assert_cmpuint(strlen(text), ==, 2 + 2 * i);
    }
    IS(set(&recorded, "", "of the root", REG_BINARY, all, sizeof all), 0);
    g_autofree char *text = read_back(&recorded, "", "OF THE ROOT");
    g_assert_true(g_str_has_prefix(text, "3:000102"));
    g_assert_cmpuint(strlen(text), ==, 2 + 512);
    const xmlNode *registry = cl_pcmk_registry_set(recorded.cib);
    for (xmlNode *at = cl_xml_first(registry, "nvpair"); at; at = cl_xml_next(at, "nvpair")) {
        for (const char *c = cl_xml_get(at, "name"); *c; c++) {
            g_assert_true(*c > ' ' && *c < 0x7f && !strchr("<>\"'&", *c));
        }
    }
    IS(unset(&recorded, "", "Of The Root"), 0);
    IS(unset(&recorded, "", "Of The Root"), 0);
    check(&recorded, "", "of the root", "-");
}

static void test_refusals(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autofree char *large = g_malloc0(CL_PCMK_REGISTRY_DATA_MAX + 1);
    IS(create(&recorded, "k"), 0);
    IS(set_dword(&recorded, "missing", "x", 1), ERROR_FILE_NOT_FOUND);
    IS(set(&recorded, "k", "x", 77, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(set(&recorded, "k", "x", REG_BINARY, large, CL_PCMK_REGISTRY_DATA_MAX + 1),
       ERROR_INVALID_PARAMETER);
    IS(set(&recorded, "k", "x", REG_BINARY, large, CL_PCMK_REGISTRY_DATA_MAX), 0);
    IS(unset(&recorded, "missing", "x"), ERROR_FILE_NOT_FOUND);
}

/* The CIB takes so much of it and no more; less may be made of it at any time. */
static void test_full(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autofree char *data = g_malloc0(CL_PCMK_REGISTRY_DATA_MAX);
    IS(create(&recorded, "k"), 0);
    IS(set(&recorded, "k", "1", REG_BINARY, data, CL_PCMK_REGISTRY_DATA_MAX), 0);
    IS(set(&recorded, "k", "2", REG_BINARY, data, CL_PCMK_REGISTRY_DATA_MAX), 0);
    IS(set(&recorded, "k", "3", REG_BINARY, data, CL_PCMK_REGISTRY_DATA_MAX), ERROR_DISK_FULL);
    check_list(&recorded, "k", VALUES, "1;2");
    IS(set_dword(&recorded, "k", "2", 2), 0);
    IS(set(&recorded, "k", "3", REG_BINARY, data, CL_PCMK_REGISTRY_DATA_MAX), 0);
}

/* An open key is told from another of its name. */
static void test_identity(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(create(&recorded, "k"), 0);
    ClPcmkKeyPlace place;
    g_autofree char *identity = NULL;
    {
        g_auto(Look) look = look_at(&recorded);
        g_assert_true(cl_pcmk_registry_find(&look.view, "k", &place, NULL, NULL));
        identity = cl_pcmk_registry_identity(&place);
    }
    ClObject key = {CL_KIND_KEY, identity, (char *)"k"};
    const ClRegistryCommand command = {.command = CLUSREG_CREATE_KEY, .key = "below", .value = ""};
    IS(run_on(&recorded, &key, &command, 1, NULL), 0);
    check_list(&recorded, "k", KEYS, "below");
    IS(delete_key(&recorded, "k"), 0);
    IS(run_on(&recorded, &key, &command, 1, NULL), ERROR_KEY_DELETED);
    g_usleep(10);
    IS(create(&recorded, "k"), 0);
    IS(run_on(&recorded, &key, &command, 1, NULL), ERROR_KEY_DELETED);
    check_list(&recorded, "k", KEYS, "");
}

static void test_single(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    const ClRegistryCommand make = {.command = CLUSREG_CREATE_KEY, .key = "a", .value = ""};
    const ClRegistryCommand drop = {.command = CLUSREG_DELETE_KEY, .key = "a", .value = ""};
    const ClRegistryWork making = {.commands = &make, .n_commands = 1};
    const ClRegistryWork dropping = {.commands = &drop, .n_commands = 1};
    ClPcmkRegistryChange new = {.work = &making, .must_be_new = TRUE};
    ClPcmkRegistryChange lone = {.work = &dropping, .must_be_lone = TRUE};
    IS(recorded_edit(&recorded, cl_pcmk_registry_edit, &new), 0);
    IS(recorded_edit(&recorded, cl_pcmk_registry_edit, &new), ERROR_OBJECT_ALREADY_EXISTS);
    IS(create(&recorded, "a\\b"), 0);
    IS(recorded_edit(&recorded, cl_pcmk_registry_edit, &lone), ERROR_ACCESS_DENIED);
    IS(delete_key(&recorded, "a\\b"), 0);
    IS(recorded_edit(&recorded, cl_pcmk_registry_edit, &lone), 0);
    check_list(&recorded, "a", KEYS, "none");
}

/* --- Batches ------------------------------------------------------------------------------------ */

static void test_batch(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    guint32 one = 1, two = 2;
    gint failed;
    g_autoptr(GBytes) first = g_bytes_new(&one, sizeof one);
    g_autoptr(GBytes) second = g_bytes_new(&two, sizeof two);
    ClRegistryCommand commands[] = {
        {.command = CLUSREG_CREATE_KEY, .key = "k", .value = ""},
        {.command = CLUSREG_SET_VALUE, .key = "k", .value = "n", .type = REG_DWORD, .data = first},
        {.command = CLUSREG_CONDITION_IS_EQUAL,
         .key = "k",
         .value = "n",
         .type = REG_DWORD,
         .data = second},
        {.command = CLUSREG_DELETE_KEY, .key = "k", .value = ""}};
    IS(run_on(&recorded, NULL, commands, 4, &failed),
       ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED);
    g_assert_cmpint(failed, ==, 2);
    check_list(&recorded, "k", KEYS, "none");
    commands[2].data = first;
    commands[3] = (ClRegistryCommand){
        .command = CLUSREG_SET_VALUE, .key = "k", .value = "n", .type = REG_DWORD, .data = second};
    IS(run_on(&recorded, NULL, commands, 4, &failed), 0);
    g_assert_cmpint(failed, ==, -1);
    check(&recorded, "k", "n", "4:02000000");
    commands[0].command = CLUSREG_READ_VALUE;
    IS(run_on(&recorded, NULL, commands, 4, &failed), ERROR_INVALID_PARAMETER);
    g_assert_cmpint(failed, ==, 0);
}

static DWORD condition(Recorded *recorded, CLUSTER_REG_COMMAND what, const char *key,
                       const char *name, guint32 number)
{
    g_autoptr(GBytes) data = g_bytes_new(&number, sizeof number);
    return run(recorded,
               &(ClRegistryCommand){
                   .command = what, .key = key, .value = name, .type = REG_DWORD, .data = data});
}

static void test_conditions(void)
{
    const DWORD failed = ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED;
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(create(&recorded, "k"), 0);
    IS(set_dword(&recorded, "k", "n", 0x100), 0);
    IS(condition(&recorded, CLUSREG_CONDITION_EXISTS, "k", "n", 0), 0);
    IS(condition(&recorded, CLUSREG_CONDITION_EXISTS, "k", "m", 0), failed);
    IS(condition(&recorded, CLUSREG_CONDITION_NOT_EXISTS, "k", "m", 0), 0);
    IS(condition(&recorded, CLUSREG_CONDITION_NOT_EXISTS, "missing", "m", 0), 0);
    IS(condition(&recorded, CLUSREG_CONDITION_IS_GREATER_THAN, "k", "n", 0xff), 0);
    IS(condition(&recorded, CLUSREG_CONDITION_IS_LESS_THAN, "k", "n", 0xff), failed);
    IS(condition(&recorded, CLUSREG_CONDITION_KEY_EXISTS, "k", "", 0), 0);
    IS(condition(&recorded, CLUSREG_CONDITION_KEY_NOT_EXISTS, "k", "", 0), failed);
}

/* --- Security ----------------------------------------------------------------------------------- */

static GBytes *security_at(const Recorded *recorded, const char *path)
{
    g_auto(Look) look = look_at(recorded);
    ClPcmkKeyPlace place;
    g_assert_true(cl_pcmk_registry_find(&look.view, path, &place, NULL, NULL));
    return cl_pcmk_registry_security(&place);
}

static void test_security(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autoptr(GBytes) preset = cl_security_default();
    g_autoptr(GBytes) other = cl_security_default_of_cluster();
    IS(create(&recorded, "k\\below"), 0);
    g_autoptr(GBytes) before = security_at(&recorded, "k\\below");
    g_assert_true(g_bytes_equal(before, preset));
    IS(run(&recorded, &(ClRegistryCommand){.command = CLUSREG_SET_KEY_SECURITY,
                                           .key = "k",
                                           .value = "",
                                           .type = DACL_SECURITY_INFORMATION,
                                           .data = other}),
       0);
    g_autoptr(GBytes) expected = cl_security_merge(preset, other, DACL_SECURITY_INFORMATION);
    g_autoptr(GBytes) after = security_at(&recorded, "k\\below");
    g_assert_true(g_bytes_equal(after, expected));
    g_autoptr(GBytes) none = g_bytes_new("none", 4);
    IS(run(&recorded, &(ClRegistryCommand){.command = CLUSREG_SET_KEY_SECURITY,
                                           .key = "k",
                                           .value = "",
                                           .type = DACL_SECURITY_INFORMATION,
                                           .data = none}),
       ERROR_INVALID_PARAMETER);
}

/* --- Objects ------------------------------------------------------------------------------------ */

static void test_objects(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autofree char *id = g_strdup(recorded_find(&recorded, CL_KIND_RESOURCE, "ip")->id);
    g_autofree char *path = g_strconcat("Resources\\", id, NULL);
    g_autofree char *parameters = g_strconcat(path, "\\parameters", NULL);
    g_autofree char *own = g_strconcat(path, "\\Mine", NULL);
    check_list(&recorded, "", KEYS,
               "Groups;NetworkInterfaces;Networks;Nodes;Parameters;Resources;ResourceTypes");
    check_list(&recorded, "Nodes", KEYS, "1;2");
    check_list(&recorded, "ResourceTypes", KEYS, "ocf:heartbeat:IPaddr2");
    check_list(&recorded, "Parameters", VALUES, "cluster-name;dc-version;stonith-enabled");
    check_list(&recorded, parameters, VALUES, "ip");
    check(&recorded, path, "name", "1:690070000000");
    /* A value of Parameters is the property. */
    IS(set(&recorded, parameters, "nic", REG_SZ, "e\0t\0h\0\0\0", 8), 0);
    g_assert_cmpstr(recorded_text(&recorded, "ipa-nic", "value"), ==, "eth");
    check(&recorded, parameters, "NIC", "1:6500740068000000");
    IS(set_dword(&recorded, parameters, "nic", 1), ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
    IS(unset(&recorded, parameters, "nic"), 0);
    g_assert_null(recorded_text(&recorded, "ipa-nic", "value"));
    /* Common properties are not set here, keys of objects not made or deleted. */
    IS(set(&recorded, path, "Name", REG_SZ, "x\0\0\0", 4), ERROR_ACCESS_DENIED);
    IS(delete_key(&recorded, path), ERROR_ACCESS_DENIED);
    IS(create(&recorded, "Resources\\other"), ERROR_ACCESS_DENIED);
    /* What is kept there is there, and goes with the object. */
    IS(create(&recorded, own), 0);
    IS(set_dword(&recorded, own, "n", 1), 0);
    check_list(&recorded, path, KEYS, "Mine;Parameters");
    cl_pcmk_registry_forget(recorded.cib, CL_KIND_RESOURCE, id);
    g_autoptr(ClPcmkRegistry) left = cl_pcmk_registry_parse(recorded.cib);
    g_assert_cmpuint(left->root->keys->len, ==, 1);
    g_assert_cmpuint(((ClPcmkKey *)left->root->keys->pdata[0])->keys->len, ==, 0);
}

static gboolean touch(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    (void)cib, (void)model, (void)data, (void)error;
    return TRUE;
}

/* What Pacemaker's own tools delete takes its keys along with the next change. */
static void test_lost(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autofree char *id = g_strdup(recorded_find(&recorded, CL_KIND_RESOURCE, "ip")->id);
    g_autofree char *path = g_strconcat("Resources\\", id, "\\Mine", NULL);
    const char *group = recorded_find(&recorded, CL_KIND_GROUP, "web")->id;
    g_autofree char *kept = g_strconcat("Groups\\", group, "\\Mine", NULL);
    IS(create(&recorded, path), 0);
    IS(create(&recorded, kept), 0);
    IS(create(&recorded, "Networks\\0"), ERROR_ACCESS_DENIED);
    xmlNode *element = cl_edit_find(recorded.cib, "primitive", "ip");
    cl_edit_set(element, "id", "other");
    const Parts none = {0};
    g_auto(Recorded) again = recorded_new(&none);
    (void)xmlReplaceNode(
        cl_xml_at(again.cib, "configuration"),
        xmlDocCopyNode(cl_xml_at(recorded.cib, "configuration"), again.cib->doc, 1));
    IS(recorded_edit(&again, touch, NULL), 0);
    IS(create(&again, "elsewhere"), 0);
    g_autoptr(ClPcmkRegistry) left = cl_pcmk_registry_parse(again.cib);
    g_assert_cmpuint(cl_pcmk_key_child(left->root, "Resources")->keys->len, ==, 0);
    g_assert_cmpuint(cl_pcmk_key_child(left->root, "Groups")->keys->len, ==, 1);
    check_list(&again, kept, KEYS, "");
}

/* --- The CIB ------------------------------------------------------------------------------------ */

/* Pacemaker plans the same with it. */
static void test_no_effect(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Recorded) recorded = recorded_new(&lab);
    xmlNode *before = cl_pcmk_status_of(recorded.cib, &error);
    g_assert_no_error(error);
    IS(create(&recorded, "stonith-enabled"), 0);
    IS(set_dword(&recorded, "stonith-enabled", "maintenance-mode", 1), 0);
    xmlNode *after = cl_pcmk_status_of(recorded.cib, &error);
    g_assert_no_error(error);
    static const char *const times[] = {"last_update", "last_change", NULL};
    g_assert_true(
        cl_xml_equal(cl_xml_first(before, "summary"), cl_xml_first(after, "summary"), times));
    g_assert_true(
        cl_xml_equal(cl_xml_first(before, "resources"), cl_xml_first(after, "resources"), NULL));
    cl_pcmk_status_free(before);
    cl_pcmk_status_free(after);
}

/* One step changes the records that it is about, and the last one leaves nothing behind. */
static void test_records(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_assert_null(cl_pcmk_registry_set(recorded.cib));
    IS(delete_key(&recorded, "missing"), 0);
    g_assert_null(cl_pcmk_registry_set(recorded.cib));
    IS(create(&recorded, "k"), 0);
    IS(set_dword(&recorded, "k", "a", 1), 0);
    IS(set_dword(&recorded, "k", "b", 1), 0);
    xmlDoc *before = xmlCopyDoc(recorded.cib->doc, 1);
    IS(set_dword(&recorded, "K", "A", 2), 0);
    guint changed = 0, records = 0;
    const xmlNode *old = cl_xml_first(cl_pcmk_registry_set(xmlDocGetRootElement(before)), "nvpair");
    const xmlNode *new = cl_xml_first(cl_pcmk_registry_set(recorded.cib), "nvpair");
    for (; old && new; old = cl_xml_next(old, "nvpair"), new = cl_xml_next(new, "nvpair")) {
        g_assert_cmpstr(cl_xml_get(old, "id"), ==, cl_xml_get(new, "id"));
        records++;
        changed += cl_xml_equal(old, new, NULL) ? 0 : 1;
    }
    xmlFreeDoc(before);
    /* The root's, the key's, which tells the time, and those of its two values. */
    g_assert_cmpuint(records, ==, 4);
    g_assert_cmpuint(changed, ==, 2);
}

/* What somebody else has put there: what is no record is passed over, and stays. */
static void test_foreign(void)
{
    static const Parts parts = {
        .config = "<cluster_property_set id=\"clusapi-registry\">"
                  "<nvpair id=\"f1\" name=\"key:A\" value=\"1 1\"/>"
                  "<nvpair id=\"f2\" name=\"key:a\" value=\"2 2\"/>"
                  "<nvpair id=\"f3\" name=\"value:B/C:n\" value=\"4 AQAAAA==\"/>"
                  "<nvpair id=\"f4\" name=\"value:B/C:n\" value=\"4 AgAAAA==\"/>"
                  "<nvpair id=\"f5\" name=\"key:%\" value=\"1 1\"/>"
                  "<nvpair id=\"f6\" name=\"key:%00\" value=\"1 1\"/>"
                  "<nvpair id=\"f7\" name=\"key:%FF\" value=\"1 1\"/>"
                  "<nvpair id=\"f8\" name=\"key:D//E\" value=\"1 1\"/>"
                  "<nvpair id=\"f9\" name=\"key:D\" value=\"one\"/>"
                  "<nvpair id=\"f10\" name=\"value:D\" value=\"4 AQAAAA==\"/>"
                  "<nvpair id=\"f11\" name=\"value:D:n\" value=\"4 A*==\"/>"
                  "<nvpair id=\"f12\" name=\"value:D:n\" value=\"x AQAAAA==\"/>"
                  "<nvpair id=\"f13\" name=\"note\" value=\"from the administrator\"/>"
                  "<nvpair id=\"f14\" name=\"batches\" value=\"many\"/>"
                  "</cluster_property_set>"};
    g_auto(Recorded) recorded = recorded_new(&parts);
    check_list(&recorded, "", KEYS,
               "A;B;Groups;NetworkInterfaces;Networks;Nodes;Parameters;Resources;ResourceTypes");
    check(&recorded, "b\\c", "N", "4:01000000");
    IS(set_dword(&recorded, "b\\c", "n", 3), 0);
    check(&recorded, "b\\c", "N", "4:03000000");
    g_assert_null(recorded_text(&recorded, "f2", "name"));
    g_assert_null(recorded_text(&recorded, "f4", "name"));
    g_assert_cmpstr(recorded_text(&recorded, "f13", "value"), ==, "from the administrator");
    g_assert_cmpstr(recorded_text(&recorded, "f5", "name"), ==, "key:%");
}

/* --- Events ------------------------------------------------------------------------------------- */

static void on_event(const ClEvent *event, gpointer data)
{
    GString *told = data;
    const char *flag = event->filter_flag == CLUSTER_CHANGE_REGISTRY_NAME_V2         ? "name"
                       : event->filter_flag == CLUSTER_CHANGE_REGISTRY_VALUE_V2      ? "value"
                       : event->filter_flag == CLUSTER_CHANGE_REGISTRY_ATTRIBUTES_V2 ? "security"
                                                                                     : "batch";
    g_assert_cmpuint(event->object_type, ==, CLUSTER_OBJECT_TYPE_REGISTRY);
    g_string_append_printf(told, "%s %s %s;", flag, event->name, event->id);
    for (guint i = 0; event->commands && i < event->commands->len; i++) {
        const ClRegistryCommand *command = event->commands->pdata[i];
        g_string_append_printf(told, " %d %s %s;", (int)command->command, command->key,
                               command->value);
    }
}

static void check_told(const Recorded *recorded, ClPcmkModel **before, const char *expected)
{
    g_autoptr(GString) told = g_string_new(NULL);
    cl_pcmk_registry_differences(*before, recorded->model, on_event, told);
    g_assert_cmpstr(told->str, ==, expected);
    cl_pcmk_model_unref(*before);
    *before = cl_pcmk_model_ref(recorded->model);
}

static void test_events(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autoptr(ClPcmkModel) before = cl_pcmk_model_ref(recorded.model);
    check_told(&recorded, &before, "");
    IS(create(&recorded, "a\\b"), 0);
    check_told(&recorded, &before, "name a a;name a\\b b;");
    IS(set_dword(&recorded, "A", "N", 1), 0);
    check_told(&recorded, &before, "value a N;");
    IS(unset(&recorded, "a", "n"), 0);
    check_told(&recorded, &before, "value a N;");
    IS(delete_key(&recorded, "a"), 0);
    check_told(&recorded, &before, "name a\\b b;name a a;");
    /* One that was made anew between two looks was deleted. */
    IS(create(&recorded, "a"), 0);
    check_told(&recorded, &before, "name a a;");
    IS(delete_key(&recorded, "a"), 0);
    g_usleep(10);
    IS(create(&recorded, "a"), 0);
    check_told(&recorded, &before, "name a a;name a a;");
    /* A key that is there in any case is no news. */
    IS(set_dword(&recorded, "Groups", "n", 1), 0);
    check_told(&recorded, &before, "value Groups n;");
}

/* What is set of an object is a value of its key, by whomever. */
static void test_parameter_events(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autoptr(ClPcmkModel) before = cl_pcmk_model_ref(recorded.model);
    g_autofree char *path = g_strdup_printf("Resources\\%s\\Parameters",
                                            recorded_find(&recorded, CL_KIND_RESOURCE, "ip")->id);
    g_autofree char *set_nic = g_strdup_printf("value %s nic;", path);
    g_autofree char *moved = g_strdup_printf("value %s ip;value %s nic;", path, path);
    IS(set(&recorded, path, "nic", REG_SZ, "x\0\0\0", 4), 0);
    check_told(&recorded, &before, set_nic);
    IS(set(&recorded, path, "ip", REG_SZ, "y\0\0\0", 4), 0);
    g_autoptr(ClPcmkModel) between = cl_pcmk_model_ref(recorded.model);
    IS(unset(&recorded, path, "nic"), 0);
    check_told(&recorded, &before, moved);
    check_told(&recorded, &between, set_nic);
}

/* Every node tells of a batch, by what it changed. */
static void test_batch_events(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(create(&recorded, "k"), 0);
    IS(set_dword(&recorded, "k", "old", 1), 0);
    g_autoptr(ClPcmkModel) before = cl_pcmk_model_ref(recorded.model);
    guint32 number = 7;
    g_autoptr(GBytes) data = g_bytes_new(&number, sizeof number);
    const ClRegistryCommand commands[] = {
        {.command = CLUSREG_CREATE_KEY, .key = "k\\s", .value = ""},
        {.command = CLUSREG_SET_VALUE,
         .key = "k",
         .value = "old",
         .type = REG_DWORD,
         .data = data}};
    IS(run_on(&recorded, NULL, commands, 2, NULL), 0);
    g_autofree char *expected =
        g_strdup_printf("value k old;name k\\s s;batch  ; %d k old; %d k old; %d k\\s ;",
                        CLUSREG_VALUE_DELETED, CLUSREG_SET_VALUE, CLUSREG_CREATE_KEY);
    check_told(&recorded, &before, expected);
    IS(set_dword(&recorded, "k", "old", 1), 0);
    check_told(&recorded, &before, "value k old;");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry/keys", test_keys);
    g_test_add_func("/registry/values of every sort come back", test_values);
    g_test_add_func("/registry/what cannot be stored is refused", test_refusals);
    g_test_add_func("/registry/there is only so much room", test_full);
    g_test_add_func("/registry/what others delete takes its keys along", test_lost);
    g_test_add_func("/registry/an open key is told from another of its name", test_identity);
    g_test_add_func("/registry/one that must be new, one that must hold no others", test_single);
    g_test_add_func("/registry/a batch is all or nothing", test_batch);
    g_test_add_func("/registry/conditions", test_conditions);
    g_test_add_func("/registry/security is inherited", test_security);
    g_test_add_func("/registry/keys of objects", test_objects);
    g_test_add_func("/registry/Pacemaker plans the same with it", test_no_effect);
    g_test_add_func("/registry/a step changes only its own records", test_records);
    g_test_add_func("/registry/foreign records", test_foreign);
    g_test_add_func("/registry/events", test_events);
    g_test_add_func("/registry/events of properties", test_parameter_events);
    g_test_add_func("/registry/events of batches", test_batch_events);
    return g_test_run();
}
