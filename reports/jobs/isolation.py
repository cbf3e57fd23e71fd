"""One of many things to do: if it fails it is logged, and the rest is done."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

log = logging.getLogger("reports.jobs.due")


def isolated(what: str, do: Callable[..., int], *args: object) -> int:
    """What it returns, or 0 where it fails. Raises OperationalError: the database fails for all."""
    try:
        return do(*args)
    except OperationalError:
        raise
    except Exception as fault:
        log.error("%s failed", what, exc_info=fault)
        return 0
