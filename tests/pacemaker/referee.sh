# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced by lab.sh: what Pacemaker says, by referee.py, which is asked so often that it is kept running.
# shellcheck disable=SC2154 # the variables are those of lab.sh

# One for all nodes, who keeps a witness on each.
start_referee() {
    local input output
    mkfifo to.referee from.referee
    "$python" -I -B "$tests/referee.py" "$CLUSAPI_BUILD/tests/pacemaker/pacemaker-witness" "$work/answer" \
        <to.referee >from.referee 2>referee.log &
    referee=$!
    disown
    exec {input}>to.referee {output}<from.referee
    to_referee=$input from_referee=$output
    rm to.referee from.referee
}

# referee I QUESTION...: see referee.py. Not from two processes at once.
referee() {
    local i=$1 seconds=$((lab_deadline * slowness)) word=$EPOCHREALTIME IFS=$'\t' whose code text
    shift
    is_running "$i" || return
    echo "$word$IFS$seconds$IFS${lab_node[i]}$IFS$*" >&"$to_referee"
    # Trees answer within ten seconds, if with an error.
    while IFS=' ' read -r -t $((seconds + 15)) -u "$from_referee" whose code; do
        [ "$whose" = "$word" ] || continue
        mapfile -d '' -t text <"$work/answer"
        echo "${text[0]:-}"
        return "$code"
    done
    lab_fail "the referee does not answer" "$(tail -n 5 "$work/referee.log")"
}

lab_first_running() {
    local i
    for ((i = 1; i <= lab_size; i++)); do
        if is_running "$i"; then
            echo "$i"
            return
        fi
    done
    return 1
}

# becomes NAME EXPECTED QUESTION...: node 1's Pacemaker says so before long.
becomes() {
    local name=$1 expected=$2
    shift 2
    answers() {
        [ "$(referee 1 "$@")" = "$expected" ]
    }
    wait_until 15 answers "$@"
    is "$name" "$expected" "$(referee 1 "$@")"
}

# All nodes that have power are online, and each of them says so of all of them.
all_online() {
    local i expected=
    for ((i = 1; i <= lab_size; i++)); do
        is_running "$i" && expected+="n$i "
    done
    for ((i = 1; i <= lab_size; i++)); do
        if is_running "$i"; then
            [ "$(lab_deadline=3 referee "$i" online)" = "${expected% }" ] || return
        fi
    done
}

# Nothing is pending and no transition is under way, as node I sees it.
is_idle() { # I
    [ "$(lab_deadline=5 referee "$1" idle)" = S_IDLE ]
}

# settle [SECONDS]: waits until all that is under way has ended.
settle() {
    wait_until "${1:-30}" is_idle "$(lab_first_running)"
}

# cib I XPATH: that part of its configuration.
cib() {
    referee "$1" cib "$2"
}

# What is in the configuration only while something is under way, by id.
leftovers() {
    cib "$1" //configuration | grep -oE 'id="(cli|clusapi)-(move|restart|destroy|prefer|ban)-[^"]*"'
}

nothing_is_left() { # I
    local left
    left=$(leftovers "$1")
    [ -z "$left" ]
}
