#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts test results.

results.py FILE...: each FILE is meson's testlog.json, or the TAP output of one program. Prints
`PASSED FAILED SKIPPED` on standard output; what failed and was skipped, on the other.
"""
import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b[ \d]*-? ?(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*skip\S*\s*(.*))?$", re.IGNORECASE)
SKIP = re.compile(r"#\s*skip", re.IGNORECASE)


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def fail(self, name, details):
        self.failed += 1
        print(f"FAILED: {name}", file=sys.stderr)
        for line in details[:30]:
            print(f"    {line}", file=sys.stderr)

    def skip(self, name):
        self.skipped += 1
        print(f"skipped: {name}", file=sys.stderr)


def details_after(lines, index):
    """The diagnostics that follow a failed result."""
    details = []
    for line in lines[index + 1:]:
        if not line.startswith("#"):
            break
        details.append(line)
    return details


def count_tap(count, name, text):
    """Counts one program's TAP; returns whether it kept to its plan."""
    lines = text.splitlines()
    results = failures = 0
    planned = None
    for index, line in enumerate(lines):
        if match := PLAN.match(line):
            planned = int(match[1])
            if planned == 0:
                count.skip(f"{name}: {match[2] or 'everything'}")
        elif match := RESULT.match(line):
            results += 1
            if match[1]:
                failures += 1
                count.fail(f"{name}: {match[2]}", details_after(lines, index))
            elif SKIP.search(match[2]):
                count.skip(f"{name}: {match[2]}")
            else:
                count.passed += 1
    return planned == results, failures


def count_program(count, name, text, errors, result):
    complete, failures = count_tap(count, name, text)
    if not complete or (failures == 0 and result not in ("OK", "SKIP", "EXPECTEDFAIL")):
        tail = text.splitlines()[-10:] + errors.splitlines()[-20:]
        count.fail(f"{name}: {'the program' if complete else 'incomplete'}, {result}", tail)


def main():
    count = Count()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8", errors="replace") as file:
            if not path.endswith(".json"):
                count_program(count, path.rpartition("/")[2], file.read(), "", "OK")
                continue
            for line in file:
                test = json.loads(line)
                count_program(count, test["name"], test.get("stdout", ""), test.get("stderr", ""),
                              test["result"])
    print(count.passed, count.failed, count.skipped)


if __name__ == "__main__":
    main()
