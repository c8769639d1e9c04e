/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client-memory.h"

#include "version-page.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is remembered in bytes at most, all being forgotten then, and for how long: a service that hangs is
 * noticed all the same. */
#define SIZE_MAX_KEPT (32 * 1024 * 1024)
#define KEPT_US       (5 * G_TIME_SPAN_SECOND)

/* What a table takes for an entry, about. */
#define ENTRY_SIZE 160

struct ClMemory {
    int file;    /* read, not mapped: what is cut short by its owner is no reason to crash */
    GMutex lock; /* guards the rest */
    GHashTable *answers;
    guint64 version; /* which all of them are of */
    gint64 until;
    gsize size;
};

/* Nobody else may tell us that nothing has changed. The socket may be another's than the service, which
 * has the directory then. */
static gboolean is_of_service(int file, const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    struct stat page, place, owner;
    return fstat(file, &page) == 0 && stat(path, &owner) == 0 && stat(directory, &place) == 0 &&
           S_ISREG(page.st_mode) &&
           (page.st_uid == owner.st_uid || page.st_uid == place.st_uid || page.st_uid == 0) &&
           (page.st_mode & 0022) == 0 && page.st_size >= (off_t)CL_VERSION_SIZE;
}

/* Of a service that was killed there may still be one. */
static gboolean is_held(int file)
{
    struct flock lock = cl_version_lock(F_RDLCK);
    return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
}

ClMemory *cl_memory_open(const char *socket)
{
    g_autofree char *path = g_strconcat(socket, CL_VERSION_SUFFIX, NULL);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        return NULL;
    }
    if (!is_of_service(file, socket) || !is_held(file)) {
        (void)close(file);
        return NULL;
    }
    ClMemory *memory = g_new0(ClMemory, 1);
    memory->file = file;
    g_mutex_init(&memory->lock);
    memory->answers = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, (GDestroyNotify)g_bytes_unref);
    return memory;
}

void cl_memory_free(ClMemory *memory)
{
    (void)close(memory->file);
    g_hash_table_unref(memory->answers);
    g_mutex_clear(&memory->lock);
    g_free(memory);
}

guint64 cl_memory_version(const ClMemory *memory)
{
    guint64 version;
    gboolean is_read = pread(memory->file, &version, CL_VERSION_SIZE, 0) == CL_VERSION_SIZE;
    return is_read && cl_version_is_steady(version) ? version : 0;
}

/* With the lock held: forgets what is of another version than @version, or too old. */
static void refresh(ClMemory *memory, guint64 version)
{
    gint64 now = g_get_monotonic_time();
    if (memory->version != version || now >= memory->until || memory->size > SIZE_MAX_KEPT) {
        g_hash_table_remove_all(memory->answers);
        memory->version = version;
        memory->until = now + KEPT_US;
        memory->size = 0;
    }
}

GBytes *cl_memory_find(ClMemory *memory, guint64 version, GBytes *key)
{
    GBytes *found = NULL;
    g_mutex_lock(&memory->lock);
    refresh(memory, version);
    if (version != 0) {
        found = g_hash_table_lookup(memory->answers, key);
    }
    if (found) {
        g_bytes_ref(found);
    }
    g_mutex_unlock(&memory->lock);
    return found;
}

void cl_memory_keep(ClMemory *memory, guint64 version, GBytes *key, GBytes *answer)
{
    g_mutex_lock(&memory->lock);
    if (version != 0 && version == cl_memory_version(memory)) {
        refresh(memory, version);
        memory->size += g_bytes_get_size(key) + g_bytes_get_size(answer) + ENTRY_SIZE;
        g_hash_table_replace(memory->answers, g_bytes_ref(key), g_bytes_ref(answer));
    }
    g_mutex_unlock(&memory->lock);
}
