/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Somebody who changes a cluster at random, and writes into a journal what he begins and what was
 * acknowledged, so that later it can be told what must be there. Public functions alone. Actors
 * with different numbers touch different objects.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

/* The definition of a cluster to act on, with resource types that are quick, slow and fail. */
extern const char actor_definition[];

/* Acts @steps times (0: for ever), writing lines to the descriptor @journal. What fails with a clean
 * error code is journalled as refused, and is no failure. */
void actor_run(HCLUSTER cluster, guint number, guint32 seed, guint steps, int journal);

/* Checks that the cluster has what the journal says of an actor; tells why not (transfer full), NULL
 * if all is well. The last change may be there or not if it was begun and not acknowledged. */
char *actor_check(HCLUSTER cluster, const char *journal);

/* Waits until no group is pending; FALSE if one still is after @seconds. */
gboolean actor_wait_settled(HCLUSTER cluster, guint seconds);

/* All that can be read of groups and resources and of the actors' values, as text. */
char *actor_describe(HCLUSTER cluster);
