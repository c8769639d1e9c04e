#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Waits until a file of a mounted cluster has a value, and prints when, in milliseconds since 1970.

await.py poll FILE VALUE SECONDS   looks only when poll(2) says that it has changed
await.py look FILE VALUE SECONDS   looks again and again
VALUE is an extended regular expression for all of it.
"""
import os
import re
import select
import sys
import time

how, path, value, seconds = sys.argv[1:]
deadline = time.monotonic() + float(seconds)
pattern = re.compile(value)


def look(fd):
    text = os.pread(fd, 4096, 0).decode().rstrip("\n")
    if pattern.fullmatch(text):
        print(int(time.time() * 1000))
        sys.exit(0)
    return text


text = "nothing"
if how == "poll":
    fd = os.open(path, os.O_RDONLY)
    waiting = select.poll()
    waiting.register(fd, select.POLLPRI | select.POLLERR)
    text = look(fd)
    while waiting.poll(max(0, deadline - time.monotonic()) * 1000):
        text = look(fd)
while how == "look" and time.monotonic() < deadline:
    try:
        fd = os.open(path, os.O_RDONLY)
        try:
            text = look(fd)
        finally:
            os.close(fd)
    except OSError as error:
        text = error.strerror
    time.sleep(0.02)
sys.exit(f"{path} has {text}")
