"""The annexes of the ministry's template: the questionnaire in its official words, the figures in
number, what documents the survey, the follow-up of the period before; and one of the method and the
proofs, for whoever examines the report."""

from collections.abc import Iterator

from flows.formats import indonesian, long_day
from flows.instrument import Instrument
from flows.loader import instrument
from reports.disclosure import least
from reports.official_report import units, wording
from reports.official_report.calculation import calculation
from reports.official_report.report import Counts, Report
from reports.official_report.results import parts
from reports.papers.document import (
    Block,
    Cell,
    Chapter,
    Figure,
    Paragraph,
    Picture,
    Points,
    Table,
)
from reports.sheets.sheet import METHOD
from reports.statistics.index import rounded
from storage.office.follow_ups import FollowUp

ANSWERS = "Banyaknya jawaban menurut unsur dan nilai"


def annexes(report: Report) -> Iterator[Chapter]:
    for number, (title, blocks) in enumerate(
        (
            ("Kuesioner", _questionnaire(report)),
            ("Hasil Pengolahan Data", _data(report)),
            ("Dokumentasi Terkait Pelaksanaan SKM", _documentation(report)),
            ("Laporan Hasil Tindak Lanjut SKM Periode Sebelumnya", _earlier(report)),
            ("Catatan Teknis untuk Pemeriksa", _technical(report)),
        ),
        1,
    ):
        yield Chapter(f"Lampiran {number} {title}", f"Lampiran {number}", tuple(blocks))


def _questionnaire(report: Report) -> Iterator[Block]:
    by = instrument(report.instrument)
    head = ("No.", "Pertanyaan", *map(str, by.values))
    rows = [_asked(by, place) for place in range(len(by.items))]
    yield Table("Pertanyaan resmi dan pilihan jawabannya", head, tuple(rows), _ASKED)
    passed = [by.element_name(by.elements[i.key]) for i in by.items if i.not_applicable]
    said = f"Nilai 1–4 dari kiri ke kanan. Boleh dijawab “tidak berlaku”: {wording.listed(passed)}."
    yield Paragraph(f"{said} Jawaban itu tidak ikut dihitung.", "note")
    for service, said_there in report.wordings:
        yield from _worded(report, by, service, said_there)


_ASKED = (1, 7, 3, 3, 3, 3)


def _asked(by: Instrument, place: int) -> tuple[Cell, ...]:
    item = by.items[place]
    return (Figure(str(place + 1)), item.question, *(item.options or by.options))


def _worded(report: Report, by: Instrument, service: str, said: object) -> Iterator[Block]:
    assert isinstance(said, dict), "flows.instrument.Wording.said"
    label = wording.service(report, service)
    rows = tuple((_named(by, item), *options) for item, options in said.get("options", {}).items())
    if rows:
        head = ("Unsur", *map(str, by.values))
        yield Table(f"Kata-kata pilihan untuk layanan {label}", head, rows, (6, 3, 3, 3, 3))
    points = []
    if without := said.get("without"):
        points.append(f"Tidak ditanyakan untuk {label}: {_names(by, without)}.")
    if (passed := said.get("not_applicable")) is not None:
        names = _names(by, passed) if passed else "tidak ada"
        points.append(f"Boleh dijawab “tidak berlaku” untuk {label}: {names}.")
    if points:
        yield Points(tuple(points))


def _named(by: Instrument, item: str) -> str:
    return by.element_name(by.elements[item])


def _names(by: Instrument, items: list[str]) -> str:
    return wording.listed([_named(by, item) for item in items])


def _data(report: Report) -> Iterator[Block]:
    yield from calculation(report)
    if report.is_of_agency:
        return
    yield from _answers(report)
    if report.sources:
        names = [wording.SOURCES.get(part.name, part.name) for part in report.sources]
        yield from parts("Cara mengisi survei", "Cara mengisi", names, report.sources)


