#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The conformance suite of the back ends (../backends/conformance.c) on a real cluster, through the
# socket of the service. Two nodes are up, one is paused, and one has never had power. With
# --transcript, or --transcript --acting, it prints what ../data/laboratory has to have of that cluster.
. "$(dirname "$0")/lab.sh"
exec 3>&1
[ "${1:-}" != --transcript ] || exec >&2

# What agents there are, and so what types, must be the same everywhere.
hide_agents() { # I
    node_exec "$1" sh -c '
        mkdir -p /run/ocf/lab /run/init.d &&
        mount --bind "$1" /run/ocf/lab && mount --rbind /run/ocf /usr/lib/ocf/resource.d &&
        mount --bind /run/init.d /etc/init.d &&
        for agent in /usr/sbin/fence_*; do
            [ ! -f "$agent" ] || mount --bind /dev/null "$agent" || exit
        done' - "$tests/agents"
}

# As lab_start does, but for the last node.
start_nodes() {
    local i
    lab_size=4
    { lab_prepare && lab_switches; } >lab.log 2>&1 || lab_fail "no agents or switches" "$(cat lab.log)"
    for i in 1 2 3; do
        lab_make_disk "$i" "$tests/lab.xml"
        boot "$i"
    done
    wait_until 60 all_online || lab_fail "not all nodes are online" "$(node_exec 1 crm_mon -1 2>&1)"
}

has_paused() { # NODE
    [ "$(referee 1 node "$1")" = paused ]
}

# What differs from one version of Pacemaker to another stands as @NAME@ in what is expected.
learn_version() {
    local rest
    csd=$(node_exec 1 crm_attribute --name dc-version --query --quiet) &&
        IFS=.- read -r major minor build rest <<<"$csd" && [ -n "$rest" ]
}

with_version() {
    sed -e "s/@CSD@/$csd/g" -e "s/@MAJOR@/$major/" -e "s/@MINOR@/$minor/" -e "s/@BUILD@/$build/"
}

without_version() {
    sed -e "s/$csd/@CSD@/g" -e "s/^  version $major\.$minor\.$build /  version @MAJOR@.@MINOR@.@BUILD@ /" \
        -e "s/\(\"MajorVersion\" =\) $major\$/\1 @MAJOR@/" \
        -e "s/\(\"MinorVersion\" =\) $minor\$/\1 @MINOR@/" \
        -e "s/\(\"BuildNumber\" =\) $build\$/\1 @BUILD@/"
}

# conformance ARGUMENT...: the suite on node 1, as a program of its users.
conformance() {
    lab_deadline=90 node_exec 1 env CLUSAPI_MODULE_DIR="$work/modules" \
        CLUSAPI_CONF="$work/clusters.conf" CONFORMANCE_CLUSTER=laboratory \
        CONFORMANCE_EXPECTED="$work/expected" "$work/build/${CONFORMANCE#"$CLUSAPI_BUILD/"}" \
        --laboratory "$@"
}

# Its results as those of this test.
run_suite() { # ARGUMENT...
    local line status
    conformance "$@" >suite.log 2>&1
    status=$?
    while read -r line; do
        case $line in
        "ok "*) passed "${line##*/conformance/}" ;;
        "not ok "*) not_passed "${line##*/conformance/}" "$(grep '^#' suite.log)" ;;
        esac
    done <suite.log
    is "the suite has ended${1:+ ($1)}" "0, all of $(sed -n 's/^1\.\.//p' suite.log)" \
        "$status, all of $(grep -cE '^(not )?ok ' suite.log)"
    [ "$status" = 0 ] || tail -n 5 suite.log | sed 's/^/# /'
}

start_nodes
node_exec 1 crm_attribute --node n3 --name standby --update on
wait_until 10 has_paused n3 || lab_fail "a node is not paused" "$(referee 1 model)"
ok "all has settled" settle
learn_version || lab_fail "no version" "$csd"
hide_agents 1 || lab_fail "agents cannot be hidden" ""
# So that what is pending lasts until it is seen, and told of.
for i in 1 2; do
    tell "$i" address start 0 0.8
    tell "$i" server start 0 1.2
done
start_clusapid 1
printf '[laboratory]\nbackend=rpc\naddress=/run/clusapid/socket\n' >clusters.conf
if [ "${1:-}" = --transcript ]; then
    conformance "$@" | without_version >&3
    exit
fi
mkdir expected
for file in conformance acting; do
    with_version <"$tests/../data/laboratory/$file.expected" >"expected/$file.expected"
done
run_suite
run_suite --acting
ok "nothing is left of what was done for a while" wait_until 8 nothing_is_left 1
is "nor of what was made" "" "$(cib 1 /cib/configuration | grep -oE 'id="[^"]*(acting|acted|address|third|typed)[^"]*"')"
lab_finish
