#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Samba's tests of the interface, and our own client, against clusapid by Kerberos: with a realm of
# our own. TAP.
. "$(dirname "$0")/lib.sh"

# shellcheck source-path=SCRIPTDIR
. "$tests/realm.sh"

make_realm >realm.log 2>&1 </dev/null || not_passed "a realm" "$(cat realm.log)"
trap end_kdc EXIT
start_kdc
# shellcheck disable=SC2016 # for the inner shell
ok "bob has a ticket" wait_until 10 sh -c 'echo "$1" | kinit bob' - "$password"

begin_capture
# The service's clock is as good as the clients'.
sed 's/^\[libdefaults\]/&\n clockskew = 1/' krb5.conf >service-krb5.conf
KRB5_CONFIG=$work/service-krb5.conf start_service "keytab=$work/keytab"
sed -i "s/^administrators=.*/&;bob@$realm/" clusapid.conf
reload_service

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

# --- Tickets that expire while a client is connected ---

# log_on SECONDS
log_on() {
    kinit -l "$1s" bob <<<"$password" >/dev/null
}
state_of_web() {
    cat network.mnt/network/groups/web/state 2>&1
}

log_on 4
"$CLUSFS" -f network network.mnt >>"$log" 2>&1 </dev/null &
mount=$!
ok "a client with a short ticket comes in" wait_until 10 test -f network.mnt/network/groups/web/state
log_on 9
sleep 6
is "when it has expired a new one is taken" offline "$(state_of_web)"
# A ticket is good for its seconds, rounded up, and the skew of the service's clock.
is_refused() {
    [[ $(state_of_web) =~ (Key has expired|Permission denied|Required key) ]]
}
ok "without one the client is told" wait_until 15 is_refused
log_on 60
is "and with one it is served again" offline "$(state_of_web)"
kill "$mount"
wait "$mount"
is "the mount ends in order" 0 $?
stop_service
check_capture 8000 -o kerberos.decrypt:TRUE -K "$work/keytab"
finish
