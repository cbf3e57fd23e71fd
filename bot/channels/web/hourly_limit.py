"""How many surveys one network address may begin within an hour.

An address is kept nowhere in clear and never written: only its hash, under a key that this process
makes and forgets, until the hour is over.
"""

import hashlib
import hmac
import logging
import secrets
from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request

HOUR = 3_600

log = logging.getLogger(__name__)


@dataclass(slots=True)
class HourlyLimit:
    """`proxies`: how many stand before us, each of which adds the address that it sees."""

    most: int
    proxies: int
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    hour: int = 0
    begun: Counter[bytes] = field(default_factory=Counter, repr=False)

    def admits(self, request: Request, at: int) -> bool:
        """Counts one more."""
        if at // HOUR != self.hour:
            self.hour, self.begun = at // HOUR, Counter()
        who = hmac.digest(self.key, self._network(request).encode(), hashlib.sha256)[:16]
        self.begun[who] += 1
        return self.begun[who] <= self.most

    def _network(self, request: Request) -> str:
        """Of IPv6 the network, of which one customer has all addresses. What a client itself put
        into the header stands before what our proxies added, and is not believed."""
        added = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        named = added[-self.proxies].strip() if 0 < self.proxies <= len(added) else ""
        if self.proxies and not named:
            log.warning("X-Forwarded-For is missing: all behind the proxy are one network")
        said = named or (request.client.host if request.client else "")
        try:
            address = ip_address(said)
        except ValueError:
            return said[:64]
        if isinstance(address, IPv6Address):
            return address.exploded[:19]
        return str(address)
