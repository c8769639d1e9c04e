/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the back end does to a cluster, on a node of a real one, told by lines on its standard input;
 * acting.sh is at the other end. Each line has one answer, "CODE MS": the Win32 code, and how long it
 * took. Objects are named as the API names them.
 *
 *   online GROUP [NODE]   offline GROUP   move GROUP [NODE]   cancel GROUP   destroy GROUP
 *   start RESOURCE   stop RESOURCE   fail RESOURCE   restart RESOURCE   change RESOURCE GROUP
 *   pause NODE [TARGET]   pause-only NODE   resume NODE [back]   evict NODE
 *   prefer GROUP [NODE...]   possible RESOURCE NODE   impossible RESOURCE NODE
 *   after GROUP GROUP   not-after GROUP GROUP
 *   group NAME   resource GROUP NAME TYPE   delete-group NAME   delete-resource NAME
 *   rename-group NAME NAME   rename-resource NAME NAME   rename-cluster NAME
 *   state GROUP            "STATE NODE" instead
 *   leave                  ends at once, as if killed
 *   quit                   ends
 *
 * The first line is "ok", or what is in the way.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pacemaker/move.h"
#include "pacemaker/pacemaker.h"

#define DEADLINE_MS 20000
#define WORDS_MAX   8

static ClConnection connection = {.granted = CL_ACCESS_ALL};

static ClCall call_of(void)
{
    return (ClCall){g_get_monotonic_time() + DEADLINE_MS * 1000, NULL};
}

typedef struct {
    const char *word;
    ClVerb verb;
    ClKind kind, other;
} Verb;

static const Verb verbs[] = {
    {"online", CL_ACT_ONLINE, CL_KIND_GROUP, CL_KIND_NODE},
    {"offline", CL_ACT_OFFLINE, CL_KIND_GROUP, 0},
    {"move", CL_ACT_MOVE, CL_KIND_GROUP, CL_KIND_NODE},
    {"cancel", CL_ACT_CANCEL, CL_KIND_GROUP, 0},
    {"destroy", CL_ACT_DESTROY, CL_KIND_GROUP, 0},
    {"start", CL_ACT_ONLINE, CL_KIND_RESOURCE, 0},
    {"stop", CL_ACT_OFFLINE, CL_KIND_RESOURCE, 0},
    {"fail", CL_ACT_FAIL, CL_KIND_RESOURCE, 0},
    {"restart", CL_ACT_RESTART, CL_KIND_RESOURCE, 0},
    {"change", CL_ACT_CHANGE_GROUP, CL_KIND_RESOURCE, CL_KIND_GROUP},
    {"pause", CL_ACT_PAUSE, CL_KIND_NODE, CL_KIND_NODE},
    {"pause-only", CL_ACT_PAUSE, CL_KIND_NODE, 0},
    {"resume", CL_ACT_RESUME, CL_KIND_NODE, 0},
    {"evict", CL_ACT_EVICT, CL_KIND_NODE, 0},
    {"prefer", CL_ACT_SET_PREFERRED_OWNERS, CL_KIND_GROUP, CL_KIND_NODE},
    {"possible", CL_ACT_ADD_POSSIBLE_OWNER, CL_KIND_RESOURCE, CL_KIND_NODE},
    {"impossible", CL_ACT_REMOVE_POSSIBLE_OWNER, CL_KIND_RESOURCE, CL_KIND_NODE},
    {"after", CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUP, CL_KIND_GROUP},
    {"not-after", CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUP, CL_KIND_GROUP},
};

/* Of what there is not an object that nothing has the id of. */
static void find(ClKind kind, const char *name, ClObject *object)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection.engine);
    const ClPcmkObject *found = cl_pcmk_model_find(model, kind, name);
    object->kind = kind;
    object->id = g_strdup(found ? found->id : "nothing");
}

