#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The events files: what is told of each change, made through another mount, to whom and in which
# form; readers that are many, slow, interrupted or killed; and tools that must not stumble on them.
. "$(dirname "$0")/lib.sh"

export CLUSAPI_NODE=n1
# A group of many resources, whose every change of state is many changes.
many=300
{
    cat "$tests/lab.cluster"
    echo "[group many]"
    echo "owner=n1"
    for i in $(seq $many); do
        printf '[resource many %d]\ngroup=many\ntype=Plain\n' "$i"
    done
} >definition
make_cluster lab.cluster definition
start_daemon "$work/lab.cluster"
mkdir other
"$CLUSFS" -f "$work/lab.cluster" "$work/other" >>"$log" 2>&1 </dev/null &
second=$!
wait_until 10 is_mounted "$work/other"
tree=$mountpoint/lab other=$work/other/lab

change() {
    "$python" -I -B "$tests/change.py" "$@"
}

# read_events NAME FILE: a reader of a file, into NAME; its PID is ${readers[NAME]}. It gets what comes
# after it has opened the file.
declare -A readers
read_events() {
    cat "$2" >"$1" 2>"$1.log" &
    readers[$1]=$!
    wait_until 5 has_opened $! || not_passed "the reader $1 begins" "$(cat "$1.log")"
}

has_opened() {
    grep -q '/events$' < <(readlink "/proc/$1/fd/"*)
}

end_reader() {
    kill "${readers[$1]}"
    wait "${readers[$1]}" 2>/dev/null
    unset "readers[$1]"
}

# The lines of a reader from a number on, without their times.
lines() { # READER [NUMBER]
    tail -n "+${2:-1}" "$1" | cut -f2-
}

has_line() { # READER NUMBER LINE
    grep -qxF -- "$3" < <(lines "$1" "$2")
}

# tells READER LINE COMMAND...: the change is told soon, in just these words.
tells() {
    local from line
    line=$(printf '%b' "$2")
    from=$(($(wc -l <"$1") + 1))
    if ! "${@:3}" 2>command.log; then
        not_passed "${2//\\t/ }" "the command fails: $(cat command.log)"
    elif wait_until 1 has_line "$1" $from "$line"; then
        passed "${2//\\t/ }"
    else
        not_passed "${2//\\t/ }" "it is:" "$(tail -n "+$from" "$1")"
    fi
}

put() { # FILE VALUE
    printf '%s\n' "$2" >"$other/$1"
}

# How many descriptors are open on a file; and awaits that there are more than before.
opens() { # FILE
    find /proc/[0-9]*/fd -lname "$1" 2>/dev/null | wc -l
}

opens_more() { # FILE BEFORE
    [ "$(opens "$1")" -gt "$2" ]
}

# quiet READER: nothing has come for a while.
quiet() {
    local before
    before=$(wc -l <"$1")
    sleep 0.2
    [ "$(wc -l <"$1")" = "$before" ]
}

# --- What is told ----------------------------------------------------------------------------------

read_events all "$tree/events"
tells all 'group\tstate\tweb\tonline' put groups/web/state online
is "its resources too" 'resource state disk online resource state service online' \
    "$(lines all | grep '^resource' | tr '\t\n' '  ' | sed 's/ $//')"
