"""What a head asks of digests, as openings (`flows.of_unit`).

/atur UNIT          when its digests come, and what urgent news
/ringkasan UNIT     the last digest again
/rincian UNIT WEEK  what stands behind a digest (or a month's: 2026-11)
/senyap UNIT KIND   no more urgent news of a kind
"""

SETTINGS, RECAP, DETAILS, MUTE = "/atur", "/ringkasan", "/rincian", "/senyap"
COMMANDS = {**{command: command for command in (SETTINGS, RECAP, DETAILS, MUTE)}, "/digest": RECAP}


def settings(code: str) -> str:
    return f"{SETTINGS} {code}"


def details(code: str, period: str) -> str:
    return f"{DETAILS} {code} {period}"


def mute(code: str, kind: str) -> str:
    return f"{MUTE} {code} {kind}"
