#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Faults of real nodes: power, cables, switches, quorum, resources and programs; what the trees of the
# survivors show, and when; and that nothing is half done, lost or left behind.
. "$(dirname "$0")/lab.sh"

lab_start 3 "$tests/lab.xml"
settle
serve

shown() { # I FILE: whatever it is, it comes at once
    timeout 2 cat "$(node_tree "$1")/$2" 2>&1
}

shows() { # I FILE VALUE
    [ "$(shown "$1" "$2")" = "$3" ]
}

# watch NAME I FILE VALUE: from now on somebody polls it; seen NAME PACEMAKER: it was woken no later than
# a second after Pacemaker said so, at PACEMAKER.
declare -A watching
watch() {
    "$python" -I -B "$tests/await.py" poll "$(node_tree "$2")/$3" "$4" 30 >"$1.at" 2>"$1.log" &
    watching[$1]=$!
}

seen() {
    if wait "${watching[$1]}"; then
        below "$1 is seen within a second of Pacemaker" $((1000 * slowness)) $(($(cat "$1.at") - $2))
    else
        not_passed "$1 is seen" "$(cat "$1.log")"
    fi
}

# said SECONDS I EXPECTED QUESTION...: when Pacemaker says so; nothing if it does not.
said() {
    local seconds=$1
    shift
    answers() {
        [ "$(referee "$1" "${@:3}")" = "$2" ]
    }
    wait_until "$seconds" answers "$@" && milliseconds
}

listen() { # I: to its events, into events.I
    cat "$(node_tree "$1")/events" >"events.$1" 2>&1 &
    listeners[$1]=$!
}
declare -A listeners

heard() { # I KIND CHANGE NAME VALUE
    cut -f2- "events.$1" | grep -qxF -- "$2"$'\t'"$3"$'\t'"$4"$'\t'"$5"
}

hears() { # NAME I KIND CHANGE NAME VALUE
    ok "$1" wait_until 3 heard "${@:2}"
}

all_well() { # NAME: with what was before
    ok "$1: all settles" settle
    agree "$1: trees and Pacemaker agree"
    ok "$1: nothing is left behind" wait_until 8 nothing_is_left "$(lab_first_running)"
}

return_node() { # I
    boot "$1"
    wait_until 20 all_online || not_passed "node $1 comes back"
    start_clusapid "$1"
    mount_node "$1"
}

# --- The owner's power is cut -----------------------------------------------------------------------

dead=$(node_tree 1)/groups/web/state
exec {held}<"$dead"
read -r before <&"$held"
is "a file of a node that is going to die" online "$before"
timeout 60 cat "$(node_tree 1)/events" >dead.events 2>&1 &
dead_reader=$!
for i in 2 3; do
    listen "$i"
    tell "$i" disk start 0 1
    watch "owner on node $i" "$i" groups/web/owner n2
done
sleep 0.3
cut_power 1
at=$(said 20 2 n2 where service)
seen "owner on node 2" "$at"
seen "owner on node 3" "$at"
for i in 2 3; do
    ok "node $i shows it online" wait_until 2 shows "$i" groups/web/state online
    ok "and the node down" wait_until 2 shows "$i" nodes/n1/state down
    hears "node $i has told that it was pending" "$i" group state web pending
    hears "and then online" "$i" group state web online
    hears "and its new owner" "$i" group owner web n2
    ok "in that order" eval 'grep -n $'"'group\tstate\tweb'"' events.'"$i"' | grep -A9 pending | grep -q "online$"'
    for link in 0 1; do
        ok "an interface of the dead node is unavailable" \
            wait_until 3 shows "$i" "interfaces/n1 - link$link/state" unavailable
        ok "the network is up for the others" wait_until 3 shows "$i" "networks/link$link/state" up
    done
done
is "a file of the dead node is an error, at once" 1 \
    "$(timeout 5 head -c 10 <&"$held" >/dev/null 2>&1; echo $?)"
