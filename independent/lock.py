"""
A lock and a fixture at its door, written from docs/wire/device-protocol.md and docs/wire/plant-port.md alone: two
pseudo-terminals, one bolt. It shares no line with the rest of this repository. `--flaw` gives it a defect.

    python3 independent/lock.py --folder DIR --owner HEX [--flaw NAME] [--bus ADDRESS --address MAC [--mtu N]]

Prints the lock's public key when both ports stand, at DIR/device and DIR/plant. With a bus its own link is on the air
instead (radio.py). Ends with its input.
"""
import argparse
import os
import pty
import secrets
import select
import struct
import sys
import threading
import time
import tty
import zlib

sys.path.insert(0, os.path.dirname(__file__))
from crypto import Handshake, public, seal, unseal  # noqa: E402

BOLT_S = 0.03
IDLE_MS = 300_000
FACTORY = public(bytes([1]) * 32)
HELLO, WELCOME, SEALED, AWAY = 1, 2, 3, 4
FLAWS = ("", "repeats", "plain", "factory", "sessions", "power", "deaf")
RADIO_FLAWS = ("pieces", "joins", "recounts")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


# --- CBOR: the part of RFC 8949 that the wire needs, and only in its deterministic form


def head(major: int, n: int) -> bytes:
    for limit, code, form in ((24, None, ">B"), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I"), (1 << 64, 27, ">Q")):
        if n < limit:
            return bytes([major << 5 | n]) if code is None else bytes([major << 5 | code]) + struct.pack(form, n)
    raise ValueError("too large")


def dump(value) -> bytes:
    if value is None:
        return b"\xf6"
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(dump, value))
    items = sorted((dump(k), dump(v)) for k, v in value.items())
    return head(5, len(items)) + b"".join(k + v for k, v in items)


def load(data: bytes):
    """The value, or ValueError for what is not the one way to write it."""

    def one(at):
        if at >= len(data):
            raise ValueError("short")
        major, low = data[at] >> 5, data[at] & 31
        at += 1
        if major == 7:
            return {20: False, 21: True, 22: None}[low], at
        if low < 24:
            n = low
        elif low <= 27:
            size = 1 << (low - 24)
            n = int.from_bytes(data[at : at + size], "big")
            at += size
        else:
            raise ValueError("indefinite")
        if major == 0:
            return n, at
        if major in (2, 3):
            if at + n > len(data):
                raise ValueError("short")
            piece = data[at : at + n]
            return (piece if major == 2 else piece.decode()), at + n
        if major == 4:
            out = []
            for _ in range(n):
                item, at = one(at)
                out.append(item)
            return out, at
        raise ValueError("no such thing in a request")

    try:
        value, end = one(0)
        if end != len(data) or dump(value) != data:
            raise ValueError("not deterministic")
        return value
    except (KeyError, UnicodeDecodeError, struct.error) as error:
        raise ValueError("no CBOR") from error


# --- frames


def cobs(data: bytes) -> bytes:
    out = bytearray()
    for part in (data + b"\x00").split(b"\x00")[:-1]:
        while len(part) >= 254:
            out += b"\xff" + part[:254]
            part = part[254:]
        out += bytes([len(part) + 1]) + part
    return bytes(out)


def uncobs(data: bytes):
    out, at = bytearray(), 0
    while at < len(data):
        code = data[at]
        run = data[at + 1 : at + code]
        if code == 0 or len(run) < code - 1:
            return None
        out += run
        at += code
        if code < 255 and at < len(data):
            out.append(0)
    return bytes(out)


def framed(kind: int, session: int, number: int, payload: bytes) -> bytes:
    body = struct.pack(">BII", kind, session, number) + payload
    return b"\x00" + cobs(body + struct.pack(">I", zlib.crc32(body))) + b"\x00"


