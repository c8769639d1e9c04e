# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced first by every test that mounts. The script runs itself again as the first process of its
# own PID and mount namespaces, where $work is a directory of a new tmpfs: whatever happens to it, no
# mount, no process and no file outlives it. Then there are functions that mount, report (TAP) and
# wait.
#
# The build says where CLUSFS, MKFS, FSCK, MOUNT_CLUSFS, CLUSAPI_MODULE_DIR and DEMO_DEFINITION are;
# CLUSAPI_SANITIZE other than none or empty makes times ten times longer.
set -uo pipefail

if [ -z "${CLUSFS_TEST_INSIDE:-}" ]; then
    if [ "$(id -u)" != 0 ] || [ ! -c /dev/fuse ]; then
        echo "1..0 # SKIP mounting needs root and /dev/fuse"
        exit 0
    fi
    CLUSFS_TEST_INSIDE=yes exec unshare --mount --pid --fork --kill-child --mount-proc \
        --propagation private -- "$BASH" "$0" "$@"
fi

tests=$(cd "$(dirname "$0")" && pwd)
# The tmpfs must not hide what is tested.
for directory in /mnt /media /srv /opt; do
    case "$tests/ $CLUSFS $DEMO_DEFINITION" in
    "$directory/"* | *" $directory/"*) ;;
    *) break ;;
    esac
done
mount -t tmpfs -o mode=755 clusfs-test "$directory" || exit 1
# Nor may a cluster that this host has be found.
[ ! -d /var/lib/clusapi ] || mount -t tmpfs clusfs-test /var/lib/clusapi || exit 1
work=$directory/test
mountpoint=$work/mnt
log=$work/daemon.log
python=/usr/bin/python3
case ${CLUSAPI_SANITIZE:-none} in
none) slowness=1 ;;
*) slowness=10 ;;
esac
# Users who are not root look into the mounts of some tests.
umask 022
mkdir "$work" "$mountpoint"
export CLUSAPI_CONF=$work/clusters.conf CLUSAPI_NODE=node1
unset CLUSAPI_LOCAL
cd "$work" || exit 1

# --- Results ---------------------------------------------------------------------------------------

count=0
failed=0

passed() { # NAME
    count=$((count + 1))
    echo "ok $count - $1"
}

not_passed() { # NAME [DETAIL...]
    count=$((count + 1))
    failed=$((failed + 1))
    echo "not ok $count - $1"
    shift
    [ $# = 0 ] || printf '%s\n' "$@" | head -n 25 | sed 's/^/# /'
}

# ok NAME COMMAND...: passes if the command succeeds; else shows what it said.
ok() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed "$name"
    else
        not_passed "$name" "status $? of: $*" "$output"
    fi
}

# is NAME EXPECTED SEEN
is() {
    if [ "$2" = "$3" ]; then
        passed "$1"
    else
        not_passed "$1" "expected: $2" "it is:    $3"
    fi
}

# like NAME PATTERN TEXT: PATTERN is an extended regular expression.
like() {
    if grep -qE -- "$2" <<<"$3"; then
        passed "$1"
    else
        not_passed "$1" "expected to match: $2" "it is: $3"
    fi
}

# below NAME LIMIT VALUE: VALUE, a number, is at most LIMIT.
below() {
    if [[ $3 =~ ^-?[0-9]+$ ]] && [ "$3" -le "$2" ]; then
        passed "$1 ($3, at most $2)"
    else
        not_passed "$1" "at most $2, but it is $3"
    fi
}

# same NAME LEFT RIGHT: two files or directories are the same, links as links.
same() {
    ok "$1" diff -r --no-dereference "$2" "$3"
}

skipped() { # NAME REASON
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

finish() {
    if [ -n "${daemon:-}" ]; then
        stop_daemon
    fi
    echo "1..$count"
    exit $((failed > 0))
}

# --- Waiting ---------------------------------------------------------------------------------------

milliseconds() {
    local now=$EPOCHREALTIME
    echo $((${now/[.,]/} / 1000))
}

# wait_until SECONDS COMMAND...: looks again every $poll seconds.
poll=0.02
wait_until() {
    local end=$(($(milliseconds) + $1 * 1000 * slowness))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(milliseconds)" -lt "$end" ] || return 1
        sleep "$poll"
    done
}

is_mounted() { # [DIRECTORY]
    findmnt --mountpoint "${1:-$mountpoint}" >/dev/null
}

is_gone() { # PID
    [ ! -d "/proc/$1" ]
}

# --- Clusters and mounts ---------------------------------------------------------------------------

# make_cluster FILE [DEFINITION]
make_cluster() {
    "$MKFS" -d "${2:-$DEMO_DEFINITION}" "$1" >"$work/mkfs.log" 2>&1 ||
        {
            echo "Bail out! cannot make $1: $(head -n 3 "$work/mkfs.log")"
            exit 1
        }
}

# start_daemon [OPTION...] SOURCE: mounts on $mountpoint from the foreground daemon; its PID is
# $daemon.
start_daemon() {
    "$CLUSFS" -f "$@" "$mountpoint" >>"$log" 2>&1 </dev/null &
    daemon=$!
    wait_until 10 is_mounted || {
        echo "Bail out! the daemon does not mount: $(tail -n 3 "$log")"
        exit 1
    }
}

# What a daemon must never say. Failures of a cluster are in its log by intent.
suspicious='assertion|CRITICAL|runtime error:|Sanitizer|SUMMARY:|corrupt|double free|leaked'

stop_daemon() {
    local status
    kill -TERM "$daemon" 2>/dev/null
    if wait_until 10 is_gone "$daemon"; then
        wait "$daemon"
        status=$?
        is "the daemon ends in order" 0 "$status"
    else
        not_passed "the daemon ends in order" "it does not end"
        kill -KILL "$daemon"
        wait "$daemon" 2>/dev/null
    fi
    daemon=
    if is_mounted; then
        not_passed "it takes its mount away"
        umount -l "$mountpoint"
    fi
    ok "its log is clean" check_log
}

check_log() {
    ! grep -EiA20 -- "$suspicious" "$log"
}

probe() {
    "$python" -I -B "$tests/probe.py" "$@"
}
