/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A directory for the file of an embedded cluster, for tests of making and checking such files. One
 * thread.
 */
#pragma once

#include "embedded/create.h"

typedef struct {
    char *directory;
    char *path; /* of the cluster's file, which is not there at first */
} Place;

void place_set_up(Place *place, gconstpointer unused);
void place_tear_down(Place *place, gconstpointer unused);
/* How many files the directory has. */
guint count_files(const Place *place);

ClDefinition *parse(const char *text);
/* Makes the file from a definition, or from the demo's ($DEMO_DEFINITION). */
void create(const char *path, const char *text);
void create_demo(const char *path);

/* Closing it leaves the log where it is. */
sqlite3 *open_file(const char *path);
void do_damage(const char *path, const char *sql);
/* The rows of a query, a line each, columns with a bar between. */
void assert_answer(const char *path, const char *sql, const char *wanted);
/* The check finds nothing. */
void assert_clean(const char *path);

/* A small cluster: groups g and h, resources r, s, t (a chain) in g and u in h, a network
 * l, a group set q with g; the keys top, with the value v, top\below, and Groups\ID\x of g. */
extern const char small[];
