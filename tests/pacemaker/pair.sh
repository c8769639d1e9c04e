#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two nodes with a quorum device, whose server is outside of them: what the trees say of it, and who goes
# on alone by its vote. And a node whose pacemakerd is killed, while all that it started lives on.
for program in corosync-qdevice corosync-qnetd; do
    if ! command -v "$program" >/dev/null; then
        echo "1..0 # SKIP there is no $program"
        exit 0
    fi
done
. "$(dirname "$0")/lab.sh"
# shellcheck source-path=SCRIPTDIR
. "$tests/watching.sh"

server_address=10.71.0.254
device=net:$server_address
# shellcheck disable=SC2034 # of corosync.conf
lab_device="device {
    model: net
    votes: 1
    timeout: 1300
    sync_timeout: 3000
    net {
      host: $server_address
      algorithm: ffsplit
      tls: off
    }
  }"

start_server() {
    corosync-qnetd -f -4 -s off -S "lock_file=$work/qnetd.pid,local_socket_file=$work/qnetd.socket" \
        >>qnetd.log 2>&1 &
    server=$!
}

stop_server() {
    kill -KILL "$server"
    wait "$server" 2>/dev/null
}

total_votes() { # I: Corosync's own word
    node_exec "$1" corosync-quorumtool -s | sed -n 's/^Total votes: *//p'
}

# votes_said SECONDS I VOTES: when Corosync says so; nothing if it does not.
votes_said() {
    votes_are() {
        [ "$(total_votes "$1")" = "$2" ]
    }
    wait_until "$1" votes_are "$2" "$3" && milliseconds
}

# look_for NAME I FILE VALUE: as watch, of a file that poll says nothing of.
look_for() {
    "$python" -I -B "$tests/await.py" look "$(node_tree "$2")/$3" "$4" 30 >"$1.at" 2>"$1.log" &
    watching[$1]=$!
}

