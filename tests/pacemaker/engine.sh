#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The engine on the nodes of a real cluster: it follows what others do, its own changes are seen at
# once and none is lost, and it comes back from the loss of whatever it stands on. What to ask it is
# in engine.c.
. "$(dirname "$0")/lab.sh"

declare -a to from

# start_program I [FILE]: the program on a node, by two pipes.
start_program() {
    local i=$1 input output
    shift
    mkfifo "to.$i" "from.$i"
    lab_deadline=1000 node_exec "$i" "$work/build/${ENGINE#"$CLUSAPI_BUILD/"}" "$@" \
        <"to.$i" >"from.$i" 2>"errors.$i" &
    program[i]=$!
    exec {input}>"to.$i" {output}<"from.$i"
    to[i]=$input from[i]=$output
    rm "to.$i" "from.$i"
}

hear() { # I
    local line=
    IFS= read -r -t $((60 * slowness)) -u "${from[$1]}" line || line="no answer"
    echo "$line"
}

tell_program() { # I COMMAND...
    echo "${*:2}" >&"${to[$1]}"
}

ask() { # I COMMAND...
    tell_program "$@"
    hear "$1"
}

end_program() { # I NAME
    local fd=${to[$1]}
    tell_program "$1" quit
    exec {fd}>&-
    wait_until 10 is_gone "${program[$1]}" || kill "${program[$1]}"
    wait "${program[$1]}"
    is "$2" 0 $?
}

second() { # WORD OTHER...: the second word, without what is behind the point
    local what=${2:-none}
    echo "${what%%.*}"
}

cib_value() { # I NAME: Pacemaker's own word
    node_exec "$1" cibadmin --query --xpath "//cluster_property_set[@id='engine-test']/nvpair[@name='$2']" |
        sed -n 's/.*value="\([^"]*\)".*/\1/p'
}

epoch() { # I
    ask "$1" model | grep -o 'epoch=[0-9]*'
}