def _answers(report: Report) -> Iterator[Block]:
    if not report.answers:
        yield Paragraph(
            "Tabel jawaban tidak dimuat, dengan alasan yang sama seperti profil responden."
        )
        return
    by, whole = instrument(report.instrument), report.figures.n
    rows = [_counted(report, by, each, whole) for each in report.answers]
    head = ("Unsur", *map(str, by.values), "Dijawab", "Tidak dijawab")
    yield Table(ANSWERS, head, tuple(rows), (6, 2, 2, 2, 2, 2, 2))
    if any(None in each.counts for each in report.answers):
        yield Paragraph(
            f"“{wording.HIDDEN}”: disamarkan, karena ada pilihan yang diambil 1–{least() - 1} "
            "orang. Rata-rata unsur dicetak, jadi seluruh barisnya tidak dimuat agar tidak dapat "
            "dihitung balik.",
            "note",
        )


def _counted(report: Report, by: Instrument, each: Counts, whole: int) -> tuple[Cell, ...]:
    element = by.elements[each.key]
    n = next(e.n for e in report.figures.elements if e.key == element) or 0
    counts = map(wording.count, each.counts)
    return (_named(by, each.key), *counts, Figure(str(n)), Figure(str(whole - n)))


def _documentation(report: Report) -> Iterator[Block]:
    done = [each for each in (*report.earlier, *report.follow_ups) if each.status == "done"]
    if report.publications:
        rows = tuple(
            (long_day(each.on), wording.WORDS.texts[f"announce.medium.{each.medium}"])
            for each in report.publications
        )
        yield Table("Publikasi hasil survei", ("Tanggal", "Media"), rows, (3, 7))
    proven = [each for each in done if each.proof or each.file]
    if proven:
        proofs = tuple(_proven(report, each) for each in proven)
        yield Table("Bukti tindak lanjut", ("Program", "Selesai", "Bukti"), proofs, (5, 3, 6))
    shown = (each for each in proven if each.id in report.photos)
    for number, each in enumerate(shown, 1):
        name = f"Foto {number}, {each.plan.programme}, {_day_of(each)}"
        yield Picture(name, report.photos[each.id])
    if not report.publications and not proven:
        yield Paragraph("Foto pelaksanaan survei dan publikasi hasilnya dilampirkan di sini.")


_SENT = {
    "photo": "Foto, disimpan di obrolan kepala unit",
    "document": "Dokumen, disimpan di obrolan kepala unit",
}


def _proven(report: Report, each: FollowUp) -> tuple[Cell, ...]:
    said = _SENT[each.file.kind] if each.file else each.proof
    shown = "Foto di bawah" if each.id in report.photos else said
    return each.plan.programme, _day_of(each), shown


def _earlier(report: Report) -> Iterator[Block]:
    if not report.earlier:
        yield Paragraph("Tidak ada rencana tindak lanjut dari periode sebelumnya yang tercatat.")
        return
    head = ("No.", "Unsur", "Rencana tindak lanjut", "Target", "Penanggung jawab", "Hasil")
    rows = tuple(_outcome(report, *each) for each in enumerate(report.earlier, 1))
    yield Table("Hasil tindak lanjut periode sebelumnya", head, rows, (2, 6, 8, 4, 5, 6))
    done = sum(each.status == "done" for each in report.earlier)
    yield Paragraph(f"{done} dari {len(report.earlier)} rencana selesai.")


def _outcome(report: Report, number: int, each: FollowUp) -> tuple[Cell, ...]:
    plan = each.plan
    said = wording.WORDS.texts[f"follow_up.status.{each.status}"].capitalize()
    if each.finished_on:
        said += f", {_day_of(each)}"
    name, due = wording.element(report, plan.element), wording.quarter_of(plan.due)
    return Figure(str(number)), name, plan.programme, due, plan.person, said


def _day_of(each: FollowUp) -> str:
    return long_day(each.finished_on) if each.finished_on else wording.NONE


def _technical(report: Report) -> Iterator[Block]:
    yield from _method(report)
    yield from _radar(report)
    yield from units.sheets(report) if report.is_of_agency else _proof(report)


