#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the kernel keeps of a mount is never older than it may be: after each change, made through
# another mount, all that is shown is compared with a mount that was never looked at before. TAP.
. "$(dirname "$0")/lib.sh"

cat >some.cluster <<'END'
[cluster]
name=c
quorum=witness
[node n1]
[node n2]
[node n3]
[network lan]
[network wan]
[interface n1-lan]
node=n1
network=lan
[interface n2-lan]
node=n2
network=lan
[resource-type T]
[resource-type Slow]
[resource-type Witness]
characteristics=quorum
[group web]
owner=n1
preferred-owners=n1;n2
[resource ip]
group=web
type=T
[resource app]
group=web
type=T
depends-on=[ip]
[group db]
owner=n2
[resource data]
group=db
type=T
private.Path=/short
property.RestartAction=0
[group empty]
owner=n3
[group core]
owner=n3
type=core-cluster
core=true
[resource witness]
group=core
type=Witness
END
export CLUSAPI_NODE=n1
"$MKFS" -d some.cluster c.cluster >/dev/null || exit 1
mkdir other fresh
start_daemon "$work/c.cluster"
first=$daemon
kept=$mountpoint/c
mountpoint=$work/other
start_daemon "$work/c.cluster"
second=$daemon
other=$work/other/c

# What the kernel tells of the paths that were there at the last look; listing brings it news.
sizes() {
    (cd "$1" && LC_ALL=C xargs -0 stat -c '%N %s' <"$work/paths" 2>&1)
}

