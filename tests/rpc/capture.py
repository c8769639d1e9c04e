#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Has tshark decode what was captured of our interface, and says what it finds wrong.

capture.py CAPTURE PORT... -- OPTION...: CAPTURE is a pcap file of Ethernet frames with the whole
connections of those TCP ports; the options are tshark's, such as keys. Prints how many messages there
were, and each complaint with the frame's number in the copy; fails if there is one.

tshark is given a copy that has each PDU as a frame of its own, as tshark opens only one sealed PDU of a
frame. And where NTLM is inside SPNEGO, requests and answers say there that it is NTLM alone: tshark
does not count the eight bytes of the key stream that each signature takes there, and could open nothing
but the first PDU. Keys and bytes are the same.
"""
import collections
import os
import struct
import subprocess
import sys
import tempfile

REQUEST, RESPONSE, FAULT = 0, 2, 3
PCAP = 0xA1B2C3D4, 0xA1B23C4D  # with micro- and with nanoseconds
SPNEGO, NTLM = 9, 10
NTLM_SIGNATURE = b"\1\0\0\0"
ETHERNET, RAW_IP = 1, 101
SYN = 2

# Of what tshark remarks: from this severity on it counts, unless it is of Kerberos's keys.
WARNING = 0x00600000
DECRYPTION = 0x0C000000

# Where the other description of the interface, from which tshark's tables are made, has another layout
# than the specification: method and type of PDU, and what tshark says then.
LONG, MALFORMED = "Long frame", "Malformed Packet (Exception occurred)"
DIFFERENT = {
    (43, REQUEST): {LONG},  # DeleteGroup, AddNotifyKey, AddNotifyV2: the last parameter, a BOOL, has
    (61, REQUEST): {LONG},  # one byte there, and four in fact
    (138, REQUEST): {LONG},
    (108, RESPONSE): {LONG},  # SetServiceAccountPassword: the counts of an array in place are not read
    (139, RESPONSE): {LONG, MALFORMED},  # GetNotifyV2: a key is taken for a pointer to one
}

FIELDS = (
    "frame.number dcerpc.pkt_type dcerpc.opnum clusapi.opnum epm.opnum dcerpc.cn_flags.last_frag "
    "dcerpc.cn_frag_len dcerpc.cn_auth_len dcerpc.auth_pad_len dcerpc.payload_stub_data "
    "dcerpc.rpc_sec_vt.signature dcerpc.fragment.error _ws.expert.severity _ws.expert.group "
    "_ws.expert.message"
).split()
Row = collections.namedtuple("Row", [name.replace(".", "_").lstrip("_") for name in FIELDS])


class Stream:
    """One direction of a connection."""

    def __init__(self, sequence):
        self.next = sequence
        self.bytes = bytearray()
        self.early = {}

    def take(self, sequence, payload):
        """A segment, which on a busy machine may come again or before the one that precedes it."""
        self.early[sequence] = max(payload, self.early.get(sequence, b""), key=len)
        while self.early:
            at = min(self.early, key=lambda one: (one - self.next + 0x80000000) & 0xFFFFFFFF)
            back = (self.next - at) & 0xFFFFFFFF
            if back >= 0x80000000:
                return
            fresh = self.early.pop(at)[back:]
            self.bytes += fresh
            self.next = (self.next + len(fresh)) & 0xFFFFFFFF


def packets(data):
    magic, _, _, _, _, _, link = struct.unpack_from("<IHHiIII", data)
    if magic not in PCAP or link != ETHERNET:
        raise ValueError("no capture of Ethernet frames")
    offset = 24
    while offset < len(data):
        time, captured, length = struct.unpack_from("<8sII", data, offset)
        if captured != length or offset + 16 + length > len(data):
            raise ValueError("a frame that is cut off")
        yield time, data[offset + 16:offset + 16 + length]
        offset += 16 + length


def call_it_ntlm(pdu):
    kind, (length, auth) = pdu[2], struct.unpack_from("<HH", pdu, 8)
    trailer = length - auth - 8
    if (auth != 0 and kind in (REQUEST, RESPONSE, FAULT) and pdu[trailer] == SPNEGO
            and pdu[trailer + 8:trailer + 12] == NTLM_SIGNATURE):
        pdu[trailer] = NTLM


def frame_of(time, addresses, ports, sequence, pdu):
    size = 40 + len(pdu)
    return b"".join((
        time, struct.pack("<II", size, size),
        struct.pack(">BBHHHBBH", 0x45, 0, size, 0, 0, 64, 6, 0), addresses, ports,
        struct.pack(">IIBBHHH", sequence, 0, 0x50, 0x18, 0xFFFF, 0, 0), pdu))


def pdus(data):
    """The copy: one frame for each PDU. Connections must be whole, and hold nothing else."""
    streams = {}
    yield data[:4] + struct.pack("<HHiIII", 2, 4, 0, 0, 262144, RAW_IP)
    for time, packet in packets(data):
        ip = packet[14:]
        header, protocol = (ip[0] & 15) * 4, ip[9]
        if protocol != 6:
            continue
        tcp = ip[header:struct.unpack_from(">H", ip, 2)[0]]
        sequence, = struct.unpack_from(">I", tcp, 4)
        payload = tcp[(tcp[12] >> 4) * 4:]
        key = ip[12:20], tcp[:4]
        if tcp[13] & SYN:
            streams[key] = Stream((sequence + 1) & 0xFFFFFFFF)
            continue
        if not payload:
            continue
        stream = streams[key]
        begin = (stream.next - len(stream.bytes)) & 0xFFFFFFFF
        stream.take(sequence, payload)
        while len(stream.bytes) >= 16:
            length, = struct.unpack_from("<H", stream.bytes, 8)
            if length < 16:
                raise ValueError("what is no PDU")
            if len(stream.bytes) < length:
                break
            pdu = stream.bytes[:length]
            del stream.bytes[:length]
            call_it_ntlm(pdu)
            yield frame_of(time, *key, begin, pdu)
            begin = (begin + length) & 0xFFFFFFFF
    if any(stream.early for stream in streams.values()):
        raise ValueError("a connection with a gap")
    if any(stream.bytes for stream in streams.values()):
        raise ValueError("a connection that ends in the middle of a PDU")


def remarks(row):
    """What tshark said of a message that counts."""
    if row.dcerpc_fragment_error:
        yield "fragments that do not fit"
    for severity, group, message in zip(row.ws_expert_severity.split("|"), row.ws_expert_group.split("|"),
                                        row.ws_expert_message.split("|")):
        if severity and int(severity) >= WARNING and int(group) != DECRYPTION:
            yield message


def complaints(row):
    if not row.dcerpc_pkt_type:
        return ["not a message of RPC"]
    kind, said = int(row.dcerpc_pkt_type.split("|")[-1]), set(remarks(row))
    if kind not in (REQUEST, RESPONSE):
        return said
    stub = int(row.dcerpc_cn_frag_len) - 24
    if row.dcerpc_auth_pad_len:
        stub -= 8 + int(row.dcerpc_cn_auth_len) + int(row.dcerpc_auth_pad_len)
    # It cannot open a sealed request in which there is nothing at all.
    if kind == REQUEST and stub == 0 and said == {MALFORMED}:
        return []
    # Samba's clients align the trailer that they put behind their parameters.
    if kind == REQUEST and row.dcerpc_rpc_sec_vt_signature:
        said.discard(LONG)
    said -= DIFFERENT.get((int(row.dcerpc_opnum.split("|")[0]), kind), set())
    if row.dcerpc_cn_flags_last_frag.split("|")[-1] == "1":
        if not row.clusapi_opnum and not row.epm_opnum:
            said.add("of no method that is known")
        if stub > 0 and not row.dcerpc_payload_stub_data:
            said.add("could not be opened")
    return said


def read_by_tshark(copy, ports, options):
    """A row for each message."""
    command = ["tshark", "-n", "-r", copy, "-o", "tcp.analyze_sequence_numbers:FALSE", "-T", "fields",
               "-E", "aggregator=|", *options]
    for port in ports:
        command += ["-d", f"tcp.port=={port},dcerpc"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.decode("utf-8", "replace"))
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        yield Row(*line.split("\t"))


def main():
    split = sys.argv.index("--")
    path, ports, options = sys.argv[1], sys.argv[2:split], sys.argv[split + 1:]
    problems, messages, calls = [], 0, 0
    try:
        with tempfile.NamedTemporaryFile(dir=os.path.dirname(path)) as copy:
            with open(path, "rb") as file:
                copy.writelines(pdus(file.read()))
            copy.flush()
            for row in read_by_tshark(copy.name, ports, options):
                messages += 1
                calls += bool(row.clusapi_opnum)
                problems += [f"{row.frame_number}: type {row.dcerpc_pkt_type}, method {row.dcerpc_opnum}: "
                             f"{text}" for text in complaints(row)]
    except (ValueError, KeyError, IndexError, struct.error) as error:
        problems.append(f"{error!r}")
    print(messages, calls)
    print("\n".join(problems))
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
