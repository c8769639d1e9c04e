/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client back end's own: a connection to a cluster, which outlives the servers that it is
 * connected to one after the other, the objects that are open on it, and how a method is called.
 *
 * An operation is an attempt, run by cl_remote_run(): it calls methods on one link, and is run again
 * from its beginning on another when the server goes away (reconnect.c). It sets what it returns at
 * its end only.
 *
 * What a server answers is believed as far as it fits: what is missing or does not belong there is
 * RPC_X_BAD_STUB_DATA.
 */
#pragma once

#include "association.h"
#include "backend.h"
#include "client-memory.h"
#include "opnums.h"

G_BEGIN_DECLS

/* One server, as long as it is there. */
typedef struct {
    ClAssociation *association;
    ClMemory *memory; /* NULL: the server shares no version */
    GQueue spares;    /* handles that are open, and nobody has; under the lock */
    ClContextHandle cluster;
    ClContextHandle root; /* of the cluster database, once it was needed; under the lock */
    char *server;         /* the candidate */
    guint generation;
    guint users;    /* under the connection's lock */
    gint is_silent; /* atomic: to close a handle took too long last time */
} ClLink;

typedef struct ClNotifier ClNotifier;

struct ClConnection {
    char *path; /* of a Unix socket, or NULL */
    guint16 port;
    ClAuthType auth;
    ClAuthLevel level;
    ClCredentials *credentials;
    ClAccess granted;
    ClNotifier *notifier;

    GMutex lock; /* guards the rest; never held across a call */
    GCond changed;
    ClLink *link;
    GPtrArray *retired;    /* links that others may still use */
    GPtrArray *candidates; /* names of servers */
    guint last_generation;
    gboolean reconnecting;
    guint failures; /* reconnecting that failed */
};

struct ClObject {
    gint refs; /* atomic */
    ClKind kind;
    ClAccess access;
    char *id; /* NULL: the kind has none, or it is not known; then it goes by its name */
    /* under the connection's lock */
    char *name; /* of a key its path */
    ClContextHandle handle;
    guint generation; /* of the link that the handle is of; 0: it has none */
};

/* An attempt of an operation. */
typedef struct {
    ClConnection *connection;
    ClLink *link;
    const ClCall *call;
    gboolean names_node; /* a node that is down may be the one that the caller named */
    gboolean is_answer;  /* the failure is a status that the server returned */
} ClRemote;

typedef gboolean (*ClAttempt)(ClRemote *remote, gpointer data, GError **error);

gboolean cl_remote_run(ClConnection *connection, const ClCall *call, ClAttempt attempt,
                       gpointer data, GError **error);

/* --- Methods ------------------------------------------------------------------------------------ */

/* One call of a method: its values in the order of the parameters, and what it returned. */
typedef struct {
    guint opnum;
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
    guint32 result;
    gboolean is_answered; /* else it came to no result */
} ClMethodCall;

#define CL_METHOD(name)                                                                            \
    {                                                                                              \
        .opnum = CL_OP_##name                                                                      \
    }

void cl_method_clear(ClMethodCall *method);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClMethodCall, cl_method_clear)

/* FALSE also for what it returned but 0, ERROR_IO_PENDING and ERROR_RESOURCE_PROPERTIES_STORED:
 * that is the code then. */
gboolean cl_remote_call(ClRemote *remote, ClMethodCall *method, GError **error);

/* The same for a method whose first parameter is the handle of @object, or of the cluster. */
gboolean cl_remote_call_on(ClRemote *remote, const ClObject *object, ClMethodCall *method,
                           GError **error);

/* What follows from the values of an answer: the result, and whether that is a failure. */
gboolean cl_remote_take_result(ClRemote *remote, ClMethodCall *method, GError **error);

/* As cl_remote_call_on(), for what only reads and follows from the cluster alone: it may be remembered. Of
 * methods without any handle @object is NULL. */
gboolean cl_remote_read(ClRemote *remote, const ClObject *object, ClMethodCall *method,
                        GError **error);

/* Whether it was opened before by that name, for reading, and would be now; and its id (transfer full), NULL
 * of a key. */
