#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Faults of real nodes: power, cables, switches, quorum and resources; what the trees of the survivors
# show, and when; and that nothing is left behind.
. "$(dirname "$0")/lab.sh"
# shellcheck source-path=SCRIPTDIR
. "$tests/watching.sh"

lab_start 3 "$tests/lab.xml"
settle
serve

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
# Corosync may have each of the others alone before it has them together.
ok "with node 3 it is the majority" wait_until 10 eval 'is_quorate 1 && shows 1 nodes/n3/state up'
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
kill "${listeners[@]}" 2>/dev/null
lab_finish
