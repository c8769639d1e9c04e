/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looks at each new model for what is over of all that is there only until something has happened, and
 * has it removed. The watcher belongs to the process; it looks on the engine's thread, and a thread of
 * its own makes the changes, since they wait. Its lock is held across neither.
 */
#include "move.h"

#include <string.h>

#include "act.h"
#include "edit.h"
#include "remove.h"

/* How long something may not get on; and how long a failure may be one of before. */
#define STUCK_US  (15 * G_USEC_PER_SEC)
#define FAILED_US (3 * G_USEC_PER_SEC)

/* How much later than its own a service looks after those of others. */
#define DC_US     G_USEC_PER_SEC
#define OTHERS_US (3 * G_USEC_PER_SEC)

/* When it is tried again, and how long it may take. */
#define AGAIN_US  (2 * G_USEC_PER_SEC)
#define CHANGE_US (10 * G_USEC_PER_SEC)

/* --- What there is ---------------------------------------------------------------------------- */

static gboolean has_prefix(const xmlNode *element, const char *prefix)
{
    const char *id = cl_xml_get(element, "id");
    return id != NULL && g_str_has_prefix(id, prefix);
}

gboolean cl_pcmk_move_is(const xmlNode *location)
{
    return cl_xml_is(location, "rsc_location") &&
           (has_prefix(location, CL_PCMK_MOVE_PREFIX) || has_prefix(location, "cli-prefer-"));
}

const char *cl_pcmk_owner(const xmlNode *cib, const char *group)
{
    g_autofree char *name = g_strconcat(CL_PCMK_OWNER_PREFIX, group, NULL);
    return cl_edit_property(cib, CL_PCMK_OWNERS, name);
}

void cl_pcmk_owner_keep(xmlNode *cib, const char *group, const char *node)
{
    g_autofree char *name = g_strconcat(CL_PCMK_OWNER_PREFIX, group, NULL);
    cl_edit_set_property(cib, CL_PCMK_OWNERS, name, node);
}

/* The group that a property is for, or NULL. */
static const char *owned_group(const xmlNode *property)
{
    const char *name = cl_xml_is(property, "nvpair") ? cl_xml_get(property, "name") : NULL;
    gboolean is = name != NULL && g_str_has_prefix(name, CL_PCMK_OWNER_PREFIX);
    return is ? name + strlen(CL_PCMK_OWNER_PREFIX) : NULL;
}

static const xmlNode *node_expression(const xmlNode *location, const char *operation)
{
    for (const xmlNode *rule = cl_xml_first(location, "rule"); rule != NULL;
         rule = cl_xml_next(rule, "rule")) {
        const xmlNode *expression = cl_xml_child_with(rule, "expression", "operation", operation);
        if (expression != NULL && !g_str_has_prefix(cl_xml_get(rule, "score") ?: "", "-")) {
            return expression;
        }
    }
    return NULL;
}

const char *cl_pcmk_move_target(const xmlNode *location)
{
    const char *node = cl_xml_get(location, "node");
    return node != NULL ? node : cl_xml_get(node_expression(location, "eq"), "value");
}

/* Where the group was, of a move to anywhere else. */
static const char *source_of(const xmlNode *location)
{
    const xmlNode *away = node_expression(location, "ne");
    const xmlNode *rule = cl_xml_first(location, "rule");
    return cl_xml_get(away != NULL ? away : cl_xml_first(rule, "expression"), "value");
}

static gboolean is_temporary(const xmlNode *element)
{
    return owned_group(element) != NULL ||
           (cl_xml_is(element, "rsc_location") && has_prefix(element, CL_PCMK_MOVE_PREFIX)) ||
           (cl_xml_is(element, "meta_attributes") && (has_prefix(element, CL_PCMK_RESTART_PREFIX) ||
                                                      has_prefix(element, CL_PCMK_DESTROY_PREFIX)));
}

