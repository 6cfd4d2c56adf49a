"""Names in the evidence archive: every system unpacks them, whatever a title or an office is called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.exporting.evidence import NAME_BYTES, PATH_BYTES, fitting, safe

PARTS = st.lists(st.text(min_size=1, max_size=200).map(safe), min_size=1, max_size=4)


@given(folders=PARTS, stem=st.text(max_size=200).map(safe), more=st.integers(0, 8))
def test_a_whole_path_fits_and_keeps_its_ending(folders: list[str], stem: str, more: int) -> None:
    path = fitting(folders, f"01-{stem}.pdf", more=more)
    assert len(path.encode()) <= PATH_BYTES - more
    assert path.endswith(".pdf")
    assert path.count("/") == len(folders)
    assert all(part for part in path.split("/"))


def test_150_emoji_are_a_name_linux_takes() -> None:
    title = safe("🙂" * 150)
    assert 0 < len(title.encode()) <= NAME_BYTES
    folders = ["Dinas " + "Kesehatan " * 8, title, "16 " + "Regulasi Inovasi Daerah " * 3]
    assert len(fitting(folders, "01-" + "🙂" * 20 + ".pdf").encode()) <= PATH_BYTES


def test_a_path_that_fits_stays_as_it_is() -> None:
    assert (
        fitting(["Dinkes", "DI-2026-0001 SIPANDU"], "01-surat.pdf")
        == "Dinkes/DI-2026-0001 SIPANDU/01-surat.pdf"
    )
