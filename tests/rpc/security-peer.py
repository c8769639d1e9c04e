#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A foreign client for security-interop.c: Samba's gensec or impacket's NTLM.

security-peer.py IMPLEMENTATION TYPE LEVEL HOST USER DOMAIN PASSWORD, then a line in, a line out:
  step HEX|-            the next token, HEX or -; the exchange's end is known to the other side
  sign HEX|- HEX        a token for that stub, in that PDU without its token
  check HEX|- HEX HEX   the same with the token to check
  seal HEX HEX          stub and PDU: sealed stub and token
  unseal HEX HEX HEX    sealed stub, PDU with it, and token: the plain stub
A failure is the line `error TEXT`; a missing implementation ends it at once with status 77.
"""
import sys

implementation, auth_type, level, host, user, domain, password = sys.argv[1:]


class Samba:
    """Seals only what is a PDU all by itself: its Python bindings have no more."""

    def __init__(self):
        from samba import credentials, gensec, param

        lp = param.LoadParm()
        lp.load_default()
        creds = credentials.Credentials()
        creds.guess(lp)
        creds.set_username(user)
        creds.set_password(password)
        creds.set_domain(domain)
        if "." in domain:
            creds.set_realm(domain)
            creds.set_kerberos_state(credentials.MUST_USE_KERBEROS)
        else:
            creds.set_kerberos_state(credentials.DONT_USE_KERBEROS)
        self.gensec = gensec.Security.start_client({"lp_ctx": lp, "target_hostname": host})
        self.gensec.set_credentials(creds)
        self.gensec.set_target_service("host")
        self.gensec.set_target_hostname(host)
        self.gensec.want_feature(gensec.FEATURE_SIGN_PKT_HEADER)
        self.gensec.start_mech_by_authtype(int(auth_type), int(level))

    def step(self, token):
        return self.gensec.update(token)[1]

    def sign(self, stub, pdu):
        return self.gensec.sign_packet(stub, pdu)

    def check(self, stub, pdu, token):
        self.gensec.check_packet(stub, pdu, token)

    def seal(self, stub, pdu):
        assert stub == pdu
        sealed = self.gensec.wrap(stub)
        return sealed[16:], sealed[:16]

    def unseal(self, stub, pdu, token):
        assert stub == pdu
        return self.gensec.unwrap(token + stub)


class Impacket:
    """NTLM from its parts, as its DCE/RPC puts them together."""

    def __init__(self):
        from impacket import ntlm
        from Cryptodome.Cipher import ARC4

        self.ntlm = ntlm
        self.arc4 = ARC4
        self.first = None
        self.sent = self.received = 0

    def step(self, token):
        if self.first is None:
            self.first = self.ntlm.getNTLMSSPType1("", domain, signingRequired=True)
            return self.first.getData()
        answer, key = self.ntlm.getNTLMSSPType3(self.first, token, user, password, domain)
        self.flags = answer["flags"]
        self.keys = {
            mode: (
                self.ntlm.SIGNKEY(self.flags, key, mode),
                self.arc4.new(self.ntlm.SEALKEY(self.flags, key, mode)).encrypt,
            )
            for mode in ("Client", "Server")
        }
        return answer.getData()

    def sign(self, stub, pdu):
        key, handle = self.keys["Client"]
        token = self.ntlm.SIGN(self.flags, key, pdu, self.sent, handle)
        self.sent += 1
        return token.getData()

    def check(self, stub, pdu, token):
        key, handle = self.keys["Server"]
        expected = self.ntlm.SIGN(self.flags, key, pdu, self.received, handle)
        self.received += 1
        assert expected.getData() == token

    def seal(self, stub, pdu):
        key, handle = self.keys["Client"]
        sealed, token = self.ntlm.SEAL(self.flags, key, None, pdu, stub, self.sent, handle)
        self.sent += 1
        return sealed, token.getData()

    def unseal(self, stub, pdu, token):
        key, handle = self.keys["Server"]
        plain = handle(stub)
        at = pdu.index(stub)
        pdu = pdu[:at] + plain + pdu[at + len(stub):]
        assert self.ntlm.MAC(self.flags, handle, key, self.received, pdu).getData() == token
        self.received += 1
        return plain


def text(value):
    if value is None:
        return "ok"
    if isinstance(value, tuple):
        return " ".join(text(one) for one in value)
    return value.hex() or "-"


try:
    peer = {"samba": Samba, "impacket": Impacket}[implementation]()
except ImportError:
    sys.exit(77)
for line in sys.stdin:
    verb, *arguments = line.split()
    try:
        answer = getattr(peer, verb)(*(bytes.fromhex(one.strip("-")) for one in arguments))
        print(text(answer), flush=True)
    except Exception as problem:
        print("error", repr(problem), flush=True)
