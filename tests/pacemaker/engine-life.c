/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine on recorded CIBs: its life, its thread, jobs and watchers, and patches. No cluster. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pacemaker/engine-internal.h"
#include "pacemaker/status.h"
#include "pacemaker/xml.h"

static const char cib_text[] =
    "<cib crm_feature_set=\"3.16.1\" validate-with=\"pacemaker-3.9\" admin_epoch=\"0\" epoch=\"7\""
    " num_updates=\"3\" have-quorum=\"1\"><configuration><crm_config>"
    "<cluster_property_set id=\"options\">"
    "<nvpair id=\"o1\" name=\"stonith-enabled\" value=\"false\"/>"
    "<nvpair id=\"o2\" name=\"cluster-name\" "
    "value=\"recorded\"/></cluster_property_set></crm_config>"
    "<nodes><node id=\"1\" uname=\"n1\"/><node id=\"2\" uname=\"n2\"/></nodes>"
    "<resources><primitive id=\"a\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\"/>"
    "<primitive id=\"b\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\"/></resources>"
    "<constraints/></configuration><status>"
    "<node_state id=\"1\" uname=\"n1\" in_ccm=\"true\" crmd=\"online\" join=\"member\""
    " expected=\"member\"><lrm id=\"1\"><lrm_resources/></lrm></node_state></status></cib>";

static char *directory, *first, *second;

static ClCall call_of(guint milliseconds)
{
    return (ClCall){g_get_monotonic_time() + milliseconds * 1000, NULL};
}

static ClPcmkEngine *open_file(const char *file)
{
    const ClCall call = call_of(20000);
    GError *error = NULL;
    ClPcmkEngine *engine = cl_pcmk_engine_ref(file, &call, &error);
    g_assert_no_error(error);
    return engine;
}

static void assert_refused(const char *file, DWORD code)
{
    const ClCall call = call_of(20000);
    g_autoptr(GError) error = NULL;
    g_assert_null(cl_pcmk_engine_ref(file, &call, &error));
    g_assert_error(error, CL_ERROR, (int)code);
}

/* --- Its life ---------------------------------------------------------------------------------- */

static void test_model(void)
{
    ClPcmkEngine *engine = open_file(first);
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    g_assert_true(model->connected);
    g_assert_cmpint(model->epoch, ==, 7);
    g_assert_cmpstr(model->name, ==, "recorded");
    g_assert_nonnull(cl_pcmk_model_find(model, CL_KIND_GROUP, "A"));
    cl_pcmk_engine_unref(engine);
    g_assert_cmpstr(model->name, ==, "recorded");
}

static void test_refused(void)
{
    g_autofree char *absent = g_build_filename(directory, "absent.xml", NULL);
    g_autofree char *broken = g_build_filename(directory, "broken.xml", NULL);
    g_assert_true(g_file_set_contents(broken, cib_text, 300, NULL));
    assert_refused(absent, ERROR_FILE_NOT_FOUND);
    assert_refused(broken, ERROR_INVALID_DATA);
    g_assert_true(g_file_set_contents(broken, "<html/>", -1, NULL));
    assert_refused(broken, ERROR_INVALID_DATA);
    g_assert_true(g_file_set_contents(broken, "", -1, NULL));
    assert_refused(broken, ERROR_INVALID_DATA);
    assert_refused(directory, ERROR_GEN_FAILURE);
    (void)g_unlink(broken);
}

static void test_one(void)
{
    ClPcmkEngine *engine = open_file(first);
    ClPcmkEngine *again = open_file(first);
    g_assert_true(engine == again);
    assert_refused(second, ERROR_NOT_SUPPORTED);
    assert_refused(NULL, ERROR_NOT_SUPPORTED);
    cl_pcmk_engine_unref(again);
    assert_refused(second, ERROR_NOT_SUPPORTED);
    cl_pcmk_engine_unref(engine);
}

/* Each on a thread of its own. */
static void test_again(void)
{
    for (guint i = 0; i < 6; i++) {
        ClPcmkEngine *engine = open_file(i % 2 == 0 ? first : second);
        g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
        g_assert_cmpint(model->epoch, ==, i % 2 == 0 ? 7 : 8);
        cl_pcmk_engine_unref(engine);
    }
}

