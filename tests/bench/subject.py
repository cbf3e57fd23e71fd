"""A bot that is measured."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tests.bench.network import Network
from tests.bench.parts import Parts

Receive = Callable[[bytes], Awaitable[bytes | None]]


@dataclass(frozen=True)
class Subject:
    """`open` starts a fresh bot that sends through the given network and yields what takes the raw
    webhook body; it returns once the platform may be told 200, with the answer to the callback
    unless that is sent. Whatever is sent may leave a little later: whoever drives it waits for it.

    `start` is the citizen's first message. `buttons` are the taps that follow, one a screen: the
    button's place, counted over all rows, or None for the third or fourth (a question). `parts`
    names the functions whose time is shown apart.
    """

    name: str
    start: str
    buttons: tuple[int | None, ...]
    parts: Parts
    open: Callable[[Network], AbstractAsyncContextManager[Receive]]
