/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layer passes everything on, and remembers where SQLite has mapped the log's index, which
 * other processes write. Only a read looks first, with a read of one byte that the kernel
 * refuses where it would wait. For that it needs a descriptor of the file, and may not open one:
 * closing it would drop SQLite's locks. So it looks for SQLite's own among the open ones. Should
 * that one be closed and its number given to another file, the look is wasted, no more: what it
 * reads is thrown away. One file belongs to one SQLite connection; the rest is constant.
 */
#include "vfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

typedef struct {
    sqlite3_file base;
    int descriptor; /* -1: none was found */
    dev_t device;
    ino_t inode;
    const _Atomic guint32 *index; /* of the log; NULL: not mapped */
} LayerFile;

static sqlite3_vfs *below;
static __thread gboolean must_be_warm;

/* SQLite's file lies behind ours, in the room that szOsFile asks for. */
static sqlite3_file *real(sqlite3_file *file)
{
    return (sqlite3_file *)(gpointer)((LayerFile *)file + 1);
}

#define REAL(method) real(file)->pMethods->method

/* --- Is it in memory? ------------------------------------------------------------------------- */

/* By what the kernel knows: the descriptor may be of anything, such as a file of a file system whose
 * server hangs, or waits for us. */
static gboolean is_same(int descriptor, const LayerFile *file)
{
    struct statx info;
    return statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &info) == 0 &&
           makedev(info.stx_dev_major, info.stx_dev_minor) == file->device &&
           info.stx_ino == file->inode;
}

static int find_descriptor(const LayerFile *file)
{
    DIR *directory = opendir("/proc/self/fd");
    int found = -1;
    if (directory == NULL) {
        return -1;
    }
    for (struct dirent *entry; found < 0 && (entry = readdir(directory)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && is_same(descriptor, file)) {
            found = descriptor;
        }
    }
    closedir(directory);
    return found;
}

static gboolean byte_is_warm(const LayerFile *file, sqlite3_int64 offset)
{
    char byte;
    struct iovec vector = {&byte, 1};
    return preadv2(file->descriptor, &vector, 1, offset, RWF_NOWAIT) >= 0 || errno != EAGAIN;
}

/* What SQLite reads at once spans at most two pages of the kernel. */
static gboolean is_warm(LayerFile *file, int size, sqlite3_int64 offset)
{
    if (file->descriptor < 0 || !is_same(file->descriptor, file)) {
        file->descriptor = find_descriptor(file);
    }
    return file->descriptor < 0 ||
           (byte_is_warm(file, offset) && byte_is_warm(file, offset + size - 1));
}

/* --- Files ------------------------------------------------------------------------------------ */

static int file_read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    if (must_be_warm && !is_warm((LayerFile *)file, size, offset)) {
        return SQLITE_BUSY;
    }
    return REAL(xRead)(real(file), data, size, offset);
}

static int file_close(sqlite3_file *file)
{
    return REAL(xClose)(real(file));
}

static int file_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    return REAL(xWrite)(real(file), data, size, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return REAL(xTruncate)(real(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    return REAL(xSync)(real(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return REAL(xFileSize)(real(file), ret_size);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return REAL(xLock)(real(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return REAL(xUnlock)(real(file), lock);
}

static int file_check_reserved(sqlite3_file *file, int *ret_reserved)
{
    return REAL(xCheckReservedLock)(real(file), ret_reserved);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return REAL(xFileControl)(real(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file)
{
    return REAL(xSectorSize)(real(file));
}

static int file_characteristics(sqlite3_file *file)
{
    return REAL(xDeviceCharacteristics)(real(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    int result = REAL(xShmMap)(real(file), page, size, extend, ret);
    if (page == 0) {
        ((LayerFile *)file)->index = result == SQLITE_OK ? (const _Atomic guint32 *)*ret : NULL;
    }
    return result;
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(xShmLock)(real(file), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    REAL(xShmBarrier)(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    ((LayerFile *)file)->index = NULL;
    return REAL(xShmUnmap)(real(file), remove);
}

/* Version 2: without memory mapping, which nobody here asks for. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* --- The VFS ---------------------------------------------------------------------------------- */

/* What is asked of the VFS itself goes to the one below by way of its own pointer. */
static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    LayerFile *layered = (LayerFile *)file;
    struct stat info = {0};
    (void)vfs;
    int result = below->xOpen(below, name, real(file), flags, ret_flags);
    gboolean is_open = real(file)->pMethods != NULL;
    file->pMethods = is_open && real(file)->pMethods->iVersion >= 2 ? &methods : NULL;
    if (is_open && file->pMethods == NULL) {
        real(file)->pMethods->xClose(real(file));
        return SQLITE_CANTOPEN;
    }
    layered->descriptor = -1;
    layered->index = NULL;
    if (name != NULL && stat(name, &info) == 0) {
        layered->device = info.st_dev;
        layered->inode = info.st_ino;
    }
    return result;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    (void)vfs;
    return below->xDelete(below, name, sync_directory);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_result)
{
    (void)vfs;
    return below->xAccess(below, name, flags, ret_result);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int room, char *ret_path)
{
    (void)vfs;
    return below->xFullPathname(below, name, room, ret_path);
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *ret_bytes)
{
    (void)vfs;
    return below->xRandomness(below, size, ret_bytes);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return below->xSleep(below, microseconds);
}

static int vfs_current_time(sqlite3_vfs *vfs, sqlite3_int64 *ret_time)
{
    (void)vfs;
    return below->xCurrentTimeInt64(below, ret_time);
}

static int vfs_last_error(sqlite3_vfs *vfs, int room, char *ret_text)
{
    (void)vfs;
    return below->xGetLastError(below, room, ret_text);
}

static sqlite3_vfs layer = {
    .iVersion = 2,
    .zName = "clusapi",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_pathname,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xGetLastError = vfs_last_error,
    .xCurrentTimeInt64 = vfs_current_time,
};

static gpointer add_layer(gpointer data)
{
    (void)data;
    below = sqlite3_vfs_find(NULL);
    if (below == NULL || below->iVersion < 2) {
        return NULL;
    }
    layer.szOsFile = (int)sizeof(LayerFile) + below->szOsFile;
    layer.mxPathname = below->mxPathname;
    return sqlite3_vfs_register(&layer, FALSE) == SQLITE_OK ? (gpointer)layer.zName : NULL;
}

const char *cl_vfs_name(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, add_layer, NULL);
}

void cl_vfs_require_warm(gboolean warm)
{
    must_be_warm = warm;
}

/* The index begins with its header twice; a reader that finds two unlike copies came in between. */
static gboolean read_header(const _Atomic guint32 *index, ClVfsStamp *ret_stamp)
{
    ClVfsStamp first, second;
    for (gsize i = 0; i < G_N_ELEMENTS(first.words); i++) {
        first.words[i] = atomic_load_explicit(&index[i], memory_order_acquire);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(second.words); i++) {
        second.words[i] =
            atomic_load_explicit(&index[i + G_N_ELEMENTS(first.words)], memory_order_acquire);
    }
    *ret_stamp = first;
    /* The first word is the format's version, 0 while nothing is there. */
    return first.words[0] != 0 && memcmp(&first, &second, sizeof first) == 0;
}

gboolean cl_vfs_stamp(sqlite3 *db, ClVfsStamp *ret_stamp)
{
    sqlite3_file *file = NULL;
    int result = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (result != SQLITE_OK || file == NULL || file->pMethods != &methods) {
        return FALSE;
    }
    const _Atomic guint32 *index = ((LayerFile *)file)->index;
    return index != NULL && read_header(index, ret_stamp);
}
