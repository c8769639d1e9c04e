#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# disk.sh: a full disk, a read-only one and a file that another process keeps locked give clean
# errors, and what can be read is read.
# shellcheck source=tests/fs/lib.sh disable=SC2154
source "$(dirname "$0")/../fs/lib.sh"

export CLUSAPI_NODE=n1
small=$work/small
mkdir "$small"
mount -t tmpfs -o size=1m small "$small"
"$ACTOR" --definition >"$work/definition"
"$MKFS" -d "$work/definition" "$small/c.cluster" >/dev/null
start_daemon "$small/c.cluster"
root=$mountpoint/faults
ok "there is room at first" mkdir "$root/groups/first"

dd if=/dev/zero of="$small/filler" bs=4096 2>/dev/null
failed_at=
for i in $(seq 200); do
    if ! mkdir "$root/groups/g$i" 2>"$work/error"; then
        failed_at=$i
        break
    fi
done
ok "on a full disk making groups fails at last" test -n "$failed_at"
like "with ENOSPC" 'No space left' "$(cat "$work/error")"
ok "nothing of it is there" test ! -e "$root/groups/g$failed_at"
is "and reading goes on" offline "$(cat "$root/groups/first/state")"
rm "$small/filler"
ok "with room again it works" mkdir "$root/groups/g$failed_at"
stop_daemon
ok "the file is whole" "$FSCK" "$small/c.cluster"

mount -o remount,ro "$small"
start_daemon "$small/c.cluster"
is "on a read-only disk reading works" offline "$(cat "$root/groups/first/state")"
mkdir "$root/groups/more" 2>"$work/error"
like "and making a group does not" 'Read-only|Permission denied' "$(cat "$work/error")"
stop_daemon
mount -o remount,rw "$small"

start_daemon -o timeout=1 "$small/c.cluster"
$python - "$small/c.cluster" "$work/locked" <<'PYTHON' &
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
time.sleep(6)
PYTHON
locker=$!
wait_until 5 test -e "$work/locked"
begun=$(milliseconds)
mkdir "$root/groups/late" 2>"$work/error"
took=$(($(milliseconds) - begun))
like "a locked file makes it time out" 'timed out' "$(cat "$work/error")"
below "in its time" $((2000 * slowness)) "$took"
is "while reading goes on" offline "$(cat "$root/groups/first/state")"
kill "$locker"
wait "$locker" 2>/dev/null
ok "and afterwards it works" mkdir "$root/groups/late"
stop_daemon
finish
