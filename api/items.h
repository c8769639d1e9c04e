/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an enumeration found: a list of names and ids, filled once by a back end and then
 * immutable. All text lies in one block, so a list of 100,000 is a few large allocations that go
 * back to the system whole.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct ClItems ClItems;

/* What the group and resource Ex enumerators tell of each item besides name and id. */
typedef struct {
    gint32 state;
    guint32 flags;
    char *owner_node;     /* name; groups */
    char *owner_group;    /* name; resources */
    char *owner_group_id; /* resources */
    GPtrArray *common;    /* ClProperty, NULL when none were wanted */
    GPtrArray *ro_common;
} ClItemDetails;

void cl_item_details_clear(ClItemDetails *details);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClItemDetails, cl_item_details_clear)

ClItems *cl_items_new(void);
void cl_items_free(ClItems *items);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClItems, cl_items_free)

/* Adds an item; @type is the one bit of the header's ..._ENUM that it is. @id NULL is "". */
void cl_items_add(ClItems *items, guint32 type, const char *name, const char *id);

/* Gives the item added last its details; takes what they point to and leaves them empty. */
void cl_items_add_details(ClItems *items, ClItemDetails *details);

guint cl_items_count(const ClItems *items);
guint32 cl_items_type(const ClItems *items, guint index);
const char *cl_items_name(const ClItems *items, guint index);
const char *cl_items_id(const ClItems *items, guint index);
const ClItemDetails *cl_items_details(const ClItems *items, guint index);

G_END_DECLS
