# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a mounted cluster shows of its nodes, groups and resources, as the referee says of Pacemaker. Groups
without resources are none of Pacemaker's. Standard library alone."""
import os


def read(*path):
    try:
        with open(os.path.join(*path), encoding="utf-8") as file:
            return file.read().rstrip("\n")
    except OSError as error:
        return f"({error.strerror})"


def members(tree, group):
    """The names of a group's resources, which lead to it again."""
    for name in os.listdir(os.path.join(tree, "groups", group, "resources")):
        back = os.path.basename(os.readlink(os.path.join(tree, "resources", name, "group")))
        yield name if back == group else f"{name} which is in {back}"


def everything(tree):
    for name in os.listdir(os.path.join(tree, "nodes")):
        yield f"node {name} {read(tree, 'nodes', name, 'state')}"
    for name in os.listdir(os.path.join(tree, "groups")):
        state, owner = read(tree, "groups", name, "state"), read(tree, "groups", name, "owner")
        contents = list(members(tree, name))
        if not contents:
            continue
        states = {member: read(tree, "resources", member, "state") for member in contents}
        # Where it was last is Pacemaker's to forget.
        active = any(state in ("online", "online-pending", "offline-pending")
                     for state in states.values())
        yield f"group {name} {state} {owner if active and state != 'failed' else '-'}"
        for member in contents:
            yield f"resource {member} {states[member]} {name}"


def lines(tree):
    """All of it, or the error because of which there is no more."""
    try:
        return list(everything(tree))
    except OSError as error:
        return [f"({error.filename}: {error.strerror})"]