tells all 'group\tstate\tweb\tpartial-online' put resources/disk/state offline
tells all 'resource\tstate\tdisk\tonline' put resources/disk/state online
tells all 'group\towner\tweb\tn2' put groups/web/owner n2
tells all 'node\tgroup-lost\tn2\tweb' put groups/web/owner n1
is "the other node has gained it" yes "$(has_line all 1 $'node\tgroup-gained\tn1\tweb' && echo yes)"
tells all 'group\tstate\tweb\toffline' put groups/web/state offline
tells all 'resource\tstate\tslow-part\tonline-pending' put groups/slow/state online
is "its group is pending" yes "$(has_line all 1 $'group\tstate\tslow\tpending' && echo yes)"
tells all 'resource\tstate\tbroken-part\tfailed' put groups/broken/state online
is "its group has failed" yes "$(has_line all 1 $'group\tstate\tbroken\tfailed' && echo yes)"
tells all 'group\tpreferred-owners\tweb\t' put groups/web/preferred_order n3
tells all 'group\tproperties\tweb\t' put groups/web/properties/Description 'A shop'
tells all 'group\tproperties\tshop\t' mv "$other/groups/web" "$other/groups/shop"
tells all 'group\tproperties\tweb\t' put groups/shop/name web
tells all 'group\tadded\tnew\t' mkdir "$other/groups/new"
tells all 'resource\tadded\tpart\t' put groups/new/create-resource $'Plain\tpart'
is "the group has gained it" yes "$(has_line all 1 $'group\tresource-gained\tnew\tpart' && echo yes)"
tells all 'resource\tgroup\tpart\tempty' mv "$other/groups/new/resources/part" "$other/groups/empty/resources/"
is "one group has lost it" yes "$(has_line all 1 $'group\tresource-lost\tnew\tpart' && echo yes)"
is "the other has gained it" yes "$(has_line all 1 $'group\tresource-gained\tempty\tpart' && echo yes)"
tells all 'resource\tproperties\tpart\t' put resources/part/properties/Description 'a part'
tells all 'resource\tpossible-owners\tpart\t' rm "$other/resources/part/possible_owners/n4"
tells all 'resource\tdeleted\tpart\t' rmdir "$other/resources/part"
tells all 'group\tdeleted\tnew\t' rmdir "$other/groups/new"
tells all "resource\tdependencies\tservice\t[$(cat "$tree/resources/disk/id")]" \
    put resources/service/dependency_expression '[disk]'
is "the other has a dependent" yes "$(has_line all 1 $'resource\tdependents\tdisk\t' && echo yes)"
tells all 'resource\tdependencies\tservice\t' rm "$other/resources/service/dependencies/disk"
tells all 'node\tstate\tn3\tpaused' put nodes/n3/state paused
tells all 'node\tstate\tn3\tup' put nodes/n3/state up
tells all 'node\tstate\tn2\tdown' put nodes/n2/state down
tells all 'node\tstate\tn2\tup' put nodes/n2/state up
tells all 'node\tproperties\tn1\t' put nodes/n1/properties/Description 'The first'
tells all 'network\tproperties\tnet-b\t' put networks/net-b/role none
tells all 'network\tproperties\twire\t' mv "$other/networks/net-b" "$other/networks/wire"
tells all 'interface\tproperties\tn1-a\t' put interfaces/n1-a/properties/Description 'A card'
tells all 'type\tproperties\tPlain\t' put types/Plain/properties/Description 'Does nothing'
tells all 'cluster\tproperties\t\t' put properties/Description 'A laboratory'
tells all 'cluster\tname\tnamed\t' put name named
tells all 'cluster\tname\tlab\t' put name lab
other=$work/other/lab

# Names that would break a line.
for name in two%0Alines tab%09ulator a%2Fb %2E ' blanks ' 100%25 '*'; do
    tells all "group\tadded\t$name\t" mkdir "$other/groups/$name"
    tells all "group\tdeleted\t$name\t" rmdir "$other/groups/$name"
done
mkdir "$other/groups/long"
printf 'long %.0s' {1..60} >"$other/groups/long/name"
ok "three hundred characters" wait_until 1 grep -q $'\tgroup\tproperties\tlong long' all
long=$(lines all | grep $'^group\tproperties\tlong long' | tail -n 1 | cut -f3)
is "are named as the file is" "$long" "$(ls "$other/groups" | grep '%~')"
rmdir "$other/groups/$long"

is "every line has a time, a kind, a change, a name and a value" "" "$(grep -vE \
    $'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z\t[^\t]+\t[^\t]+\t[^\t]*\t[^\t]*$' all)"
