/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The methods of [MS-CMRP] 3.0 as a table: what each takes and gives, in the order of the wire.
 */
#pragma once

#include "ndr.h"
#include "pdu.h"

G_BEGIN_DECLS

typedef struct {
    guint16 opnum;
    const char *name;
    const ClNdrMember *parameters;
    guint n_parameters;
} ClMethod;

/* Parameters that a method has at most. */
#define CL_METHOD_PARAMETERS_MAX 16

/* What one endpoint serves. */
typedef struct {
    ClSyntax syntax;
    const ClMethod *(*method)(guint opnum); /* NULL if there is no such method */
} ClInterface;

/* b97db8b2-4c63-11cf-bff6-08002be23f2f, version 3.0 */
extern const ClInterface cl_interface_clusapi;

/* NULL if there is no such method on the wire. */
const ClMethod *cl_method(guint opnum);
const ClMethod *cl_method_named(const char *name);

/* Structures whose rows callers fill or read; their members in order. */
extern const ClNdrStruct cl_ndr_enum_entry;         /* type, name */
extern const ClNdrStruct cl_ndr_group_entry;        /* name, id, state, owner, flags, size, common
                                                       properties, size, read-only ones */
extern const ClNdrStruct cl_ndr_resource_entry;     /* name, id, owner's name, owner's id, size,
                                                       common properties, size, read-only ones */
extern const ClNdrStruct cl_ndr_notification;       /* key, filter, data, size, id, parent's id,
                                                       name, type */
extern const ClNdrStruct cl_ndr_filter;             /* object type, flags */
extern const ClNdrStruct cl_ndr_notification_async; /* key, filter, name */
extern const ClNdrStruct cl_ndr_version;            /* size, highest, lowest, flags, reserved */
extern const ClNdrStruct cl_ndr_group_info;         /* version, type */
extern const ClNdrStruct cl_ndr_security;           /* bytes, room, size */
extern const ClNdrStruct cl_ndr_attributes;         /* size, security, whether inherited */

G_END_DECLS
