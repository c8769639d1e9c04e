/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seven control functions. A back end whose far end interprets codes gets them as they are; for
 * the others the standard codes are a table here, each answered by one of the back end's general
 * operations, and what is not in the table is offered to the back end's own control().
 */
#include "control.h"

#include <string.h>

#include "property-list.h"
#include "text.h"

#define OBJECT_OF(code)   CLUSCTL_GET_CONTROL_OBJECT(code)
#define FUNCTION_OF(code) ((code)&0x00ffffff)
#define BIT(kind)         (1u << (kind))

#define ALL_KINDS                                                                                  \
    (BIT(CL_KIND_RESOURCE) | BIT(CL_KIND_RESOURCE_TYPE) | BIT(CL_KIND_GROUP) | BIT(CL_KIND_NODE) | \
     BIT(CL_KIND_NETWORK) | BIT(CL_KIND_NETINTERFACE) | BIT(CL_KIND_CLUSTER) |                     \
     BIT(CL_KIND_GROUPSET))
#define OBJECT_KINDS (ALL_KINDS & ~BIT(CL_KIND_CLUSTER))
#define NAMED_KINDS  (OBJECT_KINDS & ~BIT(CL_KIND_RESOURCE_TYPE) & ~BIT(CL_KIND_GROUPSET))

/* One control in progress. */
typedef struct {
    const ClUse *use;
    GBytes *in; /* may be NULL */
    guint32 result;
    gsize needed; /* by an output that the far end did not send, as the buffer is too small */
} Control;

/* Answers a code; @argument is the table's. @ret_out stays NULL for no output. */
typedef gboolean (*Answer)(Control *control, guint32 argument, GBytes **ret_out, GError **error);

static gboolean query(const Control *control, guint32 facts, ClFacts *ret_facts, GError **error)
{
    const ClUse *use = control->use;
    return use->backend->query(use->connection, use->object, facts, &use->call, ret_facts, error);
}

static GBytes *bytes_of_text(const char *text)
{
    gsize units = cl_text_wide_length(text) + 1;
    WCHAR *wide = g_new(WCHAR, units);
    *cl_text_put_wide(text, wide) = 0;
    return g_bytes_new_take(wide, units * sizeof(WCHAR));
}

static GBytes *bytes_of_dword(guint32 value)
{
    return g_bytes_new(&value, sizeof value);
}

static gboolean answer_text(Control *control, guint32 fact, GBytes **ret_out, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, fact, &facts, error)) {
        return FALSE;
    }
    const char *text = fact == CL_FACT_NAME           ? facts.name
                       : fact == CL_FACT_ID           ? facts.id
                       : fact == CL_FACT_TYPE         ? facts.type
                       : fact == CL_FACT_NETWORK_NAME ? facts.network_name
                                                      : facts.fqdn;
    *ret_out = bytes_of_text(text);
    return TRUE;
}

static gboolean answer_node(Control *control, G_GNUC_UNUSED guint32 argument, GBytes **ret_out,
                            GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, CL_FACT_PLACE, &facts, error)) {
        return FALSE;
    }
    *ret_out = bytes_of_text(facts.node);
    return TRUE;
}

static gboolean answer_network(Control *control, G_GNUC_UNUSED guint32 argument, GBytes **ret_out,
                               GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, CL_FACT_PLACE, &facts, error)) {
        return FALSE;
    }
    *ret_out = bytes_of_text(facts.network);
    return TRUE;
}

/* Most kinds have neither flags nor characteristics, but a deleted object must be told as such. */
static gboolean answer_bits(Control *control, guint32 fact, GBytes **ret_out, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, fact, &facts, error)) {
        return FALSE;
    }
    *ret_out = bytes_of_dword(fact == CL_FACT_FLAGS ? facts.flags : facts.characteristics);
    return TRUE;
}

static gboolean answer_class(Control *control, guint32 fact, GBytes **ret_out, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, fact, &facts, error)) {
        return FALSE;
    }
    guint32 info[2] = {facts.resource_class, facts.resource_subclass};
    *ret_out = g_bytes_new(info, sizeof info);
    return TRUE;
}

