/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The number that the service shares with clients (version-page.h). On the engine's thread. */
#pragma once

/* Before anything that is read changes, and after it. */
void cl_pcmk_version_step(void);
