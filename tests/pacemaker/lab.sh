# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced first by every test that needs a Pacemaker cluster: a laboratory of real nodes on this machine,
# each in namespaces of its own, with Corosync, Pacemaker, clusapid and a mount, two links, and
# cables and switches that can be cut. As with ../fs/lib.sh the script runs itself again as the first
# process of namespaces of its own, here of a network too, and the nodes are inside of these: whatever
# happens to the script, none of them outlives it. What the machine has in /etc/corosync, /var/lib/pacemaker
# or /run is neither read nor changed.
#
# The build says where CLUSAPID and CLUSAPI_BUILD are, besides what ../fs/lib.sh needs. With LAB_KEEP, a
# directory, all logs of the nodes, and what crashed, are there at the end.
if [ -z "${CLUSAPI_LAB:-}" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "1..0 # SKIP a cluster of its own needs root"
        exit 0
    fi
    for program in corosync pacemakerd cibadmin crm_resource ip; do
        if ! command -v "$program" >/dev/null; then
            echo "1..0 # SKIP there is no $program"
            exit 0
        fi
    done
    CLUSAPI_LAB=yes exec unshare --net -- "$BASH" "$0" "$@"
fi
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../pacemaker/referee.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../fs/lib.sh"

lab_size=0
lab_deadline=20
# Milliseconds without a word after which a node counts as lost; shorter ones make it flap.
lab_token=${LAB_TOKEN:-800}
declare -a lab_node

# Nothing ever comes of it: to wait for that takes no process.
exec {never}<> <(:)

# wait_until SECONDS COMMAND...: as in ../fs/lib.sh, but what is asked costs more here, and several
# laboratories may share the machine.
wait_until() {
    local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000 * slowness)) pause=0.02
    shift
    until "$@" >/dev/null 2>&1; do
        [ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || return 1
        read -r -t "$pause" -u "$never"
        case $pause in
        0.02) pause=0.04 ;;
        *) pause=0.08 ;;
        esac
    done
}

if [ -n "${LAB_KEEP:-}" ]; then
    ulimit -c unlimited
    trap 'mkdir -p "$LAB_KEEP" && cp -a "$work"/n? "$work"/*.log "$LAB_KEEP"' EXIT
fi

# --- The cluster -----------------------------------------------------------------------------------

