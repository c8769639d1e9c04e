#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The cluster database as files, and group sets as directories, through the kernel. TAP.
. "$(dirname "$0")/lib.sh"

cat >some.cluster <<'END'
[cluster]
name=c
[node n1]
[resource-type T]
[group web]
owner=n1
[group db]
owner=n1
[resource r]
group=web
type=T
private.Path=/data
END
export CLUSAPI_NODE=n1
"$MKFS" -d some.cluster c.cluster >/dev/null || exit 1
start_daemon "$work/c.cluster"
tree=$mountpoint/c
registry=$tree/registry
errno() {
    probe errno "$@"
}

# --- Keys ------------------------------------------------------------------------------------------

is "the keys of objects are there" "Groups NetworkInterfaces Networks Nodes Parameters ResourceTypes Resources" \
    "$(ls "$registry" | tr '\n' ' ' | sed 's/ $//')"
ok "mkdir makes a key" mkdir "$registry/Software"
ok "and one in it" mkdir "$registry/Software/Us"
is "a key twice" EEXIST "$(errno mkdir "$registry/Software")"
is "another case of it is the same" EEXIST "$(errno mkdir "$registry/SOFTWARE")"
ok "and is found" test -d "$registry/sOFTWARE/uS"
is "one with subkeys is kept" ENOTEMPTY "$(errno rmdir "$registry/Software")"
is "what every key has stays" EPERM "$(errno rmdir "$registry/Software/.values")"
is "and cannot be made" EEXIST "$(errno mkdir "$registry/Software/.types")"
is "a key is not renamed" EPERM "$(errno rename "$registry/Software" "$registry/Other")"
is "a backslash is no part of a name" EINVAL "$(errno mkdir "$registry/Software/a\\b")"
is "keys of objects are not made" EACCES "$(errno mkdir "$registry/Groups/mine")"
for name in 'with spaces' '%2Evalues' '%2Etypes' 'a%2Fb' '%2E%2E' $'\u00e4\U1d11e' '-rf'; do
    ok "a key named $name" mkdir -- "$registry/Software/$name"
    is "is listed so" "$name" "$(ls -- "$registry/Software" | grep -Fx -- "$name")"
    printf 'in it' >"$registry/Software/$name/.values/v"
    is "and holds values" 'in it' "$(cat "$registry/Software/$name/.values/v")"
    ok "and goes" rmdir -- "$registry/Software/$name"
done
long=$(printf 'l%.0s' $(seq 200))$(printf '\u00e4%.0s' $(seq 27))
deep=$registry/Software
for i in $(seq 60); do
    deep=$deep/$i
    mkdir "$deep" || break
done
is "keys lie sixty deep" 60 "$i"
printf deep >"$deep/.values/v"
is "with values" deep "$(cat "$deep/.values/v")"
is "and lead back up" "$(stat -c %i "$registry/Software")" \
    "$(stat -c %i "$deep$(printf '/..%.0s' $(seq 60))")"
