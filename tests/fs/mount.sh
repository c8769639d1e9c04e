#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Mounting and unmounting: options, the daemon in the background and under a service manager,
# mount(8) and umount(8) with both helpers and fstab, failures and what they say.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
cluster=$work/demo.cluster
state=$mountpoint/demo/groups/web/state

# status NAME STATUS PATTERN COMMAND...: the exit status, and a pattern of what was said.
status() {
    local name=$1 expected=$2 pattern=$3 said code
    shift 3
    said=$(timeout 20 "$@" 2>&1 </dev/null)
    code=$?
    if [ "$code" = "$expected" ] && grep -qE -- "$pattern" <<<"$said"; then
        passed "$name"
    else
        not_passed "$name" "expected status $expected and /$pattern/" "it is $code: $said"
    fi
}

no_mount() { # NAME
    if is_mounted; then
        not_passed "$1 leaves no mount"
        umount -l "$mountpoint"
    else
        passed "$1 leaves no mount"
    fi
}

# The one daemon in the background, or none.
background() {
    pgrep -x clusfs | head -n 1
}

no_daemon() {
    [ -z "$(background)" ]
}

# end_background SIGNAL
end_background() {
    kill -"$1" "$(background)"
    ok "SIG$1 ends it" wait_until 5 no_daemon
}

unmount() {
    ok "umount" umount "$mountpoint"
    ok "then the daemon ends" wait_until 5 no_daemon
}

# --- The command line ------------------------------------------------------------------------------

status "--help" 0 'timeout=' "$CLUSFS" --help
status "-h" 0 'timeout=' "$CLUSFS" -h
status "--version" 0 'clusfs.* [0-9]+\.[0-9]+' "$CLUSFS" --version
status "-V" 0 'clusfs.* [0-9]+\.[0-9]+' "$CLUSFS" -V
status "no arguments" 1 . "$CLUSFS"
status "no mount point" 1 . "$CLUSFS" "$cluster"
status "an unknown option" 1 'no-such' "$CLUSFS" -o no-such-option "$cluster" "$mountpoint"
status "an unknown switch" 1 . "$CLUSFS" --no-such "$cluster" "$mountpoint"
for bad in timeout=0 timeout=-1 timeout=x timeout= timeout=99999999999 spin=-1 spin=x uid=x gid=x \
    umask=9 umask=x; do
    status "-o $bad is refused" 1 . "$CLUSFS" -o "$bad" "$cluster" "$mountpoint"
done
status "a third argument" 1 . "$CLUSFS" "$cluster" "$mountpoint" more
for bad in max_read=4096 blkdev auto_unmount clone_fd; do
    status "-o $bad is not offered" 1 "$bad is not offered" \
        "$CLUSFS" -o "$bad" "$cluster" "$mountpoint"
done
no_mount "a wrong command line"

status "a missing file" 32 'missing' "$CLUSFS" "$work/missing.cluster" "$mountpoint"
head -c 20000 /dev/urandom >noise.cluster
status "a file that is no cluster" 32 'noise' "$CLUSFS" "$work/noise.cluster" "$mountpoint"
: >empty.cluster
status "an empty file" 32 'empty' "$CLUSFS" "$work/empty.cluster" "$mountpoint"
head -c 8000 demo.cluster >short.cluster
status "a truncated file" 32 'short' "$CLUSFS" "$work/short.cluster" "$mountpoint"
status "a directory" 32 . "$CLUSFS" "$work" "$mountpoint"
status "no such mount point" 32 'nowhere' "$CLUSFS" "$cluster" "$work/nowhere"
status "a file as mount point" 32 . "$CLUSFS" "$cluster" "$work/empty.cluster"
umount -l "$work/empty.cluster" 2>/dev/null
status "no local cluster" 32 . "$CLUSFS" local "$mountpoint"
status "an unknown name" 32 'www' "$CLUSFS" www.example.com "$mountpoint"
status "a failure in the foreground" 32 'missing' "$CLUSFS" -f "$work/missing.cluster" "$mountpoint"
no_mount "a failure"
ok "and no daemon" no_daemon

