/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a dependency expression. The caller owns what it gets; no state, so any thread.
 *
 *   expression := clause | clause "and" expression | names
 *   clause     := "(" names ")" | name
 *   names      := name | name "or" names
 */
#include "expression.h"

#include <string.h>

typedef struct {
    const char *start, *at;
    char *why;
} Reader;

static gboolean refuse(Reader *reader, const char *wanted)
{
    glong column = g_utf8_pointer_to_offset(reader->start, reader->at) + 1;

    reader->why =
        g_strdup_printf("%s is missing at character %ld of the expression", wanted, column);
    return FALSE;
}

static void skip_blanks(Reader *reader)
{
    reader->at += strspn(reader->at, " \t\r\n");
}

static gboolean accept_sign(Reader *reader, char sign)
{
    skip_blanks(reader);
    if (*reader->at != sign) {
        return FALSE;
    }
    reader->at++;
    return TRUE;
}

static gboolean accept_word(Reader *reader, const char *word)
{
    gsize length = strlen(word);

    skip_blanks(reader);
    if (g_ascii_strncasecmp(reader->at, word, length) != 0 || g_ascii_isalnum(reader->at[length])) {
        return FALSE;
    }
    reader->at += length;
    return TRUE;
}

static gboolean read_name(Reader *reader, GPtrArray *names)
{
    const char *end;

    if (!accept_sign(reader, '[')) {
        return refuse(reader, "a name in [brackets]");
    }
    end = strchr(reader->at, ']');
    if (end == NULL || end == reader->at) {
        return refuse(reader, end == NULL ? "the closing ]" : "a name");
    }
    g_ptr_array_add(names, g_strndup(reader->at, (gsize)(end - reader->at)));
    reader->at = end + 1;
    return TRUE;
}

static gboolean read_names(Reader *reader, GPtrArray *names)
{
    do {
        if (!read_name(reader, names)) {
            return FALSE;
        }
    } while (accept_word(reader, "or"));
    return TRUE;
}

/* @first: a list of alternatives that is the whole expression needs no parentheses. */
static gboolean read_clause(Reader *reader, gboolean first, GPtrArray *clauses)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(clauses, names);
    if (accept_sign(reader, '(')) {
        return read_names(reader, names) &&
               (accept_sign(reader, ')') || refuse(reader, "the closing )"));
    }
    if (!read_names(reader, names)) {
        return FALSE;
    }
    skip_blanks(reader);
    if (names->len > 1 && !(first && *reader->at == '\0')) {
        reader->why = g_strdup("alternatives beside \"and\" need parentheses");
        return FALSE;
    }
    return TRUE;
}

static gboolean read_expression(Reader *reader, GPtrArray *clauses)
{
    skip_blanks(reader);
    if (*reader->at == '\0') {
        return TRUE;
    }
    do {
        if (!read_clause(reader, clauses->len == 0, clauses)) {
            return FALSE;
        }
    } while (accept_word(reader, "and"));
    skip_blanks(reader);
    return *reader->at == '\0' || refuse(reader, "\"and\"");
}

GPtrArray *cl_expression_parse(const char *text, char **ret_why)
{
    g_autoptr(GPtrArray) clauses =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    Reader reader = {text, text, NULL};

    if (!read_expression(&reader, clauses)) {
        *ret_why = reader.why;
        return NULL;
    }
    return g_steal_pointer(&clauses);
}
