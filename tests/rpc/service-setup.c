/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service-setup.h"

void set_up(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    setup->fixture = fixture_new_demo();
    setup->client = fake_client_new(setup->fixture->path, CLUSAPID_ADMINISTRATOR);
    setup->cluster = OpenCluster(setup->fixture->wide);
    g_assert_nonnull(setup->cluster);
}

void tear_down(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    CloseCluster(setup->cluster);
    fake_client_free(setup->client);
    fixture_free(setup->fixture);
}

ClContextHandle open_by(FakeClient *client, const char *method, const char *name)
{
    g_autoptr(FakeCall) call = fake_call(client, method, "s", name);
    IS(call, ERROR_SUCCESS);
    return *fake_handle(call);
}

void check_text(const FakeCall *call, guint parameter, const char *expected)
{
    g_autofree char *text = fake_text(call, parameter);
    g_assert_cmpstr(text, ==, expected);
}

guint of_handle(FakeClient *client, const char *method, const ClContextHandle *handle)
{
    g_autoptr(FakeCall) call = fake_call(client, method, "h", handle);
    return fake_status(call);
}
