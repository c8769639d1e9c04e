/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Durations, scores and texts as Pacemaker reads and keeps them. Any thread.
 */
#include "attributes.h"

#include <string.h>

/* --- Durations ---------------------------------------------------------------------------------- */

/* By how they begin, as Pacemaker takes them: "min" and "month" are the same to it. */
static const struct {
    const char *unit;
    guint64 multiplier, divisor;
} units[] = {
    {"ms", 1, 1}, {"us", 1, 1000}, {"s", 1000, 1}, {"m", 60000, 1}, {"h", 3600000, 1},
};

static gboolean scale(guint64 number, guint64 multiplier, guint64 divisor, guint64 *ret)
{
    gboolean fits = number <= G_MAXINT64 / multiplier;
    *ret = fits ? number * multiplier / divisor : G_MAXINT64;
    return TRUE;
}

static gboolean take_simple(const char *text, guint64 *ret_milliseconds)
{
    char *end;
    text += strspn(text, " \t\r\n");
    if (!g_ascii_isdigit(*text)) {
        return FALSE;
    }
    guint64 number = g_ascii_strtoull(text, &end, 10);
    end += strspn(end, " \t\r\n");
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        if (g_ascii_strncasecmp(end, units[i].unit, strlen(units[i].unit)) == 0) {
            return scale(number, units[i].multiplier, units[i].divisor, ret_milliseconds);
        }
    }
    return *end == '\0' && scale(number, 1000, 1, ret_milliseconds);
}

/* A duration of ISO 8601. */
typedef struct {
    guint64 years, months, days, seconds;
} Duration;

static gboolean add_part(Duration *duration, guint64 number, char designator, gboolean is_time)
{
    switch (designator) {
    case 'Y':
        duration->years = number;
        return TRUE;
    case 'M':
        duration->months = is_time ? duration->months : number;
        duration->seconds += is_time ? number * 60 : 0;
        return TRUE;
    case 'W':
        duration->days += number * 7;
        return TRUE;
    case 'D':
        duration->days += number;
        return TRUE;
    case 'H':
        duration->seconds += number * 3600;
        return TRUE;
    default:
        duration->seconds += number;
        return designator == 'S';
    }
}

/* Pacemaker counts days and years as dates do, from 1: the first is none. A month has 30 days. */
static guint64 seconds_of(const Duration *duration)
{
    guint64 years = MAX(duration->years, 1) - 1;
    guint64 days = years * 365 + years / 4 - years / 100 + years / 400 + duration->months * 30;
    return (days + MAX(duration->days, 1) - 1) * 86400 + duration->seconds;
}

static gboolean take_iso(const char *text, guint64 *ret_milliseconds)
{
    Duration duration = {0};
    gboolean is_time = FALSE;
    for (const char *at = text + 1; *at != '\0'; at++) {
        char *end = (char *)at;
        guint64 number = g_ascii_isdigit(*at) ? g_ascii_strtoull(at, &end, 10) : 0;
        if (*at == 'T') {
            is_time = TRUE;
        } else if (end == at || number > G_MAXINT32 ||
                   !add_part(&duration, number, *end, is_time)) {
            return FALSE;
        } else {
            at = end;
        }
    }
    return text[1] != '\0' && scale(seconds_of(&duration), 1000, 1, ret_milliseconds);
}

gboolean cl_pcmk_duration(const char *text, guint64 *ret_milliseconds)
{
    return text &&
           (*text == 'P' ? take_iso(text, ret_milliseconds) : take_simple(text, ret_milliseconds));
}

char *cl_pcmk_duration_text(guint64 milliseconds)
{
    return milliseconds % 1000 == 0 ? g_strdup_printf("%" G_GUINT64_FORMAT "s", milliseconds / 1000)
                                    : g_strdup_printf("%" G_GUINT64_FORMAT "ms", milliseconds);
}

/* --- Texts -------------------------------------------------------------------------------------- */

/* Pacemaker before 2.1.8 writes XML with an escaping of its own: it alters what does not print, and
 * stops escaping at the first character that is not ASCII, so that what XML reserves would break the
 * document after one. */
gboolean cl_pcmk_text_breaks(const char *text)
{
    while (*text != '\0' && !(*text & 0x80)) {
        text++;
    }
    return strpbrk(text, "<>\"'&") != NULL;
}

gboolean cl_pcmk_check_text(const char *text, GError **error)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        return cl_fail(error, ERROR_NO_UNICODE_TRANSLATION, "the text has unpaired surrogates");
    }
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c < ' ' || c == 0x7f || c == 0xfffe || c == 0xffff) {
            return cl_fail(error, ERROR_INVALID_DATA, "the CIB keeps no control characters");
        }
    }
    return !cl_pcmk_text_breaks(text) ||
           cl_fail(error, ERROR_INVALID_DATA,
                   "the CIB keeps none of <>\"'& behind characters that are not ASCII");
}
