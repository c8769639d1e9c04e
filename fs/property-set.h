/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Setting properties from text, in the form in which they are shown.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* Sets the property of that name, a common one if there is one, else a private one; @object is open
 * with GENERIC_ALL. ERROR_NOT_FOUND if the object has none of that name, ERROR_RESOURCE_PROPERTY_
 * UNCHANGEABLE for one that is only for reading, EINVAL as status for text that is no such value. */
DWORD fs_property_set(const FsObject *object, const char *name, const char *text);

/* The same by the name of its file. */
DWORD fs_property_set_file(const FsObject *object, const char *file, const char *text);

G_END_DECLS
