"""Pictures that people send: a logo, and its first half; a PNG; the head of a JPEG."""

import zlib

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9"/>'
)
LOGO = f"{SQUARE}</svg>".encode()


def png(side: int, text: bytes = b"") -> bytes:
    """A grey square (ISO/IEC 15948), with a hidden text."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * side for _ in range(side)))
    parts = chunk(b"IHDR", head), chunk(b"tEXt", text), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg(across: int, down: int) -> bytes:
    """Its first markers (ITU-T T.81), and no picture."""
    sides = down.to_bytes(2) + across.to_bytes(2)
    return b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08" + sides + b"\x01\x01\x11\x00"
