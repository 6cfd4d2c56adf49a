"""Lists on the command line: checked whole, shown, then written; twice is once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.importing import rows as rows_module
from domain.importing.headings import ListKind
from storage import contacts, offices
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.command_line import desk, refused, rows
from tests.kit.databases import in_memory, with_people
from tests.kit.lists import taken, workbook
from tests.kit.people import RINA
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.tables import everything

HEADING = ["nama", "no hp", "opd", "peran"]


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


CELL = st.sampled_from(
    ["Rina", "Budi", "", "081234567890", "0812 3456 7891", "dinkes", "dinas sosial", "PIC", "leader", "=1"]
)
LINES = st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=8)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(lines=LINES)
def test_the_same_list_twice_changes_nothing(tx: SqliteTransaction, lines: list[list[str]]) -> None:
    once = taken(tx, ListKind.CONTACTS, HEADING, *lines, now=MORNING)
    before = everything(tx, but={"audit"})
    twice = taken(tx, ListKind.CONTACTS, HEADING, *lines, now=MORNING)
    assert everything(tx, but={"audit"}) == before
    assert twice.faults == once.faults
    assert twice.counts.keys() <= {"same"}
    assert twice.counts.get("same", 0) + len(twice.faults) == sum(any(line) for line in lines)


OFFICE = ["code", "name", "short", "kind", "aliases"]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
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
def test_the_same_offices_twice_change_nothing(tx: SqliteTransaction, lines: list[tuple[str, ...]]) -> None:
    taken(tx, ListKind.OFFICES, OFFICE, *lines, now=MORNING)
    before = everything(tx)
    assert taken(tx, ListKind.OFFICES, OFFICE, *lines, now=MORNING).counts.keys() <= {"same"}
    assert everything(tx) == before


def test_a_renamed_office_keeps_its_old_name(tx: SqliteTransaction) -> None:
    taken(
        tx, ListKind.OFFICES, OFFICE, ["dinkes", "Dinas Kesehatan dan KB", "DinkesKB", "dinas"], now=MORNING
    )
    found = offices.by_code(tx, "dinkes")
    assert found is not None
    assert {"Dinas Kesehatan", "Dinkes"} <= set(found.aliases)
    assert offices.former_names(tx, found.id) == ["Dinas Kesehatan"]


def test_somebody_who_proved_the_number_already_gets_the_role_at_once(tx: SqliteTransaction) -> None:
    contacts.set_phone(tx, 1, phone="+628110001001")
    taken(tx, ListKind.CONTACTS, HEADING, ["Rina", "08110001001", "dinsos", "PIC"], now=MORNING)
    rina = contacts.by_address(tx, "telegram", address=str(RINA))
    assert rina is not None
    assert len(rina.offices) == 2


@pytest.mark.parametrize(
    "name", ["DINAS KESEHATAN", "Dinas-Kesehatan", "Kesehatan, Dinas", "dinas  kesehatan", "Dinkes"]
)
def test_a_second_office_of_a_name_is_refused(tx: SqliteTransaction, name: str) -> None:
    checked = taken(tx, ListKind.OFFICES, OFFICE, ["dinkes_2", name, "Kes2", "dinas"], now=MORNING)
    assert [(one.reason, one.params) for one in checked.faults] == [("name_taken", {"code": "dinkes"})]
    new = ["riset", "Badan Riset", "Baris", "badan"]
    twice = taken(
        tx, ListKind.OFFICES, OFFICE, new, ["riset_2", "badan riset.", "Riset", "badan"], now=MORNING
    )
    assert (twice.counts, [one.reason for one in twice.faults]) == ({"new": 1}, ["name_taken"])


def test_a_list_of_many_spellings_is_matched_once_each(tx: SqliteTransaction) -> None:
    """Looking for near names takes milliseconds each; thousands of them would hold up everybody."""
    lines = [[f"Orang {n}", f"0812{n:08}", f"Dinas Kesehatan Bagian {n}", "PIC"] for n in range(300)]
    checked = taken(tx, ListKind.CONTACTS, HEADING, *lines, now=MORNING)
    assert sum(one.reason == "office_near" for one in checked.faults) <= rows_module.NEAR_TOLD
    assert len(checked.faults) == 300


def test_the_command_takes_good_rows_and_names_the_others(tmp_path: Path) -> None:
    path = tmp_path / "orang.xlsx"
    path.write_bytes(workbook(HEADING, ["Rina", "08110001001", "dinkes", "PIC"], ["X", 1, "y", "z"]))
    tried = desk(tmp_path, "contacts", "import", "--dry-run", str(path))
    assert refused(tried) == "1 row cannot be taken; nothing was written"
    assert tried.stdout.splitlines()[-1] == "1 new, 0 changed, 0 same, 1 not taken"
    assert rows(tmp_path, "SELECT * FROM roster") == []
    done = desk(tmp_path, "contacts", "import", str(path))
    assert refused(done) == "1 row not taken, for the reasons above"
    assert done.stdout.splitlines()[0] == (
        "row 3: column peran holds “z”, expected PIC, PIC kedua, sekretaris, kepala,"
        " pimpinan (leader) or desk (admin)"
    )
    assert rows(tmp_path, "SELECT name, phone FROM roster") == [("Rina", "+628110001001")]
    (tmp_path / "orang.csv").write_text(
        "nama,no hp,opd,peran\nRina,08110001001,dinkes,PIC\n", encoding="utf-8"
    )
    again = desk(tmp_path, "contacts", "import", "orang.csv")
    assert (again.returncode, again.stdout) == (0, "0 new, 0 changed, 1 same, 0 not taken\n")
    assert "use contacts import" in refused(desk(tmp_path, "offices", "import", "orang.csv"))
    assert "tidak.csv" in refused(desk(tmp_path, "offices", "import", "tidak.csv"))


def test_hidden_rows_are_asked_about(tmp_path: Path) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "orang.xlsx"
    for line in (HEADING, ["Rina", "08110001001", "dinkes", "PIC"], ["Budi", "08110001002", "dinkes", "PIC"]):
        book.active.append(line)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    asked = refused(desk(tmp_path, "contacts", "import", str(path)))
    assert asked == "row 3 is hidden in the spreadsheet; say --hidden take or --hidden leave"
    left = desk(tmp_path, "contacts", "import", "--hidden", "leave", str(path))
    assert left.stdout.splitlines() == [
        "1 hidden rows are left out.",
        "1 new, 0 changed, 0 same, 0 not taken",
    ]
    took = desk(tmp_path, "contacts", "import", "--hidden", "take", str(path))
    assert took.stdout == "1 new, 0 changed, 1 same, 0 not taken\n"
