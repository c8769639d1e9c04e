#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes that are refused: each has its errno, changes nothing, and last_error tells its user why.
. "$(dirname "$0")/lib.sh"

export CLUSAPI_NODE=n1
MANUAL=$tests/../../mount-helpers/clusfs.5
HEADER=$tests/../../api/include/clusapi/win32.h
DEFINITION=$tests/lab.cluster
make_cluster lab.cluster "$tests/lab.cluster"
start_daemon "$work/lab.cluster"
tree=$mountpoint/lab
web=$tree/groups/web service=$tree/resources/service

change() {
    "$python" -I -B "$tests/change.py" "$@"
}

# What the tree says now is what it has to say after each refusal.
settle() {
    change dump "$tree" >before
}

# refused NAME EXPECTED COMMAND...: the command prints what is expected, and nothing has changed.
refused() {
    local seen
    seen=$("${@:3}" 2>&1)
    change dump "$tree" >after 2>&1
    if [ "$seen" != "$2" ]; then
        not_passed "$1" "expected: $2" "it is:    $seen"
    elif ! cmp -s before after; then
        not_passed "$1" "something has changed:" "$(diff before after)"
        settle
    else
        passed "$1"
    fi
}

# told NAME CODE ERROR ABOUT: what last_error says.
told() {
    like "$1" "^$2"$'\t'"$3"$'\t'"$4" "$(cat "$tree/last_error")"
}

# once ERRNO FILE VALUE...: the write of each value fails.
once() {
    refused "${*:3:1}, ... to ${2#"$tree/"} is $1" "" others "$1 ok" "${@:2}"
}

# at_close ERRNO FILE VALUE...: closing after each value fails.
at_close() {
    refused "${*:3:1}, ... to ${2#"$tree/"} is $1" "" others "[0-9]+ $1" "${@:2}"
}

# Those values whose results are others.
others() {
    change values "${@:2}" | grep -vE " - $1\$"
}

repeated() { # TEXT COUNT
    printf "$1%.0s" $(seq "$2")
}

settle
is "nothing has failed yet" "" "$(cat "$tree/last_error")"

# --- Words and values ------------------------------------------------------------------------------

no_value=('\n' '\n\n' '\x00' 'online\x00' '\x00online\n' 'online\n\n' 'online\nonline\n' "$(repeated x 4097)")
once EINVAL "$web/state" "${no_value[@]}" ONLINE on 'online ' ' online' 'online\r\n' pending failed \
    partial-online up 1 '\ufeffonline' 'online;offline'
told "and last_error says what" 0 'Invalid argument' 'write cluster .*lab.cluster groups web [-0-9a-f]* state'
once EILSEQ "$web/state" '\xff' 'online\xff\n' '\xc3' '\xed\xa0\x80' '\xc0\x80'
once EINVAL "$service/state" "${no_value[@]}" pending online-pending initializing inherited up
once EINVAL "$tree/nodes/n1/state" "${no_value[@]}" joining online Paused unknown
once EINVAL "$tree/networks/net-a/role" "${no_value[@]}" Internal both 1 'internal client'
once EINVAL "$web/owner" "${no_value[@]}" n9 'n1 ' ' n1' nodes/n1 ../n1 n1,n2 "$(repeated é 300)" %
once EILSEQ "$web/owner" 'n\xe9'
for file in "$tree/name" "$web/name" "$service/name" "$tree/networks/net-a/name"; do
    once EINVAL "$file" '\n' '\n\n' '\x00' 'a\x00b' 'a\nb' 'a\n\n' "$(repeated x 4097)"
    once EILSEQ "$file" '\xff' 'web\xf0\x9f'
done
once EEXIST "$web/name" chain chain '\x43hain\n' CHAIN
told "a name that is taken" 183 ERROR_ALREADY_EXISTS 'write'
once EEXIST "$service/name" disk DISK
once EEXIST "$tree/networks/net-a/name" net-b Net-B
once EINVAL "$web/create-resource" "${no_value[@]}" Plain 'Plain new' 'Plain\t' '\tnew' 'None\tnew' \
    'Plain \tnew' '\t' '\t\t' 'Plain\tnew\nPlain\tother'
once EILSEQ "$web/create-resource" 'Plain\t\xff'
once EEXIST "$web/create-resource" 'Plain\tdisk' 'Plain\tDISK\n'
told "a resource that is there" 5010 ERROR_OBJECT_ALREADY_EXISTS 'write .*create-resource'
once EEXIST "$tree/groups/single/create-resource" 'Single\tsecond'
at_close EINVAL "$web/preferred_order" n9 'n1\nn9' 'n1\n\nn2' '\nn1' 'n1 n2' 'n1\nn1' 'n1\r\nn2' \
    'n1\x00' 'N 1'
