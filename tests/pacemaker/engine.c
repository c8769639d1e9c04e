/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine on a node of a real cluster, told by lines on its standard input what to do; engine.sh
 * is at the other end. Each line has one answer:
 *
 *   model                      what the newest model says
 *   wait FIELD=VALUE... SECONDS  until it says all that: "yes MS" or "no", and what it says
 *   set NAME VALUE [USER [MS]] a change: "ok MS", or "error CODE MS"; "ok" means that the model has it
 *   count NAME N               N changes that each add one to a number, each on what it finds; what is
 *                              refused while Pacemaker is away is tried again
 *   refuse                     an edit that refuses
 *   nothing                    an edit that changes nothing
 *   invalid                    a change that Pacemaker's schema refuses
 *   job                        a job: "ok MS"
 *   unset NODE NAME MS         the attribute manager is asked to forget an attribute: as with set
 *   value NAME                 as the newest model has it
 *   steady on|off              off: which groups were seen in another state than online meanwhile
 *   quit                       the end
 *   links                      what Corosync says of the links
 *   readers on|off             a thread that reads models all the time; off: the longest time in
 *                              microseconds that it took for one
 *
 * A watcher checks that models come in order; what it finds wrong ends the program at once.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pacemaker/controller.h"
#include "pacemaker/engine.h"
#include "pacemaker/xml.h"

#define SET         "engine-test"
#define DEADLINE_MS 40000

static ClPcmkEngine *engine;

static ClCall call_of(guint milliseconds)
{
    return (ClCall){g_get_monotonic_time() + milliseconds * 1000, NULL};
}

static double ms_since(gint64 begin)
{
    return (double)(g_get_monotonic_time() - begin) / 1000.0;
}

/* --- Watching ---------------------------------------------------------------------------------- */

static guint64 told;

static GMutex steady_lock;
static GHashTable *unsteady; /* names and states of groups that were not online; NULL: not asked */

static void look_at_groups(const ClPcmkModel *model)
{
    g_mutex_lock(&steady_lock);
    for (guint i = 0; unsteady && i < model->groups->len; i++) {
        const ClPcmkGroup *group = model->groups->pdata[i];
        if (group->object.state != ClusterGroupOnline) {
            g_hash_table_add(unsteady,
                             g_strdup_printf("%s:%d", group->object.name, group->object.state));
        }
    }
    g_mutex_unlock(&steady_lock);
}

static void on_published(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data)
{
    (void)data;
    look_at_groups(model);
    if (model->number <= told || (told != 0 && (!before || before->number != told))) {
        g_error("a model came out of order");
    }
    told = model->number;
}

static void command_steady(const char *what)
{
    g_mutex_lock(&steady_lock);
    GHashTable *seen = g_steal_pointer(&unsteady);
    if (g_str_equal(what, "on")) {
        unsteady = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    g_mutex_unlock(&steady_lock);
    g_autofree char **names = seen ? (char **)g_hash_table_get_keys_as_array(seen, NULL) : NULL;
    g_autofree char *line = names ? g_strjoinv(" ", names) : g_strdup("");
    printf("unsteady: %s\n", line);
    g_clear_pointer(&seen, g_hash_table_unref);
}

static gint slowest, reading;
static GThread *reader;

static gpointer read_models(gpointer data)
{
    (void)data;
    while (g_atomic_int_get(&reading)) {
        gint64 begin = g_get_monotonic_time();
        g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
        gint took = (gint)(g_get_monotonic_time() - begin);
        if (took > g_atomic_int_get(&slowest)) {
            g_atomic_int_set(&slowest, took);
        }
        g_usleep(1000);
    }
    return NULL;
}

static void command_readers(const char *what)
{
    gboolean on = g_str_equal(what, "on");
    if (on && !reader) {
        g_atomic_int_set(&slowest, 0);
        g_atomic_int_set(&reading, 1);
        reader = g_thread_new("reader", read_models, NULL);
    } else if (!on && reader) {
        g_atomic_int_set(&reading, 0);
        g_thread_join(g_steal_pointer(&reader));
    }
    printf("%d\n", g_atomic_int_get(&slowest));
}

/* --- The edits --------------------------------------------------------------------------------- */

static xmlNode *set_of(const xmlNode *cib)
{
    return cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"), "cluster_property_set",
                             "id", SET);
}

static const char *value_in(const xmlNode *cib, const char *name)
{
    return cl_xml_get(cl_xml_child_with(set_of(cib), "nvpair", "name", name), "value");
}

