/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * $CLUSAPID as a process of its own, which serves a cluster over a Unix socket. Whoever runs the test
 * is an administrator.
 */
#pragma once

#include "../api/fixture.h"

typedef struct {
    Fixture *fixture;
    char *socket, *configuration;
    WCHAR *wide_socket;
    GPid pid;
} Served;

/* Serves, and takes, the fixture. */
Served *served_new(Fixture *fixture);
void served_free(Served *served);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Served, served_free)

/* Ends it by that signal; how it ended, as waitpid() has it. */
int served_stop(Served *served, int how);
/* Returns when it listens. */
void served_start(Served *served);
