#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kills a process of a node in the middle of a system call on a mount.

kill-while.py NODE PID MILLISECONDS CALL ARGUMENT...: makes the call as change.py does, and says what came
of it; that long after it has begun PID, as the node numbers it, is killed. NODE is the node's first
process, as it is numbered here.
"""
import importlib.util
import os
import signal
import sys
import threading


def process_of(node, pid):
    """A descriptor of the process."""
    namespace = os.readlink(f"/proc/{node}/ns/pid")
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/status", encoding="utf-8") as file:
                numbers = next(line for line in file if line.startswith("NSpid:")).split()
            if numbers[-1] == pid and os.readlink(f"/proc/{name}/ns/pid") == namespace:
                return os.pidfd_open(int(name))
        except (OSError, StopIteration):
            continue  # it has ended
    sys.exit(f"there is no process {pid} on the node")


def load(path):
    spec = importlib.util.spec_from_file_location("change", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    node, pid, milliseconds, *arguments = sys.argv[1:]
    change = load(os.path.join(os.path.dirname(__file__), "..", "fs", "change.py"))
    process = process_of(node, pid)
    timer = threading.Timer(int(milliseconds) / 1000, signal.pidfd_send_signal,
                            (process, signal.SIGKILL))
    timer.start()
    print(change.call(*arguments))
    timer.join()


main()
