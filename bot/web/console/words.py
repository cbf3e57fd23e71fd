"""The console in Indonesian, which starlette-admin lacks. What is missing here stays English.

Its templates are told so; its own modules, which have no other way without Babel, have their
`gettext` replaced.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette_admin import base, fields, views

from bot.web.console.form_filling import said
from flows.engine.form import Line

WORDS: Mapping[str, str] = {
    "Actions": "Tindakan",
    "Admin": "Konsol",
    "All": "Semua",
    "An error occurred": "Tidak berhasil. Muat ulang halaman ini.",
    "Attribute": "Bagian",
    "Cancel": "Batal",
    "Close": "Tutup",
    "Create": "Buat",
    "Delete": "Akhiri",
    "Detail": "Rincian",
    "Edit": "Ubah",
    "Edit %(name)s": "Ubah: %(name)s",
    "First": "Awal",
    "Forbidden": "Itu bukan wewenang Anda.",
    "Go to page": "Ke halaman",
    "Invalid action": "Itu bukan wewenang Anda.",
    "Invalid row action": "Itu bukan wewenang Anda.",
    "Last": "Akhir",
    "Loading": "Memuat",
    "Logout": "Keluar",
    "New %(name)s": "Buat %(name)s",
    "Next page": "Halaman berikut",
    "No data": "Belum ada isi.",
    "Oops… You just found an error page": "Halaman ini tidak ada atau bukan wewenang Anda.",
    "Open user menu": "Buka menu pengguna",
    "Page size": "Baris per halaman",
    "Previous page": "Halaman sebelumnya",
    "Save": "Simpan",
    "Search": "Cari",
    "Search in list": "Cari di daftar",
    "Select a %(label)s": "Pilih %(label)s",
    "Show": "Tampilkan",
    "Showing %(start)s to %(end)s of %(total)s entries": "%(start)s–%(end)s dari %(total)s",
    "Something went wrong!": "Tidak berhasil. Muat ulang halaman ini; bila perlu, masuk lagi.",
    "Take me home": "Ke halaman depan",
    'The item "%(repr)s" was added successfully.': "%(repr)s",
    'The item "%(repr)s" was changed successfully.': "%(repr)s",
    'The item "%(repr)s" was successfully deleted.': "Berakhir: %(repr)s",
    "This field is required.": "Wajib diisi.",
    "Toggle navigation": "Buka atau tutup menu",
    "Value": "Isi",
    "View": "Lihat",
    "Yes, Proceed": "Ya, lanjutkan",
    "Yes, delete": "Ya, akhiri",
    "close": "Tutup",
    "entries": "baris",
}


# Written out in its templates, as an attribute's value.
WRITTEN = ("close", "Attribute", "Open user menu", "Toggle navigation", "Value")


def say(message: str) -> str:
    return WORDS.get(str(message), str(message))


def say_many(one: str, many: str, number: int) -> str:
    return say(one if number == 1 else many)


def _attributes(page: str) -> Markup:
    for word in WRITTEN:
        page = str(page).replace(f'label="{word}"', f'label="{say(word)}"')
    return Markup(page)  # noqa: S704  (it was one)


def speak(environment: Any) -> None:
    """From now on, in the templates of an environment and in what starlette-admin itself says."""
    environment.install_gettext_callables(say, say_many, True)
    environment.filters["spoken"] = _attributes
    environment.globals["get_locale"] = lambda: "id"
    environment.globals["said"] = lambda key: said(Line(key))
    for module in (base, fields, views):
        vars(module).update(gettext=say, ngettext=say_many, _=say)
