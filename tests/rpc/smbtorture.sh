#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Samba's tests of the interface, against clusapid with the demo cluster, in each way to log on: what
# they ask for was written by others. TAP.
. "$(dirname "$0")/lib.sh"

# run MODE [OPTION...]: all tests, or those that are named, with the flags of a binding.
torture() {
    local mode=$1
    shift
    timeout $((120 * slowness)) smbtorture --format=subunit --configfile=/dev/null \
        -U "CLUSTER\\bob%$password" "ncacn_ip_tcp:127.0.0.1[$port$mode]" "$@" 2>&1 </dev/null
}

# judge MODE OUTPUT: each test as one of ours; a line counts them.
judge() {
    local mode=$1 good=0 left=0 bad=0 result name
    while read -r result name; do
        case $result in
        success:)
            good=$((good + 1))
            passed "$mode: $name"
            ;;
        skip:)
            left=$((left + 1))
            ;;
        failure: | error:)
            bad=$((bad + 1))
            not_passed "$mode: ${name% [}" "$(sed -n "/^$result ${name%% *}/,/^]/p" "$2")"
            ;;
        esac
    done < <(grep -E '^(success|skip|failure|error): ' "$2")
    echo "# smbtorture $mode: $good passed, $left skipped, $bad failed"
    [ "$good" -gt 0 ] || not_passed "$mode: tests ran" "$(tail -n 20 "$2")"
}

begin_capture
start_service
for mode in ,seal ,sign ,ntlm,seal ,spnego,seal; do
    torture "$mode" rpc.clusapi >output
    judge "${mode#,}" output
done
# Those that change more than they put back, each on a cluster of its own.
for test in resource.FailResource resource.OfflineResource node.PauseNode node.EvictNode \
    group.OfflineGroup; do
    stop_service
    rm -f demo.cluster*
    start_service
    torture ,seal -X "rpc.clusapi.$test" >output
    judge "dangerous" output
done
stop_service
check_capture 10000 -o "ntlmssp.nt_password:$password"
finish
