/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tests of the service's methods share: a client of the demo cluster, and the cluster as the
 * library has it.
 */
#pragma once

#include "fake-server.h"

#include "../api/fixture.h"

#define IS(call, code) g_assert_cmpuint(fake_status(call), ==, code)

typedef struct {
    Fixture *fixture;
    FakeClient *client;
    HCLUSTER cluster;
} Setup;

void set_up(Setup *setup, gconstpointer data);
void tear_down(Setup *setup, gconstpointer data);

/* A handle by a method that opens by name. */
ClContextHandle open_by(FakeClient *client, const char *method, const char *name);

void check_text(const FakeCall *call, guint parameter, const char *expected);

/* The status of a call of one handle. */
guint of_handle(FakeClient *client, const char *method, const ClContextHandle *handle);
