#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tree of the demo cluster through the kernel: what is there, and that every tool gets the same.
. "$(dirname "$0")/lib.sh"

make_cluster demo.cluster
start_daemon "$work/demo.cluster"
tree=$mountpoint/demo

# --- What is there ---------------------------------------------------------------------------------

is "the mount shows the cluster by its name" demo "$(ls "$mountpoint")"
is "its name" demo "$(cat "$tree/name")"
is "its back end" embedded "$(cat "$tree/backend")"
is "the access" all "$(cat "$tree/access")"
like "the quorum" "File Share Witness" "$(cat "$tree/quorum")"
is "a group's cluster" demo "$(cat "$tree/groups/web/cluster")"
is "a network's cluster" demo "$(cat "$tree/networks/public/cluster")"
is "every object names its cluster" demo "$(cat "$tree"/*/*/cluster | sort -u)"
is "a group's state" online "$(cat "$tree/groups/web/state")"
is "a group's owner" node1 "$(cat "$tree/groups/web/owner")"
is "a group leads to its node" up "$(cat "$tree/groups/web/node/state")"
is "a node leads to its groups" online "$(cat "$tree/nodes/node1/groups/web/state")"
is "a resource leads to its group" web "$(cat "$tree/resources/Web/group/name")"
is "names in a group are those of the objects" "$(ls "$tree/groups")" \
    "$(for g in "$tree"/groups/*; do basename -- "$g"; done | sort)"
is "the tree's entries" "access backend groups groupsets handles id interfaces last_error name network_priority \
networks nodes properties quorum registry resources types version" "$(ls "$tree" | tr '\n' ' ' | sed 's/ $//')"
is "the network for internal use that comes first" cluster "$(head -n 1 "$tree/network_priority")"
ok "ls -lR" ls -lR "$mountpoint"
ok "find" find "$mountpoint" -type f -size -100k
ok "find through stat" find "$mountpoint" -newermt 2000-01-01 -links +0
ok "cat of everything" sh -c 'find "$1" -type f -exec cat {} + >/dev/null' - "$tree"
ok "tree" tree -a "$tree/groups"
is "tree counts what find finds" "$(find "$tree" -mindepth 1 -type d | wc -l)" \
    "$(tree -a --noreport -if "$tree" -d | sed 1d | sed 's/ -> .*//' | while IFS= read -r p; do
        [ -L "$p" ] || echo; done | wc -l)"

ok "names are safe" probe names "$tree"
ok "sizes are exact" probe sizes "$tree"
ok "files are text" probe text "$tree"
ok "inode numbers are unique" probe inodes "$mountpoint"
ok "links stay inside and lead somewhere" probe links "$mountpoint"
ok "modes and owners" probe modes "$mountpoint" 0 0 0444 0555
ok "directories can be read in pieces" probe listing "$tree"
ok "poll is ready at once" probe polled "$tree/groups/web/state"
ok "a mapping shows the bytes or is refused" probe mapped "$tree/groups/web/state"

# --- Copies ----------------------------------------------------------------------------------------

# Whatever the tools do is compared with plain reads.
ok "everything can be read" probe reference "$tree" cat
find cat -type f -printf '%P\0' | sort -z >paths
is "cat gives the same bytes" "$(cd cat && xargs -0 cat -- <../paths | sha256sum)" \
    "$(cd "$tree" && xargs -0 cat -- <"$work/paths" | sha256sum)"
same "diff reads the same" cat "$tree"

copied_by() { # NAME COMMAND...
    local name=$1
    shift
    rm -rf copy
    ok "$name copies" "$@"
    same "$name gives the same bytes" cat copy
}
copied_by "cp -a" cp -a "$tree" copy
copied_by "cp -rP with reflinks" cp -rP --reflink=auto --sparse=auto "$tree" copy
copied_by "rsync -a" rsync -a "$tree/" copy
copied_by "rsync --checksum --inplace" rsync -a --checksum --inplace "$tree/" copy
copied_by tar sh -c 'mkdir copy && tar -C "$1" -cf - . | tar -C copy -xf -' - "$tree"
copied_by "tar --sparse" sh -c 'mkdir copy && tar -C "$1" --sparse -cf - . | tar -C copy -xf -' \
    - "$tree"
