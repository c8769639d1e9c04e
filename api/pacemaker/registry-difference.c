/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changed in the cluster database between two models, as events; of a batch as its commands, too. */
#include "registry.h"

#include <string.h>

#include "properties.h"
#include "xml.h"

typedef struct {
    const ClPcmkModel *before, *after;
    ClNotify tell;
    gpointer data;
    GPtrArray *commands; /* all that changed, as commands from the root */
} Teller;

/* --- Telling ------------------------------------------------------------------------------------ */

static void tell(const Teller *teller, guint64 flag, const char *path, const char *what,
                 const GPtrArray *commands)
{
    const ClEvent event = {.object_type = CLUSTER_OBJECT_TYPE_REGISTRY,
                           .filter_flag = flag,
                           .sequence = teller->after->number,
                           .id = what,
                           .parent_id = "",
                           .name = path,
                           .type = "",
                           .commands = commands};
    teller->tell(&event, teller->data);
}

static void note(const Teller *teller, CLUSTER_REG_COMMAND what, const char *path,
                 const ClPcmkValue *value, guint32 type, GBytes *data)
{
    g_ptr_array_add(teller->commands,
                    cl_registry_reply_new(what, path, value ? value->name : "", type, data));
}

/* A key that is there in any case is no news when something is stored for it. */
static gboolean is_shown(const ClPcmkModel *model, const char *path)
{
    ClPcmkRegistry nothing = {.root = cl_pcmk_key_new()};
    const ClPcmkView view = {.model = model, .registry = &nothing};
    ClPcmkKeyPlace place;
    gboolean found = cl_pcmk_registry_find(&view, path, &place, NULL, NULL);
    cl_pcmk_key_free(nothing.root);
    return found;
}

/* --- Values ------------------------------------------------------------------------------------- */

static gboolean same_value(const ClPcmkValue *a, const ClPcmkValue *b)
{
    return a && b && a->type == b->type && g_bytes_equal(a->data, b->data);
}

static void compare_value(const Teller *teller, const char *path, const ClPcmkValue *before,
                          const ClPcmkValue *after)
{
    if (same_value(before, after)) {
        return;
    }
    if (before) {
        note(teller, CLUSREG_VALUE_DELETED, path, before, before->type, before->data);
    }
    if (after) {
        note(teller, CLUSREG_SET_VALUE, path, after, after->type, after->data);
    } else {
        note(teller, CLUSREG_DELETE_VALUE, path, before, 0, NULL);
    }
    tell(teller, CLUSTER_CHANGE_REGISTRY_VALUE_V2, path, (after ? after : before)->name, NULL);
}

static void compare_values(const Teller *teller, const char *path, const ClPcmkKey *before,
                           const ClPcmkKey *after)
{
    for (guint i = 0; before && i < before->values->len; i++) {
        const ClPcmkValue *value = before->values->pdata[i];
        if (!cl_pcmk_key_value(after, value->name)) {
            compare_value(teller, path, value, NULL);
        }
    }
    for (guint i = 0; i < after->values->len; i++) {
        const ClPcmkValue *value = after->values->pdata[i];
        compare_value(teller, path, before ? cl_pcmk_key_value(before, value->name) : NULL, value);
    }
}

/* --- Keys --------------------------------------------------------------------------------------- */

/* Who watches a key below learns of its end, too. */
static void tell_deleted(const Teller *teller, const ClPcmkKey *key)
{
    g_autofree char *path = cl_pcmk_key_path(key);
    for (guint i = 0; i < key->keys->len; i++) {
        tell_deleted(teller, key->keys->pdata[i]);
    }
    if (!is_shown(teller->before, path)) {
        tell(teller, CLUSTER_CHANGE_REGISTRY_NAME_V2, path, key->name, NULL);
    }
}

static void delete (const Teller *teller, const ClPcmkKey *key)
{
    g_autofree char *path = cl_pcmk_key_path(key);
    note(teller, CLUSREG_DELETE_KEY, path, NULL, 0, NULL);
    tell_deleted(teller, key);
}

static gboolean same_bytes(GBytes *a, GBytes *b)
{
    return a == b || (a && b && g_bytes_equal(a, b));
}

static void compare_key(const Teller *teller, const ClPcmkKey *before, const ClPcmkKey *after);

/* One that was made anew was deleted before. */
static void compare_children(const Teller *teller, const ClPcmkKey *before, const ClPcmkKey *after)
{
    for (guint i = 0; before && i < before->keys->len; i++) {
        const ClPcmkKey *key = before->keys->pdata[i];
        const ClPcmkKey *other = cl_pcmk_key_child(after, key->name);
        if (!other || other->created != key->created) {
            delete (teller, key);
        }
    }
    for (guint i = 0; i < after->keys->len; i++) {
        const ClPcmkKey *key = after->keys->pdata[i];
        const ClPcmkKey *other = before ? cl_pcmk_key_child(before, key->name) : NULL;
        compare_key(teller, other && other->created == key->created ? other : NULL, key);
    }
}