# The truth: what a mount shows that knows nothing yet.
fresh_tree() {
    local mountpoint=$work/fresh daemon
    "$CLUSFS" -f "$work/c.cluster" "$mountpoint" >>"$log" 2>&1 &
    daemon=$!
    wait_until 10 is_mounted
    sizes "$mountpoint"/* >fresh.sizes
    "$python" "$tests/tree.py" "$mountpoint"/* >fresh.tree
    kill "$daemon"
    wait "$daemon"
}

# looks_same NAME: the kept mount shows what is there.
looks_same() {
    sizes "$kept" >kept.sizes
    "$python" "$tests/tree.py" "$kept" >kept.tree
    fresh_tree
    same "$1" fresh.sizes kept.sizes
    same "$1, listed" fresh.tree kept.tree
    (cd "$kept" && find . -name registry -prune -o ! -name handles ! -name last_error -print0) >paths
}
: >paths

# changed WHAT COMMAND: changes something through the other mount, and gives it 50 ms.
changed() {
    if ! (cd "$other" && bash -c "$2") 2>error; then
        not_passed "$1" "$(cat error)" "$(cat last_error 2>/dev/null)"
        return
    fi
    sleep "$(awk "BEGIN { print 0.05 * $slowness }")"
    looks_same "$1"
}

looks_same "to begin with"
changed "a group that goes offline" 'echo offline >groups/web/state'
changed "a group that comes online" 'echo online >groups/web/state'
changed "a resource that comes online" 'echo online >resources/data/state'
changed "a resource that fails" 'echo failed >resources/data/state'
changed "a group that moves" 'echo n2 >groups/web/owner'
changed "a group that moves back" 'echo n1 >groups/web/owner'
changed "a node that is drained" 'echo drained >nodes/n1/state'
changed "a node that comes back" 'echo up >nodes/n1/state'
changed "a node that crashes" 'echo down >nodes/n2/state'
changed "a node that starts" 'echo up >nodes/n2/state'
changed "a new group" 'mkdir groups/new'
changed "a group of another name" 'echo newer >groups/new/name'
changed "a group that is renamed with all that leads to it" 'mv groups/web "groups/w / e%b" 2>/dev/null || mv groups/web groups/web2'
changed "a name of another case" 'echo DB >groups/db/name'
changed "a group that is deleted" 'rmdir groups/newer'
changed "preferred owners" 'printf "n3\nn1\n" >groups/DB/preferred_order'
changed "a preferred owner more" 'ln -s ../../../nodes/n2 groups/DB/preferred_owners/n2'
changed "a preferred owner less" 'rm groups/DB/preferred_owners/n3'
changed "a new resource" 'printf "T\tnew one\n" >groups/DB/create-resource'
changed "a dependency" 'ln -s ../../../resources/data "resources/new one/dependencies/data"'
changed "a resource of another name" 'mv resources/data resources/files'
changed "no dependency" 'rm "resources/new one/dependencies/files"'
changed "a dependency expression" 'echo "([files])" >"resources/new one/dependency_expression"'
changed "no dependency expression" 'printf "\n" >"resources/new one/dependency_expression"'
changed "a possible owner less" 'rm "resources/new one/possible_owners/n3"'
changed "a possible owner more" 'ln -s ../../../nodes/n3 "resources/new one/possible_owners/n3"'
changed "a resource of another group" 'mv "groups/DB/resources/new one" groups/empty/resources/'
changed "a resource that is deleted" 'rmdir "resources/new one"'
changed "a property" 'echo "a long description of it" >groups/DB/properties/Description'
changed "a private property" 'echo /a/much/longer/path >resources/files/properties/Path'
changed "a quorum resource of another name" 'mv resources/witness "resources/who decides"'
changed "a network of another name" 'mv networks/lan networks/inner'
changed "a role" 'echo none >networks/wan/role'
changed "a role that has a priority" 'echo internal >networks/wan/role'
changed "one that has none" 'echo client >networks/wan/role'
changed "the order of networks" 'printf "inner\n" >network_priority || printf "wan\ninner\n" >network_priority'
changed "a group set" 'mkdir groupsets/set'
changed "a group in the set" 'ln -s ../../../groups/DB groupsets/set/groups/DB'
changed "a set that depends on a group" 'echo "[web2]" >groupsets/set/dependency_expression'
changed "a group of the set of another name" 'mv groups/DB groups/database'
changed "a group that depends on a group" 'echo "[web2]" >groups/empty/dependency_expression'
changed "no group in the set" 'rm groupsets/set/groups/database'
changed "no group set" 'rmdir groupsets/set'
changed "a name as it was" 'mv groups/database groups/DB'
changed "a key" 'mkdir registry/k registry/k/below'
changed "a value" 'printf one >registry/k/below/.values/v'
changed "a value that is longer" 'printf "a longer one" >registry/k/below/.values/v'
changed "the default value" 'printf one >registry/k/.values/@'
changed "a value of another type" 'printf REG_EXPAND_SZ >registry/k/below/.types/v'
changed "no value" 'rm registry/k/below/.values/v'
changed "no key" 'rmdir registry/k/below'
changed "a key again, with another value" 'mkdir registry/k/below; printf x >registry/k/below/.values/w'
changed "a private property of a resource as a value" \
    'printf /short >registry/Resources/$(cat resources/files/id)/Parameters/.values/Path'
changed "a property of a group as a value" \
    'printf text >registry/Groups/$(cat groups/DB/id)/.values/Description'
changed "a private property of the cluster" \
    'printf 1 >registry/Parameters/.values/Own'
changed "a cluster of another name" 'echo "longername" >name'

# --- At once, through the same mount ----------------------------------------------------------------

cd "$kept" || exit 1
seen() { # What the kernel tells without being told.
    stat -c %s groups/DB/state groups/DB/name groups/DB/owner
    readlink groups/DB/node
    ls nodes/n3/groups
}
stale=0
for i in $(seq 30); do
    for what in 'offline state' 'online state' 'n3 owner' 'n2 owner'; do
        read -r value file <<<"$what"
        seen >/dev/null
        echo "$value" >"groups/DB/$file"
        size=$(stat -c %s "groups/DB/$file")
        text=$(cat "groups/DB/$file")
        [ "$size" = $((${#text} + 1)) ] || stale=$((stale + 1))
        [ "$file" != owner ] || [ "$(readlink groups/DB/node)" = "../../nodes/$text" ] ||
            stale=$((stale + 1))
        [ "$file" != owner ] || [ -L "nodes/$text/groups/DB" ] || stale=$((stale + 1))
    done
done
is "after a write nothing old is shown, not even for a moment" 0 "$stale"
stale=0
for i in $(seq 30); do
    ls properties groups/DB/properties >/dev/null
    printf '%*s\n' "$i" x >groups/DB/properties/Description
    [ "$(stat -c %s groups/DB/properties/Description)" = $((i + 1)) ] || stale=$((stale + 1))
done
is "nor after a close" 0 "$stale"
stale=0
for i in $(seq 30); do
    ls groups >/dev/null
    mkdir "groups/g$i"
    [ "$(ls groups | grep -c "^g$i\$")" = 1 ] || stale=$((stale + 1))
    rmdir "groups/g$i"
    [ "$(ls groups | grep -c "^g$i\$")" = 0 ] || stale=$((stale + 1))
done
is "nor in a listing" 0 "$stale"
cd "$work" || exit 1

# --- Nothing else is forgotten -----------------------------------------------------------------------

daemon=$first mountpoint=$work/mnt
stop_daemon
daemon=$second mountpoint=$work/other
stop_daemon

# What a command asks for, by what the daemon logs of requests.
requests() { # COMMAND...
    sleep 0.2
    : >"$log"
    "$@" >/dev/null
    sleep 0.2
    grep -ao 'opcode: [A-Z]*' "$log" | tr '\n' ' '
}
mountpoint=$work/mnt
start_daemon -d "$work/c.cluster"
kept="$mountpoint/longername"

# asks_little NAME DIRECTORY COMMAND: after the command a listing that is known asks for attributes
# at most. The kernel loses a page of its own accord now and then, so one of three times will do.
asks_little() {
    local seen
    for _ in 1 2 3; do
        ls -l "$kept/$2" >/dev/null
        (cd "$kept" && eval "$3")
        seen=$(requests ls -l "$kept/$2")
        [[ ! $seen =~ ^(opcode:\ GETATTR\ )?$ ]] || break
    done
    like "$1" '^(opcode: GETATTR )?$' "$seen"
}

for directory in groups groups/DB/properties nodes/n1/groups registry registry/k/below/.values; do
    asks_little "a second listing of $directory asks for its attributes at most" "$directory" :
done
elsewhere='echo $RANDOM >registry/k/.values/other; echo $RANDOM >groups/web2/properties/Description'
for directory in groups/DB nodes/n1/groups resources registry/k; do
    asks_little "a change elsewhere leaves $directory as it is" "$directory" "$elsewhere"
done
stop_daemon
finish
