#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Acting on a Pacemaker cluster by operations on files, with Pacemaker's own programs as the referee.
. "$(dirname "$0")/lab.sh"

lab_start 3 "$tests/lab.xml"
settle
serve

meta() { # RESOURCE NAME: of itself
    cib 1 "//*[@id='$1']/meta_attributes/nvpair[@name='$2']" | grep -o ' value="[^"]*"' | cut -d'"' -f2
}

# How often the configuration has changed: each time the number of updates begins anew.
changes_so_far() {
    grep -c 'Diff: +++ [0-9]*\.[0-9]*\.0 ' "$work/n1/log/pacemaker/pacemaker.log"
}

# It is in node 1's log when the change has come there.
has_changed_since() { # HOW OFTEN BEFORE
    [ "$(changes_so_far)" -gt "$1" ]
}

id_of() { # KIND/NAME
    cat "$(node_tree 1)/$1/id"
}

# Whatever was there only for what has been done is gone.
tidy() {
    ok "$1" wait_until 8 nothing_is_left 1
}

# --- Moving ----------------------------------------------------------------------------------------

put "move a group" 1 groups/web/owner n2
becomes "it goes there" n2 where service
becomes "and is online" "online n2" group web
tidy "nothing is left of the move"
settle
is "it stays" n2 "$(referee 1 where disk)"
put "moved where it is" 2 groups/web/owner n2
put "a lone resource, from another node" 3 groups/database/owner n1
becomes "goes there too" n1 where database
tidy "nothing is left of that either"
refused "not where it may not be" EPERM 1 unbuffered groups/database/owner n3
refused "not to a node that there is not" EINVAL 1 unbuffered groups/web/owner n9
refused "what a clone has on a node does not move" EOPNOTSUPP 1 unbuffered groups/watch@n1/owner n2
node_exec 1 crm_attribute --type rsc_defaults --name resource-stickiness --delete >/dev/null 2>&1
settle
put "without stickiness" 1 groups/web/owner n3
becomes "it goes too" n3 where service
tidy "without leaving anything"
settle
node_exec 1 crm_resource --resource spare --meta --set-parameter target-role --parameter-value Started >/dev/null
settle
is "and stays, whatever else happens" n3 "$(referee 1 where service)"
node_exec 1 crm_resource --resource spare --meta --set-parameter target-role --parameter-value Stopped >/dev/null
node_exec 1 crm_attribute --type rsc_defaults --name resource-stickiness --update 100 >/dev/null
settle

# --- Offline and online -----------------------------------------------------------------------------

put "a group offline" 2 groups/web/state offline
becomes "stops" "offline " group web
is "by its target-role" Stopped "$(meta web target-role)"
put "and online" 3 groups/web/state online
becomes "starts" "Started" role service
put "a resource offline" 1 resources/service/state offline
becomes "stops alone" "Stopped" role service
is "the one before it runs" Started "$(referee 1 role disk)"
ok "the group is partly online" wait_until 2 grep -qx partial-online "$(node_tree 3)/groups/web/state"
put "and online" 1 resources/service/state online
becomes "starts" "Started" role service
put "an instance of a clone offline" 1 groups/watch@n2/state offline
becomes "stops there alone" "n1 n3" where watcher
put "and online" 2 groups/watch@n2/state online
becomes "starts there" "n1 n2 n3" where watcher
put "what is offline already" 1 groups/spare/state offline
put "a resource fails as if its monitor had found it so" 1 resources/service/state failed
restarted() {
    referee 1 counts | grep -q '^service '
}
ok "Pacemaker counts that" wait_until 5 restarted
becomes "and starts it again" Started role service
settle
put "online has that forgotten" 2 groups/web/state online
forgotten() {
    ! referee 1 counts | grep '^service '
}
ok "while it runs" wait_until 5 forgotten
settle
agree "trees and Pacemaker agree"

# --- Nodes -----------------------------------------------------------------------------------------

owner=$(referee 1 where service)
put "drain a node" 1 "nodes/$owner/state" drained
becomes "it is in standby" paused node "$owner"
settle
is "its groups have gone" 0 "$(referee 1 model | grep -c "^group .* online $owner$")"
ok "the tree says so" wait_until 2 grep -qx paused "$(node_tree 2)/nodes/$owner/state"
put "drained is paused too" 2 "nodes/$owner/state" paused
put "and up" 3 "nodes/$owner/state" up
becomes "it is" up node "$owner"
is "nothing says standby any more" "" "$(cib 1 "//nodes//nvpair[@name='standby']" | grep -o 'value="[^"]*"')"
refused "a node does not crash by a word" EOPNOTSUPP 1 unbuffered "nodes/$owner/state" down
refused "nor do anything unknown" EINVAL 1 unbuffered "nodes/$owner/state" asleep
settle
tidy "nothing is left"

