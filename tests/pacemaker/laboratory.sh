#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The laboratory itself: that its nodes are a cluster, that power, cables and switches do what they
# are for, that resources do as they are told, and that nothing of it outlives a test. What more can be
# done to nodes faults.sh does.
. "$(dirname "$0")/lab.sh"

if [ "${1:-}" = victim ]; then
    lab_start 1
    sleep 60
    exit 1
fi

# --- Nothing remains -------------------------------------------------------------------------------

runs() { # PROGRAM: anywhere
    pgrep -x "$1"
}

env -u CLUSAPI_LAB -u CLUSFS_TEST_INSIDE "$BASH" "$0" victim >victim.log 2>&1 &
victim=$!
ok "a test starts a cluster" wait_until 30 runs pacemaker-based
kill -KILL "$victim"
wait "$victim" 2>/dev/null
ok "when the test is killed its nodes end" wait_until 5 eval '! runs "corosync|pacemaker.*"'

# --- A cluster -------------------------------------------------------------------------------------

runs_on() { # RESOURCE NODE [I]: the word of node I's Pacemaker
    [ "$(referee "${3:-$(lab_first_running)}" where "$1")" = "$2" ]
}

reaches() { # I LINK: how many others node I reaches on it
    node_exec "$1" corosync-cfgtool -n | grep -c "LINK: $2 .* connected"
}

is_reaching() { # I LINK NUMBER
    [ "$(reaches "$1" "$2")" = "$3" ]
}

lab_start 3 "$tests/lab.xml"
ok "resources are started" settle
is "the first choices" "n1 n2 n3" "$(referee 1 where service) $(referee 2 where database) $(referee 3 where till)"
is "a clone is everywhere" "n1 n2 n3" "$(referee 2 where watcher)"
is "what is to be stopped is" Stopped "$(referee 3 role part)"

# As the library has it and as crm_mon has it, which write it a little differently.
told() {
    sed -nE '/<nodes>/,/<\/node_history>/ { s/ count="[0-9]+"//; s| />|/>|; p }'
}
referee 2 status | told >told.referee
node_exec 2 crm_mon --one-shot --inactive --output-as=xml | told >told.crm_mon
same "the referee says what crm_mon does" told.crm_mon told.referee
below "of everything" -20 $((-$(grep -cE '<(node|resource|operation_history) ' told.referee)))

tell 1 service monitor 1
runs_twice() {
    [ "$(grep -c 'service start' "$(node_path 1 /run/puppet/log)")" -ge 2 ]
}
ok "a resource whose monitor fails is started again" wait_until 10 runs_twice
untell 1 service monitor
ok "and all settles" settle
tell 2 database stop 0 2
begun=$(milliseconds)
node_exec 2 crm_resource --resource database --force-stop >/dev/null 2>&1
below "an operation takes its time" -2000 $((begun - $(milliseconds)))
untell 2 database stop

# --- Power -----------------------------------------------------------------------------------------

cut_power 1
is "a node without power runs nothing" 113 "$(node_exec 1 true 2>/dev/null; echo $?)"
ok "its group runs elsewhere" wait_until 15 runs_on service n2
boot 1
ok "it comes back" wait_until 20 all_online

# --- Cables and switches ---------------------------------------------------------------------------

unplug 2 0
ok "a node without one cable reaches nobody on it" wait_until 5 is_reaching 2 0 0
is "it sees that" 0 "$(node_exec 2 cat /sys/class/net/eth0/carrier)"
ok "others reach each other" wait_until 5 eval 'is_reaching 1 0 1 && is_reaching 3 0 1'
is "and the other link is as it was" "2 2 2" "$(reaches 1 1) $(reaches 2 1) $(reaches 3 1)"
plug 2 0
ok "it is plugged again" wait_until 10 is_reaching 2 0 2
switch_off 1
ok "without a switch nobody reaches anybody" wait_until 5 is_reaching 1 1 0
is "but the cable is in" 1 "$(node_exec 1 cat /sys/class/net/eth1/carrier)"
switch_on 1
ok "it is on again" wait_until 10 is_reaching 1 1 2
isolate 3
ok "who is alone loses quorum" wait_until 10 eval '! is_quorate 3'
ok "the others keep it" is_quorate 1
rejoin 3
ok "and all are together again" wait_until 20 all_online
ok "a node is stopped in order" stop_node 3

# --- The service and a mount -----------------------------------------------------------------------

mkdir served
make_cluster served/demo.cluster
chown -R hacluster:haclient served
start_clusapid 1 "$work/served/demo.cluster"
mount_node 1
is "the mount of a node" demo "$(cat "$(node_path 1 /run/clusters/local/name)")"
is "the service has no rights of root" hacluster \
    "$(node_exec 1 stat -c %U "/proc/$(cat "$(node_path 1 /run/lab/clusapid.pid)")")"
lab_finish