static void test_context(void)
{
    g_assert_true(g_main_context_acquire(NULL));
    assert_refused(first, ERROR_NOT_SUPPORTED);
    g_main_context_release(NULL);
    cl_pcmk_engine_unref(open_file(first));
}

static guint n_messages;

static void on_message(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
    (void)domain;
    (void)message;
    (void)data;
    n_messages += (level & G_LOG_LEVEL_WARNING) != 0;
}

/* What Pacemaker's libraries do to a process when they are used first. */
static void test_process(void)
{
    mode_t mask = umask(027);
    GLogFunc handler = g_log_set_default_handler(on_message, NULL);
    GLogLevelFlags fatal = g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
    cl_pcmk_engine_unref(open_file(first));
    g_warning("told");
    g_assert_cmpuint(g_log_set_always_fatal(fatal), ==, G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
    g_assert_true(g_log_set_default_handler(handler, NULL) == on_message);
    g_assert_cmpuint(n_messages, ==, 1);
    g_assert_cmpuint(umask(mask), ==, 027);
}

/* --- Jobs -------------------------------------------------------------------------------------- */

static gboolean sleep_long(ClPcmkEngine *engine, gpointer data, GError **error)
{
    (void)engine;
    (void)error;
    g_atomic_int_set((gint *)data, 1);
    g_usleep(400 * 1000);
    return TRUE;
}

static gboolean refuse(ClPcmkEngine *engine, gpointer data, GError **error)
{
    g_assert_true(engine == data);
    return cl_fail(error, ERROR_INVALID_NAME, "refused");
}

typedef struct {
    ClPcmkEngine *engine;
    gint begun;
    gboolean done;
} Sleeper;

static gpointer run_long(gpointer data)
{
    Sleeper *sleeper = data;
    const ClCall call = call_of(100);
    sleeper->done =
        cl_pcmk_engine_run(sleeper->engine, sleep_long, &sleeper->begun, NULL, &call, NULL);
    return NULL;
}

static void expect_end(ClPcmkEngine *engine, const ClCall *call, DWORD code, guint at_most_ms)
{
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    gint never = 0;
    g_assert_false(cl_pcmk_engine_run(engine, sleep_long, &never, NULL, call, &error));
    g_assert_error(error, CL_ERROR, (int)code);
    g_assert_cmpint((g_get_monotonic_time() - begin) / 1000, <=, at_most_ms);
    g_usleep(500 * 1000);
    g_assert_cmpint(never, ==, 0);
}

static gpointer cancel_soon(gpointer cancellable)
{
    g_usleep(50 * 1000);
    g_cancellable_cancel(cancellable);
    return NULL;
}

static void test_jobs(void)
{
    Sleeper sleeper = {open_file(first), 0, FALSE};
    g_autoptr(GError) error = NULL;
    ClCall call = call_of(2000);
    g_assert_false(cl_pcmk_engine_run(sleeper.engine, refuse, sleeper.engine, NULL, &call, &error));
    g_assert_error(error, CL_ERROR, ERROR_INVALID_NAME);

    /* One that has begun is waited for; one that has not is not, and never begins. */
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        sleeper.begun = 0;
        GThread *thread = g_thread_new("sleeper", run_long, &sleeper);
        while (g_atomic_int_get(&sleeper.begun) == 0) {
            g_usleep(1000);
        }
        GThread *canceller = i == 1 ? g_thread_new("canceller", cancel_soon, cancellable) : NULL;
        call = i == 0 ? call_of(100) : (ClCall){g_get_monotonic_time() + 5000 * 1000, cancellable};
        expect_end(sleeper.engine, &call, i == 0 ? ERROR_TIMEOUT : ERROR_OPERATION_ABORTED, 250);
        g_thread_join(thread);
        g_clear_pointer(&canceller, g_thread_join);
        g_assert_true(sleeper.done);
    }
    call = (ClCall){0, NULL};
    expect_end(sleeper.engine, &call, ERROR_TIMEOUT, 50);
    cl_pcmk_engine_unref(sleeper.engine);
}

