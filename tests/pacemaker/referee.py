#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Pacemaker itself says, as witnesses on the nodes (witness.c) tell it.

referee.py WITNESS FILE

Asked by lines on the standard input, each of fields with tabs between them: a word of the asker's, the
seconds that it may take, the first process of a node, as it is numbered here, and a question. The answer
is in FILE when a line is printed, of the asker's word and 0, or 1 where there is none.

online              the names of the nodes that are online, in order, in one line
dc                  the coordinator's name
idle                S_IDLE where nothing is under way: the coordinator's state
quorum              true or false
node NODE           its state, as the tree should show it; so with
group GROUP         its state and owner
where RESOURCE      the nodes where it is active, in one line
role RESOURCE       its roles, in one line
counts              the fail counts: resource, node and number, a line each
model               a line for each node, group and resource, as shown.py says of a tree
disagreement TREE   in which of these lines a tree is of another opinion
cib XPATH           that part of the CIB
leave               nothing: the witness ends
status              all that crm_mon shows, as XML
"""
import os
import select
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shown  # noqa: E402  it is beside this file

PENDING = {"Starting": "online-pending", "Stopping": "offline-pending",
           "Promoting": "online-pending", "Demoting": "offline-pending",
           "Migrating": "online-pending"}


# The library's names of what crm_mon has elements for.
LISTS = {"cluster summary": "summary", "full list of resources": "resources",
         "operations": "node_history"}


class Silence(Exception):
    """There is no answer."""


# --- What crm_mon would show ------------------------------------------------------------------------

def places(element):
    return sorted(node.get("name") for node in element.iter("node"))


def node_state(node):
    if node.get("pending") == "true":
        return "joining"
    if node.get("online") != "true":
        return "down"
    return "paused" if node.get("standby") == "true" else "up"


def group_state(states):
    if "failed" in states:
        return "failed"
    if any(state.endswith("pending") for state in states):
        return "pending"
    if all(state == "online" for state in states) and states:
        return "online"
    return "partial-online" if "online" in states else "offline"


class Status:
    """Its methods without an underscore are questions; each gives lines."""

    def __init__(self, text):
        try:
            self._root = xml.fromstring(text)
        except xml.ParseError as error:
            raise Silence(f"there is no sense in it: {text}") from error
        for part in self._root.findall("./list"):
            name = part.attrib.pop("name")
            part.tag = LISTS.get(name, name)
            part.attrib.pop("count")
        self._given_up = {(name, node) for name, node, count in self._fail_counts()
                          if count in ("INFINITY", "1000000")}

    def _nodes(self):
        return self._root.findall("./nodes/node")

    def _instances(self, name):
        """All elements of a resource; a clone's has one for each instance."""
        return [element for element in self._root.find("./resources").iter("resource")
                if element.get("id") == name]

    def _fail_counts(self):
        for node in self._root.findall("./node_history/node"):
            for history in node.iter("resource_history"):
                if history.get("fail-count"):
                    yield history.get("id"), node.get("name"), history.get("fail-count")

    def _resource_state(self, element, name, node=None):
        """An element is None where a clone has no instance."""
        if element is None:
            return "failed" if (name, node) in self._given_up else "offline"
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
        failed = wanted and any(name == other for other, _ in self._given_up)
        return "failed" if failed else "offline"

    def _groups(self):
        """Name, owner or None, and (name, state) of each resource."""
        for element in self._root.findall("./resources/*"):
            name = element.get("id")
            members = element.findall("./resource") if element.tag == "group" else [element]
            if element.tag in ("group", "resource"):
                owners = [place for member in members for place in places(member)]
                yield name, owners[0] if owners else None, [
                    (member.get("id"), self._resource_state(member, member.get("id")))
                    for member in members]
            elif element.tag == "clone":
                yield from self._clone(name, element)

    def _clone(self, name, element):
        primitives = sorted({member.get("id") for member in element.iter("resource")})
        for node in sorted(node.get("name") for node in self._nodes()):
            found = {member.get("id"): member for member in element.iter("resource")
                     if node in places(member)}
            yield f"{name}@{node}", node if found else None, [
                (f"{primitive}@{node}",
                 self._resource_state(found.get(primitive), primitive, node))
                for primitive in primitives]

    def status(self):
        return [xml.tostring(self._root, encoding="unicode")]

    def online(self):
        return [" ".join(sorted(node.get("name") for node in self._nodes()
                                if node.get("online") == "true" and node.get("pending") == "false"))]

    def dc(self):
        dc = self._root.find("./summary/current_dc")
        return [dc.get("name", "") if dc is not None else ""]

    def quorum(self):
        dc = self._root.find("./summary/current_dc")
        return [dc.get("with_quorum", "false") if dc is not None else "false"]

    def node(self, name):
        return [node_state(node) for node in self._nodes() if node.get("name") == name]

    def group(self, name):
        for found, owner, members in self._groups():
            if found == name:
                return [f"{group_state([state for _, state in members])} {owner or ''}"]
        return ["none "]

    def where(self, name):
        return [" ".join(sorted({place for element in self._instances(name)
                                 for place in places(element)}))]

    def role(self, name):
        return [" ".join(sorted(element.get("role") for element in self._instances(name)))]

    def counts(self):
        return [" ".join(line) for line in sorted(self._fail_counts())]

    def model(self):
        lines = [f"node {node.get('name')} {node_state(node)}" for node in self._nodes()]
        for name, owner, members in self._groups():
            state = group_state([state for _, state in members])
            # Where something is that has failed, if anywhere, is not always to be seen in the tree.
            lines.append(f"group {name} {state} {owner if owner and state != 'failed' else '-'}")
            lines += [f"resource {member} {state} {name}" for member, state in members]
        return sorted(lines)

    def disagreement(self, tree):
        told, seen = self.model(), sorted(shown.lines(tree))
        return ([f"Pacemaker: {line}" for line in told if line not in seen] +
                [f"the tree:  {line}" for line in seen if line not in told])