worked() { # I: microseconds of a processor that the program has taken
    local pid
    pid=$(node_pid "$1" engine-on-node) &&
        cat "$(node_path "$1" "/proc/$pid/task")"/*/schedstat | awk '{n += $1} END {print int(n / 1000)}'
}

heals() { # I WHAT
    like "$2" '^yes' "$(ask "$1" wait connected=1 running=1 quorate=1 members=3 40)"
}

lab_start 3 "$tests/lab.xml"
ok "resources are started" settle
start_program 1
started=$(hear 1)
[[ $started == ok* ]] || lab_fail "the engine does not start" "$started $(cat errors.1)"
heals 1 "it is connected"

# --- Following and changing ------------------------------------------------------------------------

before=$(epoch 1)
node_exec 2 crm_attribute --name followed --update yes
sees_change() {
    [ "$(epoch 1)" != "$before" ]
}
ok "what another node changes is followed" wait_until 1 sees_change

like "a change is seen at once" '^ok' "$(ask 1 set name value)"
is "and by Pacemaker on another node" value "$(cib_value 2 name)"
before=$(epoch 1)
like "a change to what is already so" '^ok' "$(ask 1 set name value)"
like "and an edit without a change" '^ok' "$(ask 1 nothing)"
is "are no changes" "$before" "$(epoch 1)"
like "an edit that refuses has its own error" '^error 123 ' "$(ask 1 refuse)"
like "what the schema refuses is invalid data" '^error 13 ' "$(ask 1 invalid)"
is "neither changed anything" "$before (none)" "$(epoch 1) $(ask 1 value refused)"
node_exec 1 crm_attribute --name enable-acl --update true
like "what ACLs refuse is denied" '^error 5 ' "$(ask 1 set name other nobody)"
like "the service itself may" '^ok' "$(ask 1 set name more)"
node_exec 1 crm_attribute --name enable-acl --delete >/dev/null

# --- Two at once -----------------------------------------------------------------------------------

start_program 2
like "another starts on another node" '^ok' "$(hear 2)"
heals 2 "and is connected"
tell_program 1 count both 100
tell_program 2 count both 100
one=$(hear 1)
like "100 changes" '^ok' "$one"
two=$(hear 2)
like "and 100 at the same time" '^ok' "$two"
echo "# $one; $two"
is "none is lost" 200 "$(cib_value 3 both)"
end_program 2 "the other one ends"

# --- Another coordinator ---------------------------------------------------------------------------

# It writes the history of all nodes anew; but only what ran where the former one was is not online.
declare -A at=([n1]="web watch@n1" [n2]="database watch@n2" [n3]="shop watch@n3")
settle
former=$(referee 1 dc)
ask 1 steady on >/dev/null
node_kill "${former#n}" KILL pacemaker-controld
is_replaced() {
    local dc
    dc=$(referee 1 dc) && [ -n "$dc" ] && [ "$dc" != "$former" ]
}
ok "there is another coordinator" wait_until 20 is_replaced
replace_pacemaker "${former#n}"
settle
unsteady=$(ask 1 steady off)
strange=
for word in ${unsteady#*:}; do
    [[ " spare ${at[$former]} " == *" ${word%%:*} "* ]] || strange+=" $word"
done
is "what is healthy was never seen stopped" "" "$strange"

# --- pacemaker-based is killed, and stopped --------------------------------------------------------

ask 1 readers on >/dev/null
node_kill 1 KILL pacemaker-based
lost=$(ask 1 wait connected=0 5)
below "its death is known within a second" 1000 "$(second $lost)"
like "a change ends at once" '^error (5050|5072) ' "$(ask 1 set name late)"
replace_pacemaker 1
heals 1 "it is connected again"
like "a change is made" '^ok' "$(ask 1 set name again)"

# A death in the middle of a write: it was made, or not, and is made once.
made=0
for _ in 1 2; do
    heals 1 "all is well"
    tell_program 1 count through 150
    sleep 0.3
    node_kill 1 KILL pacemaker-based
    replace_pacemaker 1
    made=$((made + 150))
    like "150 changes go on through a death" '^ok' "$(hear 1)"
    is "and none is lost or made twice" "$made" "$(cib_value 2 through)"
done
heals 1 "all is well"
ok "and with the cluster" wait_until 20 all_online

# What another node has been told is done is on its way here: that there is nothing to do is not so.
node_kill 1 STOP pacemaker-based
node_exec 2 crm_attribute --set-name engine-test --name name --update other
like "a change to what was so a moment ago is not done unseen" '^error (1460|5050|5072) ' \
    "$(ask 1 set name again - 2000)"
node_kill 1 CONT pacemaker-based
heals 1 "it goes on"
is "and what the other was told is so" "other other" "$(cib_value 1 name) $(cib_value 2 name)"
like "a change to what is so now" '^ok' "$(ask 1 set name other)"

node_kill 1 STOP pacemaker-based
answer=$(ask 1 set name stopped - 1000)
like "one that is stopped: a change ends" '^error 1460 ' "$answer"
below "by its deadline" 1100 $(($(cut -d ' ' -f 3 <<<"$answer" | cut -d . -f 1)))
like "a job ends" '^ok' "$(ask 1 job)"
like "and this is known" 'connected=0' "$(ask 1 model)"
node_kill 1 CONT pacemaker-based
heals 1 "it goes on when it does"
below "no reader waited, microseconds" 100000 "$(ask 1 readers off)"

# --- The attribute manager is stopped ---------------------------------------------------------------

attribute() { # I: as the status of n1 has it
    cib "$1" "//node_state[@uname='n1']//nvpair[@name='passing']" | grep -c passing
}
node_exec 1 attrd_updater --name passing --update 1
ok "there is an attribute" wait_until 5 attribute 1
node_kill 1 STOP pacemaker-attrd
tell_program 1 unset n1 passing 20000
node_exec 2 crm_attribute --set-name engine-test --name name --update meanwhile
like "one that needs it is refused" '^error 5050 ' "$(hear 1)"
is "what another changes is seen meanwhile" meanwhile "$(ask 1 value name)"
answer=$(ask 1 unset n1 passing 500)
like "or ends by its deadline" '^error 1460 ' "$answer"
below "which is soon" $((800 * slowness)) "$(cut -d ' ' -f 3 <<<"$answer" | cut -d . -f 1)"
like "other changes are made" '^ok' "$(ask 1 set name without - 2000)"
like "and jobs" '^ok' "$(ask 1 job)"
ok "the attribute is still there" attribute 1
node_kill 1 CONT pacemaker-attrd
like "when it goes on it does what it is asked" '^ok' "$(ask 1 unset n1 passing 20000)"
is_unset() {
    ! attribute 1
}
ok "and the attribute is gone" wait_until 5 is_unset

# --- Links and quorum ------------------------------------------------------------------------------

link_is() { # PATTERN
    ask 1 links | grep -qE "$1"
}
ok "links are connected" link_is '^lab n1\*,10.71.0.1/24:ecu,10.72.0.1/24:ecu n2,10.71.0.2/0:ecu,10.72.0.2/0:ecu n3,.*:ecu,.*:ecu$'
unplug 2 1
ok "another's cable" wait_until 5 link_is 'n2,10.71.0.2/0:ecu,10.72.0.2/0:e-u n3,.*:ecu,.*:ecu'
plug 2 1
ok "is plugged again" wait_until 5 link_is 'n2,.*:ecu,.*:ecu n3'
unplug 1 0
ok "the own cable" wait_until 5 link_is 'n1\*,.*:ec-,.*:ecu n2,.*:e-u,.*:ecu n3,.*:e-u,.*:ecu'
plug 1 0
ok "too" wait_until 10 link_is 'n1\*,.*:ecu,.*:ecu n2,.*:ecu,.*:ecu n3,.*:ecu,.*:ecu'

isolate 1
like "without the others there is no quorum" '^yes' "$(ask 1 wait connected=1 quorate=0 members=1 10)"
like "and no change" '^error 5925 ' "$(ask 1 set name alone)"
# What is changed now is not in the CIB of who is alone, which it still has when there is quorum again.
has_dc() {
    [ -n "$(referee 2 dc)" ]
}
ok "the others have another coordinator" wait_until 20 has_dc
for i in 1 2 3; do
    node_exec 2 crm_attribute --name followed --update "without $i"
done
rejoin 1
is_changed() {
    ask 1 set name together | grep -q '^ok'
}
ok "when all are together again changes are made" wait_until 20 is_changed
heals 1 "and all is well"
sleep 3
is "and none is lost" "together together" "$(cib_value 1 name) $(cib_value 3 name)"

# --- Corosync --------------------------------------------------------------------------------------

node_kill 1 STOP corosync
unplug 1 1
like "of one that is stopped what it is asked is not known" '^yes' "$(ask 1 wait running=0 5)"
like "but jobs are done" '^ok' "$(ask 1 job)"
plug 1 1
node_kill 1 KILL corosync
lost=$(ask 1 wait connected=0 running=0 5)
below "the death of Corosync is known within a second" 1000 "$(second $lost)"
like "there is no change" '^error 5050 ' "$(ask 1 set name dead)"
start_engine 1
heals 1 "all of it comes back"
like "and changes are made" '^ok' "$(ask 1 set name alive)"

# --- At rest, and the end --------------------------------------------------------------------------

settle
sleep 1
before=$(worked 1)
sleep 3
after=$(worked 1)
below "at rest it takes no processor, microseconds in 3 seconds" 5000 \
    "${before:+${after:+$((after - before))}}"
end_program 1 "it ends"
is "and had nothing to say" "" "$(cat errors.*)"
lab_finish
