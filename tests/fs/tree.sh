#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Changing the tree: mkdir, rmdir, mv, ln -s and rm, right and wrong. After each step a second mount
# of the same file, whose kernel has seen everything before, shows the same.
. "$(dirname "$0")/lib.sh"

export CLUSAPI_NODE=n1
make_cluster lab.cluster "$tests/lab.cluster"
start_daemon "$work/lab.cluster"
mkdir other
"$CLUSFS" -f "$work/lab.cluster" "$work/other" >>"$log" 2>&1 </dev/null &
second=$!
wait_until 10 is_mounted "$work/other"
tree=$mountpoint/lab other=$work/other/lab

change() {
    "$python" -I -B "$tests/change.py" "$@"
}

# One process answers all the questions, so that they are quick.
mkfifo questions answers
change serve <questions >answers &
exec 7>questions 8<answers

ask() {
    local answer
    printf '%s\0' $# "$@" >&7
    IFS= read -r -d '' answer <&8
    [ -z "$answer" ] || printf '%s\n' "$answer"
}

call() {
    ask call "$@"
}

agree() {
    differences=$(ask differ "$tree" "$other")
    [ -z "$differences" ]
}

keep() {
    ask dump "$tree" >now
}

# Reports whether all is as it was before the refusals since the last look.
unchecked=
look() {
    [ -n "$unchecked" ] || return 0
    unchecked=
    if agree; then
        is "nothing that was refused has changed anything" "" "$(ask differ now "$tree")"
    else
        not_passed "nothing that was refused has changed anything" "$differences"
    fi
}

# Waits until the mounts agree; what they show is what a refusal has to leave.
settle() { # NAME
    local status=0
    wait_until 1 agree || status=1
    [ $status = 0 ] || not_passed "$1" "after a second the mounts still differ:" "$differences"
    keep
    return $status
}

has_changed() {
    [ -n "$(ask differ now "$tree")" ]
}

# done_by NAME COMMAND...: it succeeds, the tree is another one, and both mounts show it.
done_by() {
    local seen status
    look
    seen=$("${@:2}" 2>&1)
    status=$?
    if [ $status != 0 ] || [[ -n $seen && $seen != ok ]]; then
        not_passed "$1" "status $status: $seen"
        settle "$1"
        return
    fi
    # What the other mount changed this one is told of.
    if ! wait_until 1 has_changed; then
        not_passed "$1" "nothing has changed"
    else
        settle "$1" && passed "$1"
    fi
}