# --- In the background -----------------------------------------------------------------------------

status "mounting in the background" 0 '^$' "$CLUSFS" "$cluster" "$mountpoint"
is "it stands when the command returns" online "$(cat "$state")"
is "fsname and subtype" "$cluster fuse.clusfs" \
    "$(findmnt -no SOURCE,FSTYPE --mountpoint "$mountpoint" | tr -s ' ')"
is "the daemon has no terminal and / as its directory" "? /" \
    "$(ps -o tty= -p "$(background)" | tr -d ' ') $(readlink "/proc/$(background)/cwd")"
is "its standard files are /dev/null" /dev/null \
    "$(readlink "/proc/$(background)/fd"/{0,1,2} | sort -u)"
unmount

status "a second mount" 0 '^$' "$CLUSFS" "$cluster" "$mountpoint"
end_background TERM
no_mount SIGTERM
for signal in INT HUP; do
    "$CLUSFS" "$cluster" "$mountpoint"
    end_background "$signal"
    no_mount "SIG$signal"
done
"$CLUSFS" "$cluster" "$mountpoint"
exec {fd}<"$state"
end_background TERM
exec {fd}<&-
is_mounted && umount -l "$mountpoint"

"$CLUSFS" "$cluster" "$mountpoint"
end_background KILL
is "a killed daemon leaves ENOTCONN" ENOTCONN "$(probe errno lstat "$mountpoint/demo")"
status "which no mount covers, and which is named" 32 'dead mount' "$CLUSFS" "$cluster" "$mountpoint"
ok "which umount -l removes" umount -l "$mountpoint"

# --- Options ---------------------------------------------------------------------------------------

start_daemon -o uid=1234,gid=4321,umask=027,allow_other "$cluster"
ok "uid, gid and umask" probe modes "$mountpoint" 1234 4321 0440 0550
options=$(findmnt -no OPTIONS --mountpoint "$mountpoint")
like "default_permissions is on" 'default_permissions' "$options"
like "allow_other is on" 'allow_other' "$options"
stop_daemon
start_daemon -o ro "$cluster"
like "ro" '(^|,)ro(,|$)' "$(findmnt -no OPTIONS --mountpoint "$mountpoint")"
is "then writing is EROFS" EROFS "$(probe errno write "$state")"
stop_daemon
start_daemon -o timeout=3,spin=0 "$cluster"
is "timeout and spin" online "$(cat "$state")"
stop_daemon
start_daemon -o nosuid,nodev,noexec,noatime "$cluster"
like "options of the kernel" 'nosuid.*nodev.*noexec' \
    "$(findmnt -no OPTIONS --mountpoint "$mountpoint")"
stop_daemon
start_daemon "$cluster"
ok "modes by default" probe modes "$mountpoint" 0 0 0444 0555
is "allow_other is off" "" \
    "$(findmnt -no OPTIONS --mountpoint "$mountpoint" | grep -o allow_other)"
stop_daemon

# --- Readiness -------------------------------------------------------------------------------------

"$python" - "$work/notify" >notified <<'END' &
import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
server.settimeout(20)
for _ in range(2):
    print(server.recv(1000).decode(), flush=True)
END
listener=$!
wait_until 10 test -S notify
NOTIFY_SOCKET=$work/notify start_daemon "$cluster"
ok "it tells a service manager that it is ready" wait_until 5 grep -q READY=1 notified
is "the mount stands by then" online "$(cat "$state")"
stop_daemon
ok "and that it stops" wait_until 5 grep -q STOPPING=1 notified
wait "$listener"
NOTIFY_SOCKET=$work/nobody start_daemon "$cluster"
is "without a listener it mounts all the same" online "$(cat "$state")"
stop_daemon

