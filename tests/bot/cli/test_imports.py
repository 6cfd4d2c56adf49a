"""Lists from spreadsheets: what other programs write is read, what is too much is refused, twice is once."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import spreadsheet_reader
from bot.cli.imports import take_contacts, take_offices
from bot.cli.spreadsheet_reader import SheetRefused
from storage import contacts, offices
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.command_line import desk, refused, rows
from tests.kit.databases import in_memory, with_people
from tests.kit.people import RINA

HEADING = ["nama", "no hp", "opd", "peran"]


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


def workbook(path: Path, *lines: list[object]) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_of_every_spreadsheet_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "daftar.csv"
    lines = [HEADING, ["Zoë – PIC", "0811", "dinkes", "pic"], [], ["Budi", "0812", "dinsos", "pic"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert spreadsheet_reader.rows(path) == [(1, HEADING), (2, lines[1]), (4, lines[3])]


def test_a_workbook_is_read_as_text_and_its_formulas_stay_formulas(tmp_path: Path) -> None:
    path = workbook(tmp_path / "daftar.xlsx", list(HEADING), ["Rina", 6281100001001, "=1+1", 2.5], [None, None])
    assert spreadsheet_reader.rows(path) == [(1, HEADING), (2, ["Rina", "6281100001001", "=1+1", "2.5"])]


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (spreadsheet_reader.MOST_UNPACKED + 1))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("daftar.xls", b"x", "expected .xlsx or .csv"),
        ("daftar", b"x", 'kind "none"'),
        ("daftar.xlsx", b"\xd0\xcf\x11\xe0 locked", "has a password"),
        ("daftar.xlsx", b"", "no .xlsx workbook"),
        ("daftar.csv", b"", "found no rows"),
        ("daftar.csv", b"nama\0peran", "is no text"),
        ("daftar.csv", b"a" * (spreadsheet_reader.MOST_BYTES + 1), "at most 5000000"),
        ("daftar.csv", b"nama\n" + b"x\n" * spreadsheet_reader.MOST_ROWS, "at most 5000 rows"),
        ("daftar.csv", b",".join([b"x"] * 41), "40 columns"),
        ("daftar.csv", b'nama\n"' + b"x" * 200_000 + b'"\n', "cannot be read as CSV"),
    ],
)
def test_what_is_no_list_is_refused_with_its_own_sentence(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetRefused, match=told.replace(".", r"\.")):
        spreadsheet_reader.rows(tmp_path / name)


def test_a_workbook_that_unpacks_to_too_much_is_never_unpacked(tmp_path: Path) -> None:
    _bomb(tmp_path / "daftar.xlsx")
    with pytest.raises(SheetRefused, match="bytes inside"):
        spreadsheet_reader.rows(tmp_path / "daftar.xlsx")
    with zipfile.ZipFile(tmp_path / "anders.xlsx", "w") as package:
        package.writestr("hello.txt", "x")
    with pytest.raises(SheetRefused, match="cannot be read as a workbook"):
        spreadsheet_reader.rows(tmp_path / "anders.xlsx")


def dump(tx: Transaction) -> list[str]:
    return [line for line in tx.iterdump() if 'INTO "audit"' not in line]


CELL = st.sampled_from(
    ["Rina", "Budi", "", "081234567890", "0812 3456 7891", "dinkes", "dinas sosial", "PIC", "leader", "=1"]
)
LINES = st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_the_same_list_twice_changes_nothing(tx: Transaction, lines: list[list[str]]) -> None:
    given = [(1, HEADING), *enumerate(lines, start=2)]
    once = take_contacts(tx, given, now=MORNING)
    before = dump(tx)
    twice = take_contacts(tx, given, now=MORNING)
    assert dump(tx) == before
    assert twice.faults == once.faults
    assert twice.counts.keys() <= {"same"}
    assert twice.counts["same"] + len(twice.faults) == len(lines)


OFFICE = ["code", "name", "short", "kind", "aliases"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["dinkes", "brida", "X!"]),
            st.sampled_from(["Dinas Kesehatan", "Badan Riset", "Dinas Kesehatan dan KB"]),
            st.sampled_from(["Dinkes", "Brida"]),
            st.sampled_from(["dinas", "badan", "9"]),
            st.sampled_from(["", "riset|litbang", "dinkes kotim"]),
        ),
        max_size=4,
    )
)
def test_the_same_offices_twice_change_nothing(tx: Transaction, lines: list[tuple[str, ...]]) -> None:
    given = [(1, OFFICE), *((n, list(line)) for n, line in enumerate(lines, start=2))]
    take_offices(tx, given, now=MORNING)
    before = list(tx.iterdump())
    assert take_offices(tx, given, now=MORNING).counts.keys() <= {"same"}
    assert list(tx.iterdump()) == before


def test_a_renamed_office_keeps_its_old_name(tx: Transaction) -> None:
    take_offices(tx, [(1, OFFICE), (2, ["dinkes", "Dinas Kesehatan dan KB", "DinkesKB", "dinas"])], now=MORNING)
    found = offices.by_code(tx, "dinkes")
    assert found is not None
    assert {"Dinas Kesehatan", "Dinkes"} <= set(found.aliases)
    assert offices.former_names(tx, found.id) == ["Dinas Kesehatan"]


def test_somebody_who_proved_the_number_already_gets_the_role_at_once(tx: Transaction) -> None:
    contacts.set_phone(tx, 1, "+628110001001")
    take_contacts(tx, [(1, HEADING), (2, ["Rina", "08110001001", "dinsos", "PIC"])], now=MORNING)
    rina = contacts.by_address(tx, "telegram", str(RINA))
    assert rina is not None
    assert len(rina.offices) == 2


def test_the_command_takes_good_rows_and_names_the_others(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "orang.xlsx", list(HEADING), ["Rina", "08110001001", "dinkes", "PIC"], ["X", 1, "y", "z"]
    )
    done = desk(tmp_path, "contacts", "import", str(path))
    assert refused(done) == "1 rows were not taken; the others are in"
    assert done.stdout.splitlines()[0].startswith("row 3, column role")
    assert rows(tmp_path, "SELECT name, phone FROM roster") == [("Rina", "+628110001001")]
    (tmp_path / "orang.csv").write_text("nama,no hp,opd,peran\nRina,08110001001,dinkes,PIC\n", encoding="utf-8")
    again = desk(tmp_path, "contacts", "import", "orang.csv")
    assert (again.returncode, again.stdout) == (0, "0 new, 0 changed, 1 same, 0 not taken\n")
    assert "is missing" in refused(desk(tmp_path, "offices", "import", "orang.csv"))
    assert "tidak.csv" in refused(desk(tmp_path, "offices", "import", "tidak.csv"))