# --- Witnesses -------------------------------------------------------------------------------------

class Witness:
    """The program on a node, until the node ends or it takes too long."""

    def __init__(self, program, node):
        self.process = subprocess.Popen(
            ["nsenter", f"--target={node}", "--root", "--mount", "--uts", "--ipc", "--net", "--pid", "--",
             program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True)

    def ask(self, question, deadline):
        try:
            self.process.stdin.write(question.encode() + b"\n")
        except BrokenPipeError as error:
            raise Silence("it has ended") from error
        answer = b""
        while not answer.endswith(b"\0"):
            if not select.select([self.process.stdout], [], [],
                                 max(0, deadline - time.monotonic()))[0]:
                raise Silence("it takes too long")
            read = os.read(self.process.stdout.fileno(), 65536)
            if not read:
                raise Silence("it ends")
            answer += read
        if answer == b"\0":
            raise Silence("Pacemaker says nothing")
        return answer[:-1].decode()

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Witnesses:
    def __init__(self, program):
        self.program, self.running = program, {}

    def ask(self, node, question, deadline):
        """One that has ended meanwhile, as its node has, is none; its place is taken by another."""
        for old, witness in list(self.running.items()):
            if witness.process.poll() is not None:
                self.running.pop(old).end()
        if node not in self.running:
            self.running[node] = Witness(self.program, node)
        try:
            return self.running[node].ask(question, deadline)
        except Silence as silence:
            if str(silence) != "Pacemaker says nothing":
                self.dismiss(node)
            raise

    def dismiss(self, node):
        if node in self.running:
            self.running.pop(node).end()


# --- Questions -------------------------------------------------------------------------------------

def answer(witnesses, node, question, arguments, deadline):
    if question == "leave":
        witnesses.dismiss(node)
        return ""
    if question == "cib":
        return witnesses.ask(node, f"cib {arguments[0]}", deadline)
    text = witnesses.ask(node, "status", deadline)
    status = Status(text)
    if question == "idle":
        coordinator = status.dc()[0]
        if not coordinator:
            raise Silence("there is no coordinator")
        told = xml.fromstring(witnesses.ask(node, f"controller {coordinator}", deadline))
        return next((element.get("state") for element in told.iter() if element.get("node_name")), "")
    return "\n".join(getattr(status, question)(*arguments))


def main():
    witnesses = Witnesses(sys.argv[1])
    for line in sys.stdin:
        word, seconds, node, question, *arguments = line.rstrip("\n").split("\t")
        text, code = "", 0
        try:
            text = answer(witnesses, node, question, arguments, time.monotonic() + float(seconds))
        except Silence as silence:
            print(f"{question} of {node}: {silence}", file=sys.stderr, flush=True)
            code = 1
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            file.write(text)
        print(word, code, flush=True)


main()
