#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The quick start as a newcomer runs it, but for the places: it mounts and shows a cluster, and can
# be run again.
. "$(dirname "$0")/lib.sh"

quickstart=$tests/../../mount-helpers/quickstart
CLUSAPI_BUILD_DIR=$(cd "$(dirname "$CLUSFS")/.." && pwd)
export CLUSAPI_BUILD_DIR CLUSAPI_DEMO_FILE=$work/a/demo.cluster CLUSAPI_DEMO_MOUNT=$mountpoint

run_it() { # FILE
    timeout 120 "$quickstart" >"$1" 2>"$1.errors" </dev/null
}

ok "it succeeds" run_it first
like "it shows the groups" '^web$' "$(cat first)"
like "it shows a state" 'web/state:online' "$(cat first)"
like "it shows the cluster of a group" '^demo$' "$(cat first)"
like "it says how to unmount" "umount $mountpoint" "$(cat first)"
is "nothing in it failed" "" "$(grep -v last_error first | grep -iE 'no such|cannot |: failed|error')"
is "the mount stands" online "$(cat "$mountpoint/demo/groups/web/state")"
is "the demo is the cluster of this host" demo "$(cat "$mountpoint/local/name")"
ok "it succeeds again" run_it second
like "and says that it is mounted" 'mounted already' "$(cat second.errors)"
is "there is one mount" 1 "$(findmnt -n --list -o TARGET -t fuse.clusfs | wc -l)"
daemon=$(pgrep -x clusfs)
kill -KILL "$daemon"
wait_until 5 is_gone "$daemon"
ok "it replaces a dead mount" run_it third
is "by a living one" online "$(cat "$mountpoint/demo/groups/web/state")"
ok "umount as it says" umount "$mountpoint"
daemon=
mount -t tmpfs none "$mountpoint"
ok "it keeps off what is mounted otherwise" sh -c '! "$1" >/dev/null 2>&1' - "$quickstart"
umount "$mountpoint"
finish
