/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Everything that the API tells of a cluster, as text that is the same for equal clusters on every
 * back end: ids are numbered in the order in which they come, times are left out.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

/* The text (transfer full). */
char *transcript_of(HCLUSTER cluster);