kinds=$(sed -n '/^Kinds are/,/^changes are/p' "$tests/../../mount-helpers/clusfs.5" | tr -c 'a-z' '\n')
words=$(sed -n '/^changes are/,/^\.PP/p' "$tests/../../mount-helpers/clusfs.5" | tr -d '\\' | tr -c 'a-z-' '\n')
is "kinds are those of the manual" "" "$(lines all | cut -f1 | sort -u | grep -vxF "$kinds")"
is "changes are those of the manual" "" "$(lines all | cut -f2 | sort -u | grep -vxF "$words")"
is "times do not go back" "" "$(cut -f1 all | sort -c 2>&1)"
below "a line is written at the time it tells" $((5 * slowness)) \
    "$(($(date +%s) - $(date -d "$(tail -n 1 all | cut -f1)" +%s)))"

# --- To whom ---------------------------------------------------------------------------------------

for object in groups/web groups/chain resources/disk nodes/n1 networks/net-a interfaces/n1-a; do
    read_events "${object//\//.}" "$tree/$object/events"
done
tells groups.web 'group\tstate\tweb\tonline' put groups/web/state online
tells groups.web 'group\towner\tweb\tn3' put groups/web/owner n3
tells groups.web 'resource\tadded\tpart\t' put groups/web/create-resource $'Plain\tpart'
tells groups.web 'resource\tdeleted\tpart\t' rmdir "$other/resources/part"
tells groups.web 'group\tstate\tweb\toffline' put groups/web/state offline
tells groups.chain 'group\tproperties\tchain\t' put groups/chain/properties/Description 'A chain'
tells resources.disk 'resource\tproperties\tdisk\t' put resources/disk/properties/Description 'A disk'
tells nodes.n1 'node\tproperties\tn1\t' put nodes/n1/properties/Description 'Still the first'
tells networks.net-a 'network\tproperties\tnet-a\t' put networks/net-a/properties/Description 'A net'
tells interfaces.n1-a 'interface\tproperties\tn1-a\t' put interfaces/n1-a/properties/Description 'Another card'
put groups/web/owner n1
put groups/empty/properties/Description 'Nothing in it'
tells all 'resource\tproperties\tfirst\t' put resources/first/properties/Description 'The first'
kinds_of() { # READER: kind and name of all its lines
    lines "$1" | cut -f1,3 | sort -u | tr '\t\n' '  ' | sed 's/ $//'
}
is "a group's reader gets the group's and its resources'" \
    "group web resource disk resource part resource service" "$(kinds_of groups.web)"
is "another group's its own" "group chain resource first" "$(kinds_of groups.chain)"
is "a resource's the resource's" "resource disk" "$(kinds_of resources.disk)"
is "a node's the node's" "node n1" "$(kinds_of nodes.n1)"
is "a network's the network's" "network net-a" "$(kinds_of networks.net-a)"
is "an interface's the interface's" "interface n1-a" "$(kinds_of interfaces.n1-a)"
for reader in groups.web groups.chain resources.disk nodes.n1 networks.net-a interfaces.n1-a; do
    end_reader "$reader"
done

# --- Several readers -------------------------------------------------------------------------------

read_events early "$tree/events"
tells early 'group\tadded\tone\t' mkdir "$other/groups/one"
read_events late "$tree/events"
tells late 'group\tadded\ttwo\t' mkdir "$other/groups/two"
rmdir "$other/groups/one" "$other/groups/two"
wait_until 1 has_line late 1 $'group\tdeleted\ttwo\t'
wait_until 1 has_line early 1 $'group\tdeleted\ttwo\t'
is "each has what came after it began" "$(tail -n 3 early)" "$(cat late)"
is "and all the same lines" "$(tail -n 4 all)" "$(cat early)"
end_reader early
end_reader late

# Two processes read one open file: each line goes to one of them, and none takes it for ended.
exec {shared}<"$tree/events"
cat <&"$shared" >shared.1 &
one=$!
cat <&"$shared" >shared.2 &
two=$!
sleep 0.2
for i in {1..20}; do
    mkdir "$other/groups/$i"
    sleep 0.01