tree_votes() { # I: of the nodes and of the device, those that count
    local votes=0 file
    for file in "$(node_tree "$1")"/{nodes/*/properties/DynamicWeight,properties/WitnessDynamicWeight}; do
        votes=$((votes + $(cat "$file")))
    done
    echo "$votes"
}

lab_start 2 "$tests/lab.xml"
ip address add "$server_address/24" dev switch0
settle
serve

# --- The device comes and goes ---------------------------------------------------------------------

for i in 1 2; do
    is "node $i: a device that is configured is a witness" "type node-and-witness-majority
resource $device" "$(shown "$i" quorum)"
    is "but has no vote before it is there" "0 2" "$(shown "$i" properties/WitnessDynamicWeight
        ) $(tree_votes "$i")"
    listen "$i"
done
look_for "the device's vote" 1 properties/WitnessDynamicWeight 1
start_server
for i in 1 2; do
    node_daemon "$i" qdevice corosync-qdevice -f
done
seen "the device's vote" "$(votes_said 10 1 3)"
votes_said 10 2 3 >/dev/null
for i in 1 2; do
    ok "node $i shows its vote" wait_until 2 shows "$i" properties/WitnessDynamicWeight 1
    is "and all votes that Corosync counts" "$(total_votes "$i")" "$(tree_votes "$i")"
    hears "it is told" "$i" quorum state "$device" online
done

# Corosync tells nobody of this, as there is quorum without it.
look_for "the loss of the device" 2 properties/WitnessDynamicWeight 0
stop_server
seen "the loss of the device" "$(votes_said 10 2 2)"
hears "it is told as a failure" 2 quorum state "$device" failed
is "of the same device" "resource $device" "$(shown 2 quorum | tail -n 1)"
put "and changes are made" 2 groups/spare/properties/Description 'Without the device'
start_server
wait_until 10 votes_said 1 1 3
ok "it is back" wait_until 2 shows 1 properties/WitnessDynamicWeight 1

# --- pacemakerd is killed ---------------------------------------------------------------------------

parts() { # I: those that pacemakerd has started
    local part
    for part in based fenced execd attrd schedulerd controld; do
        node_pid "$1" "pacemaker-$part"
    done | xargs
}

runs_on() { # NODE RESOURCE, as node 2 says
    [ "$(referee 2 where "$2")" = "$1" ]
}

tree_states() { # I
    (cd "$(node_tree "$1")" && grep -r . --include=state --include=owner groups nodes resources | sort)
}

trees_are_true() {
    [ -z "$(disagreement 2)" ] && diff <(tree_states 1) <(tree_states 2)
}

settle
before=$(parts 1)
node_kill 1 KILL pacemakerd
ok "without pacemakerd" eval '! node_pid 1 pacemakerd'
is "its parts live on" "$before" "$(parts 1)"
# Crm_mon of that node says nothing without it.
ok "both trees show what the other node's Pacemaker says" wait_until 3 trees_are_true
put "a change is made through its node" 1 groups/spare/properties/Description 'Without pacemakerd'
is "and has come to the other" 'Without pacemakerd' \
    "$(cib 2 "//group[@id='spare']" | grep -o ' description="[^"]*"' | cut -d'"' -f2)"
put "what is asked for there" 1 groups/database/owner n1
ok "is done" wait_until 10 runs_on n1 database
ok "and seen" wait_until 2 shows 2 groups/database/owner n1
start_engine 1
ok "pacemakerd starts again" wait_until 5 node_pid 1 pacemakerd
is_adopted() {
    is_whole 1 && settle 1
}
ok "and goes on with the same parts" wait_until 10 is_adopted
is "that live" "$before" "$(parts 1)"
ok "nobody was told of a loss" eval '! grep -E "unreachable|unknown" events.*'
all_well "when pacemakerd is back"

# Now there is nobody to replace what ends.
node_kill 1 KILL pacemakerd
watch "a node without pacemaker-based" 1 groups/web/state unknown
node_kill 1 KILL pacemaker-based
at=$(milliseconds)
seen "a node without pacemaker-based" "$at"
begun=$(milliseconds)
like "a change there is refused with a word that says why" '^(EHOSTUNREACH|EAGAIN|ETIMEDOUT)$' \
    "$(change 1 unbuffered groups/spare/properties/Description 'Lost')"
below "and soon" 2000 $(($(milliseconds) - begun))
ok "what was known is still there" test -d "$(node_tree 1)/groups/web/resources/disk"
put "the other node takes changes" 2 groups/spare/properties/Description 'By the other'
start_engine 1
ok "pacemakerd starts all of it again" wait_until 20 is_whole 1
ok "and the node is well without anybody's doing" wait_until 10 shows 1 groups/spare/properties/Description \
    'By the other'
put "and takes changes" 1 groups/spare/properties/Description 'Well'
all_well "after pacemaker-based was killed"

# --- Alone by the device's vote ---------------------------------------------------------------------

cut_power 2
wait_until 10 shows 1 nodes/n2/state down
ok "the node that is left has quorum by the device" wait_until 10 eval '[ "$(referee 1 quorum)" = true ]'
ok "and two of three votes" wait_until 2 eval '[ "$(tree_votes 1) $(total_votes 1)" = "2 2" ]'
ok "all groups run on it" wait_until 15 shows 1 groups/database/state online
put "it takes changes" 1 groups/spare/properties/Description 'Alone'
look_for "the loss of the device, alone" 1 properties/WitnessDynamicWeight 0
stop_server
seen "the loss of the device, alone" "$(votes_said 10 1 1)"
hears "it is told that there is no quorum" 1 quorum state "$device" offline
is "changes are refused" EROFS "$(change 1 unbuffered groups/spare/properties/Description 'Without quorum')"
start_server
ok "the device is back" votes_said 10 1 2
takes_changes() {
    [ "$(change 1 unbuffered groups/spare/properties/Description 'With the device')" = ok ]
}
ok "and so are quorum and changes" wait_until 10 takes_changes
is "the last that is told of it" online "$(grep -P '\tquorum\tstate\t' events.1 | tail -n 1 | cut -f5)"

node_exec 1 sed -i '/^ *device {$/,/^  }$/d' /etc/corosync/corosync.conf
node_exec 1 corosync-cfgtool -R >/dev/null
ok "without a device in the configuration a majority of the nodes decides" wait_until 3 \
    shows 1 quorum 'type node-majority'
kill "${listeners[@]}" 2>/dev/null
lab_finish
