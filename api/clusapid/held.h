/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that are answered when something happens, in the order in which they came; they cost no
 * thread. All is on the thread of the engine's main context.
 */
#pragma once

#include "call.h"

G_BEGIN_DECLS

typedef struct {
    GQueue calls;
    void (*emptied)(gpointer owner); /* the last one went */
    gpointer owner;
} ClusapidHeld;

/* Keeps the call until it is taken, or its client takes it back or goes. */
DWORD clusapid_hold(ClusapidHeld *held, ClusapidCall *call);

/* The first (borrowed); NULL if there is none. */
ClRequest *clusapid_held_first(const ClusapidHeld *held);

/* Answers the first, with its values and @status as its last parameter. */
void clusapid_held_answer(ClusapidHeld *held, DWORD status);

/* Answers all. */
void clusapid_held_end(ClusapidHeld *held, DWORD status);

G_END_DECLS
