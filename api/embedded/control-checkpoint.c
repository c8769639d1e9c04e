/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The checkpoints of a resource: names of registry keys and of key containers that a Windows
 * cluster copies from node to node with the resource. Nodes in one file have nothing to copy; the
 * lists are kept where Windows keeps them, as values of keys below the resource's own: RegSync and
 * CryptoSync, whose values are named by numbers. Runs with a reader, or within a change.
 */
#include "control.h"
#include "events.h"
#include "property-list.h"
#include "registry.h"
#include "text.h"

#include <string.h>

#define REGISTRY_KEY "RegSync"
#define CRYPTO_KEY   "CryptoSync"

/* Of the name of a key, in 16-bit units. */
#define KEY_NAME_MAX 255

/* --- The list ----------------------------------------------------------------------------------- */

typedef struct {
    char *value; /* the name of the value that holds it */
    char *text;
} Checkpoint;

static void checkpoint_free(gpointer data)
{
    Checkpoint *checkpoint = data;
    g_free(checkpoint->value);
    g_free(checkpoint->text);
    g_free(checkpoint);
}

static char *path_of(ClReader *reader, gint64 resource, const char *key, GError **error)
{
    g_autofree char *path = NULL;
    ClRows rows =
        cl_rows_query(reader, "SELECT id FROM object WHERE number = ? AND kind = 1", "i", resource);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        path = g_strdup_printf("Resources\\%s\\%s", cl_rows_text(&rows, 0), key);
    }
    if (!cl_rows_end(&rows, error) || (!found && !cl_embedded_fail_gone(CL_KIND_RESOURCE, error))) {
        return NULL;
    }
    return g_steal_pointer(&path);
}

/* The text of a value; NULL for values that somebody else has put there. */
static char *text_of(const ClRegistryCommand *value)
{
    gsize size;
    const WCHAR *units = g_bytes_get_data(value->data, &size);
    if (value->type != REG_SZ || size % sizeof(WCHAR) != 0 || size < 2 * sizeof(WCHAR)) {
        return NULL;
    }
    g_autofree char *text = cl_text_from_units(units, size / sizeof(WCHAR) - 1);
    return g_utf8_validate(text, -1, NULL) && *text != '\0' ? g_steal_pointer(&text) : NULL;
}

static GPtrArray *read_list(ClReader *reader, const char *path, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(checkpoint_free);
    g_autoptr(GPtrArray) values = cl_registry_commands_new();
    g_autoptr(GError) missing = NULL;
    ClPlace place;
    if (!cl_registry_find(reader, path, &place, NULL, &missing)) {
        if (g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
            return g_steal_pointer(&list);
        }
        g_propagate_error(error, g_steal_pointer(&missing));
        return NULL;
    }
    if (!cl_registry_list_values(reader, &place, values, error)) {
        return NULL;
    }
    for (guint i = 0; i < values->len; i++) {
        const ClRegistryCommand *value = values->pdata[i];
        Checkpoint *checkpoint = g_new0(Checkpoint, 1);
        checkpoint->value = g_strdup(value->value);
        checkpoint->text = text_of(value);
        g_ptr_array_add(list, checkpoint);
    }
    return g_steal_pointer(&list);
}

static const Checkpoint *find(const GPtrArray *list, const char *text)
{
    for (guint i = 0; i < list->len; i++) {
        const Checkpoint *checkpoint = list->pdata[i];
        if (checkpoint->text && cl_text_equal(checkpoint->text, text)) {
            return checkpoint;
        }
    }
    return NULL;
}

/* The lowest number that names no value yet. */
static char *free_name(const GPtrArray *list)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < list->len; i++) {
        g_hash_table_add(taken, ((const Checkpoint *)list->pdata[i])->value);
    }
    for (guint number = 1;; number++) {
        g_autofree char *name = g_strdup_printf("%08x", number);
        if (!g_hash_table_contains(taken, name)) {
            return g_steal_pointer(&name);
        }
    }
}

/* --- Doing it ----------------------------------------------------------------------------------- */

typedef gboolean (*Check)(const char *text, GError **error);

static gboolean put(ClChange *change, const ClControl *control, const char *path, Check check,
                    GError **error)
{
    ClPlace place;
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) list = NULL;
    if (!cl_control_take_text(control, &text, error) || !check(text, error) ||
        !(list = read_list(cl_change_reader(change), path, error))) {
        return FALSE;
    }
    if (find(list, text)) {
        return cl_fail(error, ERROR_ALREADY_EXISTS, "the resource has the checkpoint \"%s\"", text);
    }
    g_autofree char *name = free_name(list);
    g_autoptr(GBytes) data = cl_event_text(text);
    const ClRegistryCommand command = {
        .command = CLUSREG_SET_VALUE, .key = "", .value = name, .type = REG_SZ, .data = data};
    return cl_registry_make(change, path, &place, error) &&
           cl_registry_set_value(change, path, &command, error);
}

