#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writing to files: what every tool does to every file that can be written, what is refused, with
# which errno, and that nothing has changed then; and what last_error tells to whom.
. "$(dirname "$0")/lib.sh"

export CLUSAPI_NODE=n1
make_cluster lab.cluster "$tests/lab.cluster"
start_daemon "$work/lab.cluster"
tree=$mountpoint/lab
web=$tree/groups/web service=$tree/resources/service

change() {
    "$python" -I -B "$tests/change.py" "$@"
}

# --- Every way to write, and every file ------------------------------------------------------------

# write_by WAY FILE VALUE: as a user would. VALUE may have several lines.
write_by() {
    printf '%s\n' "$3" >value
    case $1 in
    echo) echo "$3" >"$2" ;;
    printf) printf '%s' "$3" >"$2" ;;
    'sh -c') sh -c 'echo "$2" > "$1"' - "$2" "$3" ;;
    'no truncation') echo "$3" 1<>"$2" ;;
    tee) tee "$2" <value >/dev/null ;;
    cat) cat value >"$2" ;;
    cp) cp value "$2" ;;
    dd) dd if=value of="$2" status=none ;;
    'dd conv=notrunc') dd if=value of="$2" conv=notrunc status=none ;;
    'dd bs=1M conv=fsync') dd if=value of="$2" bs=1M conv=fsync status=none ;;
    'sed w') sed -n "w $2" value ;;
    awk) awk -v file="$2" '{ text = text $0 "\n" } END { printf "%s", text > file }' value ;;
    perl) perl -e 'open my $f, ">", shift or die; print $f shift; close $f or die' "$2" "$3" ;;
    python) change call buffered "$2" "$3" >result && grep -qx ok result ;;
    'python unbuffered') change call unbuffered "$2" "$3" >result && grep -qx ok result ;;
    esac
}
ways=(echo printf 'sh -c' 'no truncation' tee cat cp dd 'dd conv=notrunc' 'dd bs=1M conv=fsync'
    'sed w' awk perl python 'python unbuffered')

# every_way FILE ONE OTHER [SHOWN-ONE SHOWN-OTHER]: writes the two values in turn.
every_way() {
    local file=$1 way value shown wrong=
    local values=("$2" "$3") shows=("${4-$2}" "${5-$3}")
    local i=0
    for way in "${ways[@]}"; do
        value=${values[i % 2]} shown=${shows[i % 2]}
        write_by "$way" "$file" "$value" 2>write.log || wrong+="$way fails: $(cat write.log)"$'\n'
        [ "$(cat "$file")" = "$shown" ] || wrong+="$way: it is '$(cat "$file")'"$'\n'
        i=$((i + 1))
    done
    is "every way to write ${file#"$tree/"}" "" "$wrong"
}

id_of() {
    cat "$tree/resources/$1/id"
}

every_way "$web/state" online offline
every_way "$web/owner" n2 n1
every_way "$service/state" online offline
every_way "$tree/nodes/n3/state" paused up
every_way "$tree/networks/net-b/role" internal-and-client none
every_way "$web/preferred_order" $'n3\nn1' n2
every_way "$tree/network_priority" $'net-b\nnet-a' $'net-a\nnet-b'
echo 'wide / 100%' >"$tree/networks/net-a/name"
printf '%0300d' 0 >"$tree/networks/net-b/name"
mapfile -t networks <"$tree/network_priority"
is "a list has file names" "2 wide %2F 100%25" "${#networks[@]} ${networks[1]}"
every_way "$tree/network_priority" "${networks[1]}"$'\n'"${networks[0]}" \
    "${networks[0]}"$'\n'"${networks[1]}"
echo net-a >"$tree/networks/${networks[1]}/name"
echo net-b >"$tree/networks/${networks[0]}/name"
every_way "$service/dependency_expression" "[disk]" "([disk])" "[$(id_of disk)]" "[$(id_of disk)]"
every_way "$service/properties/Text" "one line" $'several\n\tlines, \u00e9 \U0001d11e'
every_way "$service/properties/Dword" 0 4294967295
every_way "$service/properties/List" $'a\nb c\nd' e
every_way "$web/properties/Description" 'A shop' -
every_way "$tree/properties/Description" 'one' 'two'
every_way "$tree/types/Plain/properties/Description" 'one' 'two'
every_way "$tree/nodes/n1/properties/Description" 'one' 'two'
every_way "$tree/networks/net-a/properties/Description" 'one' 'two'
every_way "$tree/interfaces/n1-a/properties/Description" 'one' 'two'

