/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Open directories. What a directory of objects holds is a snapshot taken when it is opened, and
 * anew when it is read again from the start; only the enumeration is kept, and entries are made
 * from it one by one. Counted, as open files are.
 */
#pragma once

#include "request.h"

G_BEGIN_DECLS

FsListing *fs_listing_ref(FsListing *listing);
void fs_listing_unref(FsListing *listing);

G_END_DECLS
