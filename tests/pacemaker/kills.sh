#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs of nodes that are killed, also in the middle of writes: what was said to be done is done, and
# nothing is half done, lost or left behind.
. "$(dirname "$0")/lab.sh"
# shellcheck source-path=SCRIPTDIR
. "$tests/watching.sh"

lab_start 3 "$tests/lab.xml"
settle
serve

# write_on I RESOURCE SECONDS: one number after the other to its description, through the tree of node I;
# what came of each, a line each, is in writes.I.
write_on() {
    "$python" -I -B - "$(node_tree "$1")/resources/$2/properties/Description" "$3" >"writes.$1" <<'END' &
import os, sys, time
path, seconds = sys.argv[1:]
end = time.monotonic() + float(seconds)
number = 0
while time.monotonic() < end:
    number += 1
    begun = time.monotonic()
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(fd, str(number).encode())
        finally:
            os.close(fd)
        print("done", number, flush=True)
    except OSError as error:
        print(error.strerror.replace(" ", "-"), number, flush=True)
    if time.monotonic() - begun > 12:  # a mount gives up after ten
        print("late", number)
    time.sleep(0.02)
END
    writer=$!
}

has_written() { # I
    [ "$(grep -c '^done ' "writes.$1")" -ge 3 ]
}

# nothing_is_lost I RESOURCE: of what was written there, in the word of the node itself and of another.
nothing_is_lost() {
    local last now j
    echo "# $(cut -d' ' -f1 "writes.$1" | uniq -c | xargs)"
    is "no write on node $1 was late" "" "$(grep late "writes.$1")"
    last=$(grep '^done ' "writes.$1" | tail -n 1 | cut -d' ' -f2)
    below "some were done" -2 $((-${last:-0}))
    for j in "$1" $(($1 % 3 + 1)); do
        now=$(cib "$j" "//primitive[@id='$2']" | grep -o ' description="[^"]*"' | cut -d'"' -f2)
        ok "the last that was said to be done, or one after it, is to node $j" \
            test "${now:-0}" -ge "${last:-1}"
    done
}

# --- Corosync is killed -----------------------------------------------------------------------------

watch "node 3 without Corosync" 3 groups/web/state unknown
write_on 3 part 2
wait_until 5 has_written 3
node_kill 3 KILL corosync
at=$(milliseconds)
seen "node 3 without Corosync" "$at"
begun=$(milliseconds)
result=$(change 3 unbuffered groups/spare/properties/Description 'Lost')
below "who changes something there is refused soon" 2000 $(($(milliseconds) - begun))
like "with a word that says why" '^(EHOSTUNREACH|EROFS|EAGAIN|ETIMEDOUT)$' "$result"
ok "what was known is still there" test -d "$(node_tree 3)/groups/web/resources/disk"
ok "the others see it down" wait_until 10 shows 1 nodes/n3/state down
is "and have the last word" "" "$(cat "$(node_tree 1)/groups/spare/properties/Description")"
wait "$writer"
start_engine 3
ok "Corosync is started again" wait_until 30 all_online
ok "and node 3 is well without anybody's doing" wait_until 5 shows 3 groups/web/state online
put "and takes changes" 3 groups/spare/properties/Description 'Well'
nothing_is_lost 3 part
all_well "after Corosync was killed"

# --- Pacemaker is killed ----------------------------------------------------------------------------

# On two nodes, each writing to its own.
write_on 2 till 3
writers=("$writer")
write_on 1 disk 3
writers+=("$writer")
put "a text" 2 resources/service/properties/Description 'To be taken away'
wait_until 5 has_written 1
wait_until 5 has_written 2
node_kill 2 STOP pacemaker-based
change 2 unbuffered resources/service/properties/Description $'\n' >taken 2>&1 &
writers+=($!)
sleep 0.4
node_kill 2 KILL pacemaker-based
sleep 0.6
node_kill 1 KILL pacemaker-based
wait "${writers[@]}"
for i in 2 1; do
    replace_pacemaker "$i"
done
ok "all nodes are online again" wait_until 20 all_online
for i in 2 1; do
    put "node $i takes changes when pacemaker-based is back" "$i" resources/database/properties/Description "$i"
done
nothing_is_lost 2 till
nothing_is_lost 1 disk
if [ "$(cat taken)" = ok ]; then
    is "what was said to be taken away is" "" "$(cib 2 "//primitive[@id='service']" | grep -o ' description="[^"]*"')"
fi
all_well "after pacemaker-based was killed"

