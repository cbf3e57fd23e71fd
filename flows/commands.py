"""Commands that a button of another file opens. What a command means is its dialogue's
(`bot.dialogues`), where the others have their names; a button asks what its command asks."""

FOLLOW_UP, PUBLICATION = "/tindaklanjut", "/publikasi"
STANDARD, POSTER, UNIT = "/standar", "/poster", "/unit"
PERIOD, REPORT, QUESTION = "/periode", "/laporan", "/pertanyaan"
SIGNING, AGENCY_REPORT, PUBLIC_REPORT = "/penandatangan", "/laporaninstansi", "/laporanpublik"
ROLES, END_INVITED, LEAVE = "/peran", "/cabut", "/keluar"
SETTINGS, DETAILS, MUTE, COMMENTS = "/atur", "/rincian", "/senyap", "/komentar"
EXAMPLE, HELP = "/contoh", "/bantuan"
ERASE, CORRECT, CHECK = "/hapus", "/ubah", "/cek"
SUBSCRIBE, UNSUBSCRIBE = "/kabari", "/berhenti"


def settings(code: str) -> str:
    return f"{SETTINGS} {code}"


def details(code: str, period: str) -> str:
    return f"{DETAILS} {code} {period}"


def mute(code: str, kind: str) -> str:
    return f"{MUTE} {code} {kind}"


def read_comments(code: str, period: str, page: int = 1) -> str:
    return f"{COMMENTS} {code} {period}" + (f" {page}" if page > 1 else "")


def improve(code: str, element: str) -> str:
    """A follow-up plan for that element."""
    return f"{FOLLOW_UP} {code} {element}"


def public_report(code: str, period: str) -> str:
    """Its report on the public site."""
    return f"{PUBLIC_REPORT} {code} {period}"


def announce(code: str, period: str) -> str:
    return f"{PUBLICATION} {code} {period}"
