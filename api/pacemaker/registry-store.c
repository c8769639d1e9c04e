/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database as nvpairs of a property set of the CIB, a record each. What is there may be
 * anybody's.
 *
 *   key:SOFTWARE/Example%20App        CREATED WRITTEN [SECURITY]   times in hex, base64
 *   value:SOFTWARE/Example%20App:NAME TYPE DATA                    base64
 *   batches                           NUMBER PATH...               of those that were told as one
 *
 * Texts are percent-encoded, since Pacemaker alters much that is not plain ASCII. A record's id is made
 * from its name regardless of case, so two nodes that make the same key make the same record.
 */
#include "registry.h"

#include <string.h>

#include "attributes.h"
#include "text.h"
#include "xml.h"

#define KEY     "key:"
#define VALUE   "value:"
#define BATCHES "batches"

/* What XML takes for a record besides its texts: `<nvpair id="" name="" value=""/>`. */
#define RECORD_OVERHEAD 31

/* --- Texts -------------------------------------------------------------------------------------- */

static void encode(GString *into, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_isalnum(*at) || strchr("-_.", *at)) {
            g_string_append_c(into, *at);
        } else {
            g_string_append_printf(into, "%%%02X", (guchar)*at);
        }
    }
}

/* NULL for what is not encoded so, or no text. */
static char *decode(const char *encoded, gsize length)
{
    g_autoptr(GString) text = g_string_sized_new(length);
    for (gsize i = 0; i < length; i++) {
        if (encoded[i] == '%') {
            int high = i + 1 < length ? g_ascii_xdigit_value(encoded[i + 1]) : -1;
            int low = i + 2 < length ? g_ascii_xdigit_value(encoded[i + 2]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0)) {
                return NULL;
            }
            g_string_append_c(text, (char)(high * 16 + low));
            i += 2;
        } else if (g_ascii_isalnum(encoded[i]) || strchr("-_.", encoded[i])) {
            g_string_append_c(text, encoded[i]);
        } else {
            return NULL;
        }
    }
    return cl_text_is_valid(text->str) ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static void encode_path(GString *into, const ClPcmkKey *key)
{
    if (key->parent && key->parent->parent) {
        encode_path(into, key->parent);
        g_string_append_c(into, '/');
    }
    encode(into, key->name);
}

/* The names of a path; NULL for what is none. */
static GStrv decode_path(const char *encoded, gsize length)
{
    g_autofree char *path = g_strndup(encoded, length);
    g_auto(GStrv) parts = length > 0 ? g_strsplit(path, "/", -1) : g_new0(char *, 1);
    if (g_strv_length(parts) > CL_REGISTRY_DEPTH_MAX) {
        return NULL;
    }
    for (char **part = parts; *part; part++) {
        char *name = decode(*part, strlen(*part));
        if (!name || *name == '\0' || strchr(name, '\\')) {
            g_free(name);
            return NULL;
        }
        g_free(*part);
        *part = name;
    }
    return g_steal_pointer(&parts);
}

/* NULL for what is no base64: GLib takes anything. */
static GBytes *decode_bytes(const char *text)
{
    gsize size, length = strlen(text);
    gsize digits = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789+/");
    if (length % 4 != 0 || length - digits > 2 || strspn(text + digits, "=") != length - digits) {
        return NULL;
    }
    guchar *data = length > 0 ? g_base64_decode(text, &size) : NULL;
    return g_bytes_new_take(data, data ? size : 0);
}

/* --- Reading ------------------------------------------------------------------------------------ */

const xmlNode *cl_pcmk_registry_set(const xmlNode *cib)
{
    return cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"), CL_PCMK_CONFIG, "id",
                             CL_PCMK_REGISTRY);
}

static ClPcmkKey *key_at(ClPcmkKey *root, GStrv path)
{
    for (char **name = path; name && *name; name++) {
        root = cl_pcmk_key_add(root, *name);
    }
    return path ? root : NULL;
}

