/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

static DWORD create_type(ClusapidCall *call)
{
    const ClNdrValue *values = call->values;
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : CreateClusterResourceType(cluster, values[0].text, values[1].text, values[2].text,
                                           (DWORD)values[3].number, (DWORD)values[4].number);
}

static DWORD delete_type(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS ? code : DeleteClusterResourceType(cluster, call->values[0].text);
}

static const ClusapidRow rows[] = {
    {CL_OP_CreateResourceType, create_type},
    {CL_OP_DeleteResourceType, delete_type},
};

CLUSAPID_FAMILY(clusapid_resource_type_methods, rows);
