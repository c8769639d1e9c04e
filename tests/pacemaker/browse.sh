#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tree of a Pacemaker cluster at rest: the same on every node, and what Pacemaker and Corosync say
# of it; and the programs that walk trees.
. "$(dirname "$0")/lab.sh"

lab_start 3 "$tests/lab.xml"
settle
serve
tree=$(node_tree 1)

file_is() { # NAME FILE VALUE
    is "$1" "$3" "$(cat "$tree/$2" 2>&1)"
}

listed() { # DIRECTORY
    find "$tree/$1" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | paste -sd' '
}

leads() { # NAME LINK TARGET: by its last part
    is "$1" "$3" "$(basename "$(readlink "$tree/$2")")"
}

# --- All nodes -------------------------------------------------------------------------------------

agree "the trees of all nodes show what Pacemaker says"
for i in 1 2 3; do
    "$python" -I -B "$tests/../fs/tree.py" "$(node_tree "$i")" >"tree.$i"
done
same "nodes 1 and 2 show the same, to the last property" tree.1 tree.2
same "nodes 1 and 3 too" tree.1 tree.3
is "everything can be read" "" "$(grep -E '^(gone|unlisted) ' tree.1 | head -n 5)"
is "and is as long as its size says" "" "$(grep -E '^(file|link) .* False( |$)' tree.1 | head -n 5)"
below "there is much to see" -300 $((-$(wc -l <tree.1)))

# --- The cluster -----------------------------------------------------------------------------------

file_is "its name" name lab
like "its version is Pacemaker's" '^[0-9]+\.[0-9]+\.[0-9]+ Pacemaker' "$(cat "$tree/version")"
like "its id" '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' "$(cat "$tree/id")"
file_is "who may act" access all
like "the quorum" '^type node-majority' "$(cat "$tree/quorum")"
is "its nodes" "n1 n2 n3" "$(listed nodes)"
is "its groups" "database shop spare watch@n1 watch@n2 watch@n3 web" "$(listed groups)"
is "its networks" "link0 link1" "$(listed networks)"
is "its types" "" "$(comm -13 <(ls "$tree/types" | sort) <(
    printf '%s\n' ocf:heartbeat:IPaddr2 ocf:heartbeat:Filesystem ocf:lab:Puppet ocf:pacemaker:Dummy | sort))"
is "group sets are none of Pacemaker's" "" "$(listed groupsets 2>/dev/null)"

# --- Objects and what they have to do with each other -----------------------------------------------

for i in 1 2 3; do
    file_is "node n$i is up" "nodes/n$i/state" up
    file_is "its id" "nodes/n$i/id" "$i"
done
is "what is on a node, or would be" "spare watch@n1 web" "$(listed nodes/n1/groups)"
is "its interfaces" "n1 - link0 n1 - link1" "$(listed nodes/n1/interfaces)"
file_is "a group" groups/web/state online
leads "is on a node" groups/web/node n1
is "consists of" "disk service" "$(listed groups/web/resources)"
is "prefers" n1 "$(listed groups/web/preferred_owners)"
is "its file of that" n1 "$(cat "$tree/groups/web/preferred_order")"
leads "a resource is in a group" resources/disk/group web
file_is "is of a type" resources/disk/type ocf:lab:Puppet
is "depends on the one before it" disk "$(listed resources/service/dependencies)"
is "which says so too" service "$(listed resources/disk/dependents)"
is "may be on" "n1 n2" "$(listed resources/database/possible_owners)"
is "or anywhere" "n1 n2 n3" "$(listed resources/disk/possible_owners)"
file_is "a group waits for another" groups/shop/dependency_expression \
    "[$(cat "$tree/groups/database/id")]"
file_is "an instance of a clone" groups/watch@n2/state online
leads "is where its name says" groups/watch@n2/node n2
is "consists of" watcher@n2 "$(listed groups/watch@n2/resources)"
file_is "what is not to run" groups/spare/state offline
for link in 0 1; do
    file_is "network link$link" "networks/link$link/state" up
    file_is "has the address of its net" "networks/link$link/address" "10.7$((link + 1)).0.0"
    is "has an interface of each node" "n1 - link$link n2 - link$link n3 - link$link" \
        "$(listed "networks/link$link/interfaces")"
    for i in 1 2 3; do
        file_is "interface of n$i" "interfaces/n$i - link$link/state" up
        file_is "has the address that Corosync has" "interfaces/n$i - link$link/address" \
            "$(node_exec 1 corosync-cmapctl -g "nodelist.node.$((i - 1)).ring${link}_addr" | sed 's/.*= //')"
        leads "is of its node" "interfaces/n$i - link$link/node" "n$i"
    done
done

# --- Properties ------------------------------------------------------------------------------------

file_is "a parameter that is set" resources/service/properties/greeting welcome
is "one that is not is not listed, or has its default" "" \
    "$(cat "$tree/resources/disk/properties/greeting" 2>/dev/null | grep -vx hello)"
file_is "how often it is looked after, in milliseconds" \
    resources/disk/properties/IsAlivePollInterval 1000
file_is "that it is to run" groups/web/properties/PersistentState 1
file_is "that it is not to run" groups/spare/properties/PersistentState 0
file_is "the name of a node as a property" nodes/n1/properties/NodeName n1

# --- Programs --------------------------------------------------------------------------------------

walks() { # NAME COMMAND...: without a complaint
    local output
    output=$("${@:2}" 2>&1 >/dev/null)
    is "$1" "0 " "$? $output"
}

walks "find" find "$tree" -ls
walks "cat of all files" find "$tree" -type f -exec cat {} +
walks "grep -r" timeout 20 grep -r Puppet "$tree"
is "grep finds" "$tree/groups/spare/state" "$(grep -rlx offline --include=state "$tree/groups")"
walks "tar" tar -C "$tree" -cf "$work/tree.tar" .
walks "cp -a" cp -a "$tree" "$work/copy"
is "a copy has what the tree has" "" "$(diff -r --no-dereference -x handles -x last_error \
    "$tree" "$work/copy" 2>&1 | head -n 5)"
walks "as nobody, from node 2" node_exec 2 setpriv --reuid=65534 --regid=65534 --clear-groups \
    find /run/clusters/lab/groups -name state -exec cat {} +
lab_finish
