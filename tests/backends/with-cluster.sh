#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# with-cluster.sh BACKEND PROGRAM [ARGUMENT...]
#
# Runs a program with a fresh copy of the demo cluster on a back end, embedded, hostile, socket or network:
# $CONFORMANCE_CLUSTER and $HOSTILE_CLUSTER name it, $HOSTILE_CONTROL is the file of orders. By socket
# and network it is served by clusapid, over a Unix socket and over TCP, sealed by NTLM, of which
# tshark must decode every message. The build says where MKFS, CLUSAPID, CLUSAPI_MODULE_DIR and
# DEMO_DEFINITION are.
set -euo pipefail

if [ "$1" = network ] && [ -z "${CLUSAPID_TEST_NETWORK:-}" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "1..0 # SKIP a network of its own needs root"
        exit 0
    fi
    CLUSAPID_TEST_NETWORK=yes exec unshare --net -- "$BASH" "$0" "$@"
fi

backend=$1
shift
work=$(mktemp -d)
service=
. "$(dirname "$0")/../rpc/capture.sh"
clean_up() {
    [ -z "$capture" ] || { kill "$capture" && wait "$capture"; } || true
    [ -z "$service" ] || { kill "$service" && wait "$service"; } || true
    rm -rf "$work"
}
trap clean_up EXIT
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
[socket]
backend=rpc
address=$work/socket
[network]
backend=rpc
address=127.0.0.1:49200
credentials=$work/credentials
END
export CLUSAPI_CONF=$work/clusters.conf CLUSAPI_NODE=node1
export CONFORMANCE_CLUSTER=$backend HOSTILE_CLUSTER=hostile HOSTILE_CONTROL=$work/orders

# start_service LINE...: with further lines of its configuration.
start_service() {
    printf '%s\n' '[service]' "cluster=$work/demo.cluster" "socket=$work/socket" "$@" \
        >"$work/clusapid.conf"
    "$CLUSAPID" --config "$work/clusapid.conf" >"$work/service.log" 2>&1 </dev/null &
    service=$!
    for ((i = 0; i < 200; i++)); do
        [ ! -S "$work/socket" ] || return 0
        sleep 0.05
    done
    echo "Bail out! clusapid does not start: $(head -n 5 "$work/service.log")"
    exit 1
}

case $backend in
socket)
    start_service '[access]' "administrators=$(id -un)"
    ;;
network)
    ip link set lo up
    begin_capture
    (
        umask 077
        echo 'CLUSTER:bob:Baumeister' >"$work/users"
        printf '%s\n' user=bob domain=CLUSTER password=Baumeister >"$work/credentials"
    )
    start_service '[access]' 'administrators=CLUSTER\\bob' '[network]' listen=127.0.0.1:49200 \
        "ntlm-users=$work/users"
    ;;
esac
status=0
"$@" || status=$?
if [ "$backend" = network ]; then
    end_capture || {
        echo "Bail out! messages were not captured: $(<"$work/capture.log")"
        exit 1
    }
    decoded=$(decode_capture -o ntlmssp.nt_password:Baumeister) || {
        head -n 25 <<<"$decoded" | sed 's/^/# /'
        echo 'Bail out! tshark does not decode every message'
        exit 1
    }
    echo "# tshark decoded $decoded"
fi
exit "$status"
