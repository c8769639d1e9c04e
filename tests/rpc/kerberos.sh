#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Samba's tests of the interface, and our own client, against clusapid by Kerberos: with a realm of
# our own. TAP.
. "$(dirname "$0")/lib.sh"

realm=CLUSTER.TEST host=node1.cluster.test address=192.0.2.1
export KRB5_CONFIG=$work/krb5.conf KRB5_KDC_PROFILE=$work/kdc.conf KRB5CCNAME=FILE:$work/cache
export KRB5RCACHEDIR=$work
cat >krb5.conf <<END
[libdefaults]
 default_realm = $realm
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 $realm = {
  kdc = 127.0.0.1:88
 }
[domain_realm]
 .cluster.test = $realm
END
cat >kdc.conf <<END
[realms]
 $realm = {
  database_name = $work/principal
  key_stash_file = $work/stash
  acl_file = $work/acl
  kdc_listen = 127.0.0.1:88
  kdc_tcp_listen = 127.0.0.1:88
 }
[logging]
 kdc = FILE:$work/kdc.log
END
# Names of loopback alone are not resolved.
ip address add "$address/32" dev lo
printf "127.0.0.1 localhost\n%s %s\n" "$address" "$host" >hosts
mount --bind hosts /etc/hosts

kdc=
end_kdc() {
    [ -z "$kdc" ] || kill "$kdc"
}
trap end_kdc EXIT
{
    kdb5_util create -s -r "$realm" -P master
    kadmin.local -q "addprinc -pw \"$password\" bob"
    # Ours asks for the first, Samba for the second.
    for principal in "host/$host" "MSServerClusterMgmtAPI/${host^^}"; do
        kadmin.local -q "addprinc -randkey $principal"
        kadmin.local -q "ktadd -k $work/keytab $principal"
    done
} >realm.log 2>&1 </dev/null || not_passed "a realm" "$(cat realm.log)"
krb5kdc -n >>realm.log 2>&1 </dev/null &
kdc=$!
# shellcheck disable=SC2016 # for the inner shell
ok "bob has a ticket" wait_until 10 sh -c 'echo "$1" | kinit bob' - "$password"

begin_capture
start_service "keytab=$work/keytab"
sed -i "s/^administrators=.*/&;bob@$realm/" clusapid.conf
kill -HUP "$service"
sleep 0.5

# torture MODE
torture() {
    timeout $((120 * slowness)) smbtorture --format=subunit --configfile=/dev/null \
        --option="realm=$realm" -U "bob@$realm%$password" --use-kerberos=required \
        "ncacn_ip_tcp:$host[$port,$1]" rpc.clusapi 2>&1 </dev/null
}

for mode in krb5,seal krb5,sign spnego,seal; do
    torture "$mode" >output
    good=$(grep -c '^success: ' output)
    bad=$(grep -cE '^(failure|error): ' output)
    left=$(grep -c '^skip: ' output)
    echo "# smbtorture $mode by Kerberos: $good passed, $left skipped, $bad failed"
    is "no test of $mode fails" 0 "$bad"
    [ "$bad" = 0 ] || grep -A3 -E '^(failure|error): ' output | head -n 12 | sed 's/^/# /'
    ok "and they ran" test "$good" -ge 60
done

cat >"$CLUSAPI_CONF" <<END
[network]
backend=rpc
address=$host:$port
END
mkdir network.mnt
"$CLUSFS" -f network network.mnt >>"$log" 2>&1 </dev/null &
mount=$!
ok "our client comes in by its ticket" wait_until 10 test -f network.mnt/network/groups/web/state
is "and is told" online "$(cat network.mnt/network/groups/web/state)"
ok "and may act" sh -c 'echo offline >network.mnt/network/groups/web/state'
kill "$mount"
wait "$mount"
is "its mount ends in order" 0 $?
stop_service
check_capture 8000 -o kerberos.decrypt:TRUE -K "$work/keytab"
finish
