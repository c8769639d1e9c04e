#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Properties and the cluster database of a Pacemaker cluster: what is written through the tree of one node
# is what Pacemaker has, is in the tree of the other, and is there again after the power was cut.
. "$(dirname "$0")/lab.sh"

lab_start 2 "$tests/lab.xml"
settle
serve
tree=$(node_tree 1)
other=$(node_tree 2)

epoch() {
    node_exec 1 cibadmin --query | grep -o -m 1 ' epoch="[0-9]*"' | tr -dc 0-9
}

meta() { # RESOURCE NAME
    node_exec 1 crm_resource --resource "$1" --meta --get-parameter "$2" 2>/dev/null
}

parameter() { # RESOURCE NAME
    node_exec 1 crm_resource --resource "$1" --get-parameter "$2" 2>/dev/null
}

operation() { # RESOURCE OPERATION ATTRIBUTE
    cib 1 "//primitive[@id='$1']/operations/op[@name='$2']" | grep -o " $3=\"[^\"]*\"" | cut -d'"' -f2
}

shows() { # FILE VALUE: on the other node
    [ "$(cat "$other/$1" 2>/dev/null)" = "$2" ]
}

seen() { # NAME FILE VALUE
    wait_until 3 shows "$2" "$3"
    is "$1" "$3" "$(cat "$other/$2" 2>&1)"
}

# --- Common properties -----------------------------------------------------------------------------

put "the description of a group" 1 groups/web/properties/Description 'a site <of "ours">'
seen "is on the other node" groups/web/properties/Description 'a site <of "ours">'
put "one that is not English" 1 groups/web/properties/Description 'für alle: 網站'
seen "too" groups/web/properties/Description 'für alle: 網站'
is "Pacemaker can read all of it" 0 "$(node_exec 1 crm_verify --live-check >verify.log 2>&1; echo $?)"
put "how often it may fail" 1 groups/web/properties/FailoverThreshold 5
is "is its threshold" 5 "$(meta web migration-threshold)"
seen "and one less its resources' restarts" resources/disk/properties/RestartThreshold 4
put "for how long that counts" 1 groups/web/properties/FailoverPeriod 3
is "in hours" 3h "$(meta web failure-timeout)"
seen "is told by its resources in milliseconds" resources/disk/properties/RestartPeriod 10800000
put "how often a resource is looked after" 2 resources/disk/properties/IsAlivePollInterval 2500
is "is its monitor's interval" 2500ms "$(operation disk monitor interval)"
put "how long it may take" 1 resources/disk/properties/PendingTimeout 45000
is "is the timeout of its start" 45s "$(operation disk start timeout)"
is "and of its stop" 45s "$(operation disk stop timeout)"
put "that it may not move" 1 groups/shop/properties/LockedFromMoving 1
is "is that it is not managed" false "$(meta shop is-managed)"
seen "which its status tells" groups/shop/properties/StatusInformation 1
put "and that it may" 2 groups/shop/properties/LockedFromMoving 0
is "is not set any more" "" "$(cib 1 "//group[@id='shop']//nvpair[@name='is-managed']")"
put "the description of a node" 1 nodes/n2/properties/Description 'second row'
seen "is known" nodes/n2/properties/Description 'second row'
settle

before=$(epoch)
put "what is the same already" 1 groups/web/properties/FailoverThreshold 5
is "changes nothing" "$before" "$(epoch)"
refused "what Pacemaker has not" EPERM 1 unbuffered groups/web/properties/FailbackWindowStart 3
refused "what is out of range" ERANGE 1 unbuffered groups/web/properties/FailoverPeriod 5000
refused "what is only told" EACCES 1 unbuffered groups/web/properties/StatusInformation 0
refused "what would break the CIB" EINVAL 1 unbuffered groups/web/properties/Description 'für "alle"'

# --- Options of the cluster ------------------------------------------------------------------------

option() {
    node_exec 1 crm_attribute --name "$1" --query --quiet 2>/dev/null
}
put "an option of the cluster" 1 properties/dc-deadtime 3s
is "is set" 3s "$(option dc-deadtime)"
refused "what Pacemaker's daemons say is no time is not" EINVAL 1 unbuffered properties/dc-deadtime often
refused "nor what is neither true nor false" EINVAL 1 unbuffered properties/stonith-enabled maybe
node_exec 1 crm_attribute --name no-quorum-policy --update freeze
ok "what others set is there" wait_until 3 test -e "$tree/properties/no-quorum-policy"
refused "what is not to be chosen is not" EINVAL 1 unbuffered properties/no-quorum-policy perhaps
put "that quorum is to be ignored" 1 properties/no-quorum-policy ignore
is "is set" ignore "$(option no-quorum-policy)"

