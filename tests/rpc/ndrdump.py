#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the methods take and give, as others decode it. TAP.

ndrdump.py OPNUMS PROGRAM...: the programs call each method that the header OPNUMS names, and record the
bytes of each request and its answer. Samba's ndrdump must understand all of each message, and encode the
same bytes again from what it understood. Where its description of the interface differs from the
specification, it must differ in just that, and impacket has to do the same by the specification.
"""
import os
import re
import subprocess
import sys
import tempfile

from impacket.dcerpc.v5.dtypes import DWORD, LPWSTR, ULONGLONG
from impacket.dcerpc.v5.ndr import NDRCALL, NDRPOINTER, NDRSTRUCT, NDRUniConformantArray

SECONDS = 120  # for a program, of which each takes less than one

# --- The specification, for what Samba has otherwise ----------------------------------------------


class Handle(NDRSTRUCT):
    align = 4
    structure = (("Data", "20s=b''"),)


class Bool(DWORD):
    pass


class Texts(NDRUniConformantArray):
    item = LPWSTR


class Bytes(NDRUniConformantArray):
    item = "c"


class BytesPointer(NDRPOINTER):
    referent = (("Data", Bytes),)


class Filter(NDRSTRUCT):
    structure = (("dwObjectType", DWORD), ("FilterFlags", ULONGLONG))


class Notification(NDRSTRUCT):
    structure = (("dwNotifyKey", DWORD), ("FilterAndType", Filter), ("Buffer", BytesPointer),
                 ("dwBufferSize", DWORD), ("ObjectId", LPWSTR), ("ParentId", LPWSTR), ("Name", LPWSTR),
                 ("Type", LPWSTR))


class Notifications(NDRUniConformantArray):
    item = Notification


class NotificationsPointer(NDRPOINTER):
    referent = (("Data", Notifications),)


SPECIFIED = {
    "DeleteGroup.in": (("Group", Handle), ("force", Bool)),
    "AddNotifyKey.in": (("hNotify", Handle), ("hKey", Handle), ("dwNotifyKey", DWORD), ("Filter", DWORD),
                        ("WatchSubTree", Bool)),
    "SetNetworkPriorityOrder.in": (("NetworkCount", DWORD), ("NetworkIdList", Texts)),
    "PauseNodeEx.in": (("hNode", Handle), ("bDrainNode", Bool), ("dwPauseFlags", DWORD)),
    "AddNotifyV2.in": (("hNotify", Handle), ("hObject", Handle), ("filter", Filter),
                       ("dwNotifyKey", DWORD), ("dwVersion", DWORD), ("isTargetedAtObject", Bool)),
    "GetNotifyV2.out": (("Notifications", NotificationsPointer), ("dwNumNotifications", DWORD),
                        ("result", DWORD)),
    "AddGroupToGroupSetEx.in": (("GroupSet", Handle), ("Group", Handle), ("FaultDomain", DWORD),
                                ("UpdateDomain", DWORD), ("UseDomains", Bool), ("Reserved", DWORD)),
    "ChangeResourceGroupEx.in": (("hResource", Handle), ("hGroup", Handle), ("Flags", ULONGLONG)),
    "ChangeResourceGroupEx.out": (("rpc_status", DWORD), ("result", DWORD)),
}

# What impacket puts where there is nothing, and we zeros.
FILLINGS = bytes.fromhex("aaabbbbcbdbebfcacbccceddeeef")


def check_by_impacket(message, stub):
    call = type("Call", (NDRCALL,), {"structure": SPECIFIED[message]})()
    try:
        call.fromString(stub)
        again = call.getData()
    except Exception as error:  # it has none of its own for this
        return f"impacket cannot read it: {error!r}"
    if len(again) != len(stub):
        return f"impacket has {len(again)} bytes, not {len(stub)}: {again.hex()}"
    for at, (ours, its) in enumerate(zip(stub, again)):
        if ours != its and not (ours == 0 and its in FILLINGS):
            return f"impacket has {its:#x} at byte {at}, not {ours:#x}"
    wrong = [name for name, kind in SPECIFIED[message] if kind is Bool and call[name] not in (0, 1)]
    return f"no BOOL: {wrong}" if wrong else None


# --- Samba's description --------------------------------------------------------------------------

# A BOOL at the end has one byte there. (Those of PauseNodeEx and AddGroupToGroupSetEx, in the middle,
# come to the same with the padding after them.)
BYTES_LEFT = {"DeleteGroup.in": 3, "AddNotifyKey.in": 3, "AddNotifyV2.in": 3,
              # Nor has it this method; another one has the same parameters but for the last.
              "ChangeResourceGroupEx.in": 8}
INSTEAD = {"ChangeResourceGroupEx": "ChangeResourceGroup"}
# Texts are there one text, and the key of a notification is a pointer to it.
NOT_AT_ALL = {"SetNetworkPriorityOrder.in", "GetNotifyV2.out"}


def ndrdump(message, directory):
    name, direction = message.split(".")
    command = ["ndrdump", "clusapi", "clusapi_" + INSTEAD.get(name, name), direction, message,
               "--validate", "--configfile=/dev/null"]
    if direction == "out" and name + ".in" not in NOT_AT_ALL:
        command.append(f"--context-file={name}.in")
    done = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def check_by_samba(message, stub, directory):
    status, said = ndrdump(message, directory)
    if message in NOT_AT_ALL:
        return None if re.match("pull returned (?!Success)", said) else "it is understood after all"
    name, direction = message.split(".")
    left = BYTES_LEFT.get(message, 0)
    expected = []
    if direction == "out" and name + ".in" in BYTES_LEFT:
        expected = [f"WARNING! {BYTES_LEFT[name + '.in']} unread bytes while parsing context file"]
    elif left:
        read = len(stub) - left
        expected = [f"WARNING! {left} unread bytes",
                    f"WARNING! orig bytes:{len(stub)} validated pushed bytes:{read}",
                    f"WARNING! orig and validated differ at byte 0x{read:02X} ({read})"]
        said = re.sub(r"^WARNING! orig byte\[0x.*\n", "", said, flags=re.MULTILINE)
    warnings = [line for line in said.splitlines() if line.startswith("WARNING!")]
    if status != 0 or warnings != expected or not said.endswith("dump OK\n"):
        return f"status {status}\n{said}"
    return None


# --- Results --------------------------------------------------------------------------------------


class Results:
    def __init__(self):
        self.count = self.failed = 0

    def add(self, name, problem):
        self.count += 1
        self.failed += bool(problem)
        print("not ok" if problem else "ok", self.count, "-", name)
        for line in (problem or "").splitlines()[:25]:
            print("#", line)


def record(program, directory):
    os.mkdir(directory)
    done = subprocess.run([program], env=os.environ | {"RPC_RECORD_DIR": directory},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=SECONDS, check=False)
    if done.returncode != 0:
        return done.stdout.decode("utf-8", "replace")
    return None if os.listdir(directory) else "it recorded nothing"


def check(message, directories):
    """Whatever was recorded of a message, or that nothing was."""
    problems, n = [], 0
    for directory in directories:
        path = os.path.join(directory, message)
        if not os.path.exists(path):
            continue
        n += 1
        with open(path, "rb") as file:
            stub = file.read()
        found = [check_by_samba(message, stub, directory)]
        if message in SPECIFIED:
            found.append(check_by_impacket(message, stub))
        problems += [f"{stub.hex()}\n{problem}" for problem in found if problem]
    return "\n".join(problems) if n > 0 else "it was not recorded"


def main():
    opnums, programs = sys.argv[1], sys.argv[2:]
    with open(opnums, encoding="utf-8") as file:
        methods = re.findall(r"\bCL_OP_(\w+) = \d+", file.read())
    results = Results()
    with tempfile.TemporaryDirectory() as work:
        directories = []
        for program in programs:
            directories.append(os.path.join(work, os.path.basename(program)))
            results.add(f"{os.path.basename(program)} records", record(program, directories[-1]))
        results.add("there are methods", None if len(methods) > 100 else "none")
        for method in methods:
            for direction in ("in", "out"):
                message = f"{method}.{direction}"
                results.add(message, check(message, directories))
    print(f"1..{results.count}")
    sys.exit(bool(results.failed))


if __name__ == "__main__":
    main()
