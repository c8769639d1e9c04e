/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names that clusters.conf gives to clusters: its sections. The file is read anew each time, so
 * that a change needs no new mount. Results belong to the caller.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the source of a mount says for the cluster of this host, and for all that are configured. */
#define FS_NAME_LOCAL "local"
#define FS_NAME_NONE  "none"

/* All sections; none if the file cannot be read, which is logged (transfer full). */
char **fs_sections_read(void);

/* A name that the root has for something else, or does not look up at all. */
gboolean fs_section_is_reserved(const char *name);

/* Whether there is exactly that section, not reserved. */
gboolean fs_section_exists(const char *name);

/* The section of that name, or else of that name in another case; NULL if there is none
 * (transfer full). */
char *fs_section_find(const char *name);

G_END_DECLS
