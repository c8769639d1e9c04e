/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Self-relative security descriptors: taken from foreign bytes, which are followed no further than
 * allowed, and put together from parts. What these functions give is always well-formed: the parts
 * lie one after the other, each whole. Parts are bits of SECURITY_INFORMATION.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

G_BEGIN_DECLS

/* How much of a descriptor without a size of its own may be looked at. */
#define CL_SECURITY_MAX (128 * 1024)

/* The descriptor at @data, of which no more than @room bytes may be looked at (transfer full); NULL
 * if it is none. */
GBytes *cl_security_take(const void *data, gsize room);

/* What a key has that neither it nor any above it was given one for (transfer full): all access for
 * the system and administrators, reading for whoever was authenticated. */
GBytes *cl_security_default(void);

/* What a cluster has that was not given one: all access for the system and administrators
 * (transfer full). */
GBytes *cl_security_default_of_cluster(void);

/* The SID that a text such as "S-1-5-32-544" means (transfer full); NULL if it is none. */
GBytes *cl_security_sid(const char *text);

/* What becomes of an account's entries in a list: the one that allows, or the one that denies, is
 * put in the place of another of its sort; or all go. */
typedef enum {
    CL_ENTRY_ALLOW,
    CL_ENTRY_DENY,
    CL_ENTRY_DELETE
} ClSecurityEntry;

/* @descriptor with the access list changed so (transfer full); entries that deny come first. NULL
 * if it is no descriptor, or the list would be too long. */
GBytes *cl_security_set_entry(GBytes *descriptor, GBytes *sid, ClSecurityEntry what, guint32 mask);

/* Whether all bits of @parts have a meaning. */
gboolean cl_security_are_parts(SECURITY_INFORMATION parts);

/* The parts that a descriptor has; 0 for what is none. */
SECURITY_INFORMATION cl_security_parts(GBytes *descriptor);

/* @base with those @parts as @other has them, or without where @other has none (transfer full).
 * @base NULL is an empty one. NULL if one of them is no descriptor. */
GBytes *cl_security_merge(GBytes *base, GBytes *other, SECURITY_INFORMATION parts);

G_END_DECLS
