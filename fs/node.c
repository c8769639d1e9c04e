/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inode numbers. A table of numbers belongs to a cluster (ids) or to the mount (property names) and
 * only grows; its lock makes it usable by any thread. Almost all ids are GUIDs, which are kept as
 * 16 bytes without an allocation: 100,000 of them take 3 MB.
 */
#include "node.h"

#include <string.h>

#define GUID_BYTES 16
#define GUID_TEXT  36

/* Texts that are GUIDs in lower case have odd numbers, others even ones. */
struct FsIds {
    GMutex lock;
    GByteArray *guids;  /* 16 bytes each; the one at i has number 2 * i + 1 */
    GPtrArray *texts;   /* the one at i has number 2 * i + 2 */
    GHashTable *others; /* text, owned by texts, to number */
    guint *slots;       /* open hash table of the GUIDs' numbers, 0 is empty */
    guint slot_mask;
    /* Names lie one behind the other, those that were replaced as well. */
    GString *names;
    GArray *starts; /* guint32 for each number: where its name starts in names, from 1; 0: none */
    gsize replaced; /* bytes */
};

guint64 fs_node_pack(const FsNode *node)
{
    if (node->row == 0) {
        return FS_ROOT_INO;
    }
    return (guint64)node->cluster << 56 | (guint64)node->row << 48 | (guint64)node->object << 24 |
           node->second;
}

FsNode fs_node_unpack(guint64 ino)
{
    FsNode node = {0};

    if (ino != FS_ROOT_INO) {
        node.cluster = (guint)(ino >> 56);
        node.row = (guint)(ino >> 48) & 0xff;
        node.object = (guint)(ino >> 24) & FS_NUMBER_MAX;
        node.second = (guint)ino & FS_NUMBER_MAX;
    }
    return node;
}

FsIds *fs_ids_new(void)
{
    FsIds *ids = g_new0(FsIds, 1);

    g_mutex_init(&ids->lock);
    ids->guids = g_byte_array_new();
    ids->texts = g_ptr_array_new_with_free_func(g_free);
    ids->others = g_hash_table_new(g_str_hash, g_str_equal);
    ids->slot_mask = 63;
    ids->slots = g_new0(guint, ids->slot_mask + 1);
    ids->names = g_string_new_len("", 1);
    ids->starts = g_array_new(FALSE, TRUE, sizeof(guint32));
    return ids;
}

void fs_ids_free(FsIds *ids)
{
    g_mutex_clear(&ids->lock);
    g_byte_array_unref(ids->guids);
    g_hash_table_unref(ids->others);
    g_ptr_array_unref(ids->texts);
    g_string_free(ids->names, TRUE);
    g_array_unref(ids->starts);
    g_free(ids->slots);
    g_free(ids);
}

static gboolean is_dash(guint position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

/* FALSE for all that guid_format() would not give back exactly as it was. */
static gboolean guid_parse(const char *text, guint8 *guid)
{
    guint digits = 0;

    for (guint i = 0; i < GUID_TEXT; i++) {
        if (is_dash(i)) {
            if (text[i] != '-') {
                return FALSE;
            }
            continue;
        }
        if (!g_ascii_isxdigit(text[i]) || g_ascii_isupper(text[i])) {
            return FALSE;
        }
        guid[digits / 2] = (guint8)(guid[digits / 2] << 4 | g_ascii_xdigit_value(text[i]));
        digits++;
    }
    return text[GUID_TEXT] == '\0';
}

static char *guid_format(const guint8 *guid)
{
    char *text = g_malloc(GUID_TEXT + 1);
    guint digits = 0;

    for (guint i = 0; i < GUID_TEXT; i++) {
        if (is_dash(i)) {
            text[i] = '-';
            continue;
        }
        text[i] =
            "0123456789abcdef"[digits % 2 == 0 ? guid[digits / 2] >> 4 : guid[digits / 2] & 15];
        digits++;
    }
    text[GUID_TEXT] = '\0';
    return text;
}

static const guint8 *guid_of(const FsIds *ids, guint number)
{
    return ids->guids->data + (gsize)(number / 2) * GUID_BYTES;
}

/* The slot that holds the GUID or, if none does, the empty one where it belongs. GUIDs may be
 * counted up instead of random, so all bytes take part. */
static guint find_slot(const FsIds *ids, const guint8 *guid)
{
    guint64 halves[2];
    guint slot;

    memcpy(halves, guid, sizeof halves);
    slot = (guint)(((halves[0] ^ (halves[1] * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15))) *
                    G_GUINT64_CONSTANT(0xff51afd7ed558ccd)) >>
                   32) &
           ids->slot_mask;
    while (ids->slots[slot] != 0 && memcmp(guid_of(ids, ids->slots[slot]), guid, GUID_BYTES) != 0) {
        slot = (slot + 1) & ids->slot_mask;
    }
    return slot;
}