/* Of several records for one key the first counts that says anything. */
static gboolean read_key(ClPcmkKey *root, const char *name, const char *record)
{
    g_auto(GStrv) path = decode_path(name, strlen(name));
    g_auto(GStrv) fields = g_strsplit(record, " ", 3);
    guint64 created, written;
    if (!path || g_strv_length(fields) < 2 ||
        !g_ascii_string_to_unsigned(fields[0], 16, 0, G_MAXINT64, &created, NULL) ||
        !g_ascii_string_to_unsigned(fields[1], 16, 0, G_MAXINT64, &written, NULL)) {
        return FALSE;
    }
    ClPcmkKey *key = key_at(root, path);
    if (key->created == 0 && key->written == 0 && !key->security) {
        key->created = created;
        key->written = written;
        key->security = fields[2] ? decode_bytes(fields[2]) : NULL;
    }
    return TRUE;
}

/* Of several records for one value the first counts. */
static gboolean read_value(ClPcmkKey *root, const char *name, const char *record)
{
    const char *colon = strchr(name, ':');
    g_auto(GStrv) path = colon ? decode_path(name, (gsize)(colon - name)) : NULL;
    g_autofree char *value = path ? decode(colon + 1, strlen(colon + 1)) : NULL;
    g_auto(GStrv) fields = g_strsplit(record, " ", 2);
    guint64 type;
    if (!value || g_strv_length(fields) != 2 ||
        !g_ascii_string_to_unsigned(fields[0], 10, 0, G_MAXUINT32, &type, NULL)) {
        return FALSE;
    }
    g_autoptr(GBytes) data = decode_bytes(fields[1]);
    if (!data) {
        return FALSE;
    }
    ClPcmkKey *key = key_at(root, path);
    if (!cl_pcmk_key_value(key, value)) {
        cl_pcmk_key_set(key, value, (guint32)type, data);
    }
    return TRUE;
}

/* Without a number nothing was ever told; of several records the first counts that has one. */
static gboolean read_batches(ClPcmkRegistry *registry, const char *record)
{
    g_auto(GStrv) fields = g_strsplit(record, " ", CL_PCMK_BATCHES + 2);
    guint64 number;
    if (!fields[0] || !g_ascii_string_to_unsigned(fields[0], 10, 0, G_MAXINT64, &number, NULL)) {
        return FALSE;
    }
    gboolean counts = registry->n_batches == 0 && number > 0;
    registry->n_batches = counts ? number : registry->n_batches;
    for (guint i = 1; counts && fields[i] && i <= CL_PCMK_BATCHES; i++) {
        g_auto(GStrv) path = decode_path(fields[i], strlen(fields[i]));
        if (path) {
            g_ptr_array_add(registry->batches, g_strjoinv("\\", path));
        }
    }
    return TRUE;
}

/* Whether it is a record, and has been read. */
static gboolean read_record(ClPcmkRegistry *registry, const xmlNode *pair)
{
    const char *name = cl_xml_get(pair, "name");
    const char *value = cl_xml_get(pair, "value");
    if (!name || !value) {
        return FALSE;
    }
    if (g_str_has_prefix(name, KEY)) {
        return read_key(registry->root, name + strlen(KEY), value);
    }
    if (g_str_has_prefix(name, VALUE)) {
        return read_value(registry->root, name + strlen(VALUE), value);
    }
    return strcmp(name, BATCHES) == 0 && read_batches(registry, value);
}

static ClPcmkRegistry *registry_new(void)
{
    ClPcmkRegistry *registry = g_new0(ClPcmkRegistry, 1);
    g_atomic_ref_count_init(&registry->references);
    registry->root = cl_pcmk_key_new();
    registry->batches = g_ptr_array_new_with_free_func(g_free);
    return registry;
}

ClPcmkRegistry *cl_pcmk_registry_parse(const xmlNode *cib)
{
    ClPcmkRegistry *registry = registry_new();
    const xmlNode *set = cl_pcmk_registry_set(cib);
    for (xmlNode *at = cl_xml_first(set, "nvpair"); at; at = cl_xml_next(at, "nvpair")) {
        (void)read_record(registry, at);
    }
    return registry;
}

