#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The README's way from two hosts with Debian to a Pacemaker cluster that is mounted at boot: its commands
# and files are taken from there and used on two hosts that boot with systemd, each in namespaces of its
# own, and Pacemaker's own programs say what has become of them.
. "$(dirname "$0")/lab.sh"

top=$(cd "$tests/../.." && pwd)
section="Serve a Pacemaker cluster"
# Where the cgroups of the hosts are, below those of the machine.
cgroup=clusapi-readme-$(mktemp --dry-run XXXXXXXX)
lab_size=2

# --- Hosts -----------------------------------------------------------------------------------------

boot_host() { # I
    local i=$1 parent
    mkdir -p "$work/h$i"
    unshare --mount --uts --ipc --net --pid --fork --kill-child -- "$BASH" "$tests/host.sh" \
        init "$i" "$work/h$i" "$cgroup-$i" "$top" "$CLUSAPI_BUILD" >>"$work/h$i/console" 2>&1 </dev/null &
    parent=$!
    disown "$parent"
    lab_attach "$i" "$parent" "$work/h$i/console"
}

has_booted() { # I
    [[ "$(lab_deadline=5 node_exec "$1" systemctl is-system-running 2>/dev/null)" =~ ^(running|degraded)$ ]]
}

await_boot() { # I
    wait_until 40 has_booted "$1"
}

# Also those of a test that was killed.
remove_cgroups() {
    local hierarchy directory
    while read -r hierarchy; do
        for directory in "$hierarchy"/clusapi-readme-*/; do
            find "$directory" -depth -type d -exec rmdir {} \; 2>/dev/null
        done
    done < <(findmnt --raw --noheadings --output TARGET --types cgroup,cgroup2)
    return 0
}

end_hosts() {
    cut_power 1
    cut_power 2
    wait_until 5 eval "remove_cgroups; ! ls -d /sys/fs/cgroup/$cgroup-* /sys/fs/cgroup/*/$cgroup-*"
}

# --- The README ------------------------------------------------------------------------------------

# Each fenced block of the section becomes blocks/NUMBER; of one that is a file, blocks/NUMBER.path is
# what the text before it has named last.
mkdir blocks
awk -v section="## $section" '
    /^## / { here = $0 == section; next }
    !here { next }
    /^```/ && !inside { inside = 1; n++; file = sprintf("blocks/%02d", n)
        if ($0 != "```sh") { print path > (file ".path") } next }
    /^```/ { inside = 0; next }
    inside { print > file; next }
    match($0, /`\/etc\/[^`]*`/) { path = substr($0, RSTART + 1, RLENGTH - 2) }' "$top/README.md"

# take PATTERN: the block that has a line like it, which then counts as used.
take() {
    local block
    block=$(grep -lE -- "$1" blocks/?? | head -n 1)
    [ -n "$block" ] && : >"$block.used" && echo "$block"
}

# on_host I SECONDS COMMAND...: as root who has logged in.
on_host() {
    lab_deadline=$2 node_exec "$1" env -i --chdir=/root/clusapi HOME=/root LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive CLUSAPI_BUILD_DIR="$CLUSAPI_BUILD" "${@:3}"
}

# follow NAME PATTERN [SECONDS]: runs that block where its first line says; each of its commands has to
# succeed. What it says on host I is in said.I.
follow() {
    local block hosts i
    block=$(take "$2")
    case $(head -n 1 "${block:-/dev/null}") in
    '# on both hosts') hosts="1 2" ;;
    '# on node1') hosts=1 ;;
    '# on node2') hosts=2 ;;
    *)
        not_passed "$1" "the README has no such block, or it does not say where"
        return
        ;;
    esac
    for i in $hosts; do
        if on_host "$i" "${3:-30}" "$BASH" -e -u -x <"$block" >"said.$i" 2>"errors.$i"; then
            passed "$1, on node$i"
        else
            not_passed "$1, on node$i" "$(tail -n 20 "errors.$i")"
        fi
    done
}

