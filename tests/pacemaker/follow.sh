#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What Pacemaker's own commands do shows in the trees of all nodes within a second of Pacemaker saying so,
# and wakes who polls or reads events; and nothing shows that has not happened.
. "$(dirname "$0")/lab.sh"

lab_start 3 "$tests/lab.xml"
settle
serve

# Events of all nodes are listened to all the time.
for i in 1 2 3; do
    cat "$(node_tree "$i")/events" >"events.$i" 2>"events.$i.log" &
    readers[i]=$!
done
sleep 0.3

# says EXPECTED QUESTION...: the referee's answer.
says() {
    [ "$(referee 1 "${@:2}")" = "$1" ]
}

# shows NAME HOW FILE VALUE EXPECTED QUESTION -- COMMAND...: after the command, run on node 1, all trees
# show the value within a second of the referee's answering as expected.
shows() {
    local name=$1 how=$2 file=$3 value=$4 said i waiters=() question=()
    shift 4
    while [ "$1" != -- ]; do
        question+=("$1")
        shift
    done
    shift
    for i in 1 2 3; do
        "$python" -I -B "$tests/await.py" "$how" "$(node_tree "$i")/$file" "$value" 10 \
            >"awaited.$i" 2>"awaited.$i.log" &
        waiters+=($!)
    done
    node_exec 1 "$@" >command.log 2>&1 || {
        not_passed "$name" "the command fails: $(cat command.log)"
        return
    }
    wait_until 20 says "${question[@]}" || not_passed "$name" "Pacemaker does not do it"
    said=$(milliseconds)
    wait "${waiters[@]}"
    for i in 1 2 3; do
        if [ -s "awaited.$i" ]; then
            below "$name, on node $i" $((1000 * slowness)) $(($(cat "awaited.$i") - said))
        else
            not_passed "$name, on node $i" "$(cat "awaited.$i.log")"
            lab_need_daemons
        fi
    done
}

told() { # KIND CHANGE NAME VALUE: on every node
    local line i
    line=$(printf '%s\t' "$1" "$2" "$3")$4
    for i in 1 2 3; do
        cut -f2- "events.$i" | grep -qxF -- "$line" || return
    done
}

tells() {
    ok "events tell $(printf '%s ' "$@")" wait_until 2 told "$@"
}

# --- Moving, starting and stopping ------------------------------------------------------------------

# What is over sooner than differences are gathered is not told.
tell 2 disk start 0 1
shows "crm_resource --move" poll groups/web/owner n2 "n2" where service -- \
    crm_resource --resource web --move --node n2
tells group state web pending
tells group owner web n2
shows "it is online there" poll groups/web/state online "online n2" group web -- \
    crm_resource --resource web --clear
tells group state web online
untell 2 disk start
shows "a group is stopped" poll groups/shop/state offline "" where till -- \
    crm_resource --resource shop --meta --set-parameter target-role --parameter-value Stopped
tells group state shop offline
tells resource state till offline
shows "and started" poll resources/till/state online "n3" where till -- \
    crm_resource --resource shop --meta --delete-parameter target-role
tells resource state till online
shows "a node in standby" poll nodes/n3/state paused paused node n3 -- crm_standby --node n3 --update on
tells node state n3 paused
shows "what was on it has gone" poll groups/watch@n3/state offline "n1 n2" where watcher -- true
shows "a node back" poll nodes/n3/state up up node n3 -- crm_standby --node n3 --delete
tells node state n3 up
settle
agree "after that trees and Pacemaker agree"

# --- What there is ---------------------------------------------------------------------------------

has() { # XPATH: the configuration has it, as crm_mon does not tell
    cib 1 "$1" >/dev/null
}

exists_everywhere() { # FILE
    local i
    for i in 1 2 3; do
        [ -e "$(node_tree "$i")/$1" ] || return
    done
}

gone_everywhere() {
    local i
    for i in 1 2 3; do
        [ ! -e "$(node_tree "$i")/$1" ] || return
    done
}

