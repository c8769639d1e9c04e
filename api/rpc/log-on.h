/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client's first step of logging on, within the time that a call may take. Kerberos asks a KDC in
 * it, and name servers for where that is, which GSSAPI can neither bound nor cancel; so that is on a
 * thread of its own. One that a call has given up goes on until Kerberos does, and frees what it has.
 * There are never more than CL_LOG_ON_THREADS of them, and CL_LOG_ON_THREADS_SAME for the same user
 * and server; the next ones wait. NTLM asks nobody and takes no thread, nor do the steps that follow.
 */
#pragma once

#include "association.h"

G_BEGIN_DECLS

#define CL_LOG_ON_THREADS      16
#define CL_LOG_ON_THREADS_SAME 4

/* cl_security_new_client() and its first step, which gives the token. */
ClSecurity *cl_log_on(const ClEndpoint *endpoint, const ClCall *call, GBytes **ret_token,
                      GError **error);

G_END_DECLS