static gboolean drop(ClChange *change, const ClControl *control, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) list = NULL;
    if (!cl_control_take_text(control, &text, error) ||
        !(list = read_list(cl_change_reader(change), path, error))) {
        return FALSE;
    }
    const Checkpoint *found = find(list, text);
    if (!found) {
        return cl_fail(error, ERROR_FILE_NOT_FOUND, "the resource has no checkpoint \"%s\"", text);
    }
    return cl_registry_delete_value(change, path, found->value, error);
}

static gboolean get(ClReader *reader, const char *path, GBytes **ret_out, GError **error)
{
    g_autoptr(GPtrArray) list = read_list(reader, path, error);
    g_autoptr(GPtrArray) names = cl_properties_new();
    for (guint i = 0; list && i < list->len; i++) {
        const Checkpoint *checkpoint = list->pdata[i];
        if (checkpoint->text) {
            g_ptr_array_add(names,
                            cl_property_new_text(checkpoint->text, CLUSPROP_FORMAT_SZ, NULL));
        }
    }
    if (list) {
        *ret_out = cl_property_list_build_names(names);
    }
    return list != NULL;
}

/* --- Registry keys ------------------------------------------------------------------------------ */

/* A path below the machine's own root: no machine is there to look for it. */
static gboolean check_key(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    if (!cl_registry_join("", text, &path, error)) {
        return FALSE;
    }
    g_auto(GStrv) parts = g_strsplit(path, "\\", -1);
    gboolean good = *path != '\0';
    for (char **part = parts; good && *part; part++) {
        good = cl_text_wide_length(*part) <= KEY_NAME_MAX;
    }
    return good || cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no path of keys", text);
}

gboolean cl_control_add_registry_checkpoint(ClChange *change, const ClControl *control,
                                            gint64 number, GError **error)
{
    g_autofree char *path = path_of(cl_change_reader(change), number, REGISTRY_KEY, error);
    return path && put(change, control, path, check_key, error);
}

gboolean cl_control_delete_registry_checkpoint(ClChange *change, const ClControl *control,
                                               gint64 number, GError **error)
{
    g_autofree char *path = path_of(cl_change_reader(change), number, REGISTRY_KEY, error);
    return path && drop(change, control, path, error);
}

gboolean cl_control_get_registry_checkpoints(ClReader *reader, const ClControl *control,
                                             gint64 number, GBytes **ret_out, GError **error)
{
    g_autofree char *path = path_of(reader, number, REGISTRY_KEY, error);
    (void)control;
    return path && get(reader, path, ret_out, error);
}

/* --- Key containers ----------------------------------------------------------------------------- */

/* TYPE\NAME\CONTAINER: the type of the provider as a number, its name, and the container's. */
static gboolean check_container(const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "\\", 3);
    guint64 type;
    gboolean good = g_strv_length(parts) == 3 &&
                    g_ascii_string_to_unsigned(parts[0], 10, 1, G_MAXUINT32, &type, NULL) &&
                    *parts[1] != '\0' && *parts[2] != '\0';
    return good ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no TYPE\\PROVIDER\\CONTAINER", text);
}

gboolean cl_control_add_crypto_checkpoint(ClChange *change, const ClControl *control, gint64 number,
                                          GError **error)
{
    g_autofree char *path = path_of(cl_change_reader(change), number, CRYPTO_KEY, error);
    return path && put(change, control, path, check_container, error);
}

gboolean cl_control_delete_crypto_checkpoint(ClChange *change, const ClControl *control,
                                             gint64 number, GError **error)
{
    g_autofree char *path = path_of(cl_change_reader(change), number, CRYPTO_KEY, error);
    return path && drop(change, control, path, error);
}

gboolean cl_control_get_crypto_checkpoints(ClReader *reader, const ClControl *control,
                                           gint64 number, GBytes **ret_out, GError **error)
{
    g_autofree char *path = path_of(reader, number, CRYPTO_KEY, error);
    (void)control;
    return path && get(reader, path, ret_out, error);
}

/* Those that each resource of a type would have from its DLL; there is none. */
gboolean cl_control_get_checkpoints_of_type(ClReader *reader, const ClControl *control,
                                            gint64 number, GBytes **ret_out, GError **error)
{
    g_autoptr(GPtrArray) none = cl_properties_new();
    (void)control;
    if (!cl_embedded_check_exists(reader, CL_KIND_RESOURCE_TYPE, number, error)) {
        return FALSE;
    }
    *ret_out = cl_property_list_build_names(none);
    return TRUE;
}
