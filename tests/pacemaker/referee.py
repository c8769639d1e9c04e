#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Pacemaker itself says: answers out of crm_mon's XML, which is standard input.

referee.py online           the names of the nodes that are online, in order, in one line
referee.py dc               the coordinator's name
referee.py quorum           true or false
referee.py node NODE        its state, as the tree should show it; so with
referee.py group GROUP      its state and owner
referee.py where RESOURCE   the nodes where it is active, in one line
referee.py role RESOURCE    its roles, in one line
referee.py counts           the fail counts: resource, node and number, a line each
referee.py model            a line for each node, group and resource, as shown.py prints of a tree
"""
import sys
import xml.etree.ElementTree as xml

root = xml.parse(sys.stdin).getroot()
question, *arguments = sys.argv[1:]

PENDING = {"Starting": "online-pending", "Stopping": "offline-pending",
           "Promoting": "online-pending", "Demoting": "offline-pending",
           "Migrating": "online-pending"}


def nodes():
    return root.findall("./nodes/node")


def online():
    return sorted(node.get("name") for node in nodes()
                  if node.get("online") == "true" and node.get("pending") == "false")


def node_state(node):
    if node.get("pending") == "true":
        return "joining"
    if node.get("online") != "true":
        return "down"
    return "paused" if node.get("standby") == "true" else "up"


def instances(name):
    """All elements of a resource; a clone's has one for each instance."""
    return [element for element in root.find("./resources").iter("resource")
            if element.get("id") == name]


def places(element):
    return sorted(node.get("name") for node in element.iter("node"))


def where(name):
    return sorted({place for element in instances(name) for place in places(element)})


def fail_counts():
    for node in root.findall("./node_history/node"):
        for history in node.iter("resource_history"):
            if history.get("fail-count"):
                yield history.get("id"), node.get("name"), history.get("fail-count")


GIVEN_UP = {(name, node) for name, node, count in fail_counts() if count in ("INFINITY", "1000000")}


def resource_state(element, name, node=None):
    """An element is None where a clone has no instance."""
    if element is None:
        return "failed" if (name, node) in GIVEN_UP else "offline"
    active = element.get("active") == "true" and element.get("role") != "Stopped"
    wanted = element.get("target_role", "Started") != "Stopped"
    if element.get("blocked") == "true":
        return "failed"
    if element.get("role") in PENDING or element.get("pending") in PENDING:
        return PENDING.get(element.get("pending")) or PENDING[element.get("role")]
    if element.get("failed") == "true":
        return "failed"
    if active:
        return "online"
    failed = wanted and any(name == other for other, _ in GIVEN_UP)
    return "failed" if failed else "offline"


def group_state(states):
    if "failed" in states:
        return "failed"
    if any(state.endswith("pending") for state in states):
        return "pending"
    if all(state == "online" for state in states) and states:
        return "online"
    return "partial-online" if "online" in states else "offline"


def groups():
    """Name, owner or None, and (name, state) of each resource."""
    for element in root.findall("./resources/*"):
        name = element.get("id")
        members = element.findall("./resource") if element.tag == "group" else [element]
        if element.tag in ("group", "resource"):
            owners = [place for member in members for place in places(member)]
            yield name, owners[0] if owners else None, [
                (member.get("id"), resource_state(member, member.get("id"))) for member in members]
        elif element.tag == "clone":
            primitives = sorted({member.get("id") for member in element.iter("resource")})
            for node in sorted(node.get("name") for node in nodes()):
                found = {member.get("id"): member for member in element.iter("resource")
                         if node in places(member)}
                yield f"{name}@{node}", node if found else None, [
                    (f"{primitive}@{node}", resource_state(found.get(primitive), primitive, node))
                    for primitive in primitives]


def model():
    for node in nodes():
        yield f"node {node.get('name')} {node_state(node)}"
    for name, owner, members in groups():
        state = group_state([state for _, state in members])
        # Where something is that has failed, if anywhere, is not always to be seen in the tree.
        yield f"group {name} {state} {owner if owner and state != 'failed' else '-'}"
        for member, state in members:
            yield f"resource {member} {state} {name}"


def group(name):
    for found, owner, members in groups():
        if found == name:
            return group_state([state for _, state in members]), owner or ""
    return "none", ""


if question == "online":
    print(*online())
elif question == "dc":
    dc = root.find("./summary/current_dc")
    print(dc.get("name", "") if dc is not None else "")
elif question == "quorum":
    dc = root.find("./summary/current_dc")
    print(dc.get("with_quorum", "false") if dc is not None else "false")
elif question == "node":
    print(*[node_state(node) for node in nodes() if node.get("name") == arguments[0]])
elif question == "group":
    print(*group(*arguments))
elif question == "where":
    print(*where(*arguments))
elif question == "role":
    print(*sorted(element.get("role") for element in instances(*arguments)))
elif question == "counts":
    for line in sorted(fail_counts()):
        print(*line)
elif question == "model":
    print(*sorted(model()), sep="\n")
else:
    sys.exit(__doc__)
