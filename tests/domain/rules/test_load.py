"""The packaged rule years and offices say what the facts say, and a wrong file names its fault."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from domain.people import Office
from domain.rules.load import RulesError, RuleYear, load_form, load_offices, load_rules, read

# iga.md sections 0, 1, 4.1 and 7: year, window, how sure the window is, thresholds from best to worst
FACTS = (
    (2023, date(2021, 1, 1), date(2022, 12, 31), "low", ("60.01", "35.00", "0.01")),
    (2026, date(2024, 1, 1), date(2025, 12, 31), "medium", ("65.01", "40.01", "0.01")),
    (2027, date(2025, 1, 1), date(2026, 12, 31), "low", ("65.01", "40.01", "0.01")),
)
PREDIKATS = ("Sangat Inovatif", "Inovatif", "Kurang Inovatif")

RULES = """
year = 2026
title = "IGA 2026"
source = "a letter"
confidence = "high"

[window]
from = 2024-01-01
until = 2025-12-31
source = "a letter"
confidence = "medium"

[[threshold]]
predikat = "Sangat Inovatif"
from = "65.01"

[[threshold]]
predikat = "Inovatif"
from = "40.01"

[index]
divisor = 12
count_weight = "0.38"
count_cap = 200
basic_affairs = ["pendidikan", "kesehatan"]
basic_needed = 1
total = "94"
mandatory_verified = false
spd_max = "15"
maturity_max = 3
source = "a letter"
confidence = "low"

