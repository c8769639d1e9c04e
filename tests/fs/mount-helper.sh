#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# mount-helper.sh [MOUNT.CLUSFS]: what mount.clusfs makes of mount(8)'s command lines, with a daemon
# that only prints its arguments. TAP; mounts nothing and needs no root.
helper=${1:-$MOUNT_CLUSFS}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/dir"
cd "$scratch" || exit 1
export CLUSFS_PROGRAM="$scratch/clusfs"
cat > clusfs <<'END'
#!/bin/sh
for word in "$@"; do printf '[%s]' "$word"; done
[ -z "$KILL" ] || kill -KILL $$
exit "${STATUS-0}"
END
chmod +x clusfs
count=0

# expect NAME STATUS OUTPUT WORD...
expect() {
    name=$1 status=$2 output=$3
    shift 3
    seen=$("$helper" "$@" 2>errors)
    result=$?
    count=$((count + 1))
    if [ "$result" = "$status" ] && [ "$seen" = "$output" ]; then
        echo "ok $count $name"
    else
        echo "not ok $count $name"
        echo "# wanted $status: $output"
        echo "# got $result: $seen $(cat errors)"
        failed=1
    fi
}

d=$scratch/dir
expect 'a plain mount' 0 "[-o][rw][demo][$d]" demo "$d" -o rw
expect 'no options at all' 0 "[demo][$d]" demo dir
expect 'the prefix of mount.fuse3' 0 "[demo][$d]" 'clusfs#demo' dir
expect 'a relative path' 0 "[$scratch/x y.cluster][$d]" './x y.cluster' dir
expect 'options of fstab are left out' 0 "[-o][rw,noexec,nosuid,nodev,timeout=3][demo][$d]" \
    demo dir -o rw,noexec,nosuid,nodev,timeout=3,user,_netdev,nofail,x-a.b=c,X-d,comment=e,user=f
expect 'only options of fstab' 0 "[demo][$d]" demo dir -o defaults,noauto,relatime,lazytime,nodiratime,group
expect 'options that begin alike are kept' 0 "[-o][automatic,userx,noexec][demo][$d]" \
    demo dir -o automatic,userx,noexec
expect 'empty options' 0 "[-o][ro,uid=3][demo][$d]" demo dir -o ,,ro,,uid=3,
expect 'options before the source' 0 "[-o][ro,uid=3][demo][$d]" -o ro -o uid=3 demo dir
expect 'quoted commas' 0 "[-o][context=\"a:c0\\,c1\",ro][demo][$d]" \
    demo dir -o 'context="a:c0,c1",ro'
expect 'escaped commas' 0 "[-o][fsname=a\\,b,ro][demo][$d]" demo dir -o 'fsname=a\,b,ro'
expect 'unknown options reach the daemon' 0 "[-o][nosymfollow,bad=1][demo][$d]" \
    demo dir -o nosymfollow,bad=1
expect 'but not with -s' 0 "[-o][ro,timeout=1][demo][$d]" -s demo dir -o bad=1,ro,worse,timeout=1
expect '-f mounts nothing' 0 '' -f demo dir -o rw
expect '-n is accepted' 0 "[demo][$d]" -n demo dir
expect '-v shows the command' 0 \
    "mount.clusfs: '$CLUSFS_PROGRAM' '-o' 'rw' 'demo' '$d'
[-o][rw][demo][$d]" -v demo dir -o rw
expect 'type fuse.clusfs' 0 "[demo][$d]" demo dir -t fuse.clusfs
expect 'another type' 1 '' demo dir -t clusfs.foo
expect 'no directory given' 1 '' demo
expect 'an empty source' 1 '' '' dir
expect 'too many words' 1 '' demo dir more
expect 'an unknown switch' 1 '' demo dir -z
expect 'a source like an option' 1 '' dir -- -demo dir
expect 'remount' 32 '' demo dir -o remount,ro
expect 'a missing directory' 32 '' demo missing
expect 'a file as directory' 32 '' demo clusfs
expect 'a missing directory with -f' 32 '' -f demo missing
expect 'a missing namespace' 2 '' demo dir -N /nonexistent
STATUS=1 expect 'a daemon that fails' 32 "[demo][$d]" demo dir
KILL=yes expect 'a daemon that is killed' 32 "[demo][$d]" demo dir
CLUSFS_PROGRAM=$scratch/nothing expect 'no daemon' 2 '' demo dir
CLUSFS_PROGRAM=$scratch/nothing expect 'no daemon with -f' 2 '' -f demo dir
echo "1..$count"
exit "${failed-0}"