void cl_pcmk_registry_unref(ClPcmkRegistry *registry)
{
    if (g_atomic_ref_count_dec(&registry->references)) {
        cl_pcmk_key_free(registry->root);
        g_ptr_array_unref(registry->batches);
        g_free(registry);
    }
}

/* The newest that was asked for: who reads, reads the newest. */
static struct {
    GMutex lock;
    guint64 number; /* of the model */
    ClPcmkRegistry *registry;
} last;

ClPcmkRegistry *cl_pcmk_registry_of(const ClPcmkModel *model)
{
    ClPcmkRegistry *registry = NULL;
    g_mutex_lock(&last.lock);
    if (last.registry && last.number == model->number) {
        registry = last.registry;
        g_atomic_ref_count_inc(&registry->references);
    }
    g_mutex_unlock(&last.lock);
    if (registry) {
        return registry;
    }
    registry = cl_pcmk_registry_parse(xmlDocGetRootElement(model->cib));
    g_atomic_ref_count_inc(&registry->references);
    g_mutex_lock(&last.lock);
    ClPcmkRegistry *former = last.registry;
    last.registry = registry;
    last.number = model->number;
    g_mutex_unlock(&last.lock);
    g_clear_pointer(&former, cl_pcmk_registry_unref);
    return registry;
}

/* --- Writing ------------------------------------------------------------------------------------ */

typedef struct {
    char *name, *value;
} Record;

static void record_free(gpointer data)
{
    Record *record = data;
    g_free(record->name);
    g_free(record->value);
    g_free(record);
}

/* Takes the texts. */
static void add_record(GHashTable *records, char *id, GString *name, GString *value)
{
    Record *record = g_new0(Record, 1);
    record->name = g_string_free(name, FALSE);
    record->value = g_string_free(value, FALSE);
    g_hash_table_replace(records, id, record);
}

/* The first half of the digest is more than enough to tell them apart. */
static char *id_of(const ClPcmkKey *key, const ClPcmkValue *value)
{
    g_autofree char *path = cl_pcmk_key_path(key);
    g_autofree char *folded = cl_text_fold(path);
    g_autofree char *text =
        value ? g_strconcat(folded, "\\\\", value->folded, NULL) : g_strdup(folded);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return g_strdup_printf(CL_PCMK_OWN_SETS "%c%.32s", value ? 'v' : 'k', digest);
}

static void append_bytes(GString *into, GBytes *bytes)
{
    gsize size;
    const guchar *data = g_bytes_get_data(bytes, &size);
    g_autofree char *encoded = size > 0 ? g_base64_encode(data, size) : g_strdup("");
    g_string_append_printf(into, " %s", encoded);
}

static void add_values(const ClPcmkKey *key, GHashTable *records)
{
    for (guint i = 0; i < key->values->len; i++) {
        const ClPcmkValue *value = key->values->pdata[i];
        GString *name = g_string_new(VALUE);
        GString *record = g_string_new(NULL);
        encode_path(name, key);
        g_string_append_c(name, ':');
        encode(name, value->name);
        g_string_append_printf(record, "%u", value->type);
        append_bytes(record, value->data);
        add_record(records, id_of(key, value), name, record);
    }
}

static void add_key(const ClPcmkKey *key, GHashTable *records)
{
    GString *name = g_string_new(KEY);
    GString *record = g_string_new(NULL);
    encode_path(name, key);
    g_string_printf(record, "%" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x", key->created,
                    key->written);
    if (key->security) {
        append_bytes(record, key->security);
    }
    add_record(records, id_of(key, NULL), name, record);
}

/* The root is there in any case. */
static void add_keys(const ClPcmkKey *key, GHashTable *records)
{
    if (key->parent || key->security || key->created != 0 || key->written != 0) {
        add_key(key, records);
    }
    add_values(key, records);
    for (guint i = 0; i < key->keys->len; i++) {
        add_keys(key->keys->pdata[i], records);
    }
}