copied_by "shutil.copytree" probe copytree "$tree" copy
ok "copyfile, sendfile and copy_file_range" probe copies "$tree/groups"

file=$tree/resources/Web/dependency_expression
long=$(find "$tree" -type f -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
for path in "$file" "$long"; do
    expected=$(sha256sum <"$path")
    is "dd bs=1" "$expected" "$(dd if="$path" bs=1 status=none | sha256sum)"
    is "dd bs=4096" "$expected" "$(dd if="$path" bs=4096 status=none | sha256sum)"
    is "dd skip" "$(tail -c +6 "$path" | sha256sum)" \
        "$(dd if="$path" bs=5 skip=1 status=none | sha256sum)"
    is "head -c" "$(cut -b1-3 <(head -n 1 "$path"))" "$(head -c 3 "$path")"
    is "tail -c" "$(cat "$path" | tail -c 4 | sha256sum)" "$(tail -c 4 "$path" | sha256sum)"
    is "less" "$expected" "$(less -FX "$path" 2>/dev/null </dev/null | sha256sum)"
    is "wc -c" "$(cat "$path" | wc -c)" "$(wc -c <"$path")"
    is "stat" "$(cat "$path" | wc -c)" "$(stat -c %s "$path")"
    is "find -size" "$path" "$(find "$path" -size "$(cat "$path" | wc -c)c")"
    is "read by bash" "$(head -n 1 "$path")" "$(IFS= read -r line <"$path" && echo "$line")"
    is "sort and cmp" "" "$(cmp "$path" "$path" 2>&1)"
done
is "grep -r finds every line" \
    "$(find "$tree" -path "$tree/registry" -prune -o -type f -exec cat {} + | wc -l)" \
    "$(grep -r --exclude-dir=registry '' "$tree" | wc -l)"
is "wc -c of everything is the sum of the sizes" \
    "$(find "$tree" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')" \
    "$(find "$tree" -type f -exec cat {} + | wc -c)"
is "du --apparent-size" "$(find "$tree/groups" -type f -exec cat {} + | wc -c)" \
    "$(find "$tree/groups" -type f -print0 | du --apparent-size -bc --files0-from=- | tail -n 1 |
        cut -f1)"

# --- Names -----------------------------------------------------------------------------------------

named() { # FILE-NAME NAME
    is "the name of $1" "$2" "$(cat -- "$tree/groups/$1/name")"
}
named 'a%2Fb' 'a/b'
named '%2E' .
named '%2E%2E' ..
named '...' ...
named '-rf' -rf
named 'two%0Alines' $'two\nlines'
named '%2541' '%41'
named '100%25' '100%'
named 'spaces in the name' 'spaces in the name'
named '  blanks at both ends  ' '  blanks at both ends  '
named '"quoted"' '"quoted"'
named '$HOME `date`' '$HOME `date`'
named '*' '*'
named '%09%0D and \' $'\t\r and \\'
is "three hundred characters are cut" 1 "$(ls "$tree/groups" | grep -c '^three hundred.*%~')"
long=$(ls "$tree/groups" | grep '%~')
is "a cut name has 255 bytes at most" yes "$([ ${#long} -le 255 ] && echo yes)"
is "a cut name has its name whole" 300 "$(cat "$tree/groups/$long/name" | tr -d '\n' | wc -m)"
is "a cut name ends in the id" "${long##*%~}" "$(cat "$tree/groups/$long/id")"
is "another case finds the object" web "$(cat "$tree/groups/WEB/name")"
is "another case beyond ASCII" "$(cat "$tree/groups/Straße/id")" "$(cat "$tree/groups/STRAßE/id")"
is "a listing has one case of a name" 1 "$(ls "$tree/groups" | grep -ciE '^web$')"
is "the same object in two cases has one number" "$(stat -c %i "$tree/groups/web/state")" \
    "$(stat -c %i "$tree/groups/Web/state")"
