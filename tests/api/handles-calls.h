/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tables of handles-table.h are made with: calls of functions, by what they return.
 */
#pragma once

#include "handles-table.h"

#define CODE(name, ...)                                                                            \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        return (DWORD)name(handle, ##__VA_ARGS__);                                                 \
    }
#define HANDLE_OF(name, ...)                                                                       \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_null(name(handle, ##__VA_ARGS__));                                                \
        return GetLastError();                                                                     \
    }
#define STATE_OF(name, ...)                                                                        \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_cmpint(name(handle, ##__VA_ARGS__), ==, -1);                                      \
        return GetLastError();                                                                     \
    }
#define BOOL_OF(name, ...)                                                                         \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_false(name(handle, ##__VA_ARGS__));                                               \
        return GetLastError();                                                                     \
    }
#define COUNT_OF(name)                                                                             \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_cmpuint(name(handle), ==, 0);                                                     \
        return GetLastError();                                                                     \
    }

#define ROW(name, kind)                                                                            \
    {                                                                                              \
#name, call_##name, kind, FALSE                                                            \
    }
#define CHANGES(name, kind)                                                                        \
    {                                                                                              \
#name, call_##name, kind, TRUE                                                             \
    }

/* The functions of the cluster database, of notifications and of group sets. */
extern const HandleFunction more_handle_functions[];
extern const guint n_more_handle_functions;

/* Opens the handles that these take; the first ones are there. */
void more_handles_open(Handles *all);
