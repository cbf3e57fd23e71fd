"""A process of its own that draws one picture anew: the file on standard input, the PNG on standard
output, or on standard error why it is refused.

    python -m reports.printed.redrawing_process logo < logo.svg

A small picture can ask for more memory or time than there is; it ends this process alone.
"""

import resource
import sys
from typing import get_args

from reports.printed.redrawing import REFUSED, PictureRefused, What, redrawn

MEMORY, SECONDS = 2_000_000_000, 15


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        what: What = next(each for each in get_args(What) if each == sys.argv[1])
        made = redrawn(sys.stdin.buffer.read(), what)
    except PictureRefused as refused:
        sys.stderr.write(refused.why)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