# --- Private properties ----------------------------------------------------------------------------

put "a parameter of the agent" 1 resources/service/properties/greeting 'good day'
is "is set" 'good day' "$(parameter service greeting)"
seen "and told" resources/service/properties/greeting 'good day'
node_exec 1 crm_resource --resource service --set-parameter size --parameter-value 12 >/dev/null 2>&1
seen "what Pacemaker's tools set is told" resources/service/properties/size 12
put "a number" 2 resources/service/properties/size 20
is "is checked and set" 20 "$(parameter service size)"
refused "what the agent says is none is not" EINVAL 1 unbuffered resources/service/properties/size many
is "all runs as before" 0 "$(settle; node_exec 1 crm_verify --live-check >verify.log 2>&1; echo $?)"

# --- The cluster database --------------------------------------------------------------------------

changes "a key" 1 mkdir registry/Software
changes "and one in it" 1 mkdir registry/Software/Us
printf 'hello\tworld\n' >"$tree/registry/Software/Us/.values/text"
seen "a text is on the other node" registry/Software/Us/.values/text $'hello\tworld'
head -c 16384 /dev/urandom >random
cp random "$tree/registry/Software/Us/.values/bytes"
ok "as many bytes as a value may have" wait_until 3 cmp -s random "$other/registry/Software/Us/.values/bytes"
head -c 16385 /dev/urandom >more
is "no more" EINVAL "$(cp more "$tree/registry/Software/Us/.values/more" 2>&1 | grep -oi 'invalid argument' | sed 's/.*/EINVAL/')"
fill() {
    local i
    for ((i = 0; i < 100; i++)); do
        cp random "$tree/registry/Software/Us/.values/filler$i" 2>fill.log || return
    done
}
ok "there is only so much room" eval "! fill"
like "which is said" 'No space left' "$(cat fill.log)"
is "Pacemaker's tools can still read all of it" 0 \
    "$(lab_deadline=10 node_exec 2 cibadmin --query >/dev/null 2>cibadmin.log; echo $?)"
is "and find nothing wrong" 0 "$(node_exec 2 crm_verify --live-check >verify.log 2>&1; echo $?)"
is "and the property of the same name has no effect" "" "$(node_exec 1 crm_attribute --type crm_config \
    --name text --query --quiet 2>/dev/null)"
put "other changes go on" 1 groups/web/properties/Priority 10
is "and arrive" 10 "$(meta web priority)"
for file in "$other"/registry/Software/Us/.values/filler*; do
    rm "$file"
done
id=$(cat "$tree/resources/service/id")
seen "the keys of objects are there" "registry/Resources/$id/Parameters/.values/greeting" 'good day'
changes "one below them" 1 mkdir "registry/Resources/$id/Notes"
printf 7 >"$tree/registry/Resources/$id/Notes/.values/x"
seen "is there for all" "registry/Resources/$id/Notes/.values/x" 7

# --- Without quorum --------------------------------------------------------------------------------

cut_power 2
has_no_quorum() {
    [ "$(referee 1 quorum)" = false ]
}
ok "without the other node there is none" wait_until 20 has_no_quorum
put "but changes are made" 1 groups/web/properties/Priority 11
is "and are there" 11 "$(meta web priority)"
node_exec 1 crm_attribute --name no-quorum-policy --delete >/dev/null
is "where it is not ignored they are not" EROFS "$(change 1 unbuffered groups/web/properties/Priority 12)"
is "and nothing is there" 11 "$(meta web priority)"

# --- What remains ----------------------------------------------------------------------------------

cut_power 1
cut_power 2
boot 1
boot 2
wait_until 60 all_online || lab_fail "not all nodes are online again" "$(node_exec 1 crm_mon -1 2>&1)"
serve
tree=$(node_tree 1)
other=$(node_tree 2)
seen "after the power was cut the text is there" registry/Software/Us/.values/text $'hello\tworld'
ok "and the bytes" wait_until 3 cmp -s random "$tree/registry/Software/Us/.values/bytes"
seen "and the property" groups/web/properties/Description 'für alle: 網站'
is "a key with others is not deleted" ENOTEMPTY "$(change 1 rmdir registry/Software)"
changes "one without is" 1 rmdir registry/Software/Us
changes "and the one above" 1 rmdir registry/Software
is "nothing of it is left but what is kept for objects" "" \
    "$(cib 1 "//cluster_property_set[@id='clusapi-registry']" | grep -o 'Software')"
lab_finish
