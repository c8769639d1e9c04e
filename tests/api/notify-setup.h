/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events as lines of text: what a change is told as, in both versions. One thread.
 */
#pragma once

#include "registry-setup.h"

/* More than any change takes, in milliseconds. */
#define PATIENCE 10000

/* Ports for all that there is, but handles that are closed. */
HCHANGE port_v1(HCLUSTER cluster);
HCHANGE port_v2(HCLUSTER cluster);

/* The next event as a line, NULL if none comes in that time (transfer full):
 *   version 1: FLAG NAME
 *   version 2: TYPE FLAG id=ID parent=ID name=NAME type=TYPE DATA
 * where DATA is =NUMBER, =TEXT, =A;B, or {NAME=VALUE ...} as the reference has it for the flag, and
 * not there for none. Ids of TEST_ID are #NN, others the names of their objects in braces, or {?}
 * where no event has told them yet. */
char *event_v1(HCHANGE port, DWORD ms);
char *event_v2(HCHANGE port, DWORD ms);

/* All events up to one that this makes, each on a line (transfer full). */
char *events_v1(HCHANGE port, HKEY root);
char *events_v2(HCHANGE port, HKEY root);

/* In a definition; @n has two digits. */
#define TEST_ID_HEAD "00000000-0000-0000-0000-0000000000"
#define TEST_ID(n)   "id=" TEST_ID_HEAD n "\n"
