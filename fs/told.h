/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel was told of files whose text it may keep: how long each is, and of which version of
 * the cluster's answers that, and the text, is. While the version is the same nothing of a file has to
 * be asked for again. Another one says nothing: then the text is read anew, and the kernel is let keep
 * it only if it is as long as the kernel has been told, since it cuts what it keeps to that length. Any
 * thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct FsTold FsTold;

typedef struct {
    guint64 version;
    gsize size;
    gboolean has_text; /* the kernel has it */
} FsToldFile;

FsTold *fs_told_new(void);
void fs_told_free(FsTold *told);

/* FALSE if nothing is known of the file. */
gboolean fs_told_find(FsTold *told, guint64 ino, FsToldFile *ret_file);

/* The kernel is told that the file is @size bytes long, which was so at @version; 0: there is none, and
 * nothing is known of it any more. */
void fs_told_size(FsTold *told, guint64 ino, gsize size, guint64 version);

/* The kernel is given the whole text, which is of @version, and as long as it was told. */
void fs_told_text(FsTold *told, guint64 ino, guint64 version);

void fs_told_forget(FsTold *told, guint64 ino);

G_END_DECLS
