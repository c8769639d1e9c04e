#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Looking at 10,000 groups costs the daemon no memory that it keeps, and it keeps no descriptor.
. "$(dirname "$0")/lib.sh"

if [ "${CLUSAPI_SANITIZE:-none}" != none ]; then
    echo "1..0 # SKIP sanitizers have a memory of their own"
    exit 0
fi
{
    printf '[cluster]\nname=large\n[node n1]\n'
    for ((i = 0; i < 10000; i++)); do
        printf '[group group-%05d]\nowner=n1\n' "$i"
    done
} >large.definition
make_cluster large.cluster large.definition
start_daemon "$work/large.cluster"
tree=$mountpoint/large

resident() { # in KiB
    awk '$1 == "VmRSS:" { print $2 }' "/proc/$daemon/status"
}

descriptors() {
    find "/proc/$daemon/fd" -mindepth 1 | wc -l
}

cat "$tree/groups/group-00000/state" >/dev/null
before=$(resident)
is "all groups are listed" 10000 "$(ls -f "$tree/groups" | grep -c '^group-')"
is "all files are found" 10000 "$(find "$tree/groups" -name state | wc -l)"
find "$tree/groups" -name state -exec cat {} + | sort | uniq -c >states
is "all states are read" 10000 "$(awk '{ n += $1 } END { print n }' states)"
below "memory has grown by some MiB at most" 8192 "$(($(resident) - before))"
files=$(descriptors)
# Another thread's arena may still grow; a leak would show every time.
for _ in 1 2 3 4; do
    first=$(resident)
    find "$tree/groups" -name state -exec cat {} + >/dev/null
    find "$tree/groups" | wc -l >/dev/null
    last=$(resident)
    grown=$((last > first ? last - first : 0))
    [ "$grown" -ge 1024 ] || break
done
below "and not again the next time" 1024 "$grown"
is "no descriptor is kept" "$files" "$(descriptors)"
like "no handle either" '^group 0$' "$(cat "$tree/handles")"
finish
