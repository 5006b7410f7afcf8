"""X25519 (RFC 7748), ChaCha20-Poly1305 (RFC 8439) and HKDF, in plain Python: nothing but what comes with it."""
import hashlib
import hmac
import struct

P = 2**255 - 19
A24 = 121665


def x25519(secret: bytes, point: bytes) -> bytes:
    k = bytearray(secret)
    k[0] &= 248
    k[31] = (k[31] & 127) | 64
    scalar = int.from_bytes(k, "little")
    u = int.from_bytes(point, "little") & (2**255 - 1)
    x1, x2, z2, x3, z3, swap = u, 1, 0, u, 1, 0
    for t in range(254, -1, -1):
        bit = (scalar >> t) & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b = (x2 + z2) % P, (x2 - z2) % P
        aa, bb = a * a % P, b * b % P
        e = (aa - bb) % P
        c, d = (x3 + z3) % P, (x3 - z3) % P
        da, cb = d * a % P, c * b % P
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + A24 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def public(secret: bytes) -> bytes:
    return x25519(secret, (9).to_bytes(32, "little"))


def _block(key: bytes, counter: int, nonce: bytes) -> bytes:
    first = list(struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce))
    s = first[:]

    def quarter(a, b, c, d):
        for x, y, z, r in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            v = s[z] ^ s[x]
            s[z] = ((v << r) | (v >> (32 - r))) & 0xFFFFFFFF

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(s, first)))


def _stream(key: bytes, nonce: bytes, text: bytes) -> bytes:
    out = bytearray()
    for i in range(0, len(text), 64):
        pad = _block(key, 1 + i // 64, nonce)
        out += bytes(a ^ b for a, b in zip(text[i : i + 64], pad))
    return bytes(out)


def _tag(key: bytes, nonce: bytes, about: bytes, sealed: bytes) -> bytes:
    once = _block(key, 0, nonce)
    r = int.from_bytes(once[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(once[16:32], "little")
    fill = lambda b: b + bytes(-len(b) % 16)
    data = fill(about) + fill(sealed) + struct.pack("<QQ", len(about), len(sealed))
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i : i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((total + s) & (2**128 - 1)).to_bytes(16, "little")


def _nonce(n: int) -> bytes:
    return bytes(4) + struct.pack("<Q", n)


def seal(key: bytes, n: int, about: bytes, text: bytes) -> bytes:
    sealed = _stream(key, _nonce(n), text)
    return sealed + _tag(key, _nonce(n), about, sealed)


def unseal(key: bytes, n: int, about: bytes, data: bytes):
    """None where the seal is not good."""
    if len(data) < 16:
        return None
    sealed, tag = data[:-16], data[-16:]
    if not hmac.compare_digest(tag, _tag(key, _nonce(n), about, sealed)):
        return None
    return _stream(key, _nonce(n), sealed)


def hkdf(chaining: bytes, material: bytes):
    mac = lambda k, m: hmac.new(k, m, hashlib.sha256).digest()
    temp = mac(chaining, material)
    first = mac(temp, b"\x01")
    return first, mac(temp, first + b"\x02")


class Handshake:
    """Noise_IK_25519_ChaChaPoly_SHA256, the responder's side."""

    def __init__(self, secret: bytes, prologue: bytes):
        self.secret = secret
        self.h = self.ck = b"Noise_IK_25519_ChaChaPoly_SHA256"
        self.k, self.n = None, 0
        self._mix(prologue)
        self._mix(public(secret))

    def _mix(self, data: bytes):
        self.h = hashlib.sha256(self.h + data).digest()

    def _mix_key(self, secret: bytes, point: bytes):
        shared = x25519(secret, point)
        if shared == bytes(32):
            raise ValueError("a key of small order")
        self.ck, self.k = hkdf(self.ck, shared)
        self.n = 0

    def _open(self, data: bytes) -> bytes:
        text = unseal(self.k, self.n, self.h, data)
        if text is None:
            raise ValueError("not for this lock")
        self.n += 1
        self._mix(data)
        return text

    def read(self, message: bytes):
        """The caller's public key; raises ValueError where it is no greeting for this lock."""
        if len(message) < 96:
            raise ValueError("too short")
        self.re = message[:32]
        self._mix(self.re)
        self._mix_key(self.secret, self.re)
        self.rs = self._open(message[32:80])
        self._mix_key(self.secret, self.rs)
        self._open(message[80:])
        return self.rs

    def write(self, ephemeral: bytes, payload: bytes):
        """The answer, and the keys towards the lock and from it."""
        e = public(ephemeral)
        self._mix(e)
        self._mix_key(ephemeral, self.re)
        self._mix_key(ephemeral, self.rs)
        sealed = seal(self.k, self.n, self.h, payload)
        to_lock, from_lock = hkdf(self.ck, b"")
        return e + sealed, to_lock, from_lock
