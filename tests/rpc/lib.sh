# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced first by every test of clusapid at the shell: also a network namespace of its own, in which
# the service listens at loopback, port 49200, and as the endpoint mapper. Users bob (administrator)
# and rita (reader) of the domain CLUSTER log on by NTLM.
#
# The build says where CLUSAPID is, besides what ../fs/lib.sh needs.
if [ -z "${CLUSAPID_TEST_NETWORK:-}" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "1..0 # SKIP a network of its own needs root"
        exit 0
    fi
    CLUSAPID_TEST_NETWORK=yes exec unshare --net -- "$BASH" "$0" "$@"
fi
ip link set lo up
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../fs/lib.sh" || exit 1
# shellcheck source-path=SCRIPTDIR
. "$tests/capture.sh" || exit 1

port=49200
password='Baumeister 7'
service=

# start_service [LINE...]: with further lines for the configuration's group [network].
start_service() {
    (
        umask 077
        printf 'CLUSTER:bob:%s\nCLUSTER:rita:%s\n' "$password" "$password" >users
    )
    {
        printf '[service]\ncluster=%s\nsocket=%s\n' "$work/demo.cluster" "$work/socket"
        printf '[access]\nadministrators=root;CLUSTER\\\\bob\nreaders=CLUSTER\\\\rita\n'
        printf '[network]\nlisten=%s:%s\nendpoint-mapper=yes\nlevel=integrity\n' "${address:-127.0.0.1}" "$port"
        printf 'ntlm-users=%s\n' "$work/users"
        printf '%s\n' "$@"
    } >clusapid.conf
    cat "$DEMO_DEFINITION" "$tests/torture.cluster" >definition
    [ -f demo.cluster ] || "$MKFS" -d definition demo.cluster >/dev/null || exit 1
    "$CLUSAPID" --config clusapid.conf >>service.log 2>&1 </dev/null &
    service=$!
    wait_until 10 test -S socket || {
        not_passed "clusapid starts" "$(cat service.log)"
        finish
    }
}

# reload_service: with the configuration as it is now, right or wrong; one or the other is logged.
reload_service() {
    local before
    before=$(wc -l <service.log)
    kill -HUP "$service"
    wait_until 10 says_more_than "$before" || not_passed "the service reads its configuration again"
}

says_more_than() { # LINES
    [ "$(wc -l <service.log)" -gt "$1" ]
}

stop_service() {
    kill "$service"
    wait "$service"
    is "clusapid ends in order" 0 $?
    service=
}
