/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Of the mapper's methods only the one that clients call, ept_map.
 */
#include "epm.h"

#include <string.h>

#define EPT_MAP 3

/* Floors of a tower, each with a protocol in front. */
#define FLOOR_UUID   0x0d
#define FLOOR_RPC    0x0b /* connection-oriented */
#define FLOOR_TCP    0x07
#define FLOOR_IP     0x09
#define FLOORS       5
#define TOWERS_ASKED 4
#define NOT_FOUND    0x16c9a0d6u /* the mapper's status for none */

static const ClNdrMember uuid_members[] = {
    {CL_NDR_U32, -1, NULL, FALSE, FALSE},
    {CL_NDR_U32, -1, NULL, FALSE, FALSE},
    {CL_NDR_U32, -1, NULL, FALSE, FALSE},
    {CL_NDR_U32, -1, NULL, FALSE, FALSE},
};
static const ClNdrStruct uuid = {uuid_members, G_N_ELEMENTS(uuid_members)};
static const ClNdrMember tower_members[] = {{CL_NDR_BLOB_PTR, -1, NULL, FALSE, FALSE}};
static const ClNdrStruct tower_entry = {tower_members, G_N_ELEMENTS(tower_members)};

/* Object, tower, entry handle, most towers, towers, towers, status. */
enum {
    MAP_OBJECT,
    MAP_TOWER,
    MAP_HANDLE,
    MAP_MOST,
    MAP_COUNT,
    MAP_TOWERS,
    MAP_STATUS,
    MAP_PARAMETERS
};

static const ClNdrMember map_parameters[MAP_PARAMETERS] = {
    {CL_NDR_STRUCT_PTR, -1, &uuid, TRUE, FALSE},
    {CL_NDR_BLOB_PTR, -1, NULL, TRUE, FALSE},
    {CL_NDR_HANDLE, -1, NULL, TRUE, TRUE},
    {CL_NDR_U32, -1, NULL, TRUE, FALSE},
    {CL_NDR_U32, -1, NULL, FALSE, TRUE},
    {CL_NDR_ARRAY_VARYING, MAP_MOST, &tower_entry, FALSE, TRUE},
    {CL_NDR_U32, -1, NULL, FALSE, TRUE},
};

static const ClMethod map_method = {EPT_MAP, "ept_map", map_parameters, MAP_PARAMETERS};

static const ClMethod *find_method(guint opnum)
{
    return opnum == EPT_MAP ? &map_method : NULL;
}

const ClInterface cl_interface_epm = {{{0x08, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4,
                                        0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa},
                                       3},
                                      find_method};

/* --- Towers ------------------------------------------------------------------------------------- */

static void put16(GByteArray *out, guint16 number)
{
    const guint8 bytes[] = {(guint8)number, (guint8)(number >> 8)};
    g_byte_array_append(out, bytes, sizeof bytes);
}

static void put_uuid_floor(GByteArray *out, const ClSyntax *syntax)
{
    static const guint8 protocol = FLOOR_UUID;
    put16(out, 1 + sizeof syntax->uuid + 2);
    g_byte_array_append(out, &protocol, 1);
    g_byte_array_append(out, syntax->uuid, sizeof syntax->uuid);
    put16(out, (guint16)syntax->version);
    put16(out, 2);
    put16(out, (guint16)(syntax->version >> 16));
}

static void put_floor(GByteArray *out, guint8 protocol, const guint8 *data, guint16 size)
{
    put16(out, 1);
    g_byte_array_append(out, &protocol, 1);
    put16(out, size);
    g_byte_array_append(out, data, size);
}

GBytes *cl_epm_tower(const ClEpmEntry *entry)
{
    static const guint8 none[2];
    const guint8 port[] = {(guint8)(entry->port >> 8), (guint8)entry->port};
    GByteArray *out = g_byte_array_new();
    put16(out, FLOORS);
    put_uuid_floor(out, &entry->interface->syntax);
    put_uuid_floor(out, &cl_syntax_ndr);
    put_floor(out, FLOOR_RPC, none, sizeof none);
    put_floor(out, FLOOR_TCP, port, sizeof port);
    put_floor(out, FLOOR_IP, entry->address, sizeof entry->address);
    return g_byte_array_free_to_bytes(out);
}

typedef struct {
    const guint8 *at;
    gsize rest;
} Floors;

/* One half of a floor (borrowed); NULL where the tower ends early. */
static const guint8 *take_half(Floors *floors, guint16 *ret_size)
{
    if (floors->rest < 2) {
        return NULL;
    }
    guint16 size = (guint16)(floors->at[0] | floors->at[1] << 8);
    const guint8 *half = floors->at + 2;
    if (size > floors->rest - 2) {
        return NULL;
    }
    floors->at += 2 + size;
    floors->rest -= 2u + size;
    *ret_size = size;
    return half;
}

