/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Listings that the kernel reads in pieces. It opens no directories, and keeps what it read until it
 * is told to forget it; so what a piece was taken of is known by the directory and by the position
 * that the next piece is asked for with.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct FsListings FsListings;

FsListings *fs_listings_new(void);
void fs_listings_free(FsListings *listings);

G_END_DECLS
