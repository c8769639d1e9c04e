#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# with-cluster.sh BACKEND PROGRAM [ARGUMENT...]
#
# Runs a program with a fresh copy of the demo cluster on a back end, embedded or hostile:
# $CONFORMANCE_CLUSTER and $HOSTILE_CLUSTER name it, $HOSTILE_CONTROL is the file of orders. The
# build says where MKFS, CLUSAPI_MODULE_DIR and DEMO_DEFINITION are.
set -euo pipefail

backend=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$MKFS" -d "$DEMO_DEFINITION" "$work/demo.cluster" >"$work/mkfs" 2>&1 || {
    echo "Bail out! mkfs.clusfs failed: $(head -n 5 "$work/mkfs")"
    exit 1
}
cat >"$work/clusters.conf" <<END
[embedded]
backend=embedded
address=$work/demo.cluster
[hostile]
backend=hostile
address=$work/demo.cluster
control=$work/orders
log=$work/log
END
export CLUSAPI_CONF=$work/clusters.conf CLUSAPI_NODE=node1
export CONFORMANCE_CLUSTER=$backend HOSTILE_CLUSTER=hostile HOSTILE_CONTROL=$work/orders
"$@"
