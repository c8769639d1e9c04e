/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Credentials files: whom a client logs on as. Lines `user=`, `domain=` (may be missing) and
 * `password=`, empty lines, and lines that begin with '#'. Blanks around the user and the domain do
 * not count; the password is all that follows '=' up to the end of the line.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CL_CREDENTIALS_MAX 4096 /* bytes of a credentials file */

typedef struct {
    char *user;     /* never empty, without a domain */
    char *domain;   /* "": none */
    char *password; /* never empty; wiped by cl_credentials_free() */
} ClCredentials;

/* Copies all three; @domain may be NULL. Names that no file could hold are ERROR_INVALID_PARAMETER.
 * Release with cl_credentials_free(). */
ClCredentials *cl_credentials_new(const char *user, const char *domain, const char *password,
                                  GError **error);

/* Reads the file at @path, which cl_private_file_open() has to accept. What does not belong there is
 * ERROR_INVALID_DATA, told by line number and never by content. Release with
 * cl_credentials_free(). */
ClCredentials *cl_credentials_load(const char *path, GError **error);

void cl_credentials_free(ClCredentials *credentials);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClCredentials, cl_credentials_free)

/* Opens a file that holds secrets: a regular file and no symbolic link, owned by the caller or root,
 * without any permission for group or others; else ERROR_ACCESS_DENIED (ERROR_FILE_NOT_FOUND if
 * there is none). Returns a descriptor, -1 on failure. */
int cl_private_file_open(const char *path, GError **error);

G_END_DECLS
