"""The steps of the guided tour: when each is done, and what each needs to find in the regency."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.sandbox_options import BUSY, USUAL
from domain.texts import LANGUAGES
from sandbox.demo import people
from sandbox.panel_words import load_panel_words
from sandbox.tour import ENDED, LEFT, RUNNING, STEPS, Deeds, Tour, label_beginnings
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.databases import in_memory
from tests.kit.practice_regency import NOW, ZONE, regency

HANDED_IN = """
UPDATE innovations SET state = 'terkirim', sent_at = ? WHERE state = 'draf' AND office_id =
 (SELECT id FROM offices WHERE code = 'kec_cempaga')
"""
# by what has happened in the regency: the steps that can no longer be done
USED_UP = {
    "SELECT 1": (),
    "UPDATE innovations SET state = 'terkirim', sent_at = '2025-03-03' WHERE state = 'draf'": ("hand_in",),
    "UPDATE innovations SET state = 'terverifikasi' WHERE state = 'diperiksa'": ("review",),
    "UPDATE memberships SET until = '2025-03-01' WHERE role = 'leader'": ("status",),
    "UPDATE addresses SET address = address || '0' WHERE channel = 'whatsapp'": ("reminder",),
    "UPDATE periods SET deadline = '2025-03-02'": ("hand_in", "score", "reminder"),
}


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """A regency for one test."""
    with closing(in_memory(regency(USUAL))) as connection:
        yield connection


def tour_in(folder: Path) -> Tour:
    """The tour of a folder."""
    crowd = [person for each in people().values() for person in each]
    return Tour(folder, crowd, now=lambda: NOW.astimezone(ZONE), scenario=USUAL)


def test_a_step_is_done_when_the_world_shows_it_and_stays_done(tx: Transaction, tmp_path: Path) -> None:
    tour = tour_in(tmp_path)
    tour.observe(tx, Deeds(back=True))
    assert tour.progress.done == []  # nothing counts before it begins
    tour.act("start")
    tour.observe(tx, Deeds())
    assert tour.progress.done == []  # what the scenario brought does not count either
    tx.execute("UPDATE innovations SET sent_at = ? WHERE id = 1", (utc_text(NOW + timedelta(minutes=1)),))
    tour.observe(tx, Deeds(asked=True))
    assert sorted(tour.progress.done) == ["asked", "sent"]
    tour.act("next")
    again = tour_in(tmp_path)  # the sandbox was started anew
    assert (again.progress.step, again.progress.state) == (1, RUNNING)
    assert sorted(again.progress.done) == ["asked", "sent"]


def test_the_tour_can_be_left_taken_up_and_walked_past_its_end(tmp_path: Path) -> None:
    tour = tour_in(tmp_path)
    tour.act("leave")
    assert tour.progress.state == ENDED  # never begun: not now means no
    tour.act("start")
    tour.act("leave")
    assert tour.progress.state == LEFT
    tour.act("resume")
    for _ in range(9):
        tour.act("next")
    assert (tour.progress.state, tour.progress.step) == (ENDED, len(STEPS) - 1)
    (tmp_path / "tour.json").write_text("{half")
    assert tour_in(tmp_path).progress.step == 0


def test_the_buttons_of_a_step_are_known_in_either_language() -> None:
    assert label_beginnings(("conversation.ind_next", "1 · Contoh")) == [
        ["Langkah terbaik: ", "Best next step: "],
        ["1 · Contoh"],
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_names_somebody_of_the_page_or_a_button_of_the_panel(
    language: str, tmp_path: Path
) -> None:
    tour = tour_in(tmp_path)
    tour.act("start")
    for step in STEPS:
        shown = tour.show(load_panel_words()[language])
        assert shown["person"] or step.button, step.name
        assert "{" not in shown["text"]
        assert all(label.strip() for labels in shown["taps"] for label in labels)
        tour.act("next")


def lacking(tour: Tour) -> tuple[str, ...]:
    """The steps that cannot be done, by name."""
    names = []
    for number, step in enumerate(STEPS):
        tour.progress.step = number
        if tour.show(load_panel_words()["id"])["lacks"]:
            names.append(step.name)
    return tuple(names)


@pytest.mark.parametrize("scenario", [USUAL, BUSY])
def test_a_new_regency_has_all_that_the_tour_needs(scenario: str, tmp_path: Path) -> None:
    tour = tour_in(tmp_path)
    with closing(in_memory(regency(scenario))) as tx:
        tour.observe(tx, Deeds())
    assert lacking(tour) == ()


@pytest.mark.parametrize(("happened", "steps"), USED_UP.items())
def test_a_step_says_when_the_regency_lacks_what_it_needs(
    happened: str, steps: tuple[str, ...], tx: Transaction, tmp_path: Path
) -> None:
    tx.execute(happened)
    tour = tour_in(tmp_path)
    tour.observe(tx, Deeds())
    assert lacking(tour) == steps
    assert tour.show(load_panel_words()["id"])["lacks_any"] == bool(steps)


def test_what_a_tour_has_done_is_lacking_only_for_the_next_one(tx: Transaction, tmp_path: Path) -> None:
    tour = tour_in(tmp_path)
    tour.act("start")
    tx.execute(HANDED_IN, (utc_text(NOW + timedelta(minutes=1)),))
    tour.observe(tx, Deeds())
    assert lacking(tour) == ()
    tour.progress.state = ENDED
    tour.observe(tx, Deeds())
    assert lacking(tour) == ("hand_in",)
