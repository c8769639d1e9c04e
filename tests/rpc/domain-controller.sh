#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Our client and a domain controller of Samba, which serves the interface by a module of ours: NTLM,
# SPNEGO and Kerberos as Samba has them, found by its endpoint mapper. TAP.
#
# The build says where SESSION, the client, and SAMBA_MODULE are, and the directory SAMBA_MODULES that
# Samba loads such modules from.
if [ -z "${SAMBA_MODULE:-}" ]; then
    echo "1..0 # SKIP samba-dev was not there when this was built"
    exit 0
fi
. "$(dirname "$0")/lib.sh"

realm=CLUSTER.TEST host=dc1.cluster.test address=192.0.2.1
export KRB5_CONFIG=$work/krb5.conf

# --- The domain ------------------------------------------------------------------------------------

# Names of loopback alone are not resolved.
ip address add "$address/32" dev lo
printf '127.0.0.1 localhost\n%s %s dc1\n' "$address" "$host" >hosts
mount --bind hosts /etc/hosts
cat >krb5.conf <<END
[libdefaults]
 default_realm = $realm
 dns_lookup_kdc = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 $realm = {
  kdc = $address
 }
END

# Samba knows one directory for all modules: here it has its own ones and, beside them, ours.
samba=$(dirname "$SAMBA_MODULES")
mkdir samba.modules modules
mount --bind "$samba" samba.modules
mount --bind modules "$samba"
for entry in samba.modules/*; do
    if [ -d "$entry" ]; then
        mkdir "$samba/${entry##*/}"
        mount --bind "$entry" "$samba/${entry##*/}"
    else
        ln -s "$work/$entry" "$samba"
    fi
done
mkdir -p "$SAMBA_MODULES"
cp "$SAMBA_MODULE" "$SAMBA_MODULES"

mkdir -m 700 private
mkdir state
cat >smb.conf <<END
[global]
 netbios name = DC1
 workgroup = CLUSTER
 realm = $realm
 server role = active directory domain controller
 server services = rpc kdc
 dcerpc endpoint servers = epmapper clusapi
 log level = 2 auth_audit:4
 private dir = $work/private
 state directory = $work/state
 cache directory = $work/state
 lock directory = $work/state
 pid directory = $work/state
 binddns dir = $work/state
 ncalrpc dir = $work/state/ncalrpc
[netlogon]
 path = $work/state
[sysvol]
 path = $work/state
END
"$python" -I -B "$tests/samba/provision.py" "$work/smb.conf" "$realm" CLUSTER DC1 "$address" bob \
    "$password" >provision.log 2>&1 </dev/null || {
    not_passed "a domain" "$(tail -n 20 provision.log)"
    finish
}
samba --foreground --no-process-group --model=single --configfile="$work/smb.conf" --debug-stdout \
    --log-basename="$work" >samba.log 2>&1 </dev/null &
controller=$!

listens() { # PORT
    (: >"/dev/tcp/$address/$1")
}
ok "Samba maps endpoints" wait_until 20 listens 135
ok "and has a KDC" wait_until 20 listens 88

# --- Sessions --------------------------------------------------------------------------------------

# credentials NAME USER DOMAIN PASSWORD
credentials() {
    (
        umask 077
        printf 'user=%s\ndomain=%s\npassword=%s\n' "$2" "$3" "$4" >"$1"
    )
}
credentials bob bob CLUSTER "$password"
credentials bob.kerberos bob "$realm" "$password"
credentials wrong bob CLUSTER "not it"
credentials wrong.kerberos bob "$realm" "not it"
credentials unknown nobody CLUSTER "$password"

# session AUTH LEVEL CREDENTIALS GROUP: the ticket if there are no credentials.
session() {
    {
        printf '[domain]\nbackend=rpc\naddress=%s\nauth=%s\nlevel=%s\n' "$host" "$1" "$2"
        [ -z "$3" ] || printf 'credentials=%s\n' "$work/$3"
    } >"$CLUSAPI_CONF"
    timeout $((20 * slowness)) "$SESSION" domain "$4" 2>&1 </dev/null
}

# By what Samba knew the last one who logged on.
mechanism() {
    sed -n 's|^ *Successful AuthZ: \[DCE/RPC,\([A-Za-z0-9]*\)\].*|\1|p' samba.log | tail -n 1
}

# good NAME AUTH CREDENTIALS TYPE MECHANISM: what is asked for, and what Samba says that it was.
good() {
    is "$1, is sealed and reads" "name: samba
vendor: CLUSTER\\bob, type $4, level 6
groups: 1500
state: 0
owner: dc1" "$(session "$2" privacy "$3" web)"
    is "and Samba knows the caller by $5" "$5" "$(mechanism)"
}

export KRB5CCNAME=FILE:$work/cache
# shellcheck disable=SC2016 # for the inner shell
ok "bob has a ticket" sh -c 'echo "$1" | kinit bob' - "$password"
good "a session by NTLM" ntlm bob 10 NTLMSSP
good "a session by SPNEGO with NTLM in it" negotiate bob 9 NTLMSSP
good "a session by Kerberos" kerberos "" 16 krb5
good "a session by SPNEGO with Kerberos in it" negotiate "" 9 krb5
like "both by a ticket of AES-256" 'aes256-cts-hmac-sha1-96, aes256-cts-hmac-sha1-96' \
    "$(klist -e | grep -A1 " host/$host")"
good "a session by Kerberos with a password" kerberos bob.kerberos 16 krb5

# A name of several fragments, to the last letter.
name=$(printf 'n%.0s' {1..9000})
for auth in ntlm kerberos; do
    credentials=$([ "$auth" = kerberos ] || echo bob)
    like "a long name goes out by $auth" '^state: 1$' \
        "$(session "$auth" privacy "$credentials" "$name")"
    like "and another one is unknown" '^OpenClusterGroup: 5013$' \
        "$(session "$auth" privacy "$credentials" "${name}n")"
done

# --- Refusals --------------------------------------------------------------------------------------

# What is only signed gets in, but calls nothing.
for auth in ntlm kerberos; do
    credentials=$([ "$auth" = kerberos ] || echo bob)
    is "who does not seal by $auth is denied access" "OpenCluster: 5" \
        "$(session "$auth" integrity "$credentials" web)"
done
is "by Samba, that wants privacy" 2 "$(grep -c 'restrict access by min_auth_level\[0x6\]' samba.log)"

for auth in ntlm negotiate; do
    is "a wrong password by $auth is a failed logon" "OpenCluster: 1326" \
        "$(session "$auth" privacy wrong web)"
done
is "and is tried once" 2 "$(grep -c 'DCE/RPC,NTLMSSP.*NT_STATUS_WRONG_PASSWORD' samba.log)"
is "a wrong password by Kerberos, too" "OpenCluster: 1326" \
    "$(session kerberos privacy wrong.kerberos web)"
is "and an unknown user" "OpenCluster: 1326" "$(session negotiate privacy unknown web)"

ok "Samba runs to the end" kill "$controller"
wait "$controller"
finish
