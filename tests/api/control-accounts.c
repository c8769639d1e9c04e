/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster's security descriptor, as ClusterSetAccountAccess, its control code and the property
 * change it, through the public API. One thread; each test has a file of its own.
 */
#include "control-setup.h"

#include <resapi.h>
#include <string.h>

#define ROOM 4096

/* --- Accounts ----------------------------------------------------------------------------------- */

#define SECURITY u"Security Descriptor"

/* Its bytes as hexadecimal digits (transfer full). */
static char *security_of(HCLUSTER cluster)
{
    BYTE list[ROOM * 4];
    DWORD size = 0, length = 0;
    LPBYTE bytes = NULL;
    GString *text = g_string_new(NULL);
    IS(ClusterControl(cluster, NULL, CLUSCTL_CLUSTER_GET_COMMON_PROPERTIES, NULL, 0, list,
                      sizeof list, &size),
       ERROR_SUCCESS);
    IS(ResUtilFindBinaryProperty(list, size, SECURITY, &bytes, &length), ERROR_SUCCESS);
    for (DWORD i = 0; i < length; i++) {
        g_string_append_printf(text, "%02x", bytes[i]);
    }
    LocalFree(bytes);
    return g_string_free(text, FALSE);
}

#define OWNERS  "01020000000000052000000020020000" /* S-1-5-32-544 */
#define SYSTEM  "010100000000000512000000"         /* S-1-5-18 */
#define SOMEONE "01010000000000050b000000"         /* S-1-5-11 */
#define BEGIN   "0100048014000000240000000000000030000000" OWNERS SYSTEM
#define HOME    "0000180003000000" OWNERS "0000140003000000" SYSTEM

static void assert_security(const Cluster *c, const char *expected)
{
    g_autofree char *seen = security_of(c->handle);
    g_assert_cmpstr(seen, ==, expected);
}

static void test_accounts(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    assert_security(c, BEGIN "0200340002000000" HOME);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", CLUSAPI_READ_ACCESS, 0), ERROR_SUCCESS);
    assert_security(c, BEGIN "0200480003000000" HOME "0000140001000000" SOMEONE);
    IS(ClusterSetAccountAccess(c->handle, u"s-1-0x5-11", CLUSAPI_ALL_ACCESS, 0), ERROR_SUCCESS);
    assert_security(c, BEGIN "0200480003000000" HOME "0000140003000000" SOMEONE);
    /* One that denies comes first, and is another entry. */
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", CLUSAPI_CHANGE_ACCESS, 1), ERROR_SUCCESS);
    assert_security(c, BEGIN "02005c0004000000"
                             "0100140002000000" SOMEONE HOME "0000140003000000" SOMEONE);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", CLUSAPI_NO_ACCESS, 1), ERROR_SUCCESS);
    assert_security(c, BEGIN "02005c0004000000"
                             "0100140004000000" SOMEONE HOME "0000140003000000" SOMEONE);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 0, 2), ERROR_SUCCESS);
    assert_security(c, BEGIN "0200340002000000" HOME);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 0, 2), ERROR_SUCCESS);
    assert_security(c, BEGIN "0200340002000000" HOME);
    control_check_file(c);
}

static void test_accounts_refused(void)
{
    static const WCHAR alone[] = {'S', 0xdc00, 0};
    static const WCHAR *const sids[] = {
        u"",
        u"Administrators",
        u"S-1",
        u"S-1-5",
        u"S-1-5-",
        u"S-1--5",
        u"S-2-5-11",
        u"X-1-5-11",
        u"S-1-5-11-",
        u"S-1-5-4294967296",
        u"S-1-5-0x11",
        u"S-1-281474976710656-1",
        u"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
        u" S-1-5-11",
    };
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    for (gsize i = 0; i < G_N_ELEMENTS(sids); i++) {
        IS(ClusterSetAccountAccess(c->handle, sids[i], 1, 0), ERROR_INVALID_PARAMETER);
        IS(ClusterSetAccountAccess(c->handle, sids[i], 1, 2), ERROR_INVALID_PARAMETER);
    }
    IS(ClusterSetAccountAccess(c->handle, NULL, 1, 0), ERROR_INVALID_PARAMETER);
    IS(ClusterSetAccountAccess(c->handle, alone, 1, 0), ERROR_NO_UNICODE_TRANSLATION);
    for (DWORD type = 0; type < 2; type++) {
        IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 0, type), ERROR_INVALID_PARAMETER);
        IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 5, type), ERROR_INVALID_PARAMETER);
        IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", GENERIC_ALL, type),
           ERROR_INVALID_PARAMETER);
    }
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 1, 3), ERROR_INVALID_PARAMETER);
    control_assert_same(before, handles);
}

