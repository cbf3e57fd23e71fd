"""What a page says once, after a form was sent: it waits in a cookie, and may hold an invitation.

starlette-admin only signs that cookie, so whoever reads a browser's cookies or an answer's headers
reads the link. Here it is sealed: this server alone reads it, for as long as it is good.
"""

import base64
import json
from typing import Any

from starlette.types import ASGIApp
from starlette_admin.cookies import SignedCookie
from starlette_admin.flash import FlashMiddleware

from storage.vault import Random, SecretUnfit, Vault

LASTS = 300  # seconds, as starlette-admin's
LABEL = "told once"


class SealedCookie(SignedCookie):
    """Signed with its time, as starlette-admin does it; what is signed cannot be read."""

    def __init__(self, vault: Vault, random: Random) -> None:
        super().__init__(vault.key(LABEL).hex(), LABEL, timed=True, max_age=LASTS)
        self._vault, self._random = vault, random

    def dumps(self, value: Any) -> str:
        sealed = self._vault.seal(json.dumps(value).encode(), LABEL, self._random)
        return super().dumps(base64.urlsafe_b64encode(sealed).decode())

    def loads(self, value: str) -> Any:
        """None where it is not ours, or too old."""
        sealed = super().loads(value)
        try:
            return json.loads(self._vault.unseal(base64.urlsafe_b64decode(sealed or ""), LABEL))
        except (SecretUnfit, ValueError):
            return None


class ToldOnce(FlashMiddleware):
    def __init__(self, app: ASGIApp, vault: Vault, random: Random) -> None:
        super().__init__(app, vault.key(LABEL).hex())
        self._cookie = SealedCookie(vault, random)
