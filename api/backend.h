/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a back end is: the operations through which every public function reaches a cluster, and
 * the choice of the back end for a cluster's name. backend-map.csv beside this file names the
 * operation for each documented function and the MS-CMRP methods for each operation.
 *
 * Rules for every operation
 * - Text is UTF-8; a back end never sees UTF-16, a caller's buffer, a handle or the last error.
 * - It may be called from any thread, several at a time on one connection.
 * - It returns TRUE and writes its ret_ parameters, or FALSE with an error in CL_ERROR whose code
 *   is the Win32 code, and changes nothing.
 * - It ends by call->deadline (0: it may not wait at all) with ERROR_TIMEOUT, and within 100 ms of
 *   call->cancellable with ERROR_OPERATION_ABORTED.
 * - Access is checked by the layer above, from what connect() and open() granted.
 * - An operation that is NULL is one the back end cannot mean: ERROR_CALL_NOT_IMPLEMENTED.
 */
#pragma once

#include "call.h"
#include "error.h"
#include "items.h"
#include "property.h"

G_BEGIN_DECLS

/* The object field of a control code. */
typedef enum {
    CL_KIND_RESOURCE = CLUS_OBJECT_RESOURCE,
    CL_KIND_RESOURCE_TYPE = CLUS_OBJECT_RESOURCE_TYPE,
    CL_KIND_GROUP = CLUS_OBJECT_GROUP,
    CL_KIND_NODE = CLUS_OBJECT_NODE,
    CL_KIND_NETWORK = CLUS_OBJECT_NETWORK,
    CL_KIND_NETINTERFACE = CLUS_OBJECT_NETINTERFACE,
    CL_KIND_CLUSTER = CLUS_OBJECT_CLUSTER,
    CL_KIND_GROUPSET = CLUS_OBJECT_GROUPSET,
    CL_KIND_KEY = 64 /* a key of the cluster database; its name is the path from the root */
} ClKind;

typedef enum {
    CL_ACCESS_READ = 1,
    CL_ACCESS_ALL = 2,
    CL_ACCESS_MAXIMUM = 3
} ClAccess;

typedef struct ClConnection ClConnection; /* the back end's own */
typedef struct ClObject ClObject;         /* the back end's own; stands for the cluster if NULL */
typedef struct ClSubscription ClSubscription; /* the back end's own */
typedef struct ClBackend ClBackend;

/* Where a cluster's name leads. */
typedef struct {
    const ClBackend *backend;
    char *section;       /* of clusters.conf, or NULL */
    char *address;       /* a file's path, a socket's path, or a host; NULL: of this host */
    GHashTable *options; /* the section's other keys, char * to char * */
} ClTarget;

/* Facts that query() can be asked for, as bits. */
typedef enum {
    CL_FACT_NAME = 1 << 0,
    CL_FACT_ID = 1 << 1,
    CL_FACT_STATE = 1 << 2, /* state, with owner_node of a group, owner_node and _group of a
                                 resource */
    CL_FACT_TYPE = 1 << 3,  /* resource: type; group: group_type */
    CL_FACT_FLAGS = 1 << 4, /* CLUS_FLAGS; this and the next are 0 for kinds that have none */
    CL_FACT_CHARACTERISTICS = 1 << 5, /* CLUS_CHARACTERISTICS of a resource or resource type */
    CL_FACT_CLASS = 1 << 6,           /* resource or resource type */
    CL_FACT_PLACE = 1 << 7,           /* network interface: node and network */
    CL_FACT_DEPENDENCY_EXPRESSION = 1 << 8,
    CL_FACT_NETWORK_NAME = 1 << 9, /* resource: ERROR_DEPENDENCY_NOT_FOUND if there is none */
    CL_FACT_REQUIRED_DEPENDENCIES = 1 << 10,
    CL_FACT_STATE_CHANGE_TIME = 1 << 11,
    CL_FACT_VERSION = 1 << 12,    /* cluster */
    CL_FACT_QUORUM = 1 << 13,     /* cluster */
    CL_FACT_FQDN = 1 << 14,       /* cluster */
    CL_FACT_LOCAL_NODE = 1 << 15, /* cluster: the node that answers, as node */
    CL_FACT_KEY = 1 << 16         /* key: its contents counted, as key */
} ClFact;