# put_file NAME PATTERN: that block is the file that the text names, on both hosts.
put_file() {
    local block i
    block=$(take "$2")
    for i in 1 2; do
        ok "$1, on node$i" on_host "$i" 10 "$BASH" -c 'cat >"$0"' "$(cat "$block.path")" <"$block"
    done
}

# --- Two hosts -------------------------------------------------------------------------------------

if [ ! -x /lib/systemd/systemd ]; then
    echo "1..0 # SKIP there is no systemd"
    exit 0
fi
trap end_hosts EXIT
remove_cgroups
lab_switches >switches.log 2>&1 || lab_fail "no switches" "$(cat switches.log)"
for i in 1 2; do
    boot_host "$i"
done
# Not every machine lets a namespace have overlays and cgroups. There the commands can only be looked at.
if ! await_boot 1; then
    echo "# systemd does not boot in a namespace here, so that the README's commands do not run:"
    sed 's/^/# /' "$work/h1/console"
    for block in blocks/??; do
        [ -e "$block.path" ] || ok "$(sed -n 2p "$block")" "$BASH" -n "$block"
    done
    block=$(take 'apt-get install')
    # shellcheck disable=SC2046 # a list of words
    ok "the packages are those that the tests have" dpkg --status \
        $(sed -n '/apt-get install/,/[^\\]$/p' "$block" | sed 's/apt-get install//; s/#.*//' | tr -d '\\')
    finish
fi
ok "two hosts boot" await_boot 2
for i in 1 2; do
    # As Debian does when they are installed: then the host is a cluster of its own.
    ok "node$i is a host with Debian" on_host "$i" 30 systemctl enable --now corosync pacemaker
done

follow "packages, build and installation" 'apt-get install' 300
is "Debian's own cluster has ended" "" "$(on_host 1 10 pidof corosync pacemakerd)"
put_file "Corosync's configuration" cluster_name
follow "its key" corosync-keygen
ok "is carried to the other" eval 'node_exec 1 tar -C /srv/post/node2 -c . | node_exec 2 tar -C / -x'
is "and is the same" "$(on_host 1 5 md5sum /etc/corosync/authkey)" "$(on_host 2 5 md5sum /etc/corosync/authkey)"
follow "the cluster starts" 'enable --now corosync'

both_online() {
    [ "$(referee 1 online)" = "node1 node2" ] && [ "$(referee 2 online)" = "node1 node2" ]
}
begun=$(milliseconds)
ok "both hosts are online" wait_until 60 both_online
below "as soon as it says" 35000 $(($(milliseconds) - begun))
is "there are no others" "node1 node2" "$(on_host 1 5 crm_node --list | awk '{ print $2 }' | sort | xargs)"
like "what they say to each other is encrypted" 'aes256' \
    "$(on_host 1 5 corosync-cmapctl -g totem.crypto_cipher)"
ok "it has quorum" eval "on_host 1 5 corosync-quorumtool -s | grep -q '^Quorate: *Yes'"
follow "the first properties" stonith-enabled
is "are set" false "$(on_host 1 5 crm_attribute --type crm_config --name stonith-enabled --query --quiet)"
put_file "the configuration of the service" '^cluster=pacemaker'
put_file "what is mounted" '^backend=rpc'
follow "service and mount" 'enable --now clusapid' 60

# --- The service -----------------------------------------------------------------------------------

service_pid() { # I
    on_host "$1" 5 systemctl show --property MainPID --value clusapid.service
}