told "a list is told when it is closed" 0 'Invalid argument' 'close .*preferred_order'
at_close EILSEQ "$web/preferred_order" 'n1\n\xff'
at_close EINVAL "$tree/network_priority" net-a 'net-a\nnet-b\nnet-c' 'net-a\nnet-a' 'net-a\nnone' '\n' \
    'net-b\nnet-a\nnet-b'
at_close EINVAL "$service/dependency_expression" '[disk' 'disk' '[disk] and' '[disk] xor [disk]' \
    '([disk]' '[disk] [disk]' '[]' 'and' '[disk]) or ([disk]'
at_close EINVAL "$service/dependency_expression" '[nothing]' '[first]' '[service]'

# --- Properties ------------------------------------------------------------------------------------

properties=$service/properties
at_close EINVAL "$properties/Dword" '\n' -1 4294967296 0x10 '7 8' '7\n8' seven 7.0 +7 ' 7' '7 ' 99999999999999999999
at_close EINVAL "$properties/Word" 65536 -1 '\n'
at_close EINVAL "$properties/Long" 2147483648 -2147483649 '-' '\n' '--1'
at_close EINVAL "$properties/Qword" 18446744073709551616 -1 '\n'
at_close EINVAL "$properties/Int64" 9223372036854775808 -9223372036854775809 '\n'
at_close EINVAL "$properties/Filetime" yesterday 2026-13-01T00:00:00Z 2026-02-30T00:00:00Z -5 99999999999999999999 \
    2026-11-20 1600-12-31T23:59:59Z '2026-11-20T08:15:00.0000000Z x' 2026-11-20T08:15:00.00000000Z \
    2026-11-20T08:15:00.x 2026-11-20T08:15:00.0000000Zx
at_close EINVAL "$properties/Binary" 0 0g '00 ff' 0x00 '00\nff' '\xc3\xa9'
at_close EINVAL "$properties/List" 'a\n\nb' '\na' 'a\n\n' '\n\n'
at_close EINVAL "$properties/Text" 'a\x00b' '\x00'
at_close EILSEQ "$properties/Text" '\xff' 'a\xc3'
at_close EACCES "$properties/Name" other
at_close EACCES "$properties/Type" Plain
at_close EACCES "$properties/MonitorProcessId" 1
at_close EACCES "$tree/nodes/n1/properties/NodeName" n9
at_close EACCES "$tree/interfaces/n1-a/properties/Node" n2
at_close EACCES "$tree/networks/net-a/properties/Address" 10.0.0.0
told "a property that cannot be set" 5089 ERROR_RESOURCE_PROPERTY_UNCHANGEABLE 'close .*networks'
at_close ERANGE "$properties/RestartAction" 3 4294967295
at_close ERANGE "$web/properties/FailbackWindowStart" 24
told "a property is told by its name" 5913 ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS \
    'close .*groups web [-0-9a-f]* properties FailbackWindowStart$'
at_close ERANGE "$tree/networks/net-a/properties/Metric" 0
told "a number out of range" 5913 ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS close
for size in 2097153 3000000; do
    refused "$size bytes are no property" "EFBIG EFBIG" change steps "$properties/Text" WRONLY fill:$size close
done
told "too long a value" 0 'File too large' 'close .*resources'
refused "a node of a strange name" EPERM change call mkdir "\$'$tree/nodes/caf\xc3\xa9\n\xff'"
told "what it is about is one line of UTF-8" 0 'Operation not permitted' 'mkdir .* nodes name café\\n�$'
mkdir "$tree/registry/key"
printf 1 >"$tree/registry/key/.values/@"
once EINVAL "$tree/registry/key/.types/@" REG_NOTHING
told "a value is told by its name" 0 'Invalid argument' 'write .* registry key \.types @$'
rmdir "$tree/registry/key"
refused "70000 bytes are no state" "EINVAL ok" change steps "$web/state" WRONLY fill:70000 close
refused "1.1 million are none either" "EINVAL ok" change steps "$web/state" WRONLY fill:1100000 close
refused "nor a name" "EINVAL ok" change steps "$web/name" WRONLY fill:70000 close
head -c 200000 /dev/zero | tr '\0' '\n' >lines
refused "200000 empty lines are no list" "1" sh -c 'cp lines "$1" 2>/dev/null; echo $?' - "$web/preferred_order"

# --- The tools' own words --------------------------------------------------------------------------

