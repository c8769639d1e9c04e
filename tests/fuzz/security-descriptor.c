/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for security descriptors: what could be taken from the input must come back the
 * same when it is taken again, and when it is put together from its parts. Run by libFuzzer, or by
 * driver.c.
 */
#include "security-descriptor.h"
#include "target.h"

#include <string.h>

static void check(gboolean ok)
{
    if (!ok) {
        g_error("a security descriptor did not come back as it was");
    }
}

static GBytes *take(GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);

    return cl_security_take(data, size);
}

/* Part after part, each from @whole, onto one that has them all of another. */
static void put_together(GBytes *whole)
{
    static const SECURITY_INFORMATION parts[] = {
        OWNER_SECURITY_INFORMATION, DACL_SECURITY_INFORMATION, SACL_SECURITY_INFORMATION,
        GROUP_SECURITY_INFORMATION};
    GBytes *built = cl_security_default();

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        GBytes *next = cl_security_merge(built, whole, parts[i]);

        check(next != NULL);
        check((cl_security_parts(next) & parts[i]) == (cl_security_parts(whole) & parts[i]));
        g_bytes_unref(built);
        built = next;
    }
    check(g_bytes_equal(built, whole));
    g_bytes_unref(built);
}

/* An account's entry is there once, however often it is set, and gone when all of them are. */
static void set_entries(GBytes *whole)
{
    g_autoptr(GBytes) sid = cl_security_sid("S-1-5-21-1-2-3-1000");
    GBytes *without = cl_security_set_entry(whole, sid, CL_ENTRY_DELETE, 0);

    check(without != NULL);
    for (ClSecurityEntry what = CL_ENTRY_ALLOW; what <= CL_ENTRY_DENY; what++) {
        g_autoptr(GBytes) once = cl_security_set_entry(without, sid, what, 1);
        g_autoptr(GBytes) twice = once ? cl_security_set_entry(once, sid, what, 1) : NULL;
        g_autoptr(GBytes) none = once ? cl_security_set_entry(once, sid, CL_ENTRY_DELETE, 0) : NULL;

        check(once == NULL || (g_bytes_equal(once, twice) && g_bytes_equal(none, without)));
    }
    g_bytes_unref(without);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) input = g_bytes_new(data, size);
    g_autoptr(GBytes) taken = cl_security_take(data, size);
    g_autoptr(GBytes) again = NULL;
    g_autoptr(GBytes) flagged = NULL;

    if (taken == NULL) {
        check(cl_security_parts(input) == 0);
        return 0;
    }
    check(cl_security_parts(taken) == cl_security_parts(input));
    again = take(taken);
    check(again != NULL && g_bytes_equal(again, taken));
    put_together(taken);
    set_entries(taken);
    flagged = cl_security_merge(taken, taken, PROTECTED_DACL_SECURITY_INFORMATION);
    check(flagged != NULL && g_bytes_get_size(flagged) == g_bytes_get_size(taken));
    return 0;
}
