"""
A wired reader on an OSDP line, and a fixture at its door: two pseudo-terminals. Written from what is public of SIA OSDP 2.2
and from docs/wire/plant-port.md; it shares no line with the panel in drivers/osdp. `--flaw` gives it a defect.

    python3 independent/reader.py --folder DIR --key HEX [--address N] [--flaw NAME]

Prints `up` when both ports stand, at DIR/line and DIR/plant. Ends with its input.
"""
import argparse
import os
import secrets
import select
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from aes import block, chain, unchain  # noqa: E402
from lock import Plant, port  # noqa: E402

FLAWS = (
    *("", "default", "clear", "keyset", "mac", "stays", "power", "repeats", "loses", "shows", "deaf", "denies", "promises", "moves"),
    *("ahead", "outlives", "spoilt", "half", "unasked", "empty", "block"),
    *("unmet", "answers", "novel", "legacy", "restarts", "trusts", "wakes", "selects", "drains", "leaks", "roomy", "sticks", "glances", "idle", "retry"),
)
DEFAULT = bytes(range(0x30, 0x40))
IN_CLEAR = (0x61, 0x62, 0x76, 0x77)
LENGTHS = {0x60: 0, 0x61: 1, 0x62: 1, 0x64: 0, 0x65: 0, 0x66: 0, 0x68: 4, 0x69: 14, 0x6A: 5, 0x6E: 5, 0x75: 18, 0x76: 8, 0x77: 16}


def crc(text: bytes) -> bytes:
    value = 0x1D0F
    for byte in text:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value.to_bytes(2, "little")


def not_(text: bytes) -> bytes:
    return bytes(b ^ 0xFF for b in text)


class Session:
    def __init__(self, base: bytes, theirs: bytes, mine: bytes):
        self.enc, self.one, self.two = (block(base, bytes([1, n]) + theirs[:6] + bytes(8)) for n in (0x82, 1, 2))
        self.mine, self.expected = block(self.enc, theirs + mine), block(self.enc, mine + theirs)
        self.c = self.r = None

    def start(self) -> bytes:
        self.c = self.r = block(self.two, block(self.one, self.expected))
        return self.r

    def mac(self, text: bytes, last: bytes) -> bytes:
        if len(text) % 16:
            text += b"\x80" + bytes(-len(text) % 16 - 1)
        if len(text) > 16:
            last = chain(self.one, last, text[:-16])[-16:]
        return chain(self.two, last, text[-16:])

    def read(self, data: bytes) -> bytes:
        return unchain(self.enc, not_(self.r), data).rstrip(b"\0")[:-1]

    def write(self, data: bytes) -> bytes:
        text = data + b"\x80"
        return chain(self.enc, not_(self.c), text + bytes(-len(text) % 16))


