#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes of all kinds through two mounts of one cluster, at random, and while everything is looked
at; after each the two mounts agree within their time.

random-changes.py SEED STEPS SECONDS TREE OTHER: prints where they did not. Standard library alone.
"""
import os
import random
import stat
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import change  # noqa: E402

NODES = ["n1", "n2", "n3"]


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Changes:
    """One change of each kind to what a tree holds now."""

    def __init__(self, chance, tree):
        self.chance, self.tree = chance, tree
        self.groups, self.resources, self.sets, self.networks = (
            sorted(os.listdir(f"{tree}/{kind}"))
            for kind in ("groups", "resources", "groupsets", "networks"))

    def group(self):
        return f"{self.tree}/groups/{self.chance.choice(self.groups)}"

    def resource(self):
        return f"{self.tree}/resources/{self.chance.choice(self.resources)}"

    def set(self):
        return f"{self.tree}/groupsets/{self.chance.choice(self.sets)}"

    def new(self):
        return self.chance.choice("abc") + str(self.chance.randrange(5))

    def make_group(self):
        os.mkdir(f"{self.tree}/groups/{self.new()}")

    def delete_group(self):
        os.rmdir(self.group())

    def delete_resource(self):
        os.rmdir(self.resource())

    def rename_group(self):
        os.rename(self.group(), f"{self.tree}/groups/{self.new()}")

    def rename_resource(self):
        os.rename(self.resource(), f"{self.tree}/resources/{self.new()}")

    def rename_network(self):
        os.rename(f"{self.tree}/networks/{self.chance.choice(self.networks)}",
                  f"{self.tree}/networks/{self.new()}")

    def network_role(self):
        write(f"{self.tree}/networks/{self.chance.choice(self.networks)}/role",
              self.chance.choice(["none", "internal", "client"]))

    def make_resource(self):
        write(self.group() + "/create-resource",
              self.chance.choice(["Plain", "Needy", "Broken"]) + "\t" + self.new())

    def move_group(self):
        write(self.group() + "/owner", self.chance.choice(NODES))

    def group_state(self):
        write(self.group() + "/state", self.chance.choice(["online", "offline"]))

    def resource_state(self):
        write(self.resource() + "/state", self.chance.choice(["online", "offline", "failed"]))

    def node_state(self):
        write(f"{self.tree}/nodes/{self.chance.choice(NODES)}/state",
              self.chance.choice(["up", "up", "paused", "down", "drained"]))

    def change_group(self):
        resource = self.resource()
        group = os.path.basename(os.readlink(resource + "/group"))
        name = os.path.basename(resource)
        os.rename(f"{self.tree}/groups/{group}/resources/{name}",
                  f"{self.group()}/resources/{name}")

    def make_set(self):
        os.mkdir(f"{self.tree}/groupsets/{self.new()}")

    def delete_set(self):
        os.rmdir(self.set())

    def add_to_set(self):
        name = os.path.basename(self.group())
        os.symlink(f"../../../groups/{name}", f"{self.set()}/groups/{name}")

    def take_from_set(self):
        directory = self.set() + "/groups"
        os.unlink(f"{directory}/{self.chance.choice(os.listdir(directory))}")

    def wait_for_set(self):
        write(self.chance.choice([self.group, self.set])() + "/dependency_expression",
              self.chance.choice(["", f"[{os.path.basename(self.set())}]"]))

    def depend(self):
        name = os.path.basename(self.resource())
        os.symlink(f"../../../resources/{name}", f"{self.resource()}/dependencies/{name}")

    def depend_no_more(self):
        directory = self.resource() + "/dependencies"
        os.unlink(f"{directory}/{self.chance.choice(os.listdir(directory))}")

    def prefer(self):
        node = self.chance.choice(NODES)
        os.symlink(f"../../../nodes/{node}", f"{self.group()}/preferred_owners/{node}")

    def prefer_no_more(self):
        os.unlink(f"{self.group()}/preferred_owners/{self.chance.choice(NODES)}")

    def allow(self):
        node = self.chance.choice(NODES)
        os.symlink(f"../../../nodes/{node}", f"{self.resource()}/possible_owners/{node}")

    def allow_no_more(self):
        os.unlink(f"{self.resource()}/possible_owners/{self.chance.choice(NODES)}")

    def describe(self):
        write(self.chance.choice([self.group, self.resource, self.set])() + "/properties/Description",
              "d" * self.chance.randrange(20))


KINDS = [name for name in vars(Changes) if not name.startswith("_")
         and name not in ("group", "resource", "set", "new")]
# What is there for long is changed more often.
WEIGHTS = [1 if name.startswith("delete") else 3 for name in KINDS]


def kept(path, status):
    """What the kernel keeps of a file; its text it asks for each time."""
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(path)
    return "" if os.path.basename(path) in change.OWN else str(status.st_size)


def look(tree, describe=kept):
    try:
        return list(change.lines_of(tree, describe))
    except OSError as error:
        return [str(error)]


def agree(trees, seconds, describe=kept):
    """How the mounts still differ when the time is over; nothing when they do not."""
    end = time.monotonic() + seconds
    while True:
        one, other = (look(tree, describe) for tree in trees)
        if one == other:
            return []
        if time.monotonic() > end:
            return ([f"- {line}" for line in one if line not in other]
                    + [f"+ {line}" for line in other if line not in one])
        time.sleep(0.01)


def change_some(chance, trees):
    """Makes one change or some at once; returns which."""
    made = []
    for _ in range(chance.choice([1, 1, 1, 3])):
        kind, number = chance.choices(KINDS, WEIGHTS)[0], chance.randrange(2)
        try:
            getattr(Changes(chance, trees[number]), kind)()
            made.append(f"{kind} through {number}")
        except (OSError, IndexError):
            pass
    return made


def main():
    seed, steps, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    trees = sys.argv[4:6]
    chance = random.Random(seed)
    wrong, done = 0, 0
    while done < steps and wrong < 3:
        made = change_some(chance, trees)
        if not made:
            continue
        done += 1
        # What is looked at while it changes is the hardest.
        if chance.random() < 0.7:
            look(chance.choice(trees))
        differences = agree(trees, seconds)
        if differences:
            wrong += 1
            print(f"step {done}: {', '.join(made)}:", *differences[:8], sep="\n")
    print(*agree(trees, seconds, change.describe), end="")


main()
