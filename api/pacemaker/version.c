/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "version.h"

#include <dlfcn.h>

#include "version-page.h"

void cl_pcmk_version_step(void)
{
    guint64 **version = dlsym(RTLD_DEFAULT, CL_VERSION_SYMBOL);
    if (version && *version) {
        cl_version_step(*version);
    }
}
