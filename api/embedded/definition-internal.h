/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the definition share: the tables of sections and keys, and the steps in which
 * a definition is checked. Owns nothing; runs on the caller's thread.
 */
#pragma once

#include "definition.h"

G_BEGIN_DECLS

/* How the value of a key is read, and the type of the member that holds it. */
typedef enum {
    CL_KEY_TEXT,             /* char * */
    CL_KEY_ID,               /* char *, a GUID in lower case */
    CL_KEY_NUMBER,           /* guint32; words are other ways to say a number */
    CL_KEY_WORD,             /* guint32; words only */
    CL_KEY_BITS,             /* guint32; list of words */
    CL_KEY_BOOLEAN,          /* gboolean */
    CL_KEY_ADDRESSES,        /* char ** of addresses */
    CL_KEY_SUBNETS,          /* char ** of ADDRESS/PREFIX */
    CL_KEY_REFERENCE,        /* pointer to an object, borrowed */
    CL_KEY_REFERENCES,       /* GPtrArray of them */
    CL_KEY_EXPRESSION,       /* GPtrArray of GPtrArray of them */
    CL_KEY_GROUP_EXPRESSION, /* the same of groups and group sets, looked for in this kind first */
    CL_KEY_PATH              /* char *, and what else a ClDefinedKey has of its path */
} ClKeyType;

typedef struct {
    const char *word;
    guint32 value;
} ClKeyWord;

typedef struct {
    const char *name;
    ClKeyType type;
    gsize offset;
    const ClKeyWord *words; /* ends in { NULL, 0 } */
    ClKind kind;            /* of what a reference leads to */
    gboolean required;
} ClKey;

typedef struct {
    const char *word;
    ClKind kind;
    gsize size;        /* of the object */
    gsize offset;      /* of its array in ClDefinition */
    const ClKey *keys; /* ends in { NULL } */
} ClSectionKind;

/* The kinds in the order in which their objects are stored, the cluster first. */
#define CL_SECTION_KINDS 9
extern const ClSectionKind cl_section_kinds[CL_SECTION_KINDS];
const ClSectionKind *cl_section_kind(ClKind kind);

/* A key's member in its object. */
#define CL_KEY_MEMBER(object, key, type) (*(type *)((char *)(object) + (key)->offset))

ClDefinition *cl_definition_new(void);

/* A new object of that kind, owned by the definition; takes @name. */
gpointer cl_definition_add(ClDefinition *definition, ClKind kind, char *name);

GPtrArray *cl_definition_objects(const ClDefinition *definition, ClKind kind);

/* The built-in resource types that the definition does not have itself. */
void cl_definition_add_types(ClDefinition *definition);

/* The line of one of an object's keys, of its section if the key is not there, 0 if neither is. */
guint cl_defined_line(const ClDefined *object, const char *key);
gboolean cl_defined_has(const ClDefined *object, const char *key);

/* Reads the property.NAME or private.NAME of @entry into the object. */
gboolean cl_definition_is_property(const char *key);
void cl_definition_read_property(ClDefined *object, const ClLineEntry *entry, GPtrArray *mistakes);

/* Reads a value.NAME of @entry into the key. */
gboolean cl_definition_is_value(const char *key);
void cl_definition_read_value(ClDefinedKey *key, const ClLineEntry *entry, GPtrArray *mistakes);

/* A property's value from the part of @value after its format; NULL and why not (transfer full). */
gboolean cl_definition_split_format(const char **value, CLUSTER_PROPERTY_FORMAT *ret_format);
ClProperty *cl_definition_parse_value(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                      const char *value, char **ret_why);

/* The path of a key with the names and ids of its parts (transfer full); its kind is known. */
char **cl_defined_key_path(const ClDefinedKey *key);
void cl_defined_key_clear(ClDefinedKey *key);

/* Gives ids, priorities and other values that follow from the rest. */
void cl_definition_complete(ClDefinition *definition);

/* The rules for names and ids, and those between objects. */
void cl_definition_check_names(const ClDefinition *definition, GPtrArray *mistakes);
void cl_definition_check_rules(const ClDefinition *definition, GPtrArray *mistakes);
void cl_definition_check_dependencies(const ClDefinition *definition, GPtrArray *mistakes);
void cl_definition_check_sets(const ClDefinition *definition, GPtrArray *mistakes);
void cl_definition_check_registry(const ClDefinition *definition, GPtrArray *mistakes);

/* Why an object of that kind cannot have that name; NULL: it can. Static. */
const char *cl_definition_name_fault(ClKind kind, const char *name);

/* Why a cluster or a node cannot have that name; NULL: it can. Static. */
const char *cl_definition_host_name_fault(const char *name);

gboolean cl_definition_is_domain(const char *domain);

G_END_DECLS
