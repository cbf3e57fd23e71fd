"""How often a law is tried: some times in each run, many times in a deep one."""

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "dev")
DEEP = PROFILE == "deep"


def times(each_run: int, deep: int) -> int:
    return deep if DEEP else each_run