for name in '%77eb' 'a%2fb' '%41' 'web%' '100%' '%2E%2E%2E' '%' '%~' '%00' '.git' '.hidden' \
    'no such' "$(printf 'x%.0s' $(seq 255))" $'bad\x80utf8'; do
    is "there is no groups/$(printf %q "$name")" ENOENT \
        "$(probe errno lstat "$tree/groups/$name")"
done
like "256 bytes are too long" '^(ENAMETOOLONG|ENOENT)$' \
    "$(probe errno lstat "$tree/groups/$(printf 'x%.0s' $(seq 256))")"
for name in .git .Trash autorun.inf none "$work/demo.cluster" Demo2 localhost; do
    is "there is no /$(basename "$name")" ENOENT \
        "$(probe errno lstat "$mountpoint/$(basename "$name" .cluster)x")"
done
is "no .git" ENOENT "$(probe errno lstat "$mountpoint/.git")"
is "no file below a file" ENOTDIR "$(probe errno lstat "$tree/name/x")"

# --- What cannot be written -------------------------------------------------------------------------

refused() { # ERRNOS CALL PATH...
    local expected=$1 call=$2 seen
    shift
    seen=$(probe errno "$@")
    like "$call of $(basename -- "$2") is refused with $expected" "^($expected)\$" "$seen"
}
state=$tree/groups/web/state
id=$tree/groups/web/id
refused 'EACCES|EROFS' write "$id"
refused 'EACCES|EROFS' readwrite "$id"
refused 'EACCES|EROFS' append "$id"
refused 'EACCES|EROFS' truncate "$id"
refused 'EACCES|EROFS' openwith-trunc "$id"
refused 'EACCES|EROFS|EPERM' create "$tree/groups/new"
refused 'EACCES|EROFS|EPERM' create "$mountpoint/new"
refused 'EPERM|EACCES|EROFS' unlink "$state"
refused 'EPERM|EACCES|EROFS' mkdir "$tree/nodes/new"
refused 'ENOTEMPTY' rmdir "$tree/groups/web"
refused 'EPERM|EACCES|EROFS' mkfifo "$tree/groups/new"
refused 'EPERM|EACCES|EROFS' mknod "$tree/groups/new"
refused 'EPERM|EACCES|EROFS' symlink "$tree/groups/new"
refused 'EPERM|EACCES|EROFS' link "$state" "$tree/groups/web/other"
refused 'EPERM|EACCES|EROFS' rename "$state" "$tree/groups/web/other"
refused 'EINVAL' exchange "$state" "$tree/groups/web/name"
refused 'EPERM|EACCES|EROFS' chmod "$state"
refused 'EPERM|EACCES|EROFS' chown "$state"
refused 'EPERM|EACCES|EROFS' utime "$state"
refused 'EOPNOTSUPP|EPERM|EACCES|EROFS' setxattr "$state"
refused 'EOPNOTSUPP|ENODATA' getxattr "$state"
refused 'EINVAL' readlink "$state"
refused 'EISDIR' read "$tree/groups"
refused 'ENOTDIR' list "$state"
refused 'EACCES' execute "$state"
refused 'OK' statvfs "$state"
ok "and nothing has changed" diff -r --no-dereference -x last_error cat "$tree"

# --- Inode numbers ---------------------------------------------------------------------------------

# Those of the cluster database are forgotten with it.
kept_numbers() {
    for directory in "$tree"/*/; do
        [ "$directory" = "$tree/registry/" ] || probe numbers "$directory"
    done
}
kept_numbers >before
ls -lR "$mountpoint" >/dev/null
sync
echo 3 >/proc/sys/vm/drop_caches 2>/dev/null
kept_numbers >after
same "inode numbers stay when the kernel forgets" before after
is "changes elsewhere are seen" online "$(cat "$state")"
finish