class Lock:
    """The lock itself: bolt, log, keys, sessions."""

    def __init__(self, owner: bytes, flaw: str, moved):
        self.secret = secrets.token_bytes(32)
        self.keys = {owner: "owner"}
        if flaw == "factory":
            self.keys[FACTORY] = "owner"
        self.flaw, self.moved, self.supplied = flaw, moved, lambda on: None
        self.bolt, self.door, self.power = "locked", "closed", True
        self.sessions, self.waiting, self.log = {}, None, []
        self.held, self.too_long, self.deaf = bytearray(), False, False
        self.codes, self.shaded = {}, False

    def note(self, verb: str, method=None, slot=None):
        self.log.append([len(self.log) + 1, now_ms(), verb, method, slot])

    def present(self, pin: str) -> str:
        """One code at the keypad. Codes are slot: (digits, first ms or None, ms of the end or None)."""
        if not self.power:
            return "dead"
        now = now_ms()
        for slot, (digits, starts, ends) in self.codes.items():
            if digits == pin and (starts is None or starts <= now) and (ends is None or now < ends):
                self.move("unlocked", "pin", BOLT_S, slot)
                return "accepted"
        self.note("lock.denied", "pin")
        return "denied"

    def move(self, to: str, method: str, takes: float, slot=None):
        if self.bolt == to:
            return
        if takes:
            self.bolt = "between"
            self.moved()
            time.sleep(takes)
        self.bolt = to
        self.moved()
        self.note("lock." + to, method, slot)

    def supply(self, on: bool):
        if not on and self.flaw != "power":
            self.sessions, self.waiting = {}, None
        if on and not self.power:
            self.note("lock.restarted")
        self.power = on
        self.supplied(on)

    def connected(self):
        """A new connection: its sessions go on, and so do their numbers."""
        if self.flaw == "recounts":
            for one in self.sessions.values():
                one["newest"] = -1

    def heard(self, data: bytes) -> bytes:
        out = b""
        for byte in data:
            if byte:
                if len(self.held) < 4200:
                    self.held.append(byte)
                else:
                    self.too_long = True
                continue
            line, long = bytes(self.held), self.too_long
            self.held, self.too_long = bytearray(), False
            if line and self.power and not self.deaf:
                out += self.frame(None if long else uncobs(line)) or b""
        return out

    def frame(self, body):
        if body is None or len(body) < 13 or len(body) > 9 + 4096 + 4 or zlib.crc32(body[:-4]) != int.from_bytes(body[-4:], "big"):
            self.deaf = self.flaw == "deaf"
            return None
        kind, session, number = struct.unpack(">BII", body[:9])
        payload = body[9:-4]
        if kind == HELLO:
            return self.hello(number, payload)
        return self.sealed(session, number, body[:9], payload) if kind == SEALED else None

    def hello(self, number: int, payload: bytes):
        away = lambda why: framed(AWAY, 0, number, bytes([why]))
        if len(payload) < 2 or payload[0] != 1:
            return away(1)
        if payload[1] != 1:
            return away(2)
        shake = Handshake(self.secret, b"lockproof-device" + payload[:2])
        try:
            key = shake.read(payload[2:])
        except ValueError:
            return away(3)
        if key not in self.keys:
            return away(3)
        answer, to_lock, from_lock = shake.write(secrets.token_bytes(32), dump({"role": self.keys[key], "idle": IDLE_MS}))
        session = 1 + secrets.randbelow(2**32 - 1)
        self.waiting = (session, {"key": key, "to": to_lock, "from": from_lock, "newest": -1, "next": 0, "heard": now_ms()})
        return framed(WELCOME, session, number, answer)

    def sealed(self, session: int, number: int, about: bytes, payload: bytes):
        waits = self.waiting is not None and self.waiting[0] == session
        open_ = self.waiting[1] if waits else self.sessions.get(session)
        if open_ is None or now_ms() - open_["heard"] > IDLE_MS:
            return framed(AWAY, session, number, bytes([4]))
        text = unseal(open_["to"], number, about, payload)
        if text is None and self.flaw == "plain":
            text = payload
        if text is None or (number <= open_["newest"] and self.flaw != "repeats"):
            return None
        if waits:
            self.sessions = {s: o for s, o in self.sessions.items() if o["key"] != open_["key"]}
            self.sessions[session], self.waiting = open_, None
        open_["newest"], open_["heard"] = max(number, open_["newest"]), now_ms()
        answer = self.answer(open_, text)
        if answer is None:
            return None
        n = open_["next"]
        open_["next"] += 1
        return framed(SEALED, session, n, seal(open_["from"], n, struct.pack(">BII", SEALED, session, n), dump(answer)))

    def answer(self, open_, text: bytes):
        try:
            request = load(text)
        except ValueError:
            return None
        if not isinstance(request, list) or len(request) < 2 or not isinstance(request[0], int) or not 1 <= request[0] < 2**32:
            return None
        no, verb, more = request[0], request[1], request[2:]
        sizes = {"status": 0, "lock": 0, "unlock": 0, "table": 0, "log": 1, "add-key": 1, "remove-key": 1, "rotate": 1}
        if isinstance(verb, str) and verb not in sizes:
            return [no, False, "verb"]
        is_key = verb in ("add-key", "remove-key", "rotate")
        fits = isinstance(verb, str) and len(more) == sizes[verb]
        if fits and verb == "log":
            fits = isinstance(more[0], int) and not isinstance(more[0], bool)
        if fits and is_key:
            fits = isinstance(more[0], bytes) and len(more[0]) == 32
        if not fits:
            return [no, False, "grammar"]
        role = self.keys.get(open_["key"], "guest")
        if role != "owner" and verb not in ("status", "lock", "unlock", "rotate"):
            return [no, False, "role"]
        return [no, *self.do(open_, verb, more)]

    def do(self, open_, verb: str, more):
        if verb == "status":
            state = {"bolt": self.bolt, "battery": 100, "clock": now_ms(), "known": True, "firmware": "py-1"}
            return True, state
        if verb == "table":
            return True, {"slots": sorted(self.codes)}
        if verb == "log":
            return True, {"records": [r for r in self.log if r[0] > more[0]][:50]}
        if verb in ("lock", "unlock"):
            self.move(verb + "ed", "remote", BOLT_S)
            return True, None
        key = more[0]
        if verb == "add-key":
            if key not in self.keys and len(self.keys) >= 8:
                return False, "full"
            self.keys.setdefault(key, "guest")
            return True, None
        if verb == "rotate" and key != open_["key"] and key in self.keys and self.flaw != "usurp":
            return False, "role"
        gone = key if verb == "remove-key" else open_["key"]
        if verb == "remove-key" and self.keys.get(key) == "owner":
            return False, "role"
        role = self.keys.pop(gone, "guest")
        if verb == "rotate":
            self.keys[key] = role
        if self.flaw != "sessions":
            self.sessions = {s: o for s, o in self.sessions.items() if o["key"] != gone}
        return True, None