gboolean cl_remote_recall_id(ClRemote *remote, ClKind kind, const char *name, ClAccess access,
                             char **ret_id);
/* The version before it was opened, 0: none; and to remember it. */
guint64 cl_remote_version(const ClRemote *remote);
void cl_remote_remember_id(ClRemote *remote, guint64 version, const ClObject *object);
/* That a list had it. */
void cl_remote_remember_listed(ClRemote *remote, guint64 version, ClKind kind, const char *name,
                               const char *id);

/* Gives up the handle of an object: it is closed, now or some others later. */
void cl_remote_put_away(ClRemote *remote, const ClObject *object);
/* One that was put away, of the same. */
gboolean cl_remote_take_spare(ClRemote *remote, const ClObject *object,
                              ClContextHandle *ret_handle);
void cl_link_clear_spares(ClLink *link);

/* The handle of an object on this link, opened again if it is of another; of the cluster for NULL. */
gboolean cl_remote_handle(ClRemote *remote, const ClObject *object, ClContextHandle *ret_handle,
                          GError **error);

void cl_method_put_text(ClMethodCall *method, guint index, const char *text);
/* A block of bytes and, in the parameter after it, its size; @bytes may be NULL. */
void cl_method_put_bytes(ClMethodCall *method, guint index, GBytes *bytes);

/* A text of the answer (transfer full). */
gboolean cl_method_take_text(const ClMethodCall *method, guint index, char **ret_text,
                             GError **error);
gboolean cl_ndr_take_text(const ClNdrValue *value, char **ret_text, GError **error);

gboolean cl_fail_stub(GError **error, const char *what);

/* Whether the failure is that the server has no such method; clears it then. */
gboolean cl_is_unknown_method(GError **error);

/* --- Objects ------------------------------------------------------------------------------------ */

/* A new one, with a handle on the link of @remote; its name is copied. */
ClObject *cl_remote_object_new(ClRemote *remote, ClKind kind, const char *name, ClAccess access,
                               const ClContextHandle *handle);

/* The id as the server tells it, NULL if the kind has none; and for an object that keeps it. */
gboolean cl_remote_ask_id(ClRemote *remote, const ClObject *object, char **ret_id, GError **error);
/* What a group or group set depends on, by a property that not all servers have: else NULL. */
gboolean cl_remote_ask_expression(ClRemote *remote, const ClObject *object, char **ret_expression,
                                  GError **error);
gboolean cl_remote_id(ClRemote *remote, const ClObject *object, char **ret_id, GError **error);

ClObject *cl_remote_object_ref(const ClObject *object);
/* The last one closes it. */
void cl_remote_object_unref(ClConnection *connection, ClObject *object);

ClKind cl_remote_kind(const ClObject *object);
/* A copy of its name. */
char *cl_remote_name(ClConnection *connection, const ClObject *object);
void cl_remote_set_name(ClConnection *connection, const ClObject *object, const char *name);

/* Closes a handle that no object has. */
void cl_remote_close_handle(ClRemote *remote, ClKind kind, const ClContextHandle *handle);

/* The root of the cluster database, which the link keeps. */
gboolean cl_remote_root(ClRemote *remote, ClContextHandle *ret_handle, GError **error);

gboolean cl_remote_open(ClConnection *connection, ClKind kind, const char *name, ClAccess wanted,
                        const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                        GError **error);
void cl_remote_close(ClConnection *connection, ClObject *object);

guint32 cl_remote_mask(ClAccess access);

/* --- Links -------------------------------------------------------------------------------------- */

ClLink *cl_link_acquire(ClConnection *connection);
void cl_link_release(ClConnection *connection, ClLink *link);

/* Connects to a server, with access to the cluster. */
ClLink *cl_link_open(ClConnection *connection, const char *server, ClAccess wanted,
                     const ClCall *call, ClAccess *ret_granted, GError **error);
void cl_link_free(ClLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClLink, cl_link_free)

/* Remembers what servers the cluster has, beside the one that the caller named. */
void cl_link_learn_candidates(ClConnection *connection, ClLink *link, const ClCall *call);