static void put(xmlNode *cib, const char *name, const char *value)
{
    g_autofree char *id = g_strdup_printf(SET "-%s", name);
    xmlNode *set = set_of(cib);
    if (!set) {
        set = xmlNewChild(cl_xml_at(cib, "configuration/crm_config"), NULL,
                          (const xmlChar *)"cluster_property_set", NULL);
        xmlSetProp(set, (const xmlChar *)"id", (const xmlChar *)SET);
    }
    xmlNode *pair = cl_xml_child_with(set, "nvpair", "id", id);
    if (!pair) {
        pair = xmlNewChild(set, NULL, (const xmlChar *)"nvpair", NULL);
        xmlSetProp(pair, (const xmlChar *)"id", (const xmlChar *)id);
        xmlSetProp(pair, (const xmlChar *)"name", (const xmlChar *)name);
    }
    xmlSetProp(pair, (const xmlChar *)"value", (const xmlChar *)value);
}

typedef struct {
    const char *name, *value;
    guint n_edits;
} Pair;

static gboolean edit_set(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    Pair *pair = data;
    (void)error;
    if (model->epoch != (int)cl_xml_number(cib, "epoch", -1)) {
        g_error("the model is not of the CIB that is edited");
    }
    pair->n_edits++;
    put(cib, pair->name, pair->value);
    return TRUE;
}

static gboolean edit_count(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    Pair *pair = data;
    const char *value = value_in(cib, pair->name);
    g_autofree char *next = g_strdup_printf("%d", value ? atoi(value) + 1 : 1);
    (void)model;
    (void)error;
    pair->n_edits++;
    put(cib, pair->name, next);
    return TRUE;
}

static gboolean edit_refuse(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    (void)model;
    (void)data;
    put(cib, "refused", "1");
    return cl_fail(error, ERROR_INVALID_NAME, "refused");
}

static gboolean edit_nothing(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    (void)cib;
    (void)model;
    (void)data;
    (void)error;
    return TRUE;
}

static gboolean edit_invalid(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    (void)model;
    (void)data;
    (void)error;
    xmlNewChild(cl_xml_at(cib, "configuration/resources"), NULL, (const xmlChar *)"nonsense", NULL);
    return TRUE;
}

/* --- The commands ------------------------------------------------------------------------------ */

static void answer(gboolean done, const GError *error, gint64 begin, const char *more)
{
    if (done) {
        printf("ok %.1f%s%s\n", ms_since(begin), *more ? " " : "", more);
    } else {
        printf("error %d %.1f %s\n", error->code, ms_since(begin), error->message);
    }
}

static void change(ClPcmkEdit edit, gpointer data, const char *user, guint milliseconds)
{
    gint64 begin = g_get_monotonic_time();
    const ClCall call = call_of(milliseconds);
    g_autoptr(GError) error = NULL;
    gboolean done = cl_pcmk_engine_change(engine, edit, data, user, &call, &error);
    answer(done, error, begin, "");
}

static void command_set(char **words, guint n)
{
    Pair pair = {words[1], words[2], 0};
    gint64 begin = g_get_monotonic_time();
    const ClCall call = call_of(n > 4 ? (guint)atoi(words[4]) : DEADLINE_MS);
    g_autoptr(GError) error = NULL;
    const char *user = n > 3 && *words[3] != '-' ? words[3] : NULL;
    gboolean done = cl_pcmk_engine_change(engine, edit_set, &pair, user, &call, &error);
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    const char *seen = value_in(xmlDocGetRootElement(model->cib), pair.name);
    if (done && g_strcmp0(seen, pair.value) != 0) {
        printf("unseen %s\n", seen ? seen : "(none)");
    } else {
        answer(done, error, begin, "");
    }
}

static void command_count(char **words)
{
    Pair pair = {words[1], NULL, 0};
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    gboolean done = TRUE;
    for (int i = 0; i < atoi(words[2]) && done;) {
        const ClCall call = call_of(DEADLINE_MS);
        done = cl_pcmk_engine_change(engine, edit_count, &pair, NULL, &call, &error);
        i += done;
        if (!done && (error->code == ERROR_CLUSTER_NODE_DOWN ||
                      error->code == ERROR_CLUSTER_NODE_NOT_READY)) {
            g_clear_error(&error);
            done = TRUE;
            g_usleep(20 * 1000);
        }
    }
    g_autofree char *more = g_strdup_printf("%u edits", pair.n_edits);
    answer(done, error, begin, more);
}

static gboolean do_nothing(ClPcmkEngine *own, gpointer data, GError **error)
{
    (void)own;
    (void)data;
    (void)error;
    return TRUE;
}

static void command_job(void)
{
    gint64 begin = g_get_monotonic_time();
    const ClCall call = call_of(2000);
    g_autoptr(GError) error = NULL;
    gboolean done = cl_pcmk_engine_run(engine, do_nothing, NULL, NULL, &call, &error);
    answer(done, error, begin, "");
}

static void command_unset(char **words)
{
    gint64 begin = g_get_monotonic_time();
    const ClCall call = call_of((guint)atoi(words[3]));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) requests =
        g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_request_free);
    ClPcmkRequest *request = g_new0(ClPcmkRequest, 1);
    request->what = CL_PCMK_UNSET;
    request->node = g_strdup(words[1]);
    request->resource = g_strdup(words[2]);
    g_ptr_array_add(requests, request);
    gboolean done = cl_pcmk_controller_ask(engine, requests, &call, &error);
    answer(done, error, begin, "");
}

