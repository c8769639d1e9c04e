#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The figures of the back end for Pacemaker, on a laboratory of real nodes; called by `run --pacemaker
# [PART...]`, which builds. Parts: small (10 groups), and of 300 groups state, tree, told, rest.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../pacemaker/lab.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/row.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/hello.sh"
tests=$(cd "$(dirname "$0")/../pacemaker" && pwd)

nodes=1
lab_deadline=300
tree=/run/clusters/lab
programs=$work/build/tests/bench

# make_groups FIRST LAST: of two resources each, which nobody monitors.
make_groups() {
    awk -v first="$1" -v last="$2" 'BEGIN {
        print "<resources>"
        for (i = first; i <= last; i++) {
            printf "<group id=\"group-%03d\">", i
            for (j = 1; j <= 2; j++)
                printf "<primitive id=\"resource-%03d-%d\" class=\"ocf\" provider=\"lab\" type=\"Puppet\"/>", i, j
            print "</group>"
        }
        print "</resources>"
    }'
}

make_configuration() {
    make_groups 1 10
    echo "<constraints/>"
}

# Whatever runs here and on the nodes, and will be started.
pin() { # CPUS
    local process
    for process in /proc/[0-9]*; do
        taskset -apc "$1" "${process#/proc/}" >/dev/null 2>&1
    done
}

unpin() {
    pin "0-$(($(nproc --all) - 1))"
}

# The mount of node 1 anew: it knows nothing yet, and how many processors there are for it.
mount_again() {
    stop_daemon_of 1 clusfs >/dev/null
    mount_node 1
}

# Processor time in nanoseconds, context switches, and bytes of memory: of a daemon of node 1.
processor_time() {
    awk -v tick="$(getconf CLK_TCK)" '{print ($14 + $15) * 1e9 / tick}' "$(node_path 1 "/proc/$1/stat")"
}

switches() {
    cat "$(node_path 1 "/proc/$1/task")"/*/status | awk '/ctxt_switches/ {n += $2} END {print n}'
}

memory() {
    awk '/^Pss:/ {print $2 * 1024}' "$(node_path 1 "/proc/$1/smaps_rollup")"
}

bench_state() { # GROUPS GROUP REACH
    pin 0
    mount_again
    row "state of a group of $1, open-read-close / crm_resource --locate" \
        "$(node_exec 1 "$programs/bench" file "$tree/groups/$2/state" 1000)" \
        "$(node_exec 1 "$programs/bench" process 15 crm_resource --resource "$2" --locate)" "$3"
    unpin
}

# read_all TIMES DIRECTORY...: how long it takes to read all files in them, by two programs.
read_all() {
    node_exec 1 "$programs/bench" process "$1" sh -c 'find "$@" -type f -exec cat {} + >/dev/null' - "${@:2}"
}

# read_hello COUNT: the one file of libfuse's example, so many times.
read_hello() {
    "$programs/bench" process 3 sh -c 'yes "$1" | head -n "$2" | xargs cat >/dev/null' - "$work/hello/hello" "$1"
}

# First by a mount that knows nothing yet. What find and cat take themselves a copy in memory shows, and what
# any file system in user space would take libfuse's example.
bench_tree() {
    local once count hello parts=("$tree"/{groups,resources,nodes,networks,interfaces,types})
    node_exec 1 sh -c 'mkdir /run/copy && cp -r "$@" /run/copy/' - "${parts[@]}"
    count=$(node_exec 1 find "${parts[@]}" -type f | wc -l)
    build_hello
    mkdir hello
    "$work/hello_ll" -f -s "$work/hello" &
    hello=$!
    wait_until 10 test -e hello/hello
    pin 0
    once=$(node_exec 1 "$programs/bench" process 9 crm_mon -1 --output-as=xml)
    mount_again
    row "find and cat of $count files, again / crm_mon -1 xml" \
        "$(read_all 3 "${parts[@]}")" "$once" 3
    mount_again
    row "the same, first time / crm_mon -1 xml" "$(read_all 1 "${parts[@]}")" "$once" 3
    row "  a copy of them in a tmpfs / crm_mon -1 xml" "$(read_all 3 /run/copy)" "$once" -
    row "  cat of as many of libfuse's hello_ll / crm_mon -1 xml" "$(read_hello "$count")" "$once" -
    umount hello
    wait "$hello"
    mount_again
    row "the same with registry/, $(node_exec 1 find "$tree" -type f | wc -l) files / crm_mon -1 xml" \
        "$(read_all 2 "$tree")" "$once" 3
    unpin
    mount_again
    once=$(node_exec 1 "$programs/bench" process 9 crm_mon -1 --output-as=xml)
    row "the same without registry/, nothing pinned / crm_mon -1 xml" "$(read_all 3 "${parts[@]}")" "$once" -
}

# The median of what the service says of the models that it published since line $1 of its log.
gathering() {
    tail -n "+$(($1 + 1))" "$work/n1/log/clusapid.log" |
        sed -n "s/.*gathered for \([0-9]*\) us.*/\1000/p" | sort -n | awk '{t[NR] = $1} END {print t[int((NR + 1) / 2)] + 0}'
}