/* The answer to query(); only what was asked for is set. */
typedef struct {
    char *name;
    char *id;
    gint32 state; /* the header's enumeration of that kind */
    char *owner_node;
    char *owner_group;
    char *type;
    guint32 group_type;
    guint32 flags;
    guint32 characteristics;
    guint32 resource_class;
    guint32 resource_subclass;
    char *node;
    char *network;
    char *dependency_expression; /* resources by id */
    char *network_name;
    char **required_types;     /* resource types that a resource needs to depend on */
    GArray *required_classes;  /* and resource classes (guint32), NULL for none */
    guint64 state_change_time; /* FILETIME */
    char *fqdn;
    struct {
        guint16 major, minor, build;
        char *vendor, *csd;
        guint32 highest, lowest, flags;
    } version;
    struct {
        char *resource, *device;
        guint32 max_log_size;
    } quorum;
    struct {
        guint32 n_subkeys, n_values;
        guint32 longest_subkey, longest_value; /* names, in UTF-16 code units */
        guint32 largest_value, security_size;  /* in bytes */
        guint64 write_time;                    /* FILETIME */
    } key;
} ClFacts;

void cl_facts_clear(ClFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClFacts, cl_facts_clear)

/* The four sets of properties that the control codes speak of. */
typedef enum {
    CL_PROPERTIES_COMMON, /* writable */
    CL_PROPERTIES_RO_COMMON,
    CL_PROPERTIES_PRIVATE, /* writable and unknown ones */
    CL_PROPERTIES_RO_PRIVATE,
    CL_PROPERTIES_COMMON_OF_RESOURCE, /* resource type: formats that its resources have */
    CL_PROPERTIES_PRIVATE_OF_RESOURCE
} ClPropertySet;

/* The bit of group sets among CLUSTER_ENUM_*; the header has none. */
#define CL_ENUM_GROUPSET 0x40

typedef struct {
    guint32 types; /* bits of the header's ..._ENUM for the object's kind */
    /* network interfaces of the cluster: only those of this node and network (names), or NULL */
    const char *node;
    const char *network;
    /* groups and resources of the cluster: with ClItemDetails, and these properties by name;
     * NULL none, { "*", NULL } all. An unknown name is ERROR_INVALID_PARAMETER. */
    gboolean details;
    const char *const *common;
    const char *const *ro_common;
} ClEnumRequest;

typedef struct {
    const ClObject *host; /* the node to run on, or NULL */
    guint32 code;         /* the whole CLUSCTL_ value */
    GBytes *in;           /* may be NULL */
    gsize room;           /* of the caller's output buffer */
    gboolean as_user;     /* resource, resource type: in the caller's name (...ControlAsUser) */
} ClControl;

/* ClusterUpgradeFunctionalLevel has no method of MS-CMRP. These codes carry it, which the header does
 * not name: perform the upgrade, and tell whether all is ready for it. */
#define CL_CONTROL_UPGRADE          (0x000000CEu | CLCTL_MODIFY_MASK)
#define CL_CONTROL_IS_READY_UPGRADE 0x000000D5u

typedef struct {
    ClKind kind;
    const ClObject *parent; /* resource: its group; key: the one above */
    const char *name;
    const char *type;            /* resource */
    guint32 group_type;          /* group */
    guint32 flags;               /* CLUSTER_RESOURCE_CREATE_FLAGS */
    const GPtrArray *properties; /* resource type: ClProperty, common ones; Name: for display */
    GBytes *security;            /* key: its self-relative security descriptor, or NULL */
} ClNewObject;

