/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When the back end asks the service in whose name a thread acts. */
#include <gmodule.h>

#include "pacemaker/engine.h"
#include "pacemaker/pacemaker.h"

/* The service's word for in whose name a thread acts. */
static guint n_asked;
extern G_MODULE_EXPORT char *clusapid_caller(void);

char *clusapid_caller(void)
{
    n_asked++;
    return g_strdup("alice");
}

/* That may take as long as a name service does, so no thread asks that may not wait. */
static void test_caller(void)
{
    static const ClAction action = {.verb = CL_ACT_OFFLINE};
    const ClCall call = {g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND, NULL};
    const ClCall at_once = {0, NULL};
    g_autofree char *cib =
        g_test_build_filename(G_TEST_DIST, "..", "data", "pacemaker", "running.xml", NULL);
    ClConnection connection = {cl_pcmk_engine_ref(cib, &call, NULL), CL_ACCESS_ALL};
    ClObject object = {.kind = CL_KIND_GROUP, .id = (char *)"web"};
    const ClNewObject what = {.kind = CL_KIND_GROUP, .name = "new"};
    g_autoptr(GPtrArray) properties = g_ptr_array_new();
    ClObject *made = NULL;
    guint32 result;
    g_autofree char *user = NULL;
    g_assert_nonnull(connection.engine);
    g_assert_false(cl_pcmk_act(&connection, &object, &action, &at_once, &result, NULL));
    g_assert_false(cl_pcmk_create(&connection, &what, &at_once, &made, NULL));
    g_assert_false(cl_pcmk_rename(&connection, &object, "other", &at_once, &result, NULL));
    g_assert_false(cl_pcmk_set_properties(&connection, &object, CL_PROPERTIES_COMMON, properties,
                                          FALSE, &at_once, &result, NULL));
    g_assert_false(cl_pcmk_remove(&connection, &object, &at_once, NULL));
    g_assert_cmpuint(n_asked, ==, 0);
    g_assert_true(cl_pcmk_caller(&call, &user, NULL));
    g_assert_cmpuint(n_asked, ==, 1);
    g_assert_cmpstr(user, ==, "alice");
    cl_pcmk_engine_unref(connection.engine);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/caller/who may not wait is not told", test_caller);
    return g_test_run();
}
