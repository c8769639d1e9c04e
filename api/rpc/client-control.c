/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * control(): every code goes over the wire as it is; and what is read and set by them, properties
 * above all.
 */
#include "client.h"

#include "property-list.h"

/* How much a first call has room for, and any call. */
#define ROOM_FIRST 16384u
#define ROOM_MAX   ((guint32)CL_NDR_ARRAY_MAX)

/* A server whose need grows with what it is given shall not keep a call going for ever. */
#define ASKED_MAX 8

static const struct {
    ClKind kind;
    guint16 plain, on_node;
} methods[] = {
    {CL_KIND_CLUSTER, CL_OP_ClusterControl, CL_OP_NodeClusterControl},
    {CL_KIND_NODE, CL_OP_NodeControl, CL_OP_NodeNodeControl},
    {CL_KIND_GROUP, CL_OP_GroupControl, CL_OP_NodeGroupControl},
    {CL_KIND_RESOURCE, CL_OP_ResourceControl, CL_OP_NodeResourceControl},
    {CL_KIND_RESOURCE_TYPE, CL_OP_ResourceTypeControl, CL_OP_NodeResourceTypeControl},
    {CL_KIND_NETWORK, CL_OP_NetworkControl, CL_OP_NodeNetworkControl},
    {CL_KIND_NETINTERFACE, CL_OP_NetInterfaceControl, CL_OP_NodeNetInterfaceControl},
    {CL_KIND_GROUPSET, CL_OP_GroupSetControl, CL_OP_NodeGroupSetControl},
};

/* One call: what it takes, and what came of it. */
typedef struct {
    const ClObject *object;
    const ClObject *host;
    guint32 code;
    GBytes *in;
    guint32 room;
    GBytes *out;    /* NULL for none */
    guint32 needed; /* when the room is too little */
    guint32 result; /* 0, ERROR_RESOURCE_PROPERTIES_STORED, ERROR_IO_PENDING or ERROR_MORE_DATA */
} Ask;

