#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# clusfs(5) against a mount of the demo cluster, which also is the cluster of its host.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
export CLUSAPI_LOCAL=$work/demo.cluster
start_daemon local
while IFS= read -r line; do
    case $line in
    'ok '*) passed "${line#ok * }" ;;
    'not ok '*) not_passed "${line#not ok * }" ;;
    '#'*) echo "$line" ;;
    esac
done < <("$tests/check-manual.sh" "$mountpoint")
is "it was compared" yes "$([ "$count" -ge 6 ] && echo yes)"
finish
