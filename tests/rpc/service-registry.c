/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database by the methods of the remote protocol, with batches and their ports.
 */
#include "fake-server.h"

#include "../api/fixture.h"
#include "clusapid/batch-format.h"

#include <string.h>

#define IS(call, code) g_assert_cmpuint(fake_status(call), ==, code)

typedef struct {
    Fixture *fixture;
    FakeClient *client;
    ClContextHandle root, key; /* key: Software\Demo */
} Setup;

static ClContextHandle open_key(FakeClient *client, const ClContextHandle *key, const char *path)
{
    g_autoptr(FakeCall) call =
        fake_call(client, "OpenKey", "hsu", key, path, (guint64)KEY_ALL_ACCESS);
    IS(call, ERROR_SUCCESS);
    return *fake_handle(call);
}

static void set_up(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    setup->fixture = fixture_new_demo();
    setup->client = fake_client_new(setup->fixture->path, CLUSAPID_ADMINISTRATOR);
    g_autoptr(FakeCall) root = fake_call(setup->client, "GetRootKey", "u", (guint64)KEY_ALL_ACCESS);
    IS(root, ERROR_SUCCESS);
    setup->root = *fake_handle(root);
    setup->key = open_key(setup->client, &setup->root, "Software\\Demo");
}

static void tear_down(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    fake_client_free(setup->client);
    fixture_free(setup->fixture);
}

static FakeCall *query(const Setup *setup, const char *name, guint room)
{
    return fake_call(setup->client, "QueryValue", "hsu", &setup->key, name, (guint64)room);
}

/* --- Keys and values ---------------------------------------------------------------------------- */

static void makes_and_deletes_keys(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) made = fake_call(client, "CreateKey", "hsuu0", &setup->key, "a\\b",
                                         (guint64)0, (guint64)KEY_ALL_ACCESS);
    IS(made, ERROR_SUCCESS);
    g_assert_cmpuint(made->values[5].number, ==, REG_CREATED_NEW_KEY);
    g_autoptr(FakeCall) again = fake_call(client, "CreateKey", "hsuu0", &setup->key, "a\\b",
                                          (guint64)0, (guint64)KEY_ALL_ACCESS);
    IS(again, ERROR_SUCCESS);
    g_assert_cmpuint(again->values[5].number, ==, REG_OPENED_EXISTING_KEY);
    g_autoptr(FakeCall) full = fake_call(client, "DeleteKey", "hs", &setup->key, "a");
    g_assert_cmpuint(fake_status(full), !=, 0);
    g_autoptr(FakeCall) gone = fake_call(client, "DeleteKey", "hs", &setup->key, "a\\b");
    IS(gone, ERROR_SUCCESS);
    g_autoptr(FakeCall) missing =
        fake_call(client, "OpenKey", "hsu", &setup->key, "a\\b", (guint64)KEY_READ);
    IS(missing, ERROR_FILE_NOT_FOUND);
    g_autoptr(FakeCall) closed = fake_call(client, "CloseKey", "h", fake_handle(made));
    IS(closed, ERROR_SUCCESS);
}

static void lists_keys_and_values(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    guint n_keys = 0, n_values = 0;
    guint code;
    g_autoptr(FakeCall) info = fake_call(setup->client, "QueryInfoKey", "h", &setup->key);
    IS(info, ERROR_SUCCESS);
    do {
        g_autoptr(FakeCall) key =
            fake_call(setup->client, "EnumKey", "hu", &setup->key, (guint64)n_keys);
        code = fake_status(key);
        n_keys += code == 0;
        g_assert_true(code != 0 || (key->values[2].text && key->values[3].number > 0));
    } while (code == 0);
    g_assert_cmpuint(code, ==, ERROR_NO_MORE_ITEMS);
    g_assert_cmpuint(n_keys, ==, info->values[1].number);
    do {
        g_autoptr(FakeCall) small = fake_call(setup->client, "EnumValue", "huu", &setup->key,
                                              (guint64)n_values, (guint64)0);
        code = fake_status(small);
        if (code == ERROR_MORE_DATA) {
            g_autoptr(FakeCall) value = fake_call(setup->client, "EnumValue", "huu", &setup->key,
                                                  (guint64)n_values, small->values[6].number);
            code = fake_status(value);
            g_assert_cmpuint(value->values[5].number, ==, small->values[6].number);
            g_assert_cmpuint(g_bytes_get_size(value->values[4].bytes), ==, small->values[6].number);
        }
        n_values += code == 0;
    } while (code == 0);
    g_assert_cmpuint(code, ==, ERROR_NO_MORE_ITEMS);
    g_assert_cmpuint(n_values, ==, info->values[3].number);
}

