#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# agree.sh: two daemons and four programs change one file at random for $FAULTS_SECONDS; at the end
# all see the same.
# shellcheck source=tests/fs/lib.sh disable=SC2154
source "$(dirname "$0")/../fs/lib.sh"

file=$work/faults.cluster
"$ACTOR" --definition >"$work/definition"
"$MKFS" -d "$work/definition" "$file" >/dev/null
export CLUSAPI_NODE=n1
daemons=()
for mount in 1 2; do
    mkdir "$work/mnt.$mount"
    "$CLUSFS" -f "$file" "$work/mnt.$mount" 2>>"$log" &
    daemons+=($!)
    wait_until 5 is_mounted "$work/mnt.$mount"
done

actors=()
for number in 1 2 3 4; do
    "$ACTOR" "$file" $number $((RANDOM + number)) 0 "$work/journal.$number" 2>>"$work/actors" &
    actors+=($!)
done

# Through the mounts, with names of their own.
shell_actor() { # NUMBER END
    local root=$work/mnt.$1/faults
    while [ "$(milliseconds)" -lt "$2" ]; do
        mkdir "$root/groups/shell-$1" 2>/dev/null
        echo online >"$root/groups/actor-$((RANDOM % 4 + 1))-group-$((RANDOM % 6))/state" 2>/dev/null
        echo "n$((RANDOM % 3 + 1))" \
            >"$root/groups/actor-$((RANDOM % 4 + 1))-group-$((RANDOM % 6))/owner" 2>/dev/null
        cat "$root"/groups/*/state >/dev/null 2>&1
        rmdir "$root/groups/shell-$1" 2>/dev/null
    done
}
end=$(($(milliseconds) + ${FAULTS_SECONDS:-10} * 1000))
shell_actor 1 "$end" &
shells=($!)
shell_actor 2 "$end" &
shells+=($!)
wait "${shells[@]}"
for actor in "${actors[@]}"; do
    ok "an actor lived to the end" kill "$actor"
    wait "$actor" 2>/dev/null
done

# What a mount shows, in the actors' form.
describe_mount() { # MOUNT
    local group
    for group in "$work/mnt.$1"/faults/groups/*; do
        echo "$(basename "$group") $(cat "$group/state") $(cat "$group/owner")"
    done | sort
}

ok "nothing acknowledged is missing" "$ACTOR" --check "$file" "$work"/journal.*
ok "the file is whole" "$FSCK" "$file"
"$ACTOR" --describe "$file" >"$work/program" 2>&1
ok "the daemons agree" wait_until 5 diff <(describe_mount 1) <(describe_mount 2)
describe_mount 1 | cut -d' ' -f1,3 >"$work/mounted"
awk '$1 == 8 {print $2, $4}' "$work/program" | sort >"$work/listed"
same "a program agrees with them" "$work/listed" "$work/mounted"
below "there was something to agree on" 0 $((1 - $(wc -l <"$work/listed")))
for mount in 1 2; do
    umount "$work/mnt.$mount"
    wait "${daemons[$((mount - 1))]}"
done
finish
