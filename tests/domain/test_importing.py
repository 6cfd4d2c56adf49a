"""Rows of the desk's lists: each thing that can be wrong is named by its column, with what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.importing.headings import Listing, ListKind, find_list, headings
from domain.importing.list_sheets import ListRefused, Sheet
from domain.importing.rows import BadRow, OfficeNames, Person, office, picked
from domain.importing.rows import person as read_person
from domain.people import Office, Role
from domain.reading.names import Name, same_name
from domain.rules.load import load_offices
from handlers.words import load_words
from tests.kit.lists import sheet

OFFICES = [replace(one, id=n) for n, one in enumerate(load_offices(), start=1)]
SAY = load_words().in_("en")
GOOD = {"name": "Rina", "phone": "0811 2233 4455", "office": "dinkes", "role": "PIC"}
GOOD_OFFICE = {
    "code": "brida",
    "name": "Badan Riset",
    "short": "Brida",
    "kind": "badan",
    "aliases": "riset | litbang",
}


def person(cells: Mapping[str, str]) -> Person:
    return read_person(cells, OfficeNames(OFFICES))


@pytest.mark.parametrize(
    ("column", "found", "wanted"),
    [
        ("name", "", "2 to 150"),
        ("name", "R", "2 to 150"),
        ("name", "4 5", "expected a name"),
        ("name", "R" * 151, "2 to 150"),
        ("phone", "", "phone number"),
        ("phone", "tidak ada", "phone number"),
        ("phone", "8.12E+10", "phone number"),
        ("phone", "0811", "phone number"),
        ("phone", "08112233445566778899", "phone number"),
        ("phone", "0811/0812 3456 7890", "phone number"),
        ("office", "", "code, name or nickname"),
        ("office", "dinas kes tan", "near: Dinas Kesehatan"),
        ("office", "Kabupaten Kapuas", "code, name or nickname"),
        ("role", "", "PIC"),
        ("role", "bupati", "pimpinan (leader)"),
    ],
)
def test_a_bad_row_is_named_by_its_column(column: str, found: str, wanted: str) -> None:
    with pytest.raises(BadRow) as refused:
        person({**GOOD, column: found})
    bad = refused.value
    assert (bad.column, bad.value) == (column, found[:60])
    assert wanted in SAY(f"importing.fault_{bad.reason}", column=bad.column, found=bad.value, **bad.params)


def test_a_leader_serves_no_single_office() -> None:
    with pytest.raises(BadRow, match="no_office"):
        person({**GOOD, "role": "pimpinan"})
    assert person({**GOOD, "role": "Pimpinan", "office": ""}).role is Role.LEADER


@pytest.mark.parametrize(
    ("column", "found"),
    [("code", ""), ("code", "Dinas Kesehatan"), ("kind", "2"), ("kind", ""), ("name", "B"), ("short", "")],
)
def test_a_bad_office_is_named_by_its_column(column: str, found: str) -> None:
    with pytest.raises(BadRow) as refused:
        office({**GOOD_OFFICE, column: found})
    assert refused.value.column == column


def test_an_office_has_its_nicknames_behind_bars() -> None:
    assert office(GOOD_OFFICE).aliases == ("riset", "litbang")


@pytest.mark.parametrize(
    "said", ["081122334455", "+62 811-2233-4455", "6281122334455", "81122334455", "(0811) 22334455"]
)
def test_every_way_to_write_a_number_is_one_person(said: str) -> None:
    assert person({**GOOD, "phone": said}).phone == "+6281122334455"


@pytest.mark.parametrize("said", ["dinkes", "Dinas Kesehatan", "dinas kes", "DINKES"])
def test_an_office_goes_by_any_of_its_names(said: str) -> None:
    assert person({**GOOD, "office": said}).office_id == 5


def positions(*cells: str) -> Mapping[str, int]:
    return find_list([sheet(cells)]).positions


def test_headings_are_known_in_both_languages_and_in_any_order() -> None:
    found = positions("Peran", "No HP", "", "Nama", "Perangkat Daerah")
    assert found == {"role": 0, "phone": 1, "name": 3, "office": 4}


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        ("name", "Nama Lengkap"),
        ("name", "NAMA LENGKAP & GELAR*"),
        ("phone", "No. HP/WA"),
        ("phone", "No. HP\n(WhatsApp)"),
        ("phone", "Nomor WhatsApp"),
        ("phone", "No.Telp / HP"),
        ("phone", "Nomor Telepon (WA)"),
        ("phone", "Mobile no."),
        ("office", "Instansi"),
        ("office", "Perangkat Daerah (OPD)"),
        ("office", "OPD"),
        ("office", "Unit_Kerja"),
        ("role", "Jabatan"),
        ("role", "peran"),
        ("role", "Position"),
    ],
)
def test_headings_are_known_as_offices_write_them(column: str, heading: str) -> None:
    usual = {"name": "nama", "phone": "no hp", "office": "opd", "role": "peran"}
    usual[column] = heading
    assert positions(*usual.values()) == {"name": 0, "phone": 1, "office": 2, "role": 3}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["kode", "nama"], "heading_missing"),
        (["nama", "hp", "peran", "No. WA"], "heading_twice"),
        (["Rina", "0811", "dinkes"], "no_heading"),
    ],
)
def test_what_is_wrong_with_a_heading_is_said(cells: list[str], reason: str) -> None:
    with pytest.raises(ListRefused, match=reason) as refused:
        find_list([sheet(cells)])
    for language in ("id", "en"):
        assert load_words().in_(language)(f"importing.refused_{reason}", **refused.value.params)


def test_the_list_is_found_below_titles_and_behind_a_cover() -> None:
    cover = Sheet("Sampul", sheet(["DAFTAR PIC INOVASI"], ["Tahun 2026"]).lines)
    listed = replace(
        sheet(["LAMPIRAN I"], [], ["Nama", "HP", "OPD", "Peran"], ["Rina", "1", "2", "3"]), name="Isi"
    )
    found = find_list([cover, replace(listed, name="Lama", hidden=True), listed])
    assert (found.sheet, found.sheet_number, found.sheets, found.heading.number) == ("Isi", 3, 3, 3)
    assert [line.number for line in found.lines] == [4]


def test_every_kind_of_list_has_headings_that_mean_one_column() -> None:
    for kind in ListKind:
        assert set(headings(kind).needs) <= set(headings(kind).documented)
    assert isinstance(find_list([sheet(["kode", "nama", "singkatan", "jenis"])]), Listing)


def test_a_formula_is_not_taken_and_a_short_row_has_empty_cells() -> None:
    assert picked(["Rina"], {"name": 0, "phone": 1}) == {"name": "Rina", "phone": ""}
    with pytest.raises(BadRow, match="formula"):
        picked(["=HYPERLINK(1)"], {"name": 0})


def test_the_guard_of_our_own_sheets_is_taken_off() -> None:
    cells = picked(["'+62 811-2233-4455", "'Abdullah", "'0811"], {"phone": 0, "name": 1, "other": 2})
    assert cells == {"phone": "+62 811-2233-4455", "name": "'Abdullah", "other": "0811"}


@pytest.mark.parametrize(
    "said",
    [
        "dinas kesehatan",
        "DINAS  KESEHATAN",
        "Dinas-Kesehatan.",
        "Kesehatan, Dinas",
        "dinaskesehatan",
        "Din. Kesehatan",
    ],
)
def test_a_name_is_the_same_whatever_case_blanks_marks_and_order(said: str) -> None:
    assert same_name(said, [Name("x", ("Dinas Sosial",)), Name("dinkes", ("Dinas Kesehatan",))]) == "dinkes"


@pytest.mark.parametrize("said", ["", "Dinas Kesehatan Hewan", "Kesehatan", "Dinas Sosial Kesehatan"])
def test_another_name_is_another(said: str) -> None:
    assert same_name(said, [Name("dinkes", ("Dinas Kesehatan",))]) == ""


def test_the_packaged_offices_have_names_of_their_own() -> None:
    def name(one: Office) -> Name:
        return Name(one.code, (one.code, one.name, one.short, *one.aliases))

    for one in OFFICES:
        others = [name(other) for other in OFFICES if other is not one]
        assert not any(same_name(said, others) for said in (one.name, one.short)), one
