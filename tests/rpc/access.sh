#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who may do what at clusapid's Unix socket: by user and by group, as the kernel says; and that a new
# configuration counts for who comes then. TAP.
. "$(dirname "$0")/lib.sh"

# may USER GROUP...: what comes of opening the cluster to read and to change.
may() {
    local user=$1 group ids=()
    shift
    for group; do
        ids+=("$(getent group "$group" | cut -d: -f3)")
    done
    "$OPEN_AS" "$work/socket" "$(id -u "$user")" "${ids[@]}"
}

# configure READERS ADMINISTRATORS
configure() {
    sed -i "s/^readers=.*/readers=$1/; s/^administrators=.*/administrators=$2/" clusapid.conf
    reload_service
}

start_service
is "root may all" "0 0" "$(may root)"
is "somebody else nothing" "5 5" "$(may nobody)"
configure '@games' root
is "who is in a group that may read" "0 5" "$(may nobody games)"
is "who is not, still not" "5 5" "$(may nobody tty)"
configure 'nobody' '@games'
is "a user who may read" "0 5" "$(may nobody)"
is "who is also in a group that may all" "0 0" "$(may nobody tty games)"
is "root, if nobody says so, nothing" "5 5" "$(may root)"
configure '*' 'root'
is "everybody may read" "0 5" "$(may games)"
configure 'no-such-user' 'nobody'
is "a mistake changes nothing" "0 5" "$(may games)"
like "and is told" 'no-such-user' "$(cat service.log)"

# level LEVEL: what comes of a call that is signed only.
level() {
    sed -i "s/^level=.*/level=$1/" clusapid.conf
    reload_service
    smbtorture --format=subunit --configfile=/dev/null -U "CLUSTER\\bob%$password" \
        "ncacn_ip_tcp:127.0.0.1[$port,sign]" rpc.clusapi.cluster.GetClusterName 2>&1 </dev/null |
        grep -c '^success: '
}

configure '*' 'root;CLUSTER\\bob'
is "a signed call is taken" 1 "$(level integrity)"
is "after privacy is required it is not" 0 "$(level privacy)"
cp users others
sed -i "s|^ntlm-users=.*|ntlm-users=$work/others|" clusapid.conf
configure 'games' 'root'
is "other files of passwords need a new start: nothing changes" "0 5" "$(may nobody)"
like "which is told" 'ntlm-users= takes a new start' "$(cat service.log)"
stop_service
finish