/* The list of what is missing, of another format, cut off or garbled. */
static void test_account_lists(void)
{
    static const char *const names[] = {"AccountSID", "AccountAccessMask", "AccountAccessType"};
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    const DWORD code = CLUSCTL_CLUSTER_SET_ACCOUNT_ACCESS;
    BYTE list[ROOM];
    DWORD size;
    for (guint without = 0; without < 6; without++) {
        size = 0;
        for (guint i = 0; i < 3; i++) {
            /* Left out, or a number for a text and a text for a number. */
            gboolean wrong = i == without - 3;
            if (i != without && (i == 0) != wrong) {
                list_add_text(list, ROOM, &size, names[i], "S-1-5-11");
            } else if (i != without) {
                list_add_number(list, ROOM, &size, names[i], 1);
            }
        }
        IS(ClusterControl(c->handle, NULL, code, list, size, NULL, 0, NULL),
           ERROR_INVALID_PARAMETER);
    }
    size = 0;
    list_add_text(list, ROOM, &size, "accountSID", "S-1-5-11");
    list_add_number(list, ROOM, &size, "AccountAccessMask", 1);
    list_add_number(list, ROOM, &size, "AccountAccessType", 0);
    for (DWORD cut = 0; cut < size; cut++) {
        IS(ClusterControl(c->handle, NULL, code, list, cut, NULL, 0, NULL), ERROR_INVALID_DATA);
    }
    control_assert_same(before, handles);
    for (gsize i = 0; i < 500; i++) {
        BYTE garbled[ROOM];
        memcpy(garbled, list, size);
        garbled[g_test_rand_int_range(0, (gint)size)] = (BYTE)g_test_rand_int();
        DWORD result = ClusterControl(c->handle, NULL, code, garbled, size, NULL, 0, NULL);
        g_assert_true(result == ERROR_SUCCESS || result == ERROR_INVALID_DATA ||
                      result == ERROR_INVALID_PARAMETER);
    }
    IS(ClusterControl(c->handle, NULL, code, list, size, NULL, 0, NULL), ERROR_SUCCESS);
    control_check_file(c);
}

static DWORD set_security(HCLUSTER cluster, const void *bytes, DWORD length)
{
    static BYTE list[32 * ROOM];
    DWORD size = 0;
    list_add(list, sizeof list, &size, "Security Descriptor", CLUSPROP_SYNTAX_LIST_VALUE_BINARY,
             bytes, length);
    return ClusterControl(cluster, NULL, CLUSCTL_CLUSTER_SET_COMMON_PROPERTIES, list, size, NULL, 0,
                          NULL);
}

/* The list of entries has an end. */
static void test_many_accounts(void)
{
    static BYTE bytes[20 + 8 + 65496] = {1, 0, 0x04, 0x80};
    g_autoptr(Cluster) c = control_cluster_new();
    BYTE *list = bytes + 20;
    const gsize size = sizeof bytes - 20;
    bytes[16] = 20;
    memcpy(list, (BYTE[]){2, 0, size & 0xff, size >> 8, 1, 0, 0, 0}, 8);
    /* One entry of a sort that nobody knows. */
    memcpy(list + 8, (BYTE[]){4, 0, (size - 8) & 0xff, (size - 8) >> 8}, 4);
    IS(set_security(c->handle, bytes, sizeof bytes), ERROR_SUCCESS);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 1, 0), ERROR_SUCCESS);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-12", 1, 0), ERROR_INVALID_SECURITY_DESCR);
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", 3, 0), ERROR_SUCCESS);
    control_check_file(c);
}

static void test_security(void)
{
    /* No list at all: one is made for the first entry. */
    static const BYTE bare[20] = {1, 0, 0, 0x80};
    g_autoptr(Cluster) c = control_cluster_new();
    IS(set_security(c->handle, "", 0), ERROR_INVALID_SECURITY_DESCR);
    for (DWORD size = 0; size < sizeof bare; size++) {
        IS(set_security(c->handle, bare, size), ERROR_INVALID_SECURITY_DESCR);
    }
    assert_security(c, BEGIN "0200340002000000" HOME);
    IS(set_security(c->handle, bare, sizeof bare), ERROR_SUCCESS);
    assert_security(c, "0100008000000000000000000000000000000000");
    IS(ClusterSetAccountAccess(c->handle, u"S-1-5-11", CLUSAPI_READ_ACCESS, 0), ERROR_SUCCESS);
    assert_security(c, "0100048000000000000000000000000014000000"
                       "02001c0001000000"
                       "0000140001000000" SOMEONE);
    control_check_file(c);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accounts/are allowed, denied and forgotten", test_accounts);
    g_test_add_func("/accounts/bad ones are refused", test_accounts_refused);
    g_test_add_func("/accounts/bad lists are refused", test_account_lists);
    g_test_add_func("/accounts/too many are refused", test_many_accounts);
    g_test_add_func("/accounts/the descriptor is a property", test_security);
    return g_test_run();
}
