"""What people type, and the unit they mean, among 30,000.

MEANT was written down before the first of it was tried: 48 of 53 were shown, 47 first. LATER was
written then, and tried once before anything was bettered: 22 of 28, all first. For what was missed
`abbreviations.toml` learnt errands, nicknames and a few prefixes, and a word that no name has came
to weigh less. What is missed now stays here to be counted.
"""

import pytest

from storage.directory import Place, Places
from storage.spelling import initials, passed_over, skeleton, words
from tests.bench.names import units

SHOWN = 8
MEANT = """
samsat batam                       Samsat Batam
smsat batm                         Samsat Batam
SAMSAT BATAM.                      Samsat Batam
batam samsat                       Samsat Batam
samsat btm                         Samsat Batam
saya dari samsat kota batam        Samsat Batam
samsatbatam                        Samsat Batam
samsat tanjung pinang              Samsat Tanjungpinang
samsat tj pinang                   Samsat Tanjungpinang
samsat pku                         Samsat Pekanbaru
samsat bl                          Samsat Bandar Lampung
samsat tangsel                     Samsat Tangerang Selatan
samsat jaksel                      Samsat Jakarta Selatan
samsat jogja                       Samsat Yogyakarta
samsat solo                        Samsat Surakarta
samat makasar                      Samsat Makassar
samsat palangkaraya                Samsat Palangka Raya
disduk pemalang                    Dinas Kependudukan dan Pencatatan Sipil Kabupaten Pemalang
disdukcapil pemalang               Dinas Kependudukan dan Pencatatan Sipil Kabupaten Pemalang
dukcapil kab pemalang              Dinas Kependudukan dan Pencatatan Sipil Kabupaten Pemalang
capil pemalang                     Dinas Kependudukan dan Pencatatan Sipil Kabupaten Pemalang
disdukcapl smarang                 Dinas Kependudukan dan Pencatatan Sipil Kota Semarang
catatan sipil surabaya             Dinas Kependudukan dan Pencatatan Sipil Kota Surabaya
dinas kependudukan sby             Dinas Kependudukan dan Pencatatan Sipil Kota Surabaya
ktp bandung                        Dinas Kependudukan dan Pencatatan Sipil Kota Bandung
pencatatan sipil kota bandung      Dinas Kependudukan dan Pencatatan Sipil Kota Bandung
rs umum cilegon                    RSUD Cilegon
rsud cilegon                       RSUD Cilegon
rumah sakit cilegon                RSUD Cilegon
rumah sakit umum daerah cilegon    RSUD Cilegon
rumahsakit cilegon                 RSUD Cilegon
rsu clegon                         RSUD Cilegon
imigrasi batam                     Kantor Imigrasi Kelas I Batam
kantor imigrsi denpasar            Kantor Imigrasi Kelas I Denpasar
imigrasi dps                       Kantor Imigrasi Kelas I Denpasar
bpn sleman                         Kantor Pertanahan Kabupaten Sleman
kantor pertanahan slemn            Kantor Pertanahan Kabupaten Sleman
badan pertanahan bantul            Kantor Pertanahan Kabupaten Bantul
dpmptsp malang                     Dinas Penanaman Modal dan PTSP Kota Malang
perizinan kota malang              Dinas Penanaman Modal dan PTSP Kota Malang
ptsp pulang pisau                  Dinas Penanaman Modal dan PTSP Kabupaten Pulang Pisau
mpp banyuwangi                     Mal Pelayanan Publik Banyuwangi
mall pelayanan publik banyuwangi   Mal Pelayanan Publik Banyuwangi
mal pelayanan banyuwnagi           Mal Pelayanan Publik Banyuwangi
pdam gowa                          Perumda Air Minum Gowa
dinkes lombok timur                Dinas Kesehatan Kabupaten Lombok Timur
dinas kesehatan lotim              Dinas Kesehatan Kabupaten Lombok Timur
dishub makassar                    Dinas Perhubungan Kota Makassar
disdik kota depok                  Dinas Pendidikan Kota Depok
dinsos gunung kidul                Dinas Sosial Kabupaten Gunungkidul
polres jakbar                      Polres Jakarta Barat
polres merauke                     Polres Merauke
polres metro bekasi                Polres Bekasi
"""
LATER = """
samsat sidoarjo kab                Samsat Sidoarjo
samsat aceh brt                    Samsat Aceh Barat
samsat bandaaceh                   Samsat Banda Aceh
samsat sorog                       Samsat Sorong
stnk bogor                         Samsat Bogor
dukcapil gunung kidul              Dinas Kependudukan dan Pencatatan Sipil Kabupaten Gunungkidul
disdukcapil bantl                  Dinas Kependudukan dan Pencatatan Sipil Kabupaten Bantul
akta kelahiran ternate             Dinas Kependudukan dan Pencatatan Sipil Kota Ternate
rsud balikpapn                     RSUD Balikpapan
rs klaten                          RSUD Klaten
RSUD-Jayapura!!                    RSUD Jayapura
rsud kota mataram                  RSUD Mataram
imigrasi jaksel                    Kantor Imigrasi Kelas I Jakarta Selatan
kantor imigrasi kelas 1 medan      Kantor Imigrasi Kelas I Medan
paspor medan                       Kantor Imigrasi Kelas I Medan
bpn kab bekasi                     Kantor Pertanahan Kabupaten Bekasi
pertanahan manggarai               Kantor Pertanahan Kabupaten Manggarai Barat
polres deliserdang                 Polres Deli Serdang
polres tegal kota                  Polres Tegal
dinas sosil ambon                  Dinas Sosial Kota Ambon
dinsos kupang                      Dinas Sosial Kota Kupang
perizinan surabya                  Dinas Penanaman Modal dan PTSP Kota Surabaya
dpmptsp palngkaraya                Dinas Penanaman Modal dan PTSP Kota Palangka Raya
air minum jember                   Perumda Air Minum Jember
dinas pendidikan banyumas          Dinas Pendidikan Kabupaten Banyumas
dinkes gorntalo                    Dinas Kesehatan Kota Gorontalo
mal pelayanan publik pontinak      Mal Pelayanan Publik Pontianak
dishub kendari sulawesi tenggara   Dinas Perhubungan Kota Kendari
"""
MISSED = {"samsat tj pinang"}
NOT_FIRST = {"samat makasar"}