/* Whether a failure is one after which the client reconnects and calls again. */
gboolean cl_reconnect_is_wanted(const ClRemote *remote, const GError *error);

/* Connects anew unless the connection is of a later generation already; FALSE if nobody was there.
 * @ret_refusal is set if one was, but does not take the client for who it says; NULL: do not tell. */
gboolean cl_reconnect(ClConnection *connection, guint generation, const ClCall *call,
                      GError **ret_refusal);

/* --- Operations, in the files of their names ---------------------------------------------------- */

gboolean cl_remote_query(ClConnection *connection, const ClObject *object, guint32 facts,
                         const ClCall *call, ClFacts *ret_facts, GError **error);
gboolean cl_remote_enumerate(ClConnection *connection, const ClObject *object,
                             const ClEnumRequest *request, const ClCall *call, ClItems **ret_items,
                             GError **error);
gboolean cl_remote_control(ClConnection *connection, const ClObject *object,
                           const ClControl *control, const ClCall *call, GBytes **ret_out,
                           gsize *ret_needed, guint32 *ret_result, GError **error);
gboolean cl_remote_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                              const ClCall *call, GPtrArray **ret_properties, GError **error);
gboolean cl_remote_set_properties(ClConnection *connection, const ClObject *object,
                                  ClPropertySet set, const GPtrArray *properties,
                                  gboolean only_validate, const ClCall *call, guint32 *ret_result,
                                  GError **error);
gboolean cl_remote_create(ClConnection *connection, const ClNewObject *what, const ClCall *call,
                          ClObject **ret_object, GError **error);
gboolean cl_remote_remove(ClConnection *connection, const ClObject *object, const ClCall *call,
                          GError **error);
gboolean cl_remote_rename(ClConnection *connection, const ClObject *object, const char *name,
                          const ClCall *call, guint32 *ret_result, GError **error);
gboolean cl_remote_act(ClConnection *connection, const ClObject *object, const ClAction *action,
                       const ClCall *call, guint32 *ret_result, GError **error);
gboolean cl_remote_registry(ClConnection *connection, const ClObject *key,
                            const ClRegistryWork *work, const ClCall *call, GPtrArray **ret_replies,
                            gint *ret_failed, GError **error);
gboolean cl_remote_subscribe(ClConnection *connection, const ClObject *object, guint32 object_type,
                             guint64 filter_flags, ClNotify notify, gpointer user_data,
                             const ClCall *call, ClSubscription **ret_subscription, GError **error);
void cl_remote_unsubscribe(ClConnection *connection, ClSubscription *subscription);

/* One control code on one link: its whole output, NULL for none. */
gboolean cl_remote_ask(ClRemote *remote, const ClObject *object, guint32 function, GBytes **ret_out,
                       GError **error);
/* With an input, for codes that change something. */
gboolean cl_remote_tell(ClRemote *remote, const ClObject *object, guint32 function, GBytes *in,
                        guint32 *ret_result, GError **error);
gboolean cl_remote_read_properties(ClRemote *remote, const ClObject *object, ClPropertySet set,
                                   GPtrArray **ret_properties, GError **error);

/* A text that a control code gave (transfer full). */
gboolean cl_bytes_take_text(GBytes *bytes, char **ret_text, GError **error);

/* --- Notifications and reconnecting ------------------------------------------------------------- */

/* The header numbers the states of network interfaces in another way than the wire. */
gint32 cl_netinterface_state_from_wire(guint32 state);

ClNotifier *cl_notifier_new(ClConnection *connection);
/* Nobody tells any more; before the links are closed. */
void cl_notifier_stop(ClNotifier *notifier);
void cl_notifier_free(ClNotifier *notifier);

/* Whether this thread is telling events now; with the lock held. */
gboolean cl_notifier_is_telling(ClNotifier *notifier);

/* Registers all subscriptions on a link that is to become the connection's. */
gboolean cl_notifier_register_all(ClNotifier *notifier, ClRemote *remote, GError **error);

/* Has the cluster's being reached, or not, be told. */
void cl_notifier_set_well(ClNotifier *notifier, gboolean is_well);

G_END_DECLS