static void compare_key(const Teller *teller, const ClPcmkKey *before, const ClPcmkKey *after)
{
    g_autofree char *path = cl_pcmk_key_path(after);
    if (!before && !is_shown(teller->after, path)) {
        note(teller, CLUSREG_CREATE_KEY, path, NULL, 0, NULL);
        tell(teller, CLUSTER_CHANGE_REGISTRY_NAME_V2, path, after->name, NULL);
    }
    if (!same_bytes(before ? before->security : NULL, after->security)) {
        note(teller, CLUSREG_SET_KEY_SECURITY, path, NULL, 0, after->security);
        tell(teller, CLUSTER_CHANGE_REGISTRY_ATTRIBUTES_V2, path, "", NULL);
    }
    compare_values(teller, path, before, after);
    compare_children(teller, before, after);
}

/* --- Properties --------------------------------------------------------------------------------- */

static const char *text_of(const GPtrArray *properties, const char *name)
{
    const ClProperty *property = cl_properties_find(properties, name);
    return property ? property->text : NULL;
}

/* What only one of them has, or has otherwise; what both have is told with @first alone. */
static void compare_lists(const Teller *teller, const char *path, const GPtrArray *first,
                          const GPtrArray *second, gboolean only_missing)
{
    for (guint i = 0; i < first->len; i++) {
        const ClProperty *property = first->pdata[i];
        const char *other = text_of(second, property->name);
        if (!other || (!only_missing && strcmp(other, property->text) != 0)) {
            tell(teller, CLUSTER_CHANGE_REGISTRY_VALUE_V2, path, property->name, NULL);
        }
    }
}

/* The private properties of an object are values of a key. */
static void compare_parameters(const Teller *teller, const char *kind, const ClPcmkObject *before,
                               const ClPcmkObject *after)
{
    g_autofree char *path = g_strconcat(kind, "\\", after->id, "\\Parameters", NULL);
    g_autoptr(GPtrArray) old = cl_pcmk_private_properties(teller->before, before, FALSE);
    g_autoptr(GPtrArray) new = cl_pcmk_private_properties(teller->after, after, FALSE);
    compare_lists(teller, path, new, old, FALSE);
    compare_lists(teller, path, old, new, TRUE);
}

static void compare_objects(const Teller *teller)
{
    static const struct {
        ClKind kind;
        const char *name;
    } kinds[] = {
        {CL_KIND_GROUP, "Groups"}, {CL_KIND_NODE, "Nodes"}, {CL_KIND_RESOURCE, "Resources"}};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const GPtrArray *objects = cl_pcmk_model_all(teller->after, kinds[i].kind);
        for (guint k = 0; k < objects->len; k++) {
            const ClPcmkObject *after = objects->pdata[k];
            const ClPcmkObject *before =
                cl_pcmk_model_find_id(teller->before, kinds[i].kind, after->id);
            if (before && !cl_xml_equal(before->element, after->element, NULL)) {
                compare_parameters(teller, kinds[i].name, before, after);
            }
        }
    }
}

/* --- Batches ------------------------------------------------------------------------------------ */

/* What is left of a path below another; NULL if it is elsewhere. */
static const char *below(const char *path, const char *above)
{
    gsize length = strlen(above);
    if (length == 0) {
        return path;
    }
    return strncmp(path, above, length) == 0 && (path[length] == '\\' || path[length] == '\0')
               ? path + length + (path[length] == '\\')
               : NULL;
}

static void tell_batch(const Teller *teller, const char *path)
{
    g_autoptr(GPtrArray) commands = cl_registry_commands_new();
    for (guint i = 0; i < teller->commands->len; i++) {
        const ClRegistryCommand *command = teller->commands->pdata[i];
        const char *sub = below(command->key, path);
        if (sub) {
            g_ptr_array_add(commands, cl_registry_reply_new(command->command, sub, command->value,
                                                            command->type, command->data));
        }
    }
    if (commands->len > 0) {
        tell(teller, CL_CHANGE_BATCH, path, "", commands);
    }
}

/* Several on one key between two models are one: what came between them nobody saw. */
static void tell_batches(const Teller *teller, const ClPcmkRegistry *before,
                         const ClPcmkRegistry *after)
{
    const GPtrArray *paths = after->batches;
    guint64 n = after->n_batches > before->n_batches ? after->n_batches - before->n_batches : 0;
    guint first = paths->len - (guint)MIN(n, paths->len);
    for (guint i = first; i < paths->len; i++) {
        gboolean is_last = TRUE;
        for (guint later = i + 1; later < paths->len; later++) {
            is_last = is_last && !g_str_equal(paths->pdata[later], paths->pdata[i]);
        }
        if (is_last) {
            tell_batch(teller, paths->pdata[i]);
        }
    }
}

void cl_pcmk_registry_differences(const ClPcmkModel *before, const ClPcmkModel *after,
                                  ClNotify notify, gpointer data)
{
    const xmlNode *old = cl_pcmk_registry_set(xmlDocGetRootElement(before->cib));
    const xmlNode *new = cl_pcmk_registry_set(xmlDocGetRootElement(after->cib));
    g_autoptr(GPtrArray) commands = cl_registry_commands_new();
    const Teller teller = {before, after, notify, data, commands};
    compare_objects(&teller);
    if (cl_xml_equal(old, new, NULL)) {
        return;
    }
    g_autoptr(ClPcmkRegistry) former = cl_pcmk_registry_parse(xmlDocGetRootElement(before->cib));
    g_autoptr(ClPcmkRegistry) now = cl_pcmk_registry_of(after);
    compare_key(&teller, former->root, now->root);
    tell_batches(&teller, former, now);
}
