#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# kill.sh: writers and a daemon on one file are killed at random moments, $FAULTS_KILLS times (or for
# $FAULTS_SECONDS): after each the file is whole, nothing acknowledged is missing, and no group stays
# pending. The build says where ACTOR is.
# shellcheck source=tests/fs/lib.sh disable=SC2154
source "$(dirname "$0")/../fs/lib.sh"

kills=${FAULTS_KILLS:-0}
end=$(($(milliseconds) + ${FAULTS_SECONDS:-10} * 1000))
file=$work/faults.cluster
"$ACTOR" --definition >"$work/definition"
"$MKFS" -d "$work/definition" "$file" >/dev/null
export CLUSAPI_NODE=n1

pause() { # a random time up to MILLISECONDS
    sleep "0.$(printf '%03d' $((RANDOM % $1)))"
}

n=0 bad=0
while [ "$bad" = 0 ] && { [ "$n" -lt "$kills" ] || [ "$(milliseconds)" -lt "$end" ]; }; do
    n=$((n + 1))
    victims=()
    for number in 1 2; do
        "$ACTOR" "$file" $number $((RANDOM * 2 + n)) 0 "$work/journal.$number" 2>>"$work/actors" &
        victims+=($!)
    done
    if [ $((n % 4)) = 0 ]; then
        "$CLUSFS" -f "$file" "$mountpoint" 2>>"$log" &
        victims+=($!)
        wait_until 5 is_mounted
        echo "$n" >"$mountpoint"/faults/groups/actor-1-group-0/state 2>/dev/null
        echo online >"$mountpoint"/faults/groups/actor-2-group-1/state 2>/dev/null
    fi
    pause 120
    # One after the other, so that the others go on in between.
    for victim in "${victims[@]}"; do
        kill -9 "$victim"
        wait "$victim" 2>/dev/null
        pause 20
    done
    [ $((n % 4)) != 0 ] || umount -l "$mountpoint" 2>/dev/null
    if ! "$FSCK" "$file" >"$work/fsck" 2>&1; then
        bad=1
        not_passed "the file is whole after $n kills" "$(cat "$work/fsck")"
    elif ! "$ACTOR" --check "$file" "$work"/journal.* >"$work/check" 2>&1; then
        bad=1
        not_passed "nothing is missing or stuck after $n kills" "$(cat "$work/check")"
    fi
    # What a new actor finds is what it expects.
    rm -f "$work"/journal.*
done
[ "$bad" != 0 ] || passed "after each of $n kills the file was whole, complete and settled"
ok "and it was changed" test "$("$ACTOR" --describe "$file" | grep -c 'value [12] [1-9]')" = 2
finish
