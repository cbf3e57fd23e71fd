"""What a Bot API server does on a bad day, told beforehand: refuse, drop, or be slow."""

import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """Meets the next `times` calls of `method` ("*": any but getUpdates) in `chat`, or in any."""

    method: str
    times: int
    chat: int | None = None
    status: int = 0
    retry_after: int | None = None
    drop: str = ""  # "before": never reached Telegram; "after": done, but the answer was lost
    over: asyncio.Event | None = None  # held until then

    def body(self) -> dict[str, Any]:
        """The answer's JSON as Telegram words it."""
        if self.status == 429:
            return {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {self.retry_after}",
                "parameters": {"retry_after": self.retry_after},
            }
        return {"ok": False, "error_code": self.status, "description": "Internal Server Error"}


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self.coming: list[Fault] = []

    def expect(self, fault: Fault) -> None:
        self.coming.append(fault)

    def clear(self) -> None:
        self.coming.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault that meets this call, used up by one."""
        for fault in self.coming:
            named = fault.method == method or (fault.method == "*" and method != "getUpdates")
            if named and fault.chat in (None, chat):
                fault.times -= 1
                if not fault.times:
                    self.coming.remove(fault)
                return fault
        return None