# --- Groups and resources ---------------------------------------------------------------------------

changes "a group" 1 mkdir groups/fresh
ok "is on all nodes" wait_until 1 test -d "$(node_tree 2)/groups/fresh" -a -d "$(node_tree 3)/groups/fresh"
is "offline" offline "$(cat "$(node_tree 2)/groups/fresh/state")"
put "gets a resource" 2 groups/fresh/create-resource $'ocf:lab:Puppet\tdoor'
is "which Pacemaker has" Puppet "$(cib 1 "//group[@id='fresh']/primitive[@id='door']" | grep -o ' type="[^"]*"' | cut -d'"' -f2)"
ok "and the tree of another node" wait_until 1 test -d "$(node_tree 3)/groups/fresh/resources/door"
put "another one" 2 groups/fresh/create-resource $'ocf:pacemaker:Dummy\twindow'
is "after the first" "door window" "$(cib 1 "//group[@id='fresh']" | grep -o '<primitive [^>]*' | grep -o ' id="[^"]*"' | cut -d'"' -f2 | paste -sd' ')"
put "a parameter that was not set" 1 resources/door/properties/greeting 'good morning'
is "is one that Pacemaker has" "good morning" \
    "$(node_exec 1 crm_resource --resource door --get-parameter greeting 2>/dev/null)"
settle
before=$(changes_so_far)
put "one that is set" 2 resources/door/properties/greeting 'good evening'
wait_until 3 has_changed_since "$before"
settle
is "is one change" $((before + 1)) "$(changes_so_far)"
is "that Pacemaker has" "good evening" \
    "$(node_exec 1 crm_resource --resource door --get-parameter greeting 2>/dev/null)"
put "a description" 3 groups/fresh/properties/Description 'Fresh & <new>'
is "is as it was given" 'Fresh &amp; &lt;new&gt;' \
    "$(cib 1 "//group[@id='fresh']" | grep -o ' description="[^"]*"' | cut -d'"' -f2)"
put "how many failures are too many" 1 groups/fresh/properties/FailoverThreshold 3
is "is Pacemaker's threshold" 3 "$(meta fresh migration-threshold)"
put "for how many hours" 1 groups/fresh/properties/FailoverPeriod 2
like "they count" '^(7200|7200s|120min|2h)$' "$(meta fresh failure-timeout)"
put "a priority" 1 groups/fresh/properties/Priority 7
is "is one" 7 "$(meta fresh priority)"
put "how often it is looked after" 1 resources/door/properties/IsAlivePollInterval 3000
like "is the monitor's interval" '^(3000ms|3s|3)$' \
    "$(cib 1 "//primitive[@id='door']//op[@name='monitor']" | grep -o ' interval="[^"]*"' | cut -d'"' -f2)"
put "online" 1 groups/fresh/state online
becomes "it runs" "Started" role window
settle
agree "trees and Pacemaker agree about it"

refused "a number that is none" EINVAL 1 unbuffered resources/service/properties/size abc
refused "a word that is neither true nor false" EINVAL 1 unbuffered resources/service/properties/loud perhaps
refused "a group twice" EEXIST 1 mkdir groups/fresh
refused "a resource twice" EEXIST 1 unbuffered groups/fresh/create-resource $'ocf:lab:Puppet\tdisk'
refused "a type that there is not" EINVAL 1 unbuffered groups/fresh/create-resource $'ocf:lab:Nothing\tx'
refused "a name that Pacemaker cannot have" EINVAL 1 mkdir 'groups/two words'
refused "a group with resources is not deleted" ENOTEMPTY 1 rmdir groups/fresh
refused "a property that is only told" EACCES 1 unbuffered resources/door/properties/Type ocf:pacemaker:Dummy
ok "after a refusal last_error says why" test -s "$(node_tree 1)/last_error"

# --- Relations -------------------------------------------------------------------------------------