exec {held}<&-
ok "who reads its events ends" wait_until 3 is_gone "$dead_reader"
return_node 1
untell 2 disk start
untell 3 disk start
all_well "after the power cut"

# --- Cables and switches ----------------------------------------------------------------------------

# interfaces_are I LINK STATE STATE STATE: of n1, n2 and n3, as node I sees them.
interfaces_are() {
    local n
    for n in 1 2 3; do
        shows "$1" "interfaces/n$n - link$2/state" "${*:n+2:1}" || return
    done
}

network_is() { # NAME I LINK STATE STATE STATE STATE: the network, and its interfaces
    ok "$1: the network is $4 to node $2" wait_until 4 shows "$2" "networks/link$3/state" "$4"
    ok "$1: interfaces are ${*:5}" wait_until 4 interfaces_are "$2" "$3" "${@:5}"
}

listen 1
watch "the partition" 1 networks/link0/state partitioned
unplug 2 0
reaches_nobody() {
    node_exec 1 corosync-cfgtool -n | grep -A1 'nodeid: 2 ' | grep -q 'LINK: 0 .* enabled mtu'
}
wait_until 5 reaches_nobody
seen "the partition" "$(milliseconds)"
network_is "a cable" 1 0 partitioned up unreachable up
network_is "a cable" 3 0 partitioned up unreachable up
ok "its own node sees the card fail" wait_until 4 shows 2 'interfaces/n2 - link0/state' failed
network_is "the other link" 1 1 up up up up
hears "it is told" 1 network state link0 partitioned
hears "and of the interface" 1 interface state 'n2 - link0' unreachable
is "the groups do not care" online "$(shown 1 groups/web/state)"
plug 2 0
network_is "the cable is back" 1 0 up up up up
network_is "the cable is back" 2 0 up up up up
switch_off 0
for i in 1 2 3; do
    ok "a switch: the network is down to node $i" wait_until 4 shows "$i" networks/link0/state down
done
hears "it is told" 1 network state link0 down
switch_on 0
network_is "the switch is back" 1 0 up up up up
network_is "the switch is back" 3 0 up up up up
all_well "after cables and switches"

# --- Quorum -----------------------------------------------------------------------------------------

# A switch and a cable together: node 2 is alone.
before=$(configuration_of 1)
switch_off 0
unplug 2 1
at=$(said 15 2 false quorum)
ok "node 2 says that it has lost the others" wait_until 2 shows 2 nodes/n1/state down
refuses() {
    [ "$(lab_deadline=3 change 2 unbuffered groups/web/state offline)" = EROFS ]
}
ok "it takes no change" wait_until 2 refuses
is "whatever kind of change" "EROFS EROFS EROFS EROFS" "$(change 2 unbuffered nodes/n2/state drained
    ) $(change 2 mkdir groups/new) $(change 2 unbuffered resources/service/properties/greeting x
    ) $(change 2 rmdir groups/spare)"
like "and says why" 'ERROR_CLUSTER_NO_QUORUM' "$(shown 2 last_error)"
ok "node 1 says so of node 2" wait_until 5 shows 1 nodes/n2/state down
put "and takes changes" 1 groups/spare/properties/Description 'Changed by the majority'
switch_on 0
plug 2 1
ok "all are together again" wait_until 20 all_online
ok "node 2 has what was changed meanwhile" wait_until 5 shows 2 groups/spare/properties/Description \
    'Changed by the majority'
put "and takes changes again" 2 groups/spare/properties/Description $'\n'
all_well "after the loss of quorum"

# --- In order --------------------------------------------------------------------------------------