static gint n_freed;

static void free_counted(gpointer data)
{
    g_free(data);
    g_atomic_int_inc(&n_freed);
}

/* One that has begun, on data of its own, is not waited for longer than the call may. */
static void test_left_jobs(void)
{
    ClPcmkEngine *engine = open_file(first);
    for (gint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        ClCall call = call_of(i == 0 ? 50 : 5000);
        call.cancellable = i == 0 ? NULL : cancellable;
        GThread *canceller = i == 1 ? g_thread_new("canceller", cancel_soon, cancellable) : NULL;
        gint64 begin = g_get_monotonic_time();
        g_assert_false(
            cl_pcmk_engine_run(engine, sleep_long, g_new0(gint, 1), free_counted, &call, &error));
        g_assert_error(error, CL_ERROR, (int)(i == 0 ? ERROR_TIMEOUT : ERROR_OPERATION_ABORTED));
        g_assert_cmpint((g_get_monotonic_time() - begin) / 1000, <=, 300);
        g_clear_pointer(&canceller, g_thread_join);
        g_assert_cmpint(g_atomic_int_get(&n_freed), ==, i);
        g_usleep(500 * 1000);
        g_assert_cmpint(g_atomic_int_get(&n_freed), ==, i + 1);
    }
    cl_pcmk_engine_unref(engine);
}

static gboolean never(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    (void)cib;
    (void)model;
    (void)data;
    (void)error;
    g_assert_not_reached();
}

static void test_change(void)
{
    ClPcmkEngine *engine = open_file(first);
    const ClCall call = call_of(2000);
    const ClCall at_once = {0, NULL};
    g_autoptr(GError) error = NULL;
    g_assert_false(cl_pcmk_engine_change(engine, never, NULL, NULL, &call, &error));
    g_assert_error(error, CL_ERROR, ERROR_WRITE_PROTECT);
    g_clear_error(&error);
    g_assert_false(cl_pcmk_engine_change(engine, never, NULL, NULL, &at_once, &error));
    g_assert_error(error, CL_ERROR, ERROR_TIMEOUT);
    cl_pcmk_engine_unref(engine);
}

/* --- Watchers ---------------------------------------------------------------------------------- */

typedef struct {
    ClPcmkEngine *engine;
    guint n_told;
    gboolean leaves;
    guint64 last;
} Listener;

static void listen_to(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data)
{
    Listener *listener = data;
    g_assert_nonnull(before);
    g_assert_cmpuint(before->number, <, model->number);
    g_assert_true(listener->last == 0 || listener->last == before->number);
    listener->last = model->number;
    listener->n_told++;
    if (listener->leaves) {
        cl_pcmk_engine_unwatch(listener->engine, listener);
    }
}

static gboolean publish(ClPcmkEngine *engine, gpointer data, GError **error)
{
    (void)data;
    (void)error;
    cl_pcmk_publish_outdate(engine);
    cl_pcmk_publish_now(engine);
    return TRUE;
}

/* What was changed waits for a model with it, which cannot be made. */
static gboolean publish_nonsense(ClPcmkEngine *engine, gpointer data, GError **error)
{
    ClPcmkErrand *errand = data;
    xmlNode *resources = cl_xml_at(engine->kept, "configuration/resources");
    xmlNode *nonsense = xmlNewChild(resources, NULL, (const xmlChar *)"nonsense", NULL);
    g_ptr_array_add(engine->finished, cl_pcmk_errand_ref(errand));
    (void)publish(engine, NULL, error);
    g_assert_null(engine->fresh);
    xmlUnlinkNode(nonsense);
    xmlFreeNode(nonsense);
    return TRUE;
}

static void test_no_model(void)
{
    ClPcmkEngine *engine = open_file(first);
    const ClCall call = call_of(20000), at_once = {0, NULL};
    g_autoptr(GError) error = NULL;
    ClPcmkErrand *errand = g_new0(ClPcmkErrand, 1);
    cl_pcmk_errand_init(errand, NULL);
    g_assert_true(cl_pcmk_engine_run(engine, publish_nonsense, errand, NULL, &call, NULL));
    g_assert_true(cl_pcmk_errand_wait(errand, &at_once, &error));
    g_assert_no_error(error);
    cl_pcmk_errand_unref(errand);
    cl_pcmk_engine_unref(engine);
}

