/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for what agents say of their parameters: each parameter is one of a kind, has its default,
 * and takes it. Run by libFuzzer, or by driver.c.
 */
#include "pacemaker/agents.h"
#include "target.h"

static void check(gboolean ok)
{
    if (!ok) {
        g_error("a parameter of an agent is not as it should be");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ClPcmkAgent *agent = cl_pcmk_agent_parse((const char *)data, size);
    if (!agent) {
        return 0;
    }
    check(agent->is_known);
    for (guint i = 0; i < agent->parameters->len; i++) {
        const ClPcmkParameter *parameter = agent->parameters->pdata[i];
        check(cl_pcmk_agent_parameter(agent, parameter->name) == parameter);
        check(*parameter->preset == '\0' ||
              cl_pcmk_parameter_check(parameter, parameter->preset, NULL));
        (void)cl_pcmk_parameter_check(parameter, "7", NULL);
        (void)cl_pcmk_parameter_check(parameter, "", NULL);
    }
    cl_pcmk_agent_unref(agent);
    return 0;
}