done
shared_lines() {
    [ "$(cat shared.1 shared.2 | wc -l)" = 20 ]
}
ok "two who share a file get each line once" wait_until 2 shared_lines
is "both of them still wait" yes "$(kill -0 "$one" && kill -0 "$two" && echo yes)"
kill "$one" "$two"
wait "$one" "$two" 2>/dev/null
exec {shared}<&-
rmdir "$other/groups/"{1..20}

# --- Ways to read ----------------------------------------------------------------------------------

"$python" -I - "$tree" "$other" >ways <<'END_OF_WAYS'
import errno, os, select, signal, sys, threading, time
tree, other = sys.argv[1:]
path = tree + "/events"

def fails(number, call, *arguments):
    try:
        print("no failure:", call(*arguments))
    except OSError as error:
        if error.errno != number:
            print(errno.errorcode[error.errno], "is not", errno.errorcode[number])

def touch(text):
    with open(other + "/groups/web/properties/Description", "w") as file:
        file.write(text)

def read_all(fd, size):
    data = b""
    select.select([fd], [], [], 2)
    while True:
        try:
            data += os.read(fd, size)
        except BlockingIOError:
            return data

status = os.stat(path)
if status.st_size or status.st_mode & 0o777 != 0o444:
    print("stat", status)
nonblocking = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
fails(errno.EAGAIN, os.read, nonblocking, 100)
fails(errno.ESPIPE, os.lseek, nonblocking, 0, os.SEEK_SET)
fails(errno.ESPIPE, os.pread, nonblocking, 100, 0)
fails(errno.EACCES, os.open, path, os.O_RDWR)
fails(errno.EACCES, os.open, path, os.O_WRONLY | os.O_TRUNC)
if select.select([nonblocking], [], [], 0.2)[0]:
    print("ready without an event")
others = [os.open(path, os.O_RDONLY | os.O_NONBLOCK) for _ in range(4)]
touch("x")
if not select.select([nonblocking], [], [], 2)[0]:
    print("not ready with an event")
whole = read_all(nonblocking, 65536)
if not whole.endswith(b"\n") or whole.count(b"\n") != 1:
    print("whole:", whole)
for fd, size in zip(others, (1, 7, 50, 4096)):
    if read_all(fd, size) != whole:
        print("other bytes in pieces of", size)
fails(errno.EAGAIN, os.read, nonblocking, 100)
# Lines that fit are not cut.
for i in range(3):
    touch(str(i))
time.sleep(0.3)
first = os.read(nonblocking, len(whole) + 10)
if first.count(b"\n") != 1 or not first.endswith(b"\n"):
    print("cut:", first)
if read_all(nonblocking, 65536).count(b"\n") != 2:
    print("not the rest")
# A signal interrupts who waits.
class Alarm(Exception):
    pass
def raise_alarm(*_):
    raise Alarm
signal.signal(signal.SIGALRM, raise_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.2)
blocking = os.open(path, os.O_RDONLY)
try:
    print("not interrupted:", os.read(blocking, 100))
except Alarm:
    pass
# And the next read of the same file gets what comes.
threading.Timer(0.2, touch, ("after",)).start()
if not os.read(blocking, 4096).endswith(b"\n"):
    print("nothing after a signal")
os.set_blocking(blocking, False)
fails(errno.EAGAIN, os.read, blocking, 100)
END_OF_WAYS
is "every way to read" "" "$(cat ways)"
# Which says that it cannot seek back.
before=$(opens "$tree/events")
timeout 5 head -n 1 "$tree/events" >head.out 2>/dev/null &
wait_until 5 opens_more "$tree/events" "$before"
put groups/web/properties/Description 'for head'
wait $!
is "head ends with its line" $'group\tproperties\tweb\t' "$(lines head.out)"
timeout 5 bash -c 'read -r time kind change name value && echo "$kind $change $name"' <"$tree/events" >read.out &
wait_until 5 opens_more "$tree/events" "$before"
put groups/web/properties/Description 'for read'
wait $!
is "read of a shell" "group properties web" "$(cat read.out)"

