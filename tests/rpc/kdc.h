/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A Kerberos realm CLUSTER.TEST of our own for a test: database, keytab and a KDC on loopback, all in
 * a temporary directory. Users alice (password "Wonderland1") and carol (the same, but her tickets
 * last KDC_SHORT_LIFE seconds); a service host/node1.cluster.test.
 */
#pragma once

#include <glib.h>

#define KDC_REALM    "CLUSTER.TEST"
#define KDC_HOST     "node1.cluster.test"
#define KDC_PASSWORD "Wonderland1"

/* Of carol's tickets; and how long to wait until one has expired, whatever the fraction of a second. */
#define KDC_SHORT_LIFE 3
#define KDC_EXPIRED_US ((KDC_SHORT_LIFE + 1) * G_USEC_PER_SEC + G_USEC_PER_SEC / 2)

typedef struct Kdc Kdc;

/* Sets the environment that Kerberos looks at: before the first use of it. NULL: not installed. */
Kdc *kdc_start(const char *directory);
/* Gets a ticket for @user into the credential cache, which may be empty before. */
void kdc_log_on(Kdc *kdc, const char *user);
void kdc_log_off(Kdc *kdc);
/* Adds to krb5.conf: before this process uses Kerberos. */
void kdc_configure(Kdc *kdc, const char *text);
const char *kdc_keytab(const Kdc *kdc);
void kdc_stop(Kdc *kdc);
