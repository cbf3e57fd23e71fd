"""A nation of units with names as they are: offices of real regencies, and of districts whose names
are made of Indonesian syllables, so that 30,000 units use as many words as real ones do."""

from collections.abc import Iterator
from itertools import cycle, islice
from random import Random
from typing import Any

REGIONS = """
Kota Batam|1.08|104.03
Kota Tanjungpinang|0.92|104.45
Kota Pekanbaru|0.51|101.45
Kota Medan|3.59|98.67
Kota Padang|-0.95|100.35
Kota Bukittinggi|-0.31|100.37
Kota Palembang|-2.98|104.76
Kota Bandar Lampung|-5.43|105.26
Kota Pangkalpinang|-2.13|106.11
Kota Banda Aceh|5.55|95.32
Kabupaten Aceh Barat|4.14|96.13
Kabupaten Deli Serdang|3.42|98.70
Kota Cilegon|-6.01|106.05
Kota Serang|-6.12|106.15
Kota Tangerang Selatan|-6.29|106.71
Kota Jakarta Selatan|-6.26|106.81
Kota Jakarta Barat|-6.17|106.76
Kota Jakarta Timur|-6.22|106.90
Kota Bekasi|-6.24|106.99
Kabupaten Bekasi|-6.36|107.17
Kota Depok|-6.40|106.79
Kota Bogor|-6.60|106.80
Kota Bandung|-6.91|107.61
Kabupaten Bandung Barat|-6.84|107.49
Kota Cirebon|-6.73|108.55
Kabupaten Indramayu|-6.33|108.32
Kota Tegal|-6.87|109.14
Kabupaten Pemalang|-6.89|109.38
Kabupaten Banyumas|-7.45|109.16
Kota Semarang|-6.97|110.42
Kota Surakarta|-7.57|110.83
Kabupaten Klaten|-7.71|110.60
Kota Yogyakarta|-7.80|110.37
Kabupaten Sleman|-7.72|110.36
Kabupaten Bantul|-7.89|110.33
Kabupaten Gunungkidul|-7.97|110.60
Kota Surabaya|-7.26|112.75
Kabupaten Sidoarjo|-7.45|112.72
Kota Malang|-7.98|112.63
Kabupaten Banyuwangi|-8.22|114.37
Kabupaten Jember|-8.17|113.70
Kota Denpasar|-8.66|115.22
Kabupaten Badung|-8.58|115.18
Kabupaten Lombok Timur|-8.65|116.53
Kota Mataram|-8.58|116.12
Kota Kupang|-10.17|123.61
Kabupaten Manggarai Barat|-8.50|119.89
Kota Pontianak|-0.03|109.33
Kabupaten Pulang Pisau|-2.75|114.25
Kota Palangka Raya|-2.21|113.92
Kota Banjarmasin|-3.32|114.59
Kota Balikpapan|-1.24|116.85
Kota Samarinda|-0.50|117.15
Kota Tarakan|3.30|117.63
Kota Makassar|-5.15|119.43
Kabupaten Gowa|-5.31|119.74
Kota Palu|-0.90|119.87
Kota Kendari|-3.99|122.51
Kota Manado|1.47|124.84
Kota Gorontalo|0.54|123.06
Kota Ambon|-3.66|128.19
Kota Ternate|0.79|127.38
Kota Sorong|-0.88|131.26
Kota Jayapura|-2.53|140.72
Kabupaten Merauke|-8.49|140.40
"""
OF_A_REGION = (
    ("Samsat {place}", "samsat", "Badan Pendapatan Daerah {region}"),
    ("Dinas Kependudukan dan Pencatatan Sipil {region}", "disdukcapil", "Pemerintah {region}"),
    ("RSUD {place}", "rsud", "Pemerintah {region}"),
    ("Dinas Penanaman Modal dan PTSP {region}", "dpmptsp", "Pemerintah {region}"),
    ("Mal Pelayanan Publik {place}", "mpp", "Pemerintah {region}"),
    ("Kantor Pertanahan {region}", "bpn", "Kementerian ATR/BPN"),
    ("Kantor Imigrasi Kelas I {place}", "imigrasi", "Kementerian Imigrasi"),
    ("Polres {place}", "polres", "Polri"),
    ("Dinas Kesehatan {region}", "dinkes", "Pemerintah {region}"),
    ("Dinas Pendidikan {region}", "disdik", "Pemerintah {region}"),
    ("Dinas Sosial {region}", "dinsos", "Pemerintah {region}"),
    ("Dinas Perhubungan {region}", "dishub", "Pemerintah {region}"),
    ("Perumda Air Minum {place}", "pdam", "Pemerintah {region}"),
)
OF_A_DISTRICT = (
    ("Kecamatan {place}", "kecamatan", "Pemerintah {region}"),
    ("Puskesmas {place}", "puskesmas", "Dinas Kesehatan {region}"),
    ("KUA {place}", "kua", "Kementerian Agama"),
    ("Kelurahan {place}", "kelurahan", "Pemerintah {region}"),
    ("Samsat Pembantu {place}", "samsat", "Badan Pendapatan Daerah {region}"),
)
_SYLLABLES = [
    "ba",
    "bu",
    "ca",
    "da",
    "ga",
    "ja",
    "ka",
    "ku",
    "la",
    "li",
    "ma",
    "mu",
    "na",
    "pa",
    "ra",
    "ri",
    "sa",
    "su",
    "ta",
    "ti",
    "wa",
    "yu",
]
_ENDS = [
    "ng",
    "n",
    "r",
    "k",
    "s",
    "t",
    "h",
    "m",
    "ya",
    "wangi",
    "sari",
    "rejo",
    "harjo",
    "jaya",
    "asih",
    "mulyo",
    "bumi",
    "tani",
]
_BEFORE = ("Tanjung", "Pulau", "Sungai", "Bukit", "Teluk", "Muara", "Karang", "Kota", "Batu", "")


