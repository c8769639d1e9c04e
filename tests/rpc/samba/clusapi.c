/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A module of Samba's RPC server that serves enough of [MS-CMRP] 3.0 for a session of our client,
 * and nothing to who does not seal. The cluster is made up: one node, and groups of which the last
 * has a long name. The cluster's vendor tells what a client sees nowhere else: who calls, by which
 * authentication type and at which level, as Samba has it.
 *
 * Methods take a handle, a text and a number at most, always in that order. One thread; each call
 * owns what it was called with.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <talloc.h>
#include <tevent.h>

#include <charset.h>
#include <core/ntstatus.h>
#include <dcerpc_server.h>
#include <gen_ndr/auth.h>
#include <gen_ndr/ndr_dcerpc.h>
#include <gen_ndr/ndr_misc.h>
#include <ndr.h>

NTSTATUS samba_init_module(TALLOC_CTX *context);

/* Values of the protocol. */
#define ENUM_NODE       1
#define ENUM_GROUP      8
#define ALL             0x10000000u
#define MAXIMUM         0x02000000u
#define STATE_ONLINE    0
#define STATE_OFFLINE   1
#define INVALID_PARAM   87u
#define GROUP_NOT_FOUND 5013u

/* What there is. More groups, or a longer name, than a fragment has room for. */
#define CLUSTER   "samba"
#define NODE      "dc1"
#define GROUPS    1500
#define LONG_NAME 9000

enum {
    HANDLE_CLUSTER = 1,
    HANDLE_GROUP = 2
};

typedef struct {
    struct dcesrv_call_state *state;
    const struct Method *method;
    struct dcesrv_handle *handle;
    struct policy_handle wire_handle;
    const char *text;
    uint32_t number;
} Call;

typedef enum ndr_err_code (*Answer)(Call *call, struct ndr_push *push);

typedef struct Method {
    uint16_t opnum;
    uint8_t handle; /* of which type, 0 if it takes none */
    bool takes_text;
    bool takes_number;
    Answer answer;
} Method;

/* --- Groups ------------------------------------------------------------------------------------- */

/* Belongs to @context. */
static const char *group_name(TALLOC_CTX *context, uint32_t group)
{
    char *name;
    if (group == 0) {
        return "web";
    }
    if (group < GROUPS - 1) {
        return talloc_asprintf(context, "group %u", group);
    }
    name = talloc_zero_array(context, char, LONG_NAME + 1);
    return name ? memset(name, 'n', LONG_NAME) : NULL;
}

/* GROUPS if there is none. */
static uint32_t find_group(TALLOC_CTX *context, const char *name)
{
    uint32_t group = 0;
    while (group < GROUPS) {
        const char *other = group_name(context, group);
        if (other && strcmp(other, name) == 0) {
            break;
        }
        group++;
    }
    return group;
}

static uint32_t group_of(const Call *call)
{
    return *talloc_get_type(call->handle->data, uint32_t);
}

/* --- Marshalling -------------------------------------------------------------------------------- */

#define CHECK(what)                                                                                \
    do {                                                                                           \
        enum ndr_err_code code_ = (what);                                                          \
        if (code_ != NDR_ERR_SUCCESS) {                                                            \
            return code_;                                                                          \
        }                                                                                          \
    } while (0)

static enum ndr_err_code pull_text(struct ndr_pull *pull, const char **ret_text)
{
    uint32_t most, offset, count;
    CHECK(ndr_pull_uint3264(pull, NDR_SCALARS, &most));
    CHECK(ndr_pull_uint3264(pull, NDR_SCALARS, &offset));
    CHECK(ndr_pull_uint3264(pull, NDR_SCALARS, &count));
    if (offset != 0 || count == 0 || count > most) {
        return NDR_ERR_ARRAY_SIZE;
    }
    return ndr_pull_charset(pull, NDR_SCALARS, ret_text, count, sizeof(uint16_t), CH_UTF16);
}