static void collect_below(xmlNode *parent, GPtrArray *found)
{
    for (xmlNode *at = cl_xml_first(parent, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
        if (is_temporary(at)) {
            g_ptr_array_add(found, at);
        } else if (cl_xml_is(at, "primitive") || cl_xml_is(at, "group") || cl_xml_is(at, "clone") ||
                   cl_xml_is(at, "master") || cl_xml_is(at, "bundle")) {
            collect_below(at, found);
        }
    }
}

char *cl_pcmk_move_key(const xmlNode *element)
{
    g_autoptr(GString) key = g_string_new(cl_xml_get(element, "id"));
    for (const xmlNode *rule = cl_xml_first(element, "rule"); rule != NULL;
         rule = cl_xml_next(rule, "rule")) {
        for (const xmlNode *at = cl_xml_first(rule, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
            const char *what = cl_xml_get(at, cl_xml_is(at, "expression") ? "value" : "end");
            g_string_append_printf(key, " %s %s", cl_xml_get(at, "operation"), what);
        }
    }
    return g_string_free(g_steal_pointer(&key), FALSE);
}

/* Elements; they stay the tree's. */
static GPtrArray *collect(const xmlNode *cib)
{
    GPtrArray *found = g_ptr_array_new();
    collect_below(cl_xml_at(cib, "configuration/resources"), found);
    collect_below(cl_xml_at(cib, "configuration/constraints"), found);
    collect_below(cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"),
                                    "cluster_property_set", "id", CL_PCMK_OWNERS),
                  found);
    return found;
}

/* --- How far it is ---------------------------------------------------------------------------- */

typedef enum {
    GOES_ON,
    STUCK,  /* nothing happens: not yet, or not at all */
    FAILED, /* or has failed before, which is to be forgotten */
    OVER
} Verdict;

/* Real time, or the end of time. */
static gint64 end_of(const xmlNode *element)
{
    const xmlNode *until = cl_xml_at(element, "rule/date_expression");
    const char *text = cl_xml_get(until, "end");
    g_autoptr(GDateTime) end = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    return end ? g_date_time_to_unix(end) * G_USEC_PER_SEC : G_MAXINT64;
}

static const ClPcmkGroup *find_group(const ClPcmkModel *model, const char *xml_id)
{
    for (guint i = 0; xml_id != NULL && i < model->groups->len; i++) {
        const ClPcmkGroup *group = model->groups->pdata[i];
        if (g_strcmp0(group->xml_id, xml_id) == 0) {
            return group;
        }
    }
    return NULL;
}

static gboolean is_busy(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        if (cl_pcmk_is_pending(group->resources->pdata[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean restarts(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        for (const xmlNode *set = cl_xml_first(resource->object.element, "meta_attributes");
             set != NULL; set = cl_xml_next(set, "meta_attributes")) {
            if (has_prefix(set, CL_PCMK_RESTART_PREFIX)) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* All that is to run runs where it should. */
static gboolean has_arrived(const ClPcmkGroup *group, const ClPcmkNode *target, const char *source)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        const char *at = resource->node ? resource->node->object.name : NULL;
        gboolean there = target != NULL ? resource->node == target : g_strcmp0(at, source) != 0;
        if (resource->active ? !there : resource->wanted) {
            return FALSE;
        }
    }
    return TRUE;
}

/* There; or everywhere, or where nothing can stop it. */
static gboolean has_failed(const ClPcmkGroup *group, const ClPcmkNode *target)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->blocked || (resource->failed && !resource->active)) {
            return TRUE;
        }
        for (guint k = 0; k < resource->fail_counts->len; k++) {
            const ClPcmkFailCount *failures = resource->fail_counts->pdata[k];
            if (failures->node == target && failures->count > 0) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static Verdict judge_move(const ClPcmkModel *model, const xmlNode *location)
{
    const ClPcmkGroup *group = find_group(model, cl_xml_get(location, "rsc"));
    const char *name = cl_pcmk_move_target(location);
    const ClPcmkNode *target =
        name ? (ClPcmkNode *)cl_pcmk_model_find(model, CL_KIND_NODE, name) : NULL;
    if (group == NULL || (!group->wanted && !cl_pcmk_has_active(group))) {
        return OVER;
    }
    if (is_busy(group) || restarts(group)) {
        return GOES_ON;
    }
    if (has_arrived(group, target, source_of(location)) && (target != NULL || name == NULL)) {
        return OVER;
    }
    if (name != NULL && (target == NULL || target->object.state != ClusterNodeUp)) {
        return OVER;
    }
    return has_failed(group, target) ? FAILED : STUCK;
}

static Verdict judge_restart(const ClPcmkModel *model, const char *xml_id)
{
    const ClPcmkResource *resource = cl_pcmk_model_resource_of_xml(model, xml_id, NULL);
    if (resource == NULL || resource->blocked) {
        return OVER;
    }
    if (cl_pcmk_is_pending(resource)) {
        return GOES_ON;
    }
    return resource->active ? STUCK : OVER;
}

static gboolean is_blocked(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->blocked) {
            return TRUE;
        }
    }
    return FALSE;
}

static Verdict judge_destruction(const ClPcmkModel *model, const char *xml_id)
{
    const ClPcmkGroup *group = find_group(model, xml_id);
    if (group == NULL || !cl_pcmk_has_active(group) || is_blocked(group)) {
        return OVER;
    }
    return is_busy(group) ? GOES_ON : STUCK;
}

static Verdict judge_owner(const ClPcmkModel *model, const xmlNode *property)
{
    const ClPcmkGroup *group = find_group(model, owned_group(property));
    gboolean meant = group != NULL && !cl_pcmk_has_active(group) &&
                     cl_pcmk_model_node_of_uuid(model, cl_xml_get(property, "value")) != NULL;
    return meant ? GOES_ON : OVER;
}

static Verdict judge(const ClPcmkModel *model, const xmlNode *element, gint64 now)
{
    const char *owner = cl_xml_get(element->parent, "id");
    if (owned_group(element) != NULL) {
        return judge_owner(model, element);
    }
    if (now >= end_of(element)) {
        return OVER;
    }
    if (has_prefix(element, CL_PCMK_RESTART_PREFIX)) {
        return judge_restart(model, owner);
    }
    return has_prefix(element, CL_PCMK_DESTROY_PREFIX) ? judge_destruction(model, owner)
                                                       : judge_move(model, element);
}

/* --- The edit --------------------------------------------------------------------------------- */

static gboolean is_among(const char *const *keys, const xmlNode *element)
{
    g_autofree char *key = cl_pcmk_move_key(element);
    return keys == NULL || g_strv_contains(keys, key);
}

/* A group that is to go and cannot be stopped stays as it was. */
static void end(ClPcmkAct *act, xmlNode *element)
{
    const ClPcmkGroup *group = has_prefix(element, CL_PCMK_DESTROY_PREFIX)
                                   ? find_group(act->model, cl_xml_get(element->parent, "id"))
                                   : NULL;
    if (group != NULL && !cl_pcmk_has_active(group)) {
        cl_pcmk_delete_group(act, group);
    } else if (owned_group(element) != NULL) {
        g_autofree char *owned = g_strdup(owned_group(element));
        cl_pcmk_owner_keep(act->cib, owned, NULL);
    } else {
        cl_edit_remove(element);
    }
}

gboolean cl_pcmk_move_tidy(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    ClPcmkTidying *tidying = data;
    g_autoptr(GPtrArray) found = collect(cib);
    (void)error;
    g_clear_pointer(&tidying->requests, g_ptr_array_unref);
    tidying->requests = g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_request_free);
    ClPcmkAct act = {.cib = cib, .model = model, .requests = tidying->requests};
    /* Moves first: of a group that is deleted they go with it. */
    for (guint i = found->len; i > 0; i--) {
        xmlNode *element = found->pdata[i - 1];
        Verdict verdict =
            is_among(tidying->keys, element) ? judge(model, element, tidying->now) : GOES_ON;
        if (verdict == OVER || (verdict != GOES_ON && !tidying->patient)) {
            end(&act, element);
        }
    }
    return TRUE;
}

/* --- The watcher ------------------------------------------------------------------------------ */

typedef struct {
    Verdict verdict;
    gint64 due; /* monotonic time at which it is removed; 0: it goes on */
} Tracked;

static GMutex lock; /* guards what follows */
static struct {
    ClPcmkEngine *engine; /* NULL: nobody watches */
    GHashTable *tracked;  /* key to Tracked */
    GHashTable *own;      /* keys */
    GThreadPool *worker;  /* its tasks are GStrv of keys */
    GCancellable *ending; /* cancelled when the worker is to end */
    GSource *timer;
    int epoch, admin_epoch; /* of the model that was looked at last */
} watcher;

static void arm(void);

void cl_pcmk_move_own(const char *key, gboolean owns)
{
    g_mutex_lock(&lock);
    if (watcher.engine != NULL && owns) {
        g_hash_table_add(watcher.own, g_strdup(key));
    } else if (watcher.engine != NULL) {
        g_hash_table_remove(watcher.own, key);
    }
    g_mutex_unlock(&lock);
}

/* The worker: what has failed is tried again when the timer comes to it. */
static void tidy(gpointer task, gpointer data)
{
    g_auto(GStrv) keys = task;
    GCancellable *ending = data;
    g_mutex_lock(&lock);
    ClPcmkEngine *engine = watcher.engine;
    g_mutex_unlock(&lock);
    if (engine == NULL) {
        return;
    }
    ClPcmkTidying tidying = {.now = g_get_real_time(), .keys = (const char *const *)keys};
    ClCall call = {.deadline = g_get_monotonic_time() + CHANGE_US, .cancellable = ending};
    g_autoptr(GError) failure = NULL;
    if (!cl_pcmk_engine_change(engine, cl_pcmk_move_tidy, &tidying, NULL, &call, &failure) ||
        !cl_pcmk_controller_ask(engine, tidying.requests, &call, &failure)) {
        g_debug("what is over is still in the CIB: %s", failure->message);
    }
    g_clear_pointer(&tidying.requests, g_ptr_array_unref);
}

/* On the engine's thread. */
static gboolean on_time(gpointer unused)
{
    g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
    GHashTableIter iterator;
    gpointer key, value;
    gint64 now = g_get_monotonic_time();
    gboolean any = FALSE;
    (void)unused;
    g_mutex_lock(&lock);
    g_clear_pointer(&watcher.timer, g_source_unref);
    if (watcher.engine != NULL) {
        g_hash_table_iter_init(&iterator, watcher.tracked);
        while (g_hash_table_iter_next(&iterator, &key, &value)) {
            Tracked *tracked = value;
            if (tracked->due != 0 && tracked->due <= now) {
                g_strv_builder_add(keys, key);
                tracked->due = now + AGAIN_US;
                any = TRUE;
            }
        }
        if (any) {
            g_thread_pool_push(watcher.worker, g_strv_builder_end(keys), NULL);
        }
        arm();
    }
    g_mutex_unlock(&lock);
    return G_SOURCE_REMOVE;
}

/* The lock is held. On the engine's thread, whose context is the default one. */
static void arm(void)
{
    GHashTableIter iterator;
    gpointer value;
    gint64 first = G_MAXINT64;
    g_hash_table_iter_init(&iterator, watcher.tracked);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        const Tracked *tracked = value;
        first = tracked->due != 0 ? MIN(first, tracked->due) : first;
    }
    if (watcher.timer != NULL) {
        g_source_destroy(watcher.timer);
        g_clear_pointer(&watcher.timer, g_source_unref);
    }
    if (first != G_MAXINT64) {
        gint64 wait = MAX(0, first - g_get_monotonic_time());
        watcher.timer = g_timeout_source_new((guint)(wait / 1000 + 1));
        g_source_set_callback(watcher.timer, on_time, NULL, NULL);
        g_source_attach(watcher.timer, NULL);
    }
}

/* Its own at once, those of others later, and one after the other. */
static gint64 delay_of(const ClPcmkModel *model, const char *key)
{
    guint place = 0;
    if (g_hash_table_contains(watcher.own, key)) {
        return 0;
    }
    if (model->local != NULL && g_strcmp0(model->dc, model->local->object.name) == 0) {
        return DC_US;
    }
    (void)g_ptr_array_find(model->nodes, model->local, &place);
    return OTHERS_US + place * DC_US;
}

static void track(const ClPcmkModel *model, const xmlNode *element, GHashTable *before)
{
    static const gint64 patience[] = {[STUCK] = STUCK_US, [FAILED] = FAILED_US, [OVER] = 0};
    char *key = cl_pcmk_move_key(element);
    Tracked *tracked = g_new0(Tracked, 1);
    const Tracked *known = g_hash_table_lookup(before, key);
    gint64 wait = delay_of(model, key);
    tracked->verdict = judge(model, element, g_get_real_time());
    if (known != NULL && known->verdict == tracked->verdict) {
        tracked->due = known->due;
    } else if (tracked->verdict != GOES_ON) {
        wait += patience[tracked->verdict];
        tracked->due = g_get_monotonic_time() + wait;
    }
    g_hash_table_insert(watcher.tracked, key, tracked);
}

static void track_all(const ClPcmkModel *model)
{
    g_autoptr(GPtrArray) found = collect(xmlDocGetRootElement(model->cib));
    g_autoptr(GHashTable) before = g_steal_pointer(&watcher.tracked);
    GHashTableIter iterator;
    gpointer key;
    watcher.tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < found->len; i++) {
        track(model, found->pdata[i], before);
    }
    g_hash_table_iter_init(&iterator, watcher.own);
    while (g_hash_table_iter_next(&iterator, &key, NULL)) {
        if (g_hash_table_contains(before, key) && !g_hash_table_contains(watcher.tracked, key)) {
            g_hash_table_iter_remove(&iterator);
        }
    }
    arm();
}

