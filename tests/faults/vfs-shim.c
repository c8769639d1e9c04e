/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Of each file the shim keeps what is certainly on the disk (as of the last sync) and the list of
 * writes since. When the power goes, each of these is on the disk, or is not, or half of it.
 */
#include "vfs-shim.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    sqlite3_int64 offset; /* of a truncation: the size; its data is NULL */
    GBytes *data;
} Write;

/* What the disk holds of a file for certain, and what it may hold. */
typedef struct {
    char *name;
    GByteArray *synced;
    GPtrArray *writes;
} Disk;

typedef struct {
    sqlite3_file base;
    Disk *disk; /* NULL: not watched */
} ShimFile;

static sqlite3_vfs *below;
static guint calls;
static guint fail_at;
static int fail_code;
static guint lose_at;
static int lose_status;
static char *watched;
static char *image_path;
static GRand *chance;
static GHashTable *disks; /* name to Disk */

static sqlite3_file *real(sqlite3_file *file)
{
    return (sqlite3_file *)(gpointer)((ShimFile *)file + 1);
}

#define REAL(method) real(file)->pMethods->method

static void write_free(gpointer data)
{
    Write *write = data;
    g_clear_pointer(&write->data, g_bytes_unref);
    g_free(write);
}

/* --- The disk --------------------------------------------------------------------------------- */

static void put(GByteArray *bytes, sqlite3_int64 offset, const guint8 *data, gsize size)
{
    guint end = (guint)offset + (guint)size;
    if (end > bytes->len) {
        guint before = bytes->len;
        g_byte_array_set_size(bytes, end);
        memset(bytes->data + before, 0, end - before);
    }
    memcpy(bytes->data + offset, data, size);
}

static void apply(GByteArray *bytes, const Write *write, gsize size)
{
    if (write->data == NULL) {
        if ((guint)write->offset < bytes->len) {
            g_byte_array_set_size(bytes, (guint)write->offset);
        }
        return;
    }
    put(bytes, write->offset, g_bytes_get_data(write->data, NULL), size);
}

static gsize size_of(const Write *write)
{
    return write->data ? g_bytes_get_size(write->data) : 0;
}

static Disk *disk_of(const char *name)
{
    if (disks == NULL || name == NULL || !g_str_has_prefix(name, watched) ||
        g_str_has_suffix(name, "-shm")) {
        return NULL;
    }
    Disk *disk = g_hash_table_lookup(disks, name);
    if (disk == NULL) {
        g_autofree char *contents = NULL;
        gsize size = 0;
        disk = g_new0(Disk, 1);
        disk->name = g_strdup(name);
        disk->synced = g_byte_array_new();
        disk->writes = g_ptr_array_new_with_free_func(write_free);
        if (g_file_get_contents(name, &contents, &size, NULL)) {
            g_byte_array_append(disk->synced, (guint8 *)contents, (guint)size);
        }
        g_hash_table_insert(disks, disk->name, disk);
    }
    return disk;
}

static void remember(ShimFile *file, sqlite3_int64 offset, const void *data, gsize size)
{
    if (file->disk != NULL) {
        Write *write = g_new0(Write, 1);
        write->offset = offset;
        write->data = data ? g_bytes_new(data, size) : NULL;
        g_ptr_array_add(file->disk->writes, write);
    }
}

static void settle(Disk *disk)
{
    for (guint i = 0; i < disk->writes->len; i++) {
        Write *write = disk->writes->pdata[i];
        apply(disk->synced, write, size_of(write));
    }
    g_ptr_array_set_size(disk->writes, 0);
}

static void lose(Disk *disk)
{
    g_autofree char *name = g_strconcat(image_path, disk->name + strlen(watched), NULL);
    for (guint i = 0; i < disk->writes->len; i++) {
        Write *write = disk->writes->pdata[i];
        gsize size = size_of(write);
        switch (g_rand_int_range(chance, 0, 4)) {
        case 0:
            break;
        case 1:
            apply(disk->synced, write,
                  size > 0 ? (gsize)g_rand_int_range(chance, 0, (gint32)size) : 0);
            break;
        default:
            apply(disk->synced, write, size);
        }
    }
    if (!g_file_set_contents(name, (char *)disk->synced->data, disk->synced->len, NULL)) {
        _exit(99);
    }
}

