/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What tests of control codes share: an object of each kind, the control function of each, lists of
 * properties, and whether anything has changed. One thread.
 */
#pragma once

#include "acting-setup.h"

/* A cluster with an object of each kind, of the names below, and storage. */
#define CONTROL_DEFINITION                                                                         \
    "[cluster]\nname=test\ndomain=example.com\nquorum=disk\nquorum-type=node-and-witness-"         \
    "majority\n"                                                                                   \
    "[node n1]\n[node n2]\n[node n3]\n"                                                            \
    "[network lan]\nrole=internal-and-client\naddress=10.0.0.0/24\n"                               \
    "[interface n1 - lan]\nnode=n1\nnetwork=lan\naddress=10.0.0.1\n"                               \
    "[resource-type T]\n"                                                                          \
    "[group g]\nowner=n1\n"                                                                        \
    "[resource r]\ngroup=g\ntype=T\nstate=online\n"                                                \
    "[resource disk]\ngroup=g\ntype=Physical Disk\nstate=online\n"                                 \
    "[resource spare]\ngroup=g\ntype=Physical Disk\nstate=online\n"                                \
    "[resource off]\ngroup=g\ntype=Physical Disk\nstate=offline\n"

#define CONTROL_TYPE u"T"
#define CONTROL_SET  u"s"

typedef DWORD (*ControlFunction)(gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size,
                                 LPVOID out, DWORD out_size, LPDWORD returned);

typedef struct {
    const char *name;
    DWORD object; /* CLUS_OBJECT_ */
    /* With the access of the cluster handle; of a resource type it is the cluster's. A group set
     * cannot be opened for reading alone: then NULL. */
    gpointer (*open)(HCLUSTER cluster);
    ControlFunction control;
} ControlKind;

#define N_CONTROL_KINDS 8
extern const ControlKind control_kinds[N_CONTROL_KINDS];

/* An object of each kind, in the order above. */
void control_open(HCLUSTER cluster, gpointer handles[N_CONTROL_KINDS]);

/* The code of a kind from a CLCTL_ value. */
DWORD control_code(const ControlKind *kind, DWORD function);

/* A cluster of CONTROL_DEFINITION with the group set. */
Cluster *control_cluster_new(void);

/* The same cluster opened for reading. */
HCLUSTER control_reader(const Cluster *cluster);

/* Adds a property to the list of *@size bytes at @list, which has room for @room. */
void list_add(BYTE *list, DWORD room, DWORD *size, const char *name, DWORD syntax, const void *data,
              DWORD data_size);
void list_add_text(BYTE *list, DWORD room, DWORD *size, const char *name, const char *text);
void list_add_number(BYTE *list, DWORD room, DWORD *size, const char *name, DWORD number);

/* All that reading controls tell of the objects (transfer full). */
GBytes *control_snapshot(const gpointer handles[N_CONTROL_KINDS]);

/* That this is still what it was. */
void control_assert_same(GBytes *before, const gpointer handles[N_CONTROL_KINDS]);

/* A control of a resource without output, with bytes or a text with its NUL as the input. */
DWORD resource_send(HRESOURCE resource, DWORD code, const void *in, gsize size);
DWORD resource_send_text(HRESOURCE resource, DWORD code, const char *text);
DWORD set_maintenance(HRESOURCE resource, BOOL on);

/* That the code gives these texts as a MULTI_SZ; semicolons are between them. */
void assert_texts(HRESOURCE resource, DWORD code, const char *expected);

/* That fsck.clusfs would find nothing. */
void control_check_file(const Cluster *cluster);