/* Of a model that is only the last word nothing follows. */
static void on_published(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data)
{
    (void)before, (void)data;
    g_mutex_lock(&lock);
    gboolean same = model->epoch == watcher.epoch && model->admin_epoch == watcher.admin_epoch;
    if (watcher.engine != NULL && model->connected && model->cib != NULL &&
        (!same || g_hash_table_size(watcher.tracked) > 0)) {
        watcher.epoch = model->epoch;
        watcher.admin_epoch = model->admin_epoch;
        track_all(model);
    }
    g_mutex_unlock(&lock);
}

void cl_pcmk_move_begin(ClPcmkEngine *engine)
{
    g_mutex_lock(&lock);
    watcher.engine = engine;
    watcher.epoch = watcher.admin_epoch = -1;
    watcher.tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    watcher.own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    watcher.ending = g_cancellable_new();
    watcher.worker = g_thread_pool_new(tidy, watcher.ending, 1, FALSE, NULL);
    g_mutex_unlock(&lock);
    cl_pcmk_engine_watch(engine, on_published, &watcher);
}

void cl_pcmk_move_end(ClPcmkEngine *engine)
{
    g_mutex_lock(&lock);
    gboolean watches = watcher.engine != NULL;
    g_mutex_unlock(&lock);
    if (!watches) {
        return;
    }
    cl_pcmk_engine_unwatch(engine, &watcher);
    g_mutex_lock(&lock);
    GThreadPool *worker = g_steal_pointer(&watcher.worker);
    g_autoptr(GCancellable) ending = g_steal_pointer(&watcher.ending);
    if (watcher.timer != NULL) {
        g_source_destroy(watcher.timer);
        g_clear_pointer(&watcher.timer, g_source_unref);
    }
    g_clear_pointer(&watcher.tracked, g_hash_table_unref);
    g_clear_pointer(&watcher.own, g_hash_table_unref);
    watcher.engine = NULL;
    g_mutex_unlock(&lock);
    g_cancellable_cancel(ending);
    g_thread_pool_free(worker, FALSE, TRUE);
}