static void publish_from_here(ClPcmkEngine *engine)
{
    const ClCall call = call_of(20000);
    g_assert_true(cl_pcmk_engine_run(engine, publish, NULL, NULL, &call, NULL));
}

static void test_watchers(void)
{
    ClPcmkEngine *engine = open_file(first);
    Listener listeners[4] = {
        {engine, 0, FALSE, 0}, {engine, 0, TRUE, 0}, {engine, 0, TRUE, 0}, {engine, 0, FALSE, 0}};
    for (guint i = 0; i < 4; i++) {
        cl_pcmk_engine_watch(engine, listen_to, &listeners[i]);
    }
    publish_from_here(engine);
    publish_from_here(engine);
    cl_pcmk_engine_unwatch(engine, &listeners[3]);
    publish_from_here(engine);
    g_assert_cmpuint(listeners[0].n_told, ==, 3);
    g_assert_cmpuint(listeners[1].n_told, ==, 1);
    g_assert_cmpuint(listeners[2].n_told, ==, 1);
    g_assert_cmpuint(listeners[3].n_told, ==, 2);
    cl_pcmk_engine_unwatch(engine, &listeners[0]);
    cl_pcmk_engine_unref(engine);
}

static gpointer use(gpointer data)
{
    gint64 end = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
    (void)data;
    while (g_get_monotonic_time() < end) {
        ClPcmkEngine *engine = open_file(first);
        Listener listener = {engine, 0, FALSE, 0};
        cl_pcmk_engine_watch(engine, listen_to, &listener);
        publish_from_here(engine);
        g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
        g_assert_cmpint(model->epoch, ==, 7);
        cl_pcmk_engine_unwatch(engine, &listener);
        g_assert_cmpuint(listener.n_told, >=, 1);
        cl_pcmk_engine_unref(engine);
    }
    return NULL;
}

static void test_threads(void)
{
    GThread *threads[4];
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("user", use, NULL);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
}

/* --- Patches ----------------------------------------------------------------------------------- */

static xmlNode *parse(void)
{
    xmlDoc *document = xmlReadMemory(cib_text, sizeof(cib_text) - 1, NULL, NULL, 0);
    return xmlDocGetRootElement(document);
}

static void change_a(xmlNode *cib)
{
    xmlNode *resources = cl_xml_at(cib, "configuration/resources");
    xmlNode *a = cl_xml_child_with(resources, "primitive", "id", "a");
    xmlNode *meta = xmlNewChild(a, NULL, (const xmlChar *)"meta_attributes", NULL);
    (void)xmlSetProp(meta, (const xmlChar *)"id", (const xmlChar *)"a-meta");
    (void)xmlSetProp(a, (const xmlChar *)"description", (const xmlChar *)"first");
    xmlNode *b = cl_xml_child_with(resources, "primitive", "id", "b");
    xmlUnlinkNode(b);
    xmlFreeNode(b);
}

static const xmlNode *source_of(const xmlNode *patch)
{
    return cl_xml_at(patch, "version/source");
}

