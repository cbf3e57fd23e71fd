"""Who asks for a page: a random key in a cookie, and nothing else is known of anybody.

The cookie holds KEY.KIOSK.NOTE: a key of 128 bits; of a tablet at a counter its unit's link; and,
for the next page alone, what just happened (sealed: it may name an answer). Outside of the browser
only a hash of the key is kept: whoever reads the database cannot go on in anybody's place. A
tablet's pages have a cookie of another name, so that neither reads or replaces the other's.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.links import AT_KIOSK, CHANNEL
from flows.engine.ended import LEFT
from storage.vault import Random, SecretUnfit, Vault

# A browser takes a cookie of this prefix from this very host alone (RFC 6265bis, 4.1.3.2).
COOKIES = {True: "__Host-skm", False: "skm"}  # by whether there is https
OF_KIOSK = "-kiosk"  # how a tablet's ends
LONGEST = 1_500  # bytes of a note
_COOKIE = re.compile(
    r"(?P<key>[A-Za-z0-9_-]{22})\.(?P<kiosk>[A-Za-z0-9_-]{0,64})\.(?P<note>[A-Za-z0-9_=-]{0,3000})"
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """`kiosk`: the link of the unit at whose counter it is. `note`: sealed."""

    key: str
    kiosk: str = ""
    note: str = ""

    @property
    def address(self) -> str:
        hashed = hashlib.sha256(f"skm web {self.key}".encode()).digest()[:16]
        return (AT_KIOSK if self.kiosk else f"{CHANNEL}:") + _text(hashed)


def new(kiosk: str, random: Random) -> Visitor:
    return Visitor(_text(random(16)), kiosk)


@dataclass(frozen=True, slots=True)
class Visitors:
    """Reads and writes the cookie. `secure`: by https alone."""

    vault: Vault
    random: Random
    secure: bool

    def read(self, request: Request, kiosk: str = "") -> Visitor | None:
        """Who asks for a page of this kiosk ("": a page for everybody). None without a cookie, or
        with one that skm cannot have made."""
        given = _COOKIE.fullmatch(request.cookies.get(self._name(kiosk), ""))
        return Visitor(**given.groupdict()) if given and given["kiosk"] == kiosk else None

    def of_page(self, page: str, kiosk: str) -> Visitor:
        """Who sends the first form of this page, without a cookie yet: the same each time."""
        made = hmac.digest(self.vault.key("web page"), page.encode(), hashlib.sha256)
        return Visitor(_text(made[:16]), kiosk)

    def keep(self, response: Response, visitor: Visitor, note: str = "") -> None:
        """For as long as a survey may be open; at a kiosk until the browser is closed."""
        kept = replace(visitor, note=self._sealed(visitor, note) if note else "")
        response.set_cookie(
            self._name(visitor.kiosk),
            f"{kept.key}.{kept.kiosk}.{kept.note}",
            max_age=None if visitor.kiosk else LEFT,
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def note(self, visitor: Visitor) -> str:
        """What is said above the page; "" where there is nothing, or somebody made it up."""
        try:
            sealed = base64.urlsafe_b64decode(visitor.note)
            return self.vault.unseal(sealed, _label(visitor)).decode() if sealed else ""
        except (SecretUnfit, ValueError):
            return ""

    def token(self, visitor: Visitor) -> str:
        """What a form of this visitor's pages holds, so that no other site can send it."""
        key = self.vault.key("web form")
        return _text(hmac.digest(key, visitor.key.encode(), hashlib.sha256)[:16])

    def sent_it(self, visitor: Visitor, token: str) -> bool:
        return hmac.compare_digest(self.token(visitor).encode(), token.encode())

    def _name(self, kiosk: str) -> str:
        return COOKIES[self.secure] + (OF_KIOSK if kiosk else "")

    def _sealed(self, visitor: Visitor, note: str) -> str:
        plain = note.encode()[:LONGEST].decode("utf-8", "ignore").encode()
        return base64.urlsafe_b64encode(
            self.vault.seal(plain, _label(visitor), self.random)
        ).decode()


def _label(visitor: Visitor) -> str:
    return f"web note|{visitor.key}"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
