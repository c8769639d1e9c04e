/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of a method, of which the first byte is the number and the second the direction:
 * what could be read is written, and read and written again as the same.
 */
#include "target.h"

#include "rpc/methods.h"

#include <string.h>

/* Sizes that the other direction would have told. */
#define TOLD 16

typedef struct {
    const ClMethod *method;
    gboolean out;
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
} Stub;

static void prepare(Stub *stub, const ClMethod *method, gboolean out)
{
    memset(stub, 0, sizeof *stub);
    stub->method = method;
    stub->out = out;
    for (guint i = 0; i < method->n_parameters; i++) {
        const ClNdrMember *parameter = &method->parameters[i];
        if (parameter->type == CL_NDR_U32 && !(out ? parameter->out : parameter->in)) {
            stub->values[i].number = TOLD;
        }
    }
}

static gboolean decode(Stub *stub, const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    gboolean ok = cl_ndr_decode(stub->method->parameters, stub->method->n_parameters, stub->out,
                                data, size, stub->values, &error);
    g_assert_true(ok == (error == NULL));
    return ok;
}

static GByteArray *encode(Stub *stub)
{
    GByteArray *bytes = g_byte_array_new();
    gboolean ok = cl_ndr_encode(stub->method->parameters, stub->method->n_parameters, stub->out,
                                stub->values, bytes, NULL);
    g_assert_true(ok);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Stub stub, again;
    const ClMethod *method = size >= 2 ? cl_method(data[0]) : NULL;
    if (!method) {
        return 0;
    }
    prepare(&stub, method, data[1] & 1);
    prepare(&again, method, data[1] & 1);
    if (decode(&stub, data + 2, size - 2)) {
        g_autoptr(GByteArray) first = encode(&stub);
        gboolean ok = decode(&again, first->data, first->len);
        g_assert_true(ok);
        g_autoptr(GByteArray) second = encode(&again);
        g_assert_cmpmem(first->data, first->len, second->data, second->len);
    }
    cl_ndr_clear(stub.values, method->n_parameters);
    cl_ndr_clear(again.values, method->n_parameters);
    return 0;
}
