/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of control() share: functions for single codes. Those that only read are given a
 * reader, those that write a change, which control.c begins and commits; the object exists then.
 */
#pragma once

#include "change.h"
#include "embedded.h"

G_BEGIN_DECLS

typedef gboolean (*ClControlRead)(ClReader *reader, const ClControl *control, gint64 number,
                                  GBytes **ret_out, GError **error);
typedef gboolean (*ClControlWrite)(ClChange *change, const ClControl *control, gint64 number,
                                   GError **error);

/* The input as a text that ends in a NUL (transfer full); what follows that is ignored.
 * ERROR_INVALID_PARAMETER for what is none, ERROR_NO_UNICODE_TRANSLATION for unpaired surrogates. */
gboolean cl_control_take_text(const ClControl *control, char **ret_text, GError **error);

/* control-checkpoint.c */
gboolean cl_control_add_registry_checkpoint(ClChange *change, const ClControl *control,
                                            gint64 number, GError **error);
gboolean cl_control_delete_registry_checkpoint(ClChange *change, const ClControl *control,
                                               gint64 number, GError **error);
gboolean cl_control_get_registry_checkpoints(ClReader *reader, const ClControl *control,
                                             gint64 number, GBytes **ret_out, GError **error);
gboolean cl_control_add_crypto_checkpoint(ClChange *change, const ClControl *control, gint64 number,
                                          GError **error);
gboolean cl_control_delete_crypto_checkpoint(ClChange *change, const ClControl *control,
                                             gint64 number, GError **error);
gboolean cl_control_get_crypto_checkpoints(ClReader *reader, const ClControl *control,
                                           gint64 number, GBytes **ret_out, GError **error);
gboolean cl_control_get_checkpoints_of_type(ClReader *reader, const ClControl *control,
                                            gint64 number, GBytes **ret_out, GError **error);

/* control-maintenance.c */
gboolean cl_control_query_maintenance(ClReader *reader, const ClControl *control, gint64 number,
                                      GBytes **ret_out, GError **error);
gboolean cl_control_set_maintenance(ClChange *change, const ClControl *control, gint64 number,
                                    GError **error);

/* control-cluster.c */
gboolean cl_control_set_account_access(ClChange *change, const ClControl *control, gint64 number,
                                       GError **error);
gboolean cl_control_set_dns_domain(ClChange *change, const ClControl *control, gint64 number,
                                   GError **error);
gboolean cl_control_remove_node(ClChange *change, const ClControl *control, gint64 number,
                                GError **error);
gboolean cl_control_shut_down(ClChange *change, const ClControl *control, gint64 number,
                              GError **error);

G_END_DECLS
