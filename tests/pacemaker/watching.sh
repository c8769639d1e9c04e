# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced after lab.sh by tests that look at trees while something happens to the nodes.

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
