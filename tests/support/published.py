"""Real published answers, kept outside the repository: not every clone has them."""

import os
from pathlib import Path

from tests.support.paths import ROOT


def published_folder() -> Path | None:
    """The folder of published answer tables, or None: SKM_PUBLISHED, else ../shared/published.

    Raises NotADirectoryError if SKM_PUBLISHED names no folder: a run that was told to use the
    real answers must not pass without them.
    """
    named = os.environ.get("SKM_PUBLISHED")
    if named and not Path(named).is_dir():
        raise NotADirectoryError(f"SKM_PUBLISHED names no folder: {named}")
    folder = Path(named or ROOT.parent / "shared" / "published")
    return folder if folder.is_dir() else None
