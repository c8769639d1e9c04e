/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lines of a key file: which section and which key stands where. The caller owns what it gets;
 * no function keeps state, so any thread may call them.
 */
#include "definition-lines.h"

#include <string.h>

typedef struct {
    GPtrArray *sections;
    GHashTable *by_header; /* char * to ClLineSection, borrowed from sections */
    ClLineSection *section;
    gboolean ignoring; /* the last header was wrong: what follows belongs to nothing */
    GPtrArray *mistakes;
} Reader;

static void mistake_free(gpointer data)
{
    ClMistake *mistake = data;

    g_free(mistake->text);
    g_free(mistake);
}

GPtrArray *cl_mistakes_new(void)
{
    return g_ptr_array_new_with_free_func(mistake_free);
}

void cl_mistakes_add(GPtrArray *mistakes, guint line, const char *format, ...)
{
    ClMistake *mistake = g_new(ClMistake, 1);
    va_list arguments;

    mistake->line = line;
    va_start(arguments, format);
    mistake->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(mistakes, mistake);
}

static gint compare_mistakes(gconstpointer a, gconstpointer b)
{
    const ClMistake *const *left = a, *const *right = b;

    return (*left)->line < (*right)->line ? -1 : (*left)->line > (*right)->line;
}

void cl_mistakes_sort(GPtrArray *mistakes)
{
    g_ptr_array_sort(mistakes, compare_mistakes);
}

static void entry_free(gpointer data)
{
    ClLineEntry *entry = data;

    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

static void section_free(gpointer data)
{
    ClLineSection *section = data;

    g_hash_table_unref(section->by_key);
    g_ptr_array_unref(section->entries);
    g_free(section->kind);
    g_free(section->label);
    g_free(section);
}

/* A label stands in lists and in brackets of expressions, so it has none of their signs. */
static gboolean is_label(const char *label)
{
    for (const char *at = label; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (strchr("[];\\", *at) != NULL || g_unichar_iscntrl(c)) {
            return FALSE;
        }
    }
    return TRUE;
}

static ClLineSection *section_new(Reader *reader, guint line, char *kind, char *label)
{
    ClLineSection *section = g_new0(ClLineSection, 1);

    section->line = line;
    section->kind = kind;
    section->label = label;
    section->entries = g_ptr_array_new_with_free_func(entry_free);
    section->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    g_ptr_array_add(reader->sections, section);
    return section;
}

static void note_section(Reader *reader, ClLineSection *section)
{
    const char *label = section->label != NULL ? section->label : "";
    g_autofree char *header = g_strdup_printf("%s %s", section->kind, label);
    ClLineSection *first = g_hash_table_lookup(reader->by_header, header);

    if (first == NULL) {
        g_hash_table_insert(reader->by_header, g_steal_pointer(&header), section);
        return;
    }
    section->duplicate = TRUE;
    cl_mistakes_add(reader->mistakes, section->line, "[%s%s%s] stands already in line %u",
                    section->kind, section->label != NULL ? " " : "", label, first->line);
}

static void read_header(Reader *reader, guint line, char *text)
{
    gsize length = strlen(text);
    char *kind = text + 1;
    char *label;

    reader->section = NULL;
    reader->ignoring = TRUE;
    if (length < 3 || text[length - 1] != ']') {
        cl_mistakes_add(reader->mistakes, line, "a section is written [KIND LABEL]");
        return;
    }
    text[length - 1] = '\0';
    g_strstrip(kind);
    label = kind + strcspn(kind, " \t");
    if (*label != '\0') {
        *label++ = '\0';
        g_strstrip(label);
    }
    if (!is_label(label)) {
        cl_mistakes_add(reader->mistakes, line,
                        "a label cannot hold [ ] ; \\ or control characters; use name=");
        return;
    }
    reader->ignoring = FALSE;
    reader->section =
        section_new(reader, line, g_strdup(kind), *label != '\0' ? g_strdup(label) : NULL);
    note_section(reader, reader->section);
}

static void read_entry(Reader *reader, guint line, char *text)
{
    char *value = strchr(text, '=');
    ClLineEntry *first;
    ClLineEntry *entry;

    if (value == NULL || value == text) {
        cl_mistakes_add(reader->mistakes, line, "neither a section, a KEY=VALUE nor a # comment");
        return;
    }
    *value++ = '\0';
    g_strstrip(text);
    g_strstrip(value);
    if (reader->section == NULL) {
        if (!reader->ignoring) {
            cl_mistakes_add(reader->mistakes, line, "the key \"%s\" stands before any section",
                            text);
        }
        return;
    }
    first = g_hash_table_lookup(reader->section->by_key, text);
    if (first != NULL) {
        cl_mistakes_add(reader->mistakes, line, "\"%s\" stands already in line %u", text,
                        first->line);
        return;
    }
    entry = g_new(ClLineEntry, 1);
    *entry = (ClLineEntry){line, g_strdup(text), g_strdup(value)};
    g_ptr_array_add(reader->section->entries, entry);
    g_hash_table_insert(reader->section->by_key, entry->key, entry);
}

static void read_line(Reader *reader, guint line, const char *data, gsize length)
{
    g_autofree char *text = NULL;

    if (memchr(data, '\0', length) != NULL) {
        cl_mistakes_add(reader->mistakes, line, "holds a NUL character");
        return;
    }
    if (!g_utf8_validate(data, (gssize)length, NULL)) {
        cl_mistakes_add(reader->mistakes, line, "is not UTF-8");
        return;
    }
    text = g_strstrip(g_strndup(data, length));
    if (*text == '\0' || *text == '#') {
        return;
    }
    if (*text == '[') {
        read_header(reader, line, text);
    } else {
        read_entry(reader, line, text);
    }
}

GPtrArray *cl_lines_read(const char *data, gsize size, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) by_header = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *sections = g_ptr_array_new_with_free_func(section_free);
    Reader reader = {sections, by_header, NULL, FALSE, mistakes};
    const char *end = size > 0 ? data + size : data;
    guint line = 1;

    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
    }
    while (data < end) {
        const char *next = memchr(data, '\n', (gsize)(end - data));
        gsize length = (gsize)((next != NULL ? next : end) - data);

        read_line(&reader, line++, data, length);
        data = next != NULL ? next + 1 : end;
    }
    return sections;
}

const ClLineEntry *cl_line_section_find(const ClLineSection *section, const char *key)
{
    return section != NULL ? g_hash_table_lookup(section->by_key, key) : NULL;
}

/* GKeyFile's own messages speak of the scratch file, so a plain one is given instead. */
char *cl_line_decode(const char *value, char **ret_why)
{
    g_autoptr(GKeyFile) scratch = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    g_key_file_set_value(scratch, "s", "k", value);
    text = g_key_file_get_string(scratch, "s", "k", &error);
    /* GKeyFile gives a text and an error at once. */
    if (error != NULL) {
        *ret_why = g_strdup("what follows a backslash is s, n, t, r or another backslash");
        return NULL;
    }
    return g_steal_pointer(&text);
}

char **cl_line_decode_list(const char *value, char **ret_why)
{
    g_autoptr(GKeyFile) scratch = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) list = NULL;

    g_key_file_set_value(scratch, "s", "k", value);
    list = g_key_file_get_string_list(scratch, "s", "k", NULL, &error);
    if (error != NULL) {
        *ret_why = g_strdup("what follows a backslash is s, n, t, r, ; or another backslash");
        return NULL;
    }
    return g_steal_pointer(&list);
}
