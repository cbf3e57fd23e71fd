"""Whether a comment says anything: "ok", "-" and "tidak ada" fill a field, and nobody reads them.

What praises or complains in one word ("mantap", "lama") says something. So does whatever is denied:
"ok" does not, "tidak ok" does.
"""

from reports.comments.informal import formal

_FILLS = frozenset({
    *("ok", "oke", "okay", "okey", "ya", "iya", "yes", "yup", "sip", "siap", "cukup", "aman"),
    *("lanjut", "tes", "test", "coba", "skip", "lewati", "nihil", "kosong", "nol"),
    *("semua", "semuanya", "sudah", "saja", "sekali", "itu", "dan"),
    *("terima", "kasih", "terimakasih", "makasih", "thanks", "thank", "you"),
    *("no", "none", "nothing", "nope", "komentar", "comment", "kritik", "saran", "masukan"),
})  # fmt: skip
_DENIED = ("tidak", "belum")
_NOTHING = ("ada", "apa")


def says_something(text: str) -> bool:
    words = [word for word in formal(text).split() if word.isalpha()]
    denials = [place for place, word in enumerate(words) if word in _DENIED]
    for place in denials:
        if place + 1 < len(words) and words[place + 1] not in _NOTHING:
            return True
    nothing = {*_FILLS, *_DENIED, *(_NOTHING if denials else ())}
    return any(word not in nothing for word in words)
