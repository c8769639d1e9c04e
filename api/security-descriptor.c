/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See security-descriptor.h. Nothing here has a state; any thread runs it. All numbers in a
 * descriptor are little-endian, and nothing in it is aligned.
 */
#include "security-descriptor.h"

#include <string.h>

#define HEAD_SIZE     20
#define ACL_HEAD_SIZE 8
#define SID_HEAD_SIZE 8
#define GUID_SIZE     16

/* In the control word. */
#define SELF_RELATIVE 0x8000

enum {
    OWNER,
    GROUP,
    SACL,
    DACL,
    N_PARTS
};

/* Of each part, in the order of the head: its bits, and the control bits that are about it. */
static const struct {
    SECURITY_INFORMATION is, protects, unprotects;
    guint16 control, is_present, is_protected;
} about[N_PARTS] = {
    [OWNER] = {OWNER_SECURITY_INFORMATION, 0, 0, 0x0001, 0, 0},
    [GROUP] = {GROUP_SECURITY_INFORMATION, 0, 0, 0x0002, 0, 0},
    [SACL] = {SACL_SECURITY_INFORMATION, PROTECTED_SACL_SECURITY_INFORMATION,
              UNPROTECTED_SACL_SECURITY_INFORMATION, 0x2a30, 0x0010, 0x2000},
    [DACL] = {DACL_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
              UNPROTECTED_DACL_SECURITY_INFORMATION, 0x150c, 0x0004, 0x1000},
};

typedef struct {
    guint16 control;
    struct {
        const guint8 *data; /* NULL: none */
        gsize size;
    } parts[N_PARTS];
} Descriptor;

static guint16 get16(const guint8 *at)
{
    return (guint16)(at[0] | at[1] << 8);
}

static guint32 get32(const guint8 *at)
{
    return get16(at) | (guint32)get16(at + 2) << 16;
}

static void put32(guint8 *at, guint32 value)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (guint8)(value >> 8 * i);
    }
}

/* --- Reading ------------------------------------------------------------------------------------ */

/* The size of the SID at @data; 0 if it does not lie within @room. */
static gsize sid_size(const guint8 *data, gsize room)
{
    if (room < SID_HEAD_SIZE || data[0] != 1 || data[1] > 15) {
        return 0;
    }
    gsize size = SID_HEAD_SIZE + 4 * (gsize)data[1];
    return size <= room ? size : 0;
}

/* Where an entry of that type has its SID: 0 for entries of which that is not known. */
static gsize sid_offset(guint8 type, const guint8 *ace, gsize size)
{
    switch (type) {
    case 0x00: /* allowed, denied, audit, alarm */
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x09: /* the same with a callback */
    case 0x0a:
    case 0x0d:
    case 0x0e:
    case 0x11: /* label, attribute, policy */
    case 0x12:
    case 0x13:
        return 8;
    case 0x05: /* the first ones for an object, with up to two GUIDs */
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x0b:
    case 0x0c:
    case 0x0f:
    case 0x10:
        return size < 12 ? size : 12 + GUID_SIZE * ((gsize)(ace[8] & 1) + (gsize)(ace[8] >> 1 & 1));
    default:
        return 0;
    }
}

/* The size of the entry at @data; 0 if it is none, or does not lie within @room. */
static gsize ace_size(const guint8 *data, gsize room)
{
    if (room < 4) {
        return 0;
    }
    gsize size = get16(data + 2);
    if (size < 4 || size % 4 != 0 || size > room) {
        return 0;
    }
    gsize sid = sid_offset(data[0], data, size);
    return sid == 0 || (sid < size && sid_size(data + sid, size - sid) > 0) ? size : 0;
}