/* A cluster that form() makes: a new one, or one from a backup (then nothing but force is set). */
typedef struct {
    const char *name;
    const char *const *nodes;
    const char *const *addresses; /* ADDRESS/PREFIX */
    gboolean empty;               /* without the groups and resources that each cluster has */
    const char *backup;           /* what CL_ACT_BACK_UP wrote */
    gboolean force;               /* in place of a cluster that is there */
} ClNewCluster;

/* What act() can do. Objects in brackets go into ClAction.others. */
typedef enum {
    CL_ACT_ONLINE,                     /* group [node], resource; flags; the result may also be
                                          ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED: accepted, and
                                          over; of a group that is waited for RESOURCE_FAILED */
    CL_ACT_OFFLINE,                    /* group, resource; flags */
    CL_ACT_MOVE,                       /* group [node], without one to the best; flags */
    CL_ACT_CANCEL,                     /* group: its move, until the owner has changed */
    CL_ACT_FAIL,                       /* resource */
    CL_ACT_RESTART,                    /* resource */
    CL_ACT_PAUSE,                      /* node [drain target]; number: drain; flags */
    CL_ACT_RESUME,                     /* node; number: CLUSTER_NODE_RESUME_FAILBACK_TYPE */
    CL_ACT_EVICT,                      /* node; number: milliseconds to wait */
    CL_ACT_CHANGE_GROUP,               /* resource [group] */
    CL_ACT_SET_PREFERRED_OWNERS,       /* group [nodes] */
    CL_ACT_ADD_POSSIBLE_OWNER,         /* resource [node] */
    CL_ACT_REMOVE_POSSIBLE_OWNER,      /* resource [node] */
    CL_ACT_ADD_DEPENDENCY,             /* resource, group, group set [provider] */
    CL_ACT_REMOVE_DEPENDENCY,          /* likewise */
    CL_ACT_TEST_DEPENDENCY,            /* resource [provider]; changes nothing */
    CL_ACT_SET_DEPENDENCY_EXPRESSION,  /* resource, group, group set; text */
    CL_ACT_SET_QUORUM,                 /* resource; text: device; number: maximum log size */
    CL_ACT_SET_NETWORK_PRIORITY_ORDER, /* cluster [networks] */
    CL_ACT_ADD_TO_GROUP_SET,           /* group [group set] */
    CL_ACT_REMOVE_FROM_GROUP_SET,      /* group */
    CL_ACT_BACK_UP,                    /* cluster; text: path */
    CL_ACT_SYNC_DATABASE,              /* cluster; flags */
    CL_ACT_DESTROY,                    /* cluster, group: with all that it holds; cluster: number:
                                          delete its accounts in the directory too */
    CL_ACT_ADD_TO_SHARED_VOLUMES,      /* resource */
    CL_ACT_REMOVE_FROM_SHARED_VOLUMES, /* resource */
    CL_ACT_UPGRADE,                    /* cluster; number: perform */
    CL_ACT_SET_NODE_STATE              /* node; number: CLUSTER_NODE_STATE; only where nodes are
                                          no real ones: up or down, as if started or crashed */
} ClVerb;

typedef struct {
    ClVerb verb;
    guint32 flags; /* the Ex function's */
    guint64 number;
    const char *text;
    GBytes *in; /* the Ex function's property list, or NULL */
    const ClObject *const *others;
    gsize n_others;
} ClAction;

/* One step on the cluster database. Several are one transaction: all or none. */
typedef struct {
    CLUSTER_REG_COMMAND command;
    const char *key;   /* relative to the key object, "" itself */
    const char *value; /* "" is the default value */
    guint32 type; /* of the value; SET_KEY_SECURITY: SECURITY_INFORMATION; READ_ERROR: the code */
    GBytes *data;
    guint64 write_time; /* reply of ENUM_KEYS: FILETIME */
} ClRegistryCommand;

typedef enum {
    CL_REGISTRY_EXECUTE,     /* the commands, atomically */
    CL_REGISTRY_READ,        /* a reply for each READ_VALUE */
    CL_REGISTRY_ENUM_KEYS,   /* a reply for each subkey */
    CL_REGISTRY_ENUM_VALUES, /* a reply for each value, with type and data */
    CL_REGISTRY_GET_SECURITY /* one command, type: SECURITY_INFORMATION; one reply, data */
} ClRegistryRequest;

