"""LibreOffice, which opens papers as an office would. Where it is absent its tests say so."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="no LibreOffice here: apt-get install libreoffice-{calc,writer}-nogui"
)


def converted(file: bytes, ending: str, to: str, folder: Path) -> bytes:
    """The file as it saves it in another format. `folder`: an empty one, of this test alone."""
    given = folder / f"given.{ending}"
    given.write_bytes(file)
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", to, "--outdir", str(folder / "made"), str(given)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / "made" / f"given.{to}").read_bytes()


def without_values(file: bytes) -> bytes:
    """A workbook whose formulas have no stored values: whoever opens it has to calculate."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    return made.getvalue()
