#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Opening a file opens a handle of its object, which lives as long as the open file; reading
# `cluster` asks that handle and leaves nothing behind. `handles` is the witness.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
start_daemon "$work/demo.cluster"
tree=$mountpoint/demo

held() { # KIND
    awk -v kind="$1" '$1 == kind { print $2 }' "$tree/handles"
}

# What is opened by looking around is closed again before the counts are compared.
ls -lR "$tree" >/dev/null
idle=$(cat "$tree/handles")
like "the kinds of handles are told" '^group 0$' "$idle"

declare -A files=(
    [group]=groups/web/state [network]=networks/public/state [node]=nodes/node1/state
    [resource]=resources/web-ip/state [interface]="interfaces/node1 - public/state"
)
for kind in group network node resource interface; do
    path=$tree/${files[$kind]}
    before=$(held "$kind")
    exec {fd}<"$path"
    is "an open file of a $kind holds a handle" $((before + 1)) "$(held "$kind")"
    exec {other}<"$path"
    is "two open files of a $kind hold two" $((before + 2)) "$(held "$kind")"
    cat <&"$fd" >/dev/null
    is "reading changes nothing ($kind)" $((before + 2)) "$(held "$kind")"
    exec {other}<&-
    is "one is closed ($kind)" $((before + 1)) "$(held "$kind")"
    exec {fd}<&-
    is "both are closed ($kind)" "$before" "$(held "$kind")"
done

for directory in groups/web networks/public nodes/node1 resources/web-ip "interfaces/node1 - public"; do
    instances=$(held cluster)
    exec {fd}<"$tree/$directory/cluster"
    is "opening ${directory%%/*}/.../cluster makes no instance" "$instances" "$(held cluster)"
    is "reading it asks the object's handle" demo "$(cat <&"$fd")"
    is "and leaves no instance behind" "$instances" "$(held cluster)"
    exec {fd}<&-
done

exec {fd}<"$tree/groups/web/name"
(exec {fd}<&-)
is "a copy of the descriptor that is closed closes nothing" 1 "$(held group)"
exec {fd}<&-
is "the last close does" 0 "$(held group)"

like "1000 open files hold 1000 handles" '^group 1000$' \
    "$(probe open-many "$tree/groups/web/state" 1000 "$tree/handles")"
like "also of another kind" '^network 300$' \
    "$(probe open-many "$tree/networks/public/cluster" 300 "$tree/handles")"
is "and then none" "$idle" "$(cat "$tree/handles")"

ok "reading everything" sh -c 'find "$1" -type f -exec cat {} + >/dev/null' - "$tree"
is "leaves no handle behind" "$idle" "$(cat "$tree/handles")"
ok "failing does neither" sh -c '! cat "$1/groups/none/state" "$1/nodes/none/name" 2>/dev/null' \
    - "$tree"
is "and leaves no handle behind" "$idle" "$(cat "$tree/handles")"

# A process that dies with files open gives its handles back.
"$python" -c 'import os, sys, time
files = [os.open(sys.argv[1], os.O_RDONLY) for _ in range(50)]
print("ready", flush=True); time.sleep(100)' "$tree/groups/web/state" >ready &
reader=$!
wait_until 10 grep -q ready ready
is "a process holds 50 handles" 50 "$(held group)"
kill -KILL "$reader"
wait "$reader" 2>/dev/null
no_groups() {
    [ "$(held group)" = 0 ]
}
ok "killed, it holds none" wait_until 5 no_groups
finish
