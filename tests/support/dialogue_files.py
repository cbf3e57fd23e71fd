"""The dialogues that are written down, and the units of their offices."""

from pathlib import Path

from tests.support.offices import unit_row
from tests.support.paths import TESTS

FOLDER = TESTS / "dialogues"


FILES = sorted(FOLDER.glob("*.txt"))


def unit(code: str, name: str, *services: str, **where: object) -> dict[str, object]:
    rows = [{"id": label.lower().replace(" ", "-"), "label": label} for label in services]
    return unit_row(
        code,
        name=name,
        folded_name=name.casefold(),
        agency="Bapenda Kepri" if name.startswith("Samsat") else "Pemko Batam",
        services=rows,
        **{"region": "Batam", **where},
    )


_CENTRE = ("Pajak tahunan", "Ganti STNK", "Mutasi", "Lainnya")


UNITS = (
    unit("SAMSAT-BC", "Samsat Batam Centre", *_CENTRE, latitude=1.13, longitude=104.05),
    unit(
        "SAMSAT-SK",
        "Samsat Sekupang",
        "Pajak tahunan",
        "Ganti STNK",
        latitude=1.11,
        longitude=103.95,
    ),
    unit("DUKCAPIL", "Disdukcapil Batam", "Pelayanan umum"),
    unit("ANEH-1", "Kantor {unit} 100% {0}", "Layanan {x} %s"),
)


_ELSEWHERE = (
    *("Kota Ambon", "Kota Cilegon", "Kota Denpasar", "Kota Makassar", "Kota Malang"),
    *("Kabupaten Pemalang", "Kota Semarang", "Kota Serang", "Kabupaten Sleman"),
)


def units_of(file: Path) -> tuple[dict[str, object], ...]:
    """Whoever looks for a unit by region has some regions to choose from."""
    if not file.stem.startswith("finding-by"):
        return UNITS
    named = [
        (f"DUKCAPIL-{n}", f"Disdukcapil {region}", region) for n, region in enumerate(_ELSEWHERE)
    ]
    return (*UNITS, *(unit(code, name, "KTP", region=region) for code, name, region in named))