lab_corosync_conf() {
    local i
    cat <<END
totem {
  version: 2
  cluster_name: lab
  transport: knet
  link_mode: passive
  token: $lab_token
  token_coefficient: 0
  crypto_cipher: none
  crypto_hash: none
}
quorum {
  provider: corosync_votequorum
  ${lab_device:-}
}
system {
  sched_rr: no
  move_to_root_cgroup: no
}
logging {
  to_logfile: yes
  logfile: /var/log/corosync/corosync.log
  to_syslog: no
  timestamp: hires
}
nodelist {
END
    for ((i = 1; i <= lab_size; i++)); do
        cat <<END
  node {
    nodeid: $i
    name: n$i
    ring0_addr: 10.71.0.$i
    ring1_addr: 10.72.0.$i
  }
END
    done
    echo "}"
}

# Without the short delay the first choice of a coordinator takes twenty seconds.
lab_cib() { # [CONFIGURATION]: a file with the elements resources and constraints
    cat <<END
<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="cib-bootstrap-options">
        <nvpair id="option-stonith" name="stonith-enabled" value="false"/>
        <nvpair id="option-dc-deadtime" name="dc-deadtime" value="2s"/>
        <nvpair id="option-name" name="cluster-name" value="lab"/>
      </cluster_property_set>
    </crm_config>
    <nodes/>
    $(if [ -n "${1:-}" ]; then cat "$1"; else echo "<resources/><constraints/>"; fi)
  </configuration>
  <status/>
</cib>
END
}

lab_make_disk() { # I [CONFIGURATION]
    local disk=$work/n$1
    mkdir -p "$disk"/{etc-corosync,lib-corosync,lib-pacemaker/{cib,cores,blackbox,pengine}} \
        "$disk"/log/{corosync,pacemaker,crmsh}
    lab_corosync_conf >"$disk/etc-corosync/corosync.conf"
    lab_cib "${2:-}" >"$disk/lib-pacemaker/cib/cib.xml"
    chmod -R o= "$disk/lib-pacemaker"
    chmod 770 "$disk/log/pacemaker"
    chmod 600 "$disk/lib-pacemaker/cib/cib.xml"
    chown -R hacluster:haclient "$disk/lib-pacemaker" "$disk/log/pacemaker"
}

# The agents of the tests beside those of the machine, and the build for who is not root.
lab_prepare() {
    local provider
    mkdir -p "$work"/{agents/lab,build}
    for provider in /usr/lib/ocf/resource.d/*/; do
        provider=$(basename "$provider")
        mkdir -p "$work/agents/$provider"
        mount --bind "/usr/lib/ocf/resource.d/$provider" "$work/agents/$provider" || return
    done
    mount --bind "$tests/agents" "$work/agents/lab" &&
        mount --rbind "$work/agents" /usr/lib/ocf/resource.d &&
        mount --bind "$CLUSAPI_BUILD" "$work/build"
}

lab_switches() {
    local link
    ip link set lo up
    for link in 0 1; do
        ip link add "switch$link" type bridge && ip link set "switch$link" up || return
    done
}

# lab_start N [CONFIGURATION]: makes a cluster of N nodes and waits until all of them are online.
lab_start() {
    local i begun
    begun=$(milliseconds)
    lab_size=$1
    { lab_prepare && lab_switches; } >lab.log 2>&1 || lab_fail "no agents or switches" "$(cat lab.log)"
    for ((i = 1; i <= lab_size; i++)); do
        lab_make_disk "$i" "${2:-}"
        boot "$i"
    done
    wait_until 60 all_online || lab_fail "not all nodes are online" "$(node_exec 1 crm_mon -1 2>&1)"
    echo "# $lab_size nodes are online after $(($(milliseconds) - begun)) ms"
}

# It is told of wherever output goes just then.
exec {lab_output}>&1

lab_fail() { # WHAT DETAIL
    {
        printf '%s\n' "$2" | sed 's/^/# /'
        echo "Bail out! $1"
    } >&"$lab_output"
    exit 1
}

# --- Nodes -----------------------------------------------------------------------------------------

# boot I: gives it power. The node is not online yet when this returns.
boot() {
    local i=$1 parent
    unshare --mount --uts --ipc --net --pid --fork --kill-child -- \
        "$BASH" "$tests/node.sh" init "$i" "$work/n$i" >>"$work/n$i/log/console" 2>&1 </dev/null &
    parent=$!
    disown "$parent"
    lab_attach "$i" "$parent" "$work/n$i/log/console"
}

# lab_attach I PARENT CONSOLE: the only child of PARENT is the node's first process; it gets its cables.
lab_attach() {
    local i=$1 link
    [ -n "${referee:-}" ] || start_referee
    wait_until 5 lab_has_child "$2" || lab_fail "node $i has no first process" "$(cat "$3")"
    lab_node[i]=$(pgrep -P "$2")
    for link in 0 1; do
        ip link add "n${i}l$link" type veth peer name "eth$link" netns "${lab_node[i]}" &&
            ip link set "n${i}l$link" master "switch$link" up ||
            lab_fail "node $i has no link $link" ""
    done
}

lab_has_child() {
    pgrep -P "$1"
}

is_running() { # I
    [ -n "${lab_node[$1]:-}" ]
}

# cut_power I: it is gone at once, with all that it has not written to its disk.
cut_power() {
    local i=$1 link
    is_running "$i" || return 0
    kill -KILL "${lab_node[i]}"
    wait_until 10 is_gone "${lab_node[i]}" || lab_fail "node $i does not end" ""
    lab_node[i]=
    for link in 0 1; do
        # The kernel takes it away too, but later.
        ip link delete "n${i}l$link" 2>/dev/null
    done
    return 0
}

# stop_node I: shuts it down in order.
stop_node() {
    lab_deadline=60 node_exec "$1" "$BASH" "$tests/node.sh" shutdown &&
        cut_power "$1"
}

# start_engine I: Corosync and Pacemaker again, after they were killed.
start_engine() {
    node_exec "$1" "$BASH" "$tests/node.sh" engine
}

# All parts of Pacemaker run on node I, which sees itself online.
is_whole() {
    # shellcheck disable=SC2016
    node_exec "$1" sh -c 'for part; do pidof "pacemaker-$part" || exit; done' - \
        based fenced execd attrd schedulerd controld || return
    [[ " $(lab_deadline=3 referee "$1" online) " == *" n$1 "* ]]
}

# replace_pacemaker I: waits until Pacemaker has replaced a part of it that was killed, and those that
# ended with it. When Corosync has no time for it just then, Pacemaker 2.1.5 waits for that for good, or
# it misses that of several that end at once; without one of them it ends itself later. Then it is
# started anew.
replace_pacemaker() {
    local part
    sleep 0.5
    wait_until 5 is_whole "$1" && return
    echo "# Pacemaker of node $1 is started anew"
    for part in pacemakerd pacemaker-{based,fenced,execd,attrd,schedulerd,controld}; do
        node_kill "$1" KILL "$part"
    done
    start_engine "$1"
    wait_until 20 is_whole "$1"
}

# node_exec I COMMAND...: runs it on a node, for $lab_deadline seconds at most.
node_exec() {
    local i=$1
    shift
    if ! is_running "$i"; then
        echo "node $i is down" >&2
        return 113
    fi
    timeout --kill-after=1 $((lab_deadline * slowness)) \
        nsenter --target "${lab_node[i]}" --root --mount --uts --ipc --net --pid -- "$@"
}

# node_pid I PROGRAM: its PID on the node. While pacemaker-based writes the CIB it has a child of the same
# name: of several it is the first.
node_pid() {
    local pids
    pids=$(node_exec "$1" pidof "$2") && xargs -n 1 <<<"$pids" | sort -n | head -n 1
}

# node_kill I SIGNAL PROGRAM
node_kill() {
    local pid
    pid=$(node_pid "$1" "$3") && node_exec "$1" kill "-$2" "$pid"
}

# --- Cables ----------------------------------------------------------------------------------------

unplug() { # I LINK: the node sees that its cable is out
    ip link set "n$1l$2" down
}

plug() { # I LINK
    ip link set "n$1l$2" up
}

switch_off() { # LINK: no node reaches another on it, but sees its own cable in
    ip link set "switch$1" down
}

switch_on() { # LINK
    ip link set "switch$1" up
}

isolate() { # I
    unplug "$1" 0
    unplug "$1" 1
}

rejoin() { # I
    plug "$1" 0
    plug "$1" 1
}

is_quorate() { # I
    node_exec "$1" corosync-quorumtool -s | grep -q '^Quorate: *Yes'
}

# --- Resources -------------------------------------------------------------------------------------

# tell I RESOURCE OPERATION CODE [SECONDS]: so it is to end on that node, until untell.
tell() {
    node_exec "$1" sh -c 'mkdir -p /run/puppet && echo "$2" >/run/puppet/$1' - "$2.$3" "$4 ${5:-0}"
}

untell() { # I RESOURCE OPERATION
    node_exec "$1" rm -f "/run/puppet/$2.$3"
}

# --- The service and the mount ---------------------------------------------------------------------

# node_path I PATH: how the test itself sees a file of a node; node_tree I: its mount's cluster.
node_path() {
    echo "/proc/${lab_node[$1]}/root$2"
}

node_tree() {
    node_path "$1" /run/clusters/lab
}

# node_daemon I NAME COMMAND...: starts one, whose log is $work/nI/log/NAME.log.
node_daemon() {
    local i=$1
    shift
    node_exec "$i" "$BASH" "$tests/node.sh" run "$@"
}

# start_clusapid I [CLUSTER]: the service, with the rights that Pacemaker's own daemons have.
start_clusapid() {
    launch_clusapid "$@"
    await_clusapid "$1"
}

launch_clusapid() { # I [CLUSTER]
    local i=$1
    lab_modules
    printf '[service]\ncluster=%s\n[access]\nadministrators=%s\nreaders=*\n%s\n' "${2:-pacemaker}" \
        "${lab_administrators:-root}" "${lab_network:-}" >"$work/n$i/clusapid.conf"
    node_daemon "$i" clusapid env --chdir=/var/log/pacemaker CLUSAPI_MODULE_DIR="$work/modules" \
        setpriv --reuid=hacluster --regid=haclient --init-groups --inh-caps=-all \
        "$work/build/${CLUSAPID#"$CLUSAPI_BUILD/"}" --config "$work/n$i/clusapid.conf"
}

await_clusapid() { # I
    wait_until 10 is_serving "$1" ||
        lab_fail "clusapid does not serve on node $1" "$(tail -n 5 "$work/n$1/log/clusapid.log")"
}

# A socket's file may be left of one that was killed.
is_serving() {
    node_exec "$1" ss -Hxl src /run/clusapid/socket | grep -q socket
}

# All modules of back ends in one directory, wherever the build has them.
lab_modules() {
    local module
    [ ! -d "$work/modules" ] || return 0
    mkdir "$work/modules"
    while read -r module; do
        ln -s "$work/build${module#"$CLUSAPI_BUILD"}" "$work/modules/"
    done < <(find "$CLUSAPI_BUILD/api" -name 'clusapi-*.so')
}

# mount_node I: the cluster of the host, at /run/clusters of the node, for all its users.
mount_node() {
    launch_mount "$1"
    await_mount "$1"
}

launch_mount() { # I
    lab_modules
    node_daemon "$1" clusfs env CLUSAPI_MODULE_DIR="$work/modules" CLUSAPI_CONF=/nonexistent \
        "$CLUSFS" -f -o allow_other local /run/clusters
}

await_mount() { # I
    wait_until 10 node_exec "$1" mountpoint -q /run/clusters ||
        lab_fail "no mount on node $1" "$(tail -n 5 "$work/n$1/log/clusfs.log")"
}

# Its pacemaker-based answers: clusapid has something to serve.
has_cib() { # I
    lab_deadline=3 node_exec "$1" cibadmin --query --local --no-children
}

# serve: clusapid and a mount on every node.
serve() {
    local i step
    for step in launch_clusapid await_clusapid launch_mount await_mount; do
        for ((i = 1; i <= lab_size; i++)); do
            "$step" "$i"
        done
    done
}

# disagreement I: what the tree of a node shows otherwise than its Pacemaker says.
disagreement() {
    referee "$1" disagreement "$(node_tree "$1")" || echo "Pacemaker of node $1 says nothing"
}

all_agree() {
    local i said
    for ((i = 1; i <= lab_size; i++)); do
        if is_running "$i"; then
            said=$(disagreement "$i")
            [ -z "$said" ] || {
                echo "$said"
                return 1
            }
        fi
    done
}

# agree NAME [SECONDS]: passes if all trees show what Pacemaker says, or will soon.
agree() {
    if wait_until "${2:-3}" all_agree; then
        passed "$1"
    else
        not_passed "$1" "$(all_agree)"
        lab_need_daemons
    fi
}

# Without them nothing that follows means anything, and all of it would be waited for.
lab_need_daemons() {
    local i name status
    for ((i = 1; i <= lab_size; i++)); do
        for name in clusapid clusfs; do
            is_running "$i" || continue
            status=$(node_path "$i" "/run/lab/$name.status")
            [ ! -e "$status" ] || lab_fail "$name of node $i has ended, with $(cat "$status")" \
                "$(tail -n 10 "$work/n$i/log/$name.log")"
        done
    done
}

# change I CALL FILE ARGUMENT...: one system call on the mount of node I, by $caller; prints ok, or the name
# of the errno. CALL is unbuffered (a write), mkdir, rmdir, unlink, rename or symlink.
caller=("$CLUSAPI_BUILD/tests/pacemaker/pacemaker-call")
change() {
    local i=$1 name=$2 root arguments=()
    root=$(node_tree "$i")
    shift 2
    # A link's target, and what is written, are no paths.
    case $name in
    unbuffered) arguments=("$root/$1" "$2") ;;
    symlink) arguments=("$1" "$root/$2") ;;
    *) arguments=("${@/#/$root/}") ;;
    esac
    timeout --kill-after=1 $((lab_deadline * slowness)) "${caller[@]}" "$name" "${arguments[@]}"
}

# changes NAME I CALL FILE ARGUMENT...: passes if that is done.
changes() {
    local seen
    seen=$(change "${@:2}")
    [ "$seen" = ok ] || seen+=" ($(cat "$(node_tree "$2")/last_error"))"
    is "$1" ok "$seen"
}

# put NAME I FILE VALUE
put() {
    changes "$1" "$2" unbuffered "$3" "$4"
}

# refused NAME ERRNO I CALL FILE ARGUMENT...: passes if it fails so, and the configuration is as before.
refused() {
    local before seen
    before=$(configuration_of "$3")
    seen=$(change "${@:3}")
    is "$1" "$2" "$seen"
    if [ "$(configuration_of "$3")" != "$before" ]; then
        not_passed "$1 and nothing has changed" "$(diff <(echo "$before") <(configuration_of "$3"))"
    fi
}

configuration_of() {
    cib "$1" /cib/configuration
}

# stop_daemon_of I NAME: ends one that node_daemon started, and that runs still.
stop_daemon_of() {
    local status
    status=$(node_path "$1" "/run/lab/$2.status")
    if [ -e "$status" ]; then
        not_passed "$2 of node $1 ends in order" "it has ended before, with $(cat "$status")" \
            "$(tail -n 5 "$work/n$1/log/$2.log")"
        return
    fi
    node_exec "$1" kill "$(cat "$(node_path "$1" "/run/lab/$2.pid")")"
    wait_until 10 test -e "$status"
    is "$2 of node $1 ends in order" 0 "$(cat "$status" 2>&1)"
}

# What nothing may say, on any node; what it says of the cluster is not meant.
lab_logs_are_clean() {
    ! grep -EiA20 -- "$suspicious" "$work"/n*/log/{clusapid,clusfs}.log 2>/dev/null &&
        ! grep -A20 Traceback referee.log
}

# lab_finish: like finish, after what runs on the nodes has ended in order.
lab_finish() {
    local i name
    for ((i = 1; i <= lab_size; i++)); do
        for name in clusfs clusapid; do
            if is_running "$i" && [ -e "$(node_path "$i" "/run/lab/$name.pid")" ]; then
                stop_daemon_of "$i" "$name"
            fi
        done
    done
    ok "the logs are clean" lab_logs_are_clean
    finish
}