/* How much the data of a value may be, in bytes; and how much the commands of a batch, with their
 * names and with what they replace. */
#define CL_REGISTRY_DATA_MAX  (1024 * 1024)
#define CL_REGISTRY_BATCH_MAX (16 * 1024 * 1024)

/* What one command takes of it. */
gsize cl_registry_command_size(const ClRegistryCommand *command);

/* In ClRegistryWork.flags: the commands are those of a batch, and told as one. */
#define CL_REGISTRY_BATCH 0x80000000u

typedef struct {
    ClRegistryRequest request;
    guint32 flags; /* of the batch functions' Ex forms */
    const ClRegistryCommand *commands;
    gsize n_commands;
} ClRegistryWork;

/* With CLUSTER_OBJECT_TYPE_REGISTRY and a key: each batch committed on its tree is one event. */
#define CL_CHANGE_BATCH (G_GUINT64_CONSTANT(1) << 63)

/* A change that a subscription asked for. Strings are empty where the event has none. */
typedef struct {
    guint32 object_type; /* CLUSTER_OBJECT_TYPE */
    guint64 filter_flag; /* exactly one CLUSTER_CHANGE_*_V2, or CL_CHANGE_BATCH */
    guint64 sequence;
    const char *id, *parent_id, *name, *type;
    GBytes *data;              /* may be NULL */
    const GPtrArray *commands; /* CL_CHANGE_BATCH: ClRegistryCommand */
} ClEvent;

/* The one call upwards; made on the back end's notifier thread, which holds no lock. */
typedef void (*ClNotify)(const ClEvent *event, gpointer user_data);
typedef void (*ClMarked)(gpointer user_data);

struct ClBackend {
    const char *name;

    /* Operations of these classes may have to wait (for a network, another process); a call that
     * may not wait is then refused by the layer above without asking. */
    gboolean reads_wait;
    gboolean writes_wait;

    /* control() takes every code: the far end interprets it. Otherwise the layer above answers the
     * standard codes from query(), properties() and set_properties(). */
    gboolean interprets_controls;

    /* Makes a cluster where @target leads, without a connection; connect() opens it. One that is
     * there already is ERROR_ALREADY_EXISTS. */
    gboolean (*form)(const ClTarget *target, const ClNewCluster *what, const ClCall *call,
                     GError **error);

    gboolean (*connect)(const ClTarget *target, ClAccess wanted, const ClCall *call,
                        ClConnection **ret_connection, ClAccess *ret_granted, GError **error);
    void (*disconnect)(ClConnection *connection);

    /* By name or id. A missing one is the kind's ..._NOT_FOUND; @wanted that cannot be granted is
     * ERROR_ACCESS_DENIED. The object follows its id. Resource types and keys are opened too. */
    gboolean (*open)(ClConnection *connection, ClKind kind, const char *name, ClAccess wanted,
                     const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                     GError **error);
    void (*close)(ClConnection *connection, ClObject *object);

    /* @facts are ClFact bits. An object deleted meanwhile is the kind's ..._NOT_AVAILABLE. */
    gboolean (*query)(ClConnection *connection, const ClObject *object, guint32 facts,
                      const ClCall *call, ClFacts *ret_facts, GError **error);
    gboolean (*properties)(ClConnection *connection, const ClObject *object, ClPropertySet set,
                           const ClCall *call, GPtrArray **ret_properties, GError **error);
    gboolean (*enumerate)(ClConnection *connection, const ClObject *object,
                          const ClEnumRequest *request, const ClCall *call, ClItems **ret_items,
                          GError **error);
    /* @ret_result: 0, ERROR_RESOURCE_PROPERTIES_STORED, or ERROR_MORE_DATA when control->room is
     * too little: then @ret_out is NULL and @ret_needed the bytes that it takes. */
    gboolean (*control)(ClConnection *connection, const ClObject *object, const ClControl *control,
                        const ClCall *call, GBytes **ret_out, gsize *ret_needed,
                        guint32 *ret_result, GError **error);

