#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a node of the laboratory does, in its namespaces; called by lab.sh alone.
#
#   node.sh init NUMBER DISK         its first process: the machine, then Corosync and Pacemaker.
#                                    DISK, a directory, is what it has still after a power cut
#   node.sh engine                   starts Corosync and Pacemaker, what of them does not run
#   node.sh shutdown                 ends both, in order
#   node.sh run NAME COMMAND...      starts a daemon: PID in /run/lab/NAME.pid, output in /var/log/NAME.log,
#                                    and in the end its status in /run/lab/NAME.status
set -u

mount_disk() {
    mount --make-rprivate / &&
        mount --bind "$1/etc-corosync" /etc/corosync &&
        mount --bind "$1/lib-corosync" /var/lib/corosync &&
        mount --bind "$1/lib-pacemaker" /var/lib/pacemaker &&
        mount --bind "$1/log" /var/log &&
        mount -t tmpfs -o mode=755 lab /run &&
        mount -t tmpfs -o mode=1777 lab /dev/shm &&
        mount -t proc proc /proc &&
        mount -t sysfs sysfs /sys || exit 1
    mkdir -p /run/lab /run/lock /run/resource-agents /run/clusters
    install -d -m 750 -o hacluster -g haclient /run/crm
    install -d -m 755 -o hacluster -g haclient /run/clusapid
}

# Their ends are put here from outside, eth1 last.
await_cables() {
    local link
    for _ in {1..500}; do
        ip link show eth1 >/dev/null 2>&1 && break
        sleep 0.02
    done
    ip link set lo up
    for link in 0 1; do
        ip address add "10.7$((link + 1)).0.$1/24" dev "eth$link"
        ip link set "eth$link" up
    done
}

is_up() { # NAME
    [ -s "/run/lab/$1.pid" ] && [ -d "/proc/$(cat "/run/lab/$1.pid")" ]
}

# The file with the PID is there, whole, when this returns.
run() { # NAME COMMAND...
    local name=$1
    shift
    # One that was killed takes a moment to end.
    for _ in {1..200}; do
        if [ ! -e "/run/lab/$name.pid" ] || [ -e "/run/lab/$name.status" ]; then
            break
        fi
        sleep 0.01
    done
    rm -f "/run/lab/$name.pid" "/run/lab/$name.status"
    {
        "$@" >>"/var/log/$name.log" 2>&1 </dev/null &
        echo $! >"/run/lab/$name.pid.new"
        mv "/run/lab/$name.pid.new" "/run/lab/$name.pid"
        wait $!
        echo $? >"/run/lab/$name.status"
    } >/dev/null 2>&1 </dev/null &
    until [ -e "/run/lab/$name.pid" ]; do
        sleep 0.01
    done
}

# Corosync is lost to the others if it gets no processor for a moment, where several laboratories share
# few.
start_engine() {
    is_up corosync || run corosync nice -n -15 corosync -f
    for _ in {1..200}; do
        timeout 5 corosync-cfgtool -s >/dev/null 2>&1 && break
        sleep 0.05
    done
    # Whoever starts it is told of its failures: nothing here reboots.
    is_up pacemakerd || PCMK_logfile=/var/log/pacemaker/pacemaker.log PCMK_fail_fast=no \
        run pacemakerd pacemakerd
}

stop() { # NAME
    is_up "$1" || return 0
    kill -TERM "$(cat "/run/lab/$1.pid")"
    while is_up "$1"; do
        sleep 0.05
    done
}

case $1 in
init)
    mount_disk "$3"
    hostname "n$2"
    await_cables "$2"
    trap '' TERM INT HUP
    start_engine
    # Whoever has lost its parent is reaped here.
    while :; do
        wait -n 2>/dev/null || sleep 0.5
    done
    ;;
engine)
    start_engine
    ;;
shutdown)
    stop pacemakerd
    stop corosync
    ;;
run)
    shift
    run "$@"
    ;;
esac