gboolean cl_epm_read_tower(GBytes *tower, ClSyntax *ret_interface, guint16 *ret_port)
{
    Floors floors;
    gboolean has_interface = FALSE, has_port = FALSE;
    floors.at = g_bytes_get_data(tower, &floors.rest);
    if (floors.rest < 2) {
        return FALSE;
    }
    floors.at += 2;
    floors.rest -= 2;
    for (guint i = 0; i < FLOORS; i++) {
        guint16 left_size, right_size;
        const guint8 *left = take_half(&floors, &left_size);
        const guint8 *right = left ? take_half(&floors, &right_size) : NULL;
        if (!right || left_size == 0) {
            return FALSE;
        }
        if (i == 0 && left[0] == FLOOR_UUID && left_size == 19 && right_size == 2) {
            memcpy(ret_interface->uuid, left + 1, sizeof ret_interface->uuid);
            ret_interface->version =
                (guint32)(left[17] | left[18] << 8 | right[0] << 16) | (guint32)right[1] << 24;
            has_interface = TRUE;
        }
        if (left[0] == FLOOR_TCP && right_size == 2) {
            *ret_port = (guint16)(right[0] << 8 | right[1]);
            has_port = TRUE;
        }
    }
    return has_interface && has_port;
}

/* --- Client ------------------------------------------------------------------------------------- */

static void ask_for(ClNdrValue *values, const ClInterface *interface)
{
    const ClEpmEntry entry = {interface, 0, {0}};
    values[MAP_OBJECT].rows = cl_ndr_rows_new(&uuid);
    (void)cl_ndr_row_add(values[MAP_OBJECT].rows, &uuid);
    values[MAP_TOWER].bytes = cl_epm_tower(&entry);
    values[MAP_MOST].number = TOWERS_ASKED;
}

static gboolean find_port(const ClNdrValue *values, const ClInterface *interface, guint16 *ret_port)
{
    for (guint i = 0; values[MAP_TOWERS].rows && i < values[MAP_TOWERS].rows->len; i++) {
        const ClNdrValue *row = values[MAP_TOWERS].rows->pdata[i];
        ClSyntax syntax;
        if (row->bytes && cl_epm_read_tower(row->bytes, &syntax, ret_port) &&
            cl_syntax_equal(&syntax, &interface->syntax) && *ret_port != 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_epm_map(const char *host, const ClInterface *interface, const ClCall *call,
                    guint16 *ret_port, GError **error)
{
    const ClEndpoint endpoint = {.host = host, .port = CL_EPM_PORT, .interface = &cl_interface_epm};
    ClNdrValue values[MAP_PARAMETERS] = {0};
    g_autoptr(ClAssociation) association = cl_association_open(&endpoint, call, error);
    if (!association) {
        return FALSE;
    }
    ask_for(values, interface);
    gboolean ok = cl_association_call(association, &map_method, values, call, error) &&
                  (find_port(values, interface, ret_port) ||
                   cl_fail(error, EPT_S_NOT_REGISTERED, "%s serves no cluster", host));
    cl_ndr_clear(values, MAP_PARAMETERS);
    return ok;
}

/* --- Server ------------------------------------------------------------------------------------- */

static gboolean is_asked_for(const ClNdrValue *values, const ClEpmEntry *entry)
{
    ClSyntax syntax;
    guint16 port;
    return values[MAP_TOWER].bytes && cl_epm_read_tower(values[MAP_TOWER].bytes, &syntax, &port) &&
           cl_syntax_equal(&syntax, &entry->interface->syntax) && values[MAP_MOST].number > 0;
}

static gboolean map(ClRequest *request, G_GNUC_UNUSED gboolean may_wait, gpointer user_data)
{
    const ClEpmEntry *entry = user_data;
    ClNdrValue *values = cl_request_values(request);
    values[MAP_TOWERS].rows = cl_ndr_rows_new(&tower_entry);
    values[MAP_STATUS].number = NOT_FOUND;
    if (is_asked_for(values, entry)) {
        cl_ndr_row_add(values[MAP_TOWERS].rows, &tower_entry)->bytes = cl_epm_tower(entry);
        values[MAP_COUNT].number = 1;
        values[MAP_STATUS].number = 0;
    }
    memset(&values[MAP_HANDLE].handle, 0, sizeof values[MAP_HANDLE].handle);
    cl_request_reply(request);
    return TRUE;
}

const ClService cl_epm_service = {NULL, NULL, map};
