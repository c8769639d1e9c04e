#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A cluster that two servers serve, at addresses that are its nodes': when one goes away the other is
# gone to, with what is open and what is listened to. TAP.
. "$(dirname "$0")/lib.sh"

# Names of loopback alone are not resolved.
# shellcheck disable=SC2034 # of start_service
address=192.0.2.1
ip address add 192.0.2.1/32 dev lo
ip address add 192.0.2.2/32 dev lo
printf '127.0.0.1 localhost\n192.0.2.1 node1\n192.0.2.2 node2\n' >hosts
mount --bind hosts /etc/hosts
(
    umask 077
    printf 'user=bob\ndomain=CLUSTER\npassword=%s\n' "$password" >credentials
)
cat >"$CLUSAPI_CONF" <<END
[network]
backend=rpc
address=node1:$port
credentials=$work/credentials
END

# start_other: at the second node's address.
start_other() {
    sed "s|^socket=.*|socket=$work/other|; s|^listen=.*|listen=192.0.2.2:$port|
        s|^endpoint-mapper=.*|endpoint-mapper=no|" clusapid.conf >other.conf
    "$CLUSAPID" --config other.conf >>service.log 2>&1 </dev/null &
    other=$!
    wait_until 10 test -S other
}

# vanish PID: without a word.
vanish() {
    kill -KILL "$1"
    wait "$1" 2>/dev/null
}

web=network.mnt/network/groups/web
start_service
start_other
mkdir network.mnt
"$CLUSFS" -f network network.mnt >>"$log" 2>&1 </dev/null &
mount=$!
wait_until 10 test -f $web/state || not_passed "the mount" "$(tail "$log")"
cat network.mnt/network/events >events &
reader=$!
exec 4<$web/state
is "at the first" online "$(cat $web/state)"
ok "by the network" test "$(ss -tnH state established dst 192.0.2.1:$port | wc -l)" -gt 0

vanish "$service"
is "when it is gone the other is asked" online "$(cat $web/state)"
ok "by the network" test "$(ss -tnH state established dst 192.0.2.2:$port | wc -l)" -gt 0
is "what was open is read on" online "$(cat <&4)"
ok "that events may be missing is told" wait_until 10 grep -q lost events
ok "it is acted upon" sh -c "echo offline >$web/state"
ok "and told" wait_until 10 grep -q "state	web	offline" events

# The server has the descriptor, too, which it inherits: it must not wait for itself there.
rm -f socket
start_service
vanish "$other"
is "and back" offline "$(cat $web/state)"
ok "at the first" test "$(ss -tnH state established dst 192.0.2.1:$port | wc -l)" -gt 0
ok "it is acted upon" sh -c "echo online >$web/state"
ok "and told" wait_until 10 grep -q "state	web	online" events

vanish "$service"
begin=$(milliseconds)
cat $web/state >/dev/null 2>&1
is "when both are gone that is an error" 1 $?
below "at once" 5000 $(($(milliseconds) - begin))
rm -f socket
start_service
is "and is over when one is back" online "$(cat $web/state)"
kill "$reader"
exec 4<&-
kill "$mount"
wait "$mount"
is "the mount ends in order" 0 $?
stop_service
finish
