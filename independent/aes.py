"""AES-128 (FIPS 197) in plain Python: nothing but what comes with it. Slow, and not safe against who measures time."""


def _times(a: int) -> int:
    return (a << 1 ^ (0x11B if a & 0x80 else 0)) & 0xFF


def _inverse(a: int) -> int:
    """a to the 254th: in a field of 256 elements that is its inverse."""
    power, result = a, 1
    for bit in range(1, 8):
        power = _multiply(power, power)
        result = _multiply(result, power)
    return result if a else 0


def _multiply(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = _times(a), b >> 1
    return product


def _substitute(a: int) -> int:
    b = _inverse(a)
    turned = b
    for _ in range(4):
        b = (b << 1 | b >> 7) & 0xFF
        turned ^= b
    return turned ^ 0x63


BOX = bytes(_substitute(a) for a in range(256))
BACK = bytes(BOX.index(a) for a in range(256))
MIX = {n: bytes(_multiply(a, n) for a in range(256)) for n in (2, 3, 9, 11, 13, 14)}


def _keys(key: bytes):
    words, round_ = [key[i : i + 4] for i in range(0, 16, 4)], 1
    for i in range(4, 44):
        last = words[-1]
        if i % 4 == 0:
            last = bytes(BOX[b] for b in last[1:] + last[:1])
            last = bytes([last[0] ^ round_]) + last[1:]
            round_ = _times(round_)
        words.append(bytes(a ^ b for a, b in zip(words[i - 4], last)))
    return [b"".join(words[i : i + 4]) for i in range(0, 44, 4)]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b))


def _columns(state: bytes, first: int, second: int, third: int, fourth: int) -> bytes:
    def m(n, a):
        return a if n == 1 else MIX[n][a]

    out = bytearray()
    for i in range(0, 16, 4):
        c = state[i : i + 4]
        for r in range(4):
            a, b, d, e = (c[(r + k) % 4] for k in range(4))
            out.append(m(first, a) ^ m(second, b) ^ m(third, d) ^ m(fourth, e))
    return bytes(out)


def block(key: bytes, text: bytes) -> bytes:
    keys = _keys(key)
    state = _xor(text, keys[0])
    for n in range(1, 11):
        state = bytes(BOX[b] for b in state)
        state = bytes(state[(i + 4 * (i % 4)) % 16] for i in range(16))
        if n < 10:
            state = _columns(state, 2, 3, 1, 1)
        state = _xor(state, keys[n])
    return state


def unblock(key: bytes, text: bytes) -> bytes:
    keys = _keys(key)
    state = _xor(text, keys[10])
    for n in range(9, -1, -1):
        state = bytes(state[(i - 4 * (i % 4)) % 16] for i in range(16))
        state = _xor(bytes(BACK[b] for b in state), keys[n])
        if n > 0:
            state = _columns(state, 14, 11, 13, 9)
    return state


def chain(key: bytes, start: bytes, text: bytes) -> bytes:
    out, last = b"", start
    for i in range(0, len(text), 16):
        last = block(key, _xor(text[i : i + 16], last))
        out += last
    return out


def unchain(key: bytes, start: bytes, text: bytes) -> bytes:
    out, last = b"", start
    for i in range(0, len(text), 16):
        out += _xor(unblock(key, text[i : i + 16]), last)
        last = text[i : i + 16]
    return out


assert block(bytes(range(16)), bytes.fromhex("00112233445566778899aabbccddeeff")).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"