static gboolean answer_state_change_time(Control *control, guint32 fact, GBytes **ret_out,
                                         GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, fact, &facts, error)) {
        return FALSE;
    }
    *ret_out = g_bytes_new(&facts.state_change_time, sizeof facts.state_change_time);
    return TRUE;
}

static void append_value(GByteArray *list, guint32 syntax, const void *data, gsize size)
{
    const guint8 zeros[4] = {0};
    guint32 head[2] = {syntax, (guint32)size};
    g_byte_array_append(list, (const guint8 *)head, sizeof head);
    g_byte_array_append(list, data, (guint)size);
    g_byte_array_append(list, zeros, (guint)(ALIGN_CLUSPROP(size) - size));
}

/* A value list of the classes and names of types that a resource must depend on. */
static gboolean answer_required_dependencies(Control *control, guint32 fact, GBytes **ret_out,
                                             GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!query(control, fact, &facts, error)) {
        return FALSE;
    }
    GByteArray *list = g_byte_array_new();
    for (guint i = 0; facts.required_classes != NULL && i < facts.required_classes->len; i++) {
        append_value(list, CLUSPROP_SYNTAX_RESCLASS,
                     &g_array_index(facts.required_classes, guint32, i), sizeof(guint32));
    }
    for (char **type = facts.required_types; type != NULL && *type != NULL; type++) {
        g_autoptr(GBytes) name = bytes_of_text(*type);
        gsize size;
        const void *data = g_bytes_get_data(name, &size);
        append_value(list, CLUSPROP_SYNTAX_NAME, data, size);
    }
    const guint32 endmark = CLUSPROP_SYNTAX_ENDMARK;
    g_byte_array_append(list, (const guint8 *)&endmark, sizeof endmark);
    *ret_out = g_byte_array_free_to_bytes(list);
    return TRUE;
}

static gboolean get_properties(const Control *control, ClPropertySet set, GPtrArray **ret,
                               GError **error)
{
    const ClUse *use = control->use;
    return use->backend->properties(use->connection, use->object, set, &use->call, ret, error);
}

static gboolean answer_properties(Control *control, guint32 set, GBytes **ret_out, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if (!get_properties(control, set, &properties, error)) {
        return FALSE;
    }
    *ret_out = cl_property_list_build(properties);
    return TRUE;
}

static gboolean answer_names(Control *control, guint32 set, GBytes **ret_out, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if (!get_properties(control, set, &properties, error)) {
        return FALSE;
    }
    *ret_out = cl_property_list_build_names(properties);
    return TRUE;
}

/* The formats of a set and of the read-only set that goes with it. */
static gboolean answer_formats(Control *control, guint32 set, GBytes **ret_out, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    g_autoptr(GPtrArray) read_only = NULL;
    if (!get_properties(control, set, &properties, error)) {
        return FALSE;
    }
    if (set == CL_PROPERTIES_COMMON || set == CL_PROPERTIES_PRIVATE) {
        ClPropertySet other =
            set == CL_PROPERTIES_COMMON ? CL_PROPERTIES_RO_COMMON : CL_PROPERTIES_RO_PRIVATE;
        if (!get_properties(control, other, &read_only, error)) {
            return FALSE;
        }
        g_ptr_array_extend_and_steal(properties, g_steal_pointer(&read_only));
    }
    *ret_out = cl_property_list_build_formats(properties);
    return TRUE;
}

static gboolean set_properties(Control *control, guint32 set, gboolean only_validate,
                               GError **error)
{
    const ClUse *use = control->use;
    if (use->backend->set_properties == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "properties cannot be set");
    }
    gsize size = 0;
    const void *data = control->in != NULL ? g_bytes_get_data(control->in, &size) : NULL;
    g_autoptr(GPtrArray) properties = NULL;
    return cl_property_list_parse(data, size, &properties, error) &&
           use->backend->set_properties(use->connection, use->object, set, properties,
                                        only_validate, &use->call, &control->result, error);
}

static gboolean answer_set(Control *control, guint32 set, G_GNUC_UNUSED GBytes **ret_out,
                           GError **error)
{
    return set_properties(control, set, FALSE, error);
}

static gboolean answer_validate(Control *control, guint32 set, G_GNUC_UNUSED GBytes **ret_out,
                                GError **error)
{
    return set_properties(control, set, TRUE, error);
}

