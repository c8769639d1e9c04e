/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster's file for tests of the embedded back end below the public functions, made by SQL so
 * that it can hold what no loader would write. It lies in a directory of its own, which goes away
 * with it.
 */
#pragma once

#include "backend.h"

typedef struct {
    char *directory;
    char *path;
} EmbeddedFile;

/* Nodes n1 and n2 up and n3 down; networks a, b and c; groups web and empty; the resources of web:
 * app depends on name and on ip or ip2, name (a network name) on ip. */
EmbeddedFile *embedded_file_new(void);
void embedded_file_free(EmbeddedFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EmbeddedFile, embedded_file_free)

/* Changes the file without its constraints. */
void embedded_file_execute(const EmbeddedFile *file, const char *sql);

/* Moves all of the write-ahead log into the file. */
void embedded_file_checkpoint(const EmbeddedFile *file);

/* Connects with @wanted; the code of the error, or 0. */
guint embedded_file_connect(const char *path, ClAccess wanted, ClConnection **ret_connection);

/* A call that may take @ms. */
ClCall embedded_call(guint ms);