static void grow_slots(FsIds *ids)
{
    guint count = ids->guids->len / GUID_BYTES;

    g_free(ids->slots);
    ids->slot_mask = ids->slot_mask * 2 + 1;
    ids->slots = g_new0(guint, ids->slot_mask + 1);
    for (guint i = 0; i < count; i++) {
        guint number = i * 2 + 1;

        ids->slots[find_slot(ids, guid_of(ids, number))] = number;
    }
}

static guint number_of_guid(FsIds *ids, const guint8 *guid)
{
    guint slot = find_slot(ids, guid);
    guint count = ids->guids->len / GUID_BYTES;
    guint number = count * 2 + 1;

    if (ids->slots[slot] != 0) {
        return ids->slots[slot];
    }
    if (number > FS_NUMBER_MAX) {
        return 0;
    }
    g_byte_array_append(ids->guids, guid, GUID_BYTES);
    ids->slots[slot] = number;
    if ((count + 1) * 3 > ids->slot_mask * 2) {
        grow_slots(ids);
    }
    return number;
}

static guint number_of_text(FsIds *ids, const char *text)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(ids->others, text));

    if (number != 0) {
        return number;
    }
    number = ids->texts->len * 2 + 2;
    if (number > FS_NUMBER_MAX) {
        return 0;
    }
    g_ptr_array_add(ids->texts, g_strdup(text));
    g_hash_table_insert(ids->others, g_ptr_array_index(ids->texts, ids->texts->len - 1),
                        GUINT_TO_POINTER(number));
    return number;
}

guint fs_ids_number(FsIds *ids, const char *text)
{
    guint8 guid[GUID_BYTES] = {0};
    guint number;

    g_mutex_lock(&ids->lock);
    number = guid_parse(text, guid) ? number_of_guid(ids, guid) : number_of_text(ids, text);
    g_mutex_unlock(&ids->lock);
    return number;
}

char *fs_ids_text(FsIds *ids, guint number)
{
    char *text = NULL;

    g_mutex_lock(&ids->lock);
    if (number % 2 == 1 && number / 2 < ids->guids->len / GUID_BYTES) {
        text = guid_format(guid_of(ids, number));
    } else if (number != 0 && number % 2 == 0 && number / 2 - 1 < ids->texts->len) {
        text = g_strdup(g_ptr_array_index(ids->texts, number / 2 - 1));
    }
    g_mutex_unlock(&ids->lock);
    return text;
}

guint fs_ids_find(FsIds *ids, const char *text)
{
    guint8 guid[GUID_BYTES] = {0};
    guint number;

    g_mutex_lock(&ids->lock);
    number = guid_parse(text, guid) ? ids->slots[find_slot(ids, guid)]
                                    : GPOINTER_TO_UINT(g_hash_table_lookup(ids->others, text));
    g_mutex_unlock(&ids->lock);
    return number;
}

