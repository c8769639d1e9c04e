/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A back end for tests: the embedded one, disturbed on command. It stands for a cluster across a
 * network, so all its operations can wait. Any thread runs them, several at a time; a connection
 * owns the embedded one below it, an object the embedded object and the name it was opened by.
 *
 * clusters.conf:
 *   backend=hostile
 *   address=FILE   of the embedded cluster
 *   control=FILE   orders, read again at every operation; none if the file is missing
 *   log=FILE       gets a line OPERATION WHAT for each operation as it begins
 *
 * An order is a line OPERATION WHAT ORDER [NUMBER]; the first whose OPERATION and WHAT match, both
 * with * and ? as in a shell, is obeyed. OPERATION is connect, open, query, properties, enumerate,
 * control, create, remove, rename, set_properties, registry, subscribe, mark, or one of act's verbs as in
 * act:online; WHAT is cluster, or KIND/NAME as in group/web, however the object was asked for; of
 * create it is what is made. The orders:
 *   delay MS   the operation comes later, or fails with ERROR_TIMEOUT at its deadline
 *   fail CODE  it fails with that Win32 code
 *   hang       it ends by its deadline or by being cancelled
 *   deaf MS    it comes later, whatever its deadline is and whether it was cancelled
 *   done CODE  it is carried out, and then fails with that code all the same
 *   unknown    of query: it is carried out, but no state is known
 */
#include "backend.h"

#include <errno.h>
#include <fcntl.h>
#include <gmodule.h>
#include <string.h>
#include <unistd.h>

G_MODULE_EXPORT const ClBackend *cl_backend_module(void);

#define BELOW (&cl_backend_embedded)

struct ClConnection {
    ClConnection *below;
    char *control, *log; /* paths, or NULL */
};

struct ClObject {
    ClObject *below;
    char *what;
};

struct ClSubscription {
    ClSubscription *below;
};

static const char *what_of(const ClObject *object)
{
    return object != NULL ? object->what : "cluster";
}

static const ClObject *below_of(const ClObject *object)
{
    return object != NULL ? object->below : NULL;
}

static const char *kind_word(ClKind kind)
{
    switch (kind) {
    case CL_KIND_NODE:
        return "node";
    case CL_KIND_GROUP:
        return "group";
    case CL_KIND_RESOURCE:
        return "resource";
    case CL_KIND_RESOURCE_TYPE:
        return "type";
    case CL_KIND_NETWORK:
        return "network";
    case CL_KIND_NETINTERFACE:
        return "interface";
    case CL_KIND_GROUPSET:
        return "groupset";
    case CL_KIND_KEY:
        return "key";
    default:
        return "other";
    }
}

/* --- Orders ------------------------------------------------------------------------------------ */

/* Waits until @until (0: for ever) as an operation must: not beyond its deadline, and only until it
 * is cancelled. */
static gboolean wait_politely(gint64 until, const ClCall *call, GError **error)
{
    while (until == 0 || g_get_monotonic_time() < until) {
        if (!cl_call_may_wait(call, error)) {
            return FALSE;
        }
        g_usleep(5000);
    }
    return TRUE;
}

/* The words of the verbs, for orders and the log. */
static const char *verb_word(ClVerb verb)
{
    static const char *const words[] = {
        [CL_ACT_ONLINE] = "act:online",
        [CL_ACT_OFFLINE] = "act:offline",
        [CL_ACT_MOVE] = "act:move",
        [CL_ACT_CANCEL] = "act:cancel",
        [CL_ACT_FAIL] = "act:fail",
        [CL_ACT_RESTART] = "act:restart",
        [CL_ACT_PAUSE] = "act:pause",
        [CL_ACT_RESUME] = "act:resume",
        [CL_ACT_EVICT] = "act:evict",
        [CL_ACT_CHANGE_GROUP] = "act:change-group",
        [CL_ACT_SET_PREFERRED_OWNERS] = "act:set-preferred-owners",
        [CL_ACT_ADD_POSSIBLE_OWNER] = "act:add-possible-owner",
        [CL_ACT_REMOVE_POSSIBLE_OWNER] = "act:remove-possible-owner",
        [CL_ACT_ADD_DEPENDENCY] = "act:add-dependency",
        [CL_ACT_REMOVE_DEPENDENCY] = "act:remove-dependency",
        [CL_ACT_TEST_DEPENDENCY] = "act:test-dependency",
        [CL_ACT_SET_DEPENDENCY_EXPRESSION] = "act:set-dependency-expression",
        [CL_ACT_SET_QUORUM] = "act:set-quorum",
        [CL_ACT_SET_NETWORK_PRIORITY_ORDER] = "act:set-network-priority-order",
        [CL_ACT_ADD_TO_GROUP_SET] = "act:add-to-group-set",
        [CL_ACT_REMOVE_FROM_GROUP_SET] = "act:remove-from-group-set",
        [CL_ACT_BACK_UP] = "act:back-up",
        [CL_ACT_SYNC_DATABASE] = "act:sync-database",
        [CL_ACT_DESTROY] = "act:destroy",
        [CL_ACT_ADD_TO_SHARED_VOLUMES] = "act:add-to-shared-volumes",
        [CL_ACT_REMOVE_FROM_SHARED_VOLUMES] = "act:remove-from-shared-volumes",
        [CL_ACT_UPGRADE] = "act:upgrade",
        [CL_ACT_SET_NODE_STATE] = "act:set-node-state",
    };
    const char *word = (gsize)verb < G_N_ELEMENTS(words) ? words[verb] : NULL;
    return word != NULL ? word : "act:other";
}

