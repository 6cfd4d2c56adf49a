"""The packaged form is the national one (iga.md section 1), in two whole languages, within every limit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from domain.draft.checks import RULE_NAMES
from domain.reading.names import Name, find
from domain.reading.result import Understood
from domain.rules.form import Option, Question, Words
from domain.rules.load import load_form

FORM = load_form()
QUESTIONS = tuple(FORM)
CLOSED = tuple(question for question in QUESTIONS if question.options)
SPOKEN = ("label", "ask", "hint", "example", "help", "why")
LATER = (2026, 2027, 2028)  # rule years since the form of 2026
CALLBACK_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton
SCREEN_CHARS = 900  # conversation.md, rule 1
LABEL_CHARS = 60  # of an option; longer ones stand in the help
MB = 1_000_000  # bytes

SECTIONS = {
    "profil": "nama tahapan inisiator nama_inisiator klasifikasi koordinat jenis bentuk",
    "tema": "asta_cita pkpn program_pkpn tematik urusan_utama urusan_lain"
    " waktu_uji_coba waktu_penerapan ada_perkembangan waktu_pengembangan penjelasan_kembang",
    "rancang": "dasar_hukum permasalahan isu_strategis metode keunggulan cara_kerja tujuan manfaat hasil",
    "lampiran": "nilai_anggaran anggaran profil_bisnis foto haki penghargaan video nomor_iid",
}

# id: official field name, kind, required (where the facts say "not found" it is optional), rule years (none:
# all)
FIELDS: dict[str, tuple[str, str, bool, tuple[int, ...]]] = {
    "nama": ("Nama Inovasi", "text", True, ()),
    "tahapan": ("Tahapan Inovasi", "choice", True, ()),
    "inisiator": ("Inisiator Inovasi Daerah", "choice", True, ()),
    "nama_inisiator": ("Nama Inisiator", "text", True, ()),
    "klasifikasi": ("Klasifikasi", "choice", True, LATER),
    "koordinat": ("Koordinat", "location", False, LATER),
    "jenis": ("Jenis Inovasi", "choice", True, ()),
    "bentuk": ("Bentuk Inovasi Daerah", "choice", True, ()),
    "asta_cita": ("Asta Cita", "choice", True, (2025, *LATER)),
    "pkpn": ("PKPN (klaster)", "choice", False, LATER),
    "program_pkpn": ("Program PKPN", "text", False, LATER),
    "tematik": ("Tematik", "choice", True, (2023, 2024)),
    "urusan_utama": ("Urusan Pemerintahan (utama)", "choice", True, ()),
    "urusan_lain": ("Urusan lain yang beririsan", "multi", False, ()),
    "waktu_uji_coba": ("Waktu Uji Coba", "date", True, ()),
    "waktu_penerapan": ("Waktu Penerapan", "date", True, ()),
    "ada_perkembangan": ("Apakah sudah ada perkembangan inovasi tersebut?", "choice", True, ()),
    "waktu_pengembangan": ("Waktu pengembangan terbaru", "date", True, ()),
    "penjelasan_kembang": ("Penjelasan pengembangan dari versi sebelumnya", "long", False, ()),
    "dasar_hukum": ("Rancang Bangun: dasar hukum", "long", True, ()),
    "permasalahan": ("Rancang Bangun: permasalahan", "long", True, ()),
    "isu_strategis": ("Rancang Bangun: isu strategis", "long", True, ()),
    "metode": ("Rancang Bangun: metode pembaharuan", "long", True, ()),
    "keunggulan": ("Rancang Bangun: keunggulan dan kebaharuan", "long", True, ()),
    "cara_kerja": ("Rancang Bangun: cara kerja", "long", True, ()),
    "tujuan": ("Tujuan", "long", True, ()),
    "manfaat": ("Manfaat yang diperoleh", "long", True, ()),
    "hasil": ("Hasil Inovasi", "long", True, ()),
    "nilai_anggaran": ("Besar anggaran (bila ada)", "number", False, ()),
    "anggaran": ("Anggaran", "file", False, ()),
    "profil_bisnis": ("Profil Bisnis", "file", False, ()),
    "foto": ("Dokumentasi foto", "file", False, ()),
    "haki": ("Dokumen HAKI", "file", False, ()),
    "penghargaan": ("Penghargaan", "file", False, ()),
    "video": ("Video inovasi", "file", False, ()),
    "nomor_iid": ("Nomor IID", "text", False, ()),
}

# id: kinds by content, bytes, how many
FILES = {
    "anggaran": (("pdf",), 2 * MB, 1),
    "profil_bisnis": (("pdf",), 2 * MB, 1),
    "foto": (("jpg", "png"), 2 * MB, 5),
    "haki": (("pdf",), 2 * MB, 1),
    "penghargaan": (("pdf",), 2 * MB, 5),
    "video": (("mp4", "url"), 20 * MB, 1),
}

# id: (question, is, is_not) of each condition; any of them makes the question apply
CONDITIONS: dict[str, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = {
    "program_pkpn": (("pkpn", (), ("non_pkpn",)),),
    "waktu_uji_coba": (("tahapan", ("uji_coba", "penerapan"), ()),),
    "waktu_penerapan": (("tahapan", ("penerapan",), ()),),
    "waktu_pengembangan": (("ada_perkembangan", ("ya",), ()),),
    "penjelasan_kembang": (("ada_perkembangan", ("ya",), ()),),
}

CHECKS: dict[str, tuple[str, ...]] = {
    "nama": ("title", "name"),
    "nama_inisiator": ("name",),
    "program_pkpn": ("name",),
    "urusan_lain": ("not_same:urusan_utama",),
    "waktu_uji_coba": ("not_future", "whole_day"),
    "waktu_penerapan": ("not_future", "not_before:waktu_uji_coba", "window", "whole_day"),
    "ada_perkembangan": ("developed",),
    "waktu_pengembangan": ("not_future", "in_window", "not_before:waktu_penerapan", "whole_day"),
}

# iga.md section 1.1, in its order
AFFAIRS = (
    "Pendidikan",
    "Kesehatan",
    "Pekerjaan Umum dan Penataan Ruang",
    "Perumahan Rakyat dan Kawasan Permukiman",
    "Ketenteraman, Ketertiban Umum, dan Pelindungan Masyarakat",
    "Sosial",
    "Tenaga Kerja",
    "Pemberdayaan Perempuan dan Pelindungan Anak",
    "Pangan",
    "Pertanahan",
    "Lingkungan Hidup",
    "Administrasi Kependudukan dan Pencatatan Sipil",
    "Pemberdayaan Masyarakat dan Desa",
    "Pengendalian Penduduk dan Keluarga Berencana",
    "Perhubungan",
    "Komunikasi dan Informatika",
    "Koperasi, Usaha Kecil, dan Menengah",
    "Penanaman Modal",
    "Kepemudaan dan Olahraga",
    "Statistik",
    "Persandian",
    "Kebudayaan",
    "Perpustakaan",
    "Kearsipan",
    "Kelautan dan Perikanan",
    "Pariwisata",
    "Pertanian",
    "Kehutanan",
    "Energi dan Sumber Daya Mineral",
    "Perdagangan",
    "Perindustrian",
    "Transmigrasi",
    "Perencanaan",
    "Keuangan",
    "Kepegawaian",
    "Pendidikan dan Pelatihan",
    "Penelitian dan Pengembangan",
    "Fungsi lain sesuai ketentuan peraturan perundang-undangan",
)

# iga.md section 1; None where the official wording is too long for a button or is worded by us
OPTIONS: dict[str, tuple[str | None, ...]] = {
    "tahapan": ("Inisiatif", "Uji Coba", "Penerapan"),
    "inisiator": ("Kepala Daerah", "Anggota DPRD", "OPD (Perangkat Daerah)", "ASN", "Masyarakat"),
    "klasifikasi": ("Inovasi Perangkat Daerah", "Inovasi Desa dan Kelurahan", "Inovasi Masyarakat"),
    "jenis": ("Digital", "Non Digital"),
    "bentuk": ("Inovasi Tata Kelola Pemerintahan Daerah", "Inovasi Pelayanan Publik", None),
    "asta_cita": (None,) * 8,
    "pkpn": (
        "Kedaulatan Pangan",
        "Kemandirian Energi dan Air",
        "Pendidikan",
        "Kesehatan",
        "Hilirisasi dan Industrialisasi",
        "Infrastruktur Perumahan dan Ketahanan Bencana",
        "Ekonomi Kerakyatan dan Desa",
        "Penurunan Kemiskinan",
        "Non PKPN",
    ),
    "tematik": (
        "Digitalisasi layanan pemerintahan",
        "Penanggulangan kemiskinan",
        "Kemudahan investasi",
        "Prioritas aktual presiden",
        "Non tematik",
    ),
    "urusan_utama": AFFAIRS,
    "urusan_lain": AFFAIRS,
    "ada_perkembangan": ("Ya", "Tidak"),
}

# What people type, and the option it means
TYPED = (
    ("tahapan", "sudah diterapkan", "penerapan"),
    ("tahapan", "sudah jalan", "penerapan"),
    ("tahapan", "ujicoba", "uji_coba"),
    ("inisiator", "Bupati", "kepala_daerah"),
    ("jenis", "nondigital", "non_digital"),
    ("bentuk", "tata kelola", "tata_kelola"),
    ("urusan_utama", "dukcapil", "dukcapil"),
    ("urusan_utama", "PU", "pupr"),
    ("urusan_utama", "kb", "kb"),
    ("urusan_utama", "UMKM", "koperasi"),
    ("ada_perkembangan", "belum", "tidak"),
)

# Words no Indonesian text has; "data", "portal" and the like belong to both languages.
ENGLISH = re.compile(
    r"\b(the|a|an|and|or|of|is|are|was|were|be|been|has|have|had|it|its|this|that|these|those|with|without|when|which|who"
    r"|what|where|why|how|your|you|we|our|they|their|to|for|from|by|in|on|at|as|not|no|yes|if|than|then|there|here|one|two"
    r"|each|every|choose|write|send|skip|name|date|year|words?|office|region|innovation|may|can|must|should|will|does|did"
    r"|more|most|least|only|also)\b"
)
UNKIND = re.compile(r"\b(error|tidak valid|salah|mohon maaf|kamu|gagal|invalid|wrong|sorry)\b")
SEVERAL = (" Boleh beberapa pesan.", " Several messages are fine.")  # said of long answers, behind their hint


def texts() -> Iterator[tuple[str, Words]]:
    """Walk everything the form says, each with where it stands."""
    for section in FORM.sections:
        yield section.id, section.title
    for group in FORM.groups:
        yield group.id, group.label
    for question in QUESTIONS:
        for part in SPOKEN:
            yield f"{question.id}.{part}", getattr(question, part)
        if question.unit:
            yield f"{question.id}.unit", question.unit
        for option in question.options:
            yield f"{question.id}.{option.id}", option.label


def english(text: str) -> list[str]:
    return ENGLISH.findall(re.sub(r"https?://\S+", "", text.casefold()))


def sentences(text: str) -> int:
    return len(re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.strip()))


def names(question: Question) -> tuple[Name, ...]:
    return tuple(Name(option.id, called(option)) for option in question.options)


def called(option: Option) -> tuple[str, ...]:
    return (option.label.id, option.label.en, *option.synonyms)


def test_the_sections_and_questions_stand_in_their_order() -> None:
    found = {section.id: " ".join(question.id for question in section.questions) for section in FORM.sections}
    assert list(found.items()) == list(SECTIONS.items())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_is_the_field_of_the_national_form(question: Question) -> None:
    assert (question.label.id, question.kind, question.required, question.years) == FIELDS[question.id]


def test_the_name_has_at_most_250_characters() -> None:
    assert FORM.by_id["nama"].max_chars == 250


def test_files_have_their_kinds_sizes_and_numbers() -> None:
    found = {q.id: (q.accepts, q.max_bytes, q.max_files) for q in QUESTIONS if q.kind == "file"}
    assert found == FILES


def test_conditions_are_those_of_the_national_form() -> None:
    found = {
        q.id: tuple((when.question, when.is_, when.is_not) for when in q.when) for q in QUESTIONS if q.when
    }
    assert found == CONDITIONS


def test_a_condition_names_options_that_exist() -> None:
    for question in QUESTIONS:
        for when in question.when:
            other = FORM.by_id[when.question]
            assert {*when.is_, *when.is_not} <= set(other.option_by_id), question.id


def test_checks_are_known_and_name_earlier_questions() -> None:
    assert {q.id: q.check for q in QUESTIONS if q.check} == CHECKS
    order = [question.id for question in QUESTIONS]
    for question_id, checks in CHECKS.items():
        for check in checks:
            name, _, other = check.partition(":")
            assert name in RULE_NAMES
            assert not other or order.index(other) < order.index(question_id)


def test_rancang_bangun_has_six_parts_and_300_words() -> None:
    (group,) = FORM.groups
    parts = [question.id for question in QUESTIONS if question.words_group == group.id]
    assert (group.id, group.min_words) == ("rancang_bangun", 300)
    assert parts == ["dasar_hukum", "permasalahan", "isu_strategis", "metode", "keunggulan", "cara_kerja"]


def test_closed_questions_have_the_official_options() -> None:
    assert {question.id for question in CLOSED} == set(OPTIONS)
    for question in CLOSED:
        assert len(question.options) == len(OPTIONS[question.id]), question.id
        for option, official in zip(question.options, OPTIONS[question.id], strict=True):
            assert official in (None, option.label.id), (question.id, option.id)


def test_there_are_38_affairs_and_both_questions_offer_the_same() -> None:
    assert len(AFFAIRS) == 38
    assert FORM.by_id["urusan_utama"].options == FORM.by_id["urusan_lain"].options


def test_the_eight_asta_cita_carry_their_numbers() -> None:
    for number, option in enumerate(FORM.by_id["asta_cita"].options, 1):
        assert option.label.id.startswith(f"Asta Cita {number}: ")
        assert option.label.en.startswith(f"Asta Cita {number}: ")


def test_the_long_official_wording_stands_in_the_help() -> None:
    official = "inovasi daerah lainnya sesuai urusan pemerintahan yang menjadi kewenangan daerah"
    assert official in FORM.by_id["bentuk"].help.id.casefold()


def test_every_text_is_there_in_both_languages() -> None:
    for where, text in texts():
        assert text.id.strip() == text.id != "", where
        assert text.en.strip() == text.en != "", where


def test_no_english_word_is_left_in_the_indonesian_texts() -> None:
    assert {where: english(text.id) for where, text in texts() if english(text.id)} == {}


def test_english_texts_are_english() -> None:
    """Longer texts share a common word with the list, so an Indonesian text put there by mistake is found."""
    long = [(where, text.en) for where, text in texts() if where.endswith((".ask", ".help", ".why"))]
    assert [where for where, text in long if not english(text)] == []


def test_no_text_blames_or_apologises() -> None:
    for where, text in texts():
        assert not UNKIND.search(f"{text.id} {text.en}".casefold()), where


def test_a_question_fits_a_screen_with_everything_said_about_it() -> None:
    for question in QUESTIONS:
        for language in ("id", "en"):
            said = sum(len(getattr(question, part).in_(language)) + 1 for part in SPOKEN)
            assert said <= SCREEN_CHARS, (question.id, language, said)


@pytest.mark.parametrize("language", ["id", "en"])
def test_asking_takes_one_sentence_helping_two_to_four(language: str) -> None:
    for question in QUESTIONS:
        assert question.ask.in_(language).endswith("?"), question.id
        hint = question.hint.in_(language)
        if question.kind == "long":
            hint = hint.removesuffix(SEVERAL[0]).removesuffix(SEVERAL[1])
        for said in (question.ask.in_(language), hint, question.why.in_(language)):
            assert sentences(said) == 1, (question.id, said)
        assert 2 <= sentences(question.help.in_(language)) <= 4, question.id


def test_option_labels_fit_a_button_and_differ() -> None:
    for question in CLOSED:
        for language in ("id", "en"):
            labels = [option.label.in_(language) for option in question.options]
            assert len(set(labels)) == len(labels), question.id
            assert max(map(len, labels)) <= LABEL_CHARS, question.id


def test_option_ids_are_unique() -> None:
    for question in CLOSED:
        assert len(question.option_by_id) == len(question.options), question.id


def test_callback_data_fits_with_the_greatest_numbers() -> None:
    longest = max((question.id for question in QUESTIONS), key=len)
    for question in QUESTIONS:
        actions = [f"{action}:{option.id}" for option in question.options for action in ("o", "on", "off")]
        for action in (*actions, f"j:{longest}"):
            data = f"f:99999999:{question.id}:99999:{action}"
            assert len(data.encode()) <= CALLBACK_BYTES, data


def test_everything_an_option_is_called_leads_to_it_alone() -> None:
    for question in CLOSED:
        for option in question.options:
            for label in called(option):
                assert find(label, names(question)) == Understood(option.id, True, label), (
                    question.id,
                    label,
                )


@pytest.mark.parametrize(("question_id", "typed", "meant"), TYPED)
def test_what_people_type_finds_the_option(question_id: str, typed: str, meant: str) -> None:
    assert find(typed, names(FORM.by_id[question_id])) == Understood(meant, True, typed)
