#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints all that a mount shows, a line for each thing: names, sizes, targets and texts; and checks
that a size is that of the text. What two mounts of one cluster print is the same, unless one of them
shows what was there before."""

import os
import sys

# They tell of the mount, or of who asks.
OWN = {"handles", "last_error"}


def shown(path):
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace("\n", "\\n")


def walk(root, directory):
    try:
        names = sorted(os.listdir(directory))
    except OSError as error:
        print("unlisted", shown(os.path.relpath(directory, root)), error.strerror)
        return
    for name in names:
        path = os.path.join(directory, name)
        entry(root, path, shown(os.path.relpath(path, root)), name)


def entry(root, path, where, name):
    try:
        status = os.lstat(path)
        if os.path.islink(path):
            target = os.readlink(path)
            print("link", where, shown(target), status.st_size == len(os.fsencode(target)))
        elif os.path.isdir(path):
            print("directory", where)
            walk(root, path)
        elif name not in OWN:
            with open(path, "rb") as file:
                text = file.read()
            print("file", where, status.st_size == len(text), shown(os.fsdecode(text)))
    except OSError as error:
        print("gone", where, error.strerror)


walk(sys.argv[1], sys.argv[1])
