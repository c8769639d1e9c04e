#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Which clusters a mount shows, by every kind of source.
. "$(dirname "$0")/lib.sh"

sed 's/^name=demo$/name=second/; s/^id=0d9c2a51/id=1d9c2a51/' "$DEMO_DEFINITION" >second.definition
make_cluster first.cluster
make_cluster second.cluster second.definition

names() {
    (cd "$mountpoint" && printf '%s\n' * | sort | paste -sd' ')
}

# A path, and no configuration at all.
start_daemon "$work/second.cluster"
is "a path shows its cluster" second "$(names)"
is "there is no local cluster" ENOENT "$(probe errno lstat "$mountpoint/local")"
stop_daemon

# Two sections.
cat >clusters.conf <<END
[one]
address=$work/first.cluster
[Two]
backend=embedded
address=$work/second.cluster
[broken]
address=$work/missing.cluster
END
start_daemon none
is "none shows all sections" "Two broken one" "$(names)"
is "one section" demo "$(cat "$mountpoint/one/name")"
is "another section" second "$(cat "$mountpoint/Two/name")"
is "each has its own objects" "demo second" \
    "$(cat "$mountpoint"/{one,Two}/groups/web/cluster | paste -sd' ')"
is "inode numbers of clusters differ" 2 \
    "$(stat -c %i "$mountpoint"/{one,Two}/groups/web/state | sort -u | wc -l)"
is "a section in another case" second "$(cat "$mountpoint/two/name")"
ok "numbers are unique over clusters" sh -c \
    'test -z "$(find "$1/one" "$1/Two" -printf "%i\n" | sort | uniq -d)"' - "$mountpoint"
is "a section without its file is not reached" EHOSTUNREACH \
    "$(probe errno list "$mountpoint/broken/groups")"
is "nor is what would be in it" EHOSTUNREACH "$(probe errno read "$mountpoint/broken/name")"
is "the log says why, once" 1 "$(grep -c 'broken.*ERROR_FILE_NOT_FOUND' "$log")"
is "and the others stay" online "$(cat "$mountpoint/one/groups/web/state")"
is "no host is asked that is not configured" ENOENT \
    "$(probe errno lstat "$mountpoint/www.example.com")"
printf '[three]\naddress=%s\n' "$work/first.cluster" >>clusters.conf
ok "a section that is added shows" wait_until 5 test -d "$mountpoint/three"
is "two sections of one cluster are one directory" "$(stat -Lc %i "$mountpoint/one")" \
    "$(stat -Lc %i "$mountpoint/three")"
stop_daemon

# A section as source, with the local cluster from the configuration.
printf '[global]\nlocal=Two\n' >>clusters.conf
start_daemon one
is "a section as source is shown alone" one "$(names)"
is "the others are found" second "$(cat "$mountpoint/Two/name")"
is "local is the cluster that the configuration says" second "$(cat "$mountpoint/local/name")"
like "local is a link to a cluster beside it" '^[^/]+$' "$(readlink "$mountpoint/local")"
is "what was found is shown" "Two local one" "$(names)"
probe errno lstat "$mountpoint"/{TWO,tWo,LOCAL,oNE} >/dev/null
is "any case of a name is one link" 1 "$(stat -c %i "$mountpoint"/{TWO,tWo,twO} | sort -u | wc -l)"
is "which leads to the name as it is" Two "$(readlink "$mountpoint/tWO")"
stop_daemon
start_daemon local
is "local is shown with the directory that it leads to" "Two local" "$(names)"
stop_daemon

export CLUSAPI_LOCAL=$work/first.cluster
start_daemon local
is "the environment says which is local" demo "$(cat "$mountpoint/local/name")"
ok "links all lead inside" probe links "$mountpoint/local/."
stop_daemon
unset CLUSAPI_LOCAL

# The daemon in the background leaves the directory that it was started in.
mkdir elsewhere
cp clusters.conf elsewhere/
ok "with a configuration by a relative path" sh -c \
    'cd "$1" && CLUSAPI_CONF=clusters.conf "$2" none "$3"' - "$work/elsewhere" "$CLUSFS" "$mountpoint"
like "it is read from there" '(^| )one( |$)' "$(names)"
ok "umount" umount "$mountpoint"

# The file of a mounted cluster goes away, or is another one.
rm clusters.conf
cp first.cluster lost.cluster
start_daemon "$work/lost.cluster"
rm -f lost.cluster*
is "a removed file serves on while it is open" online "$(cat "$mountpoint/demo/groups/web/state")"
stop_daemon
finish
