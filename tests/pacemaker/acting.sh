#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Verbs on a real cluster, those too that no file is for, and what is left of them when the service ends
# in the middle: of two services on two nodes the other one finishes. What to ask the program is in
# acting.c.
. "$(dirname "$0")/lab.sh"
# shellcheck disable=SC2034
program_path=${ACTING#"$CLUSAPI_BUILD/"}
# shellcheck source-path=SCRIPTDIR
. "$tests/program.sh"

# asked NAME CODE I COMMAND...: the program on node I answers with that code.
asked() {
    local name=$1 code=$2
    shift 2
    like "$name" "^$code " "$(ask "$@")"
}

is_at() { # RESOURCE NODE
    [ "$(referee 1 where "$1")" = "$2" ]
}

# arrives NAME RESOURCE NODE: there, and nothing is left; and it stays.
arrives() {
    ok "$1" wait_until 15 is_at "$2" "$3"
    ok "nothing is left of it" wait_until 8 nothing_is_left 1
    settle
    is "and it stays" "$3" "$(referee 1 where "$2")"
}

starts() { # RESOURCE: how often it was started, on all nodes together
    cat "$work"/n?/puppet.log 2>/dev/null | grep -c "^$1 start" || :
}

# The nodes' logs of operations, where they can be read at once.
collect() {
    local i
    for ((i = 1; i <= lab_size; i++)); do
        cat "$(node_path "$i" /run/puppet/log)" >"$work/n$i/puppet.log" 2>/dev/null
    done
}

is_started_more_than() { # NUMBER RESOURCE
    collect
    [ "$(starts "$2")" -gt "$1" ] && [ "$(referee 1 role "$2")" = Started ]
}

# other_than NODE...: a node that is none of these.
other_than() {
    local node
    for node in n1 n2 n3; do
        if [[ " $* " != *" $node "* ]]; then
            echo "$node"
            return
        fi
    done
}

# killed I COMMAND...: told to the program of node I, which ends before anything can come of it.
killed() {
    ask "$@" >/dev/null
    tell_program "$1" leave now
    wait_until 5 is_gone "${program[$1]}"
}

lab_start 3 "$tests/lab.xml"
settle
start_program 1
is "one service" ok "$(hear 1)"
start_program 2
is "another service" ok "$(hear 2)"

# --- Restart ---------------------------------------------------------------------------------------

collect
before=$(starts service)
at=$(referee 1 where disk)
asked "a restart is begun" 997 1 restart disk
ok "what depends on it is restarted too" wait_until 15 is_started_more_than "$before" service
arrives "where it was" disk "$at"
asked "move the lone resource to where it prefers not to be" 997 1 move database n1
arrives "it goes" database n1
collect
before=$(starts database)
asked "restart it" 997 2 restart database
ok "it is restarted" wait_until 15 is_started_more_than "$before" database
arrives "where it was" database n1

# --- Moves -----------------------------------------------------------------------------------------

at=$(referee 1 where till)
asked "a move to the best node" 997 1 move shop
left_for_another() {
    local now
    now=$(referee 1 where till)
    [ -n "$now" ] && [ "$now" != "$at" ]
}
ok "is one to another" wait_until 15 left_for_another
settle
at=$(referee 1 where till)
tell "${at#n}" till stop 0 3
asked "a move that takes long" 997 1 move shop "$(other_than "$at")"
is "is under way" "pending $at" "$(sleep 1.5; ask 1 state shop)"
asked "and cannot be begun again" 5023 2 move shop "$(other_than "$at")"
asked "is cancelled by the other service" '(0|997)' 2 cancel shop
arrives "it comes back" till "$at"
asked "what does not move is not cancelled" 5023 1 cancel shop
untell "${at#n}" till stop

to=$(other_than "$at")
tell "${to#n}" till start 1
asked "a move to where it cannot start" 997 1 move shop "$to"
ok "nothing is left of it" wait_until 10 nothing_is_left 1
settle
like "it runs elsewhere" "^online n" "$(referee 1 group shop)"
untell "${to#n}" till start
asked "a move there when it can" 997 1 move shop "$to"
arrives "starts it, as what failed is forgotten" till "$to"

node_exec 1 crm_resource --resource shop --meta --set-parameter resource-stickiness \
    --parameter-value INFINITY >/dev/null
at=$to to=$(other_than "$to")
asked "a move of what sticks to its node" 997 1 move shop "$to"
arrives "goes all the same" till "$to"

asked "what is offline is moved" 0 1 move spare n3
asked "by its name alone" 0 1 move spare n2
is "so that it is where it was told" "offline n2" "$(ask 1 state spare)"
asked "online" 997 2 online spare
arrives "it is there" part n2
is "which nothing has to remember any more" "" "$(cib 1 "//*[@id='clusapi-owners']")"
asked "offline again" 997 1 offline spare

# --- The service ends ------------------------------------------------------------------------------

at=$to to=$(other_than "$to")
tell "${at#n}" till stop 0 2
killed 1 move shop "$to"
is "what the service has begun is there when it is gone" 'id="clusapi-move-shop"' \
    "$(leftovers 2 | head -n 1)"
arrives "and comes about without it" till "$to"
untell "${at#n}" till stop
start_program 1
hear 1 >/dev/null

collect
before=$(starts till)
tell "${to#n}" till stop 0 2
killed 1 restart till
ok "a restart is finished by the other" wait_until 20 is_started_more_than "$before" till
arrives "where it was" till "$to"
start_program 1
hear 1 >/dev/null

killed 1 destroy shop
is_deleted() { # ID
    [ -z "$(cib 2 "/cib/configuration//*[@id='$1']")" ]
}
ok "a group that was to go is deleted by the other when it is offline" wait_until 20 is_deleted shop
ok "with its resource, and all that nodes knew of it" wait_until 5 is_deleted till
is "and what referred to it" "" "$(cib 2 '//constraints/*[@rsc="shop" or @then="shop"]')"
collect
is "its resource was stopped" "till stop" "$(sed -n 's/^\(till [a-z]*\).*/\1/p' "$work/$to/puppet.log" | tail -n 1)"
end_program 2 "the service ends"

node_exec 3 cibadmin --create --scope constraints --xml-text '
    <rsc_location id="clusapi-move-web" rsc="web"><rule id="old" score="INFINITY"
    boolean-op="and"><expression id="old-node" attribute="#uname" operation="eq" value="n3"/>
    <date_expression id="old-end" operation="lt" end="2020-01-01 00:00:00Z"/></rule></rsc_location>'
ok "what has no service left" test -n "$(leftovers 3)"
settle
is "means nothing when its time is over" n1 "$(referee 3 where disk)"
start_program 2
hear 2 >/dev/null
ok "and is removed by the next service" wait_until 10 nothing_is_left 1
start_program 1
hear 1 >/dev/null

# --- Nodes -----------------------------------------------------------------------------------------

at=$(referee 1 where disk)
asked "no node is paused without draining" 50 1 pause-only "$at"
asked "drain to a node" 997 1 pause "$at" "$(other_than "$at")"
arrives "all goes there" disk "$(other_than "$at")"
asked "bring back what was drained" 0 2 resume "$at" back
arrives "it comes" disk "$at"
asked "a node that is up is not evicted" 5009 1 evict n3
cut_power 3
is_down() {
    [ "$(referee 1 node n3)" = down ]
}
ok "a node is cut off" wait_until 15 is_down
asked "nor one that Corosync still knows" 50 1 evict n3
for i in 1 2; do
    lab_size=2 lab_corosync_conf >"$work/n$i/etc-corosync/corosync.conf"
done
ok "which its file is changed for" node_exec 1 corosync-cfgtool -R
evicts() {
    [[ $(ask 1 evict n3) == "0 "* ]]
}
ok "it is evicted then" wait_until 10 evicts
is "nothing of it is left" "" "$(cib 2 '//*[@uname="n3" or @node="n3"]')"

# --- Groups ----------------------------------------------------------------------------------------

settle
asked "a group" 0 1 group more
asked "with a resource" 0 1 resource more more-part ocf:lab:Puppet
at=$(referee 1 where disk)
asked "goes online" 997 1 online more "$at"
arrives "where it is told to" more-part "$at"
collect
before=$(starts more-part)
asked "a resource that runs changes its group" 0 1 change more-part web
settle
is "to which it belongs" "web" "$(cib 1 "//group[primitive/@id='more-part']" | grep -o 'group id="[^"]*"' | cut -d'"' -f2)"
collect
is "and runs on" "$before" "$(starts more-part)"
asked "the group is renamed while it runs" 0 1 rename-group web site
settle
collect
is "and runs on" "$before online" "$(starts more-part) $(referee 1 group site | cut -d' ' -f1)"
asked "its resource is not" 5019 1 rename-resource more-part more-less
asked "what is empty is deleted" 0 2 delete-group more
ok "the configuration is whole" node_exec 1 crm_verify --live-check
ok "nothing is left" wait_until 8 nothing_is_left 1
end_program 1 "one service ends"
end_program 2 "and the other"
lab_finish
