/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a fuzz target is: one function, under the name that libFuzzer calls.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Does with @data what the target is about. Returns 0; anything wrong ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
