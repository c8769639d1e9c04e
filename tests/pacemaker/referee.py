#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Pacemaker itself says: answers out of crm_mon's XML, which is standard input.

referee.py online           the names of the nodes that are online, in order, in one line
referee.py dc               the coordinator's name
referee.py where RESOURCE   the nodes where it is active, in one line
referee.py role RESOURCE    its roles, in one line
"""
import sys
import xml.etree.ElementTree as xml

root = xml.parse(sys.stdin).getroot()
question, *arguments = sys.argv[1:]


def nodes():
    return root.findall("./nodes/node")


def online():
    return sorted(node.get("name") for node in nodes()
                  if node.get("online") == "true" and node.get("pending") == "false")


def instances(name):
    """All elements of a resource; of clones it has one for each instance."""
    return [element for element in root.iter("resource") if element.get("id") == name]


def where(name):
    return sorted({node.get("name") for element in instances(name) for node in element.iter("node")})


if question == "online":
    print(*online())
elif question == "dc":
    dc = root.find("./summary/current_dc")
    print(dc.get("name", "") if dc is not None else "")
elif question == "where":
    print(*where(*arguments))
elif question == "role":
    print(*sorted(element.get("role") for element in instances(*arguments)))
else:
    sys.exit(__doc__)