def crc16(text: bytes) -> int:
    crc = 0xFFFF
    for byte in text:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


class Plant:
    """The fixture: hands at the thumb-turn, the door and the plug, eyes on bolt and door."""

    def __init__(self, lock: Lock, say):
        self.lock, self.say, self.held = lock, say, b""
        self.last = (0, None)

    def line(self, body: str):
        self.say(f"{body} *{crc16(body.encode()):04X}\n".encode())

    def at(self) -> str:
        return f"at={time.monotonic_ns() // 1_000_000}"

    def heard(self, data: bytes):
        *lines, self.held = (self.held + data).split(b"\n")
        for raw in lines:
            body, _, crc = raw.rstrip(b"\r").rpartition(b" *")
            if len(raw) < 256 and crc == f"{crc16(body):04X}".encode():
                self.request(body.decode("ascii", "replace").split(" "))

    def request(self, words):
        if len(words) < 3 or words[0] != "?":
            return
        no, verb = int(words[1]), words[2]
        fields = dict(w.split("=", 1) for w in words[3:] if "=" in w)
        if verb == "hello":
            if fields.get("v") != "1":
                return self.line(f"! {no} no version")
            about = f"v=1 name=independent boot={os.getpid()} can=present,turn,door,power,shade sees=bolt,door,keypad"
            return self.line(f"! {no} ok {about} {self.at()}")
        if verb == "clock":
            return self.line(f"! {no} ok {self.at()}")
        if no == self.last[0]:
            return self.line(self.last[1])
        if verb not in ("look", "test", "present", "turn", "door", "power", "shade"):
            known = ("block", "battery", "step-clock", "enrol", "erase", "card")
            return self.line(f"! {no} no {'cannot' if verb in known else 'verb'}")
        allowed = {"turn": ("to", ("locked", "unlocked")), "door": ("to", ("open", "closed")), "power": ("on", ("yes", "no"))}
        allowed["shade"] = allowed["power"]
        name, values = allowed.get(verb, (None, ()))
        if name and fields.get(name) not in values:
            return self.line(f"! {no} no field")
        if verb == "present" and not (fields.get("pin", "").isdigit() and len(fields["pin"]) <= 12):
            return self.line(f"! {no} no field")
        self.line(f". {no}")
        sight = ""
        if verb == "present":
            told = self.lock.present(fields["pin"])
            opened = told == "accepted" and self.lock.bolt == "unlocked"
            sight = f" keypad={told} opened={'yes' if opened else 'no'}"
        if verb == "turn":
            self.lock.move(fields["to"], "hand", 0)
        if verb == "door":
            if self.lock.power and self.lock.door != fields["to"]:
                self.lock.note("door.opened" if fields["to"] == "open" else "door.closed")
            self.lock.door = fields["to"]
        if verb == "shade":
            self.lock.shaded = fields["on"] == "yes"
        if verb == "power":
            self.lock.supply(fields["on"] == "yes")
        if verb != "test":
            sight = f" bolt={self.lock.bolt} door={self.lock.door}{sight}"
        self.last = (no, f"! {no} ok{sight} {self.at()}")
        self.line(self.last[1])

    def moved(self):
        self.line(f"~ {self.at()} bolt={self.lock.bolt}")