static void reads_and_writes_values(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(FakeCall) small = query(setup, "Icon", 1);
    IS(small, ERROR_MORE_DATA);
    g_assert_cmpuint(small->values[5].number, ==, 8);
    g_autoptr(FakeCall) full = query(setup, "Icon", 8);
    IS(full, ERROR_SUCCESS);
    g_assert_cmpuint(full->values[2].number, ==, REG_BINARY);
    g_assert_cmpmem(g_bytes_get_data(full->values[3].bytes, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
    g_autoptr(FakeCall) none = query(setup, "nothing here", 8);
    IS(none, ERROR_FILE_NOT_FOUND);
    g_autoptr(FakeCall) mad = query(setup, "Icon", 0xFFFFFFFF);
    g_assert_cmpuint(mad->fault, ==, ERROR_INVALID_PARAMETER);
    g_autoptr(FakeCall) set = fake_call(setup->client, "SetValue", "hsubu", &setup->key, "mine",
                                        (guint64)REG_BINARY, "abc", (gsize)3, (guint64)3);
    IS(set, ERROR_SUCCESS);
    g_autoptr(FakeCall) mine = query(setup, "mine", 16);
    IS(mine, ERROR_SUCCESS);
    g_assert_cmpuint(mine->values[5].number, ==, 3);
    g_autoptr(FakeCall) gone = fake_call(setup->client, "DeleteValue", "hs", &setup->key, "mine");
    IS(gone, ERROR_SUCCESS);
    g_autoptr(FakeCall) again = fake_call(setup->client, "DeleteValue", "hs", &setup->key, "mine");
    IS(again, ERROR_FILE_NOT_FOUND);
}

/* --- Security ----------------------------------------------------------------------------------- */

static GPtrArray *security_rows(gconstpointer bytes, gsize size, guint room)
{
    GPtrArray *rows = cl_ndr_rows_new(&cl_ndr_security);
    ClNdrValue *members = cl_ndr_row_add(rows, &cl_ndr_security);
    members[0].bytes = bytes ? g_bytes_new(bytes, size) : NULL;
    members[1].number = room;
    members[2].number = size;
    return rows;
}

static GBytes *get_security(const Setup *setup)
{
    g_autoptr(FakeCall) small =
        fake_call(setup->client, "GetKeySecurity", "hur", &setup->key,
                  (guint64)DACL_SECURITY_INFORMATION, security_rows(NULL, 0, 0));
    IS(small, ERROR_INSUFFICIENT_BUFFER);
    const ClNdrValue *needed = small->values[2].rows->pdata[0];
    g_assert_null(needed[0].bytes);
    g_autoptr(FakeCall) full = fake_call(setup->client, "GetKeySecurity", "hur", &setup->key,
                                         (guint64)DACL_SECURITY_INFORMATION,
                                         security_rows("", 0, (guint)needed[1].number));
    IS(full, ERROR_SUCCESS);
    const ClNdrValue *members = full->values[2].rows->pdata[0];
    g_assert_cmpuint(members[2].number, ==, needed[1].number);
    return g_bytes_ref(members[0].bytes);
}

static guint set_security(const Setup *setup, gconstpointer data, gsize size)
{
    g_autoptr(FakeCall) call =
        fake_call(setup->client, "SetKeySecurity", "hur", &setup->key,
                  (guint64)DACL_SECURITY_INFORMATION, security_rows(data, size, (guint)size));
    return fake_status(call);
}

static void keeps_security(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    gsize size;
    g_autoptr(GBytes) before = get_security(setup);
    const guint8 *bytes = g_bytes_get_data(before, &size);
    g_assert_cmpuint(set_security(setup, bytes, size), ==, 0);
    g_autoptr(GBytes) after = get_security(setup);
    g_assert_true(g_bytes_equal(before, after));
    /* Cut off, nothing at all, and one whose parts lie far away. */
    g_assert_cmpuint(set_security(setup, bytes, size / 2), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(set_security(setup, NULL, 0), ==, ERROR_INVALID_PARAMETER);
    g_autofree guint8 *far = g_memdup2(bytes, size);
    memset(far + 16, 0x7F, 4);
    g_assert_cmpuint(set_security(setup, far, size), ==, ERROR_INVALID_PARAMETER);
}

static void makes_keys_with_security(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    gsize size;
    g_autoptr(GBytes) security = get_security(setup);
    gconstpointer bytes = g_bytes_get_data(security, &size);
    GPtrArray *rows = cl_ndr_rows_new(&cl_ndr_attributes);
    ClNdrValue *attributes = cl_ndr_row_add(rows, &cl_ndr_attributes);
    attributes[1].rows = security_rows(bytes, size, (guint)size);
    g_autoptr(FakeCall) made = fake_call(setup->client, "CreateKey", "hsuur", &setup->key, "secret",
                                         (guint64)0, (guint64)KEY_READ, rows);
    IS(made, ERROR_SUCCESS);
    rows = cl_ndr_rows_new(&cl_ndr_attributes);
    attributes = cl_ndr_row_add(rows, &cl_ndr_attributes);
    attributes[1].rows = security_rows("nonsense", 8, 8);
    g_autoptr(FakeCall) bad = fake_call(setup->client, "CreateKey", "hsuur", &setup->key, "bad",
                                        (guint64)0, (guint64)KEY_READ, rows);
    IS(bad, ERROR_INVALID_SECURITY_DESCR);
}

/* --- Batches ------------------------------------------------------------------------------------ */

static FakeCall *execute(const Setup *setup, GByteArray *bytes)
{
    FakeCall *call = fake_call(setup->client, "ExecuteBatch", "hub", &setup->key,
                               (guint64)bytes->len, bytes->data, (gsize)bytes->len);
    g_byte_array_unref(bytes);
    return call;
}

static void batches_are_whole(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    GByteArray *good = clusapid_batch_new();
    clusapid_batch_add(good, CLUSREG_CREATE_KEY, 0, u"batch", NULL, 0);
    clusapid_batch_add(good, CLUSREG_SET_VALUE, REG_BINARY, u"v", "abc", 3);
    clusapid_batch_add(good, CLUSREG_DELETE_VALUE, 0, u"not there", NULL, 0);
    g_autoptr(FakeCall) done = execute(setup, good);
    IS(done, ERROR_SUCCESS);
    g_assert_cmpuint(done->values[3].number, ==, 0);
    g_autoptr(FakeCall) there =
        fake_call(setup->client, "OpenKey", "hsu", &setup->key, "batch", (guint64)KEY_READ);
    IS(there, ERROR_SUCCESS);

    GByteArray *bad = clusapid_batch_new();
    clusapid_batch_add(bad, CLUSREG_CREATE_KEY, 0, u"other", NULL, 0);
    clusapid_batch_add(bad, CLUSREG_DELETE_KEY, 0, u"batch", NULL, 0);
    clusapid_batch_add(bad, CLUSREG_SET_VALUE, REG_DWORD, u"v", "abcd", 4);
    g_autoptr(FakeCall) failed = execute(setup, bad);
    IS(failed, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(failed->values[3].number, ==, 3);
    g_autoptr(FakeCall) none =
        fake_call(setup->client, "OpenKey", "hsu", &setup->key, "other", (guint64)KEY_READ);
    IS(none, ERROR_FILE_NOT_FOUND);

    GByteArray *condition = clusapid_batch_new();
    clusapid_batch_add(condition, CLUSREG_CREATE_KEY, 0, u"third", NULL, 0);
    clusapid_batch_add(condition, CLUSREG_CONDITION_KEY_EXISTS, 0, u"nowhere", NULL, 0);
    g_autoptr(FakeCall) unmet = execute(setup, condition);
    IS(unmet, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED);
    g_assert_cmpuint(unmet->values[3].number, ==, 2);
}

/* Cut off anywhere, and with a length changed, a batch changes nothing. */
static void batches_are_checked(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    GByteArray *whole = clusapid_batch_new();
    clusapid_batch_add(whole, CLUSREG_CREATE_KEY, 0, u"cut", NULL, 0);
    clusapid_batch_add(whole, CLUSREG_SET_VALUE, REG_BINARY, u"v", "abcd", 4);
    for (guint size = 0; size < whole->len; size++) {
        GByteArray *part = g_byte_array_new();
        g_byte_array_append(part, whole->data, size);
        g_autoptr(FakeCall) call = execute(setup, part);
        if (size != 4 && size != 4 + 12 + 8 + 4) {
            IS(call, ERROR_INVALID_PARAMETER);
        }
    }
    for (guint at = 0; at + 4 <= whole->len; at += 2) {
        GByteArray *odd = g_byte_array_new();
        g_byte_array_append(odd, whole->data, whole->len);
        memset(odd->data + at, 0xFF, 4);
        g_autoptr(FakeCall) call = execute(setup, odd);
        g_assert_true(call->is_answered);
    }
    g_byte_array_unref(whole);
}

static void read_batches_answer_each_command(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        DWORD command, type;
        const char *name;
        DWORD size;
    } expected[] = {
        {CLUSREG_READ_VALUE, REG_BINARY, "Icon", 8},
        {CLUSREG_READ_ERROR, ERROR_FILE_NOT_FOUND, "missing", 0},
        {CLUSREG_READ_KEY, 0, "one\\two/three\\..\\ four", 0},
        {CLUSREG_READ_VALUE, REG_SZ, "Leaf", 62},
    };
    g_autoptr(GByteArray) bytes = clusapid_batch_new();
    clusapid_batch_add(bytes, CLUSREG_READ_VALUE, 0, u"Icon", NULL, 0);
    clusapid_batch_add(bytes, CLUSREG_READ_VALUE, 0, u"missing", NULL, 0);
    clusapid_batch_add(bytes, CLUSREG_READ_KEY, 0, u"one\\two/three\\..\\ four", NULL, 0);
    clusapid_batch_add(bytes, CLUSREG_READ_VALUE, 0, u"Leaf", NULL, 0);
    g_autoptr(FakeCall) plain = fake_call(setup->client, "ExecuteReadBatch", "hub", &setup->key,
                                          (guint64)bytes->len, bytes->data, (gsize)bytes->len);
    g_autoptr(FakeCall) flags =
        fake_call(setup->client, "ExecuteReadBatchEx", "hubu", &setup->key, (guint64)bytes->len,
                  bytes->data, (gsize)bytes->len, (guint64)1);
    IS(plain, ERROR_SUCCESS);
    IS(flags, ERROR_SUCCESS);
    g_assert_true(g_bytes_equal(plain->values[4].bytes, flags->values[5].bytes));
    g_auto(ClusapidBatchCommand) command = {0};
    ClusapidBatch reply;
    g_assert_true(clusapid_batch_begin(&reply, plain->values[4].bytes));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmpuint(clusapid_batch_next(&reply, &command), ==, 0);
        g_autofree char *name = narrow(command.name);
        g_assert_cmpuint(command.command, ==, expected[i].command);
        g_assert_cmpuint(command.type, ==, expected[i].type);
        g_assert_cmpstr(name, ==, expected[i].name);
        if (expected[i].command != CLUSREG_READ_VALUE || expected[i].type == REG_BINARY) {
            g_assert_cmpuint(command.size, ==, expected[i].size);
        }
    }
    g_assert_cmpuint(clusapid_batch_next(&reply, &command), ==, ERROR_NO_MORE_ITEMS);
}

static ClContextHandle new_port(const Setup *setup)
{
    g_autoptr(FakeCall) call = fake_call(setup->client, "CreateBatchPort", "h", &setup->key);
    IS(call, ERROR_SUCCESS);
    return *fake_handle(call);
}

static void batch_ports_tell_batches(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const DWORD expected[] = {CLUSREG_SET_VALUE, CLUSREG_VALUE_DELETED, CLUSREG_SET_VALUE};
    ClContextHandle port = new_port(setup);
    g_autoptr(FakeCall) waiting = fake_call(setup->client, "GetBatchNotification", "h", &port);
    g_assert_false(waiting->is_answered);
    GByteArray *bytes = clusapid_batch_new();
    clusapid_batch_add(bytes, CLUSREG_SET_VALUE, REG_BINARY, u"new", "abc", 3);
    clusapid_batch_add(bytes, CLUSREG_SET_VALUE, REG_BINARY, u"new", "xyz", 3);
    g_autoptr(FakeCall) done = execute(setup, bytes);
    IS(done, ERROR_SUCCESS);
    fake_call_wait(waiting);
    IS(waiting, ERROR_SUCCESS);
    g_auto(ClusapidBatchCommand) command = {0};
    ClusapidBatch told;
    g_assert_true(clusapid_batch_begin(&told, waiting->values[2].bytes));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmpuint(clusapid_batch_next(&told, &command), ==, 0);
        g_assert_cmpuint(command.command, ==, expected[i]);
    }
    g_assert_cmpuint(clusapid_batch_next(&told, &command), ==, ERROR_NO_MORE_ITEMS);
}

static void closing_a_batch_port_ends_its_calls(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = new_port(setup);
    g_autoptr(FakeCall) first = fake_call(setup->client, "GetBatchNotification", "h", &port);
    g_autoptr(FakeCall) second = fake_call(setup->client, "GetBatchNotification", "h", &port);
    fake_call_cancel(first);
    g_assert_cmpuint(first->fault, ==, ERROR_OPERATION_ABORTED);
    g_autoptr(FakeCall) closed = fake_call(setup->client, "CloseBatchPort", "h", &port);
    IS(closed, ERROR_SUCCESS);
    IS(second, ERROR_NO_MORE_ITEMS);
    ClContextHandle other = new_port(setup);
    g_autoptr(FakeCall) left = fake_call(setup->client, "GetBatchNotification", "h", &other);
    g_assert_false(left->is_answered);
}

#define TEST(function)                                                                             \
    g_test_add("/service/registry/" #function, Setup, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(makes_and_deletes_keys);
    TEST(lists_keys_and_values);
    TEST(reads_and_writes_values);
    TEST(keeps_security);
    TEST(makes_keys_with_security);
    TEST(batches_are_whole);
    TEST(batches_are_checked);
    TEST(read_batches_answer_each_command);
    TEST(batch_ports_tell_batches);
    TEST(closing_a_batch_port_ends_its_calls);
    return g_test_run();
}
