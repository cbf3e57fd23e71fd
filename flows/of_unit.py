"""Commands of heads and admins that are about one unit, as openings (`flows.intents`).

    /tindaklanjut UNIT      follow-up plans of that unit
    /tindaklanjut UNIT ID   … of them that one
    /publikasi UNIT         where and when its results were published
    /inovasi UNIT           its innovations
    /ringkasan …            its digests (`flows.digest_openings`)
    /standar UNIT           what it promises, its service standard
    /poster SCOPE           QR codes to print, of a unit or of an agency's
    /konsol                 a link to the web console
    /laporan UNIT           the official report of a period of it, as a file
    /periode UNIT           its periods: users, and what is over is closed
    /unit SCOPE             what is kept of a unit, or of an agency's units by a table

Without a unit it is the one in which the chat has a role; where there are several, it is asked.
"""

from dataclasses import dataclass

from flows import digest_openings

FOLLOW_UP, PUBLICATION, UNIT = "/tindaklanjut", "/publikasi", "/unit"
STANDARD, POSTER, CONSOLE = "/standar", "/poster", "/konsol"
INNOVATION, PERIOD, REPORT = "/inovasi", "/periode", "/laporan"
COMMANDS = {
    INNOVATION: INNOVATION,
    "/innovation": INNOVATION,
    PERIOD: PERIOD,
    "/period": PERIOD,
    REPORT: REPORT,
    "/report": REPORT,
    **{command: command for command in (FOLLOW_UP, PUBLICATION, UNIT, STANDARD, POSTER, CONSOLE)},
    "/followup": FOLLOW_UP,
    "/publication": PUBLICATION,
    "/standard": STANDARD,
    "/console": CONSOLE,
    **digest_openings.COMMANDS,
}
"""As it may be typed → as it opens."""


@dataclass(frozen=True, slots=True)
class OfUnit:
    """`said`: what stands behind the command, as it was typed."""

    command: str
    said: str


def read(opening: str) -> OfUnit | None:
    """None for every other opening."""
    command, _, said = opening.partition(" ")
    return OfUnit(command, said) if command in COMMANDS.values() else None