guint fs_ids_last(FsIds *ids)
{
    guint last;

    g_mutex_lock(&ids->lock);
    last = MAX(ids->guids->len / GUID_BYTES * 2, ids->texts->len * 2);
    g_mutex_unlock(&ids->lock);
    return last;
}

/* --- Names; with the lock held ---------------------------------------------------------------- */

/* Below this much it is not worth the work. */
#define REPLACED_MIN 65536

static void forget_replaced(FsIds *ids)
{
    GString *names = g_string_sized_new(ids->names->len - ids->replaced);

    g_string_append_c(names, '\0');
    for (guint i = 0; i < ids->starts->len; i++) {
        guint32 *start = &g_array_index(ids->starts, guint32, i);

        if (*start != 0) {
            const char *name = ids->names->str + *start;

            *start = (guint32)names->len;
            g_string_append_len(names, name, (gssize)strlen(name) + 1);
        }
    }
    g_string_free(ids->names, TRUE);
    ids->names = names;
    ids->replaced = 0;
}

static const char *find_name(const FsIds *ids, guint number)
{
    guint32 start = number < ids->starts->len ? g_array_index(ids->starts, guint32, number) : 0;

    return start != 0 ? ids->names->str + start : NULL;
}

static void replace_names(FsIds *ids, guint number, const char *old, const char *names)
{
    ids->replaced += old != NULL ? strlen(old) + 1 : 0;
    if (number >= ids->starts->len) {
        g_array_set_size(ids->starts, number + 1);
    }
    g_array_index(ids->starts, guint32, number) = (guint32)ids->names->len;
    g_string_append_len(ids->names, names, (gssize)strlen(names) + 1);
    if (ids->replaced > REPLACED_MIN && ids->replaced > ids->names->len / 2) {
        forget_replaced(ids);
    }
}

/* Several names have slashes in between, which no file name has; the oldest are forgotten. */
#define NAMES_MAX 8

/* The names with another one in front (transfer full). */
static char *add_name(const char *old, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(old != NULL ? old : "", "/", -1);
    GString *names = g_string_new(name);

    for (guint i = 0; parts[i] != NULL && i + 1 < NAMES_MAX; i++) {
        if (strcmp(parts[i], name) != 0) {
            g_string_append_printf(names, "/%s", parts[i]);
        }
    }
    return g_string_free(names, FALSE);
}

/* --- Names ------------------------------------------------------------------------------------ */

void fs_ids_set_name(FsIds *ids, guint number, const char *name)
{
    gsize length = strlen(name);
    const char *old;

    g_mutex_lock(&ids->lock);
    old = find_name(ids, number);
    if (old == NULL || strncmp(old, name, length) != 0 ||
        (old[length] != '\0' && old[length] != '/')) {
        g_autofree char *names = add_name(old, name);

        replace_names(ids, number, old, names);
    }
    g_mutex_unlock(&ids->lock);
}

char *fs_ids_name(FsIds *ids, guint number)
{
    const char *names;
    char *name;

    g_mutex_lock(&ids->lock);
    names = find_name(ids, number);
    name = names != NULL ? g_strndup(names, strcspn(names, "/")) : NULL;
    g_mutex_unlock(&ids->lock);
    return name;
}

char **fs_ids_names(FsIds *ids, guint number)
{
    const char *names;
    char **all;

    g_mutex_lock(&ids->lock);
    names = find_name(ids, number);
    all = g_strsplit(names != NULL ? names : "", "/", -1);
    g_mutex_unlock(&ids->lock);
    return all;
}

void fs_ids_reset_name(FsIds *ids, guint number, const char *name)
{
    const char *old;

    g_mutex_lock(&ids->lock);
    old = find_name(ids, number);
    if (old == NULL || strcmp(old, name) != 0) {
        replace_names(ids, number, old, name);
    }
    g_mutex_unlock(&ids->lock);
}