static gboolean answer_upgrade(Control *control, guint32 perform, G_GNUC_UNUSED GBytes **ret_out,
                               GError **error)
{
    const ClUse *use = control->use;
    ClAction action = {.verb = CL_ACT_UPGRADE, .number = perform};
    return use->backend->act != NULL
               ? use->backend->act(use->connection, use->object, &action, &use->call,
                                   &control->result, error)
               : cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "it cannot be upgraded");
}

static const struct {
    guint32 function;
    guint32 kinds;
    Answer answer;
    guint32 argument;
} standard[] = {
    {CLCTL_GET_CHARACTERISTICS, OBJECT_KINDS, answer_bits, CL_FACT_CHARACTERISTICS},
    {CLCTL_GET_FLAGS, OBJECT_KINDS & ~BIT(CL_KIND_GROUPSET), answer_bits, CL_FACT_FLAGS},
    {CLCTL_GET_CLASS_INFO, BIT(CL_KIND_RESOURCE) | BIT(CL_KIND_RESOURCE_TYPE), answer_class,
     CL_FACT_CLASS},
    {CLCTL_GET_REQUIRED_DEPENDENCIES, BIT(CL_KIND_RESOURCE) | BIT(CL_KIND_RESOURCE_TYPE),
     answer_required_dependencies, CL_FACT_REQUIRED_DEPENDENCIES},
    {CLCTL_GET_NAME, NAMED_KINDS, answer_text, CL_FACT_NAME},
    {CLCTL_GET_ID, NAMED_KINDS | BIT(CL_KIND_GROUPSET), answer_text, CL_FACT_ID},
    {CLCTL_GET_RESOURCE_TYPE, BIT(CL_KIND_RESOURCE), answer_text, CL_FACT_TYPE},
    {CLCTL_GET_NETWORK_NAME, BIT(CL_KIND_RESOURCE), answer_text, CL_FACT_NETWORK_NAME},
    {CLCTL_GET_FQDN, BIT(CL_KIND_CLUSTER), answer_text, CL_FACT_FQDN},
    {CLCTL_GET_NODE, BIT(CL_KIND_NETINTERFACE), answer_node, 0},
    {CLCTL_GET_NETWORK, BIT(CL_KIND_NETINTERFACE), answer_network, 0},
    {CLCTL_GET_STATE_CHANGE_TIME, BIT(CL_KIND_GROUP) | BIT(CL_KIND_RESOURCE),
     answer_state_change_time, CL_FACT_STATE_CHANGE_TIME},
    {CLCTL_ENUM_COMMON_PROPERTIES, ALL_KINDS, answer_names, CL_PROPERTIES_COMMON},
    {CLCTL_GET_RO_COMMON_PROPERTIES, ALL_KINDS, answer_properties, CL_PROPERTIES_RO_COMMON},
    {CLCTL_GET_COMMON_PROPERTIES, ALL_KINDS, answer_properties, CL_PROPERTIES_COMMON},
    {CLCTL_SET_COMMON_PROPERTIES, ALL_KINDS, answer_set, CL_PROPERTIES_COMMON},
    {CLCTL_VALIDATE_COMMON_PROPERTIES, ALL_KINDS, answer_validate, CL_PROPERTIES_COMMON},
    {CLCTL_GET_COMMON_PROPERTY_FMTS, ALL_KINDS, answer_formats, CL_PROPERTIES_COMMON},
    {CLCTL_GET_COMMON_RESOURCE_PROPERTY_FMTS, BIT(CL_KIND_RESOURCE_TYPE), answer_formats,
     CL_PROPERTIES_COMMON_OF_RESOURCE},
    {CLCTL_ENUM_PRIVATE_PROPERTIES, ALL_KINDS, answer_names, CL_PROPERTIES_PRIVATE},
    {CLCTL_GET_RO_PRIVATE_PROPERTIES, ALL_KINDS, answer_properties, CL_PROPERTIES_RO_PRIVATE},
    {CLCTL_GET_PRIVATE_PROPERTIES, ALL_KINDS, answer_properties, CL_PROPERTIES_PRIVATE},
    {CLCTL_SET_PRIVATE_PROPERTIES, ALL_KINDS, answer_set, CL_PROPERTIES_PRIVATE},
    {CLCTL_VALIDATE_PRIVATE_PROPERTIES, ALL_KINDS, answer_validate, CL_PROPERTIES_PRIVATE},
    {CLCTL_GET_PRIVATE_PROPERTY_FMTS, ALL_KINDS, answer_formats, CL_PROPERTIES_PRIVATE},
    {CLCTL_GET_PRIVATE_RESOURCE_PROPERTY_FMTS, BIT(CL_KIND_RESOURCE_TYPE), answer_formats,
     CL_PROPERTIES_PRIVATE_OF_RESOURCE},
    {CL_CONTROL_UPGRADE, BIT(CL_KIND_CLUSTER), answer_upgrade, TRUE},
    {CL_CONTROL_IS_READY_UPGRADE, BIT(CL_KIND_CLUSTER), answer_upgrade, FALSE},
};

