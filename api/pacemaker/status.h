/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The status of a cluster, as `crm_mon --output-as=xml` shows it, calculated by libpacemaker from a
 * CIB that is at hand: no daemon is asked. On the engine's thread alone, as all of Pacemaker's
 * libraries.
 */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* Pacemaker's libraries, once for a process, without what they do to it: the umask, GLib's handlers
 * of messages and their fatal mask are as before; and, each time, for the thread that is to use them. */
void cl_pcmk_status_prepare(void);

/* The status XML (transfer full) of a CIB, which stays as it is; NULL and an error for one that Pacemaker
 * cannot make sense of. */
xmlNode *cl_pcmk_status_of(xmlNode *cib, GError **error);
void cl_pcmk_status_free(xmlNode *status);

G_END_DECLS
