#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# poll, select and epoll on state, owner and events; the questions are asked by poll.py.
. "$(dirname "$0")/lib.sh"

export CLUSAPI_NODE=n1
make_cluster lab.cluster "$tests/lab.cluster"
start_daemon "$work/lab.cluster"
mkdir other
"$CLUSFS" -f "$work/lab.cluster" "$work/other" >>"$log" 2>&1 </dev/null &
second=$!
wait_until 10 is_mounted "$work/other"
tree=$mountpoint/lab

before=$(cat "$tree/handles")
SLOWNESS=$slowness timeout 300 "$python" -I -B "$tests/poll.py" "$tree" "$work/other/lab" "$daemon" |
    tee results | grep -v '^# [0-9]* [0-9]*$'
read -r _ count failed < <(tail -n 1 results) || count=0
ok "all questions were asked" grep -q '^# [0-9]* [0-9]*$' results
is "no handle is left" "$before" "$(cat "$tree/handles")"

# Who polls when the daemon ends is told.
"$python" -I -c '
import os, select, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
os.read(fd, 100)
poll = select.poll()
poll.register(fd, select.POLLPRI)
open("polls", "w").close()
poll.poll(60000)' "$tree/groups/web/state" &
poller=$!
wait_until 5 test -e polls
sleep 0.2
stop_daemon
ok "the end of the daemon ends who polls" wait_until 2 is_gone "$poller"
kill "$second"
wait "$second"
is "the second daemon ends in order" 0 $?
finish
