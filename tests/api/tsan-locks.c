/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells ThreadSanitizer of GLib's locks, which it cannot see: they are futexes inside a library that
 * is not built with it. Linked into test programs in such builds only, where these functions take
 * the place of GLib's and call them. Any thread; the only data is what dlsym() found.
 */
#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

/* The function of GLib that the function of that name hides. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define LOCK(name, Type)                                                                           \
    void name(Type *lock)                                                                          \
    {                                                                                              \
        REAL(name)(lock);                                                                          \
        __tsan_acquire(lock);                                                                      \
    }

#define TRY_LOCK(name, Type)                                                                       \
    gboolean name(Type *lock)                                                                      \
    {                                                                                              \
        gboolean locked = REAL(name)(lock);                                                        \
        if (locked) {                                                                              \
            __tsan_acquire(lock);                                                                  \
        }                                                                                          \
        return locked;                                                                             \
    }

#define UNLOCK(name, Type)                                                                         \
    void name(Type *lock)                                                                          \
    {                                                                                              \
        __tsan_release(lock);                                                                      \
        REAL(name)(lock);                                                                          \
    }

LOCK(g_mutex_lock, GMutex)
TRY_LOCK(g_mutex_trylock, GMutex)
UNLOCK(g_mutex_unlock, GMutex)
LOCK(g_rw_lock_writer_lock, GRWLock)
TRY_LOCK(g_rw_lock_writer_trylock, GRWLock)
UNLOCK(g_rw_lock_writer_unlock, GRWLock)
LOCK(g_rw_lock_reader_lock, GRWLock)
TRY_LOCK(g_rw_lock_reader_trylock, GRWLock)
UNLOCK(g_rw_lock_reader_unlock, GRWLock)

void g_cond_wait(GCond *cond, GMutex *mutex)
{
    __tsan_release(mutex);
    REAL(g_cond_wait)(cond, mutex);
    __tsan_acquire(mutex);
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end)
{
    __tsan_release(mutex);
    gboolean signalled = REAL(g_cond_wait_until)(cond, mutex, end);
    __tsan_acquire(mutex);
    return signalled;
}