class Reader:
    def __init__(self, key: bytes, address: int, flaw: str):
        self.key, self.former, self.address, self.flaw = key, key, address, flaw
        self.out, self.kept, self.held, self.dull = 0, [], b"", False
        self.session, self.pending, self.last = None, self.unbegun(), None
        self.power, self.shaded, self.door, self.until = True, False, "closed", None
        self.again, self.size = False, 0
        self.rest, self.newest, self.left = 0, time.monotonic(), False

    def unbegun(self):
        """What stands in the memory of one that looks for no challenge: the keys of no session."""
        if self.flaw != "empty":
            return None
        none = Session(DEFAULT, bytes(8), bytes(8))
        none.enc = none.one = none.two = bytes(16)
        none.expected = block(none.enc, bytes(16))
        return none

    @property
    def bolt(self) -> str:
        return "unlocked" if self.out else "locked"

    # What the fixture does.
    def present(self, pin: str) -> str:
        if not self.power:
            return "dead"
        self.kept += [pin[:2], pin[2:]]
        return "accepted"

    def move(self, to, _how, _s):
        self.out = 1 if to == "unlocked" else 0

    def note(self, _what):
        pass

    def supply(self, on: bool):
        if self.power and not on:
            if self.flaw != "outlives":
                self.session, self.pending, self.last = None, self.unbegun(), None
            self.kept, self.until = [], None
            if self.flaw == "power":
                self.key = self.former
        if on and not self.power and self.flaw == "wakes":
            self.out = 1
        self.power = on

    def tick(self):
        if self.until is not None and time.monotonic() >= self.until:
            self.out, self.until = self.rest, None

    # What comes on the line.
    def heard(self, data: bytes):
        self.held += data
        while self.power and not self.shaded:
            start = self.held.find(b"\x53")
            self.held = b"" if start < 0 else self.held[start:]
            if len(self.held) < 5:
                return
            length = self.held[2] | self.held[3] << 8
            if not 7 <= length <= 1440:
                self.held = self.held[1:]
                self.dull = self.dull or self.flaw == "deaf"
                continue
            if len(self.held) < length:
                return
            whole = self.held[:length]
            # Short ones may be taken for right unseen.
            good = whole[4] & 4 and (crc(whole[:-2]) == whole[-2:] or self.flaw == "spoilt" and length <= 20)
            good = good or self.flaw == "legacy" and not whole[4] & 4 and sum(whole) & 0xFF == 0
            self.held = self.held[length if good else 1 :]
            if good and not self.dull and whole[1] in (self.address, 0x7F):
                yield self.packet(whole)
        self.held = b""

    def packet(self, whole: bytes) -> bytes:
        number, last = whole[4] & 3, self.last
        # Whom no panel has asked for so long may take himself for one that has none.
        self.left = self.flaw == "idle" and (self.left or time.monotonic() - self.newest > 8)
        self.newest = time.monotonic()
        if number == 0:
            self.session = None
            if self.flaw == "sticks":
                self.until = None
            if self.flaw not in ("unasked", "empty"):
                self.pending = None
        elif last and number == last[0]:
            self.again = self.flaw == "retry" and len(whole) != self.size
            if self.flaw != "repeats" and not self.again:
                return last[1]
        elif last and number != last[0] % 3 + 1 and self.flaw != "ahead":
            return self.reply(whole, 0x41, b"\x04", None)
        self.size = len(whole)
        said = self.answer(whole)
        self.again = False
        self.last = (number, said)
        return said

    def unsealed(self, kind: int) -> bool:
        if kind in (0x15, 0x17):
            return not self.session and self.flaw == "unmet"
        if kind in (0x16, 0x18):
            return self.flaw == "answers"
        return kind < 0x15 or self.flaw == "novel"

    def answer(self, whole: bytes) -> bytes:
        at, kind = 5, 0
        if whole[4] & 8:
            at, kind = 5 + whole[5], whole[6]
        # Where its command would have to stand there is none.
        if at == 5 and kind or at + (6 if 0x15 <= kind <= 0x18 else 2) >= len(whole):
            self.dull = self.flaw == "trusts"
            return self.reply(whole, 0x41, b"\x02", None)
        if len(whole) > 256 and self.flaw == "roomy":
            self.dull = True
        if self.unsealed(kind):
            code, data = whole[at], whole[at + 1 : -2]
            keyed = code == 0x75 and self.flaw == "keyset" or self.again
            blocked = kind and self.session and self.flaw == "block" or kind >= 0x15
            if self.flaw == "legacy" and not whole[4] & 4:
                keyed, data = True, whole[at + 1 : -1]
            if 0x15 <= kind <= 0x18:
                data = data[:-4]
            if code == 0x60 and self.kept and self.flaw == "drains":
                self.kept.pop(0)
            keyed = keyed or self.left or code == 0x60 and self.kept and self.flaw == "leaks"
            if self.flaw != "clear" and code not in IN_CLEAR and not keyed and not blocked:
                return self.reply(whole, 0x41, b"\x06", None)
            if self.session and code not in IN_CLEAR and self.flaw != "clear" and not keyed and not blocked:
                return self.reply(whole, 0x41, b"\x06", None)
            return self.reply(whole, *self.do(code, data, whole[7:at]), None)
        if not self.session:
            return self.reply(whole, 0x41, b"\x06", None)
        text, mac = whole[:-6], whole[-6:-2]
        own = self.session.mac(text, self.session.r)
        if own[:4] != mac and self.flaw != "mac":
            if self.flaw != "stays":
                self.session = None
            return self.reply(whole, 0x41, b"\x06", None)
        code, data = text[at], text[at + 1 :]
        if kind == 0x17:
            data = self.session.read(data)
        code, data, *_ = self.do(code, data, b"")
        return self.reply(whole, code, data, None, own)

    def do(self, code: int, data: bytes, block_: bytes):
        text = code == 0x6B and self.flaw != "promises"
        if code not in LENGTHS and not text:
            return 0x41, b"\x03", None
        if code == 0x75 and self.flaw == "half":
            data = data + bytes(18 - len(data))
        if len(data) != (6 + (data + bytes(6))[5] if text else LENGTHS[code]):
            return 0x41, b"\x02", None
        if code == 0x76:
            default = block_[:1] == b"\0" or self.flaw == "selects" and block_[:1] != b"\1"
            if default and self.flaw != "default" and block_[:1] == b"\0":
                return 0x41, b"\x06", None
            self.session, mine = None, secrets.token_bytes(8)
            self.pending = Session(DEFAULT if default else self.key, data, mine)
            return 0x76, b"\1\2\3\4\5\6\7\0" + mine + self.pending.mine, bytes([3, 0x12]) + block_[:1]
        if code == 0x77:
            pending = self.pending
            if self.flaw not in ("unasked", "restarts"):
                self.pending = None
            looked = 2 if self.flaw == "glances" else 16
            if not pending or data[:looked] != pending.expected[:looked]:
                return 0x41, b"\x06", None
            self.session, self.left = pending, False
            return 0x78, pending.start(), b"\3\x14\1"
        if code == 0x75:
            self.former, self.key = self.key, data[2:]
            return 0x40, b"", None
        if code == 0x68:
            if data[0] != 0 or data[1] not in (1, 2, 5):
                return 0x41, b"\x09", None
            self.rest = self.out if self.until is None else self.rest
            self.until = time.monotonic() + (data[2] | data[3] << 8) / 10 if data[1] == 5 else None
            self.out = 0 if data[1] == 1 else 1
            return 0x40, b"", None
        if code == 0x60 and self.kept:
            keys = self.kept.pop(0)
            if self.flaw == "loses":
                self.kept = self.kept[1:]
            return 0x53, bytes([0, len(keys)]) + keys.encode(), None
        if code == 0x61:
            return 0x45, b"\1\2\3\1\1\5\6\7\x08\1\0\0", None
        if code == 0x62:
            told = [1, 1, 1, 2, 3, 1, 4, 1, 1, 5, 1, 1, 6, 1, 1, 8, 1, 0, 9, 1, 0]
            return 0x46, bytes(told[:-3] if self.flaw == "denies" and not self.session else told), None
        if code == 0x6E:
            if data[0] > 0x7E:
                return 0x41, b"\x09", None
            if self.flaw != "moves":
                self.address = data[0]
            return 0x54, data, None
        return {0x64: (0x48, b"\0\0", None), 0x65: (0x49, b"\0", None), 0x66: (0x4A, bytes([self.out]), None)}.get(code, (0x40, b"", None))

    def reply(self, asked: bytes, code: int, data: bytes, block_, command=None) -> bytes:
        flags = asked[4] & 7
        head = bytes([0x53, asked[1] | 0x80])
        if command is None:
            body = (block_ or b"") + bytes([code]) + data
            text = head + (len(body) + 7).to_bytes(2, "little") + bytes([flags | (8 if block_ else 0)]) + body
            return b"\xff" + text + crc(text)
        self.session.c = command
        hidden = bool(data) and self.flaw != "shows"
        body = bytes([2, 0x18 if hidden else 0x16, code]) + (self.session.write(data) if hidden else data)
        text = head + (len(body) + 11).to_bytes(2, "little") + bytes([flags | 8]) + body
        self.session.r = self.session.mac(text, command)
        text += self.session.r[:4]
        return b"\xff" + text + crc(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--key", required=True, help="the base key of the secure channel, 32 hex digits")
    parser.add_argument("--address", type=int, default=0)
    parser.add_argument("--flaw", default="", choices=FLAWS)
    given = parser.parse_args()
    line, plant_port = (port(os.path.join(given.folder, name)) for name in ("line", "plant"))
    reader = Reader(bytes.fromhex(given.key), given.address, given.flaw)
    plant = Plant(reader, lambda data: os.write(plant_port, data))
    print("up", flush=True)
    while True:
        # A line that was silent has forgotten what was begun.
        ready, _, _ = select.select([line, plant_port, sys.stdin], [], [], 0.02)
        if not ready:
            reader.held = b""
        before = reader.bolt
        reader.tick()
        if reader.bolt != before:
            plant.moved()
        if sys.stdin in ready and not sys.stdin.buffer.read1(1):
            return
        if plant_port in ready:
            before = reader.bolt
            plant.heard(os.read(plant_port, 4096))
            if reader.bolt != before:
                plant.moved()
        if line in ready:
            before = reader.bolt
            for answer in reader.heard(os.read(line, 4096)):
                os.write(line, answer)
            if reader.bolt != before:
                plant.moved()


if __name__ == "__main__":
    main()
