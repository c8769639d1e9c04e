#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A cluster that is slow, fails, hangs, or does not even listen, beside healthy ones: nobody else
# waits, every caller can be killed, every wait ends, and umount works.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
# Two names for one cluster would be one directory and a link.
sed 's/^name=demo$/name=other/; s/^id=0d9c2a51/id=1d9c2a51/' "$DEMO_DEFINITION" >other.definition
make_cluster other.cluster other.definition
cat >clusters.conf <<END
[bad]
backend=hostile
address=$work/demo.cluster
control=$work/orders
log=$work/calls
[good]
address=$work/other.cluster
END
bad=$mountpoint/bad good=$mountpoint/good

order() {
    printf '%s\n' "$@" >orders.new
    mv orders.new orders
}

calls() { # PATTERN: how many calls of it have begun
    grep -c -- "$1" calls
}

# Starts readers of a file of a group that hangs, until all of them wait in the back end.
readers=()
start_readers() { # COUNT FILE CALL
    local i before
    before=$(calls "$3")
    readers=()
    for ((i = 0; i < $1; i++)); do
        cat "$2" >/dev/null 2>&1 &
        readers+=($!)
        disown
    done
    begun() {
        local pid
        for pid in "${readers[@]}"; do
            [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" = "S" ] ||
                [ "$(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null)" = "D" ] || return 1
        done
        [ "$(calls "$1")" -gt "$2" ]
    }
    ok "$1 readers of $2 hang" wait_until 10 begun "$3" "$before"
    sleep 0.2
}

end_readers() {
    kill -KILL "${readers[@]}" 2>/dev/null
    wait_until 5 none_left
}

none_left() {
    local pid
    for pid in "${readers[@]}"; do
        is_gone "$pid" || return 1
    done
}

order
start_daemon -o timeout=20 none
is "without orders it is as any other" online "$(cat "$bad/groups/web/state")"
is "it says what it is" hostile "$(cat "$bad/backend")"
paths() {
    (cd "$1" && find . | sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g' | sort)
}
paths "$good" >good.paths
paths "$bad" >bad.paths
same "it is the same tree as on another back end" good.paths bad.paths
ok "sizes are exact on it too" probe sizes "$bad/groups/web"
ok "and what links lead to" probe links "$mountpoint"

# --- Hung reads ------------------------------------------------------------------------------------

for n in 11 40; do
    order 'query group/web hang'
    start_readers "$n" "$bad/groups/web/state" 'query group/web'
    below "with $n hung, a file of the same cluster answers in time" $((50 * slowness)) \
        "$(probe latency "$bad/groups/mail/state" 20)"
    below "with $n hung, a file of another cluster answers in time" $((50 * slowness)) \
        "$(probe latency "$good/groups/web/state" 20)"
    ok "with $n hung, other directories of the cluster list" ls -l "$bad/groups/mail" "$bad/nodes"
    below "each of $n hung readers dies by SIGKILL at once" $((100 * slowness)) \
        "$(probe killed "${readers[@]}")"
    end_readers
    order
    is "then all is as before" online "$(cat "$bad/groups/web/state")"
done

# So that the kernel has no listing of it.
printf 'Generic Application\tnew' >"$bad/groups/database/create-resource"
rmdir "$bad/resources/new"
order 'open group/web hang' 'query group/mail hang' 'enumerate * hang'
start_readers 6 "$bad/groups/web/name" 'open group/web'
ls "$bad/groups/database/resources" >/dev/null 2>&1 &
lister=$!
disown
below "with opens and listings hung, another answers in time" $((50 * slowness)) \
    "$(probe latency "$good/groups/web/state" 20)"
below "readers hung in open die at once" $((100 * slowness)) \
    "$(probe killed "${readers[@]}" "$lister")"
end_readers
order

# --- Signals and limits ----------------------------------------------------------------------------

order 'query group/web hang'
timeout --signal=INT 0.5 cat "$bad/groups/web/state" >/dev/null 2>&1
is "a signal interrupts" 124 "$?"
"$python" - "$bad/groups/web/state" >eintr <<'END'
import errno, os, signal, sys
signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(InterruptedError(errno.EINTR, "")))
signal.setitimer(signal.ITIMER_REAL, 0.3)
try:
    os.read(os.open(sys.argv[1], os.O_RDONLY), 100)
    print("OK")
except OSError as error:
    print(errno.errorcode[error.errno])
END
is "the caller sees EINTR" EINTR "$(cat eintr)"
order 'query group/web delay 300'
begin=$(milliseconds)
is "a slow answer arrives" online "$(cat "$bad/groups/web/state")"
took=$(($(milliseconds) - begin))
is "and takes its time" yes "$([ "$took" -ge 290 ] && echo yes || echo "$took ms")"

declare -A errnos=([5]=EACCES [5925]=EROFS [70]=EAGAIN [1722]=EHOSTUNREACH [1460]=ETIMEDOUT
    [8]=ENOMEM [120]=EOPNOTSUPP [87]=EINVAL [1117]=EIO)
for code in "${!errnos[@]}"; do
    order "query group/print fail $code"
    is "error $code is ${errnos[$code]}" "${errnos[$code]}" \
        "$(probe errno read "$bad/groups/print/state")"
done
order 'query group/print fail 5012'
like "an object that is gone is ENODEV or ENOENT" '^(ENODEV|ENOENT)$' \
    "$(probe errno read "$bad/groups/print/state")"
order 'open group/dhcp fail 5'
is "an open that is refused is EACCES" EACCES "$(probe errno read "$bad/groups/dhcp/name")"
order
ok "then all can be read" sh -c 'find "$1" -type f -exec cat {} + >/dev/null' - "$bad/groups"
like "the log has the code, its name and the object" 'print.*error 5925 \(ERROR_CLUSTER_NO_QUORUM\)' \
    "$(cat "$log")"
stop_daemon

# --- The limit of a mount --------------------------------------------------------------------------

rm -f orders
start_daemon -o timeout=1 none
cat "$bad/groups/web/state" >/dev/null
for what in hang 'deaf 4000' 'delay 8000'; do
    order "query group/web $what"
    begin=$(milliseconds)
    seen=$(probe errno read "$bad/groups/web/state")
    took=$(($(milliseconds) - begin))
    is "$what ends" ETIMEDOUT "$seen"
    is "$what ends after the limit" yes "$([ "$took" -ge 950 ] && echo yes || echo "$took ms")"
    # The kernel asks a second time about a name that it knew.
    below "$what ends soon after the limit" $((2000 + 500 * slowness)) "$took"
done
order
stop_daemon

# --- Calls that do not listen ----------------------------------------------------------------------

start_daemon -o timeout=20 none
cat "$bad/groups/web/state" "$bad/groups/mail/state" >/dev/null
order 'query group/web deaf 5000'
start_readers 11 "$bad/groups/web/state" 'query group/web'
below "11 deaf calls do not keep another cluster" $((50 * slowness)) \
    "$(probe latency "$good/groups/web/state" 20)"
below "nor another file of their own" $((50 * slowness)) \
    "$(probe latency "$bad/groups/mail/state" 20)"
below "readers of deaf calls die at once" $((100 * slowness)) "$(probe killed "${readers[@]}")"
end_readers
order 'connect cluster hang'
is "the good one stays" online "$(cat "$good/groups/web/state")"
kill -TERM "$daemon"
ok "SIGTERM ends the daemon while calls do not listen" wait_until 2 is_gone "$daemon"
wait "$daemon"
is "in order" 0 "$?"
daemon=
order

# --- Unmounting with calls in progress -------------------------------------------------------------

start_daemon -o timeout=20 none
cat "$bad/groups/web/state" >/dev/null
order 'query group/web hang'
start_readers 11 "$bad/groups/web/state" 'query group/web'
ok "umount -l works while calls hang" umount -l "$mountpoint"
ok "the mount is gone from view" sh -c '! findmnt --mountpoint "$1"' - "$mountpoint"
end_readers
ok "the daemon ends when its callers have" wait_until 5 is_gone "$daemon"
wait "$daemon"
is "in order" 0 "$?"
daemon=

order
start_daemon -o timeout=20 none
cat "$bad/groups/web/state" >/dev/null
order 'query group/web hang'
start_readers 11 "$bad/groups/web/state" 'query group/web'
kill -TERM "$daemon"
ok "SIGTERM ends the daemon while calls hang" wait_until 5 is_gone "$daemon"
wait "$daemon"
is "in order" 0 "$?"
daemon=
ok "and its readers" wait_until 5 none_left
end_readers
is_mounted && umount -l "$mountpoint"

order
start_daemon -o timeout=20 none
cat "$bad/groups/web/state" >/dev/null
order 'query group/web hang'
start_readers 3 "$bad/groups/web/state" 'query group/web'
end_readers
ok "umount works at once when the callers were killed" wait_until 2 umount "$mountpoint"
ok "and the daemon ends" wait_until 5 is_gone "$daemon"
wait "$daemon"
is "in order" 0 "$?"
daemon=
ok "the log is clean" check_log
finish
