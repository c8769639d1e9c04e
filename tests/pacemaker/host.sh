#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a host of readme.sh does, in its namespaces: boots Debian with systemd, from a disk of its own
# over what the machine has, of which nothing is changed. Called by readme.sh alone.
#
#   host.sh init NUMBER DISK CGROUP SOURCE BUILD   its first process; DISK, a directory, is what it has
#                                                  still after a power cut
#   host.sh systemd DISK                           goes on, in its own cgroups
set -u

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# overlay DIRECTORY DISK TARGET: the directory there, with the changes on the disk.
overlay() {
    mkdir -p "$2"/{upper,work} "$3" &&
        mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" host "$3"
}

# Debian as it was installed, with nothing set up, and the repository and its build in /root/clusapi.
make_disk() { # NUMBER ROOT SOURCE BUILD
    local root=$2
    rm -rf "$root"/etc/systemd/system/* "$root"/etc/{clusapi,fstab} "$root"/var/lib/{clusapi,corosync} \
        "$root"/var/lib/pacemaker/{cib,pengine}/* "$root"/etc/corosync/authkey "$root/root/clusapi"
    mkdir -p "$root"/{var/lib/corosync,root/clusapi,etc/systemd/system/multi-user.target.wants}
    : >"$root/etc/fstab"
    echo "node$1" >"$root/etc/hostname"
    # With none at all systemd would enable everything.
    printf '%s' "host $1" | md5sum | cut -d' ' -f1 >"$root/etc/machine-id"
    ln -s /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
    ln -s /lib/systemd/system/remote-fs.target "$root/etc/systemd/system/multi-user.target.wants/"
    ln -s "$3/mount-helpers" "$root/root/clusapi/"
    ln -s "$4" "$root/root/clusapi/build"
    # What it is to carry readme.sh does.
    cat >"$root/usr/local/bin/scp" <<'SHELL'
#!/bin/sh
# scp -p FILE HOST:DIRECTORY
to=/srv/post/${3%%:*}${3#*:}
mkdir -p "$to" && exec cp -p "$2" "$to"
SHELL
    chmod 755 "$root/usr/local/bin/scp"
}

mount_devices() { # ROOT
    local device
    mount -t tmpfs -o mode=755 host "$1/dev" && mkdir "$1"/dev/{shm,pts} || return
    for device in null zero full random urandom tty fuse; do
        : >"$1/dev/$device"
        mount --bind "/dev/$device" "$1/dev/$device" || return
    done
    ln -s pts/ptmx "$1/dev/ptmx"
    ln -s /proc/self/fd "$1/dev/fd"
    mount -t tmpfs -o mode=1777 host "$1/dev/shm" &&
        mount -t devpts -o newinstance,ptmxmode=666 host "$1/dev/pts"
}

# What is the machine's own is not to be written by systemd: of /proc/sys and /sys it only reads.
mount_system() { # ROOT
    mount -t proc proc "$1/proc" &&
        mount --bind "$1/proc/sys" "$1/proc/sys" &&
        mount -o remount,bind,ro "$1/proc/sys" &&
        mount -t sysfs -o ro sysfs "$1/sys" &&
        mount -t tmpfs -o mode=755 host "$1/run" &&
        mount -t tmpfs -o mode=1777 host "$1/tmp" &&
        mount_devices "$1"
}

mount_cgroups() { # ROOT
    local directory=$1/sys/fs/cgroup
    if [ "$(stat --file-system --format=%T /sys/fs/cgroup)" = cgroup2fs ]; then
        mount -t cgroup2 cgroup "$directory"
        return
    fi
    mount -t tmpfs -o mode=755 host "$directory" &&
        mkdir "$directory/systemd" &&
        mount -t cgroup -o none,name=systemd cgroup "$directory/systemd"
}

# Everything that it runs is in cgroups of its own below those that the machine has.
enter_cgroups() { # NAME
    local hierarchy
    while read -r hierarchy; do
        mkdir -p "$hierarchy/$1" && echo 0 >"$hierarchy/$1/cgroup.procs"
    done < <(findmnt --raw --noheadings --output TARGET --types cgroup,cgroup2) 2>/dev/null
    return 0
}

# Its cables are put here from outside, eth1 last.
set_up_network() { # NUMBER
    for _ in {1..500}; do
        ip link show eth1 >/dev/null 2>&1 && break
        sleep 0.02
    done
    ip link set lo up
    ip address add "192.0.2.$1/24" dev eth0
    ip address add "198.51.100.$1/24" dev eth1
    ip link set eth0 up
    ip link set eth1 up
}

case $1 in
init)
    root=$3/root
    mount --make-rprivate / && overlay / "$3" "$root" || exit 1
    [ -e "$3/made" ] || make_disk "$2" "$root" "$5" "$6"
    : >"$3/made"
    mount_system "$root" &&
        overlay "$5" "$3/source" "$root$5" &&
        overlay "$6" "$3/build" "$root$6" || exit 1
    hostname "node$2"
    set_up_network "$2"
    enter_cgroups "$4"
    exec unshare --cgroup -- "$BASH" "$0" systemd "$3"
    ;;
systemd)
    mount_cgroups "$2/root" && mkdir -p "$2/root/srv/outside" && cd "$2/root" &&
        pivot_root . srv/outside && umount --lazy /srv/outside || exit 1
    exec env -i container=host PATH="$PATH" /lib/systemd/systemd --system
    ;;
esac