owner=$(referee 1 where service)
i=${owner#n}
other=$((i % 3 + 1))
stop_node "$i"
ok "a node that has been stopped is down" wait_until 5 shows "$other" "nodes/$owner/state" down
ok "its group was moved before" shows "$other" groups/web/state online
return_node "$i"
ok "it is started and up" wait_until 5 shows "$other" "nodes/$owner/state" up
all_well "after an orderly stop"

# --- Resources -------------------------------------------------------------------------------------

for i in 1 2 3; do
    tell "$i" till start 1
done
put "a group" 1 groups/shop/state offline
ok "that cannot start any more" wait_until 10 shows 1 groups/shop/state offline
settle
listen 3
put "is told to" 2 groups/shop/state online
ok "has failed" wait_until 15 shows 1 groups/shop/state failed
ok "its resource too, on another node" wait_until 2 shows 3 resources/till/state failed
hears "that is told" 3 resource state till failed
settle
agree "Pacemaker says so"
for i in 1 2 3; do
    untell "$i" till start
done
put "online cleans up" 3 groups/shop/state online
ok "and starts it" wait_until 10 shows 1 groups/shop/state online
is "nothing is counted any more" "" "$(referee 1 counts | grep '^till ')"

owner=$(referee 1 where database)
i=${owner#n}
tell "$i" database stop 0 30
put "a resource whose stop hangs" 1 resources/database/state offline
ok "is pending" wait_until 3 shows 2 resources/database/state offline-pending
ok "and failed when its time is over" wait_until 15 shows 3 resources/database/state failed
settle
agree "Pacemaker calls it blocked"
untell "$i" database stop
put "online cleans up" 1 groups/database/state online
ok "and it runs" wait_until 10 shows 2 groups/database/state online

# Where it prefers to be, or it would leave at the first failure.
put "a group where it prefers to be" 1 groups/web/owner n1
said 10 1 n1 where service >/dev/null
put "a threshold" 1 groups/web/properties/FailoverThreshold 2
settle
owner=$(referee 1 where disk)
tell "${owner#n}" disk monitor 1
moved() {
    local now
    now=$(referee 1 where service) && [ -n "$now" ] && [ "$now" != "$owner" ]
}
ok "a monitor that fails to the threshold moves the group" wait_until 25 moved
untell "${owner#n}" disk monitor
settle
is "it was counted" "disk $owner 2" "$(referee 1 counts | grep '^disk ')"
all_well "after failures of resources"
node_exec 1 crm_resource --cleanup >/dev/null 2>&1
settle

# --- Pacemaker and Corosync are killed --------------------------------------------------------------

watch "node 3 without Corosync" 3 groups/web/state unknown
listen 3
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
start_engine 3
ok "Corosync is started again" wait_until 30 all_online
ok "and node 3 is well without anybody's doing" wait_until 5 shows 3 groups/web/state online
put "and takes changes" 3 groups/spare/properties/Description 'Well'
all_well "after Corosync was killed"

for i in 2 1; do
    "$python" -I -B - "$(node_tree "$i")" >"writes.$i" <<'END' &
import os, sys, time
path = sys.argv[1] + "/resources/part/properties/Description"
end = time.monotonic() + 3
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
    if time.monotonic() - begun > 10:
        print("late", number)
    time.sleep(0.02)
END
    writer=$!
    sleep "0.$i"
    node_kill "$i" KILL pacemaker-based
    wait "$writer"
    replace_pacemaker "$i"
    ok "node $i is online again" wait_until 20 all_online
    last=$(grep '^done ' "writes.$i" | tail -n 1 | cut -d' ' -f2)
    echo "# $(cut -d' ' -f1 "writes.$i" | uniq -c | xargs)"
    put "it takes changes when pacemaker-based is back" "$i" resources/till/properties/Description "$i"
    is "none of them was late" "" "$(grep late "writes.$i")"
    now=$(cib "$i" "//primitive[@id='part']" | grep -o ' description="[^"]*"' | cut -d'"' -f2)
    ok "the last that was said to be done, or one after it, is" test "${now:-0}" -ge "${last:-1}"
done
all_well "after pacemaker-based was killed"

# --- clusapid is killed -----------------------------------------------------------------------------

# Each kind of write while clusapid of its node is killed. What was said to be done has changed that part
# of the configuration; nothing is ever half done.
attempts=0
kill_during() { # DELAY XPATH CALL FILE ARGUMENT...
    local delay=$1 xpath=$2 before after writer
    shift 2
    before=$(cib 2 "$xpath" | md5sum)
    change 1 "$@" >write.result 2>&1 &
    writer=$!
    sleep "$delay"
    node_exec 1 kill -KILL "$(cat "$(node_path 1 /run/lab/clusapid.pid)")"
    wait "$writer"
    start_clusapid 1
    attempts=$((attempts + 1))
    results+="$(cat write.result) "
    after=$(cib 2 "$xpath" | md5sum)
    if [ -n "$xpath" ] && [ "$(cat write.result)" = ok ] && [ "$before" = "$after" ]; then
        not_passed "what was said to be done is done: $*" "$(cib 2 "$xpath")"
    fi
    node_exec 2 crm_verify --live-check --verbose >verify.log 2>&1 ||
        not_passed "the configuration is whole: $*" "$(cat verify.log)"
    if ! wait_until 5 shows 1 name lab; then
        not_passed "the mount goes on: $*" "$(shown 1 name)"
        lab_need_daemons
    fi
}

undo() { # CALL FILE ARGUMENT...: through another node, whether there is anything to undo or not
    change 2 "$@" >/dev/null 2>&1
}

results=
for delay in 0.04 0.15; do
    owner=n$((attempts % 3 + 1))
    kill_during "$delay" "" unbuffered groups/web/owner "$owner"
    ok "a move is over, and nothing left of it" wait_until 15 eval 'settle 5 && nothing_is_left 2'
    [[ $results != *"ok " ]] || is "and it went there" "$owner" "$(referee 2 where service)"
    kill_during "$delay" "//group[@id='shop']" unbuffered groups/shop/state offline
    settle
    undo unbuffered groups/shop/state offline
    settle
    kill_during "$delay" "//group[@id='shop']" unbuffered groups/shop/state online
    settle
    undo unbuffered groups/shop/state online
    kill_during "$delay" "//nodes" unbuffered nodes/n3/state drained
    undo unbuffered nodes/n3/state drained
    settle
    kill_during "$delay" "//nodes" unbuffered nodes/n3/state up
    undo unbuffered nodes/n3/state up
    kill_during "$delay" "//crm_config" mkdir groups/made
    undo mkdir groups/made
    kill_during "$delay" "//resources" unbuffered groups/made/create-resource $'ocf:lab:Puppet\tmade-part'
    undo unbuffered groups/made/create-resource $'ocf:lab:Puppet\tmade-part'
    kill_during "$delay" "//resources" unbuffered groups/made/properties/Description "killed $delay"
    kill_during "$delay" "//constraints" unbuffered groups/made/preferred_order $'n1\nn2'
    kill_during "$delay" "//constraints" unbuffered groups/made/dependency_expression \
        "[$(shown 2 groups/database/id)]"
    kill_during "$delay" "//resources" rename groups/made groups/remade
    undo rename groups/remade groups/made
    kill_during "$delay" "//resources" rmdir resources/made-part
    undo rmdir resources/made-part
    kill_during "$delay" "//crm_config" rmdir groups/made
    undo rmdir groups/made
    kill_during "$delay" "//crm_config" mkdir "registry/Killed"
    undo mkdir registry/Killed
    kill_during "$delay" "//crm_config" rmdir "registry/Killed"
    undo rmdir registry/Killed
done
echo "# $(xargs -n 1 <<<"$results" | sort | uniq -c | xargs)"
like "clusapid was killed in $attempts writes, before and after they were done" 'ok .*E|E.*ok ' "$results"
is "nothing refers to what is deleted" "" "$(configuration_of 1 | grep -oE '"(made|remade|made-part)"' | head -n 3)"
all_well "after clusapid was killed"
kill "${listeners[@]}" 2>/dev/null
lab_finish
