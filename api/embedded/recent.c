/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two tables in which each thing has one place, found by its hash; a newer one takes the place of
 * an older. Owns copies of all texts. Used by one thread at a time.
 */
#include "recent.h"

#include <string.h>

#include "vfs.h"

#define PLACES 256
/* Longer names are looked up each time, so that the size stays bounded. */
#define LONGEST 256

typedef struct {
    ClKind kind;
    char *key; /* NULL: free */
    gint64 number;
} Number;

typedef struct {
    ClKind kind;
    gint64 number; /* 0: free */
    gint32 state;
    char *owner_node, *owner_group;
} State;

struct ClRecent {
    ClVfsStamp stamp;
    gboolean is_empty;
    gboolean has_due;
    gint64 due;
    Number numbers[PLACES];
    State states[PLACES];
};

static guint place_of_key(ClKind kind, const char *key)
{
    return (g_str_hash(key) ^ (guint)kind * 0x9e3779b9u) % PLACES;
}

static guint place_of_number(ClKind kind, gint64 number)
{
    return ((guint)number * 8 + (guint)kind) % PLACES;
}

static void forget(ClRecent *recent)
{
    for (guint i = 0; i < PLACES; i++) {
        g_clear_pointer(&recent->numbers[i].key, g_free);
        recent->states[i].number = 0;
        g_clear_pointer(&recent->states[i].owner_node, g_free);
        g_clear_pointer(&recent->states[i].owner_group, g_free);
    }
    recent->is_empty = TRUE;
    recent->has_due = FALSE;
}

ClRecent *cl_recent_new(void)
{
    ClRecent *recent = g_new0(ClRecent, 1);
    recent->is_empty = TRUE;
    return recent;
}

void cl_recent_free(ClRecent *recent)
{
    forget(recent);
    g_free(recent);
}

gboolean cl_recent_check(ClRecent *recent, sqlite3 *db)
{
    ClVfsStamp stamp;
    if (!cl_vfs_stamp(db, &stamp)) {
        return FALSE;
    }
    if (!recent->is_empty && memcmp(&stamp, &recent->stamp, sizeof stamp) != 0) {
        forget(recent);
    }
    recent->stamp = stamp;
    return TRUE;
}

gboolean cl_recent_number(const ClRecent *recent, ClKind kind, const char *key, gint64 *ret_number)
{
    const Number *place = &recent->numbers[place_of_key(kind, key)];
    if (place->key == NULL || place->kind != kind || strcmp(place->key, key) != 0) {
        return FALSE;
    }
    *ret_number = place->number;
    return TRUE;
}

void cl_recent_keep_number(ClRecent *recent, ClKind kind, const char *key, gint64 number)
{
    Number *place = &recent->numbers[place_of_key(kind, key)];
    if (strlen(key) > LONGEST) {
        return;
    }
    g_free(place->key);
    *place = (Number){kind, g_strdup(key), number};
    recent->is_empty = FALSE;
}

gboolean cl_recent_state(const ClRecent *recent, ClKind kind, gint64 number, gint32 *ret_state,
                         char **ret_owner_node, char **ret_owner_group)
{
    const State *place = &recent->states[place_of_number(kind, number)];
    if (place->number != number || place->kind != kind) {
        return FALSE;
    }
    *ret_state = place->state;
    *ret_owner_node = g_strdup(place->owner_node);
    *ret_owner_group = g_strdup(place->owner_group);
    return TRUE;
}

static gboolean is_short(const char *text)
{
    return text == NULL || strlen(text) <= LONGEST;
}

void cl_recent_keep_state(ClRecent *recent, ClKind kind, gint64 number, gint32 state,
                          const char *owner_node, const char *owner_group)
{
    State *place = &recent->states[place_of_number(kind, number)];
    if (!is_short(owner_node) || !is_short(owner_group)) {
        return;
    }
    g_free(place->owner_node);
    g_free(place->owner_group);
    *place = (State){kind, number, state, g_strdup(owner_node), g_strdup(owner_group)};
    recent->is_empty = FALSE;
}

gboolean cl_recent_due(const ClRecent *recent, gint64 *ret_due)
{
    *ret_due = recent->due;
    return recent->has_due;
}

void cl_recent_keep_due(ClRecent *recent, gint64 due)
{
    recent->due = due;
    recent->has_due = TRUE;
    recent->is_empty = FALSE;
}