static gboolean carry_out(const char *order, guint64 number, const ClCall *call, GError **error)
{
    if (strcmp(order, "delay") == 0) {
        return wait_politely(g_get_monotonic_time() + (gint64)number * 1000, call, error);
    }
    if (strcmp(order, "hang") == 0) {
        return wait_politely(0, call, error);
    }
    if (strcmp(order, "deaf") == 0) {
        g_usleep(number * 1000);
        return TRUE;
    }
    if (strcmp(order, "fail") == 0) {
        return cl_fail(error, (DWORD)number, "ordered to fail");
    }
    /* Obeyed by fails_after_all() and query(). */
    if (strcmp(order, "done") == 0 || strcmp(order, "unknown") == 0) {
        return TRUE;
    }
    return cl_fail(error, ERROR_INVALID_DATA, "there is no order \"%s\"", order);
}

/* Obeys @line if it is meant for this operation; TRUE in @ret_done if it was. */
static gboolean obey_line(const char *line, const char *operation, const char *what,
                          const ClCall *call, gboolean *ret_done, GError **error)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 4);
    *ret_done = FALSE;
    if (g_strv_length(words) < 3 || !g_pattern_match_simple(words[0], operation) ||
        !g_pattern_match_simple(words[1], what)) {
        return TRUE;
    }
    *ret_done = TRUE;
    guint64 number = words[3] != NULL ? g_ascii_strtoull(words[3], NULL, 10) : 0;
    return carry_out(words[2], number, call, error);
}

static void note(const char *log, const char *operation, const char *what)
{
    g_autofree char *escaped = g_strescape(what, NULL);
    g_autofree char *line = g_strdup_printf("%s %s\n", operation, escaped);
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0 || write(file, line, strlen(line)) < 0) {
        g_warning("cannot write to %s: %s", log, g_strerror(errno));
    }
    if (file >= 0) {
        close(file);
    }
}

static gboolean obey(const ClConnection *connection, const char *operation, const char *what,
                     const ClCall *call, GError **error)
{
    g_autofree char *orders = NULL;
    gboolean done = FALSE;
    gboolean ok = TRUE;
    if (connection->log != NULL) {
        note(connection->log, operation, what);
    }
    if (connection->control == NULL ||
        !g_file_get_contents(connection->control, &orders, NULL, NULL)) {
        return TRUE;
    }
    g_auto(GStrv) lines = g_strsplit(orders, "\n", -1);
    for (char **line = lines; ok && !done && *line != NULL; line++) {
        ok = obey_line(*line, operation, what, call, &done, error);
    }
    return ok;
}

/* Whether @order is to be obeyed after the operation was carried out; its number in @ret_number. */
static gboolean is_ordered(const ClConnection *connection, const char *operation, const char *what,
                           const char *order, guint64 *ret_number)
{
    g_autofree char *orders = NULL;
    if (connection->control == NULL ||
        !g_file_get_contents(connection->control, &orders, NULL, NULL)) {
        return FALSE;
    }
    g_auto(GStrv) lines = g_strsplit(orders, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) words = g_strsplit(*line, " ", 4);
        if (g_strv_length(words) >= 3 && strcmp(words[2], order) == 0 &&
            g_pattern_match_simple(words[0], operation) && g_pattern_match_simple(words[1], what)) {
            *ret_number = words[3] != NULL ? g_ascii_strtoull(words[3], NULL, 10) : 0;
            return TRUE;
        }
    }
    return FALSE;
}

