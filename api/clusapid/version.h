/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The number that clients of this host read (version-page.h). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the file beside the Unix socket of those (GSocket), before anybody is answered. Clients do
 * without where it cannot be made. */
void clusapid_version_begin(const GPtrArray *sockets);
void clusapid_version_end(void);

G_END_DECLS
