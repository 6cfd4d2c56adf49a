"""The conversation over the form by machine: what holds whatever people say, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.conversation.conversation import FREE_MOVES, respond, resume
from domain.conversation.cursor import Cursor, Turn
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.pages import CHECK, LIST
from domain.draft.checks import gaps
from domain.draft.facts import Said
from domain.draft.path import applicable, progress
from domain.message import FileRefusal, Message, StoredFile
from tests.kit.draft_facts import FORM, WINDOW, after, facts, pressed

YEARLY = tuple(question for question in FORM if not question.years or 2026 in question.years)
PDF = StoredFile("ab" * 32, "pdf", "surat.pdf", 12_000)
NAVIGATION = {
    "back",
    "skip",
    "keep",
    "help",
    "leave",
    "list",
    "check",
    "gaps",
    "go",
    "j",
    "e",
    "p",
    "done",
    "no",
}
LONG = "kata " * 60


PHRASES = (
    "1", "2", "3", "99", "1, 2, 5", "penerapan", "uji coba", "ya", "bukan", "lewati", "kembali", "lanjut",
    "bantuan",
    "periksa kelengkapan", "periksa", "daftar", "kirim", "simpan", "tulis ulang", "3 Agustus 2025", "03/08",
    "kemarin",
    "31 Februari 2025", "1 Mei 2023", "12 Des 2024", "1.250", "Rp 2 juta", "-2,53, 112,95", "kesehatan",
    "kesehtan",
    "level 2", "tingkat 3", "perda", "perbub", "a", "b", "12,5", "100%", "16", "regulasi",
    "https://contoh.go.id/video", "http://127.0.0.1/x", LONG, "<b>tebal</b> & *bintang*", "",
)  # fmt: skip


class FormWalk(RuleBasedStateMachine):
    """A person who does anything at all, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor = Cursor()
        self.answers: dict[str, Any] = {}
        self.buttons: list[str] = []
        self.last: Turn = Turn(self.cursor)

    @initialize()
    def begins(self) -> None:
        self._took(resume(facts(), self.cursor, answers=self.answers))

    def _took(self, turn: Turn) -> None:
        before = self.answers
        self.answers = after(self.answers, turn)
        self.cursor, self.last = turn.cursor, turn
        self.buttons += _list_form_buttons(turn)
        if turn.outcome == "send":
            assert gaps(before, facts()) == ()
        if turn.outcome:
            self._took(resume(facts(), self.cursor, answers=self.answers))

    def _says(self, said: Said) -> None:
        held = dict(self.answers)
        turn = respond(facts(), self.cursor, answers=self.answers, said=said)
        if said.action in NAVIGATION:
            assert not turn.changes
        if (
            said.action
            and said.action not in FREE_MOVES
            and (said.at, said.revision) != (self.cursor.at, self.cursor.revision)
        ):
            assert not turn.changes
            assert not turn.outcome
        stands = self._stands_at(held)
        asked_by = {"jenis"} if stands == "i30" else set()  # indicator 30 asks the kind of innovation first
        assert set(turn.changes) <= {stands, stands.replace("i", "e", 1), *asked_by}
        self._took(turn)

    def _stands_at(self, answers: Mapping[str, Any]) -> str:
        return resume(facts(), self.cursor, answers=answers).cursor.at

    @rule(text=st.one_of(st.sampled_from(PHRASES), st.text(max_size=40)))
    def writes(self, text: str) -> None:
        self._says(Said(text=text))

    @precondition(lambda self: self.buttons)
    @rule(data=st.data())
    def taps_any_button_ever_shown(self, data: st.DataObject) -> None:
        self._says(pressed(data.draw(st.sampled_from(self.buttons))))

    @precondition(lambda self: bool(_list_form_buttons(self.last)))
    @rule(data=st.data())
    def taps_the_newest_message(self, data: st.DataObject) -> None:
        self._says(pressed(data.draw(st.sampled_from(_list_form_buttons(self.last)))))

    @rule(
        action=st.sampled_from(
            ["o", "on", "off", "del", "c", "p", "yes", "e", "j", "lv", "ba", "rep", "nonsense"]
        ),
        value=st.text(max_size=6),
    )
    def forges_a_button(self, action: str, value: str) -> None:
        self._says(Said(action=action, value=value, at=self.cursor.at, revision=self.cursor.revision))

    @rule(
        file=st.sampled_from(
            [PDF, FileRefusal("locked", "x.pdf"), FileRefusal("too_big", "y.mp4", size=30_000_000)]
        )
    )
    def sends_a_file(self, file: StoredFile | FileRefusal) -> None:
        self._says(Said(file=file))

    @rule(number=st.integers(15, 36))
    def opens_an_indicator(self, number: int) -> None:
        self._says(Said(action="j", value=f"i{number}", at=self.cursor.at, revision=self.cursor.revision))

    @rule(latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
    def shares_a_place(self, latitude: float, longitude: float) -> None:
        self._says(Said(location=(latitude, longitude)))

    @rule()
    def sends_a_sticker(self) -> None:
        self._says(Said(unreadable=True))

    @precondition(lambda self: self.cursor.at in FORM.by_id)
    @rule()
    def goes_back_and_forth(self) -> None:
        held, stood = dict(self.answers), self.cursor.at
        back = respond(facts(), self.cursor, answers=self.answers, said=Said(text="kembali"))
        assert not back.changes
        if back.cursor.at in FORM.by_id and back.cursor.at in held and stood in [q.id for q in self._asked()]:
            forth = respond(facts(), back.cursor, answers=held, said=Said(text="lanjut"))
            assert not forth.changes
            assert forth.cursor.at in (stood, CHECK)
        self._took(back)

    def _asked(self) -> tuple[Any, ...]:
        return applicable(FORM, self.answers, window=WINDOW)

    @invariant()
    def there_is_always_a_next_move(self) -> None:
        messages = self.last.messages
        assert messages
        assert any(m.rows for m in messages) or messages[0].toast
        at = self.cursor.at
        assert at in (LIST, CHECK, INDICATORS) or at in FORM.by_id or int(at[1:]) in facts().indicators.by_no

    @invariant()
    def no_limit_of_a_channel_is_broken(self) -> None:
        for message in self.last.messages:
            _fits(message)

    @invariant()
    def progress_never_runs_over(self) -> None:
        for question in self._asked():
            stand = progress(self._asked(), FORM, at=question.id)
            assert 1 <= stand.number <= stand.count
            assert 1 <= stand.part <= 5


def _list_form_buttons(turn: Turn) -> list[str]:
    """List what the form's own buttons carry; one that leads to another room is not the form's to answer."""
    carried = [choice.data for message in turn.messages for row in message.rows for choice in row]
    return [data for data in carried if data.startswith("f:")]


def _fits(message: Message) -> None:
    buttons = [choice for row in message.rows for choice in row]
    assert len(buttons) <= 100
    assert all(len(row) <= 8 for row in message.rows)
    assert all(1 <= len(b.data.encode()) <= 64 and b.label for b in buttons)
    assert len(message.toast) <= 200


FormWalk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_any_walk_through_the_form = FormWalk.TestCase
