#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls what Pacemaker has nothing for, on the cluster of this host, and prints of each function what it
answers: a line with its name and the number of the error. The installed library is used; nothing that is
asked for here may be done.

refusals.py GROUP RESOURCE OTHER NODE: a group that is online, two of its resources, the second of which is
after the first, and its owner. There are groups "front" and "back".
"""
import ctypes
import sys

api = ctypes.CDLL("libclusapi.so.0")
handle = ctypes.c_void_p
number = ctypes.c_uint32


def wide(text):
    return (text + "\0").encode("utf-16-le")


def take(name, *arguments):
    """A handle of a function that is to give one."""
    function = getattr(api, name)
    function.restype = handle
    found = handle(function(*arguments))
    if not found:
        sys.exit(f"{name}: error {api.GetLastError()}")
    return found


def tell(name, answer):
    print(name, answer)


def refuse(name, *arguments):
    """A function that returns its error."""
    tell(name, getattr(api, name)(*arguments))


def refuse_handle(name, *arguments):
    """One that returns a handle or FALSE, and sets the last error."""
    function = getattr(api, name)
    function.restype = handle
    tell(name, 0 if function(*arguments) else api.GetLastError())


group_name, resource_name, other_name, node_name = sys.argv[1:]
cluster = take("OpenCluster", None)
group = take("OpenClusterGroup", cluster, wide(group_name))
resource = take("OpenClusterResource", cluster, wide(resource_name))
other = take("OpenClusterResource", cluster, wide(other_name))
node = take("OpenClusterNode", cluster, wide(node_name))
network = take("OpenClusterNetwork", cluster, wide("link0"))

# Opened, made and destroyed.
refuse_handle("CreateClusterGroupSet", cluster, wide("set"))
refuse_handle("AddClusterNode", cluster, wide("node9"), None, None)
refuse("CreateClusterResourceType", cluster, wide("Type"), wide("Type"), wide("type.dll"), 5000, 60000)
refuse("DeleteClusterResourceType", cluster, wide("ocf:heartbeat:Dummy"))
refuse("DestroyCluster", cluster, None, None, 0)
refuse("BackupClusterDatabase", cluster, wide("/var/tmp/backup"))


class GroupInfo(ctypes.Structure):
    _fields_ = [("version", number), ("type", ctypes.c_int)]


# A file server.
refuse_handle("CreateClusterGroupEx", cluster, wide("files"), ctypes.byref(GroupInfo(1, 100)))

# Networks and quorum.
refuse("SetClusterNetworkName", network, wide("front"))
refuse("SetClusterNetworkPriorityOrder", cluster, 1, (handle * 1)(network))
refuse("SetClusterQuorumResource", resource, None, 0)
buffer = ctypes.create_string_buffer(512)
length = number(256)
tell("GetClusterResourceNetworkName",
     0 if api.GetClusterResourceNetworkName(resource, buffer, ctypes.byref(length)) else api.GetLastError())

# Nodes, groups and resources.
refuse("PauseClusterNode", node)
refuse("SetGroupDependencyExpression", group, wide("[front] or [back]"))
refuse("RemoveClusterResourceDependency", other, resource)

# Control codes of checkpoints, maintenance, moves and affinity rules.
returned = number()
for name, target, code in (("ClusterResourceControl", resource, 0x014000A2),
                           ("ClusterResourceControl", resource, 0x014001E6),
                           ("ClusterGroupControl", group, 0x030002D9),
                           ("ClusterControl", cluster, 0x07002DDD)):
    refuse(name, target, None, number(code), None, 0, buffer, 512, ctypes.byref(returned))