gboolean cl_control_check(ClKind kind, DWORD code, ClAccess *ret_needed, GError **error)
{
    if (OBJECT_OF(code) != (DWORD)kind) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "code 0x%x is not for this object", code);
    }
    gboolean changes = (code & CLCTL_MODIFY_MASK) != 0 || code == (DWORD)CLUSCTL_CLUSTER_SHUTDOWN;
    *ret_needed = changes ? CL_ACCESS_ALL : CL_ACCESS_READ;
    return TRUE;
}

static gboolean ask_backend(Control *control, const ClUse *host, const ClControlBuffers *buffers,
                            GBytes **ret_out, GError **error)
{
    const ClUse *use = control->use;
    ClControl request = {.host = host->object,
                         .code = buffers->code,
                         .in = control->in,
                         .room = buffers->out_size,
                         .as_user = buffers->as_user};
    if (use->backend->control == NULL) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "code 0x%x is not known", buffers->code);
    }
    return use->backend->control(use->connection, use->object, &request, &use->call, ret_out,
                                 &control->needed, &control->result, error);
}

/* A control runs on its host, so that must be there. */
static gboolean check_host(const ClUse *host, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (host->object == NULL) {
        return TRUE;
    }
    if (!host->backend->query(host->connection, host->object, CL_FACT_STATE, &host->call, &facts,
                              error)) {
        return FALSE;
    }
    return facts.state == ClusterNodeUp || facts.state == ClusterNodePaused ||
           cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE, "the node to run on is not up");
}

static gboolean answer_control(Control *control, const ClUse *host, const ClControlBuffers *buffers,
                               GBytes **ret_out, GError **error)
{
    if (!control->use->backend->interprets_controls) {
        if (!check_host(host, error)) {
            return FALSE;
        }
        for (gsize i = 0; i < G_N_ELEMENTS(standard); i++) {
            if (standard[i].function == FUNCTION_OF(buffers->code) &&
                (standard[i].kinds & BIT(control->use->kind)) != 0) {
                return standard[i].answer(control, standard[i].argument, ret_out, error);
            }
        }
    }
    return ask_backend(control, host, buffers, ret_out, error);
}

/* Asking with no buffer at all is asking for the size. */
static gboolean asks_for_size(const ClControlBuffers *buffers)
{
    return buffers->out == NULL && buffers->out_size == 0;
}

static DWORD copy_output(GBytes *out, const ClControlBuffers *buffers)
{
    DWORD ignored;
    LPDWORD returned = buffers->bytes_returned != NULL ? buffers->bytes_returned : &ignored;
    gsize size = 0;
    const void *data = out != NULL ? g_bytes_get_data(out, &size) : NULL;
    if (asks_for_size(buffers) && size <= G_MAXUINT32) {
        *returned = (DWORD)size;
        return ERROR_SUCCESS;
    }
    return cl_bytes_copy_out(data, size, buffers->out, buffers->out_size, returned);
}