# refused EXPECTED COMMAND...: the command prints what is expected (an extended regular expression),
# and changes nothing.
refused() {
    local seen name
    name="${*:2}"
    name=$(printf %q "${name//"$tree/"/}")
    name=${name//\\ / }
    seen=$("${@:2}" 2>&1)
    unchecked=yes
    if grep -qxE -- "$1" <<<"$seen"; then
        passed "${name:0:150} is ${1:-nothing}"
    else
        not_passed "${name:0:150} is $1" "it is: $seen"
    fi
}

# fails TEXT COMMAND...: a program says so, fails, and changes nothing.
fails() {
    local seen
    unchecked=yes
    if seen=$("${@:2}" 2>&1); then
        not_passed "$2 fails" "it does not: ${*:2}"
    else
        like "$2 says why it fails" "$1" "$seen"
    fi
}

settle "both mounts show the same at first" && passed "both mounts show the same at first"

# --- mkdir, rmdir ----------------------------------------------------------------------------------

is "a name that is not there yet" ENOENT "$(call rmdir "$other/groups/shop")"
done_by "mkdir makes a group" mkdir "$tree/groups/shop"
is "it is offline" offline "$(cat "$other/groups/shop/state")"
refused EEXIST call mkdir "$tree/groups/shop"
refused EEXIST call mkdir "$tree/groups/SHOP"
refused EEXIST call mkdir "$other/groups/Shop"
done_by "rmdir deletes it" rmdir "$tree/groups/shop"
is "and the name is free" ENOENT "$(call rmdir "$other/groups/shop")"
done_by "mkdir through the other mount" mkdir "$other/groups/shop"
done_by "rmdir in another case" rmdir "$tree/groups/SHOP"
done_by "mkdir -p" mkdir -p "$tree/groups/shop"
ok "mkdir -p again" mkdir -p "$tree/groups/shop"
done_by "rmdir --ignore" rmdir --ignore-fail-on-non-empty "$tree/groups/shop"
for directory in resources networks nodes interfaces types properties groups/web groups/web/resources \
    groups/web/preferred_owners groups/web/properties resources/disk resources/disk/dependencies \
    resources/disk/dependents nodes/n1/groups types/Plain .; do
    refused EPERM call mkdir "$tree/$directory/new"
done
refused 'EPERM|EACCES' call mkdir "$mountpoint/new"
refused ENOTEMPTY call rmdir "$tree/groups/web"
refused EPERM call rmdir "$tree/groups/core"
for directory in groups resources groups/web/resources groups/web/properties nodes/n1 networks/net-a \
    interfaces/n1-a types/Plain resources/disk/dependencies; do
    refused EPERM call rmdir "$tree/$directory"
done
refused 'EPERM|EBUSY|EACCES' call rmdir "$tree"
refused ENOENT call rmdir "$tree/groups/none"
refused ENOTDIR call rmdir "$tree/groups/web/state"
refused ENOTDIR call rmdir "$tree/groups/web/node"
refused EISDIR call unlink "$tree/groups/empty"
fails 'Operation not permitted' rm -r "$tree/groups/empty"
done_by "a resource is made" bash -c 'printf "Plain\tnew one\n" >"$1"' - "$tree/groups/empty/create-resource"
refused ENOTEMPTY call rmdir "$tree/groups/empty"
done_by "and deleted" rmdir "$tree/resources/new one"
look
echo online >"$tree/groups/web/state"
settle "both show it online"
refused EBUSY call rmdir "$tree/resources/disk"
look
echo offline >"$tree/groups/web/state"
settle "both show it offline"
refused EBUSY call rmdir "$tree/resources/first"
refused EPERM call rmdir "$tree/resources/core-part"
refused EPERM call rmdir "$tree/resources/witness"

# --- mv --------------------------------------------------------------------------------------------

for collection in groups=web resources=disk networks=net-b; do
    old=$tree/${collection/=//} directory=$tree/${collection%=*}
    id=$(cat "$old/id")
    done_by "mv renames in ${collection%=*}" mv "$old" "$directory/moved"
    is "it is the same object" "$id" "$(cat "$other/${collection%=*}/moved/id")"
    is "its name is the new one" moved "$(cat "$other/${collection%=*}/moved/name")"
    is "the old name is gone" "ENOENT ENOENT" "$(call rename "$old" "$directory/x") $(call rename \
        "$other/${collection/=//}" "$other/${collection%=*}/x")"
    done_by "rename(2) back" call rename "$directory/moved" "$old"
    done_by "RENAME_NOREPLACE" call renameat2 noreplace "$old" "$directory/moved"
    done_by "and through the other mount" call renameat2 noreplace \
        "$other/${collection%=*}/moved" "$other/${collection/=//}"
done
web=$tree/groups/web
refused EEXIST call rename "$web" "$tree/groups/chain"
refused EEXIST call rename "$web" "$tree/groups/CHAIN"
refused EEXIST call renameat2 noreplace "$web" "$tree/groups/chain"
refused EINVAL call renameat2 exchange "$web" "$tree/groups/chain"
refused EEXIST call rename "$tree/resources/disk" "$tree/resources/service"
refused EEXIST call rename "$tree/networks/net-a" "$tree/networks/net-b"
fails 'File exists|not empty' mv -T "$web" "$tree/groups/chain"
refused '' mv -n -T "$web" "$tree/groups/chain"
fails 'Operation not permitted|Invalid argument' mv "$web" "$tree/groups/chain"
refused ok call rename "$web" "$web"
# For the kernel both names are the same directory; POSIX has it do nothing then.
refused ok call rename "$web" "$tree/groups/WEB"
fails 'subdirectory of itself|same file' mv "$web" "$tree/groups/WEB"
done_by "case changes through name" bash -c 'echo WEB >"$1/name"' - "$web"
is "and is listed so" WEB "$(cd "$other/groups" && ls -d [Ww][Ee][Bb])"
done_by "and back by a detour" bash -c 'mv "$1/WEB" "$1/x" && mv "$1/x" "$1/web"' - "$tree/groups"
for name in nodes/n1=nodes/n9 interfaces/n1-a=interfaces/x types/Plain=types/x groups/web/state=groups/web/x \
    groups/web/resources=groups/web/x groups=x nodes/n1/groups/web=nodes/n1/groups/x \
    properties/Description=properties/x groups/web/preferred_owners/n1=groups/web/preferred_owners/n3 \
    resources/second/dependencies/first=resources/second/dependencies/third; do
    refused EPERM call rename "$tree/${name%=*}" "$tree/${name#*=}"
done
refused EINVAL call rename "$web" "$tree/resources/web"
refused EINVAL call rename "$tree/resources/disk" "$tree/groups/disk"
refused 'EINVAL|EPERM' call rename "$web" "$tree/nodes/web"
refused 'EINVAL|EPERM' call rename "$web" "$tree/groups/empty/web"
refused 'EINVAL|EPERM' call rename "$tree/groups/web/state" "$tree/groups/empty/state"
refused 'EINVAL|EPERM' call rename "$tree/groups/web/preferred_owners/n1" \
    "$tree/groups/empty/preferred_owners/n1"
refused 'EINVAL' call rename "$web" "$tree/groups/web/x"
refused EXDEV call rename "$web" "$work/web"
refused EXDEV call rename "$web" "$other/groups/moved"
mkdir outside
refused EXDEV call rename "$work/outside" "$tree/groups/outside"
refused ENOENT call rename "$tree/groups/none" "$tree/groups/x"

# A resource goes to another group.
from=$web/resources to=$tree/groups/empty/resources
done_by "mv to another group" mv "$from/disk" "$to/"
is "the resource leads to it" "../../groups/empty" "$(readlink "$other/resources/disk/group")"
is "it is in one group" "1" "$(find "$other/groups" -path '*/resources/disk' | wc -l)"
done_by "and back through the other mount" mv "$other/groups/empty/resources/disk" "$other/groups/web/resources"
refused EINVAL call rename "$from/disk" "$to/another"
refused EPERM call rename "$from/disk" "$from/another"
refused 'EINVAL|EPERM' call rename "$from/disk" "$tree/resources/x"
refused 'EINVAL|EPERM' call rename "$tree/resources/disk" "$to/disk"
refused 'EINVAL|EPERM' call rename "$from/disk" "$tree/groups/empty/preferred_owners/disk"
refused 'EINVAL|EPERM' call rename "$from/disk" "$tree/resources/service/dependencies/disk"
refused EPERM call rename "$tree/groups/core/resources/core-part" "$to/core-part"
done_by "its name is renamed in both" mv "$tree/resources/disk" "$tree/resources/hard disk"
is "the link has the new name" "hard disk service" "$(cd "$other/groups/web/resources" && echo *)"
done_by "and back" mv "$tree/resources/hard disk" "$tree/resources/disk"
look
printf 'Single\tanother\n' >"$tree/groups/empty/create-resource"
settle "a second of the type"
refused EEXIST call rename "$tree/groups/empty/resources/another" "$tree/groups/single/resources/another"
done_by "it goes" rmdir "$tree/resources/another"
look
echo n3 >"$tree/groups/empty/owner"
settle "a group on a third node"
refused EPERM call rename "$tree/groups/bound/resources/bound-part" "$to/bound-part"
look
echo n1 >"$tree/groups/empty/owner"
settle "and on the first"

# --- ln -s, rm -------------------------------------------------------------------------------------

owners=$web/preferred_owners
done_by "ln -s makes a preferred owner" ln -s ../../../nodes/n3 "$owners/n3"
is "the last one" "n1 n2 n3" "$(echo $(cat "$other/groups/web/preferred_order"))"
refused EEXIST call symlink ../../../nodes/n3 "$owners/n3"
done_by "rm takes it away" rm "$owners/n3"
done_by "ln -s into the directory" ln -s ../../../nodes/n3 "$owners/"
done_by "rm -f takes it away" rm -f "$owners/n3"
done_by "ln -sr" ln -sr "$tree/nodes/n3" "$owners/"
done_by "unlink(1)" unlink "$owners/n3"
done_by "from within" bash -c 'cd "$1" && ln -s ../../../nodes/n3' - "$owners"
done_by "rm of another's place" rm "$owners/n1"
is "the order of the others stays" "n2 n3" "$(echo $(cat "$other/groups/web/preferred_order"))"
done_by "rm of all" rm "$owners/n2" "$owners/n3"
is "then none is left" "" "$(cat "$other/groups/web/preferred_order")"
for target in ../../nodes/n3 ../../../nodes/n1 ../../../nodes/ ../../../nodes/n3/ ../../../groups/web \
    "$tree/nodes/n3" n3 ../../../nodes/N3 ./../../../nodes/n3; do
    refused EINVAL call symlink "$target" "$owners/n3"
done
refused EINVAL call symlink ../../../nodes/n9 "$owners/n9"
refused EINVAL call symlink ../../../nodes/n1 "$owners/first"
refused EINVAL call symlink "../../../nodes/%" "$owners/%"
refused ENOENT call symlink "" "$owners/n3"
refused ENOENT call unlink "$owners/n3"
refused ENOENT call unlink "$owners/none"
fails 'Invalid argument' ln -s "$tree/nodes/n3" "$owners/"
fails 'Operation not permitted|Invalid argument' ln "$tree/groups/web/state" "$owners/n3"

possible=$tree/resources/disk/possible_owners
done_by "rm takes a possible owner away" rm "$possible/n3"
refused ENOENT call unlink "$possible/n3"
done_by "ln -s brings it back" ln -s ../../../nodes/n3 "$possible/"
refused EINVAL call symlink ../../../nodes/n1 "$possible/n9"
refused EINVAL call symlink ../../../resources/disk "$possible/disk"
look
echo online >"$web/state"
settle "online there"
refused EBUSY call unlink "$possible/n1"
look
echo offline >"$web/state"
settle "offline there"

needs=$tree/resources/service/dependencies
done_by "ln -s makes a dependency" ln -s ../../../resources/disk "$needs/"
is "the other knows" service "$(ls "$other/resources/disk/dependents")"
is "the expression too" "[$(cat "$tree/resources/disk/id")]" "$(cat "$other/resources/service/dependency_expression")"
refused EEXIST call symlink ../../../resources/disk "$needs/disk"
refused ELOOP call symlink ../../../resources/service "$tree/resources/disk/dependencies/service"
refused ELOOP call symlink ../../../resources/service "$needs/service"
refused ELOOP call symlink ../../../resources/third "$tree/resources/first/dependencies/third"
refused EINVAL call symlink ../../../resources/first "$needs/first"
refused EPERM call symlink ../../../resources/core-part "$tree/resources/witness/dependencies/core-part"
refused EINVAL call symlink ../../../nodes/n1 "$needs/n1"
refused EPERM call unlink "$tree/resources/disk/dependents/service"
done_by "rm ends it" rm "$needs/disk"
is "there too" "" "$(ls "$other/resources/disk/dependents")"
refused ENOENT call unlink "$needs/disk"
done_by "an expression" bash -c 'echo "[first]" >"$1"' - "$tree/resources/third/dependency_expression"
done_by "and its link" rm "$tree/resources/third/dependencies/first"

# --- What cannot be --------------------------------------------------------------------------------

for directory in . groups groups/web groups/web/resources groups/web/preferred_owners groups/web/properties \
    resources resources/disk resources/disk/dependents nodes nodes/n1/groups types networks interfaces \
    properties; do
    for kind in create mkfifo mknod socket; do
        refused EPERM call $kind "$tree/$directory/new"
    done
    refused EPERM call link "$tree/name" "$tree/$directory/new"
    case $directory in
    groups/web/preferred_owners) ;;
    *) refused EPERM call symlink ../../nodes/n1 "$tree/$directory/new" ;;
    esac
done
for path in groups/web/state groups/web/id groups/web/node groups/web/resources/disk \
    resources/disk/dependency_expression nodes/n1/groups/web properties/Description name events last_error; do
    refused EPERM call unlink "$tree/$path"
done
for path in groups/web/state groups/web groups id nodes/n1/properties/Description .; do
    for kind in chmod chown utime touch; do
        refused EPERM call $kind "$tree/$path"
    done
    refused 'EOPNOTSUPP' call setxattr "$tree/$path"
done
refused 'EOPNOTSUPP|EPERM|EBADF' call fallocate "$tree/groups/web/state"

# --- Names that hurt -------------------------------------------------------------------------------

long=$(printf 'x%.0s' {1..255})
for name in a%2Fb %2E %2E%2E ... -rf ' blanks ' '*' '?' two%0Alines 100%25 %2541 é $'\U0001d11e' '"' "'" \
    '$(id)' \\ .hidden "$long" "$(printf 'é%.0s' {1..127})" state events '%7F' '%C2%85'; do
    short=$(printf %q "${name:0:20}")
    done_by "mkdir of $short" call mkdir "$tree/groups/$name"
    is "its name is what that stands for" "$(printf '%b' "${name//%/\\x}" 2>/dev/null | head -c 300)" \
        "$(if [[ $name == *%* ]]; then cat "$other/groups/$name/name"; else printf %s "$name"; fi)"
    done_by "mv of $short" call rename "$other/groups/$name" "$other/groups/renamed"
    done_by "mv to $short" call rename "$tree/groups/renamed" "$tree/groups/$name"
    done_by "rmdir of $short" call rmdir "$other/groups/$name"
done
for name in a%41 % %2 %zz %2f %00 a%2E %~ %~x x%~ "\$'a\\nb'" "\$'\\x7f'" "\$'\\xff'" "\$'\\xc3'" "\$'\\xc2\\x85'" \
    "\$'\\xed\\xa0\\x80\\xed\\xb0\\x80'"; do
    case $name in
    \$*) path="\$'$tree/groups/${name#\$\'}" ;;
    *) path=$tree/groups/$name ;;
    esac
    refused EINVAL call mkdir "$path"
    refused EINVAL call rename "$web" "$path"
