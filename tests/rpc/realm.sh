# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# A Kerberos realm of one's own, below the directory $work, in a network and mount namespace of one's
# own: with bob, whose password is $password, and the services of the host node1.cluster.test.

realm=CLUSTER.TEST host=node1.cluster.test address=192.0.2.1
kdc=

make_realm() {
    export KRB5_CONFIG=$work/krb5.conf KRB5_KDC_PROFILE=$work/kdc.conf KRB5CCNAME=FILE:$work/cache
    export KRB5RCACHEDIR=$work
    cat >"$KRB5_CONFIG" <<END
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
    cat >"$KRB5_KDC_PROFILE" <<END
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
    printf "127.0.0.1 localhost\n%s %s\n" "$address" "$host" >"$work/hosts"
    mount --bind "$work/hosts" /etc/hosts
    kdb5_util create -s -r "$realm" -P master || return 1
    kadmin.local -q "addprinc -pw \"$password\" bob" || return 1
    # Ours asks for the first, Samba for the second.
    local principal
    for principal in "host/$host" "MSServerClusterMgmtAPI/${host^^}"; do
        kadmin.local -q "addprinc -randkey $principal" || return 1
        kadmin.local -q "ktadd -k $work/keytab $principal" || return 1
    done
}

# Then somebody may log on with kinit.
start_kdc() {
    krb5kdc -n >>"$work/kdc.log" 2>&1 </dev/null &
    kdc=$!
}

end_kdc() {
    [ -z "$kdc" ] || kill "$kdc"
}