for i in 1 2; do
    process=$(node_path "$i" "/proc/$(service_pid "$i")")
    is "clusapid of node$i runs as Pacemaker's own" "hacluster:haclient" \
        "$(on_host "$i" 5 stat -c %U:%G "/proc/$(service_pid "$i")")"
    # CAP_NET_BIND_SERVICE is bit 10.
    is "it has one capability" "0000000000000400 0000000000000400" \
        "$(awk '/^CapEff|^CapBnd/ { print $2 }' "$process/status" | xargs)"
    is "it is in a sandbox" "1 2" "$(awk '/^NoNewPrivs|^Seccomp:/ { print $2 }' "$process/status" | xargs)"
    is "and sees all of the cluster" "node1 node2" "$(on_host "$i" 5 ls /mnt/clusters/lab/nodes | xargs)"
    is "its networks" $'up\nup' "$(on_host "$i" 5 sh -c 'cat /mnt/clusters/lab/networks/*/state')"
    is "by their addresses" $'192.0.2.0\n198.51.100.0' \
        "$(on_host "$i" 5 sh -c 'cat /mnt/clusters/lab/networks/*/address')"
    is "and its interfaces" "4 up" \
        "$(on_host "$i" 5 sh -c 'cat /mnt/clusters/lab/interfaces/*/state' | sort | uniq -c | xargs)"
    is "its log has no warning" "" "$(on_host "$i" 5 journalctl --quiet \
        --priority warning _SYSTEMD_UNIT=clusapid.service)"
    is "no unit has failed" "" "$(on_host "$i" 5 systemctl --failed --plain --no-legend)"
    ok "no other user looks into the tree" eval "! on_host $i 5 setpriv --reuid=65534 --clear-groups ls /mnt/clusters"
done
is "systemd has nothing to say of the units" "" \
    "$(on_host 1 30 systemd-analyze verify clusapid.service clusapid.socket clusfs@local.service 2>&1)"
echo "# $(on_host 1 30 systemd-analyze security --no-pager clusapid.service 2>&1 | tail -n 1)"

# --- The tree --------------------------------------------------------------------------------------

wait_until 30 is_idle 1
# On the host itself, so that it ends with it.
on_host 2 10 "$BASH" -c 'nohup "$BASH" -c "$0" >/root/events 2>&1 </dev/null &' "$(cat "$(take 'cat events')")"
follow "a group and resources" create-resource
like "ls shows the nodes" 'nodes: node1 node2 ' "$(xargs <said.1)"
like "and what they are" '^type node-majority' "$(cat said.1)"
becomes "the group is online" "online node1" group web
is "by two resources" "address service" \
    "$(cib 1 "//group[@id='web']/primitive" | grep -o ' id="[^"]*" class' | cut -d'"' -f2 | xargs)"
is "one with the address that it was given" 192.0.2.100 \
    "$(on_host 1 10 crm_resource --resource address --get-parameter ip 2>/dev/null)"
is "which the host has" "192.0.2.100/24" \
    "$(on_host 1 5 ip -o address show dev eth0 | grep -o '192\.0\.2\.100/[0-9]*')"
like "and which the other reaches" 'Connection refused' \
    "$(on_host 2 10 "$BASH" -c '</dev/tcp/192.0.2.100/9' 2>&1)"
follow "move it" 'echo node2'
becomes "it is on the other" "online node2" group web
ok "and nothing is left of that" wait_until 10 nothing_is_left 1
follow "drain a node" 'echo drained'
becomes "it is in standby" paused node node2
becomes "the group has left it" "online node1" group web
follow "up again, and the group offline" 'echo up'
like "what cannot be is refused" 'Resource temporarily unavailable' "$(cat errors.1)"
like "and why is told" 'ERROR_SHARING_PAUSED' "$(cat said.1)"
becomes "the node is up" up node node2
becomes "the group is stopped" "offline " group web
# What is over before a mount shows it is not told of.
ok "which the other's mount shows" wait_until 5 on_host 2 5 grep -qx offline /mnt/clusters/lab/groups/web/state
is "because it is to be" Stopped "$(cib 1 "//group[@id='web']//nvpair[@name='target-role']" |
    grep -o ' value="[^"]*"' | cut -d'"' -f2)"