# told WHAT FILE PATH RESOURCE ID ATTRIBUTE VALUE VALUE
told() {
    local ours theirs apart before
    before=$(wc -l <"$work/n1/log/clusapid.log")
    read -r ours theirs < <(node_exec 1 "$programs/bench" told "$tree/$2" 11 "$programs/bench-cib" "$3" "@id='$5'" \
        "$4" "$6" "$7" "$8")
    apart=$(gathering "$before")
    row "$1 / a program on libcib" "$((${ours%.*} - apart))" "$theirs" 1.5
    row "  the same with the gathering of differences (median $((apart / 1000000)) ms)" "$ours" "$theirs" -
}

bench_told() {
    told "a setting by crm_resource until poll on events wakes" groups/group-150/events \
        /cib/configuration group-150 group-150 priority 1 2
    told "a stop or start by crm_resource until poll on state wakes" groups/group-151/state \
        /cib/status group-151 resource-151-1 target-role Stopped Started
}

bench_rest() {
    local service based time count
    settle 60
    sleep 8
    service=$(node_pid 1 clusapid)
    based=$(node_pid 1 pacemaker-based)
    row "memory (PSS) of clusapid / of pacemaker-based" "$(memory "$service")" "$(memory "$based")" 2
    time=$(processor_time "$service")
    count=$(switches "$service")
    sleep 20
    row "processor time of clusapid at rest / 20 seconds" \
        "$(($(processor_time "$service") - time))" 20000000000 0
    row "its context switches / each second of them" "$(($(switches "$service") - count))" 20 -
}

# All 300, started.
grow() {
    make_groups 11 300 >groups.xml
    node_exec 1 cibadmin --modify --allow-create --scope resources --xml-file "$work/groups.xml" ||
        lab_fail "no more groups" ""
    wait_until 200 all_started || lab_fail "not all is started" "$(node_exec 1 crm_mon -1 | tail -n 20)"
    settle 60
}

all_started() {
    sleep 1
    [ "$(referee 1 status | grep -c '<resource id="resource-.*role="Started"')" = 600 ]
}

parts=${*:-small state tree told rest}
make_configuration >configuration.xml
lab_start "$nodes" "$work/configuration.xml"
settle 60
export G_MESSAGES_DEBUG=clusapi
serve
echo "# load: $(cat /proc/loadavg)"
rows_begin
for part in $parts; do
    case $part in
    small) bench_state 10 group-005 0.01 ;;
    *)
        [ -e groups.xml ] || grow
        case $part in
        state) bench_state 300 group-150 0.001 ;;
        *) "bench_$part" ;;
        esac
        ;;
    esac
done
echo "# $nodes node on $(nproc --all) cores; state and tree pinned to one, but where told; groups of two resources each, all started, none monitored; load: $(cat /proc/loadavg)"
