/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster file for a test: the demo cluster, or one from a definition in the test, in a
 * directory of its own that goes away with the fixture.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

typedef struct {
    char *directory;
    char *path;  /* the cluster file */
    WCHAR *wide; /* the same as API text */
} Fixture;

/* From the demo definition, which the build names in $DEMO_DEFINITION. */
Fixture *fixture_new_demo(void);

/* From the text of a definition. */
Fixture *fixture_new(const char *definition);

void fixture_free(Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

/* UTF-8 to API text and back (transfer full). */
WCHAR *wide(const char *text);
char *narrow(const WCHAR *text);
