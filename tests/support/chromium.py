"""Chromium without a window, told what to do over two pipes (Chrome DevTools Protocol): no library,
no port. `FOUND` is None where it is not installed."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.waiting import PATIENCE

FOUND = shutil.which("chromium")
_QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe", "--hide-scrollbars",
)  # fmt: skip


@dataclass
class Chromium:
    """One tab."""

    _to: Any
    _from: Any
    _session: str = ""
    _number: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        self._to.write(json.dumps(said).encode() + b"\0")
        self._to.flush()
        while (answer := self._read()).get("id") != self._number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def until(self, event: str) -> None:
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._read())
        self.events.clear()

    def look(self, width: int, height: int, *, dark: bool = False, scripts: bool = True) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 500)  # fmt: skip
        value = "dark" if dark else "light"
        scheme = {"name": "prefers-color-scheme", "value": value}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)

    def open(self, address: str) -> None:
        self.events.clear()
        self.ask("Page.navigate", url=address)
        self.until("Page.loadEventFired")

    def do(self, expression: str) -> Any:
        """Of the page as it is; a promise is awaited."""
        said = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return said["result"].get("value")

    def press(self, key: str, text: str = "") -> None:
        code = {"Tab": 9, "Enter": 13}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text,
                     windowsVirtualKeyCode=code)  # fmt: skip

    def picture(self, file: Path) -> None:
        found = self.ask("Page.captureScreenshot", captureBeyondViewport=False)
        file.write_bytes(base64.b64decode(found["data"]))

    def _read(self) -> dict[str, Any]:
        said = bytearray()
        while (byte := self._from.read(1)) != b"\0":
            if not byte:
                raise RuntimeError("Chromium has ended")
            said += byte
        answer: dict[str, Any] = json.loads(said)
        return answer


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """`folder` holds its profile."""
    assert FOUND, "there is no Chromium"
    its_end, ours = os.pipe()
    read, its_write = os.pipe()

    def pipes() -> None:
        low, high = os.dup(its_end), os.dup(its_write)
        os.dup2(low, 3)
        os.dup2(high, 4)

    running = subprocess.Popen(
        [FOUND, *_QUIET, f"--user-data-dir={folder}", "about:blank"],
        preexec_fn=pipes, pass_fds=(3, 4, its_end, its_write),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(its_end)
    os.close(its_write)
    try:
        with os.fdopen(ours, "wb") as to, os.fdopen(read, "rb") as from_:
            tab = Chromium(to, from_)
            target = tab.ask("Target.createTarget", url="about:blank")["targetId"]
            attached = tab.ask("Target.attachToTarget", targetId=target, flatten=True)
            tab._session = attached["sessionId"]
            tab.ask("Page.enable")
            tab.ask("Runtime.enable")
            yield tab
            tab._session = ""
            tab.ask("Browser.close")
            running.wait(PATIENCE)
    finally:
        running.kill()
        running.wait()
