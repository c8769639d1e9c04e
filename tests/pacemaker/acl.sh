#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Pacemaker's ACLs hold for who calls clusapid: users of the host, and of the network. games has a role
# that may write the meta attributes of one group, news has none; carol logs on by NTLM.
. "$(dirname "$0")/lab.sh"

lab_administrators='root;games;news;LAB\\carol'
port=49200
password='Baumeister 7'

# --- Mounts of several users -----------------------------------------------------------------------

# Sets `run` to what runs a command as that user.
be() { # USER
    run=()
    [[ $1 == root || $1 == carol ]] || run=(setpriv --reuid="$1" --regid=nogroup --clear-groups)
}

# Nobody but who mounted it may even look at it.
is_mounted_at() { # PATH
    node_exec "$node" grep -q " $1 fuse" /proc/mounts
}

# mount_as USER: at /run/USER of the node; who mounts is who changes.
mount_as() {
    local user=$1 run
    be "$user"
    node_exec "$node" install -d -o "$user" "/run/$user"
    node_daemon "$node" "clusfs-$user" "${run[@]}" \
        env CLUSAPI_MODULE_DIR="$work/modules" CLUSAPI_CONF=/nonexistent \
        "$work/build/${CLUSFS#"$CLUSAPI_BUILD/"}" -f local "/run/$user" &&
        wait_until 10 is_mounted_at "/run/$user" ||
        lab_fail "no mount of $user" "$(cat "$work/n$node/log/clusfs-$user.log")"
}

mount_network() {
    (
        umask 077
        printf 'user=carol\ndomain=LAB\npassword=%s\n' "$password" >credentials
    )
    printf '[lab]\nbackend=rpc\naddress=127.0.0.1:%s\ncredentials=%s\n' "$port" "$work/credentials" \
        >carol.conf
    node_exec "$node" mkdir -p /run/carol
    node_daemon "$node" clusfs-carol env CLUSAPI_MODULE_DIR="$work/modules" \
        CLUSAPI_CONF="$work/carol.conf" "$CLUSFS" -f lab /run/carol &&
        wait_until 10 is_mounted_at /run/carol ||
        lab_fail "no mount of carol" "$(cat "$work/n$node/log/clusfs-carol.log")"
}

# as USER COMMAND...: what bash makes of it in the mount of the user; prints ok, or the error. Its own echo
# would not say what comes of closing a file.
as() {
    local user=$1 run said
    be "$user"
    said=$(LC_ALL=C node_exec "$node" "${run[@]}" bash -c "cd /run/$user/lab && $2" 2>&1) && said=ok
    echo "${said##*: }"
}

may() { # NAME USER COMMAND
    is "$1" ok "$(as "$2" "$3")"
}

# may_not NAME USER COMMAND: and the configuration stays as it is.
may_not() {
    local before
    before=$(configuration_of "$node")
    is "$1" "Permission denied" "$(as "$2" "$3")"
    [ "$(configuration_of "$node")" = "$before" ] ||
        not_passed "$1, and nothing has changed" "$(diff <(echo "$before") <(configuration_of "$node"))"
}

changed_by() {
    node_exec "$node" cibadmin --query --no-children | grep -o 'update-user="[^"]*"'
}

# acls ELEMENTS: those and no others from now on.
acls() {
    node_exec "$node" cibadmin --delete --xpath //configuration/acls >/dev/null 2>&1
    node_exec "$node" cibadmin --create --scope configuration --xml-text "<acls>$1</acls>"
}

role_of_games='<acl_permission id="o-read" kind="read" xpath="/cib"/>
    <acl_permission id="o-web" kind="write" xpath="//group[@id='"'web'"']/meta_attributes"/>'

# --- Without ACLs ----------------------------------------------------------------------------------

lab_start 2 "$tests/lab.xml"
settle
# Not the coordinator, which judges, so that the name has to travel.
node=$([ "$(referee 1 dc)" = n1 ] && echo 2 || echo 1)
(
    umask 077
    printf 'LAB:carol:%s\n' "$password" >"$work/users"
)
chown hacluster "$work/users"
node_exec "$node" sh -c "mknod -m 666 /run/fuse c 10 229 && mount --bind /run/fuse /dev/fuse"
lab_network=$(printf '[network]\nlisten=127.0.0.1:%s\nntlm-users=%s' "$port" "$work/users")
start_clusapid "$node"
for user in root games news; do
    mount_as "$user"