def port(path: str) -> int:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    if os.path.islink(path):
        os.unlink(path)
    os.symlink(os.ttyname(theirs), path)
    return ours


def radio_options(parser):
    parser.add_argument("--bus", help="a D-Bus where the lock's own link is on the air, instead of DIR/device")
    parser.add_argument("--address", default="00:00:5E:00:53:AC")
    parser.add_argument("--mtu", type=int, default=23)


def device_port(given, lock: Lock, turn) -> int:
    """Where the lock's own link is served: a pseudo-terminal, or a radio."""
    if given.bus is None:
        return port(os.path.join(given.folder, "device"))
    from radio import Radio  # It needs a package that nothing else here needs.

    def connected():
        with turn:
            lock.connected()

    radio = Radio(given.bus, given.address, given.mtu, given.flaw, connected)
    lock.supplied = radio.supply
    return radio.fd


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--owner", required=True, help="the owner's public key, 64 hex digits")
    parser.add_argument("--flaw", default="", choices=FLAWS + RADIO_FLAWS)
    radio_options(parser)
    given, turn = parser.parse_args(), threading.RLock()
    plant_port = port(os.path.join(given.folder, "plant"))
    plant = None
    lock = Lock(bytes.fromhex(given.owner), given.flaw, lambda: plant.moved())
    plant = Plant(lock, lambda data: os.write(plant_port, data))
    device = device_port(given, lock, turn)
    print(public(lock.secret).hex(), flush=True)
    serve(lock, plant, device, plant_port, turn)


def serve(lock: Lock, plant: Plant, device: int, plant_port: int, turn):
    """Answers on both ports until the input ends; `turn` is held while the lock does something."""
    while True:
        ready, _, _ = select.select([device, plant_port, sys.stdin], [], [])
        if sys.stdin in ready and not sys.stdin.buffer.read1(1):
            return
        with turn:
            if plant_port in ready:
                plant.heard(os.read(plant_port, 4096))
            if device in ready:
                answer = lock.heard(os.read(device, 4096))
                if answer:
                    os.write(device, answer)


if __name__ == "__main__":
    main()