says() { # NAME TEXT COMMAND...
    local seen status
    seen=$("${@:3}" 2>&1)
    status=$?
    refused "$1" "" true
    like "$1: it says so" "$2" "$seen"
    is "$1: and fails" yes "$([ $status != 0 ] && echo yes)"
}
echo wrong >wrong
with_open='import sys
with open(sys.argv[1], "w") as file: file.write("wrong\n")'
says echo 'Invalid argument' bash -c 'echo wrong >"$1"' - "$web/state"
says printf 'Invalid argument' bash -c 'printf wrong >"$1"' - "$web/state"
says sh 'I/O error|Invalid argument' sh -c 'echo wrong >"$1"' - "$web/state"
says tee 'Invalid argument' sh -c 'tee "$1" <wrong' - "$web/state"
says cp 'Invalid argument' cp wrong "$web/state"
says dd 'Invalid argument' dd if=wrong of="$web/state"
says 'dd of small pieces' 'Invalid argument' sh -c 'echo online | dd of="$1" bs=2' - "$web/state"
says 'dd seek' 'Invalid argument' sh -c 'echo online | dd of="$1" seek=1 bs=7 conv=notrunc' - "$web/state"
says 'dd seek in a list' 'Invalid argument' \
    sh -c 'echo n1 | dd of="$1" seek=1 bs=3 conv=notrunc' - "$web/preferred_order"
says 'cp of a list' 'Invalid argument' cp wrong "$web/preferred_order"
says 'sed -i' 'Operation not permitted' sed -i s/offline/online/ "$web/state"
says 'sed -i of a list' 'Operation not permitted' sed -i s/n1/n3/ "$web/preferred_order"
says touch 'Operation not permitted' touch "$web/state"
says 'touch of a new file' 'Operation not permitted' touch "$web/new"
says 'cp to a new file' 'Operation not permitted' cp wrong "$web/new"
says 'mv onto' 'Operation not permitted|File exists|cross-device' mv -f wrong "$web/state"
says 'install' 'Operation not permitted|File exists' install wrong "$web/state"
says 'truncate' 'Invalid argument' truncate -s 3 "$web/state"
says 'fallocate' 'Operation not supported|Bad file descriptor|not permitted' fallocate -l 100 "$web/state"
says python 'Invalid argument' "$python" -I -c "$with_open" "$web/state"
says 'python of a list' 'OSError.*Invalid argument' "$python" -I -c "$with_open" "$web/preferred_order"
says 'into a directory' 'Is a directory' bash -c 'echo x >"$1"' - "$web"
says 'below a file' 'Not a directory' bash -c 'echo x >"$1"' - "$web/state/x"
says 'what is only read' 'Permission denied' bash -c 'echo x >"$1"' - "$web/id"
says 'what is not there' 'No such file' bash -c 'echo x >"$1"' - "$tree/groups/none/state"
says 'the events' 'Permission denied' bash -c 'echo x >"$1"' - "$tree/events"
says 'last_error' 'Permission denied' bash -c 'echo x >"$1"' - "$tree/last_error"

# --- What the cluster refuses ----------------------------------------------------------------------

echo paused >"$tree/nodes/n3/state"
settle
once EAGAIN "$web/owner" n3
told "a node that is paused" 70 ERROR_SHARING_PAUSED write
once EHOSTUNREACH "$web/owner" n4
told "a node that is down" 5005 ERROR_HOST_NODE_NOT_AVAILABLE write
echo up >"$tree/nodes/n3/state"
settle
once EPERM "$tree/groups/bound/owner" n3
told "a node that is no possible owner" 5016 ERROR_HOST_NODE_NOT_GROUP_OWNER write
once EBUSY "$tree/networks/net-c/role" none
told "a network that is used" 5067 ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS write
once EBUSY "$service/state" failed
told "what is offline cannot fail" 5023 ERROR_INVALID_STATE write
at_close ELOOP "$tree/resources/first/dependency_expression" '[third]' '[second]'
told "a circle" 1059 ERROR_CIRCULAR_DEPENDENCY close
at_close EPERM "$tree/resources/witness/dependency_expression" '[core-part]'
told "a quorum resource that would need another" 5069 ERROR_DEPENDENCY_NOT_ALLOWED close
once EHOSTUNREACH "$tree/nodes/n4/state" paused drained
told "a node that is down" 5050 ERROR_CLUSTER_NODE_DOWN write
# Through the names of the tree.
in_tree() { # ERRNO CALL ARGUMENT...
    refused "${*:2} is $1" "$1" change call "${@:2}"
}
in_tree EPERM rmdir "$tree/groups/core"
told "the cluster's own group" 5026 ERROR_CORE_RESOURCE 'rmdir .* name core'
in_tree ENOTEMPTY rmdir "$web"
told "a group that is not empty" 145 ERROR_DIR_NOT_EMPTY 'rmdir .* name web'
in_tree EBUSY rmdir "$tree/resources/first"
told "what others need" 5001 ERROR_DEPENDENT_RESOURCE_EXISTS 'rmdir .* name first'
in_tree EPERM unlink "$web/state"
in_tree EINVAL mkdir "$tree/groups/%41"
in_tree ENAMETOOLONG mkdir "$tree/groups/$(repeated x 256)"
in_tree ENOENT rmdir "$tree/groups/none"
in_tree EEXIST mkdir "$web"