done
mount_network
may "without ACLs an administrator of the configuration may all" games 'env echo 5 >groups/shop/properties/Priority'
is "in his own name" 'update-user="games"' "$(changed_by)"
may "one of the network, too" carol 'env echo 6 >groups/shop/properties/Priority'
is "in the name by which he logged on" 'update-user="LAB\carol"' "$(changed_by)"
may "and root" root 'env echo 7 >groups/shop/properties/Priority'
is "for whom the service acts itself" 'update-user="hacluster"' "$(changed_by)"

# --- With them -------------------------------------------------------------------------------------

acls '<acl_target id="games"><role id="operator"/></acl_target>
    <acl_target id="LAB\carol"><role id="operator"/></acl_target>
    <acl_role id="operator">'"$role_of_games"'</acl_role>'
node_exec "$node" crm_attribute --name enable-acl --update true
settle

may "who may write a group's meta attributes takes it offline" games 'env echo offline >groups/web/state'
stopped() {
    [ "$(referee "$node" where disk)" = "" ]
}
ok "Pacemaker stops it" wait_until 10 stopped
may "from the network, too: online again" carol 'env echo online >groups/web/state'
may "and sets another of them" games 'env echo 9 >groups/web/properties/Priority'
settle
is "which is there" 9 "$(node_exec "$node" crm_resource --resource web --meta --get-parameter priority)"
may_not "but not those of another group" games 'env echo offline >groups/shop/state'
may_not "nor the parameters of a resource in it" games 'env echo x >resources/service/properties/greeting'
may_not "nor moves it" games 'env echo n2 >groups/web/owner'
may_not "nor creates groups" games 'mkdir groups/own'
may_not "nor resources" games 'printf "ocf:lab:Puppet\tmore" >groups/web/create-resource'
may_not "nor deletes one" games 'rmdir resources/part'
may_not "nor renames one" games 'mv groups/spare groups/other'
may_not "nor pauses a node" games 'env echo drained >nodes/n1/state'
may_not "nor keeps anything in the cluster database" games 'mkdir registry/Games'
may_not "nor sets options of the cluster" games 'env echo false >properties/enable-acl'
may_not "nor has a resource fail" games 'env echo failed >resources/service/state'
is "Pacemaker's own program may no more" "Permission denied" "$(node_exec "$node" env CIB_user=games cibadmin \
    --create --scope constraints --xml-text '<rsc_location id="own" rsc="shop" node="n1" score="1"/>' 2>&1 |
    grep -o 'Permission denied' | head -n 1)"
may_not "one of the network may not either" carol 'env echo offline >groups/shop/state'
may_not "who has no role may nothing" news 'env echo 3 >groups/web/properties/Priority'
may "root may all" root 'env echo 3 >groups/shop/properties/Priority'
is "all may look, as the configuration of the service says" ok "$(as news 'cat groups/shop/state')"

# --- What is asked of the daemons ------------------------------------------------------------------

fails() {
    referee "$node" counts | grep -q '^service '
}
may "root has a resource fail" root 'env echo failed >resources/service/state'
ok "which is counted" wait_until 10 fails
settle
may_not "to forget that is a change of the status" games 'env echo online >groups/web/state'
acls '<acl_target id="games"><role id="operator"/></acl_target>
    <acl_role id="operator">'"$role_of_games"'
    <acl_permission id="o-status" kind="write" xpath="/cib/status"/></acl_role>'
may "who may change that does" games 'env echo online >groups/web/state'
forgotten() {
    ! fails
}
ok "and it is forgotten" wait_until 10 forgotten
may_not "whose role has gone may nothing any more" carol 'env echo offline >groups/web/state'

# --- Without them again ----------------------------------------------------------------------------

node_exec "$node" crm_attribute --name enable-acl --delete >/dev/null
may "without ACLs all administrators may all again" news 'env echo 4 >groups/web/properties/Priority'
for user in root games news carol; do
    stop_daemon_of "$node" "clusfs-$user"
done
lab_finish
