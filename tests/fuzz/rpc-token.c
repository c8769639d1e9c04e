/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for tokens of the authentication exchange: what our own check makes of them, and, if
 * it lets them pass, a server. The first byte says for whom they are. Run by libFuzzer, or by
 * driver.c.
 */
#include "rpc/security-internal.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The mechanism of NTLM loses a name for each of a server's credentials for SPNEGO: one here. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:gssntlmssp.so";
}

/* One user, in a file that is gone again when all have read it. */
static void prepare(ClAcceptor *acceptor)
{
    static char path[] = "/tmp/clusapi-users-XXXXXX";
    int fd = mkstemp(path);

    if (fd < 0 || dprintf(fd, "D:u:one\n") < 0) {
        g_error("no file of users");
    }
    close(fd);
    acceptor->ntlm_users = path;
    if (!cl_acceptor_prepare(acceptor, NULL)) {
        g_error("no acceptor");
    }
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ClAcceptor acceptor;
    ClAuthType type;
    ClTokenView view = {0};
    g_autoptr(ClSecurity) server = NULL;
    g_autoptr(GBytes) token = NULL;
    g_autoptr(GBytes) whole = NULL;
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GError) error = NULL;
    gboolean ok;

    if (acceptor.ntlm_users == NULL) {
        prepare(&acceptor);
    }
    if (size == 0) {
        return 0;
    }
    type = data[0] % 2 == 0 ? CL_AUTH_NTLM : CL_AUTH_SPNEGO;
    token = g_bytes_new(data + 1, size - 1);
    whole = cl_ntlm_add_version(token);
    cl_token_view(type, token, FALSE, &view, NULL);
    server = cl_security_new_server(type, CL_LEVEL_PRIVACY, &acceptor, NULL);
    if (server == NULL) {
        g_error("no server");
    }
    ok = cl_security_step(server, token, &out, &error);
    g_assert_true(ok == (error == NULL));
    if (ok != (cl_token_view(type, token, TRUE, &view, NULL) && out != NULL) ||
        cl_security_is_complete(server)) {
        g_error("a first token did more than ask for the next");
    }
    return 0;
}