static void test_patch(void)
{
    cl_pcmk_status_prepare();
    xmlNode *cib = parse();
    xmlNode *edited = cl_xml_copy(cib);
    g_assert_null(cl_pcmk_patch_new(cib, edited));
    change_a(edited);
    xmlNode *patch = cl_pcmk_patch_new(cib, edited);
    g_assert_nonnull(patch);
    g_assert_cmpstr(cl_xml_get(source_of(patch), "epoch"), ==, "7");
    g_assert_null(cl_xml_get(source_of(patch), "num_updates"));
    g_assert_false(cl_pcmk_patch_is_in(patch, cib));
    g_assert_true(cl_pcmk_patch_is_in(patch, edited));
    g_assert_false(cl_pcmk_patch_deletes_status(patch));

    /* It fits when only the status moved on, and not when the configuration did. */
    (void)xmlSetProp(cib, (const xmlChar *)"num_updates", (const xmlChar *)"99");
    xmlNode *target = cl_pcmk_cib_copy(cib);
    g_assert_cmpint(xml_apply_patchset(target, patch, true), ==, 0);
    g_assert_true(cl_pcmk_patch_is_in(patch, target));
    /* pacemaker-based counts the epoch by itself. */
    g_assert_cmpint(cl_pcmk_version_of(target).epoch, ==, 7);
    (void)xmlSetProp(cib, (const xmlChar *)"epoch", (const xmlChar *)"8");
    xmlNode *newer = cl_pcmk_cib_copy(cib);
    g_assert_cmpint(xml_apply_patchset(newer, patch, true), ==, -pcmk_err_old_data);
    cl_pcmk_cib_free(newer);

    /* Half of it is not it. */
    xmlNode *half = cl_xml_copy(target);
    (void)xmlUnsetProp(
        cl_xml_child_with(cl_xml_at(half, "configuration/resources"), NULL, "id", "a"),
        (const xmlChar *)"description");
    g_assert_false(cl_pcmk_patch_is_in(patch, half));
    cl_xml_free(half);
    cl_pcmk_cib_free(target);
    cl_xml_free(patch);
    cl_xml_free(edited);
    cl_xml_free(cib);
}

/* A patch of one change, by hand. */
static gboolean is_in(const char *change, xmlNode *cib)
{
    g_autofree char *text = g_strconcat("<diff format=\"2\">", change, "</diff>", NULL);
    xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
    g_assert_nonnull(document);
    gboolean is = cl_pcmk_patch_is_in(xmlDocGetRootElement(document), cib);
    xmlFreeDoc(document);
    return is;
}

/* That is all that tells whether a change whose answer was lost has been made. */
static void test_is_in(void)
{
#define AT "/cib/configuration/resources/primitive[@id='a']"
    static const char *const unset =
        "<change operation=\"modify\" path=\"" AT "\"><change-list>"
        "<change-attr name=\"description\" operation=\"unset\"/></change-list>"
        "<change-result><primitive id=\"a\"/></change-result></change>";
    static const char *const to_begin =
        "<change operation=\"move\" path=\"" AT "\" position=\"0\"/>";
    static const char *const to_end = "<change operation=\"move\" path=\"" AT "\" position=\"1\"/>";
    cl_pcmk_status_prepare();
    xmlNode *cib = parse();
    xmlNode *a = cl_xml_child_with(cl_xml_at(cib, "configuration/resources"), NULL, "id", "a");
    g_assert_true(is_in(unset, cib));
    (void)xmlSetProp(a, (const xmlChar *)"description", (const xmlChar *)"still there");
    g_assert_false(is_in(unset, cib));
    g_assert_true(is_in(to_begin, cib));
    g_assert_false(is_in(to_end, cib));
    cl_xml_free(cib);
#undef AT
}

/* What would break the messages of Pacemaker before 2.1.8 is found wherever it is. */
static void test_breaking_patch(void)
{
    static const struct {
        const char *text;
        gboolean breaks;
    } texts[] = {{"<a & 'b' \"c\">", FALSE}, {"f\xc3\xbcr alle", FALSE}, {"\"f\xc3\xbcr", FALSE},
                 {"f\xc3\xbcr \"", TRUE},    {"\xc3\xbc<", TRUE},        {"\xe7\xb6\xb2'", TRUE},
                 {"f\xc3\xbcr >", TRUE},     {"\xc3\xbc&", TRUE},        {"", FALSE}};
    cl_pcmk_status_prepare();
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        xmlNode *cib = parse();
        xmlNode *edited = cl_xml_copy(cib);
        xmlNode *a =
            cl_xml_child_with(cl_xml_at(edited, "configuration/resources"), NULL, "id", "a");
        xmlNode *meta = xmlNewChild(a, NULL, (const xmlChar *)"meta_attributes", NULL);
        (void)xmlSetProp(meta, (const xmlChar *)"id", (const xmlChar *)texts[i].text);
        xmlNode *patch = cl_pcmk_patch_new(cib, edited);
        g_assert_nonnull(patch);
        g_assert_cmpint(cl_pcmk_patch_check(patch, &error), ==, !texts[i].breaks);
        g_assert_cmpuint(error ? error->code : 0, ==, texts[i].breaks ? ERROR_INVALID_DATA : 0);
        cl_xml_free(patch);
        cl_xml_free(edited);
        cl_xml_free(cib);
    }
}

