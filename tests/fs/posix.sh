#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who may do what: other users, modes and options, and what POSIX says of a tree that is read-only.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
tree=$mountpoint/demo
state=$tree/groups/web/state

# as USER GROUP COMMAND...
as() {
    setpriv --reuid "$1" --regid "$2" --clear-groups --no-new-privs -- "${@:3}"
}

errno_as() { # USER GROUP CALL PATH...
    as "$1" "$2" "$python" -I -B "$tests/probe.py" errno "${@:3}"
}

# The tests' own directory may be out of the reach of others: then their programs are copied.
cp "$tests/probe.py" "$work/"
tests=$work

start_daemon "$work/demo.cluster"
for call in stat read list; do
    is "another user cannot $call by default" EACCES "$(errno_as 65534 65534 "$call" "$mountpoint")"
done
is "nor below" EACCES "$(errno_as 65534 65534 read "$state")"
stop_daemon

start_daemon -o allow_other "$work/demo.cluster"
is "allow_other lets others read" online "$(as 65534 65534 cat "$state")"
is "and list" "$(ls "$tree/groups")" "$(as 65534 65534 ls "$tree/groups")"
is "but not write" EACCES "$(errno_as 65534 65534 write "$state")"
is "not truncate" EACCES "$(errno_as 65534 65534 truncate "$state")"
is "not create" EACCES "$(errno_as 65534 65534 create "$tree/groups/new")"
is "not make directories" EACCES "$(errno_as 65534 65534 mkdir "$tree/groups/new")"
is "not remove" EACCES "$(errno_as 65534 65534 unlink "$state")"
is "not remove directories" EACCES "$(errno_as 65534 65534 rmdir "$tree/groups/web")"
is "not rename" EACCES "$(errno_as 65534 65534 rename "$state" "$tree/groups/web/other")"
is "not link" EACCES "$(errno_as 65534 65534 symlink "$tree/groups/link")"
is "not change modes" EPERM "$(errno_as 65534 65534 chmod "$state")"
is "not change owners" EPERM "$(errno_as 65534 65534 chown "$state")"
is "not execute" EACCES "$(errno_as 65534 65534 execute "$state")"
is "access(2) says so" EACCES "$(errno_as 65534 65534 access-write "$state")"
stop_daemon

start_daemon -o allow_other,uid=65534,gid=100,umask=277 "$work/demo.cluster"
is "the owner may read" online "$(as 65534 65534 cat "$state")"
is "the group may not" EACCES "$(errno_as 4711 100 read "$state")"
is "others may not" EACCES "$(errno_as 4711 4711 read "$state")"
is "others may not search" EACCES "$(errno_as 4711 4711 stat "$state")"
stop_daemon
start_daemon -o allow_other,uid=65534,gid=100,umask=227 "$work/demo.cluster"
is "the group may read" online "$(as 4711 100 cat "$state")"
is "others may still not" EACCES "$(errno_as 4711 4711 read "$state")"
stop_daemon

# --- As the owner, root ----------------------------------------------------------------------------

start_daemon "$work/demo.cluster"
expect() { # ERRNO CALL PATH...
    local name=$2
    is "$name of ${3#"$mountpoint"} is $1" "$1" "$(probe errno "${@:2}")"
}
expect ENOENT stat "$tree/none"
expect ENOENT read "$tree/groups/none/state"
expect ENOENT stat "$tree/groups/web/none"
expect ENOENT stat ""
expect ENOTDIR stat "$state/x"
expect ENOTDIR list "$state"
expect ENOTDIR openwith-directory "$state"
expect EISDIR write "$tree/groups"
expect EISDIR read "$tree/groups"
expect EINVAL readlink "$tree/groups"
expect EEXIST create "$state"
expect EEXIST mkdir "$tree/groups/web"
expect EEXIST symlink "$state"
expect EEXIST mkfifo "$state"
expect ENOENT rename "$tree/groups/none" "$tree/groups/other"
expect EXDEV link "$state" "$work/hard"
expect EXDEV rename "$state" "$work/renamed"
expect OK chdir "$tree/groups/web/node"
expect OK statvfs "$tree"
expect OK stat "$tree/groups/web/node/groups/web/resources"
expect OK stat "$mountpoint/../mnt/demo/./groups/../name"
ln -s loop loop
expect ELOOP stat "$work/loop"
is "more links than the kernel follows are ELOOP" ELOOP \
    "$(probe errno stat "$tree/groups/web$(printf '/node/groups/web%.0s' $(seq 41))")"
is "the parent of the root is outside" "$(stat -c %i "$work")" "$(stat -c %i "$mountpoint/..")"
is "st_blocks is small" yes "$([ "$(stat -c %b "$state")" -le 8 ] && echo yes)"
is "a directory's link count" yes "$([ "$(stat -c %h "$tree/groups")" -ge 1 ] && echo yes)"
is "names may have 255 bytes" 255 "$(stat -f -c %l "$mountpoint")"
is "one device for all" 1 "$(find "$mountpoint" -printf '%D\n' | sort -u | wc -l)"
is "another than its parent's" no \
    "$([ "$(stat -c %d "$mountpoint")" = "$(stat -c %d "$work")" ] && echo yes || echo no)"
exec {fd}<"$state"
is "reading at the end gives nothing" "" "$(cat <&"$fd" >/dev/null; cat <&"$fd")"
exec {fd}<&-
finish