static void add_batches(const ClPcmkRegistry *registry, GHashTable *records)
{
    GString *record = g_string_new(NULL);
    g_string_printf(record, "%" G_GUINT64_FORMAT, registry->n_batches);
    for (guint i = 0; i < registry->batches->len; i++) {
        g_auto(GStrv) parts = g_strsplit(registry->batches->pdata[i], "\\", -1);
        g_string_append_c(record, ' ');
        for (guint n = 0; parts[n]; n++) {
            g_string_append(record, n > 0 ? "/" : "");
            encode(record, parts[n]);
        }
    }
    if (registry->n_batches > 0) {
        add_record(records, g_strdup(CL_PCMK_OWN_SETS BATCHES), g_string_new(BATCHES), record);
    } else {
        g_string_free(record, TRUE);
    }
}

static gsize size_of(GHashTable *records)
{
    GHashTableIter at;
    gpointer id, data;
    gsize size = 0;
    g_hash_table_iter_init(&at, records);
    while (g_hash_table_iter_next(&at, &id, &data)) {
        const Record *record = data;
        size += strlen(id) + strlen(record->name) + strlen(record->value) + RECORD_OVERHEAD;
    }
    return size;
}

static void put(xmlNode *pair, const char *attribute, const char *text)
{
    if (g_strcmp0(cl_xml_get(pair, attribute), text) != 0) {
        xmlSetProp(pair, (const xmlChar *)attribute, (const xmlChar *)text);
    }
}

/* Changes the records that there are, and takes away those that are no more; what is no record stays. */
static void renew(xmlNode *set, GHashTable *records)
{
    xmlNode *next;
    for (xmlNode *pair = cl_xml_first(set, "nvpair"); pair; pair = next) {
        const char *id = cl_xml_get(pair, "id");
        Record *record = id ? g_hash_table_lookup(records, id) : NULL;
        /* Each by itself: what else there is must not decide. */
        g_autoptr(ClPcmkRegistry) read = registry_new();
        next = cl_xml_next(pair, "nvpair");
        if (record) {
            put(pair, "name", record->name);
            put(pair, "value", record->value);
            g_hash_table_remove(records, id);
        } else if (read_record(read, pair)) {
            xmlUnlinkNode(pair);
            xmlFreeNode(pair);
        }
    }
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static void append(xmlNode *set, GHashTable *records)
{
    GList *ids = g_list_sort(g_hash_table_get_keys(records), by_id);
    for (GList *id = ids; id; id = id->next) {
        const Record *record = g_hash_table_lookup(records, id->data);
        xmlNode *pair = xmlNewChild(set, NULL, (const xmlChar *)"nvpair", NULL);
        put(pair, "id", id->data);
        put(pair, "name", record->name);
        put(pair, "value", record->value);
    }
    g_list_free(ids);
}

static GHashTable *records_of(const ClPcmkRegistry *registry)
{
    GHashTable *records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, record_free);
    add_keys(registry->root, records);
    add_batches(registry, records);
    return records;
}

/* Where more is there than may be, less may be made of it. */
static gboolean check_size(const xmlNode *cib, GHashTable *records, GError **error)
{
    gsize size = size_of(records);
    if (size <= CL_PCMK_REGISTRY_SIZE_MAX) {
        return TRUE;
    }
    g_autoptr(ClPcmkRegistry) former = cl_pcmk_registry_parse(cib);
    g_autoptr(GHashTable) before = records_of(former);
    return size < size_of(before) ||
           cl_fail(error, ERROR_DISK_FULL, "the CIB has no room for more");
}

gboolean cl_pcmk_registry_write(xmlNode *cib, const ClPcmkRegistry *registry, GError **error)
{
    g_autoptr(GHashTable) records = records_of(registry);
    xmlNode *set = (xmlNode *)cl_pcmk_registry_set(cib);
    xmlNode *config = cl_xml_at(cib, "configuration/crm_config");
    if (!config) {
        return cl_fail(error, ERROR_INVALID_DATA, "the CIB has no place for options");
    }
    if (!check_size(cib, records, error)) {
        return FALSE;
    }
    if (!set && g_hash_table_size(records) > 0) {
        set = xmlNewChild(config, NULL, (const xmlChar *)CL_PCMK_CONFIG, NULL);
        put(set, "id", CL_PCMK_REGISTRY);
    }
    if (set) {
        renew(set, records);
        append(set, records);
    }
    return TRUE;
}