/* As pacemaker-based tells that another CIB of the same version replaced its own. */
static void test_same_version(void)
{
    bool is_configuration = false;
    cl_pcmk_status_prepare();
    xmlNode *cib = parse();
    xmlNode *edited = cl_xml_copy(cib);
    change_a(edited);
    xmlNode *usual = cl_pcmk_patch_new(cib, edited);
    xmlNode *from = cl_pcmk_cib_copy(cib);
    xmlNode *to = cl_pcmk_cib_copy(edited);
    xml_track_changes(to, NULL, NULL, FALSE);
    xml_calculate_changes(from, to);
    xmlNode *patch = xml_create_patchset(2, from, to, &is_configuration, false);
    g_assert_true(cl_pcmk_patch_keeps_version(patch));
    g_assert_false(cl_pcmk_patch_keeps_version(usual));
    g_assert_cmpint(xml_apply_patchset(to, patch, true), ==, -pcmk_err_old_data);
    cl_pcmk_cib_free(patch);
    cl_xml_free(usual);
    cl_pcmk_cib_free(from);
    cl_pcmk_cib_free(to);
    cl_xml_free(edited);
    cl_xml_free(cib);
}

static void test_status_patch(void)
{
    cl_pcmk_status_prepare();
    xmlNode *cib = parse();
    xmlNode *edited = cl_xml_copy(cib);
    xmlNode *history = cl_xml_at(edited, "status/node_state/lrm");
    xmlUnlinkNode(history);
    xmlFreeNode(history);
    xmlNode *patch = cl_pcmk_patch_new(cib, edited);
    g_assert_cmpstr(cl_xml_get(source_of(patch), "num_updates"), ==, "3");
    g_assert_true(cl_pcmk_patch_deletes_status(patch));
    g_assert_true(cl_pcmk_patch_is_in(patch, edited));
    g_assert_false(cl_pcmk_patch_is_in(patch, cib));
    cl_xml_free(patch);
    cl_xml_free(edited);
    cl_xml_free(cib);
}

static char *write_cib(const char *name, const char *epoch)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GString) text = g_string_new(cib_text);
    (void)g_string_replace(text, "epoch=\"7\"", epoch, 1);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    return g_steal_pointer(&path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("engine-XXXXXX", NULL);
    first = write_cib("first.xml", "epoch=\"7\"");
    second = write_cib("second.xml", "epoch=\"8\"");
    g_test_add_func("/engine/the process stays as it was", test_process);
    g_test_add_func("/engine/its model outlives the engine", test_model);
    g_test_add_func("/engine/what is no CIB is refused", test_refused);
    g_test_add_func("/engine/there is one for a process", test_one);
    g_test_add_func("/engine/it begins again, also on another file", test_again);
    g_test_add_func("/engine/it wants the default context", test_context);
    g_test_add_func("/engine/jobs end by their time", test_jobs);
    g_test_add_func("/engine/jobs may be left behind", test_left_jobs);
    g_test_add_func("/engine/it is not changed", test_change);
    g_test_add_func("/engine/a change ends without a model too", test_no_model);
    g_test_add_func("/engine/watchers come and go", test_watchers);
    g_test_add_func("/engine/many threads at once", test_threads);
    g_test_add_func("/engine/patches", test_patch);
    g_test_add_func("/engine/whether a patch is in", test_is_in);
    g_test_add_func("/engine/patches that would break the CIB are found", test_breaking_patch);
    g_test_add_func("/engine/patches of the same version", test_same_version);
    g_test_add_func("/engine/patches of the status", test_status_patch);
    int status = g_test_run();
    (void)g_unlink(first);
    (void)g_unlink(second);
    (void)g_rmdir(directory);
    g_free(first);
    g_free(second);
    g_free(directory);
    return status;
}
