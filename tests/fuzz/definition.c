/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for definitions of clusters: the input is read as one. What is wrong with it is
 * said with lines that it has; what is right has names and ids. Run by libFuzzer, or by driver.c.
 */
#include "embedded/definition.h"
#include "target.h"

#include <string.h>

static void check(gboolean ok)
{
    if (!ok) {
        g_error("a definition was read wrongly");
    }
}

static guint count_lines(const uint8_t *data, size_t size)
{
    guint lines = 1;

    for (size_t i = 0; i < size; i++) {
        lines += data[i] == '\n';
    }
    return lines;
}

static void check_mistakes(const GPtrArray *mistakes, guint lines)
{
    guint before = 0;

    check(mistakes->len > 0);
    for (guint i = 0; i < mistakes->len; i++) {
        const ClMistake *mistake = mistakes->pdata[i];

        check(mistake->line >= before && mistake->line <= lines);
        check(g_utf8_validate(mistake->text, -1, NULL));
        before = mistake->line;
    }
}

static void check_objects(const GPtrArray *objects)
{
    for (guint i = 0; i < objects->len; i++) {
        const ClDefined *object = objects->pdata[i];

        check(object->name != NULL && object->key != NULL && object->id != NULL);
        check(g_utf8_validate(object->name, -1, NULL));
    }
}

static void check_keys(const GPtrArray *keys)
{
    for (guint i = 0; i < keys->len; i++) {
        const ClDefinedKey *key = keys->pdata[i];

        check(key->object.name != NULL && key->names != NULL);
        for (guint j = 0; key->values != NULL && j < key->values->len; j++) {
            const ClDefinedValue *value = key->values->pdata[j];

            check(g_utf8_validate(value->name, -1, NULL) && value->data != NULL);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(ClDefinition) definition = NULL;
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(GError) error = NULL;

    if (!cl_definition_parse((const char *)data, size, &definition, &mistakes, &error)) {
        check(error != NULL);
        check_mistakes(mistakes, count_lines(data, size));
        return 0;
    }
    check_objects(definition->clusters);
    check_objects(definition->nodes);
    check_objects(definition->networks);
    check_objects(definition->interfaces);
    check_objects(definition->types);
    check_objects(definition->groups);
    check_objects(definition->resources);
    check_objects(definition->sets);
    check_keys(definition->keys);
    return 0;
}
