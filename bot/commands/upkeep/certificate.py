"""Until when the certificate of the public address holds, for `skm doctor`: a platform brings
nothing to an address whose certificate has ended."""

import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.core.platform import Finding
from flows.operator_words import tr

PATIENCE = 5  # seconds
DAYS = 14  # that it must hold


def certificate(public_url: str) -> Iterator[Finding]:
    """Nothing for an address without one."""
    parts = urlsplit(public_url)
    if parts.scheme != "https" or not parts.hostname:
        return
    try:
        ends = _ends(parts.hostname, parts.port or 443)
    except ssl.SSLCertVerificationError as fault:
        yield Finding(
            False,
            tr(
                "The certificate of {0} is refused: {1}. Renew it, with its whole chain.",
                public_url,
                fault.verify_message,
            ),
        )
    except OSError as fault:
        # Many networks do not lead to their own public address: Telegram says whether it can.
        why = fault.strerror or type(fault).__name__
        yield Finding(
            True,
            tr(
                "Certificate: {0} is not reached from here ({1}), so it is not known.",
                public_url,
                why,
            ),
        )
    else:
        days = int(ends - time.time()) // 86_400
        says = tr("The certificate of {0} ends in {1:day|days}.", public_url, days)
        if days < DAYS:
            yield Finding(False, tr("{0} Renew it.", says))
        else:
            yield Finding(True, says)


def _ends(host: str, port: int) -> float:
    """Unix seconds. Raises OSError."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        found = secure.getpeercert() or {}
    return ssl.cert_time_to_seconds(str(found["notAfter"]))