def meant(text: str) -> list[tuple[str, str]]:
    return [(line[:35].strip(), line[35:]) for line in text.split("\n") if line]


@pytest.fixture(scope="module")
def nation() -> Places:
    names = ("code", "name", "agency", "region", "kind", "latitude", "longitude")
    return Places([Place(*(row[name] for name in names)) for row in units(30_000)])


def test_what_people_type_finds_what_they_mean(nation: Places):
    wanted = meant(MEANT + LATER)
    found = {typed: [place.name for place in nation.like(typed, SHOWN)] for typed, _ in wanted}
    missed = {typed for typed, name in wanted if name not in found[typed]}
    behind = {typed for typed, name in wanted if found[typed][:1] != [name]} - missed
    assert len(wanted) == 81
    assert (missed, behind) == (MISSED, NOT_FIRST)


def test_a_whole_name_finds_its_unit_first(nation: Places):
    for place in nation.all[:: len(nation.all) // 150]:
        if passed_over().isdisjoint(words(place.name)):  # a "Kecamatan Teluk Dan" is made up
            assert nation.like(place.name, SHOWN)[0].name == place.name


def test_a_letter_left_out_still_finds_it(nation: Places):
    for place in nation.all[:200]:
        name, at = place.name, len(place.name) - 3
        shown = [each.name for each in nation.like(name[:at] + name[at + 1 :], SHOWN)]
        assert name in shown, name


@pytest.mark.parametrize("typed", ["", " ", "👍" * 60, "<b></b>", "%", "' OR --", "pizza", "12345"])
def test_what_names_nothing_finds_nothing(nation: Places, typed: str):
    assert nation.like(typed, SHOWN) == []


def test_a_code_means_its_own_unit(nation: Places):
    assert [place.code for place in nation.like(" u00042 ", SHOWN)] == ["U00042"]


def test_two_words_written_as_one_and_one_as_two():
    both = Places([Place("A1", "Pasar Pulogadung", "", ""), Place("B1", "Pasar Batu Aji", "", "")])
    assert [place.code for place in both.like("pasar pulo gadung", SHOWN)] == ["A1"]
    assert [place.code for place in both.like("pasar batuaji", SHOWN)] == ["B1"]


def test_initials_mean_words_beside_each_other():
    both = Places([Place("A1", "Samsat Batam Centre", "", ""), Place("B1", "Samsat Biak", "", "")])
    assert [place.code for place in both.like("samsat bc", SHOWN)] == ["A1"]
    assert initials(["samsat", "batam", "centre"]) == {"sb", "bc", "sbc"}


def test_words_are_read_without_accents_signs_and_capitals():
    assert words("RSUD-Café, (Kota) 1") == ["rsud", "cafe", "kota", "1"]
    assert skeleton("batam") == "btm"
