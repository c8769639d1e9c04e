/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The handle table: slots in blocks that are never freed, each with one atomic word that holds its
 * generation, whether it is closed, and how many use it now. Free slots are kept in a small stock
 * per thread and in a shared list behind a lock, which only opening and closing touch.
 */
#include "handle.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* A handle value: generation 32 bits | slot 26 bits | type 6 bits. Type 0 does not exist and type
 * 63 is not used, so no value is 0 or -1. */
#define TYPE_BITS        6
#define SLOT_BITS        26
#define FIRST_BLOCK_BITS 8
#define N_BLOCKS         (SLOT_BITS - FIRST_BLOCK_BITS)

/* A slot's state: generation 32 bits | closed 1 bit | users 31 bits. */
#define CLOSED     (UINT64_C(1) << 31)
#define USERS      (CLOSED - UINT64_C(1))

#define STOCK_SIZE 32

G_STATIC_ASSERT(CL_HANDLE_N_TYPES < (1 << TYPE_BITS) - 1);
G_STATIC_ASSERT(sizeof(gpointer) == 8);

typedef struct {
    _Atomic guint64 state;
    _Atomic gpointer data;
    GDestroyNotify destroy;
    _Atomic guint32 type;
    guint32 next_free;
} Slot;

typedef struct {
    guint32 count;
    guint32 slots[STOCK_SIZE];
} Stock;

static Slot *_Atomic blocks[N_BLOCKS];
static pthread_mutex_t free_lock = PTHREAD_MUTEX_INITIALIZER;
static guint32 free_head; /* a slot number, 0 for none: slot 0 is never used */
static _Atomic guint32 n_slots = 1;
static atomic_bool forked;
static pthread_key_t stock_key;
static __thread Stock *thread_stock;

/* Block 0 holds the first 256 slots, block n the next 256 << (n - 1). */
static Slot *slot_at(guint32 number)
{
    guint32 high = number >> FIRST_BLOCK_BITS;
    guint block = high == 0 ? 0 : 32 - __builtin_clz(high);
    guint32 base = block == 0 ? 0 : (guint32)1 << (block - 1 + FIRST_BLOCK_BITS);
    Slot *slots = atomic_load_explicit(&blocks[block], memory_order_acquire);
    return slots != NULL ? &slots[number - base] : NULL;
}

static gboolean add_block_for(guint32 number)
{
    guint32 high = number >> FIRST_BLOCK_BITS;
    guint block = high == 0 ? 0 : 32 - __builtin_clz(high);
    if (block >= N_BLOCKS) {
        return FALSE;
    }
    if (atomic_load(&blocks[block]) == NULL) {
        gsize count = (gsize)1 << (block == 0 ? FIRST_BLOCK_BITS : block - 1 + FIRST_BLOCK_BITS);
        Slot *slots = g_try_new0(Slot, count);
        if (slots == NULL) {
            return FALSE;
        }
        atomic_store_explicit(&blocks[block], slots, memory_order_release);
    }
    return TRUE;
}

static void return_slots(Stock *stock, guint32 keep)
{
    pthread_mutex_lock(&free_lock);
    while (stock->count > keep) {
        guint32 number = stock->slots[--stock->count];
        slot_at(number)->next_free = free_head;
        free_head = number;
    }
    pthread_mutex_unlock(&free_lock);
}

static void free_stock(gpointer data)
{
    return_slots(data, 0);
    thread_stock = NULL;
    g_free(data);
}

static void lock_for_fork(void)
{
    pthread_mutex_lock(&free_lock);
}

static void unlock_after_fork(void)
{
    pthread_mutex_unlock(&free_lock);
}

/* The child must not touch what the handles stand for: connections and other threads' locks. It
 * forgets the whole table, with a new generation by the new blocks' random start. */
static void forget_in_child(void)
{
    if (atomic_load(&n_slots) > 1) {
        atomic_store(&forked, TRUE);
    }
    for (guint i = 0; i < N_BLOCKS; i++) {
        atomic_store(&blocks[i], NULL);
    }
    atomic_store(&n_slots, 1);
    free_head = 0;
    if (thread_stock != NULL) {
        thread_stock->count = 0;
    }
    pthread_mutex_unlock(&free_lock);
}

static void set_up_once(void)
{
    pthread_key_create(&stock_key, free_stock);
    pthread_atfork(lock_for_fork, unlock_after_fork, forget_in_child);
}

static Stock *get_stock(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (G_UNLIKELY(thread_stock == NULL)) {
        pthread_once(&once, set_up_once);
        thread_stock = g_new0(Stock, 1);
        pthread_setspecific(stock_key, thread_stock);
    }
    return thread_stock;
}

static gboolean add_new_slot(Stock *stock)
{
    guint32 number = atomic_load(&n_slots);
    if (number >= (guint32)1 << (SLOT_BITS - 1) || !add_block_for(number)) {
        return FALSE;
    }
    /* A random start makes an invented value miss. */
    atomic_store(&slot_at(number)->state, (guint64)g_random_int() << 32 | CLOSED);
    atomic_store(&n_slots, number + 1);
    stock->slots[stock->count++] = number;
    return TRUE;
}

static gboolean fill_stock(Stock *stock)
{
    pthread_mutex_lock(&free_lock);
    while (free_head != 0 && stock->count < STOCK_SIZE / 2) {
        stock->slots[stock->count++] = free_head;
        free_head = slot_at(free_head)->next_free;
    }
    if (stock->count == 0) {
        add_new_slot(stock);
    }
    pthread_mutex_unlock(&free_lock);
    return stock->count > 0;
}

