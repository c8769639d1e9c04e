#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a mounted cluster shows of its nodes, groups and resources, as `referee.py model` prints what
Pacemaker says. Groups without resources are none of Pacemaker's. Standard library alone.

shown.py TREE
"""
import os
import sys

TREE = sys.argv[1]


def read(*path):
    try:
        with open(os.path.join(TREE, *path), encoding="utf-8") as file:
            return file.read().rstrip("\n")
    except OSError as error:
        return f"({error.strerror})"


def members(group):
    """The names of a group's resources, which lead to it again."""
    for name in os.listdir(os.path.join(TREE, "groups", group, "resources")):
        back = os.path.basename(os.readlink(os.path.join(TREE, "resources", name, "group")))
        yield name if back == group else f"{name} which is in {back}"


def lines():
    for name in os.listdir(os.path.join(TREE, "nodes")):
        yield f"node {name} {read('nodes', name, 'state')}"
    for name in os.listdir(os.path.join(TREE, "groups")):
        state, owner = read("groups", name, "state"), read("groups", name, "owner")
        contents = list(members(name))
        if not contents:
            continue
        states = {member: read("resources", member, "state") for member in contents}
        # Where it was last is Pacemaker's to forget.
        active = any(state in ("online", "online-pending", "offline-pending")
                     for state in states.values())
        yield f"group {name} {state} {owner if active and state != 'failed' else '-'}"
        for member in contents:
            yield f"resource {member} {states[member]} {name}"


print(*sorted(lines()), sep="\n")