    /* The rest changes the cluster. @ret_result: 0, ERROR_IO_PENDING or
     * ERROR_RESOURCE_PROPERTIES_STORED. */
    /* A name or id in use is ERROR_OBJECT_ALREADY_EXISTS, also of a key: the layer above opens it. */
    gboolean (*create)(ClConnection *connection, const ClNewObject *what, const ClCall *call,
                       ClObject **ret_object, GError **error);
    /* What holds others is refused: a group ERROR_DIR_NOT_EMPTY, a key ERROR_ACCESS_DENIED. */
    gboolean (*remove)(ClConnection *connection, const ClObject *object, const ClCall *call,
                       GError **error);
    gboolean (*rename)(ClConnection *connection, const ClObject *object, const char *name,
                       const ClCall *call, guint32 *ret_result, GError **error);
    gboolean (*act)(ClConnection *connection, const ClObject *object, const ClAction *action,
                    const ClCall *call, guint32 *ret_result, GError **error);
    gboolean (*set_properties)(ClConnection *connection, const ClObject *object, ClPropertySet set,
                               const GPtrArray *properties, gboolean only_validate,
                               const ClCall *call, guint32 *ret_result, GError **error);

    /* @ret_failed: index of the command that failed, -1 before any. Replies are ClRegistryCommand. */
    gboolean (*registry)(ClConnection *connection, const ClObject *key, const ClRegistryWork *work,
                         const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                         GError **error);

    /* @object NULL: all of the cluster. Events come in order until unsubscribe() has returned, from
     * within @notify until that returns. That events were lost on their way is told to each
     * subscription, whatever it asks for, as CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2. */
    gboolean (*subscribe)(ClConnection *connection, const ClObject *object, guint32 object_type,
                          guint64 filter_flags, ClNotify notify, gpointer user_data,
                          const ClCall *call, ClSubscription **ret_subscription, GError **error);
    void (*unsubscribe)(ClConnection *connection, ClSubscription *subscription);

    /* May be NULL. Calls @done once: from the thread that tells events, after those of all that was
     * committed before this call; also if they cannot be told, or the connection ends before. */
    gboolean (*mark)(ClConnection *connection, ClMarked done, gpointer user_data,
                     const ClCall *call, GError **error);
};

extern const ClBackend cl_backend_embedded;

/* The entry point of a back end that is a module, clusapi-NAME.so. */
#define CL_BACKEND_MODULE_SYMBOL "cl_backend_module"
typedef const ClBackend *(*ClBackendModule)(void);

/* A name that begins so means the Pacemaker cluster of this host; with a path behind it a recorded
 * CIB. Only the cluster service may connect to it, as the program that exports the symbol. */
#define CL_PACEMAKER_PREFIX "pacemaker:"
#define CL_SERVICE_SYMBOL   "clusapid_caller"

/* The symbol: in whose name the calling thread acts (transfer full): NULL for the service itself and
 * for root, a user's name, that of a user of the network with its domain or realm, or CL_CALLER_NOBODY
 * for who has no name, which Pacemaker calls so too. May take as long as looking a user up does. */
typedef char *(*ClServiceCaller)(void);
#define CL_CALLER_NOBODY "#unprivileged"

/* Which cluster a name means (NULL: the one of this host). */
gboolean cl_backend_resolve(const char *name, ClTarget **ret_target, GError **error);

/* The sections of clusters.conf (transfer full); an absent file has none. */
gboolean cl_backend_configured(char ***ret_names, GError **error);

/* Where a cluster is to be formed: at @path, or (NULL) where that of this host is looked for. */
gboolean cl_backend_resolve_new(const char *path, ClTarget **ret_target, GError **error);

ClTarget *cl_target_new(const ClBackend *backend, const char *section, const char *address);
void cl_target_free(ClTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClTarget, cl_target_free)

G_END_DECLS