static gboolean act(const Verb *verb, char **words, gsize n, guint32 *result, GError **error)
{
    ClObject objects[WORDS_MAX] = {0};
    const ClObject *others[WORDS_MAX] = {0};
    gboolean back = verb->verb == CL_ACT_RESUME && n > 2;
    ClAction action = {.verb = verb->verb,
                       .number = strcmp(verb->word, "pause") == 0 || back ? 1 : 0,
                       .others = others,
                       .n_others = back ? 0 : n - 2};
    ClCall call = call_of();
    find(verb->kind, words[1], &objects[0]);
    for (gsize i = 2; i < n; i++) {
        find(verb->other, words[i], &objects[i - 1]);
        others[i - 2] = &objects[i - 1];
    }
    gboolean done = cl_pcmk_act(&connection, &objects[0], &action, &call, result, error);
    for (gsize i = 0; i < n; i++) {
        g_free(objects[i].id);
    }
    return done;
}

static gboolean create(char **words, gsize n, GError **error)
{
    ClObject group = {0};
    ClNewObject what = {
        .kind = CL_KIND_GROUP, .name = words[1], .group_type = ClusGroupTypeUnknown};
    ClObject *made = NULL;
    ClCall call = call_of();
    if (n == 4) {
        find(CL_KIND_GROUP, words[1], &group);
        what = (ClNewObject){
            .kind = CL_KIND_RESOURCE, .parent = &group, .name = words[2], .type = words[3]};
    }
    gboolean done = cl_pcmk_create(&connection, &what, &call, &made, error);
    if (done) {
        g_free(made->id);
        g_free(made);
    }
    g_free(group.id);
    return done;
}

static gboolean is_cluster(const char *word)
{
    return g_str_has_suffix(word, "-cluster");
}

static gboolean with_object(char **words, guint32 *result, GError **error)
{
    ClObject object = {0};
    ClCall call = call_of();
    const char *name = is_cluster(words[0]) ? words[1] : words[2];
    find(g_str_has_suffix(words[0], "-group") ? CL_KIND_GROUP : CL_KIND_RESOURCE, words[1],
         &object);
    ClObject *which = is_cluster(words[0]) ? NULL : &object;
    gboolean done = g_str_has_prefix(words[0], "delete")
                        ? cl_pcmk_remove(&connection, which, &call, error)
                        : cl_pcmk_rename(&connection, which, name, &call, result, error);
    g_free(object.id);
    return done;
}

static void tell_state(const char *name)
{
    static const char *const words[] = {"online", "offline", "failed", "partial-online", "pending"};
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection.engine);
    const ClPcmkGroup *group = (ClPcmkGroup *)cl_pcmk_model_find(model, CL_KIND_GROUP, name);
    printf("%s %s\n", group && group->object.state >= 0 ? words[group->object.state] : "none",
           group && group->node ? group->node->object.name : "-");
}

static void obey(char **words, gsize n)
{
    g_autoptr(GError) error = NULL;
    guint32 result = ERROR_SUCCESS;
    gint64 begin = g_get_monotonic_time();
    gboolean done = FALSE;
    const Verb *verb = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        verb = strcmp(verbs[i].word, words[0]) == 0 ? &verbs[i] : verb;
    }
    if (strcmp(words[0], "state") == 0) {
        tell_state(words[1]);
        return;
    }
    if (verb != NULL) {
        done = act(verb, words, n, &result, &error);
    } else if (strcmp(words[0], "group") == 0 || strcmp(words[0], "resource") == 0) {
        done = create(words, n, &error);
    } else {
        done = with_object(words, &result, &error);
    }
    printf("%u %.0f%s%s\n", done ? result : (guint32)error->code,
           (double)(g_get_monotonic_time() - begin) / 1000.0, done ? "" : " ",
           done ? "" : error->message);
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    char line[1024];
    ClCall call = call_of();
    setlocale(LC_ALL, "");
    setvbuf(stdout, NULL, _IOLBF, 0);
    connection.engine = cl_pcmk_engine_ref(NULL, &call, &error);
    if (connection.engine == NULL) {
        printf("no engine: %s\n", error->message);
        return 1;
    }
    cl_pcmk_move_begin(connection.engine);
    puts("ok");
    while (fgets(line, sizeof line, stdin) != NULL) {
        g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", WORDS_MAX);
        gsize n = g_strv_length(words);
        if (n > 0 && strcmp(words[0], "leave") == 0) {
            _exit(0);
        }
        if (n < 2) {
            break;
        }
        obey(words, n);
    }
    cl_pcmk_move_end(connection.engine);
    cl_pcmk_engine_unref(connection.engine);
    return 0;
}
