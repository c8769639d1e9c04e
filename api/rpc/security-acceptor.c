/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a server knows its clients by. The GSSAPI mechanism of NTLM wants a file of users, which the
 * environment names, and hashes their passwords at each logon, slowly and leaking memory. So it gets
 * a file in memory with the hashes in it, which a reload replaces under the same descriptor.
 *
 * The credentials for GSSAPI are made once for each type and shared by all contexts: any thread may
 * ask for them.
 */
#include "security-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"

#define USERS_MAX   1048576 /* bytes of the file */
#define NAMES_MAX   256     /* bytes of a user, and of a domain */
#define HASH_MARK   "{NT}"
#define HASH_DIGITS 32

static GMutex lock; /* of all that follows */
static int users_fd = -1;
static ClGssCredential *shared[CL_AUTH_KERBEROS + 1][4]; /* by type and what is offered */

/* --- The file of users -------------------------------------------------------------------------- */

/* The hash in hexadecimal digits, of the password or after HASH_MARK; NULL if that is none. */
static char *hash_of(const char *secret)
{
    guint8 hash[CL_NTLM_KEY_SIZE];
    char *digits;

    if (g_str_has_prefix(secret, HASH_MARK)) {
        secret += strlen(HASH_MARK);
        return strlen(secret) == HASH_DIGITS &&
                       strspn(secret, "0123456789abcdefABCDEF") == HASH_DIGITS
                   ? g_strdup(secret)
                   : NULL;
    }
    if (*secret == '\0' || !cl_nt_hash(secret, hash)) {
        return NULL;
    }
    digits = g_malloc(HASH_DIGITS + 1);
    for (guint i = 0; i < sizeof hash; i++) {
        g_snprintf(digits + 2 * i, 3, "%02X", hash[i]);
    }
    explicit_bzero(hash, sizeof hash);
    return digits;
}

static gboolean is_name(const char *name)
{
    gsize size = strlen(name);

    return size > 0 && size <= NAMES_MAX && strchr(name, '\\') == NULL &&
           g_utf8_validate(name, -1, NULL);
}

/* Turns a line into the mechanism's form; what is wrong with it, or NULL. */
static const char *convert_line(char *line, int to)
{
    char *domain = line;
    char *user = strchr(line, ':');
    char *secret = user != NULL ? strchr(user + 1, ':') : NULL;
    gboolean is_written;
    char *digits;

    if (secret == NULL) {
        return "is not of the form DOMAIN:user:password";
    }
    *user++ = '\0';
    *secret++ = '\0';
    if (!is_name(domain) || !is_name(user)) {
        return "has a domain or a user that is no name";
    }
    digits = hash_of(secret);
    if (digits == NULL) {
        return "has a password that is none";
    }
    is_written = dprintf(to, "%s\\%s:0:%032d:%s:\n", domain, user, 0, digits) > 0;
    explicit_bzero(digits, HASH_DIGITS);
    g_free(digits);
    return is_written ? NULL : "finds no memory left";
}

static gboolean convert(char *text, const char *path, int to, GError **error)
{
    guint number = 0;
    char *line;

    while ((line = strsep(&text, "\n")) != NULL) {
        const char *complaint = NULL;

        number++;
        line[strcspn(line, "\r")] = '\0';
        if (*line != '\0' && *line != '#') {
            complaint = convert_line(line, to);
        }
        if (complaint != NULL) {
            return cl_fail(error, ERROR_INVALID_DATA, "%s: line %u %s", path, number, complaint);
        }
    }
    return TRUE;
}

static gboolean read_users(int fd, const char *path, char *buffer, GError **error)
{
    gsize size = 0;
    gssize got;

    do {
        got = TEMP_FAILURE_RETRY(read(fd, buffer + size, USERS_MAX + 1 - size));
        size += got > 0 ? (gsize)got : 0;
    } while (got > 0 && size <= USERS_MAX);
    if (got < 0 || size > USERS_MAX || memchr(buffer, '\0', size) != NULL) {
        return cl_fail(error, got < 0 ? ERROR_OPEN_FAILED : ERROR_INVALID_DATA,
                       "%s: cannot be read, is too long, or is no text", path);
    }
    buffer[size] = '\0';
    return TRUE;
}

static gboolean load_users(const char *path, int to, GError **error)
{
    int fd = cl_private_file_open(path, error);
    char *buffer;
    gboolean loaded;

    if (fd < 0) {
        return FALSE;
    }
    buffer = g_malloc(USERS_MAX + 2);
    loaded = read_users(fd, path, buffer, error) && convert(buffer, path, to, error);
    explicit_bzero(buffer, USERS_MAX + 2);
    g_free(buffer);
    close(fd);
    return loaded;
}

/* Consumes @fd. A reader sees the old list or the new one, which takes over the descriptor. */
static gboolean publish(int fd, GError **error)
{
    g_autofree char *path = NULL;

    if (users_fd >= 0) {
        dup3(fd, users_fd, O_CLOEXEC);
        close(fd);
        return TRUE;
    }
    users_fd = fd;
    path = g_strdup_printf("/proc/self/fd/%d", fd);
    return g_setenv("NTLM_USER_FILE", path, TRUE) ||
           cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "no room in the environment");
}

static gboolean prepare_users(const char *path, GError **error)
{
    int fd = memfd_create("clusapi-users", MFD_CLOEXEC);

    if (fd < 0) {
        return cl_fail(error, ERROR_NO_SYSTEM_RESOURCES, "no memory for the list of users");
    }
    if (!load_users(path, fd, error)) {
        close(fd);
        return FALSE;
    }
    return publish(fd, error);
}

/* --- All of it ---------------------------------------------------------------------------------- */

static gboolean prepare_keytab(const char *path, GError **error)
{
    const char *current = g_getenv("KRB5_KTNAME");
    int fd = cl_private_file_open(path, error);

    if (fd < 0) {
        return FALSE;
    }
    close(fd);
    return g_strcmp0(current, path) == 0 || g_setenv("KRB5_KTNAME", path, TRUE) ||
           cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "no room in the environment");
}

gboolean cl_acceptor_prepare(const ClAcceptor *acceptor, GError **error)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);

    if ((acceptor->keytab != NULL && !prepare_keytab(acceptor->keytab, error)) ||
        (acceptor->ntlm_users != NULL && !prepare_users(acceptor->ntlm_users, error))) {
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(shared); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(shared[i]); j++) {
            g_clear_pointer(&shared[i][j], cl_gss_credential_unref);
        }
    }
    return TRUE;
}

ClGssCredential *cl_gss_server_credential(ClAuthType type, const ClAcceptor *acceptor,
                                          GError **error)
{
    /* Of the other mechanism's file nothing is needed. */
    const ClAcceptor needed = {type != CL_AUTH_NTLM ? acceptor->keytab : NULL,
                               type != CL_AUTH_KERBEROS ? acceptor->ntlm_users : NULL};
    guint offered = (needed.keytab != NULL ? 1 : 0) | (needed.ntlm_users != NULL ? 2 : 0);
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);

    if (offered == 0) {
        cl_fail(error, RPC_S_UNKNOWN_AUTHN_SERVICE, "authentication type %d is not offered", type);
        return NULL;
    }
    if (shared[type][offered] == NULL) {
        shared[type][offered] = cl_gss_server_credential_new(type, &needed, error);
    }
    return shared[type][offered] != NULL ? cl_gss_credential_ref(shared[type][offered]) : NULL;
}
