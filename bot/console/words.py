"""The console in Indonesian, which starlette-admin lacks. What is missing here stays English."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "Actions": "Tindakan",
    "All": "Semua",
    "Apply": "Terapkan",
    "Are you sure you want to delete this item?": "Yakin ingin mengakhirinya?",
    "Attribute": "Bagian",
    "Back": "Kembali",
    "Cancel": "Batal",
    "Clear all": "Kosongkan",
    "Close": "Tutup",
    "Columns": "Kolom",
    "Create": "Buat",
    "Delete": "Akhiri",
    "Detail": "Rincian",
    "Edit": "Ubah",
    "Edit %(name)s": "Ubah %(name)s",
    "Error": "Kesalahan",
    "Field": "Kolom",
    "First": "Awal",
    "Go to page": "Ke halaman",
    "Last": "Akhir",
    "Loading": "Memuat",
    "Loading...": "Memuat…",
    "Logout": "Keluar",
    "New %(name)s": "Baru: %(name)s",
    "Next page": "Halaman berikut",
    "No data": "Belum ada isi",
    "Oops… You just found an error page": "Halaman ini tidak ada atau bukan wewenang Anda.",
    "Open user menu": "Buka menu pengguna",
    "Page size": "Baris per halaman",
    "Previous page": "Halaman sebelumnya",
    "Reset": "Ulangi",
    "Save": "Simpan",
    "Save and add another": "Simpan, lalu buat lagi",
    "Save and continue editing": "Simpan, lalu lanjut mengubah",
    "Search": "Cari",
    "Search in list": "Cari di daftar",
    "Search...": "Cari…",
    "Select a %(label)s": "Pilih %(label)s",
    "Show": "Tampilkan",
    "Showing %(start)s to %(end)s of %(total)s entries": "%(start)s–%(end)s dari %(total)s",
    "Take me home": "Ke halaman depan",
    "Toggle navigation": "Buka atau tutup menu",
    "Value": "Isi",
    "View": "Lihat",
    "Yes, Proceed": "Ya, lanjutkan",
    "Yes, delete": "Ya, akhiri",
    "entries": "baris",
}


def say(message: str) -> str:
    return WORDS.get(str(message), str(message))


def say_many(one: str, many: str, number: int) -> str:
    return say(one if number == 1 else many)