static void lose_power(void)
{
    GHashTableIter iter;
    gpointer disk;
    g_hash_table_iter_init(&iter, disks);
    while (g_hash_table_iter_next(&iter, NULL, &disk)) {
        lose(disk);
    }
    _exit(lose_status);
}

/* Each call that reaches the disk comes through here first. */
static int count(void)
{
    calls++;
    if (lose_at != 0 && calls == lose_at) {
        lose_power();
    }
    return fail_at != 0 && calls == fail_at ? fail_code : SQLITE_OK;
}

/* --- Files ------------------------------------------------------------------------------------ */

static int shim_close(sqlite3_file *file)
{
    return REAL(xClose)(real(file));
}

static int shim_read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    int result = count();
    return result != SQLITE_OK ? result : REAL(xRead)(real(file), data, size, offset);
}

static int shim_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    int result = count();
    if (result != SQLITE_OK) {
        return result;
    }
    remember((ShimFile *)file, offset, data, (gsize)size);
    return REAL(xWrite)(real(file), data, size, offset);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int result = count();
    if (result != SQLITE_OK) {
        return result;
    }
    remember((ShimFile *)file, size, NULL, 0);
    return REAL(xTruncate)(real(file), size);
}

/* The sync itself is left out: only the power is cut here, not the system. */
static int shim_sync(sqlite3_file *file, int flags)
{
    int result = count();
    (void)flags;
    if (result == SQLITE_OK && ((ShimFile *)file)->disk != NULL) {
        settle(((ShimFile *)file)->disk);
    }
    return result;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return REAL(xFileSize)(real(file), ret_size);
}

static int shim_lock(sqlite3_file *file, int lock)
{
    return REAL(xLock)(real(file), lock);
}

static int shim_unlock(sqlite3_file *file, int lock)
{
    return REAL(xUnlock)(real(file), lock);
}

static int shim_check_reserved(sqlite3_file *file, int *ret_reserved)
{
    return REAL(xCheckReservedLock)(real(file), ret_reserved);
}

static int shim_control(sqlite3_file *file, int operation, void *argument)
{
    return REAL(xFileControl)(real(file), operation, argument);
}

static int shim_sector_size(sqlite3_file *file)
{
    return REAL(xSectorSize)(real(file));
}

static int shim_characteristics(sqlite3_file *file)
{
    return REAL(xDeviceCharacteristics)(real(file));
}

static int shim_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
    int result = count();
    return result != SQLITE_OK ? result : REAL(xShmMap)(real(file), region, size, extend, ret);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(xShmLock)(real(file), offset, n, flags);
}

static void shim_shm_barrier(sqlite3_file *file)
{
    REAL(xShmBarrier)(real(file));
}

static int shim_shm_unmap(sqlite3_file *file, int delete_it)
{
    return REAL(xShmUnmap)(real(file), delete_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_check_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector_size,
    .xDeviceCharacteristics = shim_characteristics,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap,
};

static int shim_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    int result = count();
    (void)vfs;
    file->pMethods = NULL;
    if (result != SQLITE_OK) {
        return SQLITE_CANTOPEN;
    }
    result = below->xOpen(below, name, real(file), flags, ret_flags);
    if (result == SQLITE_OK) {
        ((ShimFile *)file)->disk = disk_of(name);
        file->pMethods = &methods;
    }
    return result;
}

void vfs_shim_install(void)
{
    static sqlite3_vfs shim;
    below = sqlite3_vfs_find(NULL);
    shim = *below;
    shim.zName = "shim";
    shim.pNext = NULL;
    shim.szOsFile = (int)sizeof(ShimFile) + below->szOsFile;
    shim.xOpen = shim_open;
    g_assert_cmpint(sqlite3_vfs_register(&shim, 1), ==, SQLITE_OK);
}

void vfs_shim_fail(guint n, int code)
{
    calls = 0;
    fail_at = n;
    fail_code = code;
}

guint vfs_shim_calls(void)
{
    return calls;
}

void vfs_shim_lose_power(const char *path, const char *image, guint n, guint32 seed, int status)
{
    watched = g_strdup(path);
    image_path = g_strdup(image);
    chance = g_rand_new_with_seed(seed);
    disks = g_hash_table_new(g_str_hash, g_str_equal);
    calls = 0;
    lose_at = n;
    lose_status = status;
}
