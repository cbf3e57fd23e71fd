"""The addresses at which a process listens."""

import socket

from bot.core.setting import SettingsUnfit
from flows.operator_words import tr

BACKLOG = 2048  # connections that the system holds until they are taken


def listen(host: str, port: int, names: str = "SKM_HTTP") -> socket.socket:
    """`names`: how the settings begin that say where. Raises SettingsUnfit where the address is
    taken, or none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        reason = str(fault.strerror).partition(" (while")[0]
        raise SettingsUnfit(
            tr(
                "The web cannot listen at {0}, port {1} ({2}). Stop what else uses it, or "
                "set {3}_PORT or {4}_HOST.",
                host,
                port,
                reason,
                names,
                names,
            )
        ) from None
