/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What comes of changing a cluster, as text that is the same on every back end: each call with its
 * code, the states that follow, and the events that tell of it.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

/* Changes a copy of the demo cluster, or the laboratory's cluster. The text (transfer full). */
char *acting_transcript_of(HCLUSTER cluster, gboolean is_laboratory);