def regions() -> list[tuple[str, float, float]]:
    lines = (line.split("|") for line in REGIONS.split("\n") if line)
    return [(name, float(latitude), float(longitude)) for name, latitude, longitude in lines]


def units(number: int) -> list[dict[str, Any]]:
    """So many units as `storage.units.save` takes them, but for the questionnaire."""
    named = islice(_named(Random(7)), number)
    return [{"code": f"U{n:05}", "folded_code": f"u{n:05}", **unit} for n, unit in enumerate(named)]


def _named(random: Random) -> Iterator[dict[str, Any]]:
    for region in regions():
        place = region[0].partition(" ")[2]
        for shape in OF_A_REGION:
            yield _unit(random, region, place, *shape)
    for region, shape in zip(cycle(regions()), cycle(OF_A_DISTRICT)):
        yield _unit(random, region, _district(random), *shape)


def _district(random: Random) -> str:
    word = "".join(random.choices(_SYLLABLES, k=random.choice((1, 2, 2)))) + random.choice(_ENDS)
    return f"{random.choice(_BEFORE)} {word.capitalize()}".strip()


def _unit(
    random: Random, of: tuple[str, float, float], place: str, name: str, kind: str, agency: str
) -> dict[str, Any]:
    region, latitude, longitude = of
    name = name.format(place=place, region=region)
    return {
        "name": name,
        "folded_name": name.casefold(),
        "agency": agency.format(region=region),
        "region": region,
        "kind": kind,
        "timezone": "Asia/Jakarta",
        "period": "quarter",
        "population": None,
        "latitude": latitude + random.uniform(-0.1, 0.1),
        "longitude": longitude + random.uniform(-0.1, 0.1),
        "opening_hours": "",
        "services": [{"id": "umum", "label": "Pelayanan umum"}],
    }