renamed=
for way in "${ways[@]}"; do
    for collection in groups resources networks; do
        case $collection in groups) old=web ;; resources) old=service ;; networks) old=net-a ;; esac
        write_by "$way" "$tree/$collection/$old/name" "by $way" 2>write.log ||
            renamed+="$way fails: $(cat write.log)"$'\n'
        [ "$(cat "$tree/$collection/by $way/name")" = "by $way" ] &&
            [ ! -e "$tree/$collection/$old" ] || renamed+="$way of $collection"$'\n'
        echo "$old" >"$tree/$collection/by $way/name" || renamed+="$way back"$'\n'
    done
    write_by "$way" "$web/create-resource" $'Plain\tmade by '"$way" 2>write.log ||
        renamed+="$way fails to create: $(cat write.log)"$'\n'
    [ "$(cat "$tree/resources/made by $way/type")" = Plain ] &&
        [ -L "$web/resources/made by $way" ] || renamed+="$way creates nothing"$'\n'
    rmdir "$tree/resources/made by $way" || renamed+="$way: rmdir"$'\n'
done
is "every way to write names and create-resource" "" "$renamed"
# Some have put the cluster back by themselves.
for name in one two lab; do
    echo "$name" >"$tree/name"
    is "the cluster is renamed" "$name" "$(cat "$tree/name")"
done

# A write that appends is a value as well, where one write is one value.
echo online >>"$web/state"
is "echo online >> state" online "$(cat "$web/state")"
echo offline | tee -a "$web/state" >/dev/null
is "tee -a" offline "$(cat "$web/state")"
{ echo online && echo offline && echo online; } >>"$web/state"
is "each of several that append" online "$(cat "$web/state")"
echo offline >"$web/state"
is "but a list is not continued" "ok EINVAL EINVAL" \
    "ok $(change steps "$web/preferred_order" 'WRONLY|APPEND' 'write:n1\n' close)"
printf '%s\n' $'Plain\tone of two' $'Plain\ttwo of two' | while IFS= read -r line; do
    printf '%s\n' "$line"
done >>"$web/create-resource"
is "several resources, appended" "one of two two of two" \
    "$(cd "$tree/resources" && echo *' of two')"
rmdir "$tree/resources/"*' of two'

# --- The same file, open -------------------------------------------------------------------------

steps() { # NAME EXPECTED FILE FLAGS STEP...
    is "$1" "$2" "$(change steps "${@:3}")"
}
steps "read, then write from the start" "'offline\n' 0 7 0 'online\n' ok" \
    "$web/state" RDWR read:100 seek:0 'write:online\n' seek:0 read:100 close
steps "write where reading ended" "'online\n' EINVAL ok" \
    "$web/state" RDWR read:100 'write:offline\n' close
steps "several values, each from the start" "8 0 7 0 8 ok" \
    "$web/state" WRONLY 'write:offline\n' seek:0 'write:online\n' seek:0 'write:offline\n' close
steps "pwrite elsewhere" "EINVAL EINVAL ok" "$web/state" WRONLY 'pwrite:1:online' 'pwrite:8:online' \
    close
steps "pwrite at the start" "6 ok" "$web/state" WRONLY 'pwrite:0:online' close
is "has come" online "$(cat "$web/state")"
steps "to cut to nothing does nothing" "ok 'online\n' ok" "$web/state" 'RDWR|TRUNC' cut:0 \
    "show:$web/state" close
steps "to cut to something is refused" "EINVAL ok" "$web/state" RDWR cut:3 close
steps "and to grow" "EINVAL ok" "$web/state" RDWR cut:100 close
is "truncate(2)" "ok EINVAL" \
    "$(change call truncate "$web/state" 0) $(change call truncate "$web/state" 5)"
steps "fsync is well" "8 ok ok" "$web/state" 'WRONLY|SYNC' 'write:offline\n' sync: close
steps "a reader in the middle keeps its text" "'off' ok 'line\n' 0 'online\n' ok" \
    "$web/state" RDONLY read:3 "put:$web/state=online" read:100 seek:0 read:100 close
: >"$web/state"
is "a shell that only cuts" online "$(cat "$web/state")"
echo offline >"$web/state"