static void ask_clear(Ask *ask)
{
    g_clear_pointer(&ask->out, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ask, ask_clear)

/* What tells no more than the cluster is; of an object with a handle of its own, or the cluster. */
static gboolean is_remembered(const Ask *ask)
{
    switch (ask->code & ((1u << CLUSCTL_OBJECT_SHIFT) - 1)) {
    case CLCTL_GET_CHARACTERISTICS:
    case CLCTL_GET_CLASS_INFO:
    case CLCTL_GET_COMMON_PROPERTIES:
    case CLCTL_GET_FLAGS:
    case CLCTL_GET_ID:
    case CLCTL_GET_NAME:
    case CLCTL_GET_NETWORK:
    case CLCTL_GET_NODE:
    case CLCTL_GET_PRIVATE_PROPERTIES:
    case CLCTL_GET_RO_COMMON_PROPERTIES:
    case CLCTL_GET_RO_PRIVATE_PROPERTIES:
        return !ask->host && !ask->in;
    default:
        return FALSE;
    }
}

/* Resource types go by their names. */
static const ClObject *holder_of(const Ask *ask)
{
    return cl_remote_kind(ask->object) == CL_KIND_RESOURCE_TYPE ? NULL : ask->object;
}

/* The parameters before the code: the object, a resource type by its name, and the host. */
static gboolean put_objects(ClRemote *remote, const Ask *ask, ClMethodCall *method, guint *ret_next,
                            GError **error)
{
    guint next = 1;
    if (!is_remembered(ask) &&
        !cl_remote_handle(remote, holder_of(ask), &method->values[0].handle, error)) {
        return FALSE;
    }
    if (ask->object && !holder_of(ask)) {
        g_autofree char *name = cl_remote_name(remote->connection, ask->object);
        cl_method_put_text(method, next++, name);
    }
    if (ask->host) {
        remote->names_node = TRUE;
        if (!cl_remote_handle(remote, ask->host, &method->values[next++].handle, error)) {
            return FALSE;
        }
    }
    *ret_next = next;
    return TRUE;
}

/* What came fits into the room: reading the answer made sure of that. */
static gboolean take_output(Ask *ask, const ClMethodCall *method, guint first, GError **error)
{
    GBytes *bytes = method->values[first].bytes;
    gsize size = bytes ? g_bytes_get_size(bytes) : 0;
    if (size != method->values[first + 2].number) {
        return cl_fail_stub(error, "two sizes of one output");
    }
    ask->out = size > 0 ? g_bytes_ref(bytes) : NULL;
    return TRUE;
}

static gboolean ask_server(ClRemote *remote, Ask *ask, GError **error)
{
    g_auto(ClMethodCall) method = {0};
    g_autoptr(GError) failed = NULL;
    gsize i = 0;
    guint next;
    while (methods[i].kind != cl_remote_kind(ask->object)) {
        i++;
    }
    method.opnum = ask->host ? methods[i].on_node : methods[i].plain;
    if (!put_objects(remote, ask, &method, &next, error)) {
        return FALSE;
    }
    method.values[next].number = ask->code;
    cl_method_put_bytes(&method, next + 1, ask->in);
    method.values[next + 4].number = ask->room;
    ask_clear(ask);
    gboolean done = is_remembered(ask) ? cl_remote_read(remote, holder_of(ask), &method, &failed)
                                       : cl_remote_call(remote, &method, &failed);
    ask->result = method.result;
    ask->needed = (guint32)method.values[next + 6].number;
    /* Some codes succeed also where there is too little room ([MS-CMRP] 3.1.4.3.1.3). */
    if (done && ask->needed > ask->room) {
        ask->result = ERROR_MORE_DATA;
        return TRUE;
    }
    if (done) {
        return take_output(ask, &method, next + 3, error);
    }
    if (remote->is_answer && method.result == ERROR_MORE_DATA) {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

/* The code with the object field of the object's kind. */
static guint32 code_of(const ClObject *object, guint32 function)
{
    return (guint32)cl_remote_kind(object) << CLUSCTL_OBJECT_SHIFT | function;
}

gboolean cl_remote_ask(ClRemote *remote, const ClObject *object, guint32 function, GBytes **ret_out,
                       GError **error)
{
    g_auto(Ask) ask = {.object = object, .code = code_of(object, function), .room = ROOM_FIRST};
    for (guint times = 0; times < ASKED_MAX; times++) {
        if (!ask_server(remote, &ask, error)) {
            return FALSE;
        }
        if (ask.result != ERROR_MORE_DATA) {
            *ret_out = g_steal_pointer(&ask.out);
            return TRUE;
        }
        if (ask.needed <= ask.room || ask.needed > ROOM_MAX) {
            break;
        }
        ask.room = ask.needed;
    }
    return cl_fail_stub(error, "a size that cannot be");
}

gboolean cl_remote_tell(ClRemote *remote, const ClObject *object, guint32 function, GBytes *in,
                        guint32 *ret_result, GError **error)
{
    g_auto(Ask) ask = {.object = object, .code = code_of(object, function), .in = in};
    if (!ask_server(remote, &ask, error)) {
        return FALSE;
    }
    /* That there would be an output is no failure. */
    *ret_result = ask.result == ERROR_MORE_DATA ? ERROR_SUCCESS : ask.result;
    return TRUE;
}

/* --- control() ---------------------------------------------------------------------------------- */

typedef struct {
    const ClObject *object;
    const ClControl *control;
    Ask ask;
} Control;

/* A caller's buffer may be larger than what it gets; what only reads is asked again with more. */
static gboolean control_once(ClRemote *remote, gpointer data, GError **error)
{
    Control *control = data;
    Ask *ask = &control->ask;
    guint32 room = (guint32)MIN(control->control->room, ROOM_MAX);
    gboolean changes = (control->control->code & CLCTL_MODIFY_MASK) != 0;
    ask_clear(ask);
    *ask = (Ask){.object = control->object,
                 .host = control->control->host,
                 .code = control->control->code,
                 .in = control->control->in,
                 .room = changes ? room : MIN(room, ROOM_FIRST)};
    for (guint times = 0; times < ASKED_MAX; times++) {
        if (!ask_server(remote, ask, error)) {
            return FALSE;
        }
        if (ask->result != ERROR_MORE_DATA || ask->needed > room || ask->room == room) {
            return TRUE;
        }
        ask->room = MAX(ask->needed, ask->room + 1);
    }
    return cl_fail_stub(error, "a size that cannot be");
}

gboolean cl_remote_control(ClConnection *connection, const ClObject *object,
                           const ClControl *control, const ClCall *call, GBytes **ret_out,
                           gsize *ret_needed, guint32 *ret_result, GError **error)
{
    Control data = {object, control, {0}};
    /* A socket's other end knows the caller; elsewhere no method says whom a resource is to act as. */
    if (control->as_user && !connection->path) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no method carries whose name it is in");
    }
    if (!cl_remote_run(connection, call, control_once, &data, error)) {
        ask_clear(&data.ask);
        return FALSE;
    }
    *ret_result = data.ask.result;
    if (data.ask.result == ERROR_MORE_DATA) {
        *ret_needed = data.ask.needed;
    }
    *ret_out = g_steal_pointer(&data.ask.out);
    return TRUE;
}

/* --- Properties --------------------------------------------------------------------------------- */

static guint32 get_code(ClPropertySet set)
{
    switch (set) {
    case CL_PROPERTIES_COMMON:
        return CLCTL_GET_COMMON_PROPERTIES;
    case CL_PROPERTIES_RO_COMMON:
        return CLCTL_GET_RO_COMMON_PROPERTIES;
    case CL_PROPERTIES_PRIVATE:
        return CLCTL_GET_PRIVATE_PROPERTIES;
    case CL_PROPERTIES_RO_PRIVATE:
        return CLCTL_GET_RO_PRIVATE_PROPERTIES;
    case CL_PROPERTIES_COMMON_OF_RESOURCE:
        return CLCTL_GET_COMMON_RESOURCE_PROPERTY_FMTS;
    default:
        return CLCTL_GET_PRIVATE_RESOURCE_PROPERTY_FMTS;
    }
}

/* An empty answer is an empty list. A list that cannot be read is the server's fault. */
gboolean cl_remote_read_properties(ClRemote *remote, const ClObject *object, ClPropertySet set,
                                   GPtrArray **ret_properties, GError **error)
{
    g_autoptr(GBytes) list = NULL;
    gsize size;
    if (!cl_remote_ask(remote, object, get_code(set), &list, error)) {
        return FALSE;
    }
    if (!list) {
        *ret_properties = cl_properties_new();
        return TRUE;
    }
    const void *data = g_bytes_get_data(list, &size);
    return cl_property_list_parse(data, size, ret_properties, NULL) ||
           cl_fail_stub(error, "a property list that is none");
}

typedef struct {
    const ClObject *object;
    ClPropertySet set;
    GPtrArray *properties;
    guint32 function;
    GBytes *list;
    guint32 result;
} Properties;

static gboolean read_once(ClRemote *remote, gpointer data, GError **error)
{
    Properties *work = data;
    return cl_remote_read_properties(remote, work->object, work->set, &work->properties, error);
}

gboolean cl_remote_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                              const ClCall *call, GPtrArray **ret_properties, GError **error)
{
    Properties work = {.object = object, .set = set};
    if (!cl_remote_run(connection, call, read_once, &work, error)) {
        return FALSE;
    }
    *ret_properties = work.properties;
    return TRUE;
}

static gboolean set_once(ClRemote *remote, gpointer data, GError **error)
{
    Properties *work = data;
    return cl_remote_tell(remote, work->object, work->function, work->list, &work->result, error);
}

gboolean cl_remote_set_properties(ClConnection *connection, const ClObject *object,
                                  ClPropertySet set, const GPtrArray *properties,
                                  gboolean only_validate, const ClCall *call, guint32 *ret_result,
                                  GError **error)
{
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    Properties work = {.object = object, .list = list};
    if (set != CL_PROPERTIES_COMMON && set != CL_PROPERTIES_PRIVATE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "these properties are not set");
    }
    work.function =
        set == CL_PROPERTIES_COMMON
            ? (only_validate ? CLCTL_VALIDATE_COMMON_PROPERTIES : CLCTL_SET_COMMON_PROPERTIES)
            : (only_validate ? CLCTL_VALIDATE_PRIVATE_PROPERTIES : CLCTL_SET_PRIVATE_PROPERTIES);
    if (!cl_remote_run(connection, call, set_once, &work, error)) {
        return FALSE;
    }
    *ret_result = work.result;
    return TRUE;
}
