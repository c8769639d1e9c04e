/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Credentials files. What is checked is the open descriptor, not the path, so nobody can swap the
 * file in between. No buffer that has held the password is left unwiped.
 */
#include "rpc/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

void cl_credentials_free(ClCredentials *credentials)
{
    if (credentials == NULL) {
        return;
    }
    if (credentials->password != NULL) {
        explicit_bzero(credentials->password, strlen(credentials->password));
    }
    g_free(credentials->password);
    g_free(credentials->domain);
    g_free(credentials->user);
    g_free(credentials);
}

/* The complaint about a value, NULL if there is none. A '\\' in a user would come out as a domain. */
static const char *complaint_of(const char *user, const char *domain, const char *password)
{
    if (user == NULL || *user == '\0') {
        return "there is no user";
    }
    if (password == NULL || *password == '\0') {
        return "there is no password";
    }
    if (strchr(user, '\\') != NULL || strchr(domain, '\\') != NULL) {
        return "the user and the domain are given apart, without a backslash";
    }
    if (!g_utf8_validate(user, -1, NULL) || !g_utf8_validate(domain, -1, NULL) ||
        !g_utf8_validate(password, -1, NULL)) {
        return "not UTF-8";
    }
    return NULL;
}

ClCredentials *cl_credentials_new(const char *user, const char *domain, const char *password,
                                  GError **error)
{
    const char *complaint = complaint_of(user, domain != NULL ? domain : "", password);
    ClCredentials *made;

    if (complaint != NULL) {
        cl_fail(error, ERROR_INVALID_PARAMETER, "credentials: %s", complaint);
        return NULL;
    }
    made = g_new0(ClCredentials, 1);
    made->user = g_strdup(user);
    made->domain = g_strdup(domain != NULL ? domain : "");
    made->password = g_strdup(password);
    return made;
}

/* --- The file -------------------------------------------------------------------------------- */

static gboolean fail_errno(GError **error, const char *path, int code)
{
    DWORD win32 = code == ENOENT || code == ENOTDIR                  ? ERROR_FILE_NOT_FOUND
                  : code == EACCES || code == EPERM || code == ELOOP ? ERROR_ACCESS_DENIED
                                                                     : ERROR_OPEN_FAILED;

    return cl_fail(error, win32, "%s: %s", path,
                   code == ELOOP ? "is a symbolic link" : g_strerror(code));
}

static gboolean is_private(int fd, const char *path, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) != 0) {
        return fail_errno(error, path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "%s: is not a regular file", path);
    }
    if (status.st_uid != geteuid() && status.st_uid != 0) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "%s: belongs to another user", path);
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return cl_fail(error, ERROR_ACCESS_DENIED,
                       "%s: holds secrets, and others than its owner may use it (chmod 600)", path);
    }
    return TRUE;
}

int cl_private_file_open(const char *path, GError **error)
{
    /* A pipe of that name must not hold us up, before it is refused. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        fail_errno(error, path, errno);
        return -1;
    }
    if (!is_private(fd, path, error)) {
        close(fd);
        return -1;
    }
    return fd;
}

static gboolean read_all(int fd, const char *path, char *buffer, GError **error)
{
    gsize size = 0;

    for (;;) {
        ssize_t got = read(fd, buffer + size, CL_CREDENTIALS_MAX + 1 - size);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail_errno(error, path, errno);
        }
        if (got == 0) {
            break;
        }
        size += (gsize)got;
        if (size > CL_CREDENTIALS_MAX) {
            return cl_fail(error, ERROR_INVALID_DATA, "%s: longer than %d bytes", path,
                           CL_CREDENTIALS_MAX);
        }
    }
    buffer[size] = '\0';
    if (strlen(buffer) != size) {
        return cl_fail(error, ERROR_INVALID_DATA, "%s: holds a NUL byte", path);
    }
    return TRUE;
}

typedef struct {
    const char *user;
    const char *domain;
    const char *password;
} Values;

/* Takes over what @line sets; it stays part of the caller's buffer. */
static const char *parse_line(char *line, Values *values)
{
    char *value = strchr(line, '=');
    const char **slot;

    if (value == NULL) {
        return "is not of the form NAME=VALUE";
    }
    *value++ = '\0';
    g_strstrip(line);
    if (strcmp(line, "user") == 0) {
        slot = &values->user;
    } else if (strcmp(line, "domain") == 0) {
        slot = &values->domain;
    } else if (strcmp(line, "password") == 0) {
        slot = &values->password;
    } else {
        return "sets what is none of user, domain, password";
    }
    if (*slot != NULL) {
        return "sets a value again";
    }
    *slot = slot == &values->password ? value : g_strstrip(value);
    return NULL;
}

static gboolean parse(char *text, const char *path, Values *values, GError **error)
{
    const char *complaint;
    guint number = 0;
    char *line;

    while ((line = strsep(&text, "\n")) != NULL) {
        gsize length = strlen(line);

        number++;
        if (length > 0 && line[length - 1] == '\r') {
            line[length - 1] = '\0';
        }
        if (line[strspn(line, " \t")] == '\0' || line[0] == '#') {
            continue;
        }
        complaint = parse_line(line, values);
        if (complaint != NULL) {
            return cl_fail(error, ERROR_INVALID_DATA, "%s: line %u %s", path, number, complaint);
        }
    }
    complaint =
        complaint_of(values->user, values->domain != NULL ? values->domain : "", values->password);
    return complaint == NULL || cl_fail(error, ERROR_INVALID_DATA, "%s: %s", path, complaint);
}

ClCredentials *cl_credentials_load(const char *path, GError **error)
{
    char buffer[CL_CREDENTIALS_MAX + 2];
    ClCredentials *loaded = NULL;
    Values values = {NULL, NULL, NULL};
    int fd = cl_private_file_open(path, error);

    if (fd < 0) {
        return NULL;
    }
    if (read_all(fd, path, buffer, error) && parse(buffer, path, &values, error)) {
        loaded = cl_credentials_new(values.user, values.domain, values.password, error);
    }
    explicit_bzero(buffer, sizeof buffer);
    close(fd);
    return loaded;
}