def _method(report: Report) -> Iterator[Block]:
    by = instrument(report.instrument)
    grades = "; ".join(
        f"{g.grade} ({g.label}) ≥ {indonesian(rounded(g.lowest, 2))}" for g in by.grades[:-1]
    )
    points = [
        f"Instrumen: {by.name}, versi {by.id}.",
        f"IKM adalah jumlah NRR unsur kali bobot {wording.weight(report)} yang tepat (bukan 0,11), "
        f"lalu dikali {by.times}. Metode ini dicatat sebagai “{METHOD}”.",
        "Dihitung dengan pecahan tepat, dibulatkan sekali di akhir (setengah ke atas, dua "
        "desimal), lalu dibandingkan dengan batas mutu.",
        f"Batas mutu: {grades}; selebihnya {by.grades[-1].grade} ({by.grades[-1].label}).",
        "Semua jawaban dari semua cara mengisi dihitung, bertanda atau tidak.",
        "Perbedaan disebut nyata bila p < 0,01 dan ada 30 jawaban atau lebih; selain itu masih "
        "dalam ketidakpastian.",
        f"Angka yang bertumpu pada 1–{least() - 1} orang tidak dimuat. Laporan ini tidak memuat "
        "nama warga dan tidak memuat jawaban per orang.",
    ]
    if report.figures.alpha:
        alpha = indonesian(report.figures.alpha)
        points.append(f"Keandalan kuesioner pada jawaban ini (alfa Cronbach): {alpha}.")
    yield Points(tuple(points))


def _radar(report: Report) -> Iterator[Block]:
    if report.radar is None:
        return
    yield Paragraph(
        "Pemeriksaan kewajaran mencari pola yang tidak lazim, misalnya semua pertanyaan dijawab "
        "sama. Tanda bukan bukti kecurangan; jawaban bertanda tetap dihitung dalam IKM."
    )
    rows = tuple(
        (wording.WORDS.texts[f"radar.name.{name}"], *_marked(said))
        for name, said in report.radar.marks.items()
    )
    yield Table(
        "Pemeriksaan kewajaran jawaban", ("Tanda", "Ditandai", "Diperiksa"), rows, (6, 2, 2)
    )
    if None in report.radar.marks.values():
        yield Paragraph(f"“{wording.HIDDEN}”: disamarkan, karena menyangkut sedikit orang.", "note")
    rest = report.radar.without
    if rest and rest.headline:
        yield Paragraph(
            f"Tanpa yang bertanda berat: IKM {wording.graded(rest.headline)}, {rest.n} responden."
        )


def _marked(said: tuple[int, int] | None) -> tuple[Cell, Cell]:
    if said is None:
        return wording.HIDDEN, wording.HIDDEN
    if not said[1]:
        return wording.NONE, "tidak diperiksa"
    return Figure(str(said[0])), Figure(str(said[1]))


def _proof(report: Report) -> Iterator[Block]:
    proof = report.proof
    if proof is None:
        yield Paragraph(
            "Hasil periode ini belum ditetapkan, jadi lembar hasil dan segelnya belum ada."
        )
        return
    yield Paragraph(
        "Saat hasil ditetapkan, semua angkanya dibekukan dalam satu lembar hasil. Sidik digital "
        "lembar dan segel jawaban di bawah berubah bila satu angka atau satu jawaban saja diubah "
        "sesudahnya. Pemeriksa yang memegang basis data menghitung ulang keduanya dengan perintah "
        "“skm verify”; warga memeriksa tanda terimanya dengan /cek di obrolan."
    )
    rows: list[tuple[Cell, ...]] = [
        ("Nomor lembar hasil", Figure(str(proof.number))),
        ("Ditetapkan", wording.a_moment(proof.published)),
        ("Sidik digital lembar (SHA-256)", proof.hash),
        ("Segel semua jawaban (akar Merkle, RFC 6962)", proof.root),
        ("Jawaban yang disegel", Figure(str(proof.leaves))),
    ]
    if proof.corrects:
        rows.append(("Mengoreksi lembar nomor", Figure(str(proof.corrects))))
    if proof.erased:
        rows.append(("Dihapus warga sejak itu", Figure(str(proof.erased))))
    yield Table("Lembar hasil yang ditetapkan", (), tuple(rows), (4, 7))
