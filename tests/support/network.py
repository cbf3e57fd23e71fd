"""No test reaches beyond this machine: an attempt to do so fails it, even where it is caught.

Watched are Python's own sockets in this process (aiohttp, httpx and asyncio use them); libpq's and
those of other processes are not.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from unittest.mock import patch

import pytest

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideCall(ConnectionRefusedError):
    """What the code under test meets when it calls out: a refused connection."""


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Refuse every connection or look-up beyond loopback and Unix sockets, then fail naming it."""
    hosts: list[str] = []

    def check(host: object) -> None:
        if not is_here(host):
            hosts.append(str(host))
            raise OutsideCall(f"a test tried to reach {host}")

    def connect(self: socket.socket, address: Any) -> None:
        _check_address(self, address, check)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _check_address(self, address, check)
        return _connect_ex(self, address)

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not _is_number(host):  # a number is looked up without the network
            check(host)
        return _getaddrinfo(host, *rest, **named)

    with (
        patch.object(socket.socket, "connect", connect),
        patch.object(socket.socket, "connect_ex", connect_ex),
        patch.object(socket, "getaddrinfo", getaddrinfo),
    ):
        yield
    if hosts:
        pytest.fail(f"the test tried to reach beyond this machine: {', '.join(hosts)}")


def is_here(host: object) -> bool:
    """Whether a host's name or number is this machine's; None and "" mean so too."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    return _is_number(name) and ip_address(str(name)).is_loopback


def _is_number(host: object) -> bool:
    try:
        ip_address(str(host))
    except ValueError:
        return False
    return True


def _check_address(used: socket.socket, address: Any, check: Any) -> None:
    if used.family in (socket.AF_INET, socket.AF_INET6):
        check(address[0])