# --- mount(8) --------------------------------------------------------------------------------------

# mount(8) looks in /sbin alone: in this namespace that gets our helpers.
mkdir upper
cp -a /usr/sbin/. upper/
cp "$MOUNT_CLUSFS" upper/mount.clusfs
ln -s mount.clusfs upper/mount.fuse.clusfs
cp "$FSCK" upper/fsck.clusfs
cp "$MKFS" upper/mkfs.clusfs
mount --bind upper /usr/sbin
export CLUSFS_PROGRAM=$CLUSFS

for type in clusfs fuse.clusfs; do
    status "mount -t $type" 0 '^$' mount -t "$type" "$cluster" "$mountpoint"
    is "it stands ($type)" online "$(cat "$state")"
    is "its type ($type)" fuse.clusfs "$(findmnt -no FSTYPE --mountpoint "$mountpoint")"
    unmount
done
status "mount with options" 0 '^$' \
    mount -t clusfs -o timeout=3,allow_other,nofail,_netdev,x-systemd.automount "$cluster" "$mountpoint"
like "they arrive" allow_other "$(findmnt -no OPTIONS --mountpoint "$mountpoint")"
unmount
status "mount of a missing file fails" 32 'missing' \
    mount -t clusfs "$work/missing.cluster" "$mountpoint"
no_mount "a failed mount(8)"
status "mount -o remount" 32 . mount -t clusfs -o remount "$cluster" "$mountpoint"
printf '%s %s clusfs ro,timeout=5,nofail,_netdev 0 0\n' "$cluster" "$mountpoint" >fstab
status "mount from fstab" 0 '^$' mount -T "$work/fstab" "$mountpoint"
is "it stands (fstab)" online "$(cat "$state")"
status "umount by source" 0 '^$' umount "$cluster"
ok "then the daemon ends" wait_until 5 no_daemon
status "mount -a" 0 '^$' mount -a -T "$work/fstab"
is "it stands (-a)" online "$(cat "$state")"
status "mount -a again does nothing" 0 '' mount -a -T "$work/fstab"
unmount
CLUSAPI_LOCAL=$cluster status "mount of local" 0 '^$' mount -t clusfs local "$mountpoint"
is "it is the cluster of this host" demo "$(cat "$mountpoint/local/name")"
unmount

# --- mkfs and fsck ---------------------------------------------------------------------------------

status "mkfs -t clusfs" 0 '' mkfs -t clusfs -d "$DEMO_DEFINITION" "$work/made.cluster"
status "fsck of it" 0 '' fsck.clusfs "$work/made.cluster"
status "fsck with the switches of fsck(8)" 0 '' fsck.clusfs -a "$work/made.cluster"
status "fsck while it is mounted" 0 '' fsck.clusfs "$cluster"
status "fsck of a missing file" 8 . fsck.clusfs "$work/missing.cluster"
status "fsck of noise" 0 '' sh -c 'fsck.clusfs "$1"; s=$?; [ $s = 4 ] || [ $s = 8 ]' - "$work/noise.cluster"
status "fsck without a file" 16 . fsck.clusfs
status "mkfs over a file" 1 'made' mkfs.clusfs -d "$DEMO_DEFINITION" "$work/made.cluster"
printf '[cluster]\nname=x\n[group a]\nowner=nowhere\ncolour=red\n[node]\n' >wrong.definition
status "mkfs with mistakes says all with their lines" 1 'wrong.definition:4' \
    mkfs.clusfs -d wrong.definition "$work/wrong.cluster"
status "the second too" 1 'wrong.definition:5' \
    mkfs.clusfs -d wrong.definition "$work/wrong.cluster"
ok "and writes nothing" test ! -e wrong.cluster
status "mkfs --help" 0 . mkfs.clusfs --help
status "mkfs --version" 0 '[0-9]' mkfs.clusfs --version
finish
