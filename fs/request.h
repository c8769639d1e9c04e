/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests and answers apart from libfuse's handles: a handler reads an FsRequest and fills an
 * FsAnswer, and never replies itself. So a handler can run on the thread that reads requests, or,
 * when a call has to wait, once more on another, and only one of them is heard.
 *
 * What a request points to is borrowed while it is on the reading thread; fs_request_copy() makes
 * one that owns all. An answer owns what it holds until it is sent or cleared.
 */
#pragma once

#include "compat.h"
#include "mount.h"

G_BEGIN_DECLS

typedef struct FsFile FsFile; /* an open file, of file.c */
typedef struct FsRequest FsRequest;
typedef struct FsAnswer FsAnswer;

/* Returns a status. ERROR_TIMEOUT on the reading thread means that it has to wait. */
typedef DWORD (*FsHandler)(FsRequest *request, FsAnswer *answer);

struct FsRequest {
    FsMount *mount;
    FsHandler handler;
    const char *what; /* the operation, for the log; constant */
    uid_t uid;        /* of the caller */
    gboolean changes; /* it is to change something: its failure is kept for the caller */
    fuse_ino_t ino;
    char *name;         /* lookup, and whatever names an entry */
    char *text;         /* symlink: the target */
    fuse_ino_t new_ino; /* rename: the other directory, and the name there */
    char *new_name;
    GBytes *bytes;    /* write */
    gboolean appends; /* write: wherever the end is */
    gboolean writes;  /* open */
    gboolean creates;
    size_t size; /* read, readdir, truncate */
    off_t offset;
    gboolean plus;      /* readdir: with attributes */
    FsFile *file;       /* read, getattr of an open file */
    guint epoch;        /* when the handler began; of coherence.c */
    FsCluster *cluster; /* the handler tells which cluster it asks */
};

typedef enum {
    FS_ANSWER_NONE,
    FS_ANSWER_DONE,
    FS_ANSWER_WRITTEN, /* length bytes */
    FS_ANSWER_CLOSED,
    FS_ANSWER_ENTRY,
    FS_ANSWER_ATTRIBUTES,
    FS_ANSWER_LINK,
    FS_ANSWER_FILE,
    FS_ANSWER_CREATED, /* an entry and a file */
    FS_ANSWER_BYTES,
    FS_ANSWER_ENTRIES /* of a directory, in bytes */
} FsAnswerType;

struct FsAnswer {
    FsAnswerType type;
    struct fuse_entry_param entry; /* an entry; of attributes only attr and attr_timeout */
    char *link;
    FsFile *file;
    GBytes *bytes; /* with the part of it that is the answer */
    gsize start;
    gsize length;
    FsMount *holder;  /* what is in it counts on numbers, as place.h says; NULL: no more */
    gboolean changed; /* by a write or a close: what was stored is to be seen at once */
};

void fs_request_copy(const FsRequest *request, FsRequest *ret_copy);
void fs_request_clear(FsRequest *copy);

/* Sends an answer, or a failure if @status is one, and clears it. */
void fs_answer_send(fuse_req_t req, const FsRequest *request, DWORD status, FsAnswer *answer);
void fs_answer_clear(FsAnswer *answer);

/* The handlers. */
DWORD fs_handle_lookup(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_getattr(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_readlink(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_open(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_read(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_write(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_flush(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_truncate(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_mkdir(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_rmdir(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_symlink(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_unlink(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_rename(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_create(FsRequest *request, FsAnswer *answer);
DWORD fs_handle_readdir(FsRequest *request, FsAnswer *answer);

G_END_DECLS
