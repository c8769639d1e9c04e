/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keys and values of the cluster database with less to say: what is not documented to fail here
 * must not. One thread.
 */
#pragma once

#include "acting-setup.h"

/* Open keys with all access, from the root or another key. */
HKEY root_of(const Cluster *cluster);
HKEY new_key(HKEY key, const char *path);
HKEY open_key(HKEY key, const char *path);
/* What ClusterRegOpenKey says; the key is closed again. */
DWORD try_key(HKEY key, const char *path);

void set_dword(HKEY key, const char *name, DWORD value);
void set_text(HKEY key, const char *name, const char *text);

/* The value has this type and these bytes. */
void check_value(HKEY key, const char *name, DWORD type, gconstpointer data, gsize size);
void check_dword(HKEY key, const char *name, DWORD value);
void check_text(HKEY key, const char *name, const char *text);
/* What ClusterRegQueryValue says of it. */
DWORD try_value(HKEY key, const char *name);

/* The names of the subkeys or values with semicolons between (transfer full). */
char *keys_of(HKEY key);
char *values_of(HKEY key);
DWORD count_values(HKEY key);

/* ID of an object by the function of its kind (transfer full). */
char *id_of_group(HGROUP group);
