/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers of texts that come and go without end, such as keys of the cluster database: unlike those
 * of node.h a text is forgotten when nobody counts on its number any more. A number is never given
 * to another text, nor again to the same. Any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct FsCounted FsCounted;

FsCounted *fs_counted_new(void);
void fs_counted_free(FsCounted *counted);

/* The number of a text, from 1, with one more that counts on it; 0 when no number is left. */
guint fs_counted_take(FsCounted *counted, const char *text);

/* So many count on a number no more, or one more does. */
void fs_counted_drop(FsCounted *counted, guint number, guint64 count);
void fs_counted_hold(FsCounted *counted, guint number);

/* The number of a text that somebody counts on, else 0; and the text (transfer full), else NULL. */
guint fs_counted_find(FsCounted *counted, const char *text);
char *fs_counted_text(FsCounted *counted, guint number);

/* All numbers that somebody counts on (transfer full). */
GArray *fs_counted_numbers(FsCounted *counted);

G_END_DECLS