# A chain as long as it may be, and one link more.
for i in {0..101}; do
    printf 'Plain\tlink %d\n' "$i" >>"$tree/groups/empty/create-resource"
    [ "$i" = 0 ] || [ "$i" = 101 ] ||
        echo "[link $((i - 1))]" >"$tree/resources/link $i/dependency_expression"
done
settle
at_close EMLINK "$tree/resources/link 101/dependency_expression" '[link 100]'
told "a chain that is too long" 5929 ERROR_DEPENDENCY_TREE_TOO_COMPLEX close
for i in {101..0}; do
    rmdir "$tree/resources/link $i"
done

# --- Objects that go -------------------------------------------------------------------------------

gone() { # NAME EXPECTED FILE STEP...
    mkdir "$tree/groups/short"
    is "$1" "$2" "$(change steps "$tree/groups/short/$3" RDWR "${@:4}")"
    [ ! -e "$tree/groups/short" ] || rmdir "$tree/groups/short"
}
gone "writing to what was deleted" "ok ENODEV ENODEV ok" state "remove:$tree/groups/short" \
    'write:online\n' read:100 close
told "and last_error says so" 5012 ERROR_GROUP_NOT_AVAILABLE write
gone "a list of what was deleted" "3 ok ENODEV" preferred_order 'write:n1\n' \
    "remove:$tree/groups/short" close
gone "a property of what was deleted" "2 ok ENODEV" properties/Description 'write:x\n' \
    "remove:$tree/groups/short" close
gone "another of that name is another" "ok ok ENODEV 'offline\n' ok" state \
    "remove:$tree/groups/short" "make:$tree/groups/short" 'write:online\n' \
    "show:$tree/groups/short/state" close
gone "renaming keeps it" "ok 8 ok ok" state "rename:$tree/groups/short=$tree/groups/renamed" \
    'write:offline\n' "rename:$tree/groups/renamed=$tree/groups/short" close

# What is pending, and what is online.
echo online >"$tree/groups/slow/state"
is "what takes time is under way" pending "$(cat "$tree/groups/slow/state")"
echo online >"$web/state"
settle
once EBUSY "$tree/groups/slow/state" offline
told "a group that is pending" 5023 ERROR_INVALID_STATE write
once EBUSY "$tree/groups/slow/owner" n2
in_tree EBUSY rmdir "$service"
told "a resource that is online" 5023 ERROR_INVALID_STATE 'rmdir .*service'
echo drained >"$tree/nodes/n1/state"
settle
once EALREADY "$tree/nodes/n1/state" drained
told "a drain that is under way" 5962 ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS write
ok "last_error is one line" test "$(wc -l <"$tree/last_error")" = 1
is "of its exact size" "$(wc -c <"$tree/last_error")" "$(stat -c %s "$tree/last_error")"
stop_daemon
ok "the file is whole" "$FSCK" lab.cluster

# --- A file that is locked -------------------------------------------------------------------------

make_cluster busy.cluster "$tests/lab.cluster"
start_daemon -o timeout=1 "$work/busy.cluster"
settle
"$python" -I -c '
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
time.sleep(60)' "$work/busy.cluster" "$work/locked" &
locker=$!
wait_until 10 test -e locked
once ETIMEDOUT "$web/state" online
told "a file that is locked" 1460 ERROR_TIMEOUT write
at_close ETIMEDOUT "$web/properties/Description" late
told "and when closing" 1460 ERROR_TIMEOUT close
kill "$locker"
wait "$locker" 2>/dev/null
sleep 1
refused "and nothing comes later" "" true
echo online >"$web/state"
is "then it works" online "$(cat "$web/state")"
stop_daemon

# --- Who may write ---------------------------------------------------------------------------------

