"""The addresses at which a process listens."""

import socket

from bot.core.setting import SettingsUnfit

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
            f"The web cannot listen at {host}, port {port} ({reason}). "
            f"Stop what else uses it, or set {names}_PORT or {names}_HOST."
        ) from None
