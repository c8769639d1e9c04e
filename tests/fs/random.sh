#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two mounts of one cluster stay one: changes at random through both, looked at through both.
. "$(dirname "$0")/lib.sh"

export CLUSAPI_NODE=n1
mkdir other
# The last seed is another one each time.
for seed in 1 2 $RANDOM; do
    make_cluster "$seed.cluster" "$tests/lab.cluster"
    start_daemon "$work/$seed.cluster"
    "$CLUSFS" -f "$work/$seed.cluster" "$work/other" >>"$log" 2>&1 </dev/null &
    second=$!
    wait_until 10 is_mounted "$work/other"
    is "two hundred changes with seed $seed" "" "$("$python" -I -B "$tests/random-changes.py" "$seed" 200 \
        "$slowness" "$mountpoint/lab" "$work/other/lab" 2>&1)"
    kill "$second"
    wait "$second"
    is "the second daemon ends in order" 0 $?
    stop_daemon
    ok "the file is whole" "$FSCK" "$seed.cluster"
done
finish
