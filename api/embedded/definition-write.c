/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing a definition into the tables of a cluster's file. Runs on the thread that has the
 * connection; the statements live as long as the writing.
 */
#include "create.h"
#include "definition-writer.h"
#include "schema.h"
#include "sqlite-error.h"
#include "text.h"

#include <string.h>

#define FILETIME_OF_1970 G_GINT64_CONSTANT(116444736000000000)

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

static sqlite3_stmt *prepare(ClWriter *writer, const char *sql)
{
    sqlite3_stmt *statement = g_hash_table_lookup(writer->statements, sql);

    if (statement == NULL &&
        sqlite3_prepare_v2(writer->db, sql, -1, &statement, NULL) == SQLITE_OK) {
        g_hash_table_insert(writer->statements, (gpointer)sql, statement);
    }
    return statement;
}

static gboolean run(ClWriter *writer, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);

    if (result != SQLITE_DONE) {
        cl_sqlite_fail(writer->db, result, "write the cluster", writer->error);
    }
    sqlite3_reset(statement);
    return result == SQLITE_DONE;
}

/* NULL is no bytes, too. */
static void bind_bytes(sqlite3_stmt *statement, int parameter, GBytes *bytes)
{
    gsize size = 0;
    gconstpointer data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

    if (size == 0) {
        sqlite3_bind_zeroblob(statement, parameter, 0);
    } else {
        sqlite3_bind_blob64(statement, parameter, data, size, SQLITE_STATIC);
    }
}

gboolean cl_writer_insert(ClWriter *writer, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement = prepare(writer, sql);
    va_list values;

    if (statement == NULL) {
        return cl_sqlite_fail(writer->db, sqlite3_errcode(writer->db), "write the cluster",
                              writer->error);
    }
    va_start(values, types);
    for (int i = 0; types[i] != '\0'; i++) {
        if (types[i] == 'i') {
            sqlite3_bind_int64(statement, i + 1, va_arg(values, gint64));
        } else if (types[i] == 'b') {
            bind_bytes(statement, i + 1, va_arg(values, GBytes *));
        } else {
            const char *text = va_arg(values, const char *);

            sqlite3_bind_text(statement, i + 1, text != NULL ? text : "", -1, SQLITE_STATIC);
        }
    }
    va_end(values);
    return run(writer, statement);
}

static void bind_texts(sqlite3_stmt *statement, int parameter, char **texts)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    for (; texts != NULL && *texts != NULL; texts++) {
        g_byte_array_append(bytes, (const guint8 *)*texts, (guint)strlen(*texts) + 1);
    }
    if (bytes->len == 0) {
        sqlite3_bind_zeroblob(statement, parameter, 0);
    } else {
        sqlite3_bind_blob(statement, parameter, bytes->data, (int)bytes->len, SQLITE_TRANSIENT);
    }
}

static void bind_property(sqlite3_stmt *statement, int parameter, const ClProperty *property)
{
    switch (property->format) {
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
        sqlite3_bind_text(statement, parameter, property->text, -1, SQLITE_STATIC);
        break;
    case CLUSPROP_FORMAT_MULTI_SZ:
        bind_texts(statement, parameter, property->texts);
        break;
    case CLUSPROP_FORMAT_BINARY:
    case CLUSPROP_FORMAT_SECURITY_DESCRIPTOR:
        bind_bytes(statement, parameter, property->bytes);
        break;
    default:
        sqlite3_bind_int64(statement, parameter, (gint64)property->number);
        break;
    }
}

static gboolean write_property(ClWriter *writer, gint64 object, int private,
                               const ClProperty *property)
{
    static const char sql[] = "INSERT INTO property VALUES (?, ?, ?, ?, ?, ?)";
    sqlite3_stmt *statement = prepare(writer, sql);
    g_autofree char *key = cl_text_fold(property->name);

    if (statement == NULL) {
        return cl_sqlite_fail(writer->db, sqlite3_errcode(writer->db), "write the cluster",
                              writer->error);
    }
    sqlite3_bind_int64(statement, 1, object);
    sqlite3_bind_int(statement, 2, private);
    sqlite3_bind_text(statement, 3, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, property->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 5, (int)property->format);
    bind_property(statement, 6, property);
    return run(writer, statement);
}