list=$web/preferred_order
echo n1 >"$list"
steps "a list is stored at close" "3 3 'n1\n' ok 'n2\nn3\n'" "$list" WRONLY 'write:n2\n' \
    'write:n3\n' "show:$list" close "show:$list"
steps "pieces of any size" "1 1 1 1 1 'n2\nn3\n' ok 'n3\nn1\n'" "$list" 'WRONLY|TRUNC' write:n write:3 \
    'write:\n' write:n write:1 "show:$list" close "show:$list"
steps "a list that was read first, from the start" "'n3\nn1\n' 0 3 ok 'n2\n'" "$list" RDWR \
    read:100 seek:0 'write:n2\n' close "show:$list"
steps "a piece elsewhere spoils it, and close tells" "3 EINVAL EINVAL 'n2\n'" "$list" WRONLY \
    'write:n3\n' 'pwrite:7:n1\n' close "show:$list"
steps "a piece that comes twice" "3 EINVAL EINVAL 'n2\n'" "$list" WRONLY 'write:n3\n' \
    'pwrite:0:n1\n' close "show:$list"
steps "to begin anew after that" "3 EINVAL 2 ok 'n1\n'" "$list" WRONLY 'write:n3\n' 'pwrite:9:x' \
    'pwrite:0:n1' close "show:$list"
steps "to cut drops what was gathered" "3 ok 'n1\n' 0 3 ok 'n3\n'" "$list" WRONLY 'write:n2\n' cut:0 \
    "show:$list" seek:0 'write:n3\n' close "show:$list"
steps "a wrong list is told by close" "3 5 EINVAL 'n3\n'" "$list" WRONLY 'write:n2\n' 'write:none\n' \
    close "show:$list"
steps "other descriptors close first" "3 0 'n2\n' 3 0 'n2\nn1\n' ok 'n2\nn1\n'" "$list" WRONLY 'write:n2\n' \
    branch: "show:$list" 'write:n1\n' branch: "show:$list" close "show:$list"
{ /bin/echo n1 && /bin/echo n3; } >"$list"
is "two programs write one list" $'n1\nn3' "$(cat "$list")"
steps "a second value after the first was stored" "3 0 2 ok 'n3\n'" "$list" WRONLY 'write:n2\n' \
    branch: 'pwrite:0:n3' close "show:$list"
echo >"$list"
is "an empty line empties a list" "" "$(cat "$list")"
is "and its directory" "" "$(ls "$web/preferred_owners")"
printf 'n1\nn2' >"$list"

# --- Long values ---------------------------------------------------------------------------------

text=$service/properties/Text
head -c 60000 /dev/zero | tr '\0' a | sed 's/a\{99\}/&\n/g' >long
for bytes in 5000 60000; do
    head -c $bytes long >part
    for size in 1 7 4096; do
        [ $((bytes / size)) -gt 9000 ] && continue
        ok "$bytes bytes in pieces of $size" dd if=part of="$text" bs=$size status=none
        ok "are there" cmp part <(head -c $bytes "$text")
    done
done
printf '%s' "$(cat long)" >"$text"
is "a shell writes them in its own pieces" "$(cat long)" "$(cat "$text")"
echo kept >"$text"
steps "half of a long value is not stored" "ok 'kept\n' ok ok 'kept\n'" "$text" WRONLY fill:300000 \
    "show:$text" cut:0 close "show:$text"
for bytes in 65536 1048576; do
    is "$bytes bytes fit" "ok ok" "$(change steps "$text" WRONLY fill:$bytes close)"
    is "and are all there" $((bytes + 1)) "$(wc -c <"$text")"
done
echo kept >"$text"
is "2 MiB and one are too long, and close says so" "EFBIG EFBIG" \
    "$(change steps "$text" WRONLY fill:2097153 close)"
is "and nothing of it is stored" kept "$(cat "$text")"
stop_daemon

# --- What is read can be written -----------------------------------------------------------------

make_cluster demo.cluster
start_daemon "$work/demo.cluster"
tree=$mountpoint/demo
change dump "$tree" >before
change again "$tree" >again
like "every property is written as it was read, or is read-only" '^[0-9]+ written, [0-9]+ read-only$' \
    "$(cat again)"
below "many of them" -300 "-$(cut -d' ' -f1 again)"
change dump "$tree" >after
same "and nothing has changed" before after
finish
