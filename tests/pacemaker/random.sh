#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# random.sh [SEED]: 100 random operations, and random faults meanwhile, for $LAB_RANDOM_SECONDS (10); on
# all nodes, through their trees and by Pacemaker's own programs. In the end, when all that was broken
# is whole again, every tree and Pacemaker agree on every object, and nothing is left behind.
. "$(dirname "$0")/lab.sh"

seconds=${LAB_RANDOM_SECONDS:-10}
operations=100
seed=${1:-$((EPOCHSECONDS % 32768))}
echo "# seed $seed"
RANDOM=$seed

lab_start 3 "$tests/lab.xml"
settle
serve

groups=(web database shop spare watch@n1 watch@n2 watch@n3)
resources=(disk service database till part watcher@n2)
# A mount answers within ten seconds by itself, if with ETIMEDOUT.
lab_deadline=13

pick() { # WORD...
    shift $((RANDOM % $#))
    REPLY=$1
}

# Some node that has power, as a number.
pick_node() {
    local up=() i
    for i in 1 2 3; do
        is_running "$i" && up+=("$i")
    done
    pick "${up[@]}"
}

# --- Operations, through the tree of a node -----------------------------------------------------------

# The next one into $operation; not in a subshell, whose random numbers are others.
choose() {
    local i group resource node
    pick_node && i=$REPLY
    pick "${groups[@]}" && group=$REPLY
    pick "${resources[@]}" && resource=$REPLY
    pick n1 n2 n3 && node=$REPLY
    case $((RANDOM % 16)) in
    0 | 1) set -- unbuffered "groups/$group/owner" "$node" ;;
    2) set -- unbuffered "groups/$group/state" offline ;;
    3 | 4) set -- unbuffered "groups/$group/state" online ;;
    5) set -- unbuffered "resources/$resource/state" offline ;;
    6 | 7) set -- unbuffered "resources/$resource/state" online ;;
    8) set -- unbuffered "nodes/$node/state" drained ;;
    9 | 10) set -- unbuffered "nodes/$node/state" up ;;
    11) set -- unbuffered "resources/$resource/properties/Description" "$RANDOM" ;;
    12) set -- mkdir "groups/random$((RANDOM % 3))" ;;
    13) set -- rmdir "groups/random$((RANDOM % 3))" ;;
    14) set -- unbuffered "groups/$group/preferred_order" "$node" ;;
    15)
        operation=(clean_up "$i" "${resource%@*}")
        return
        ;;
    esac
    operation=(change "$i" "$@")
}

clean_up() { # I RESOURCE: by Pacemaker's own program
    node_exec "$1" crm_resource --resource "$2" --cleanup >/dev/null 2>&1
    echo cleaned
}

# --- Faults, each with what makes it good -----------------------------------------------------------

broken=()
declare -a killed

break_something() {
    local i link resource
    pick_node && i=$REPLY
    link=$((RANDOM % 2))
    pick "${resources[@]%@*}" && resource=$REPLY
    case $((RANDOM % 8)) in
    0)
        [ "${#broken[@]}" = 0 ] || return
        cut_power "$i"
        broken+=("repower $i")
        ;;
    1)
        unplug "$i" "$link"
        broken+=("plug $i $link")
        ;;
    2)
        switch_off "$link"
        broken+=("switch_on $link")
        ;;
    3)
        tell "$i" "$resource" start 1
        broken+=("untell $i $resource start")
        ;;
    4)
        tell "$i" "$resource" monitor 1
        broken+=("untell $i $resource monitor")
        ;;
    5)
        tell "$i" "$resource" stop 0 1
        broken+=("untell $i $resource stop")
        ;;
    6)
        node_kill "$i" KILL pacemaker-based
        # Looking after it takes long.
        if [ "$seconds" -gt 30 ]; then
            replace_pacemaker "$i"
        else
            killed[i]=yes
        fi
        ;;
    7)
        node_exec "$i" kill -KILL "$(cat "$(node_path "$i" /run/lab/clusapid.pid)")"
        start_clusapid "$i"
        ;;
    esac
}

repower() { # I
    boot "$1"
    wait_until 20 has_cib "$1"
    start_clusapid "$1"
    mount_node "$1"
}

# Much of what was wrong with a node that has lost its power since went with it.
mend() { # WHAT...
    is_running "$2" || [ "$1" != untell ] || return 0
    "$@"
}

# --- The time of trouble ----------------------------------------------------------------------------

declare -A results
begun=$(milliseconds)
for ((n = 0; n < operations; n++)); do
    choose
    if ! result=$("${operation[@]}"); then
        echo "operation $n: ${operation[*]}" >>late
        result=late
    fi
    results[$result]=$((${results[$result]:-0} + 1))
    if [ $((RANDOM % 8)) = 0 ]; then
        break_something >>faults.log 2>&1
    fi
    if [ ${#broken[@]} -gt 2 ]; then
        # shellcheck disable=SC2086 # a command and its arguments
        mend ${broken[0]} >>faults.log 2>&1
        broken=("${broken[@]:1}")
    fi
    # Spread over the time there is.
    while [ $(($(milliseconds) - begun)) -lt $((seconds * 1000 * n / operations)) ]; do
        sleep 0.02
    done
done
for fault in "${broken[@]}"; do
    # shellcheck disable=SC2086
    mend $fault >>faults.log 2>&1
done
echo "# $(for result in "${!results[@]}"; do echo "$result ${results[$result]}"; done | sort | paste -sd,)"
below "$operations operations were tried, and some done (seed $seed)" -10 $((-${results[ok]:-0}))
is "none of them hung" "" "$(cat late 2>/dev/null)"

# --- Afterwards -------------------------------------------------------------------------------------

lab_deadline=20
for i in "${!killed[@]}"; do
    replace_pacemaker "$i"
done
ok "all nodes are online" wait_until 40 all_online
node_exec 1 crm_resource --cleanup >/dev/null 2>&1
for i in 1 2 3; do
    node_exec 1 crm_standby --node "n$i" --delete >/dev/null 2>&1
done
ok "all settles" settle 60
agree "every tree and Pacemaker agree on every object (seed $seed)" 10
# A link that was mended last is there for Corosync a moment later.
networks_are_up() {
    [ "$(cat "$work"/networks.? | sort | uniq -c | xargs)" = "24 up" ]
}
look_at_networks() {
    local i
    for i in 1 2 3; do
        cat "$(node_tree "$i")"/{networks,interfaces}/*/state >"networks.$i" 2>&1
    done
    networks_are_up
}
ok "all see all of the networks" wait_until 10 look_at_networks
for i in 1 2 3; do
    "$python" -I -B "$tests/../fs/tree.py" "$(node_tree "$i")" >"tree.$i"
done
same "nodes 1 and 2 show the same, to the last property" tree.1 tree.2
same "nodes 1 and 3 too" tree.1 tree.3
ok "the configuration is one" node_exec 1 crm_verify --live-check
ok "nothing is left behind" wait_until 10 nothing_is_left 1
lab_finish