static DWORD more_data(gsize needed, const ClControlBuffers *buffers)
{
    if (buffers->bytes_returned != NULL) {
        *buffers->bytes_returned = (DWORD)MIN(needed, G_MAXUINT32);
    }
    return asks_for_size(buffers) ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

DWORD cl_control_run(const ClUse *use, HNODE host, const ClControlBuffers *buffers)
{
    GError *error = NULL;
    g_auto(ClUse) host_use = CL_USE_INIT;
    g_autoptr(GBytes) in = NULL;
    g_autoptr(GBytes) out = NULL;
    ClAccess needed = CL_ACCESS_READ;
    if ((buffers->in == NULL && buffers->in_size > 0) ||
        (buffers->out == NULL && buffers->out_size > 0)) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_control_check(use->kind, buffers->code, &needed, &error) ||
        !cl_use_begin_other(&host_use, CL_KIND_NODE, host, use, needed, &error)) {
        return cl_error_take(error);
    }
    if (buffers->in_size > 0) {
        in = g_bytes_new(buffers->in, buffers->in_size);
    }
    Control control = {.use = use, .in = in};
    if (!answer_control(&control, &host_use, buffers, &out, &error)) {
        return cl_error_take(error);
    }
    if (control.result == ERROR_MORE_DATA) {
        return more_data(control.needed, buffers);
    }
    DWORD code = copy_output(out, buffers);
    return code != ERROR_SUCCESS ? code : control.result;
}

static DWORD run(ClKind kind, gconstpointer handle, HNODE host, const ClControlBuffers *buffers)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClAccess needed = CL_ACCESS_READ;
    /* A bad handle is told before a bad code, so the code's own check is repeated by the run. */
    (void)cl_control_check(kind, buffers->code, &needed, NULL);
    if (!cl_use_begin(&use, kind, handle, needed, &error)) {
        return cl_error_take(error);
    }
    return cl_control_run(&use, host, buffers);
}

#define BUFFERS(code)                                                                              \
    (&(ClControlBuffers){code, lpInBuffer, cbInBufferSize, lpOutBuffer, cbOutBufferSize,           \
                         lpcbBytesReturned, FALSE})

DWORD ClusterControl(HCLUSTER hCluster, HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
                     DWORD cbInBufferSize, LPVOID lpOutBuffer, DWORD cbOutBufferSize,
                     LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_CLUSTER, hCluster, hHostNode, BUFFERS(dwControlCode));
}

DWORD ClusterNodeControl(HNODE hNode, HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
                         DWORD cbInBufferSize, LPVOID lpOutBuffer, DWORD cbOutBufferSize,
                         LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_NODE, hNode, hHostNode, BUFFERS(dwControlCode));
}

DWORD ClusterGroupControl(HGROUP hGroup, HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
                          DWORD cbInBufferSize, LPVOID lpOutBuffer, DWORD cbOutBufferSize,
                          LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_GROUP, hGroup, hHostNode, BUFFERS(dwControlCode));
}

DWORD ClusterResourceControl(HRESOURCE hResource, HNODE hHostNode, DWORD dwControlCode,
                             LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                             DWORD cbOutBufferSize, LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_RESOURCE, hResource, hHostNode, BUFFERS(dwControlCode));
}

DWORD ClusterResourceControlAsUser(HRESOURCE hResource, HNODE hHostNode, DWORD dwControlCode,
                                   LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                                   DWORD cbOutBufferSize, LPDWORD lpcbBytesReturned)
{
    ClControlBuffers buffers = *BUFFERS(dwControlCode);
    buffers.as_user = TRUE;
    return run(CL_KIND_RESOURCE, hResource, hHostNode, &buffers);
}

DWORD ClusterGroupSetControl(HGROUPSET hGroupSet, HNODE hHostNode, DWORD dwControlCode,
                             LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                             DWORD cbOutBufferSize, LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_GROUPSET, hGroupSet, hHostNode, BUFFERS(dwControlCode));
}

DWORD ClusterNetworkControl(HNETWORK hNetwork, HNODE hHostNode, DWORD dwControlCode,
                            LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                            DWORD cbOutBufferSize, LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_NETWORK, hNetwork, hHostNode, BUFFERS(dwControlCode));
}

DWORD ClusterNetInterfaceControl(HNETINTERFACE hNetInterface, HNODE hHostNode, DWORD dwControlCode,
                                 LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                                 DWORD cbOutBufferSize, LPDWORD lpcbBytesReturned)
{
    return run(CL_KIND_NETINTERFACE, hNetInterface, hHostNode, BUFFERS(dwControlCode));
}
