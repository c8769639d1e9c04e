/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What comes over a connection: cut into pieces of the size that the first byte says, it gives the
 * same messages as at once.
 */
#include "target.h"

#include "rpc/wire.h"

#include <string.h>

#define STUB_MAX (1024 * 1024)

/* Everything that the messages say, and whether they ended in an error. */
static GByteArray *messages_of(const guint8 *data, size_t size, size_t piece)
{
    const ClWireLimits limits = {STUB_MAX, 4};
    g_autoptr(ClWire) wire = cl_wire_new(&limits);
    GByteArray *all = g_byte_array_new();
    cl_wire_set_sizes(wire, CL_PDU_SIZE_MIN, 5840);
    for (size_t at = 0; at < size; at += piece) {
        ClMessage *message = NULL;
        cl_wire_take(wire, data + at, MIN(piece, size - at));
        do {
            g_clear_pointer(&message, cl_message_free);
            g_autoptr(GError) error = NULL;
            gboolean ok = cl_wire_next(wire, &message, &error);
            g_assert_true(ok == (error == NULL));
            if (!ok) {
                g_byte_array_append(all, (const guint8 *)"broken", 6);
                return all;
            }
            if (message) {
                g_byte_array_append(all, (const guint8 *)&message->pdu, sizeof message->pdu);
            }
            if (message && message->stub) {
                g_byte_array_append(all, message->stub->data, message->stub->len);
            }
        } while (message);
    }
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    g_autoptr(GByteArray) whole = messages_of(data + 1, size - 1, size);
    g_autoptr(GByteArray) pieces = messages_of(data + 1, size - 1, (size_t)data[0] + 1);
    g_assert_cmpmem(whole->data, whole->len, pieces->data, pieces->len);
    return 0;
}
