"""Pictures that people send: a logo, and its first half; a PNG; the head of a JPEG; a photo as a
telephone makes it."""

import io
import zlib

import numpy as np
from PIL import Image

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


def taken(across: int, down: int, detail: int = 8) -> bytes:
    """A JPEG that was held upright, so that it is stored on its side (Exif 2.32, orientation 6),
    with the place where it was taken; its upper left corner as it is stored is red. `detail`:
    pixels of one of its spots."""
    spots = np.random.default_rng(1).random((max(down // detail, 1), max(across // detail, 1), 3))
    picture = Image.fromarray((spots * 255).astype("uint8")).resize((across, down))
    picture.paste((255, 0, 0), (0, 0, across // 4, down // 4))
    said = Image.Exif()
    said[0x0112], said[0x010E] = 6, "GPS: -6.2, 106.8"
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=90, exif=said)
    return made.getvalue()
