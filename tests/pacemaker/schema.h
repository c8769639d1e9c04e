/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pacemaker's schemas, by libxml2. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* Whether a CIB is as the schema that it names wants it. */
gboolean schema_allows(xmlNode *cib);
