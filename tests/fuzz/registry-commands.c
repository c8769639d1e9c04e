/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for the commands of a batch as the event table of a file has them: what could be
 * decoded must come back the same from its encoding. Run by libFuzzer, or by driver.c.
 */
#include "embedded/registry.h"
#include "target.h"

static void check(gboolean ok)
{
    if (!ok) {
        g_error("the commands of a batch did not come back as they were");
    }
}

static volatile guint8 touched;

/* Touches every byte, for the sanitizers to see. */
static void walk(const ClRegistryCommand *command)
{
    gsize size = 0;
    const guint8 *data = command->data != NULL ? g_bytes_get_data(command->data, &size) : NULL;

    check(g_utf8_validate(command->key, -1, NULL) && g_utf8_validate(command->value, -1, NULL));
    for (gsize i = 0; i < size; i++) {
        touched ^= data[i];
    }
}

static void compare(const ClRegistryCommand *a, const ClRegistryCommand *b)
{
    check(a->command == b->command && a->type == b->type && g_str_equal(a->key, b->key) &&
          g_str_equal(a->value, b->value) && (a->data == NULL) == (b->data == NULL) &&
          (a->data == NULL || g_bytes_equal(a->data, b->data)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) input = g_bytes_new(data, size);
    g_autoptr(GPtrArray) first = cl_registry_commands_decode(input);
    g_autoptr(GPtrArray) second = NULL;
    g_autoptr(GBytes) encoded = NULL;

    if (first == NULL) {
        return 0;
    }
    encoded = cl_registry_commands_encode(first);
    second = cl_registry_commands_decode(encoded);
    check(second != NULL && second->len == first->len);
    for (guint i = 0; i < first->len; i++) {
        walk(first->pdata[i]);
        compare(first->pdata[i], second->pdata[i]);
    }
    return 0;
}
