#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the file system calls of the API for open, read and close, counted: opening acquires one
# handle, reading `cluster` resolves it once and closes what that gave, closing lets the handle go.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
export COUNT_CALLS=$work/calls
LD_PRELOAD=$CALL_COUNTER start_daemon "$work/demo.cluster"
tree=$mountpoint/demo

# Keeps the daemon from being asked for names and attributes while calls are counted.
warm() {
    stat -- "$1" >/dev/null && : >"$COUNT_CALLS"
}

calls() {
    sort "$COUNT_CALLS" | uniq -c | awk '{ printf "%s%s %d", (NR > 1 ? ", " : ""), $2, $1 }'
}

declare -A directories=(
    [Group]=groups/web [Network]=networks/public [Node]=nodes/node1 [Resource]=resources/web-ip
    [NetInterface]="interfaces/node1 - public"
)
for kind in Group Network Node Resource NetInterface; do
    file=$tree/${directories[$kind]}/cluster
    # The kernel may ask for attributes again at any time; then it is tried again.
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        warm "$file"
        exec {fd}<"$file"
        opened=$(calls)
        : >"$COUNT_CALLS"
        text=$(dd bs=4096 count=1 status=none <&"$fd")
        read=$(calls)
        : >"$COUNT_CALLS"
        exec {fd}<&-
        wait_until 2 test -s "$COUNT_CALLS"
        closed=$(calls)
        [ "$opened, $closed" != "OpenCluster${kind}Ex 1, CloseCluster$kind 1" ] || break
    done
    is "opening a file of a $kind is one OpenCluster${kind}Ex" "OpenCluster${kind}Ex 1" "$opened"
    is "reading its cluster is one GetClusterFrom$kind, closed again" \
        "CloseCluster 1, GetClusterFrom$kind 1" "$read"
    is "which names the cluster" demo "$text"
    is "closing it is one CloseCluster$kind" "CloseCluster$kind 1" "$closed"
done

exec {fd}<"$tree/groups/web/cluster"
: >"$COUNT_CALLS"
"$python" -I -c 'import os, sys
for _ in range(5):
    os.pread(int(sys.argv[1]), 4096, 0)' "$fd"
exec {fd}<&-
like "each read from the start asks anew" 'GetClusterFromGroup 5' "$(calls)"

finish
