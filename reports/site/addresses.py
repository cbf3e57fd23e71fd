"""Where things are on the public site. An address that was given out stays: it holds a unit's code,
a period's name, or a slug of a name with six digits of its hash, so that two names that are written
alike keep apart.

A page is a file `…/index.html`; the English one lies under `en/`. Links are relative, so that the
folder works below any address.
"""

import hashlib
import re
import unicodedata

INDEX = "index.html"
ENGLISH = "en/"
NAMED = 32  # letters of a hash that name a file
_ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
_LONGEST = 40  # characters of a slug


def slug(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:_LONGEST].strip("-")
    digits = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{plain}-{digits}" if plain else digits


def unit(code: str) -> str:
    return f"unit/{code}/"


def period(code: str, name: str) -> str:
    return f"unit/{code}/{name}/"


def public_file(code: str, hash: str, media_type: str) -> str:
    """Named by its content: what lies there never changes."""
    return f"{unit(code)}{hash[:NAMED]}.{_ENDINGS[media_type]}"


def region(name: str) -> str:
    return f"wilayah/{slug(name)}/"


def agency(name: str) -> str:
    return f"instansi/{slug(name)}/"


def ranking(kind: str) -> str:
    return f"peringkat/{slug(kind)}/"


def sheet(code: str, number: int) -> str:
    """Without its ending: .json is what was published, .leaves the list of receipts."""
    return f"log/sheets/{code}-{number:04}"


def data(period: str) -> str:
    return f"data/{period}/"


def up(path: str) -> str:
    """From a page to the site's own folder."""
    return "../" * path.count("/")