static char *fields_of(const ClPcmkModel *model)
{
    guint n_members = 0;
    for (guint i = 0; i < model->corosync->members->len; i++) {
        n_members += ((ClPcmkMember *)model->corosync->members->pdata[i])->member;
    }
    return g_strdup_printf(
        "connected=%d running=%d quorate=%d members=%u epoch=%d number=%" G_GUINT64_FORMAT,
        model->connected, model->corosync->running, model->corosync->quorate, n_members,
        model->epoch, model->number);
}

static void command_model(void)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    g_autofree char *fields = fields_of(model);
    printf("%s\n", fields);
}

static gboolean says(const char *fields, char **wanted, guint n)
{
    g_auto(GStrv) said = g_strsplit(fields, " ", -1);
    for (guint i = 0; i < n; i++) {
        if (!g_strv_contains((const char *const *)said, wanted[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static void command_wait(char **words, guint n)
{
    gint64 begin = g_get_monotonic_time();
    gint64 end = begin + (gint64)(g_ascii_strtod(words[n - 1], NULL) * G_TIME_SPAN_SECOND);
    for (;;) {
        g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
        g_autofree char *fields = fields_of(model);
        gboolean done = says(fields, words + 1, n - 2);
        if (done || g_get_monotonic_time() > end) {
            printf(done ? "yes %.0f %s\n" : "no %.0f %s\n", ms_since(begin), fields);
            return;
        }
        g_usleep(5000);
    }
}

static void command_links(void)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    printf("%s", model->corosync->cluster_name);
    for (guint i = 0; i < model->corosync->members->len; i++) {
        const ClPcmkMember *member = model->corosync->members->pdata[i];
        printf(" %s%s", member->name, member->local ? "*" : "");
        for (guint link = 0; link < CL_PCMK_LINKS_MAX; link++) {
            const ClPcmkLink *at = &member->links[link];
            if (at->configured) {
                printf(",%s/%u:%s%s%s", at->address, at->prefix, at->enabled ? "e" : "-",
                       at->connected ? "c" : "-", at->carrier ? "u" : "-");
            }
        }
    }
    printf("\n");
}

static void command_value(char **words)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    const char *value = value_in(xmlDocGetRootElement(model->cib), words[1]);
    printf("%s\n", value ? value : "(none)");
}

static void obey(char **words)
{
    guint n = g_strv_length(words);
    if (g_str_equal(words[0], "set") && n >= 3) {
        command_set(words, n);
    } else if (g_str_equal(words[0], "count") && n == 3) {
        command_count(words);
    } else if (g_str_equal(words[0], "wait") && n >= 3) {
        command_wait(words, n);
    } else if (g_str_equal(words[0], "value") && n == 2) {
        command_value(words);
    } else if (g_str_equal(words[0], "model")) {
        command_model();
    } else if (g_str_equal(words[0], "job")) {
        command_job();
    } else if (g_str_equal(words[0], "unset") && n == 4) {
        command_unset(words);
    } else if (g_str_equal(words[0], "links")) {
        command_links();
    } else if (g_str_equal(words[0], "refuse")) {
        change(edit_refuse, NULL, NULL, DEADLINE_MS);
    } else if (g_str_equal(words[0], "nothing")) {
        change(edit_nothing, NULL, NULL, DEADLINE_MS);
    } else if (g_str_equal(words[0], "invalid")) {
        change(edit_invalid, NULL, NULL, DEADLINE_MS);
    } else if (g_str_equal(words[0], "steady") && n == 2) {
        command_steady(words[1]);
    } else if (g_str_equal(words[0], "readers") && n == 2) {
        command_readers(words[1]);
    } else {
        printf("what?\n");
    }
}

/* A recorded CIB by its path, else the cluster of the host. */
int main(int argc, char **argv)
{
    const ClCall call = call_of(DEADLINE_MS);
    g_autoptr(GError) error = NULL;
    char line[1024];
    gint64 begin = g_get_monotonic_time();
    (void)setlocale(LC_ALL, "");
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    engine = cl_pcmk_engine_ref(argc > 1 ? argv[1] : NULL, &call, &error);
    answer(engine != NULL, error, begin, "");
    if (!engine) {
        return 1;
    }
    cl_pcmk_engine_watch(engine, on_published, &told);
    while (fgets(line, sizeof(line), stdin) && !g_str_equal(g_strstrip(line), "quit")) {
        g_auto(GStrv) words = g_strsplit(line, " ", -1);
        if (words[0]) {
            obey(words);
        }
    }
    cl_pcmk_engine_unwatch(engine, &told);
    cl_pcmk_engine_unref(engine);
    return 0;
}