# Others may not reach the tests' own directory.
cp "$tests/change.py" "$work/"
tests=$work
# as USER COMMAND...
as() {
    setpriv --reuid "$1" --regid "$1" --clear-groups --no-new-privs -- "${@:2}"
}
change_as() {
    as "$1" "$python" -I -B "$tests/change.py" "${@:2}"
}
# Every call that changes something, with a result for each.
all_calls() { # USER
    change_as "$1" steps "$web/state" WRONLY 'write:online\n'
    change_as "$1" steps "$web/preferred_order" 'WRONLY|TRUNC' 'write:n2\n' close
    change_as "$1" steps "$web/create-resource" 'WRONLY|APPEND' 'write:Plain\tnew\n' close
    change_as "$1" steps "$service/properties/Text" RDWR 'write:x' close
    change_as "$1" call truncate "$web/state" 0
    change_as "$1" call mkdir "$tree/groups/new"
    change_as "$1" call rmdir "$tree/groups/empty"
    change_as "$1" call rename "$tree/groups/web" "$tree/groups/other"
    change_as "$1" call rename "$web/resources/disk" "$tree/groups/empty/resources/disk"
    change_as "$1" call symlink ../../../nodes/n3 "$web/preferred_owners/n3"
    change_as "$1" call unlink "$web/preferred_owners/n1"
}
refused_all() { # NAME ERRNO USER
    refused "$1" "$2" eval "all_calls $3 | sort -u"
}

make_cluster mine.cluster "$DEFINITION"
start_daemon -o allow_other "$work/mine.cluster"
settle
refused_all "another user changes nothing" EACCES 4711
is "and may read that nothing of his failed" "" "$(as 4711 cat "$tree/last_error")"
stop_daemon

start_daemon -o allow_other,uid=4711,gid=4711 "$work/mine.cluster"
as 4711 bash -c 'echo wrong >"$1"' - "$web/state" 2>/dev/null
as 4711 bash -c 'echo n4 >"$1"' - "$web/owner" 2>/dev/null
change call rmdir "$web" >/dev/null
like "the owner's last error is his" '^5005'$'\t' "$(as 4711 cat "$tree/last_error")"
like "root's is root's" '^145'$'\t' "$(cat "$tree/last_error")"
is "and another has none" "" "$(as 4712 cat "$tree/last_error")"
size_for() {
    sleep 0.05
    as "$1" stat -c %s "$tree/last_error"
}
is "each has its size" "$(as 4711 cat "$tree/last_error" | wc -c) $(wc -c <"$tree/last_error") 0" \
    "$(size_for 4711) $(size_for 0) $(size_for 4712)"
settle
refused_all "another than the owner changes nothing" EACCES 4712
as 4711 bash -c 'echo online >"$1"' - "$web/state"
is "the owner does" online "$(cat "$web/state")"
is "and makes groups" ok "$(change_as 4711 call mkdir "$tree/groups/his")"
is "and deletes them" ok "$(change_as 4711 call rmdir "$tree/groups/his")"
stop_daemon

start_daemon -o allow_other,uid=4711,gid=4711,umask=0222 "$work/mine.cluster"
settle
refused_all "umask takes the owner's right to write" EACCES 4711
stop_daemon
start_daemon -o allow_other,umask=0077 "$work/mine.cluster"
settle
refused_all "umask shuts others out" EACCES 4711
stop_daemon

start_daemon -o ro "$work/mine.cluster"
settle
refused_all "nothing changes on a mount that is ro" EROFS 0
is "and nothing is said to have failed" "" "$(cat "$tree/last_error")"
stop_daemon

mkdir still
mount -t tmpfs still still
cp mine.cluster still/
mount -o remount,ro still
start_daemon "$work/still/mine.cluster"
settle
is "a file that cannot be written grants reading" read "$(cat "$tree/access")"
is "nothing of it is writable" "" "$(find "$tree" ! -type l -perm /222)"
refused_all "and nothing changes" EACCES 0
stop_daemon
umount still

# --- Every code of the table -----------------------------------------------------------------------

cat >clusters.conf <<END_OF_CONF
[lab]
backend=hostile
address=$work/mine.cluster
control=$work/orders
END_OF_CONF
start_daemon none
# The names of codes are no complaints.
suspicious=${suspicious/assertion|} suspicious=${suspicious/corrupt|}
settle
for way in write close mkdir; do
    seen=$(change codes $way "$MANUAL" "$HEADER" "$tree" "$work/orders")
    like "every code of the manual, as $way tells it" '^[0-9]+ codes$' "$seen"
    below "they are many" -60 "-${seen% codes}"
done
refused "and nothing has changed" "" true
finish
