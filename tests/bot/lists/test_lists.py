"""Lists as offices really keep them: each is read, or said in terms of what was found."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Side

from bot.lists.limits import MOST_LINES, MOST_PART_BYTES
from bot.lists.list_file import sheets
from bot.lists.reading import read_list
from domain.importing.check import check
from domain.importing.headings import find_list
from domain.importing.list_sheets import ListRefused
from storage import lists
from storage.engine.transaction import Transaction
from tests.kit.databases import in_memory, with_people
from tests.kit.lists import told, workbook

HEAD = ["Nama Lengkap", "No. HP/WA", "OPD", "Jabatan"]
RINA = ["Rina", "08110001001", "dinkes", "PIC"]
BUDI = ["Drs. Budi, M.Si", "0812 3456 7890", "Dinas Sosial", "PIC"]
BOTH = "2 new, 0 changed, 0 same, 0 not taken"
ONE = "1 new, 0 changed, 0 same, 0 not taken"


@pytest.fixture(scope="module")
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


@dataclass(frozen=True)
class Case:
    """One file, and what the last lines say of it."""

    label: str
    name: str
    content: bytes | Callable[[], bytes]  # a workbook is made when it is read
    said: tuple[str, ...]  # each stands in a line of what is said, in this order


def text(label: str, content: str, *said: str, encoding: str = "utf-8") -> Case:
    return Case(label, "daftar.csv", content.encode(encoding), said)


def lines(*rows: list[str], by: str = ";", end: str = "\r\n") -> str:
    return end.join(by.join(row) for row in rows) + end


def book(label: str, make: Callable[[openpyxl.Workbook], None], *said: str) -> Case:
    def content() -> bytes:
        made, out = openpyxl.Workbook(), io.BytesIO()
        make(made)
        made.save(out)
        return out.getvalue()

    return Case(label, "daftar.xlsx", content, said)


def rows(*given: list[str]) -> Callable[[openpyxl.Workbook], None]:
    def fill(made: openpyxl.Workbook) -> None:
        for row in given:
            made.active.append(row)

    return fill


def bordered(made: openpyxl.Workbook) -> None:
    rows(HEAD, RINA, BUDI)(made)
    for number in range(1, 6001):
        made.active.cell(number, 1).border = Border(bottom=Side("thin"))


def formatted_last_row(made: openpyxl.Workbook) -> None:
    rows(HEAD, RINA, BUDI)(made)
    made.active.cell(1_048_576, 16_384).border = Border(bottom=Side("thin"))


def behind_a_cover(made: openpyxl.Workbook) -> None:
    made.active.title = "Sampul"
    made.active["B3"] = "DAFTAR PIC INOVASI DAERAH"
    sheet = made.create_sheet("Isi")
    for row in (["LAMPIRAN"], [], HEAD, RINA, BUDI):
        sheet.append(row)


def on_a_hidden_sheet(made: openpyxl.Workbook) -> None:
    made.active["A1"] = "Petunjuk pengisian"
    sheet = made.create_sheet("Data")
    sheet.sheet_state = "hidden"
    for row in (HEAD, RINA):
        sheet.append(row)


def figures(made: openpyxl.Workbook) -> None:
    made.active.append(HEAD)
    made.active.append(["Rina", 6281100001001, "dinkes", "PIC"])
    made.active.append(["Budi", 81234567890.0, "dinsos", "PIC"])


def far_to_the_right(made: openpyxl.Workbook) -> None:
    for number, row in enumerate((HEAD, RINA), start=5):
        for column, cell in enumerate(row, start=8):
            made.active.cell(number, column, cell)


def merged_title(made: openpyxl.Workbook) -> None:
    rows(["PEMERINTAH KABUPATEN"], ["DAFTAR PIC"], HEAD, RINA)(made)
    made.active.merge_cells("A1:D1")


def strict(content: bytes) -> bytes:
    """Write a workbook's names as the ISO edition of the standard has them."""
    out = io.BytesIO()
    changes = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    }
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in given.infolist():
            part = given.read(entry)
            for before, after in changes.items():
                part = part.replace(before, after)
            made.writestr(entry.filename, part)
    return out.getvalue()


