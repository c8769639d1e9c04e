/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pacemaker's ACLs. Changes of the CIB are made in the name of who asked for them, and pacemaker-based
 * judges them. What its other daemons are asked is asked by the service, so it is judged here, by
 * whether the user could have changed in the status what they will; and so is what the service is to
 * change later, before it takes that on.
 */
#pragma once

#include "controller.h"

G_BEGIN_DECLS

/* Whether @user (NULL: the service) may ask for all of these (ClPcmkRequest), else ERROR_ACCESS_DENIED.
 * On the engine's thread. */
gboolean cl_pcmk_acl_check(xmlNode *cib, const GPtrArray *requests, const char *user,
                           GError **error);

/* Likewise, whether @user may make @edited of @cib. Both stay as they are. */
gboolean cl_pcmk_acl_check_change(xmlNode *cib, xmlNode *edited, const char *user, GError **error);

G_END_DECLS