/* As when the answer is lost on its way. */
static gboolean fails_after_all(const ClConnection *connection, const char *operation,
                                const char *what, GError **error)
{
    guint64 code;
    return is_ordered(connection, operation, what, "done", &code) &&
           !cl_fail(error, (DWORD)code, "ordered to fail");
}

static gboolean obey_for(const ClConnection *connection, const char *operation,
                         const ClObject *object, const ClCall *call, GError **error)
{
    return obey(connection, operation, what_of(object), call, error);
}

/* --- Operations -------------------------------------------------------------------------------- */

static void disconnect(ClConnection *connection)
{
    if (connection->below != NULL) {
        BELOW->disconnect(connection->below);
    }
    g_free(connection->control);
    g_free(connection->log);
    g_free(connection);
}

static gboolean connect_below(const ClTarget *target, ClAccess wanted, const ClCall *call,
                              ClConnection **ret_connection, ClAccess *ret_granted, GError **error)
{
    ClConnection *connection = g_new0(ClConnection, 1);
    connection->control = g_strdup(g_hash_table_lookup(target->options, "control"));
    connection->log = g_strdup(g_hash_table_lookup(target->options, "log"));
    if (!obey(connection, "connect", "cluster", call, error) ||
        !BELOW->connect(target, wanted, call, &connection->below, ret_granted, error)) {
        disconnect(connection);
        return FALSE;
    }
    *ret_connection = connection;
    return TRUE;
}

/* The name of an object, however it was asked for. */
static char *name_of(ClConnection *connection, const ClObject *below, const char *asked,
                     const ClCall *call)
{
    g_auto(ClFacts) facts = {0};
    if (!BELOW->query(connection->below, below, CL_FACT_NAME, call, &facts, NULL)) {
        return g_strdup(asked);
    }
    return g_steal_pointer(&facts.name);
}

static gboolean open_below(ClConnection *connection, ClKind kind, const char *name, ClAccess wanted,
                           const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                           GError **error)
{
    ClObject *below = NULL;
    g_autoptr(GError) cause = NULL;
    g_autofree char *own = NULL;
    g_autofree char *what = NULL;
    if (BELOW->open(connection->below, kind, name, wanted, call, &below, ret_granted, &cause)) {
        own = name_of(connection, below, name, call);
    }
    what = g_strconcat(kind_word(kind), "/", below != NULL ? own : name, NULL);
    if (!obey(connection, "open", what, call, error)) {
        if (below != NULL) {
            BELOW->close(connection->below, below);
        }
        return FALSE;
    }
    if (below == NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    ClObject *object = g_new(ClObject, 1);
    object->below = below;
    object->what = g_steal_pointer(&what);
    *ret_object = object;
    return TRUE;
}

static void close_below(ClConnection *connection, ClObject *object)
{
    BELOW->close(connection->below, object->below);
    g_free(object->what);
    g_free(object);
}

static gboolean query(ClConnection *connection, const ClObject *object, guint32 facts,
                      const ClCall *call, ClFacts *ret_facts, GError **error)
{
    guint64 unused;
    if (!obey_for(connection, "query", object, call, error) ||
        !BELOW->query(connection->below, below_of(object), facts, call, ret_facts, error)) {
        return FALSE;
    }
    if (facts & CL_FACT_STATE &&
        is_ordered(connection, "query", what_of(object), "unknown", &unused)) {
        ret_facts->state = -1;
    }
    return TRUE;
}

static gboolean properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                           const ClCall *call, GPtrArray **ret_properties, GError **error)
{
    return obey_for(connection, "properties", object, call, error) &&
           BELOW->properties(connection->below, below_of(object), set, call, ret_properties, error);
}

static gboolean enumerate(ClConnection *connection, const ClObject *object,
                          const ClEnumRequest *request, const ClCall *call, ClItems **ret_items,
                          GError **error)
{
    return obey_for(connection, "enumerate", object, call, error) &&
           BELOW->enumerate(connection->below, below_of(object), request, call, ret_items, error);
}

static gboolean control(ClConnection *connection, const ClObject *object, const ClControl *request,
                        const ClCall *call, GBytes **ret_out, gsize *ret_needed,
                        guint32 *ret_result, GError **error)
{
    ClControl below = *request;
    below.host = below_of(request->host);
    return obey_for(connection, "control", object, call, error) &&
           BELOW->control(connection->below, below_of(object), &below, call, ret_out, ret_needed,
                          ret_result, error);
}

/* --- Operations that change something ---------------------------------------------------------- */