for i in $(seq 60); do
    rmdir "$deep"
    deep=${deep%/*}
done
is "and go one by one" "Us" "$(ls "$registry/Software")"

# --- Values ----------------------------------------------------------------------------------------

cd "$registry/Software/Us" || exit 1
printf 'hello' >.values/text
is "text becomes text" REG_SZ "$(cat .types/text)"
is "and is shown with a new line" 6 "$(stat -c %s .values/text)"
echo 'hello again' >.values/text
is "a new line at its end is none of it" 'hello again' "$(cat .values/text)"
printf 'two\nlines\n' >.values/text
is "others are" $'two\nlines' "$(cat .values/text)"
head -c 70000 /dev/urandom >"$work/random"
cp "$work/random" .values/bytes
ok "bytes stay as they are" cmp "$work/random" .values/bytes
is "their type" REG_BINARY "$(cat .types/bytes)"
dd if="$work/random" of=.values/bytes bs=777 conv=notrunc status=none
ok "also piece by piece" cmp "$work/random" .values/bytes
for type in REG_NONE REG_SZ REG_EXPAND_SZ REG_BINARY REG_DWORD REG_DWORD_BIG_ENDIAN REG_MULTI_SZ \
    REG_QWORD; do
    rm -f .values/v
    echo "$type" >.types/v
    is "a value of type $type" "$type" "$(cat .types/v)"
    case $type in
    *WORD*)
        is "is 0 at first" 0 "$(cat .values/v)"
        echo 305419896 >.values/v
        is "and then another number" 305419896 "$(cat .values/v)"
        is "but no word" EINVAL "$(errno store .values/v word)"
        is "nor a negative number" EINVAL "$(errno store .values/v -1)"
        is "and stays" 305419896 "$(cat .values/v)"
        ;;
    REG_MULTI_SZ)
        is "is empty at first" 0 "$(stat -c %s .values/v)"
        printf 'a\nb c\n' >.values/v
        is "and then two lines" $'a\nb c' "$(cat .values/v)"
        is "none of which is empty" EINVAL "$(errno store .values/v $'a\n\nb')"
        ;;
    *SZ)
        printf '%%PATH%%' >.values/v
        is "holds text" '%PATH%' "$(cat .values/v)"
        is "but no bytes" EINVAL "$(errno store .values/v $'\xff')"
        ;;
    *)
        printf 'a\n\n' >.values/v
        is "holds bytes" 3 "$(stat -c %s .values/v)"
        ;;
    esac
done
is "a number that does not fit" EINVAL "$(echo REG_DWORD >.types/w && errno store .values/w 4294967296)"
is "an unknown type" EINVAL "$(errno store .types/w REG_NOTHING)"
echo 16909060 >.values/w
echo REG_BINARY >.types/w
is "another type leaves the bytes" 04030201 "$(od -An -tx1 .values/w | tr -d " ")"
printf 'the default' >.values/@
is "the default value" 'the default' "$(cat .values/@)"
is "other cases of a name are the same" 'the default' "$(printf x >.values/Case && printf y >.values/cASE &&
    cat .values/Case .values/CASE | sort -u | grep -qx y && cat .values/@)"
is "are not listed" 1 "$(ls .values | grep -ic '^case$')"
for name in '%40' 'a%2Fb' 'a\b' '.values' $'\u00e4' '-v'; do
    printf '%s' "$name" >".values/$name"
    is "a value named $name" "$name" "$(cat -- ".values/$name")"
    ok "is listed so" test -n "$(ls -A -- .values | grep -Fx -- "$name")"
    ok "and goes" rm -- ".values/$name"
done
printf 'long' >".values/$long"
is "a long name" long "$(cat ".values/$long")"
is "rm of a type" EPERM "$(errno unlink .types/text)"
is "a value is not made where keys are" EPERM "$(errno create ../file)"
is "a value that is too large" EINVAL "$(errno store-many .values/bytes 1048577)"
ok "and nothing of it is stored" cmp "$work/random" .values/bytes
rm .values/*
is "rm deletes values" "" "$(ls .values)"
printf 'again' >.values/v
ok "what is open is gone with its value" sh -c 'exec 3<.values/v; rm .values/v; ! cat <&3'
cd "$work" || exit 1

# --- Objects ---------------------------------------------------------------------------------------

id=$(cat "$tree/groups/web/id")
is "a group's key has its properties" web "$(cat "$registry/Groups/$id/.values/Name")"
is "which are set elsewhere" EACCES "$(errno store "$registry/Groups/$id/.values/Name" other)"
id=$(cat "$tree/resources/r/id")
is "private ones are parameters" /data "$(cat "$registry/Resources/$id/Parameters/.values/Path")"
echo /other >"$registry/Resources/$id/Parameters/.values/Path"
is "and are set there, too" /other "$(cat "$tree/resources/r/properties/Path")"
printf 'more' >"$registry/Resources/$id/Parameters/.values/New"
is "made" more "$(cat "$tree/resources/r/properties/New")"
rm "$registry/Resources/$id/Parameters/.values/New"
ok "and deleted" test ! -e "$tree/resources/r/properties/New"

# --- Changes ----------------------------------------------------------------------------------------

cat "$tree/events" >events 2>/dev/null &
reader=$!
is_reading() {
    grep -q '/events$' < <(readlink /proc/$reader/fd/*)
}
ok "events are read" wait_until 5 is_reading
mkdir "$registry/Software/told"
printf 1 >"$registry/Software/told/.values/v"
rmdir "$registry/Software/told"
changes() {
    cut -f 2- events | tr '\t' ' ' | sed 's/ $//' | uniq
}
are_told() {
    [ "$(changes)" = 'registry key Software\told
registry value Software\told v
registry key Software\told' ]
}
ok "changes of the database are told" wait_until 5 are_told
kill $reader
wait $reader 2>/dev/null

# --- Numbers ---------------------------------------------------------------------------------------

mkdir "$registry/Software/many"
for i in $(seq 200); do
    printf '%s' "$i" >"$registry/Software/many/.values/v$i"
done
is "many values" 200 "$(ls "$registry/Software/many/.values" | wc -l)"
is "with what they hold" 20100 "$(cat "$registry"/Software/many/.values/* | awk '{ n += $1 } END { print n }')"
tar -C "$registry/Software" -cf many.tar many
mkdir unpacked
tar -C unpacked -xf many.tar
ok "tar keeps them" diff -r "$registry/Software/many" unpacked/many
rm -f "$registry"/Software/many/.values/*
ok "and all go" rmdir "$registry/Software/many"

# --- Without the right to write ---------------------------------------------------------------------

stop_daemon
start_daemon -o ro "$work/c.cluster"
is "read-only: no key" EROFS "$(errno mkdir "$registry/x")"
is "and no value" EROFS "$(errno store "$registry/Software/.values/x" y)"
stop_daemon
chmod 400 c.cluster*
start_daemon "$work/c.cluster"
is "all is there" Us "$(ls "$registry/Software")"
stop_daemon

# --- Group sets ------------------------------------------------------------------------------------

chmod 600 c.cluster*
start_daemon "$work/c.cluster"
set=$tree/groupsets/set
ok "mkdir makes a group set" mkdir "$set"
is "its name" set "$(cat "$set/name")"
is "it is offline" offline "$(cat "$set/state")"
ok "a group comes in" ln -s ../../../groups/web "$set/groups/web"
is "as a link" ../../../groups/web "$(readlink "$set/groups/web")"
is "once" EEXIST "$(errno link-to ../../../groups/web "$set/groups/web")"
is "by its own target" EINVAL "$(errno link-to ../../../groups/web "$set/groups/db")"
echo online >"$tree/groups/web/state"
is "it is online when its groups are" online "$(cat "$set/state")"
echo '[db]' >"$set/dependency_expression"
is "it depends on a group" "[$(cat "$tree/groups/db/id")]" "$(cat "$set/dependency_expression")"
is "not on itself" ELOOP "$(errno store "$set/dependency_expression" '[set]')"
is "not on what is not there" EINVAL "$(errno store "$set/dependency_expression" '[none]')"
is "a set is not renamed" EPERM "$(errno rename "$set" "$tree/groupsets/other")"
ok "a group goes" rm "$set/groups/web"
ok "and the set" rmdir "$set"
is "there is none" "" "$(ls "$tree/groupsets")"
stop_daemon
finish
