/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A CIB in a test, its model, and edits of it judged by Pacemaker's own schema.
 */
#pragma once

#include "pacemaker/agents.h"
#include "pacemaker/engine.h"
#include "pacemaker/pacemaker.h"

/* A cluster of two nodes with the parts of a configuration: what is in crm_config besides a name, in
 * <nodes>, in <resources>, and behind the constraints. NULL: nothing (in <nodes>: n1 and n2). */
typedef struct {
    const char *config, *nodes, *resources, *rest;
} Parts;

typedef struct {
    xmlNode *cib;
    ClPcmkModel *model; /* of it as it was before the last edit */
} Recorded;

Recorded recorded_new(const Parts *parts);
void recorded_clear(Recorded *recorded);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recorded, recorded_clear)

/* As the engine does: the edit works on a copy, which becomes the CIB, with a new model, if it is
 * accepted and Pacemaker's schema takes it. Returns the Win32 code. */
DWORD recorded_edit(Recorded *recorded, ClPcmkEdit edit, gpointer data);

/* The object of that name; it must be there. */
const ClPcmkObject *recorded_find(const Recorded *recorded, ClKind kind, const char *name);

/* The text of an attribute of the element with that id, or NULL. */
const char *recorded_text(const Recorded *recorded, const char *id, const char *attribute);

/* What the properties of an object (NULL: the cluster) are, "NAME=VALUE NAME=VALUE". */
void recorded_check_common(const Recorded *recorded, ClKind kind, const char *name,
                           ClPropertySet set, const char *expected);
void recorded_check_private(const Recorded *recorded, ClKind kind, const char *name,
                            gboolean read_only, const char *expected);

/* Sets one (taken), which @agent checks if it is private; the Win32 code. */
DWORD recorded_set(Recorded *recorded, ClKind kind, const char *name, ClPropertySet set,
                   ClProperty *property, const ClPcmkAgent *agent);