static gpointer handle_value(ClHandleType type, guint32 number, guint64 state)
{
    guint64 generation = state >> 32;
    return GSIZE_TO_POINTER(generation << 32 | (guint64)number << TYPE_BITS | type);
}

gpointer cl_handle_new(ClHandleType type, gpointer data, GDestroyNotify destroy)
{
    Stock *stock = get_stock();
    if (stock->count == 0 && !fill_stock(stock)) {
        return NULL;
    }
    guint32 number = stock->slots[--stock->count];
    Slot *slot = slot_at(number);
    atomic_store_explicit(&slot->data, data, memory_order_relaxed);
    atomic_store_explicit(&slot->type, type, memory_order_relaxed);
    slot->destroy = destroy;
    guint64 state = (atomic_load_explicit(&slot->state, memory_order_relaxed) & ~(CLOSED | USERS)) |
                    1; /* the table's own use */
    atomic_store_explicit(&slot->state, state, memory_order_release);
    return handle_value(type, number, state);
}

/* The slot that an open handle of this type names, with its state; NULL otherwise. */
static Slot *find_slot(ClHandleType type, gconstpointer handle, guint64 *ret_state)
{
    guint64 value = GPOINTER_TO_SIZE(handle);
    guint32 number = (guint32)(value & 0xffffffff) >> TYPE_BITS;
    if ((value & ((1 << TYPE_BITS) - 1)) != type || number == 0 ||
        number >= atomic_load_explicit(&n_slots, memory_order_acquire)) {
        return NULL;
    }
    Slot *slot = slot_at(number);
    if (slot == NULL) {
        return NULL;
    }
    guint64 state = atomic_load_explicit(&slot->state, memory_order_acquire);
    if (state >> 32 != value >> 32 || (state & CLOSED) != 0 ||
        atomic_load_explicit(&slot->type, memory_order_relaxed) != (guint32)type) {
        return NULL;
    }
    *ret_state = state;
    return slot;
}

static gboolean is_open(guint64 state, gconstpointer handle)
{
    return (state & CLOSED) == 0 && state >> 32 == GPOINTER_TO_SIZE(handle) >> 32;
}

gpointer cl_handle_acquire(ClHandleType type, gconstpointer handle)
{
    guint64 state;
    Slot *slot = find_slot(type, handle, &state);
    if (slot == NULL) {
        return NULL;
    }
    while (is_open(state, handle) && (state & USERS) < USERS) {
        if (atomic_compare_exchange_weak_explicit(&slot->state, &state, state + 1,
                                                  memory_order_acquire, memory_order_acquire)) {
            return atomic_load_explicit(&slot->data, memory_order_relaxed);
        }
    }
    return NULL;
}

static void recycle(Slot *slot, guint32 number, guint64 state)
{
    gpointer data = atomic_load_explicit(&slot->data, memory_order_relaxed);
    GDestroyNotify destroy = slot->destroy;
    guint64 generation = (state >> 32) + 1;
    atomic_store_explicit(&slot->state, (generation & G_MAXUINT32) << 32 | CLOSED,
                          memory_order_release);
    Stock *stock = get_stock();
    if (stock->count == STOCK_SIZE) {
        return_slots(stock, STOCK_SIZE / 2);
    }
    stock->slots[stock->count++] = number;
    if (destroy != NULL) {
        destroy(data);
    }
}

void cl_handle_release(gconstpointer handle)
{
    guint32 number = (guint32)(GPOINTER_TO_SIZE(handle) & 0xffffffff) >> TYPE_BITS;
    Slot *slot = slot_at(number);
    if (slot == NULL) {
        return; /* used before a fork, let go in the child */
    }
    /* The last user of a closed handle is alone with it and needs no atomic change. */
    guint64 before = atomic_load_explicit(&slot->state, memory_order_acquire);
    if ((before & (CLOSED | USERS)) != (CLOSED | 1)) {
        before = atomic_fetch_sub_explicit(&slot->state, 1, memory_order_acq_rel);
    }
    if ((before & USERS) == 1) {
        recycle(slot, number, before);
    }
}

gpointer cl_handle_take(ClHandleType type, gconstpointer handle)
{
    guint64 state;
    Slot *slot = find_slot(type, handle, &state);
    if (slot == NULL) {
        return NULL;
    }
    while (is_open(state, handle)) {
        if (atomic_compare_exchange_weak_explicit(&slot->state, &state, state | CLOSED,
                                                  memory_order_acq_rel, memory_order_acquire)) {
            return atomic_load_explicit(&slot->data, memory_order_relaxed);
        }
    }
    return NULL;
}

gboolean cl_handle_is_alone(gconstpointer handle)
{
    const Slot *slot = slot_at((guint32)(GPOINTER_TO_SIZE(handle) & 0xffffffff) >> TYPE_BITS);
    return slot != NULL && (atomic_load_explicit(&slot->state, memory_order_acquire) & USERS) == 1;
}

void cl_handle_foreach(ClHandleVisit visit, gpointer user_data)
{
    guint32 end = atomic_load_explicit(&n_slots, memory_order_acquire);
    for (guint32 number = 1; number < end; number++) {
        Slot *slot = slot_at(number);
        guint64 state = atomic_load_explicit(&slot->state, memory_order_acquire);
        guint32 type = atomic_load_explicit(&slot->type, memory_order_relaxed);
        gpointer handle = handle_value(type, number, state);
        gpointer data = type != CL_HANDLE_NONE ? cl_handle_acquire(type, handle) : NULL;
        if (data != NULL) {
            visit(type, data, user_data);
            cl_handle_release(handle);
        }
    }
}

gboolean cl_handle_forked(void)
{
    return atomic_load(&forked);
}
