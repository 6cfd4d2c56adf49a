"""What a question for files says of itself, and the way out it has for a file that is too big."""

from __future__ import annotations

import pytest

from domain.conversation.conversation import respond, resume
from domain.conversation.cursor import Cursor
from domain.draft.evidence import Piece
from domain.draft.facts import Said
from domain.message import FileRefusal, StoredFile
from tests.kit.draft_facts import FORM, SET, facts

PLACES = {  # kinds by content and the bytes of one file, as the data say
    **{q.id: (q.accepts, q.max_bytes or 0) for q in FORM.in_year(2026) if q.kind == "file"},
    **{f"i{i.no}": ((*i.kinds, "url"), SET.max_bytes) for i in SET.indicators},
}
KNOWN = {"jenis": "digital", "i33": {"basis": "a"}}  # what indicators 30 and 33 ask first
LINK = {"id": "tautan", "en": "link"}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_kinds_and_size_stand_in_the_question(place: str, language: str) -> None:
    """F19: as they are configured, a link included."""
    kinds, most = PLACES[place]
    asked = resume(facts(language=language), Cursor(at=place, revision=1), answers=KNOWN).messages[0].text
    assert f"{most // 1_000_000} MB" in asked
    for kind in kinds:
        assert (LINK[language] if kind == "url" else kind.upper()) in asked, kind


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_a_file_above_the_limit_has_a_way_out_that_is_taken_there(place: str, language: str) -> None:
    """F26: the limit by name, and a link where one is taken; no PDF is offered where none is."""
    kinds, most = PLACES[place]
    big = FileRefusal("too_big", "besar.bin", size=25_000_000)
    said = respond(facts(language=language), Cursor(at=place, revision=1), answers=KNOWN, said=Said(file=big))
    told = said.messages[0].text.splitlines()[0]
    assert not said.changes
    assert "25 MB" in told
    assert f"{most // 1_000_000} MB" in told
    assert (LINK[language] in told) == ("url" in kinds)
    assert ("PDF" in told) <= ("pdf" in kinds)


def test_what_is_short_of_300_words_says_by_how_much_and_waits_for_more() -> None:
    """F37: 212 words are kept, 88 are missing, and a second piece is added to them."""
    words = " ".join(f"kata{n}" for n in range(212))
    said = respond(facts(), Cursor(at="dasar_hukum", revision=1), answers={}, said=Said(text=words))
    assert "baru 212 dari 300 kata, kurang 88" in said.messages[0].text
    assert said.changes == {"dasar_hukum": words}
    more = respond(facts(), said.cursor, answers=dict(said.changes), said=Said(text="dua kata"))
    assert "kurang 86" in more.messages[0].text
    assert more.changes == {"dasar_hukum": f"{words}\n\ndua kata"}


@pytest.mark.parametrize(
    ("sent", "kept", "left_out"),
    [("ef", "af", 1), ("eg", "a", 2), ("fh", "afh", 0), ("af", "af", 0)],
)
def test_files_of_an_album_that_stand_elsewhere_are_left_out_and_named(
    sent: str, kept: str, left_out: int
) -> None:
    """F25: each is used again where it is sent by itself."""
    standing = [Piece(name * 64, "jpg", f"{name}.jpg", 1000) for name in "aeg"]
    answers = {"foto": standing[:1], "e25": standing[1:], "i25": {"level": 1}}
    album = tuple(StoredFile(name * 64, "jpg", f"{name}-baru.jpg", 1000) for name in sent)
    turn = respond(facts(), Cursor(at="foto", revision=1), answers=answers, said=Said(album=album))
    pieces = turn.changes.get("foto", answers["foto"])
    assert [piece.sha256[0] for piece in pieces] == list(kept)
    assert turn.messages[-1].text.count("tidak ikut tersimpan, sebab sudah ada di indikator 25") == left_out


def test_an_album_that_stands_elsewhere_whole_leaves_no_answer() -> None:
    album = tuple(StoredFile(name * 64, "jpg", f"{name}.jpg", 1000) for name in "eg")
    answers = {"e25": [Piece(name * 64, "jpg", f"{name}.jpg", 1000) for name in "eg"]}
    turn = respond(facts(), Cursor(at="foto", revision=1), answers=answers, said=Said(album=album))
    assert (turn.cursor.at, turn.changes) == ("foto", {})
    assert turn.messages[0].text.count("tidak ikut tersimpan") == 2
