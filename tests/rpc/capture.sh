# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced by the tests in a network namespace of their own: what goes over its loopback is captured
# from begin_capture to end_capture, and decode_capture has tshark read it. $work is the test's.
# shellcheck disable=SC2154
capture_ports=(49200 135)
capture=
capture_reader=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/capture.py

# mark_capture: a datagram, which is captured too, has come as far as the file. Without it the last
# messages could still be on their way.
mark_capture() {
    local mark="mark $RANDOM$RANDOM." i
    for ((i = 0; i < 400; i++)); do
        echo "$mark" >/dev/udp/127.0.0.1/9 || :
        sleep 0.05
        ! grep -aq "$mark" < <(tail -c 4096 "$work/capture" 2>/dev/null) || return 0
        kill -0 "$capture" || return 1
    done
    return 1
}

begin_capture() {
    local filter='udp port 9' port
    for port in "${capture_ports[@]}"; do
        filter+=" or tcp port $port"
    done
    dumpcap -q -P -B 64 -i lo -f "$filter" -w "$work/capture" >"$work/capture.log" 2>&1 </dev/null &
    capture=$!
    mark_capture || {
        echo "Bail out! nothing is captured: $(tail -n 3 "$work/capture.log")"
        exit 1
    }
}

# All of it is in the file then; fails if the kernel had to drop any.
end_capture() {
    local end=0
    mark_capture || end=1
    kill "$capture"
    wait "$capture" || end=1
    capture=
    grep -qE '^Packets received/dropped on interface .*: [0-9]+/0 ' "$work/capture.log" || end=1
    return "$end"
}

# decode_capture OPTION...: tshark's, such as keys. The first line is how many messages there were, and
# how many of them of our interface; fails if there is any complaint, one on each further line.
decode_capture() {
    /usr/bin/python3 -I -B "$capture_reader" "$work/capture" "${capture_ports[@]}" -- "$@"
}

# check_capture MINIMUM OPTION...: as points, for ../fs/lib.sh's reports.
check_capture() {
    local minimum=$1 decoded messages=0 calls=0
    shift
    if end_capture; then
        passed "all messages are captured"
    else
        not_passed "all messages are captured" "$(<"$work/capture.log")"
    fi
    if decoded=$(decode_capture "$@"); then
        passed "tshark finds nothing malformed"
    else
        not_passed "tshark finds nothing malformed" "$decoded"
    fi
    read -r messages calls <<<"$decoded"
    echo "# tshark decoded $messages messages, of them $calls of the interface"
    ok "tshark decodes calls" test "$calls" -ge "$minimum"
}