[[spd]]
no = "2a"
name = { id = "Nama", en = "Name" }
variable = "Institusi"
weight = "5"
level = [{ id = "a", en = "a" }, { id = "b", en = "b" }, { id = "c", en = "c" }]
"""

# what is changed, into what, and the sentence that says so
FAULTS = (
    ("year = 2026", "", "rules/2026.toml: year: found nothing, expected a value"),
    ("year = 2026", 'year = "dua"', 'rules/2026.toml: year: found "dua", expected a valid integer'),
    ('confidence = "high"', 'confidence = "sure"', "found \"sure\", expected 'high', 'medium' or 'low'"),
    (
        "until = 2025-12-31",
        "until = 2023-12-31",
        "window.until: found 2023-12-31, expected a day not before 2024-01-01",
    ),
    ("until = 2025-12-31", 'until = "nanti"', 'window.until: found "nanti", expected a valid date'),
    ("until = 2025-12-31", "untill = 2025-12-31", "window.until: found nothing, expected a value"),
    ('title = "IGA 2026"', 'title = "IGA 2026"\ntema = 1', "tema: found 1, expected no such key"),
    ('from = "40.01"', 'from = "140"', 'threshold.1.from: found "140", expected less than or equal to 100'),
    ('from = "40.01"', 'from = "70"', 'expected "Inovatif" below "Sangat Inovatif"'),
    ("divisor = 12", "divisor = 0", "index.divisor: found 0, expected greater than or equal to 1"),
    ('total = "94"', 'total = "250"', "expected the maxima to add up to total 250, found 94.00"),
    ("basic_needed = 1", "basic_needed = 3", "expected basic_needed of at most 2, found 3"),
    ('weight = "5"', 'weight = "6"', 'spd.0.weight: found "6", expected less than or equal to 5'),
    ('weight = "5"', 'weight = "4"', "expected the SPD rows to reach 15, found 12"),
    ('no = "2a"', 'no = "dua"', 'spd.0.no: found "dua", expected to match pattern'),
    ('{ id = "c", en = "c" }]', '{ id = "c", en = "c" }, { id = "d", en = "d" }]', "spd.0.level: found"),
    ("year = 2026", "year = ", "rules/2026.toml: Invalid value (at line 2"),
)

# iga.md section 8: the offices in their order, kecamatan after them
OFFICES = (
    "Sekretariat Daerah",
    "Sekretariat DPRD",
    "Inspektorat",
    "Dinas Pendidikan",
    "Dinas Kesehatan",
    "Dinas Sumber Daya Air, Bina Marga, Bina Konstruksi, Perumahan Rakyat dan Kawasan Permukiman",
    "Dinas Cipta Karya, Tata Ruang dan Pertanahan",
    "Satuan Polisi Pamong Praja",
    "Dinas Pemadam Kebakaran dan Penyelamatan",
    "Dinas Sosial",
    "Dinas Tenaga Kerja dan Transmigrasi",
    "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "Dinas Pertanian dan Ketahanan Pangan",
    "Dinas Lingkungan Hidup",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Dinas Pemberdayaan Masyarakat dan Desa",
    "Dinas Perhubungan",
    "Dinas Komunikasi dan Informatika",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "Dinas Kepemudaan dan Olahraga",
    "Dinas Kebudayaan dan Pariwisata",
    "Dinas Perpustakaan dan Kearsipan",
    "Dinas Perikanan",
    "Dinas Perdagangan, Perindustrian, Koperasi dan Usaha Kecil Menengah",
    "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah",
    "Badan Keuangan dan Aset Daerah",
    "Badan Pendapatan Daerah",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
    "Badan Kesatuan Bangsa dan Politik",
    "Badan Penanggulangan Bencana Daerah",
    "Kecamatan Mentaya Hilir Selatan",
    "Kecamatan Teluk Sampit",
    "Kecamatan Pulau Hanaut",
    "Kecamatan Mentaya Hilir Utara",
    "Kecamatan Mentawa Baru Ketapang",
    "Kecamatan Baamang",
    "Kecamatan Seranau",
    "Kecamatan Kota Besi",
    "Kecamatan Telawang",
    "Kecamatan Cempaga",
    "Kecamatan Cempaga Hulu",
    "Kecamatan Parenggean",
    "Kecamatan Tualan Hulu",
    "Kecamatan Mentaya Hulu",
    "Kecamatan Bukit Santuai",
    "Kecamatan Antang Kalang",
    "Kecamatan Telaga Antang",
)

SHARED_ALIASES = {"pupr", "dinas pupr", "dkp"}  # old names that covered two of today's offices: asked back

# iga.md section 8, "suggested basic-service affairs by office (inference)"
BASIC_AFFAIRS = {
    "disdik": ["pendidikan"],
    "dinkes": ["kesehatan"],
    "dsdabmbkprkp": ["pupr", "perumahan"],
    "dcktrp": ["pupr"],
    "satpol_pp": ["trantibum"],
    "disdamkarmat": ["trantibum"],
    "bpbd": ["trantibum"],
    "dinsos": ["sosial"],
}


def offices() -> tuple[Office, ...]:
    return load_offices()


def test_the_packaged_years_are_those_we_have_facts_for() -> None:
    assert list(load_rules()) == [year for year, *_ in FACTS]


@pytest.mark.parametrize(("year", "opens", "closes", "confidence", "lowest"), FACTS)
def test_a_rule_year_matches_the_facts(
    year: int, opens: date, closes: date, confidence: str, lowest: tuple[str, ...]
) -> None:
    rule = load_rules()[year]
    assert (rule.window.from_, rule.window.until, rule.window.confidence) == (opens, closes, confidence)
    assert tuple(threshold.from_ for threshold in rule.thresholds) == tuple(
        Decimal(value) for value in lowest
    )
    assert tuple(threshold.predikat for threshold in rule.thresholds) == PREDIKATS


def test_every_rule_year_names_its_source() -> None:
    for rule in load_rules().values():
        assert str(rule.year) in rule.title
        assert rule.source
        assert rule.window.source


def test_an_inferred_window_says_so() -> None:
    assert "inferred" in load_rules()[2027].window.source


def test_a_sound_rule_file_is_read() -> None:
    assert read(RuleYear, RULES, name="rules/2026.toml").year == 2026


@pytest.mark.parametrize(("found", "instead", "sentence"), FAULTS)
def test_a_wrong_rule_file_names_file_key_value_and_expectation(
    found: str, instead: str, sentence: str
) -> None:
    assert RULES.count(found) == 1
    with pytest.raises(RulesError) as refusal:
        read(RuleYear, RULES.replace(found, instead), name="rules/2026.toml")
    assert str(refusal.value).startswith("rules/2026.toml: ")
    assert sentence in str(refusal.value)


def test_the_offices_are_the_47_of_the_facts_in_their_order() -> None:
    assert tuple(office.name for office in offices()) == OFFICES
    assert len(OFFICES) == 47


def test_the_kinds_of_offices_are_counted() -> None:
    kinds = Counter(office.kind for office in offices())
    assert kinds == {
        "sekretariat": 2,
        "inspektorat": 1,
        "dinas": 20,
        "badan": 6,
        "satpol": 1,
        "kecamatan": 17,
    }


def test_codes_and_short_forms_are_unique() -> None:
    assert len({office.code for office in offices()}) == 47
    assert len({office.short for office in offices()}) == 47


def test_an_alias_belongs_to_one_office() -> None:
    """An alias that is also another office's name would send a person to the wrong door."""
    said = Counter(
        label.casefold()
        for office in offices()
        for label in {office.name.casefold(), office.short.casefold(), *office.aliases}
    )
    assert {label for label, count in said.items() if count > 1} == SHARED_ALIASES


def test_aliases_are_written_as_people_type_them() -> None:
    for office in offices():
        for alias in office.aliases:
            assert alias == " ".join(alias.casefold().split()), (office.code, alias)
        assert len(set(office.aliases)) == len(office.aliases), office.code


def test_suggested_affairs_are_basic_affairs_of_the_form() -> None:
    text = (files("domain") / "data" / "offices" / "kotim.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["office"]
    suggested = {entry["code"]: entry["basic_affairs"] for entry in entries if "basic_affairs" in entry}
    basic = [option.id for option in load_form().by_id["urusan_utama"].options[:6]]
    assert suggested == BASIC_AFFAIRS
    assert {affair for affairs in suggested.values() for affair in affairs} == set(basic)
