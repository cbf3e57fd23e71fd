"""Whose address it is: the opaque id that Meta gives each person, or else their sealed number.

A number is sealed deterministically (AES-SIV, RFC 5297), so that the same person has the same
address and no table holds a number. The key comes from the app secret, not from SKM_SECRET_KEY:
while that one is changed nobody becomes somebody else (docs/decisions/0033).
"""

import base64
import binascii
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.channels.whatsapp.links import CHANNEL

SEALED = "n-"  # no country's code has a hyphen behind one letter
ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,160}\Z")  # ISO 3166, a dot, up to 128 letters and digits
NUMBER = re.compile(r"[0-9]{5,20}\Z")


class ChatIds:
    def __init__(self, app_secret: str) -> None:
        self._siv = AESSIV(_key(app_secret, b"numbers", 64))
        self._ids = _key(app_secret, b"event ids", 32)

    def address(self, user: str, number: str) -> str:
        """Of the opaque id, if there is one; "" where there is neither."""
        if ID.match(user):
            return f"{CHANNEL}:{user}"
        if not NUMBER.match(number):
            return ""
        sealed = self._siv.encrypt(number.encode(), None)
        return f"{CHANNEL}:{SEALED}{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def of(self, address: str) -> dict[str, str]:
        """To whom a message goes, in the Graph API's words: by id or by number. Raises ValueError
        for a number that was sealed under another secret."""
        chat = address.removeprefix(f"{CHANNEL}:")
        if not chat.startswith(SEALED):
            return {"recipient": chat}
        sealed = chat.removeprefix(SEALED)
        try:
            plain = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            return {"to": self._siv.decrypt(plain, None).decode()}
        except (InvalidTag, binascii.Error, ValueError):
            raise ValueError("a number sealed under another SKM_WHATSAPP_APP_SECRET") from None

    def event(self, message: str) -> str:
        """The id of what was sent. Meta's own holds the sender's number in readable letters."""
        digest = hmac.digest(self._ids, message.encode(), hashlib.sha256)[:15]
        return base64.urlsafe_b64encode(digest).decode()


def _key(secret: str, purpose: bytes, length: int) -> bytes:
    info = b"skm whatsapp " + purpose
    return HKDF(SHA256(), length, salt=None, info=info).derive(secret.encode())