static enum ndr_err_code push_text(struct ndr_push *push, const char *text)
{
    uint32_t count = text ? (uint32_t)strlen(text) + 1 : 0; /* it is ASCII */
    if (!text) {
        return NDR_ERR_ALLOC;
    }
    CHECK(ndr_push_uint3264(push, NDR_SCALARS, count));
    CHECK(ndr_push_uint3264(push, NDR_SCALARS, 0));
    CHECK(ndr_push_uint3264(push, NDR_SCALARS, count));
    return ndr_push_charset(push, NDR_SCALARS, text, count, sizeof(uint16_t), CH_UTF16);
}

static enum ndr_err_code push_text_pointer(struct ndr_push *push, const char *text)
{
    CHECK(ndr_push_unique_ptr(push, text));
    return push_text(push, text);
}

static enum ndr_err_code push_numbers(struct ndr_push *push, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK(ndr_push_uint32(push, NDR_SCALARS, numbers[i]));
    }
    return NDR_ERR_SUCCESS;
}

#define PUSH_NUMBERS(push, ...)                                                                    \
    push_numbers(push, (const uint32_t[]){__VA_ARGS__},                                            \
                 sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static enum ndr_err_code push_handle(struct ndr_push *push, const struct policy_handle *handle)
{
    static const struct policy_handle none;
    return ndr_push_policy_handle(push, NDR_SCALARS, handle ? handle : &none);
}

/* --- Methods ------------------------------------------------------------------------------------ */

/* Everybody may do everything, which here is reading. */
static uint32_t granted(uint32_t wanted)
{
    return wanted == MAXIMUM ? ALL : wanted;
}

static const struct policy_handle *new_handle(Call *call, uint8_t type, uint32_t group)
{
    struct dcesrv_handle *handle = dcesrv_handle_create(call->state, type);
    uint32_t *data = handle ? talloc(handle, uint32_t) : NULL;
    if (!data) {
        return NULL;
    }
    *data = group;
    handle->data = data;
    return &handle->wire_handle;
}

static enum ndr_err_code open_cluster(Call *call, struct ndr_push *push)
{
    CHECK(PUSH_NUMBERS(push, 0));
    return push_handle(push, new_handle(call, HANDLE_CLUSTER, 0));
}

static enum ndr_err_code open_cluster_ex(Call *call, struct ndr_push *push)
{
    CHECK(PUSH_NUMBERS(push, granted(call->number), 0));
    return push_handle(push, new_handle(call, HANDLE_CLUSTER, 0));
}

static enum ndr_err_code open_group(Call *call, struct ndr_push *push)
{
    uint32_t group = find_group(push, call->text);
    uint32_t status = group < GROUPS ? 0 : GROUP_NOT_FOUND;
    CHECK(PUSH_NUMBERS(push, status, 0));
    return push_handle(push, status == 0 ? new_handle(call, HANDLE_GROUP, group) : NULL);
}

static enum ndr_err_code open_group_ex(Call *call, struct ndr_push *push)
{
    CHECK(PUSH_NUMBERS(push, granted(call->number)));
    return open_group(call, push);
}

static enum ndr_err_code close_any(Call *call, struct ndr_push *push)
{
    talloc_free(call->handle);
    call->handle = NULL;
    CHECK(push_handle(push, NULL));
    return PUSH_NUMBERS(push, 0);
}

static enum ndr_err_code get_cluster_name(Call *call, struct ndr_push *push)
{
    (void)call;
    CHECK(push_text_pointer(push, CLUSTER));
    CHECK(push_text_pointer(push, NODE));
    return PUSH_NUMBERS(push, 0);
}

static const char *describe_caller(const Call *call)
{
    const struct auth_session_info *session = dcesrv_call_session_info(call->state);
    enum dcerpc_AuthType type;
    enum dcerpc_AuthLevel level;
    dcesrv_call_auth_info(call->state, &type, &level);
    return talloc_asprintf(call, "%s\\%s, type %d, level %d", session->info->domain_name,
                           session->info->account_name, type, level);
}

static enum ndr_err_code get_cluster_version2(Call *call, struct ndr_push *push)
{
    static const uint16_t version[] = {10, 0, 20348};
    for (size_t i = 0; i < sizeof version / sizeof *version; i++) {
        CHECK(ndr_push_uint16(push, NDR_SCALARS, version[i]));
    }
    CHECK(push_text_pointer(push, describe_caller(call)));
    CHECK(push_text_pointer(push, ""));
    CHECK(ndr_push_unique_ptr(push, version));
    /* Size, highest and lowest version, flags, reserved. */
    CHECK(PUSH_NUMBERS(push, 20, 0x000b03e8, 0x000a03e8, 0, 0));
    return PUSH_NUMBERS(push, 0, 0);
}

static enum ndr_err_code push_list(struct ndr_push *push, uint32_t type, uint32_t count)
{
    CHECK(ndr_push_unique_ptr(push, push));
    CHECK(ndr_push_uint3264(push, NDR_SCALARS, count));
    CHECK(PUSH_NUMBERS(push, count));
    for (uint32_t i = 0; i < count; i++) {
        CHECK(PUSH_NUMBERS(push, type));
        CHECK(ndr_push_unique_ptr(push, push));
    }
    for (uint32_t i = 0; i < count; i++) {
        CHECK(push_text(push, type == ENUM_NODE ? NODE : group_name(push, i)));
    }
    return NDR_ERR_SUCCESS;
}

static enum ndr_err_code create_enum(Call *call, struct ndr_push *push)
{
    if (call->number != ENUM_NODE && call->number != ENUM_GROUP) {
        CHECK(ndr_push_unique_ptr(push, NULL));
        return PUSH_NUMBERS(push, 0, INVALID_PARAM);
    }
    CHECK(push_list(push, call->number, call->number == ENUM_NODE ? 1 : GROUPS));
    return PUSH_NUMBERS(push, 0, 0);
}

static enum ndr_err_code get_group_state(Call *call, struct ndr_push *push)
{
    CHECK(PUSH_NUMBERS(push, group_of(call) == 0 ? STATE_ONLINE : STATE_OFFLINE));
    CHECK(push_text_pointer(push, NODE));
    return PUSH_NUMBERS(push, 0, 0);
}

static enum ndr_err_code get_group_id(Call *call, struct ndr_push *push)
{
    CHECK(push_text_pointer(
        push, talloc_asprintf(call, "00000000-0000-4000-8000-%012u", group_of(call))));
    return PUSH_NUMBERS(push, 0, 0);
}

static const Method methods[] = {
    {0, 0, false, false, open_cluster},
    {1, HANDLE_CLUSTER, false, false, close_any},
    {3, 0, false, false, get_cluster_name},
    {7, 0, false, true, create_enum},
    {41, 0, true, false, open_group},
    {44, HANDLE_GROUP, false, false, close_any},
    {45, HANDLE_GROUP, false, false, get_group_state},
    {47, HANDLE_GROUP, false, false, get_group_id},
    {102, 0, false, false, get_cluster_version2},
    {117, 0, false, true, open_cluster_ex},
    {119, 0, true, true, open_group_ex},
};

/* --- What Samba calls --------------------------------------------------------------------------- */

static NTSTATUS fail(struct dcesrv_call_state *state, uint32_t fault)
{
    state->fault_code = fault;
    return NT_STATUS_NET_WRITE_FAULT;
}

static enum ndr_err_code pull_call(Call *call, struct ndr_pull *pull)
{
    if (call->method->handle) {
        CHECK(ndr_pull_policy_handle(pull, NDR_SCALARS, &call->wire_handle));
    }
    if (call->method->takes_text) {
        CHECK(pull_text(pull, &call->text));
    }
    if (call->method->takes_number) {
        CHECK(ndr_pull_uint32(pull, NDR_SCALARS, &call->number));
    }
    return NDR_ERR_SUCCESS;
}

static NTSTATUS pull_request(struct dcesrv_call_state *state, TALLOC_CTX *context,
                             struct ndr_pull *pull, void **ret)
{
    Call *call = talloc_zero(context, Call);
    if (!call) {
        return NT_STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (methods[i].opnum == state->pkt.u.request.opnum) {
            call->method = &methods[i];
        }
    }
    call->state = state;
    *ret = call;
    if (!call->method) {
        return fail(state, DCERPC_FAULT_OP_RNG_ERROR);
    }
    return pull_call(call, pull) == NDR_ERR_SUCCESS ? NT_STATUS_OK : fail(state, DCERPC_FAULT_NDR);
}

static NTSTATUS dispatch(struct dcesrv_call_state *state, TALLOC_CTX *context, void *data)
{
    Call *call = data;
    (void)context;
    if (!call->method->handle) {
        return NT_STATUS_OK;
    }
    if (!ndr_policy_handle_empty(&call->wire_handle)) {
        call->handle = dcesrv_handle_lookup(state, &call->wire_handle, call->method->handle);
    }
    return call->handle ? NT_STATUS_OK : fail(state, DCERPC_FAULT_CONTEXT_MISMATCH);
}

static NTSTATUS reply(struct dcesrv_call_state *state, TALLOC_CTX *context, void *data)
{
    (void)state;
    (void)context;
    (void)data;
    return NT_STATUS_OK;
}

static NTSTATUS push_response(struct dcesrv_call_state *state, TALLOC_CTX *context,
                              struct ndr_push *push, const void *data)
{
    Call *call = (Call *)data;
    (void)context;
    return call->method->answer(call, push) == NDR_ERR_SUCCESS ? NT_STATUS_OK
                                                               : fail(state, DCERPC_FAULT_NDR);
}

static void unbind(struct dcesrv_connection_context *context,
                   const struct dcesrv_interface *interface)
{
    (void)context;
    (void)interface;
}

/* b97db8b2-4c63-11cf-bff6-08002be23f2f, version 3.0 */
static const struct dcesrv_interface clusapi = {
    .name = "clusapi",
    .syntax_id = {{0xb97db8b2, 0x4c63, 0x11cf, {0xbf, 0xf6}, {0x08, 0x00, 0x2b, 0xe2, 0x3f, 0x2f}},
                  3},
    .bind = dcesrv_interface_bind_require_privacy,
    .unbind = unbind,
    .ndr_pull = pull_request,
    .dispatch = dispatch,
    .reply = reply,
    .ndr_push = push_response,
};

static NTSTATUS init_server(struct dcesrv_context *context,
                            const struct dcesrv_endpoint_server *server)
{
    (void)server;
    return dcesrv_interface_register(context, "ncacn_ip_tcp:", NULL, &clusapi, NULL);
}

static NTSTATUS shutdown_server(struct dcesrv_context *context,
                                const struct dcesrv_endpoint_server *server)
{
    (void)context;
    (void)server;
    return NT_STATUS_OK;
}

static bool interface_by_uuid(struct dcesrv_interface *interface, const struct GUID *uuid,
                              uint32_t version)
{
    bool found = version == clusapi.syntax_id.if_version &&
                 memcmp(uuid, &clusapi.syntax_id.uuid, sizeof *uuid) == 0;
    if (found) {
        *interface = clusapi;
    }
    return found;
}

static bool interface_by_name(struct dcesrv_interface *interface, const char *name)
{
    bool found = strcmp(name, clusapi.name) == 0;
    if (found) {
        *interface = clusapi;
    }
    return found;
}

__attribute__((visibility("default"))) NTSTATUS samba_init_module(TALLOC_CTX *context)
{
    static const struct dcesrv_endpoint_server server = {
        .name = "clusapi",
        .init_server = init_server,
        .shutdown_server = shutdown_server,
        .interface_by_uuid = interface_by_uuid,
        .interface_by_name = interface_by_name,
    };
    (void)context;
    return dcerpc_register_ep_server(&server);
}
