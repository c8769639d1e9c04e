#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Samba's rpcclient against clusapid, which it finds by our endpoint mapper. TAP.
. "$(dirname "$0")/lib.sh"

# ask USER COMMAND...
ask() {
    local user=$1
    shift
    timeout $((20 * slowness)) rpcclient --configfile=/dev/null -U "CLUSTER\\$user%$password" \
        'ncacn_ip_tcp:127.0.0.1[seal]' -c "$*" 2>&1 </dev/null
}

begin_capture
start_service
like "the cluster's name" "demo" "$(ask bob clusapi_get_cluster_name)"
like "the cluster opens" "successfully opened cluster" "$(ask bob clusapi_open_cluster)"
# All but those that want a node with an underscore in its name, which no node can have.
for command in get_cluster_version2 get_quorum_resource create_enum create_enumex open_resource \
    get_resource_state offline_resource online_resource; do
    output=$(ask bob "clusapi_$command")
    is "$command" 0 $?
    ok "$command does what it should" sh -c '! grep -E "WERR_[A-NP-Z]|NT_STATUS" <<END
$1
END' - "$output"
done
# Its version of the protocol has none of that.
like "get_cluster_version" "CALL_NOT_IMPLEMENTED|rpc_status" "$(ask bob clusapi_get_cluster_version)"
output=$(ask rita clusapi_get_cluster_name)
like "who may only look is answered" "demo" "$output"
like "who may not come is refused" "ACCESS_DENIED|LOGON_FAILURE|denied" \
    "$(ask nobody clusapi_get_cluster_name)"
stop_service
check_capture 40 -o "ntlmssp.nt_password:$password"
finish
