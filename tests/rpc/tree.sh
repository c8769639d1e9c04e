#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One cluster, mounted from its file, through clusapid's Unix socket, and through TCP, sealed: the
# trees are the same. TAP.
. "$(dirname "$0")/lib.sh"

begin_capture
start_service
(
    umask 077
    printf 'user=bob\ndomain=CLUSTER\npassword=%s\n' "$password" >credentials
)
cat >"$CLUSAPI_CONF" <<END
[embedded]
backend=embedded
address=$work/demo.cluster
[socket]
backend=rpc
address=$work/socket
[network]
backend=rpc
address=127.0.0.1:$port
credentials=$work/credentials
END

# What is told of the mount itself.
own='^file (handles|last_error|backend|access) '

# tree_of NAME: everything that a mount of the section says, into NAME.tree.
tree_of() {
    local directory=$work/$1.mnt daemon
    mkdir "$directory"
    "$CLUSFS" -f -o ro "$1" "$directory" >>"$log" 2>&1 </dev/null &
    daemon=$!
    wait_until 10 is_mounted "$directory" || not_passed "the mount of $1" "$(tail "$log")"
    "$python" -I -B "$tests/../fs/tree.py" "$directory"/* | grep -avE "$own" >"$1.tree"
    kill "$daemon"
    wait "$daemon"
    is "the mount of $1 ends in order" 0 $?
}

for way in embedded socket network; do
    tree_of "$way"
done
ok "there is a tree" test "$(wc -l <embedded.tree)" -gt 1000
same "through the Unix socket it is the same" embedded.tree socket.tree
same "through TCP it is the same" embedded.tree network.tree
stop_service
check_capture 50000 -o "ntlmssp.nt_password:$password"
finish
