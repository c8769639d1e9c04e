#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# scripts.sh: the scripts of the README, as they stand there, on a cluster. TAP.
# shellcheck source=tests/fs/lib.sh disable=SC2154
source "$(dirname "$0")/lib.sh"

# Each block of shell in the README that begins with #! is a script; its second line names it.
awk -v directory="$work" '
    /^```/ { inside = !inside; first = inside; file = ""; next }
    inside && first { first = 0; if ($0 !~ /^#!/) { inside = 1; skip = 1 } else { skip = 0 } held = $0; next }
    inside && !skip && file == "" { file = directory "/" $2; print held > file }
    inside && !skip { print > file }
' "$tests/../../README.md"
chmod +x "$work"/wait-online "$work"/drain "$work"/fail-over "$work"/monitor "$work"/check-health

cat >definition <<'END'
[cluster]
name=lab
[node n1]
[node n2]
[resource-type Slow]
private.OnlineDelay=dword:300
[resource-type Quick]
[group web]
owner=n1
[resource service]
group=web
type=Slow
[group files]
owner=n1
[resource share]
group=files
type=Quick
state=online
persistent-state=online
END
ok "a cluster" "$MKFS" -d definition lab.cluster
export CLUSAPI_NODE=n1
start_daemon "$work/lab.cluster"
root=$mountpoint/lab

ok "check-health: all is well" "$work/check-health" "$root"
"$work/monitor" "$root" >monitored &
monitor=$!
sleep 0.2
echo online >"$root/groups/web/state"
is "it is pending at first" pending "$(cat "$root/groups/web/state")"
"$work/check-health" "$root" >health
is "check-health: a warning while it is" 1 $?
ok "wait-online waits" "$work/wait-online" "$root" web 10
is "until it is online" online "$(cat "$root/groups/web/state")"
ok "wait-online of what is online" "$work/wait-online" "$root" web 1
echo offline >"$root/groups/web/state"
"$work/wait-online" "$root" web 1
is "wait-online gives up" 124 $?
echo online >"$root/groups/web/state"
ok "online again" "$work/wait-online" "$root" web 10

ok "fail-over" "$work/fail-over" "$root" n1 n2
ok "everything is on the other node" wait_until 5 test "$(cat "$root"/groups/*/owner | sort -u)" = n2
ok "and online again there" "$work/wait-online" "$root" web 10
ok "and back" "$work/fail-over" "$root" n2 n1
ok "everything is back" wait_until 5 test "$(cat "$root"/groups/*/owner | sort -u)" = n1

ok "drain" "$work/drain" "$root" n1 20
is "nothing is left on the node" "" "$(ls "$root/nodes/n1/groups")"
is "which is paused" paused "$(cat "$root/nodes/n1/state")"
"$work/check-health" "$root" >health
is "check-health: a warning for that" 1 $?
echo up >"$root/nodes/n1/state"
echo failed >"$root/resources/share/state"
echo down >"$root/nodes/n2/state"
"$work/check-health" "$root" >health
is "check-health: critical with a node down" 2 $?
like "and it says so" '^CRITICAL - .* 1 down' "$(cat health)"
# A shell reads the events byte by byte, so it needs a moment.
wait_until 10 grep -q ': node n2: state down' monitored
kill "$monitor"
wait "$monitor" 2>/dev/null
like "the monitor saw the group come online" ': group web: state online' "$(cat monitored)"
like "and the node go" ': node n2: state down' "$(cat monitored)"
stop_daemon
"$work/check-health" "$root" >health 2>/dev/null
is "check-health: unknown without a cluster" 3 $?
finish