static gsize acl_size(const guint8 *data, gsize room)
{
    if (room < ACL_HEAD_SIZE || data[0] < 2 || data[0] > 4) {
        return 0;
    }
    gsize size = get16(data + 2);
    gsize at = ACL_HEAD_SIZE;
    if (size < ACL_HEAD_SIZE || size > room) {
        return 0;
    }
    for (guint left = get16(data + 4); left > 0; left--) {
        gsize ace = ace_size(data + at, size - at);
        if (ace == 0) {
            return 0;
        }
        at += ace;
    }
    return size;
}

static gboolean read_part(const guint8 *data, gsize room, int part, Descriptor *descriptor)
{
    gsize offset = get32(data + 4 + 4 * part);
    guint16 present = about[part].is_present;
    if (offset == 0 || (descriptor->control & present) != present) {
        return TRUE;
    }
    if (offset < HEAD_SIZE || offset >= room) {
        return FALSE;
    }
    gsize size = part == OWNER || part == GROUP ? sid_size(data + offset, room - offset)
                                                : acl_size(data + offset, room - offset);
    descriptor->parts[part].data = data + offset;
    descriptor->parts[part].size = size;
    return size > 0;
}

static gboolean read_descriptor(const guint8 *data, gsize room, Descriptor *descriptor)
{
    *descriptor = (Descriptor){0};
    if (room < HEAD_SIZE || data[0] != 1) {
        return FALSE;
    }
    descriptor->control = get16(data + 2);
    if (!(descriptor->control & SELF_RELATIVE)) {
        return FALSE;
    }
    for (int part = 0; part < N_PARTS; part++) {
        if (!read_part(data, room, part, descriptor)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_bytes(GBytes *bytes, Descriptor *descriptor)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    return data && read_descriptor(data, size, descriptor);
}

/* --- Writing ------------------------------------------------------------------------------------ */

static GBytes *build(const Descriptor *descriptor)
{
    static const guint8 padding[4];
    guint16 control = SELF_RELATIVE;
    guint8 head[HEAD_SIZE] = {1};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, head, sizeof head);
    for (int part = 0; part < N_PARTS; part++) {
        control |= descriptor->control & about[part].control;
        if (descriptor->parts[part].data) {
            put32(bytes->data + 4 + 4 * part, bytes->len);
            g_byte_array_append(bytes, descriptor->parts[part].data,
                                (guint)descriptor->parts[part].size);
            g_byte_array_append(bytes, padding, -bytes->len % 4);
        }
    }
    bytes->data[2] = (guint8)control;
    bytes->data[3] = (guint8)(control >> 8);
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

GBytes *cl_security_take(const void *data, gsize room)
{
    Descriptor descriptor;
    return read_descriptor(data, room, &descriptor) ? build(&descriptor) : NULL;
}

GBytes *cl_security_default(void)
{
    /* Owner S-1-5-32-544 (administrators), group S-1-5-18 (the system), and three entries that
     * keys below inherit; the last is for S-1-5-11. */
    static const guint8 bytes[] = {
        1,    0, 0x04, 0x80, 20,   0, 0,    0, 36, 0, 0,  0, 0,  0, 0, 0, 48, 0, 0,  0,
        1,    2, 0,    0,    0,    0, 0,    5, 32, 0, 0,  0, 32, 2, 0, 0, 1,  1, 0,  0,
        0,    0, 0,    5,    18,   0, 0,    0, 2,  0, 72, 0, 3,  0, 0, 0, 0,  2, 24, 0,
        0x3f, 0, 0x0f, 0,    1,    2, 0,    0, 0,  0, 0,  5, 32, 0, 0, 0, 32, 2, 0,  0,
        0,    2, 20,   0,    0x3f, 0, 0x0f, 0, 1,  1, 0,  0, 0,  0, 0, 5, 18, 0, 0,  0,
        0,    2, 20,   0,    0x19, 0, 0x02, 0, 1,  1, 0,  0, 0,  0, 0, 5, 11, 0, 0,  0,
    };
    return g_bytes_new_static(bytes, sizeof bytes);
}

/* --- Parts -------------------------------------------------------------------------------------- */

gboolean cl_security_are_parts(SECURITY_INFORMATION parts)
{
    for (int part = 0; part < N_PARTS; part++) {
        parts &= ~(about[part].is | about[part].protects | about[part].unprotects);
    }
    return parts == 0;
}

SECURITY_INFORMATION cl_security_parts(GBytes *descriptor)
{
    Descriptor read;
    SECURITY_INFORMATION parts = 0;
    if (!read_bytes(descriptor, &read)) {
        return 0;
    }
    for (int part = 0; part < N_PARTS; part++) {
        if (read.parts[part].data || (read.control & about[part].is_present)) {
            parts |= about[part].is;
        }
    }
    return parts;
}

/* Whether a list is kept from inheriting may be said apart from its control bit. */
static void protect(Descriptor *descriptor, int part, SECURITY_INFORMATION parts)
{
    if (parts & about[part].protects) {
        descriptor->control |= about[part].is_protected;
    }
    if (parts & about[part].unprotects) {
        descriptor->control &= (guint16)~about[part].is_protected;
    }
}

GBytes *cl_security_merge(GBytes *base, GBytes *other, SECURITY_INFORMATION parts)
{
    Descriptor merged = {0};
    Descriptor from;
    if ((base && !read_bytes(base, &merged)) || !read_bytes(other, &from)) {
        return NULL;
    }
    for (int part = 0; part < N_PARTS; part++) {
        if (parts & about[part].is) {
            merged.control &= (guint16)~about[part].control;
            merged.control |= from.control & about[part].control;
            merged.parts[part] = from.parts[part];
        }
        protect(&merged, part, parts);
    }
    return build(&merged);
}

/* --- Accounts ----------------------------------------------------------------------------------- */

#define SUB_AUTHORITIES_MAX 15
#define AUTHORITY_MAX       ((G_GUINT64_CONSTANT(1) << 48) - 1)
#define ENTRY_ALLOWS        0x00
#define ENTRY_DENIES        0x01
#define ENTRY_HEAD_SIZE     8

GBytes *cl_security_default_of_cluster(void)
{
    /* Owner S-1-5-32-544 (administrators), group S-1-5-18 (the system), who may do all. */
    static const guint8 bytes[] = {
        1,  0,  0x04, 0x80, 20, 0, 0, 0,  36, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0,  1, 2,  0,  0, 0,
        0,  0,  5,    32,   0,  0, 0, 32, 2,  0, 0, 1, 1, 0, 0, 0, 0,  0, 5, 18, 0, 0,  0,  2, 0,
        52, 0,  2,    0,    0,  0, 0, 0,  24, 0, 3, 0, 0, 0, 1, 2, 0,  0, 0, 0,  0, 5,  32, 0, 0,
        0,  32, 2,    0,    0,  0, 0, 20, 0,  3, 0, 0, 0, 1, 1, 0, 0,  0, 0, 0,  5, 18, 0,  0, 0,
    };
    return g_bytes_new_static(bytes, sizeof bytes);
}

/* A number of decimal digits, or of hexadecimal ones after 0x where that is allowed. */
static gboolean take_number(const char *text, gboolean hexadecimal, guint64 max, guint64 *ret)
{
    hexadecimal = hexadecimal && g_ascii_strncasecmp(text, "0x", 2) == 0;
    return g_ascii_string_to_unsigned(hexadecimal ? text + 2 : text, hexadecimal ? 16 : 10, 0, max,
                                      ret, NULL);
}

GBytes *cl_security_sid(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", SUB_AUTHORITIES_MAX + 4);
    guint n = g_strv_length(parts);
    guint8 sid[SID_HEAD_SIZE + 4 * SUB_AUTHORITIES_MAX] = {1};
    guint64 number;
    if (n < 4 || n > SUB_AUTHORITIES_MAX + 3 || g_ascii_strcasecmp(parts[0], "S") != 0 ||
        strcmp(parts[1], "1") != 0 || !take_number(parts[2], TRUE, AUTHORITY_MAX, &number)) {
        return NULL;
    }
    sid[1] = (guint8)(n - 3);
    for (int i = 0; i < 6; i++) {
        sid[2 + i] = (guint8)(number >> 8 * (5 - i));
    }
    for (guint i = 3; i < n; i++) {
        if (!take_number(parts[i], FALSE, G_MAXUINT32, &number)) {
            return NULL;
        }
        put32(sid + SID_HEAD_SIZE + 4 * (i - 3), (guint32)number);
    }
    return g_bytes_new(sid, SID_HEAD_SIZE + 4 * (gsize)sid[1]);
}

/* Whether an entry is in the way of what is to be. */
static gboolean is_replaced(const guint8 *ace, GBytes *sid, ClSecurityEntry what)
{
    gsize size = get16(ace + 2);
    gsize at = sid_offset(ace[0], ace, size);
    gsize length;
    const void *bytes = g_bytes_get_data(sid, &length);
    gboolean same =
        at > 0 && sid_size(ace + at, size - at) == length && memcmp(ace + at, bytes, length) == 0;
    switch (what) {
    case CL_ENTRY_ALLOW:
        return same && ace[0] == ENTRY_ALLOWS;
    case CL_ENTRY_DENY:
        return same && ace[0] == ENTRY_DENIES;
    default:
        return same;
    }
}

/* A list in the making. */
typedef struct {
    GByteArray *bytes;
    guint n;
} Entries;

static void add_new(Entries *entries, GBytes *sid, ClSecurityEntry what, guint32 mask)
{
    gsize length;
    const guint8 *bytes = g_bytes_get_data(sid, &length);
    guint8 head[ENTRY_HEAD_SIZE] = {what == CL_ENTRY_ALLOW ? ENTRY_ALLOWS : ENTRY_DENIES};
    head[2] = (guint8)(sizeof head + length);
    put32(head + 4, mask);
    g_byte_array_append(entries->bytes, head, sizeof head);
    g_byte_array_append(entries->bytes, bytes, (guint)length);
    entries->n++;
}

static void add_kept(Entries *entries, const guint8 *acl, GBytes *sid, ClSecurityEntry what)
{
    const guint8 *ace = acl + ACL_HEAD_SIZE;
    for (guint left = acl ? get16(acl + 4) : 0; left > 0; left--) {
        if (!is_replaced(ace, sid, what)) {
            g_byte_array_append(entries->bytes, ace, get16(ace + 2));
            entries->n++;
        }
        ace += get16(ace + 2);
    }
}

GBytes *cl_security_set_entry(GBytes *descriptor, GBytes *sid, ClSecurityEntry what, guint32 mask)
{
    Descriptor read;
    guint8 head[ACL_HEAD_SIZE] = {2};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Entries entries = {bytes, 0};
    if (!read_bytes(descriptor, &read)) {
        return NULL;
    }
    const guint8 *former = read.parts[DACL].data;
    head[0] = former ? former[0] : head[0];
    g_byte_array_append(bytes, head, sizeof head);
    if (what == CL_ENTRY_DENY) {
        add_new(&entries, sid, what, mask);
    }
    add_kept(&entries, former, sid, what);
    if (what == CL_ENTRY_ALLOW) {
        add_new(&entries, sid, what, mask);
    }
    if (bytes->len > G_MAXUINT16) {
        return NULL;
    }
    bytes->data[2] = (guint8)bytes->len;
    bytes->data[3] = (guint8)(bytes->len >> 8);
    bytes->data[4] = (guint8)entries.n;
    bytes->data[5] = (guint8)(entries.n >> 8);
    read.control |= about[DACL].is_present;
    read.parts[DACL].data = bytes->data;
    read.parts[DACL].size = bytes->len;
    return build(&read);
}
