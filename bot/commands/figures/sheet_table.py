"""A published sheet in words, Indonesian first, for people at a terminal."""

from collections.abc import Iterator

from flows.formats import number
from flows.instrument import Instrument
from flows.loader import instrument, words
from reports.disclosure import LEAST
from reports.sheets.sheet import FIRST, Content, erased_since, shown_in, uncounted

_WORDS = words("id")
_SOURCES = {"chat": "obrolan", "assisted": "dibantu petugas", "imported": "kertas atau formulir"}


def headline(content: Content, hash: bytes) -> Iterator[str]:
    """What was published, in a few lines."""
    unit, period = content["unit"], content["period"]["name"]
    yield f"Lembar {content['number']} · {unit['name']} ({unit['code']}) · {period}"
    yield f"{_index(content['index'])} · {content['n']} responden"
    if since := erased_since(content):
        yield f"{since} dihapus sejak itu; angkanya tetap seperti saat ditunjukkan"
    if few := uncounted(content):
        yield (
            f"{few} jawaban tidak masuk hitungan, agar tidak terbaca dari selisih. / Left out of "
            f"the figures, which would tell what few said: {few}."
        )
    if not shown_in(content).figures:
        yield (
            "Angka ditahan: kurang dari 5 responden. / Figures withheld: fewer than 5 responded."
            if content["n"] < LEAST
            else "Angka ditahan: bersama yang sudah ditunjukkan sebelumnya, angka ini akan membuka "
            "jawaban 1 sampai 4 orang. / Figures withheld: they would tell what 1 to 4 people said."
        )
    yield f"SHA-256 {hash.hex()}"


def lines(content: Content, hash: bytes, erased: int) -> Iterator[str]:
    """All of it. `erased`: how many of its responses were erased since."""
    yield from headline(content, hash)
    yield f"Sebelumnya: {content['previous'] or 'tidak ada'}"
    yield f"Terbit {content['published']}"
    if corrects := content["corrects"]:
        yield f"Mengoreksi lembar {corrects['number']}: {corrects['erased']} jawaban dihapus"
    if erased > erased_since(content):
        number_since = erased - erased_since(content)
        yield f"Dihapus sejak terbit: {number_since} jawaban; lembar ini tetap berlaku"
    yield _rule(content)
    yield f"{content['instrument']} · metode {content['method']} · {content['rounding']}"
    yield from _statistics(content)
    yield from _elements(content)
    yield from _wordings(content)
    yield from _parts(content)
    yield from _radar(content["radar"])
    yield f"Pohon RFC 6962: {content['leaves']['number']} daun, akar {content['leaves']['root']}"


def _rule(content: Content) -> str:
    what = (
        "indeks dari semua unsur yang dijawab"
        if content["format"] == FIRST
        else "indeks dari unsur yang ditampilkan"
    )
    return f"Aturan {content['format']}: {what}"


def _index(index: Content) -> str:
    if index["ikm"] is None:
        return "IKM –"
    grade = f" · {index['grade']} ({index['label']})" if index["grade"] else ""
    return f"IKM {number(index['ikm'], _WORDS)}{grade}"


def _statistics(content: Content) -> Iterator[str]:
    index, sample = content["index"], content["sample"]
    if index["skm"]:
        yield f"SKM {number(index['skm'], _WORDS)}"
    if index["ci95"]:
        low, high = (number(bound, _WORDS) for bound in index["ci95"])
        yield (
            f"Selang 95 %: {low}–{high}, seolah-olah responden dipilih acak; "
            "tidak mencakup siapa yang memilih menjawab"
        )
    if index["alpha"]:
        yield f"Alfa Cronbach {number(index['alpha'], _WORDS)}"
    if sample:
        enough = "cukup" if sample["enough"] else "belum cukup"
        needed, population = sample["needed"], content["population"]
        yield f"Sampel {content['n']} dari {needed} yang perlu (populasi {population}): {enough}"


def _elements(content: Content) -> Iterator[str]:
    by = instrument(content["instrument"])
    since = {each["element"]: each["since"] for each in reversed(content["promised"])}
    means = content["index"]["elements"]  # canonical JSON has them by name
    for key, mean in ((key, means[key]) for key in dict.fromkeys(by.elements.values())):
        n = max(content["sums"][item]["n"] for item, of in by.elements.items() if of == key)
        shown = number(mean, _WORDS) if mean else "–"
        marked = f" · yang dijanjikan berubah {since[key]}" if key in since else ""
        yield f"  {by.element_name(key)}: {shown} · {n} jawaban{marked}"


def _wordings(content: Content) -> Iterator[str]:
    """Where services were asked in the unit's own words, or not asked at all."""
    by = instrument(content["instrument"])
    said = [each for asked in content["wordings"].values() for each in asked.items()]
    for service, wording in said:
        for item, answers in wording.get("options", {}).items():
            yield f"  kata-kata unit untuk {service}, {_named(by, item)}: {' / '.join(answers)}"
        for item in wording.get("without", []):
            yield f"  tidak ditanyakan untuk {service}: {_named(by, item)}"
        if "not_applicable" in wording:
            names = [_named(by, item) for item in wording["not_applicable"]] or ["tidak ada"]
            yield f"  boleh “tidak berlaku” untuk {service}: {', '.join(names)}"


def _named(by: Instrument, item: str) -> str:
    return by.element_name(by.elements[item])


def _parts(content: Content) -> Iterator[str]:
    for source, part in content["sources"].items():
        yield f"  {_SOURCES.get(source, source)}: {part['n']} responden · {_index(part)}"
    verified = content["verified"]
    if verified["n"]:
        yield f"  kunjungan terverifikasi: {verified['n']} responden · {_index(verified)}"


def _radar(radar: Content | None) -> Iterator[str]:
    if radar is None:
        return
    for name, mark in radar["marks"].items():
        yield f"  {_WORDS.texts[f'radar.name.{name}']}: {_number_of(mark)}"
    without = radar["without_marked"]
    if without["n"] is None:
        yield f"  tanpa yang ditandai: {_WORDS.texts['radar.hidden']}"
    else:
        yield f"  tanpa yang ditandai: {without['n']} responden · {_index(without)}"


def _number_of(mark: Content | None) -> str:
    if mark is None:
        return _WORDS.texts["radar.hidden"]
    return f"{mark['n']} dari {mark['checked']}" if mark["checked"] else "tidak diperiksa"
