#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# provision.py SMB-CONF REALM DOMAIN HOST ADDRESS USER PASSWORD: makes a domain, whose controller is
# HOST, where SMB-CONF says, and in it USER. No part of it is for files: sharing them needs more of
# Samba.
import logging
import sys

from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB

path, realm, domain, host, address, user, password = sys.argv[1:]
configuration = LoadParm()
configuration.load(path)
session = system_session(configuration)
made = provision(
    logging.getLogger(), session, smbconf=path, lp=configuration, realm=realm, domain=domain,
    hostname=host, hostip=address, adminpass=password, dns_backend="NONE",
    serverrole="active directory domain controller", skip_sysvolacl=True,
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2)
SamDB(url=made.paths.samdb, session_info=session, lp=configuration).newuser(user, password)