# --- clusapid is killed -----------------------------------------------------------------------------

# Each kind of write while clusapid of its node is killed, sooner or later after it has begun, in
# $LAB_PASSES (1). What was said to be done has changed that part of the configuration, and nothing is ever
# half done.
delays=(1 5 12 25 60 250)
attempts=0
results=
kill_during() { # XPATH CALL FILE ARGUMENT...
    local xpath=$1 before after result
    shift
    # Node 2 was told of what was done before, node 1 is told of what is done now.
    before=$(cib 2 "$xpath")
    # Each pass begins with another one.
    result=$(kill_while "${delays[(attempts + pass) % ${#delays[@]}]}" "$@")
    start_clusapid 1
    attempts=$((attempts + 1))
    results+="$result "
    after=$(cib 1 "$xpath")
    if [ -n "$xpath" ] && [ "$result" = ok ] && [ "$before" = "$after" ]; then
        not_passed "what was said to be done is done: $*" "$after"
    fi
    node_exec 1 crm_verify --live-check --verbose --verbose >verify.log 2>&1 ||
        not_passed "the configuration is whole: $*" "$(cat verify.log)"
    if ! wait_until 5 shows 1 name lab; then
        not_passed "the mount goes on: $*" "$(shown 1 name)"
        lab_need_daemons
    fi
}

kill_while() { # MILLISECONDS CALL FILE ARGUMENT...
    local caller=("$python" -I -B "$tests/kill-while.py" "${lab_node[1]}"
        "$(cat "$(node_path 1 /run/lab/clusapid.pid)")" "$1")
    shift
    change 1 "$@"
}

# kill_in XPATH CALL FILE ARGUMENT...: and whether it was done or not, another node does it.
kill_in() {
    kill_during "$@"
    shift
    change 2 "$@" >/dev/null
}

for ((pass = 1; pass <= ${LAB_PASSES:-1}; pass++)); do
    owner=n$((pass % 2 + 2))
    kill_during "" unbuffered groups/web/owner "$owner"
    ok "a move is over, and nothing left of it" wait_until 15 eval 'settle 5 && nothing_is_left 2'
    [[ $results != *"ok " ]] || is "and it went there" "$owner" "$(referee 2 where service)"
    kill_in "//group[@id='shop']" unbuffered groups/shop/state offline
    settle
    kill_in "//group[@id='shop']" unbuffered groups/shop/state online
    kill_in "//primitive[@id='service']" unbuffered resources/service/state offline
    settle
    kill_in "//primitive[@id='service']" unbuffered resources/service/state online
    kill_in "//nodes" unbuffered nodes/n3/state drained
    settle
    kill_in "//nodes" unbuffered nodes/n3/state up
    kill_in "//nodes" unbuffered nodes/n3/properties/Description "Killed $pass"
    kill_in "//crm_config" mkdir groups/made
    kill_in "//resources" unbuffered groups/made/create-resource $'ocf:lab:Puppet\tmade-part'
    kill_in "//resources" unbuffered groups/made/properties/Description "killed $pass"
    kill_in "//resources" unbuffered groups/made/properties/FailoverThreshold "$pass"
    kill_in "//resources" unbuffered resources/made-part/properties/greeting "killed $pass"
    kill_in "//constraints" unlink resources/made-part/possible_owners/n3
    kill_in "//constraints" symlink ../../../nodes/n3 resources/made-part/possible_owners/n3
    kill_in "//constraints" unbuffered groups/made/preferred_order $'n1\nn2'
    kill_in "//constraints" unbuffered groups/made/dependency_expression "[$(shown 2 groups/database/id)]"
    kill_during "//resources" rename groups/made groups/remade
    change 2 rename groups/remade groups/made >/dev/null
    kill_in "//resources" rmdir resources/made-part
    kill_in "//crm_config" rmdir groups/made
    kill_in "//crm_config" mkdir registry/Killed
    kill_in "//crm_config" unbuffered registry/Killed/.values/count "$pass"
    kill_in "//crm_config" unlink registry/Killed/.values/count
    kill_in "//crm_config" rmdir registry/Killed
done
echo "# $(xargs -n 1 <<<"$results" | sort | uniq -c | xargs)"
like "clusapid was killed in $attempts writes, before and after they were done" 'ok .*E|E.*ok ' "$results"
is "nothing refers to what is deleted" "" "$(configuration_of 1 | grep -oE '"(made|remade|made-part)"' | head -n 3)"
all_well "after clusapid was killed"
lab_finish