on_host 2 10 crm_resource --resource web --meta --set-parameter target-role --parameter-value Started \
    >/dev/null 2>&1
becomes "what Pacemaker's own programs do" "online node1" group web
ok "shows in the tree" wait_until 5 eval "on_host 2 5 grep -qx online /mnt/clusters/lab/groups/web/state"
on_host 2 10 cat /root/events >events
for line in $'group\tadded\tweb' $'group\towner\tweb\tnode2' $'node\tstate\tnode2\tpaused' \
    $'group\tstate\tweb\toffline' $'group\tstate\tweb\tonline'; do
    ok "events had: ${line//$'\t'/ }" grep -qF "$line" events
done

# --- What Pacemaker has not ------------------------------------------------------------------------

# The page's word for what a function answers: the error above its name.
answers_of_page() {
    awk '/^\.SH/ { inside = $0 == ".SH WHAT PACEMAKER HAS NOT" }
        !inside { next }
        last == ".TP" && /^\.B / { code = $2 }
        last != ".TP" { text = $0; while (match(text, /[A-Z][a-z]+[A-Za-z]*[A-Z][A-Za-z]+/)) {
            name = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
            if (name ~ /Cluster|Group/) { print name, code } } }
        { last = $0 }' "$top/mount-helpers/clusapid.8" | sort -u
}

# A number is called as the header calls it.
answers_of_service() {
    on_host 1 60 /usr/bin/python3 -I -B - web address service node1 <"$tests/refusals.py" | while read -r name code; do
        echo "$name $(sed -nE "s/^#define (ERROR_[A-Z_]+) +${code}[UL]*$/\1/p" "$top/api/include/clusapi/win32.h" "$top"/api/include/clusapi/*.h | head -n 1)"
    done | sort -u
}

ok "two groups without resources" on_host 1 10 mkdir /mnt/clusters/lab/groups/{front,back}
configuration=$(configuration_of 1)
answers_of_page >page
answers_of_service >service
is "what Pacemaker has not answers as clusapid(8) says" "$(cat page)" "$(cat service)"
is "and nothing has changed" "$configuration" "$(configuration_of 1)"

# --- Boot ------------------------------------------------------------------------------------------

first=${lab_node[2]}
# Systemd stops all processes before it ends them, and so what waits for one from outside.
referee 2 leave
begun=$(milliseconds)
on_host 2 10 systemctl reboot >/dev/null 2>&1
if wait_until 60 is_gone "$first"; then
    passed "node2 shuts down in order ($(($(milliseconds) - begun)) ms)"
else
    not_passed "node2 shuts down in order" "$(on_host 2 10 ps -eo pid,ppid,stat,etimes,args)" \
        "$(on_host 2 10 journalctl -b -n 40)"
fi
is "the group has gone on meanwhile" "online node1" "$(referee 1 group web)"
cut_power 2 2>/dev/null
boot_host 2
ok "it boots" await_boot 2
ok "its mount comes by itself" wait_until 60 eval "on_host 2 5 grep -qx online /mnt/clusters/lab/groups/web/state"
ok "and all are online" wait_until 60 both_online
is "no unit has failed" "" "$(on_host 2 5 systemctl --failed --plain --no-legend)"
becomes "the tree of the node" "online node1" group web
is "moves groups again" 0 "$(on_host 2 10 sh -c 'echo node2 >/mnt/clusters/lab/groups/web/owner' >/dev/null 2>&1; echo $?)"
becomes "to itself" "online node2" group web

is "every block of the README was used" "" \
    "$(for block in blocks/??; do [ -e "$block.used" ] || head -n 2 "$block"; done)"
end_hosts
is "nothing is left of the hosts" "" "$(ls -d /sys/fs/cgroup/"$cgroup"-* /sys/fs/cgroup/*/"$cgroup"-* 2>/dev/null)"
finish