cat >"$work/new.xml" <<END
<group id="new"><primitive id="first" class="ocf" provider="lab" type="Puppet"/><primitive id="second"
  class="ocf" provider="heartbeat" type="Dummy"/></group>
END
ok "cibadmin makes a group" node_exec 1 cibadmin --create --scope resources --xml-file "$work/new.xml"
ok "it is in all trees within a second" wait_until 1 exists_everywhere groups/new/resources/first
tells group added new ""
tells resource added first ""
settle
ok "it is online" wait_until 1 grep -qx online "$(node_tree 3)/groups/new/state"
is "its type" ocf:heartbeat:Dummy "$(cat "$(node_tree 2)/resources/second/type")"
shows "a parameter" look resources/first/properties/greeting 'good day' "Started" role first -- \
    crm_resource --resource first --set-parameter greeting --parameter-value 'good day'
tells resource properties first ""
settle
shows "a description" look groups/new/properties/Description 'A new one' "Started" role first -- \
    cibadmin --modify --xml-text '<group id="new" description="A new one"/>'
tells group properties new ""
ok "cibadmin deletes it" node_exec 1 cibadmin --delete --xml-text '<group id="new"/>'
ok "it is in no tree within a second" wait_until 1 gone_everywhere groups/new
ok "nor what was in it" wait_until 1 gone_everywhere resources/first
tells group deleted new ""
tells resource deleted second ""
settle

node_exec 1 cibadmin --query >whole.xml
sed -i 's/<group id="web"/& description="Replaced"/; s/ epoch="\([0-9]*\)"/ epoch="\19"/' whole.xml
shows "the whole configuration replaced" look groups/web/properties/Description Replaced "n2" where service -- \
    cibadmin --replace --xml-file "$work/whole.xml"
# As a node that joins gets it.
node_exec 1 cibadmin --query >whole.xml
sed -i 's/ description="Replaced"/ description="Once more"/' whole.xml
shows "one of the same version" look groups/web/properties/Description 'Once more' "n2" where service -- \
    cibadmin --replace --xml-file "$work/whole.xml"
settle
shows "the cluster's name" look name 'laboratory' "n2" where service -- \
    crm_attribute --type crm_config --name cluster-name --update laboratory
tells cluster name laboratory ""
shows "and back" look name lab "n2" where service -- \
    crm_attribute --type crm_config --name cluster-name --update lab
settle
agree "after that they agree again"

# --- What has not happened --------------------------------------------------------------------------

# The coordinator goes, and with it nothing but itself: it is empty before.
dc=$(referee 1 dc)
i=${dc#n}
survivor=$((i % 3 + 1))
node_exec "$survivor" crm_standby --node "$dc" --update on
settle
agree "the coordinator is empty"
# What is told of that is read when something later is.
node_exec "$survivor" cibadmin --modify --xml-text '<group id="spare" description="Not on the coordinator"/>'
tells group properties spare ""
before=$(wc -l <"events.$survivor")
stop_node "$i"
tells_down() {
    tail -n "+$((before + 1))" "events.$survivor" | cut -f2- | grep -qxF $'node\tstate\t'"$dc"$'\tdown'
}
ok "a coordinator that ends is down" wait_until 10 tells_down
new_dc() {
    local now
    now=$(referee "$survivor" dc) && [ -n "$now" ] && [ "$now" != "$dc" ]
}
ok "there is another one" wait_until 20 new_dc
settle
sleep 1
is "nothing else has changed state" "" "$(tail -n "+$((before + 1))" "events.$survivor" | cut -f2- |
    grep -E $'^(group|resource)\t(state|owner)\t' | grep -vE "@$dc"$'\t|owner\tspare\t' | head -n 5)"
agree "and the survivors agree"
kill "${readers[@]}" 2>/dev/null
wait "${readers[@]}" 2>/dev/null
lab_finish
