/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The properties that the state machine obeys, among them the script of an attempt. Runs within a
 * change, on its thread.
 *
 * The private properties OnlineDelay and OfflineDelay (milliseconds) and OnlineOutcomes and
 * OfflineOutcomes (words), of a resource or else of its type, say how its attempts go. They are
 * only ever read: nothing is executed.
 */
#include <string.h>

#include "machine-internal.h"

/* A year, as nobody waits longer. */
#define DELAY_MAX G_GUINT64_CONSTANT(31536000000)

/* resource.attempts holds two counters, that of bringing offline in the upper half. */
#define ATTEMPTS_BITS 31
#define ATTEMPTS_MASK ((G_GINT64_CONSTANT(1) << ATTEMPTS_BITS) - 1)

gboolean cl_machine_number(ClChange *change, gint64 object, const char *key, guint32 preset,
                           guint32 *ret_number, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT value FROM property WHERE object = ? AND private = 0 AND"
                                " key = ?",
                                "is", object, key);
    guint32 number = preset;
    if (cl_rows_next(&rows)) {
        number = (guint32)cl_rows_number(&rows, 0, 0, G_MAXUINT32);
    }
    *ret_number = number;
    return cl_rows_end(&rows, error);
}

gboolean cl_machine_pending_timeout(ClChange *change, gint64 resource, guint32 *ret_ms,
                                    GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT p.value FROM resource r JOIN property p ON p.private = 0"
                                " AND p.key = 'pendingtimeout' AND p.object IN (r.number, r.type)"
                                " WHERE r.number = ? ORDER BY p.object = r.type LIMIT 1",
                                "i", resource);
    guint32 ms = 180000;
    if (cl_rows_next(&rows)) {
        ms = (guint32)cl_rows_number(&rows, 0, 0, G_MAXUINT32);
    }
    *ret_ms = ms;
    return cl_rows_end(&rows, error);
}

/* A private property of the resource, else of its type, as text (transfer full; "" for none): the
 * strings of a list with spaces between, a number in decimal. */
static gboolean read_script(ClChange *change, gint64 resource, const char *key, char **ret_text,
                            GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT CAST(p.value AS BLOB) FROM resource r JOIN property p ON"
                                " p.private = 1 AND p.key = ? AND p.object IN (r.number, r.type)"
                                " WHERE r.number = ? ORDER BY p.object = r.type LIMIT 1",
                                "si", key, resource);
    g_autoptr(GBytes) bytes = cl_rows_next(&rows) ? cl_rows_bytes(&rows, 0) : NULL;
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    gsize size = 0;
    const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    char *text = size > 0 ? g_strndup("", size) : g_strdup("");
    for (gsize i = 0; i < size; i++) {
        text[i] = data[i] ? data[i] : ' ';
    }
    *ret_text = text;
    return TRUE;
}

/* The @n-th of the words, from 0; the last repeats. Borrowed from @words; "" for none. */
static const char *nth_word(char **words, gint64 n)
{
    const char *word = "";
    for (gsize i = 0; words[i]; i++) {
        if (*words[i]) {
            word = words[i];
            if (n-- == 0) {
                break;
            }
        }
    }
    return word;
}

static gboolean count_attempt(ClChange *change, gint64 resource, gboolean online, gint64 *ret_n,
                              GError **error)
{
    ClReader *reader = cl_change_reader(change);
    int shift = online ? 0 : ATTEMPTS_BITS;
    ClRows rows =
        cl_rows_query(reader, "SELECT attempts FROM resource WHERE number = ?", "i", resource);
    gint64 attempts = cl_rows_next(&rows) ? cl_rows_number(&rows, 0, 0, G_MAXINT64) : 0;
    gint64 n = attempts >> shift & ATTEMPTS_MASK;
    *ret_n = n;
    return cl_rows_end(&rows, error) &&
           (n == ATTEMPTS_MASK ||
            cl_rows_run(reader, error, "UPDATE resource SET attempts = ? WHERE number = ?", "ii",
                        (attempts & (ATTEMPTS_MASK << (online ? ATTEMPTS_BITS : 0))) | (n + 1)
                                                                                           << shift,
                        resource));
}

gint64 cl_machine_first_attempt(gboolean online)
{
    return G_GINT64_CONSTANT(1) << (online ? 0 : ATTEMPTS_BITS);
}

void cl_machine_follow_script(const char *delay, const char *outcomes, gint64 n, guint32 timeout,
                              guint64 *ret_delay_ms, gboolean *ret_well)
{
    g_auto(GStrv) words = g_strsplit_set(outcomes, " \t\r\n,;", -1);
    const char *word = nth_word(words, n);
    guint64 ms = MIN(g_ascii_strtoull(delay, NULL, 10), DELAY_MAX);
    gboolean hangs = g_ascii_strcasecmp(word, "hang") == 0;
    *ret_well = !hangs && ms <= timeout && g_ascii_strcasecmp(word, "fail") != 0;
    *ret_delay_ms = hangs || ms > timeout ? timeout : ms;
}

gboolean cl_machine_next_attempt(ClChange *change, gint64 resource, gboolean online,
                                 guint64 *ret_delay_ms, gboolean *ret_well, GError **error)
{
    g_autofree char *delay_text = NULL, *outcomes = NULL;
    guint32 timeout;
    gint64 n;
    if (!read_script(change, resource, online ? "onlinedelay" : "offlinedelay", &delay_text,
                     error) ||
        !read_script(change, resource, online ? "onlineoutcomes" : "offlineoutcomes", &outcomes,
                     error) ||
        !cl_machine_pending_timeout(change, resource, &timeout, error) ||
        !count_attempt(change, resource, online, &n, error)) {
        return FALSE;
    }
    cl_machine_follow_script(delay_text, outcomes, n, timeout, ret_delay_ms, ret_well);
    return TRUE;
}
