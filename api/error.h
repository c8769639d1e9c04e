/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Errors inside the library: one GError domain whose code is the Win32 code, so that the public
 * edge only has to store it as the calling thread's last error.
 */
#pragma once

#include <clusapi/win32.h>
#include <glib.h>

G_BEGIN_DECLS

#define CL_ERROR (cl_error_quark())
GQuark cl_error_quark(void);

/* Sets @error to Win32 @code with a message for the debug log; returns FALSE so that callers can
 * `return cl_fail(...)`. */
gboolean cl_fail(GError **error, DWORD code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Consumes @error (NULL is success): logs it at debug level and returns its Win32 code. An error of
 * another domain counts as ERROR_GEN_FAILURE. */
DWORD cl_error_take(GError *error);

/* As cl_error_take(), and makes the code the thread's last error. */
DWORD cl_error_raise(GError *error);

/* The symbolic name of a Win32 code, or NULL. Static. */
const char *cl_error_name(DWORD code);

G_END_DECLS