static gboolean write_object(ClWriter *writer, ClDefined *object)
{
    if (!cl_writer_insert(writer, "INSERT INTO object VALUES (?, ?, ?, ?, ?)", "iisss",
                          object->number, (gint64)object->kind, object->id, object->name,
                          object->key)) {
        return FALSE;
    }
    for (guint i = 0; i < object->common->len; i++) {
        if (!write_property(writer, object->number, CL_SCHEMA_COMMON, object->common->pdata[i])) {
            return FALSE;
        }
    }
    for (guint i = 0; i < object->private->len; i++) {
        if (!write_property(writer, object->number, CL_SCHEMA_PRIVATE, object->private->pdata[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_pairs(ClWriter *writer, const char *sql, gint64 number,
                            const GPtrArray *others)
{
    for (guint i = 0; others != NULL && i < others->len; i++) {
        if (!cl_writer_insert(writer, sql, "ii", number, ((ClDefined *)others->pdata[i])->number)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_node(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedNode *node = object;

    (void)definition;
    return cl_writer_insert(writer, "INSERT INTO node (number, state) VALUES (?, ?)", "ii",
                            node->object.number, (gint64)node->state);
}

static gboolean write_network(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedNetwork *network = object;

    (void)definition;
    if (!cl_writer_insert(writer, "INSERT INTO network VALUES (?, ?, ?)", "iii",
                          network->object.number, (gint64)network->role,
                          (gint64)network->priority)) {
        return FALSE;
    }
    for (gint64 i = 0; network->addresses != NULL && network->addresses[i] != NULL; i++) {
        g_autofree char *address = g_strdup(network->addresses[i]);
        char *slash = strchr(address, '/');

        *slash = '\0';
        if (!cl_writer_insert(writer, "INSERT INTO network_address VALUES (?, ?, ?, ?)", "iisi",
                              network->object.number, i, address,
                              (gint64)g_ascii_strtoll(slash + 1, NULL, 10))) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_interface(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedInterface *interface = object;

    (void)definition;
    if (!cl_writer_insert(writer, "INSERT INTO netinterface VALUES (?, ?, ?, ?, ?, ?, ?)",
                          "iiiissi", interface->object.number, interface->node->object.number,
                          interface->network->object.number, (gint64)interface->state,
                          interface->adapter, interface->adapter_id, (gint64)interface->dhcp)) {
        return FALSE;
    }
    for (gint64 i = 0; interface->addresses != NULL && interface->addresses[i] != NULL; i++) {
        if (!cl_writer_insert(writer, "INSERT INTO netinterface_address VALUES (?, ?, ?)", "iis",
                              interface->object.number, i, interface->addresses[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_type(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedResourceType *type = object;

    return cl_writer_insert(
               writer,
               "INSERT INTO resource_type (number, display_name, dll_name, characteristics,"
               " class, subclass) VALUES (?, ?, ?, ?, ?, ?)",
               "issiii", type->object.number,
               type->display_name != NULL ? type->display_name : type->object.name, type->dll,
               (gint64)type->characteristics, (gint64)type->resource_class,
               (gint64)type->subclass) &&
           write_pairs(writer, "INSERT INTO resource_type_node VALUES (?, ?)", type->object.number,
                       type->nodes != NULL ? type->nodes : definition->nodes);
}

static gboolean write_group(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedGroup *group = object;
    const GPtrArray *owners = group->preferred_owners;

    (void)definition;
    if (!cl_writer_insert(
            writer,
            "INSERT INTO resource_group (number, owner, type, persistent_state, flags,"
            " state_changed) VALUES (?, ?, ?, ?, ?, ?)",
            "iiiiii", group->object.number, group->owner->object.number, (gint64)group->type,
            (gint64)group->persistent_state, (gint64)(group->core ? CLUS_FLAG_CORE : 0),
            writer->now)) {
        return FALSE;
    }
    for (guint i = 0; owners != NULL && i < owners->len; i++) {
        if (!cl_writer_insert(writer, "INSERT INTO preferred_owner VALUES (?, ?, ?)", "iii",
                              group->object.number, (gint64)i,
                              ((ClDefined *)owners->pdata[i])->number)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_resource(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedResource *resource = object;
    const GPtrArray *owners = resource->possible_owners;

    if (owners == NULL) {
        owners = resource->type->nodes != NULL ? resource->type->nodes : definition->nodes;
    }
    return cl_writer_insert(
               writer,
               "INSERT INTO resource (number, group_number, type, state, persistent_state,"
               " flags, separate_monitor, state_changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
               "iiiiiiii", resource->object.number, resource->group->object.number,
               resource->type->object.number, (gint64)resource->state,
               (gint64)resource->persistent_state, (gint64)(resource->core ? CLUS_FLAG_CORE : 0),
               (gint64)resource->separate_monitor, writer->now) &&
           write_pairs(writer, "INSERT INTO possible_owner VALUES (?, ?)", resource->object.number,
                       owners) &&
           cl_definition_write_pending(writer, resource);
}

static gboolean write_set(ClWriter *writer, const ClDefinition *definition, gpointer object)
{
    const ClDefinedGroupSet *set = object;

    (void)definition;
    if (!cl_writer_insert(writer, "INSERT INTO group_set (number) VALUES (?)", "i",
                          set->object.number)) {
        return FALSE;
    }
    for (guint i = 0; set->groups != NULL && i < set->groups->len; i++) {
        if (!cl_writer_insert(
                writer, "INSERT INTO group_set_member (group_number, group_set) VALUES (?, ?)",
                "ii", ((ClDefined *)set->groups->pdata[i])->number, set->object.number)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* What refers to objects of the same kind is written when all of them are. Clauses of groups begin
 * at 1, as SetGroupDependencyExpression() numbers them. */
static gboolean write_clauses(ClWriter *writer, const char *sql, const ClDefined *object,
                              const GPtrArray *clauses, gint64 first)
{
    for (guint i = 0; clauses != NULL && i < clauses->len; i++) {
        const GPtrArray *clause = clauses->pdata[i];

        for (guint j = 0; j < clause->len; j++) {
            if (!cl_writer_insert(writer, sql, "iii", object->number, first + i,
                                  ((ClDefined *)clause->pdata[j])->number)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean write_group_links(ClWriter *writer, const ClDefinition *definition)
{
    static const char sql[] =
        "INSERT INTO group_dependency (dependent, clause, provider) VALUES (?, ?, ?)";

    for (guint i = 0; i < definition->groups->len; i++) {
        const ClDefinedGroup *group = definition->groups->pdata[i];

        if (!write_clauses(writer, sql, &group->object, group->clauses, 1)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < definition->sets->len; i++) {
        const ClDefinedGroupSet *set = definition->sets->pdata[i];

        if (!write_clauses(writer, sql, &set->object, set->clauses, 1)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_links(ClWriter *writer, const ClDefinition *definition)
{
    for (guint i = 0; i < definition->types->len; i++) {
        const ClDefinedResourceType *type = definition->types->pdata[i];

        if (!write_pairs(writer, "INSERT INTO required_type VALUES (?, ?)", type->object.number,
                         type->requires)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < definition->resources->len; i++) {
        static const char sql[] =
            "INSERT INTO dependency (resource, clause, provider) VALUES (?, ?, ?)";
        const ClDefinedResource *resource = definition->resources->pdata[i];

        if (!write_clauses(writer, sql, &resource->object, resource->clauses, 0)) {
            return FALSE;
        }
    }
    return write_group_links(writer, definition);
}

static gboolean write_cluster(ClWriter *writer, const ClDefinition *definition)
{
    const ClDefinedCluster *cluster = cl_definition_cluster(definition);

    if (cluster->quorum == NULL) {
        return cl_writer_insert(writer, "INSERT INTO cluster (number, domain) VALUES (0, ?)", "s",
                                cluster->domain);
    }
    return cl_writer_insert(writer, "INSERT INTO cluster VALUES (0, ?, ?, ?, ?)", "sisi",
                            cluster->domain, cluster->quorum->object.number, cluster->quorum_device,
                            (gint64)cluster->quorum_max_log_size);
}

static gboolean write_kind(ClWriter *writer, const ClDefinition *definition, ClKind kind,
                           gint64 *number)
{
    static gboolean (*const writers[])(ClWriter *, const ClDefinition *, gpointer) = {
        [CL_KIND_NODE] = write_node,
        [CL_KIND_NETWORK] = write_network,
        [CL_KIND_NETINTERFACE] = write_interface,
        [CL_KIND_RESOURCE_TYPE] = write_type,
        [CL_KIND_GROUP] = write_group,
        [CL_KIND_RESOURCE] = write_resource,
        [CL_KIND_GROUPSET] = write_set,
        [CL_KIND_CLUSTER] = NULL,
    };
    GPtrArray *objects = cl_definition_objects(definition, kind);

    for (guint i = 0; i < objects->len; i++) {
        ClDefined *object = objects->pdata[i];

        object->number = (*number)++;
        if (!write_object(writer, object) ||
            (writers[kind] != NULL && !writers[kind](writer, definition, object))) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_all(ClWriter *writer, const ClDefinition *definition)
{
    gint64 number = CL_SCHEMA_CLUSTER;

    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        /* Keys are no objects. */
        if (cl_section_kinds[i].kind != CL_KIND_KEY &&
            !write_kind(writer, definition, cl_section_kinds[i].kind, &number)) {
            return FALSE;
        }
    }
    return write_links(writer, definition) && write_cluster(writer, definition) &&
           cl_definition_write_keys(writer, definition);
}

gboolean cl_definition_write(const ClDefinition *definition, sqlite3 *db, GError **error)
{
    g_autoptr(GHashTable) statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    ClWriter writer = {db, statements, g_get_real_time() * 10 + FILETIME_OF_1970, error};

    return write_all(&writer, definition);
}