put "preferred owners" 1 groups/fresh/preferred_order $'n3\nn2'
is "are locations" "n2 n3" "$(cib 1 "//rsc_location[@rsc='fresh' and @node]" | grep -o ' node="[^"]*"' | cut -d'"' -f2 | sort | paste -sd' ')"
is "in order" $'n3\nn2' "$(cat "$(node_tree 1)/groups/fresh/preferred_order")"
owner=$(referee 1 where door)
refused "a node less, where it runs" EBUSY 1 unlink "resources/door/possible_owners/$owner"
node=n$((${owner#n} % 3 + 1))
changes "a node less" 1 unlink "resources/door/possible_owners/$node"
is "is a location of minus INFINITY" "$node" \
    "$(cib 1 "//rsc_location[@score='-INFINITY' and (@rsc='door' or @rsc='fresh')]" |
        grep -o ' node="[^"]*"' | cut -d'"' -f2)"
changes "and again" 1 symlink "../../../nodes/$node" "resources/door/possible_owners/$node"
is "is none" "" "$(cib 1 "//rsc_location[@score='-INFINITY' and (@rsc='door' or @rsc='fresh')]")"
put "it waits for the database" 1 groups/fresh/dependency_expression "[$(id_of groups/database)]"
is "by an order" "database fresh" "$(cib 1 "//rsc_order[@then='fresh']" |
    grep -oE ' (first|then)="[^"]*"' | cut -d'"' -f2 | paste -sd' ')"
refused "not the other way round as well" ELOOP 1 unbuffered groups/database/dependency_expression \
    "[$(id_of groups/fresh)]"
put "no longer" 1 groups/fresh/dependency_expression $'\n'
is "the order has gone" "" "$(cib 1 "//rsc_order[@then='fresh']")"
settle

# --- Names, and the end of things --------------------------------------------------------------------

id=$(id_of groups/fresh)
put "offline before it is renamed" 1 groups/fresh/state offline
becomes "it is" "offline " group fresh
settle
changes "another name" 1 rename groups/fresh groups/stale
is "is Pacemaker's too" stale "$(cib 1 "//group[primitive/@id='door']" | grep -o '<group [^>]*' | grep -o ' id="[^"]*"' | cut -d'"' -f2)"
is "with all that refers to it" "stale" "$(cib 1 "//rsc_location[@node='n3' and @score>0]" | grep -o ' rsc="[^"]*"' | cut -d'"' -f2 | grep -vx shop)"
is "its id is the same" "$id" "$(id_of groups/stale)"
ok "other nodes know it by the new name" wait_until 1 test -d "$(node_tree 2)/groups/stale"
changes "delete a resource" 1 rmdir resources/window
changes "and the other" 2 rmdir resources/door
changes "and the group" 3 rmdir groups/stale
is "nothing refers to them" "" "$(configuration_of 1 | grep -E '"(door|window|fresh|stale)"')"
ok "no tree has it" wait_until 1 test ! -e "$(node_tree 1)/groups/stale"

# --- The cluster database ---------------------------------------------------------------------------

changes "a key" 1 mkdir registry/Lab
put "and a value" 1 registry/Lab/.values/port 8080
for i in 2 3; do
    ok "are on node $i" wait_until 1 grep -qx 8080 "$(node_tree "$i")/registry/Lab/.values/port"
done
changes "no value" 2 unlink registry/Lab/.values/port
changes "no key" 3 rmdir registry/Lab
ok "are gone" wait_until 1 test ! -e "$(node_tree 1)/registry/Lab"

# --- Who may --------------------------------------------------------------------------------------

is "a reader reads" online "$(node_exec 2 setpriv --reuid=65534 --regid=65534 --clear-groups \
    cat /run/clusters/lab/groups/web/state 2>&1)"
like "and does not act" 'Permission denied' "$(node_exec 2 setpriv --reuid=65534 --regid=65534 --clear-groups \
    sh -c 'echo offline >/run/clusters/lab/groups/web/state' 2>&1)"

# --- All at once -----------------------------------------------------------------------------------

# Each changes something else, on its own node and at the same time; one by Pacemaker's own program.
many=15
for i in 1 2 3; do
    for ((n = 1; n <= many; n++)); do
        change "$i" unbuffered "resources/$(cut -d' ' -f"$i" <<<"disk till part")/properties/Description" "$n"
    done >"many.$i" &
    writers[i]=$!
done
for ((n = 1; n <= many; n++)); do
    node_exec 1 crm_resource --resource database --set-parameter greeting --parameter-value "$n" >/dev/null 2>&1 ||
        echo "crm_resource fails"
done >many.4
wait "${writers[@]}"
is "changes at the same time are all made" "$((many * 3)) ok" "$(sort many.[123] | uniq -c | xargs)"
is "those of Pacemaker's program too" "" "$(cat many.4)"
for resource in disk till part; do
    is "the last of $resource counts" "$many" \
        "$(cib 1 "//primitive[@id='$resource']" | grep -o ' description="[^"]*"' | cut -d'"' -f2)"
done
is "and of the program's" "$many" \
    "$(node_exec 1 crm_resource --resource database --get-parameter greeting 2>/dev/null)"
settle
agree "trees and Pacemaker agree at the end"
ok "and the configuration is one" node_exec 1 crm_verify --live-check
tidy "nothing is left at the end"
lab_finish