def with_part(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in given.infolist():
            raw = given.read(entry)
            made.writestr(entry.filename, change(raw) if entry.filename == part else raw)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN_QUOTE = 'nama;telepon;opd;peran\n"Drs. Budi;081234567890;dinkes;PIC\n' + "".join(
    f"{name};08123456789{n};dinkes;PIC\n" for n, name in enumerate(("Siti", "Tono", "Wati", "Rina"), 1)
)
CASES = (
    text("semicolons", lines(HEAD, RINA, BUDI), BOTH),
    text("tabs", lines(HEAD, RINA, BUDI, by="\t"), BOTH),
    text("bars", lines(HEAD, RINA, BUDI, by="|"), BOTH),
    text("commas", lines(HEAD, RINA, ['"Budi, M.Si"', *BUDI[1:]], by=","), BOTH),
    text("a mark of UTF-8", "\ufeff" + lines(HEAD, RINA, BUDI), BOTH),
    text("the older code page", lines(HEAD, ["Zoë – PIC", *RINA[1:]], BUDI), BOTH, encoding="cp1252"),
    text("UTF-16 with tabs", lines(HEAD, RINA, BUDI, by="\t"), BOTH, encoding="utf-16"),
    text("line ends of old Macs", lines(HEAD, RINA, BUDI, end="\r"), BOTH),
    text("no line end at the end", lines(HEAD, RINA, BUDI).rstrip(), BOTH),
    text("sep=;", "sep=;\r\n" + lines(HEAD, RINA, BUDI), "row 2.", BOTH),
    text("sep=, in quotes", '"sep=,"\r\n' + lines(HEAD, RINA, by=","), "row 2.", ONE),
    text("sep= with the separators of its row", "sep=;;;;\r\n" + lines(HEAD, RINA), "row 2.", ONE),
    text(
        "a title with commas above semicolons",
        "Daftar PIC, X, 2026, final\n" + lines(HEAD, RINA),
        "row 2.",
        ONE,
    ),
    text(
        "titles and empty rows above",
        lines(["LAMPIRAN", "", "", ""], ["", "", "", ""], HEAD, RINA),
        "row 3.",
        ONE,
    ),
    text("empty rows between", lines(HEAD, RINA, ["", "", "", ""], [], BUDI), BOTH),
    text("empty columns behind", lines([*HEAD, "", ""], [*RINA, "", ""], [*BUDI, ""]), BOTH),
    text("UTF-16 without its mark", lines(HEAD, RINA, BUDI), BOTH, encoding="utf-16-le"),
    text("UTF-16 of the other order", lines(HEAD, RINA, BUDI), BOTH, encoding="utf-16-be"),
    text("a separator named wrongly", "sep=,\r\n" + lines(HEAD, RINA, BUDI), "Headings in row 2.", BOTH),
    text("other columns among them", lines(["No", *HEAD, "Email"], ["1", *RINA, "a@b"]), ONE),
    text("every cell in quotes", lines(*([f'"{cell}"' for cell in row] for row in (HEAD, RINA, BUDI))), BOTH),
    text("a quote inside quotes", lines(HEAD, ['"Rina ""Ina"" W."', *RINA[1:]]), ONE),
    text(
        "a quote that is not closed",
        OPEN_QUOTE,
        "row 2: a quotation mark",
        "4 new, 0 changed, 0 same, 1 not taken",
    ),
    text(
        "a quote that another row closes",
        lines(HEAD, ['"Budi', *BUDI[1:]], RINA, ['Siti"', "08110001009", "dinkes", "PIC"]),
        "row 2: a quotation mark",
        "row 4: a quotation mark",
        "1 new, 0 changed, 0 same, 2 not taken",
    ),
    text(
        "a line break in a cell",
        lines(HEAD, ['"Budi\nSanjaya"', *BUDI[1:]], RINA),
        "row 2: a quotation mark",
        "row 3: a quotation mark",
        "1 new, 0 changed, 0 same, 2 not taken",
    ),
    text("fewer cells", lines(HEAD, RINA[:3], BUDI), "row 2: 3 cells where the heading has 4", "1 new"),
    text("more cells", lines(HEAD, [*RINA, "x"], BUDI), "row 2: 5 cells", "1 new"),
    text("a comma in a name, not in quotes", lines(HEAD, RINA, BUDI, by=","), "row 3: 5 cells", "1 new"),
    text("our own guard", lines(HEAD, ["Rina", "'+62 811-0001-001", "dinkes", "PIC"]), ONE),
    text("a number without its nought", lines(HEAD, ["Rina", "8110001001", "dinkes", "PIC"]), ONE),
    text(
        "a formula",
        lines(HEAD, ['"=HYPERLINK(""x"")"', *RINA[1:]]),
        "row 2: column Nama Lengkap holds a formula",
        "0 new",
    ),
    text("a number twice", lines(HEAD, RINA, RINA), "stands in row 2 already", "1 new"),
    text(
        "no heading", lines(RINA, BUDI), "refused: no headings found, the first row holds “Rina, 08110001001"
    ),
    text(
        "a heading without the role", lines(HEAD[:3], RINA[:3]), "refused: row 1: the column role is missing"
    ),
    text(
        "two numbers",
        lines([*HEAD, "No. WA"], [*RINA, "1"]),
        "refused: row 1: the columns “no. hp/wa” and “no. wa”",
    ),
    text("nothing", "", "refused: found no rows"),
    text("separators alone", ";;;\r\n;;;\r\n", "refused: found no rows"),
    text("too many rows", "nama\n" + "x\n" * MOST_LINES, "refused: found more than 2000 rows with content"),
    text("too many columns", ",".join("x" * 41), "refused: row 1: found more than 40 columns"),
    text(
        "a cell without end",
        'nama;hp;opd;peran\n"' + "x" * 200_000 + '"\n',
        "row 2: a quotation mark",
        "0 new",
    ),
    Case("a picture called a list", "daftar.csv", b"\x89PNG\r\n\x1a\n\0\0", ("refused: is no text",)),
    Case("an old workbook", "daftar.xls", b"x", ("refused: found the kind .xls",)),
    Case("a workbook with a password", "daftar.xlsx", b"\xd0\xcf\x11\xe0 x", ("refused: has a password",)),
    Case("text called a workbook", "daftar.xlsx", b"nama;hp", ("refused: cannot be read as a workbook",)),
    Case("a workbook called text", "daftar.csv", workbook(HEAD, RINA, BUDI), (BOTH,)),
    Case("text with tabs by name", "daftar.tsv", lines(HEAD, RINA, by="\t").encode(), (ONE,)),
    book("a plain workbook", rows(HEAD, RINA, BUDI), BOTH),
    book("borders down to row 6,000", bordered, BOTH),
    book("one formatted cell in the last row and column", formatted_last_row, BOTH),
    book("a cover sheet and titles", behind_a_cover, "Sheet “Isi” (2 of 2), headings in row 3.", BOTH),
    book("a hidden sheet when no other has a heading", on_a_hidden_sheet, "Sheet “Data” (2 of 2)", ONE),
    book("numbers typed as figures", figures, BOTH),
    book("a list far down and to the right", far_to_the_right, "Headings in row 5.", ONE),
    book("merged titles", merged_title, "Headings in row 3.", ONE),
    book(
        "a formula in a cell",
        rows(HEAD, ["=A1", *RINA[1:]]),
        "row 2: column Nama Lengkap holds a formula",
        "0 new",
    ),
    book("a line break in a cell of a workbook", rows(HEAD, ["Rina\nW.", *RINA[1:]]), ONE),
    Case("the strict edition", "daftar.xlsx", strict(workbook(HEAD, RINA, BUDI)), (BOTH,)),
    Case(
        "rows and cells without their positions",
        "daftar.xlsx",
        with_part(workbook(HEAD, RINA), SHEET, lambda raw: re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", raw)),
        (ONE,),
    ),
    Case(
        "a broken sheet",
        "daftar.xlsx",
        with_part(workbook(HEAD, RINA), SHEET, lambda raw: raw[:200]),
        ("refused: cannot be read as a workbook",),
    ),
    Case(
        "a sheet that unpacks to too much",
        "daftar.xlsx",
        with_part(workbook(HEAD), SHEET, lambda raw: b"0" * (MOST_PART_BYTES + 1)),
        ("refused: found too many bytes inside",),
    ),
)


def answer(tx: Transaction, path: Path) -> list[str]:
    """What the command line says of a list, faults first."""
    from handlers.words import load_words

    try:
        return told(check(find_list(sheets(path, name=path.name)), lists.known(tx), hidden=True))
    except ListRefused as refused:
        return [f"refused: {load_words().in_('en')(f'importing.refused_{refused.reason}', **refused.params)}"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_a_list_is_read_or_said_as_it_was_found(tx: Transaction, tmp_path: Path, case: Case) -> None:
    content = case.content if isinstance(case.content, bytes) else case.content()
    (tmp_path / case.name).write_bytes(content)
    said = answer(tx, tmp_path / case.name)
    at = 0
    for wanted in case.said:
        found = next((n for n in range(at, len(said)) if wanted in said[n]), None)
        assert found is not None, (wanted, said)
        at = found + 1
    assert at == len(said)
    assert len(said) == len(case.said)


def test_there_are_at_least_forty_lists() -> None:
    assert len(CASES) >= 40
    assert len({case.label for case in CASES}) == len(CASES)


def test_a_list_is_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(workbook(HEAD, RINA))
    (sheet,) = read_list(path, name="daftar.xlsx")
    assert [line.cells for line in sheet.lines] == [tuple(HEAD), tuple(RINA)]
    with pytest.raises(ListRefused, match="file_kind"):
        read_list(path, name="daftar.ods")


def test_a_hostile_list_costs_its_process_and_nothing_else(tmp_path: Path) -> None:
    """Five million cells in one row, packed to less than 100 kB."""
    cells = b"<row>" + b"<c/>" * (MOST_PART_BYTES // 4 - 10_000) + b"</row>"
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(
        with_part(workbook(HEAD), SHEET, lambda raw: raw.replace(b"<sheetData>", b"<sheetData>" + cells))
    )
    assert path.stat().st_size < 100_000
    with pytest.raises(ListRefused, match="too_much_inside"):
        read_list(path, name="daftar.xlsx")
