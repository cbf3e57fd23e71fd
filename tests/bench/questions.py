"""The peer's texts: the official questionnaire of PermenPANRB 14/2017, as long as ours."""

_SUITABLE = ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai")
_TABLE = [
    (
        "requirements",
        "Persyaratan",
        (
            "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis "
            "pelayanannya?"
        ),
        _SUITABLE,
    ),
    (
        "procedure",
        "Prosedur",
        "Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
    ),
    (
        "completion_time",
        "Waktu",
        "Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?",
        ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
    ),
    (
        "cost",
        "Biaya",
        "Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?",
        ("Sangat mahal", "Cukup mahal", "Murah", "Gratis"),
    ),
    (
        "product",
        "Produk",
        (
            "Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang tercantum "
            "dalam standar pelayanan dengan hasil yang diberikan?"
        ),
        _SUITABLE,
    ),
    (
        "officer_competence",
        "Kompetensi petugas",
        "Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?",
        ("Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"),
    ),
    (
        "officer_conduct",
        "Perilaku petugas",
        (
            "Bagaimana pendapat Saudara perilaku petugas dalam pelayanan terkait kesopanan dan "
            "keramahan?"
        ),
        (
            "Tidak sopan dan ramah",
            "Kurang sopan dan ramah",
            "Sopan dan ramah",
            "Sangat sopan dan ramah",
        ),
    ),
    (
        "facilities",
        "Sarana",
        "Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?",
        ("Buruk", "Cukup", "Baik", "Sangat baik"),
    ),
    (
        "complaint_handling",
        "Pengaduan",
        "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?",
        (
            "Tidak ada",
            "Ada tetapi tidak berfungsi",
            "Berfungsi kurang maksimal",
            "Dikelola dengan baik",
        ),
    ),
]
QUESTIONS = [
    (key, title, question, list(enumerate(choices, start=1)))
    for key, title, question, choices in _TABLE
]
CONSENT = (
    "Survei kepuasan · Samsat Batam Centre\n"
    "9 pertanyaan, sekitar 1 menit. Tanpa nama, NIK, atau nomor HP.\n"
    "Jawaban dihitung bersama warga lain dan hasilnya diumumkan.\n"
    "Anda berusia 17 tahun ke atas dan setuju ikut?"
)
THANKS = "Terima kasih, suara Anda tercatat."
