/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules for group sets in a definition, and for what groups and sets depend on: a group is in
 * one set at most, and none waits for itself. Only looks at the definition, apart from what it notes
 * in groups and sets.
 */
#include "definition-internal.h"

/* --- Members ----------------------------------------------------------------------------------- */

static void note_members(ClDefinedGroupSet *set, GPtrArray *mistakes)
{
    for (guint i = 0; set->groups != NULL && i < set->groups->len; i++) {
        ClDefinedGroup *group = set->groups->pdata[i];

        if (group->set != NULL) {
            cl_mistakes_add(mistakes, cl_defined_line(&set->object, "groups"),
                            "\"%s\" is in the group-set of line %u already", group->object.name,
                            cl_defined_line(&group->set->object, ""));
            continue;
        }
        group->set = set;
    }
}

/* --- Circles ----------------------------------------------------------------------------------- */

/* The mark of a group or set: not seen, being looked at, done. */
enum {
    NEW,
    OPEN,
    DONE
};

static guint32 *mark_of(ClDefined *object)
{
    return object->kind == CL_KIND_GROUP ? &((ClDefinedGroup *)object)->mark
                                         : &((ClDefinedGroupSet *)object)->mark;
}

static const GPtrArray *clauses_of(const ClDefined *object)
{
    return object->kind == CL_KIND_GROUP ? ((const ClDefinedGroup *)object)->clauses
                                         : ((const ClDefinedGroupSet *)object)->clauses;
}

/* What an object waits for, as it is written in its section or that of its set. */
typedef struct {
    ClDefined *what;
    guint line;
} Wait;

static void add_clauses(GArray *waits, const ClDefined *object)
{
    const GPtrArray *clauses = clauses_of(object);

    for (guint i = 0; clauses != NULL && i < clauses->len; i++) {
        const GPtrArray *clause = clauses->pdata[i];

        for (guint j = 0; j < clause->len; j++) {
            Wait wait = {clause->pdata[j], cl_defined_line(object, "depends-on")};
            if (wait.what != object) {
                g_array_append_val(waits, wait);
            }
        }
    }
}

/* Whoever waits for a set waits for its groups; a group waits for what its set depends on, and where
 * a set has no groups, for lack of them the set does. */
static GArray *waits_of(const ClDefined *object)
{
    GArray *waits = g_array_new(FALSE, FALSE, sizeof(Wait));
    const GPtrArray *groups = NULL;

    if (object->kind == CL_KIND_GROUPSET) {
        groups = ((const ClDefinedGroupSet *)object)->groups;
    }
    if (groups == NULL || groups->len == 0) {
        add_clauses(waits, object);
    }
    if (object->kind == CL_KIND_GROUP && ((const ClDefinedGroup *)object)->set != NULL) {
        add_clauses(waits, &((const ClDefinedGroup *)object)->set->object);
    }
    for (guint i = 0; groups != NULL && i < groups->len; i++) {
        Wait wait = {groups->pdata[i], cl_defined_line(object, "groups")};
        g_array_append_val(waits, wait);
    }
    return waits;
}

typedef struct {
    ClDefined *object;
    GArray *waits;
    guint next;
} Step;

static void clear_step(gpointer data)
{
    g_array_unref(((Step *)data)->waits);
}

static void enter(GArray *path, ClDefined *object)
{
    Step step = {object, waits_of(object), 0};

    *mark_of(object) = OPEN;
    g_array_append_val(path, step);
}

/* What one line says is a mistake once, however many groups it is about. */
static void report(GHashTable *lines, const ClDefined *object, const Wait *wait,
                   GPtrArray *mistakes)
{
    if (!g_hash_table_add(lines, GUINT_TO_POINTER(wait->line))) {
        return;
    }
    if (object == wait->what) {
        cl_mistakes_add(mistakes, wait->line, "\"%s\" depends on itself", object->name);
    } else {
        cl_mistakes_add(mistakes, wait->line, "\"%s\" waits for this in turn: a circle",
                        wait->what->name);
    }
}

/* Walks without recursion, since a file may hold a chain of any length; meeting what is still open
 * closes a circle. */
static void walk(ClDefined *start, GHashTable *lines, GPtrArray *mistakes)
{
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(Step));

    g_array_set_clear_func(path, clear_step);
    enter(path, start);
    while (path->len > 0) {
        Step *step = &g_array_index(path, Step, path->len - 1);

        if (step->next == step->waits->len) {
            *mark_of(step->object) = DONE;
            g_array_set_size(path, path->len - 1);
            continue;
        }
        const Wait *wait = &g_array_index(step->waits, Wait, step->next);
        step->next++;
        if (*mark_of(wait->what) == OPEN) {
            report(lines, step->object, wait, mistakes);
        } else if (*mark_of(wait->what) == NEW) {
            enter(path, wait->what);
        }
    }
}

static void check_self(const GPtrArray *objects, GPtrArray *mistakes)
{
    for (guint i = 0; i < objects->len; i++) {
        const ClDefined *object = objects->pdata[i];
        const GPtrArray *clauses = clauses_of(object);

        for (guint j = 0; clauses != NULL && j < clauses->len; j++) {
            if (g_ptr_array_find(clauses->pdata[j], object, NULL)) {
                cl_mistakes_add(mistakes, cl_defined_line(object, "depends-on"),
                                "the %s depends on itself", cl_section_kind(object->kind)->word);
            }
        }
    }
}

static void walk_all(const GPtrArray *objects, GHashTable *lines, GPtrArray *mistakes)
{
    for (guint i = 0; i < objects->len; i++) {
        if (*mark_of(objects->pdata[i]) == NEW) {
            walk(objects->pdata[i], lines, mistakes);
        }
    }
}

void cl_definition_check_sets(const ClDefinition *definition, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < definition->sets->len; i++) {
        note_members(definition->sets->pdata[i], mistakes);
    }
    check_self(definition->groups, mistakes);
    check_self(definition->sets, mistakes);
    walk_all(definition->groups, lines, mistakes);
    walk_all(definition->sets, lines, mistakes);
}