done
for length in 256 1000 1024 2000; do
    refused ENAMETOOLONG call mkdir "$tree/groups/$(printf "x%.0s" $(seq "$length"))"
    refused ENAMETOOLONG call rename "$web" "$tree/groups/$(printf "x%.0s" $(seq "$length"))"
done
refused EEXIST call mkdir "$tree/groups/."
refused EEXIST call mkdir "$tree/groups/.."
refused 'ENOENT' call mkdir "$tree/groups/a/b"
refused 'EINVAL|EBUSY|ENOTEMPTY' call rmdir "$web/."

# Three hundred characters, through the file that can hold them.
name=$(printf 'long %.0s' {1..60})
for collection in groups=empty resources=service; do
    directory=${collection%=*} old=${collection#*=}
    done_by "$directory: 300 characters" bash -c 'printf %s "$2" >"$1"' - "$tree/$directory/$old/name" "$name"
    cut=$(ls "$other/$directory" | grep '%~')
    below "the file name has at most 255 bytes" 255 "$(printf %s "$cut" | wc -c)"
    is "the name is whole" "$name" "$(cat "$other/$directory/$cut/name")"
    refused EINVAL call rename "$tree/$directory/$cut" "$tree/$directory/x%~${cut#*%~}"
    if [ $directory = resources ]; then
        is "its link is cut as well" "$cut" "$(ls "$other/groups/web/resources" | grep '%~')"
        done_by "ln -s by such a name" ln -s "../../../resources/$cut" "$tree/resources/disk/dependencies/"
        done_by "rm by such a name" rm "$tree/resources/disk/dependencies/$cut"
    fi
    done_by "mv from such a name" mv "$tree/$directory/$cut" "$tree/$directory/$old"
done

look

# --- Who is in it meanwhile ------------------------------------------------------------------------

mkdir "$tree/groups/short"
settle "a group for a short time"
exec {inside}<"$other/groups/short/state"
cd "$other/groups/short" || exit 1
mv "$tree/groups/short" "$tree/groups/renamed"
is "who is in a directory stays in it when it is renamed" renamed "$(cat name)"
rmdir "$tree/groups/renamed"
gone() {
    ! cat state 2>/dev/null
}
ok "and finds nothing when it is deleted" wait_until 1 gone
cd "$work" || exit 1
like "an open file tells that its object is gone" 'No such device' "$({ read -r _ <&"$inside"; } 2>&1)"
exec {inside}<&-
settle "then all is as before"

# Each is looked at while it is renamed.
wrong=
for i in {1..12}; do
    mkdir "$tree/groups/old$i"
    printf 'Plain\told%d\n' "$i" >"$tree/groups/old$i/create-resource"
    wait_until 1 agree || wrong+="made: $differences"$'\n'
    mv "$other/groups/old$i" "$other/groups/new"
    mv "$other/resources/old$i" "$other/resources/new"
    keep
    wait_until 1 agree || wrong+="renamed: $differences"$'\n'
    mv "$tree/resources/new" "$tree/resources/old$i"
    mv "$tree/groups/new" "$tree/groups/old$i"
    keep
    wait_until 1 agree || wrong+="back: $differences"$'\n'
    rmdir "$other/resources/old$i" "$other/groups/old$i"
done
is "what is looked at while it is renamed has its new name in the end" "" "$wrong"
settle "then all is as before"

# Both at once: one of them wins.
race() { # CALL ARGUMENT...: with TREE for the mount; prints the results of both
    change call "${@//TREE/$tree}" >first.result &
    change call "${@//TREE/$other}" >second.result
    wait $!
    sort first.result second.result | tr '\n' ' '
}
wrong=
for i in {1..15}; do
    seen=$(race mkdir TREE/groups/race)
    [ "$seen" = "EEXIST ok " ] || wrong+="mkdir: $seen"$'\n'
    seen=$(race rename TREE/groups/race "TREE/groups/moved $i")
    grep -qE '^(ENOENT ok|ok ok|EEXIST ok) $' <<<"$seen" || wrong+="rename: $seen"$'\n'
    seen=$(race rmdir "TREE/groups/moved $i")
    [ "$seen" = "ENOENT ok " ] || wrong+="rmdir: $seen"$'\n'
done
is "of two that do the same one wins" "" "$wrong"
settle "and all is as before" && passed "and all is as before"

exec 7>&- 8<&-
kill "$second"
wait "$second"
is "the second daemon ends in order" 0 $?
stop_daemon
ok "the file is whole" "$FSCK" lab.cluster
finish