# --- Tools that look at everything ------------------------------------------------------------------

is "events are not listed" "" "$(find "$tree" -name events)"
for object in . groups/web resources/disk nodes/n1 networks/net-a interfaces/n1-a; do
    ok "but found: $object/events" test -f "$tree/$object/events" -a -r "$tree/$object/events"
done
is "types have none" ENOENT "$(change call truncate "$tree/types/Plain/events" 0)"
does_not_wait() {
    ok "$1 does not wait for events" timeout $((20 * slowness)) "$@"
}
is "grep -r" 0 "$(timeout $((20 * slowness)) grep -rq online "$tree"; echo $?)"
does_not_wait cp -a "$tree" copy
does_not_wait tar -C "$tree" -cf copy.tar .
does_not_wait rsync -a "$tree/" copy.rsync
does_not_wait find "$tree" -type f -exec cat {} +
does_not_wait diff -r --no-dereference -x last_error -x handles copy copy.rsync
does_not_wait du -a "$tree"
rm -rf copy copy.tar copy.rsync

# --- Readers that end, and that are slow ----------------------------------------------------------

settled() {
    [ "$(cat "$tree/handles")" = "$before" ]
}
before=$(cat "$tree/handles")
for i in {1..20}; do
    cat "$tree/groups/web/events" >/dev/null &
    killed+=($!)
    disown
done
sleep 0.3
below "each of 20 readers dies by SIGKILL at once" $((100 * slowness)) \
    "$("$python" -I -B "$tests/probe.py" killed "${killed[@]}")"
ok "and their handles are gone" wait_until 2 settled
tells all 'group\tadded\tafter\t' mkdir "$other/groups/after"
rmdir "$other/groups/after"

wait_until 1 has_line all 1 $'group\tdeleted\tafter\t'
sleep 0.2
exec {slow}<"$tree/events"
start=$(wc -l <all)
for i in $(seq $((70000 / many / 2))); do
    put groups/many/state online
    put groups/many/state offline
done
enough() {
    [ $(($(wc -l <all) - start)) -ge $(((70000 / many / 2) * 2 * (many + 1))) ]
}
ok "who reads all the time gets all of 70000" wait_until 20 enough
sleep 0.2
total=$(($(wc -l <all) - start))
is "and is told of no loss" 0 "$(lines all | grep -c $'^cluster\tlost')"
timeout 3 cat <&"$slow" >slow
exec {slow}<&-
first=$(head -n 1 slow)
like "who reads too late is told how many are lost" $'^[^\t]*\tcluster\tlost\t\t[0-9]+$' "$first"
is "as many as that" "$total" "$((${first##*$'\t'} + $(wc -l <slow) - 1))"
is "and gets the rest" 65536 "$(($(wc -l <slow) - 1))"
ok "which are the same lines" cmp <(tail -n 65536 all) <(tail -n 65536 slow)

# --- The end ---------------------------------------------------------------------------------------

before=$(opens "$tree/events")
cat "$tree/events" >/dev/null 2>&1 &
last=$!
wait_until 5 opens_more "$tree/events" "$before"
umount -l "$mountpoint"
ok "umount -l leaves its readers" kill -0 "$last"
kill "$last" "${readers[all]}"
wait "$last" "${readers[all]}" 2>/dev/null
ok "the daemon ends with the last of them" wait_until 5 is_gone "$daemon"
wait "$daemon"
is "in order" 0 $?
daemon=
ok "the log is clean" check_log
mountpoint=$work/other daemon=$second
before=$(opens "$other/events")
cat "$other/events" >/dev/null 2>end.log &
last=$!
wait_until 5 opens_more "$other/events" "$before"
stop_daemon
ok "its end ends who reads" wait_until 2 is_gone "$last"
finish
