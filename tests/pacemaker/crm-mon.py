#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether the model of a recorded CIB and what crm_mon says of the same file are of one opinion.

crm-mon.py MODEL DIRECTORY...

MODEL is the program of model.c. All .xml files of the directories are compared. Another directory can be
given in PACEMAKER_INPUTS: cts/scheduler/xml of Pacemaker's source has 800. Prints TAP.
"""
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

PENDING = {"Starting": "online-pending", "Promoting": "online-pending",
           "Migrating": "online-pending", "Stopping": "offline-pending",
           "Demoting": "offline-pending"}
NODE = re.compile(r"node \S+: (\S+) (\S+), (\d+) resources(, remote)?$")
GROUP = re.compile(r"group (\S+): (\S+) (\S+) on (\S+)")
RESOURCE = re.compile(r"  resource (\S+): (\S*) (\S+) \((\S+)\) on (\S+)(.*)$")


def run(arguments, **environment):
    """A program's output, or None for one that fails."""
    result = subprocess.run(arguments, env={**os.environ, **environment}, timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return result.stdout.decode() if result.returncode == 0 else None


def is_true(element, attribute):
    return element.get(attribute) == "true"


def plain(name):
    return re.sub(r":\d+$", "", name)


def is_ban(ban):
    """Moves forbid nothing for long."""
    return (ban.get("weight") == "-1000000" and not is_true(ban, "promoted-only") and
            not re.match("cli-prefer-|clusapi-move-", ban.get("id")))


class Model:
    """What model.c prints."""

    def __init__(self, text):
        self.nodes, self.groups, self.resources = {}, {}, {}
        group = None
        for line in text.splitlines():
            if found := NODE.match(line):
                self.nodes[found[1]] = (found[2], int(found[3]))
            elif found := GROUP.match(line):
                group = self.groups[found[1]] = {"state": found[3], "resources": []}
            elif found := RESOURCE.match(line):
                rest = found[6]
                group["resources"].append(found[1])
                possible = re.search(r" possible (\S+)", rest)
                self.resources[found[1]] = {
                    "type": found[2], "state": found[3], "role": found[4], "node": found[5],
                    "wanted": " unwanted" not in rest, "given up": " given up" in rest,
                    "possible": possible[1].split(",") if possible else []}


class Comparison:
    def __init__(self, path, told, model):
        self.told = xml.fromstring(told)
        self.model = Model(model)
        self.cib = xml.parse(path).getroot()
        self.primitives = {element.get("id")
                           for element in self.cib.findall("configuration/resources//primitive")}
        self.up = {node.get("name") for node in self.told.findall("nodes/node")
                   if is_true(node, "online") or is_true(node, "pending")}
        self.seen, self.banned = set(), set()
        self.wrong = []

    def check(self, what, fact, *details):
        if not fact:
            self.wrong.append(" ".join(map(str, (what, *details))))

    def nodes(self):
        for node in self.told.findall("nodes/node"):
            name = node.get("name")
            if name not in self.model.nodes:
                self.check("a node is missing:", not name, name)
                continue
            state, running = self.model.nodes.pop(name)
            if is_true(node, "pending"):
                expected = ["joining"]
            elif not is_true(node, "online"):
                expected = ["down", "joining"]
            else:
                expected = ["paused" if is_true(node, "standby") else "up"]
            self.check("node", state in expected, name, state, expected)
            self.check("node", running == int(node.get("resources_running")), name, running)
        self.check("nodes that there are not:", not self.model.nodes, self.model.nodes)

    def state(self, element, ours):
        """The states that what crm_mon says of a resource allows."""
        role = element.get("role")
        nodes = {node.get("name") for node in element.findall("node")}
        if is_true(element, "blocked"):
            return ["failed"]
        if role in PENDING:
            return [PENDING[role]]
        if is_true(element, "failed"):
            return ["failed"]
        if role == "Stopped" or not is_true(element, "active"):
            return ["failed" if ours["given up"] and ours["wanted"] else "offline"]
        if nodes & self.up:
            return ["online"]
        return ["online-pending" if is_true(element, "managed") else "unknown"]

    def resource(self, element, name, several=()):
        """@several: more elements that are one resource of ours."""
        ours = self.model.resources.get(name)
        if ours is None:
            self.check("a resource is missing:", False, name)
            return
        self.seen.add(name)
        every = [element, *several]
        nodes = {node.get("name") for one in every for node in one.findall("node")}
        self.check(name, ours["role"] in {one.get("role") for one in every}, ours,
                   element.get("role"))
        self.check(name, any(ours["state"] in self.state(one, ours) for one in every), ours,
                   element.attrib)
        self.check(name, not nodes or ours["node"] in nodes, ours, nodes)
        self.check(name, ours["type"] == element.get("resource_agent"), ours)
        stopped = ((element.get("target_role") or "").lower() == "stopped" or self.all_stopped or
                   name in self.banned)
        self.check(name, ours["wanted"] != stopped or is_true(element, "orphaned"), ours,
                   element.attrib)

    def plain(self, element):
        name = element.get("id")
        if is_true(element, "orphaned"):
            ours = name in self.model.resources
            self.check("an orphan", ours == is_true(element, "active") or name in self.primitives,
                       element.attrib)
            if ours and is_true(element, "active"):
                self.resource(element, name)
        elif name in self.primitives:
            self.resource(element, name)

    def clone(self, clone):
        by_place = {}
        banned = {ban.get("node") for ban in self.told.findall("bans/ban")
                  if ban.get("resource") == clone.get("id") and is_ban(ban)}
        for element in clone.iter("resource"):
            for node in element.findall("node"):
                place = f"{plain(element.get('id'))}@{node.get('name')}"
                by_place.setdefault(place, []).append(element)
        self.banned |= {place for place in by_place if place.partition("@")[2] in banned}
        for place, elements in by_place.items():
            if place.partition("@")[0] in self.primitives:
                self.resource(elements[0], place, elements[1:])

    def bundle(self, bundle):
        for replica in bundle.findall("replica"):
            for element in replica.findall("resource"):
                name = element.get("id")
                inner = plain(name) in self.primitives
                self.resource(element, f"{plain(name)}@{replica.get('id')}" if inner else name)

    def rest(self):
        """What crm_mon shows nowhere is not active."""
        for name, ours in self.model.resources.items():
            self.check("what crm_mon does not show:", name in self.seen or
                       (ours["role"] == "Stopped" and ours["state"] in ("offline", "failed")),
                       name, ours)

    def groups(self):
        for name, group in self.model.groups.items():
            states = [self.model.resources[one]["state"] for one in group["resources"]]
            online = states.count("online")
            expected = ("failed" if "failed" in states else
                        "pending" if any("pending" in state for state in states) else
                        "unknown" if "unknown" in states else
                        "offline" if online == 0 else
                        "online" if online == len(states) else "partial-online")
            self.check(name, group["state"] == expected, group["state"], states)

    def bans(self):
        for ban in self.told.findall("bans/ban"):
            ours = self.model.resources.get(ban.get("resource"))
            if ours and is_ban(ban):
                self.check(ban.attrib, ban.get("node") not in ours["possible"], ours)

    def given_up(self):
        """Where a resource has failed as often as it may."""
        expected = set()
        for history in self.told.findall("node_history/node/resource_history"):
            threshold = int(history.get("migration-threshold", "0"))
            if 0 < threshold <= int(history.get("fail-count", "0").replace("INFINITY", "1000000")):
                expected.add(history.get("id"))
        for name, ours in self.model.resources.items():
            if "@" not in name:
                self.check(name, ours["given up"] == (name in expected), ours, expected)

    def all(self):
        options = self.told.find("summary/cluster_options")
        self.all_stopped = options is not None and is_true(options, "stop-all-resources")
        self.nodes()
        kinds = {"resource": self.plain, "clone": self.clone, "bundle": self.bundle,
                 "group": lambda group: [self.plain(one) for one in group.findall("resource")]}
        for element in self.told.findall("resources/*"):
            kinds[element.tag](element)
        self.rest()
        self.groups()
        self.bans()
        self.given_up()
        return self.wrong


def compare(program, path):
    told = run(["crm_mon", "--one-shot", "--inactive", "--output-as=xml",
                "--include=failcounts"], CIB_file=path)
    if told is None:
        return None
    model = run([program, path])
    return Comparison(path, told, model).all() if model else ["there is no model"]


# At these crm_mon itself crashes.
CRASHING = ("empty-record.xml",)


def main():
    program, *directories = sys.argv[1:]
    if os.environ.get("PACEMAKER_INPUTS"):
        directories.append(os.environ["PACEMAKER_INPUTS"])
    paths = sorted(os.path.join(directory, name) for directory in directories
                   for name in os.listdir(directory) if name.endswith(".xml"))
    if not shutil.which("crm_mon"):
        print("1..0 # SKIP there is no crm_mon")
        return 0
    print("TAP version 13")
    print(f"1..{len(paths)}")
    failed = not paths
    for number, path in enumerate(paths, 1):
        wrong = compare(program, path)
        name = os.path.basename(path)
        if wrong is None and name in CRASHING:
            # The model must come about all the same.
            wrong = [] if run([program, path]) else ["there is no model"]
        elif wrong is None:
            wrong = ["crm_mon does not understand it"]
        print(f"{'not ok' if wrong else 'ok'} {number} {name}")
        for line in wrong:
            print("#", line)
        failed = failed or bool(wrong)
    return 1 if failed else 0


sys.exit(main())
