/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lines of a key file: which section and which key stands where. GKeyFile reads key files but
 * forgets line numbers and stops at the first mistake; here each mistake is kept with its line,
 * and GKeyFile decodes the values. The caller owns what it gets; no function keeps state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is wrong with a definition, and where; line 0 speaks of the whole file. */
typedef struct {
    guint line;
    char *text;
} ClMistake;

/* An array of ClMistake that owns them. */
GPtrArray *cl_mistakes_new(void);
void cl_mistakes_add(GPtrArray *mistakes, guint line, const char *format, ...) G_GNUC_PRINTF(3, 4);
void cl_mistakes_sort(GPtrArray *mistakes);

typedef struct {
    guint line;
    char *key;
    char *value; /* as written, blanks at both ends removed */
} ClLineEntry;

typedef struct {
    guint line;
    char *kind;
    char *label;        /* NULL: none */
    gboolean duplicate; /* the same section stands further up */
    GPtrArray *entries; /* ClLineEntry, in order, no key twice */
    GHashTable *by_key; /* char * to ClLineEntry, borrowed from entries */
} ClLineSection;

/* All sections of @data (ClLineSection, transfer full). What is no section, key or comment, and
 * what stands twice, is added to @mistakes. */
GPtrArray *cl_lines_read(const char *data, gsize size, GPtrArray *mistakes);

/* The entry of that key, or NULL. */
const ClLineEntry *cl_line_section_find(const ClLineSection *section, const char *key);

/* The meaning of a value: \s \n \t \r \\ replaced; of a list, whose items end in `;` (`\;` is a
 * semicolon), each item. NULL with a message in @ret_why if it has none. */
char *cl_line_decode(const char *value, char **ret_why);
char **cl_line_decode_list(const char *value, char **ret_why);

G_END_DECLS