static gboolean create(ClConnection *connection, const ClNewObject *what, const ClCall *call,
                       ClObject **ret_object, GError **error)
{
    ClNewObject below = *what;
    ClObject *made = NULL;
    g_autofree char *name = g_strconcat(kind_word(what->kind), "/", what->name, NULL);
    below.parent = below_of(what->parent);
    if (!obey(connection, "create", name, call, error) ||
        !BELOW->create(connection->below, &below, call, &made, error)) {
        return FALSE;
    }
    if (fails_after_all(connection, "create", name, error)) {
        BELOW->close(connection->below, made);
        return FALSE;
    }
    ClObject *object = g_new(ClObject, 1);
    object->below = made;
    object->what = g_steal_pointer(&name);
    *ret_object = object;
    return TRUE;
}

static gboolean remove_below(ClConnection *connection, const ClObject *object, const ClCall *call,
                             GError **error)
{
    return obey_for(connection, "remove", object, call, error) &&
           BELOW->remove(connection->below, below_of(object), call, error) &&
           !fails_after_all(connection, "remove", what_of(object), error);
}

static gboolean rename_below(ClConnection *connection, const ClObject *object, const char *name,
                             const ClCall *call, guint32 *ret_result, GError **error)
{
    return obey_for(connection, "rename", object, call, error) &&
           BELOW->rename(connection->below, below_of(object), name, call, ret_result, error) &&
           !fails_after_all(connection, "rename", what_of(object), error);
}

static gboolean act(ClConnection *connection, const ClObject *object, const ClAction *action,
                    const ClCall *call, guint32 *ret_result, GError **error)
{
    const char *word = verb_word(action->verb);
    g_autofree const ClObject **others = g_new0(const ClObject *, action->n_others);
    ClAction below = *action;
    for (gsize i = 0; i < action->n_others; i++) {
        others[i] = below_of(action->others[i]);
    }
    below.others = others;
    return obey_for(connection, word, object, call, error) &&
           BELOW->act(connection->below, below_of(object), &below, call, ret_result, error) &&
           !fails_after_all(connection, word, what_of(object), error);
}

static gboolean set_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                               const GPtrArray *list, gboolean only_validate, const ClCall *call,
                               guint32 *ret_result, GError **error)
{
    return obey_for(connection, "set_properties", object, call, error) &&
           BELOW->set_properties(connection->below, below_of(object), set, list, only_validate,
                                 call, ret_result, error) &&
           !fails_after_all(connection, "set_properties", what_of(object), error);
}

static gboolean registry(ClConnection *connection, const ClObject *key, const ClRegistryWork *work,
                         const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                         GError **error)
{
    if (!obey_for(connection, "registry", key, call, error)) {
        return FALSE;
    }
    if (BELOW->registry == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster below has no database");
    }
    return BELOW->registry(connection->below, below_of(key), work, call, ret_replies, ret_failed,
                           error) &&
           !fails_after_all(connection, "registry", what_of(key), error);
}

static gboolean subscribe(ClConnection *connection, const ClObject *object, guint32 object_type,
                          guint64 filter_flags, ClNotify notify, gpointer user_data,
                          const ClCall *call, ClSubscription **ret_subscription, GError **error)
{
    ClSubscription *below = NULL;
    if (!obey_for(connection, "subscribe", object, call, error) ||
        !BELOW->subscribe(connection->below, below_of(object), object_type, filter_flags, notify,
                          user_data, call, &below, error)) {
        return FALSE;
    }
    ClSubscription *subscription = g_new(ClSubscription, 1);
    subscription->below = below;
    *ret_subscription = subscription;
    return TRUE;
}

static void unsubscribe(ClConnection *connection, ClSubscription *subscription)
{
    BELOW->unsubscribe(connection->below, subscription->below);
    g_free(subscription);
}

static gboolean mark(ClConnection *connection, ClMarked done, gpointer user_data,
                     const ClCall *call, GError **error)
{
    return obey_for(connection, "mark", NULL, call, error) &&
           BELOW->mark(connection->below, done, user_data, call, error);
}

static const ClBackend hostile = {
    .name = "hostile",
    .reads_wait = TRUE,
    .writes_wait = TRUE,
    .connect = connect_below,
    .disconnect = disconnect,
    .open = open_below,
    .close = close_below,
    .query = query,
    .properties = properties,
    .enumerate = enumerate,
    .control = control,
    .create = create,
    .remove = remove_below,
    .rename = rename_below,
    .act = act,
    .set_properties = set_properties,
    .registry = registry,
    .subscribe = subscribe,
    .unsubscribe = unsubscribe,
    .mark = mark,
};

const ClBackend *cl_backend_module(void)
{
    return &hostile;
}
