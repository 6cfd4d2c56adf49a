"""Rows of the desk's lists: each thing that can be wrong is named by its column, with what was expected."""

from __future__ import annotations

import pytest

from domain.importing import (
    CONTACT_COLUMNS,
    CONTACT_NEEDS,
    OFFICE_COLUMNS,
    OFFICE_NEEDS,
    BadHeader,
    BadRow,
    header,
    office,
    person,
    picked,
)
from domain.people import Role
from domain.reading.names import Name
from domain.rules.load import load_offices

OFFICES = [Name(str(n), (one.code, one.name, one.short, *one.aliases)) for n, one in enumerate(load_offices(), start=1)]
GOOD = {"name": "Rina", "phone": "0811 2233 4455", "office": "dinkes", "role": "PIC"}
GOOD_OFFICE = {"code": "brida", "name": "Badan Riset", "short": "Brida", "kind": "badan", "aliases": "riset | litbang"}


@pytest.mark.parametrize(
    ("column", "found", "wanted"),
    [
        ("name", "", "2 to 150"),
        ("name", "R", "2 to 150"),
        ("name", "R" * 151, "2 to 150"),
        ("phone", "", "phone number"),
        ("phone", "tidak ada", "phone number"),
        ("phone", "8.12E+10", "phone number"),
        ("phone", "0811", "phone number"),
        ("phone", "08112233445566778899", "phone number"),
        ("phone", "0811/0812 3456 7890", "phone number"),
        ("office", "", "code, name or nickname"),
        ("office", "dinas kes tan", "near: dinkes"),
        ("office", "Kabupaten Kapuas", "code, name or nickname"),
        ("role", "", "focal_point"),
        ("role", "bupati", "leader (pimpinan)"),
    ],
)
def test_a_bad_row_is_named_by_its_column(column: str, found: str, wanted: str) -> None:
    with pytest.raises(BadRow) as refused:
        person({**GOOD, column: found}, OFFICES)
    assert refused.value.column == column
    assert wanted in str(refused.value)
    assert found[:60] in str(refused.value)


def test_a_leader_serves_no_single_office() -> None:
    with pytest.raises(BadRow, match="serves no single office"):
        person({**GOOD, "role": "pimpinan"}, OFFICES)
    assert person({**GOOD, "role": "Pimpinan", "office": ""}, OFFICES).role is Role.LEADER


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
    assert person({**GOOD, "phone": said}, OFFICES).phone == "+6281122334455"


@pytest.mark.parametrize("said", ["dinkes", "Dinas Kesehatan", "dinas kes", "DINKES"])
def test_an_office_goes_by_any_of_its_names(said: str) -> None:
    assert person({**GOOD, "office": said}, OFFICES).office_id == 5


def test_headings_are_known_in_both_languages_and_in_any_order() -> None:
    assert header(["Peran", "No HP", "", "Nama", "Perangkat Daerah"], CONTACT_COLUMNS, CONTACT_NEEDS) == {
        "role": 0,
        "phone": 1,
        "name": 3,
        "office": 4,
    }
    with pytest.raises(BadHeader, match="short, kind is missing"):
        header(["kode", "nama"], OFFICE_COLUMNS, OFFICE_NEEDS)
    with pytest.raises(BadHeader, match="stands twice"):
        header(["nama", "name", "hp", "peran"], CONTACT_COLUMNS, CONTACT_NEEDS)


def test_a_formula_is_not_taken_and_a_short_row_has_empty_cells() -> None:
    assert picked(["Rina"], {"name": 0, "phone": 1}) == {"name": "Rina", "phone": ""}
    with pytest.raises(BadRow, match="paste their values"):
        picked(["=HYPERLINK(1)"], {"name": 0})
