/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database: keys and values. It is in the CIB, in a property set of its own, so that each
 * node has it and it survives. A key is known by its path from the root, with backslashes; the root is
 * "". Some keys are there without being stored: those of objects, KIND\ID, what holds them, and their
 * Parameters, whose values are the object's private properties.
 */
#pragma once

#include "pacemaker.h"
#include "registry-reply.h"

G_BEGIN_DECLS

/* The CIB is one small document that goes through messages of 128 KiB, compressed where it is larger.
 * So much may the data of a value be, and so much may all of the database take there. */
#define CL_PCMK_REGISTRY_DATA_MAX (16 * 1024)
#define CL_PCMK_REGISTRY_SIZE_MAX (64 * 1024)

/* --- registry-tree.c: keys in memory ------------------------------------------------------------ */

typedef struct {
    char *name, *folded;
    guint32 type;
    GBytes *data;
} ClPcmkValue;

typedef struct ClPcmkKey ClPcmkKey;
struct ClPcmkKey {
    char *name, *folded;
    ClPcmkKey *parent;        /* of the root NULL */
    guint64 created;          /* tells it from one of the same name that was before */
    guint64 written;          /* FILETIME */
    GBytes *security;         /* or NULL */
    GPtrArray *keys, *values; /* ClPcmkKey, ClPcmkValue, by folded name */
};

/* The root of a tree of its own; with all below it. */
ClPcmkKey *cl_pcmk_key_new(void);
void cl_pcmk_key_free(ClPcmkKey *root);

/* NULL: there is none. */
ClPcmkKey *cl_pcmk_key_child(const ClPcmkKey *key, const char *name);
const ClPcmkValue *cl_pcmk_key_value(const ClPcmkKey *key, const char *name);

/* The one that there is, or a new one. */
ClPcmkKey *cl_pcmk_key_add(ClPcmkKey *key, const char *name);
/* Keeps the name that there is. */
void cl_pcmk_key_set(ClPcmkKey *key, const char *name, guint32 type, GBytes *data);
gboolean cl_pcmk_key_unset(ClPcmkKey *key, const char *name);
/* With all below it. */
void cl_pcmk_key_remove(ClPcmkKey *key);

char *cl_pcmk_key_path(const ClPcmkKey *key);

/* --- registry-store.c: keys in the CIB ---------------------------------------------------------- */

#define CL_PCMK_REGISTRY "clusapi-registry"

/* How many of the last batches the CIB tells of. */
#define CL_PCMK_BATCHES 8

typedef struct {
    gatomicrefcount references;
    ClPcmkKey *root;
    guint64 n_batches;  /* that there ever were */
    GPtrArray *batches; /* the paths of the last ones */
} ClPcmkRegistry;

/* What @cib has; records that are none are passed over. Transfer full. */
ClPcmkRegistry *cl_pcmk_registry_parse(const xmlNode *cib);
void cl_pcmk_registry_unref(ClPcmkRegistry *registry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClPcmkRegistry, cl_pcmk_registry_unref)

/* That of a model, parsed once (transfer full). */
ClPcmkRegistry *cl_pcmk_registry_of(const ClPcmkModel *model);

/* The set in a CIB, or NULL. */
const xmlNode *cl_pcmk_registry_set(const xmlNode *cib);

/* Makes a CIB that is being edited have it. ERROR_DISK_FULL if it would be too much there. */
gboolean cl_pcmk_registry_write(xmlNode *cib, const ClPcmkRegistry *registry, GError **error);

/* --- registry-place.c: where a path leads ------------------------------------------------------- */

typedef enum {
    CL_PCMK_KEY_PLAIN,
    CL_PCMK_KEY_ROOT,
    CL_PCMK_KEY_KIND,      /* holds the keys of all objects of a kind, and nothing else */
    CL_PCMK_KEY_OBJECT,    /* its values include the common properties */
    CL_PCMK_KEY_PARAMETERS /* its values are the private properties; at the root the cluster's */
} ClPcmkKeyType;

typedef struct {
    ClPcmkKeyType type;
    ClKind kind;                /* but of the root and plain keys */
    const ClPcmkObject *object; /* NULL: the cluster */
    ClPcmkKey *key;             /* NULL while nothing is stored */
    ClPcmkKey *nearest;         /* the nearest at or above that is stored */
} ClPcmkKeyPlace;

/* What places are looked for in. */
typedef struct {
    const ClPcmkModel *model;
    ClPcmkRegistry *registry;
    xmlNode *cib; /* that is being edited, or NULL */
    guint64 now;  /* FILETIME */
} ClPcmkView;

/* ERROR_FILE_NOT_FOUND if there is no such key. @ret_path: with the names as the keys have them
 * (transfer full); may be NULL. */
gboolean cl_pcmk_registry_find(const ClPcmkView *view, const char *path, ClPcmkKeyPlace *ret_place,
                               char **ret_path, GError **error);

/* What tells an open key from another of its path (transfer full). */
char *cl_pcmk_registry_identity(const ClPcmkKeyPlace *place);

/* The place of an open key, NULL being the root; ERROR_KEY_DELETED if it is gone. */
gboolean cl_pcmk_registry_find_open(const ClPcmkView *view, const ClObject *key,
                                    ClPcmkKeyPlace *ret_place, GError **error);

/* The same as cl_pcmk_registry_find(), with what is missing made. */
gboolean cl_pcmk_registry_make(const ClPcmkView *view, const char *path, ClPcmkKeyPlace *ret_place,
                               GError **error);

/* --- registry-value.c: values and lists --------------------------------------------------------- */

/* A value; @ret_data NULL if there is none (transfer full). */
void cl_pcmk_registry_read(const ClPcmkView *view, const ClPcmkKeyPlace *place, const char *name,
                           guint32 *ret_type, GBytes **ret_data);
/* All of them, or all subkeys, in the order of their names, as replies (transfer full). */
GPtrArray *cl_pcmk_registry_values(const ClPcmkView *view, const ClPcmkKeyPlace *place);
GPtrArray *cl_pcmk_registry_keys(const ClPcmkView *view, const ClPcmkKeyPlace *place);

/* The descriptor of a key, or else of the nearest above that has one (transfer full). */
GBytes *cl_pcmk_registry_security(const ClPcmkKeyPlace *place);

/* --- registry-change.c: what commands change ---------------------------------------------------- */

typedef struct {
    const ClObject *key;
    const ClRegistryWork *work;
    gboolean must_be_new; /* the only command makes a key: ERROR_OBJECT_ALREADY_EXISTS */
    gboolean
        must_be_lone; /* the only command deletes a key: ERROR_ACCESS_DENIED if it holds others */
    GHashTable
        *agents; /* of the types of resources whose properties are set: char * to ClPcmkAgent */
#define CL_PCMK_AGENT_OF_CLUSTER "" /* so that of the cluster's options is called there */
    gint failed;                    /* the command that failed, or -1 */
} ClPcmkRegistryChange;

/* A ClPcmkEdit, whose data is that. */
gboolean cl_pcmk_registry_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data,
                               GError **error);

/* In a CIB that is being edited: what was kept at the key of an object that is no more. */
void cl_pcmk_registry_forget(xmlNode *cib, ClKind kind, const char *id);
/* Likewise of all groups, resources and nodes that are not in @model, which others have deleted. */
void cl_pcmk_registry_forget_lost(xmlNode *cib, const ClPcmkModel *model);

G_END_DECLS
