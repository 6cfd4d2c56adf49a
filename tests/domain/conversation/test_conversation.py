"""The step over the form: by hand for what must hold once, by machine for what must always hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.conversation.conversation import FREE_MOVES, open_at, resume, step
from domain.conversation.cursor import Cursor, Turn
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.pages import CHECK, LIST
from domain.conversation.question_message import PAGE_SIZE, PAGED_FROM
from domain.draft.checks import gaps
from domain.draft.facts import Said
from domain.draft.path import applicable, progress
from domain.message import FileRefusal, Message, StoredFile
from domain.pager import page_count
from tests.kit.draft_facts import FORM, WINDOW, facts

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

FULL: Mapping[str, Any] = {
    "nama": "SIPANDU Baamang",
    "tahapan": "penerapan",
    "inisiator": "opd",
}


def begun() -> Turn:
    """Open the first question."""
    return resume(facts(), Cursor(), answers={})


def after(answers: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """Apply what a turn changes."""
    kept = {**answers, **turn.changes}
    return {question: value for question, value in kept.items() if value is not None}


def pressed(data: str) -> Said:
    """Tap a button."""
    _, _, at, revision, action, *value = data.split(":")
    return Said(action=action, value=value[0] if value else "", at=at, revision=int(revision))


def at(place: str, answers: Mapping[str, Any] | None = None) -> tuple[Cursor, Mapping[str, Any]]:
    """Stand at a place."""
    return open_at(facts(), Cursor(), answers=answers or {}, place=place).cursor, answers or {}


def text_of(turn: Turn) -> str:
    """Everything a turn says."""
    return "\n".join(message.text for message in turn.messages)


def test_it_opens_the_first_question() -> None:
    turn = begun()
    assert turn.cursor.at == "nama"
    assert "langkah 1 dari" in text_of(turn)


def test_it_keeps_a_text_and_goes_on_with_the_next_question() -> None:
    turn = step(facts(), begun().cursor, answers={}, said=Said(text="  SIPANDU   Baamang "))
    assert turn.changes == {"nama": "SIPANDU Baamang"}
    assert turn.cursor.at == "tahapan"


def test_it_asks_back_when_the_office_has_nearly_the_same_title() -> None:
    stand = facts(titles=("SIPANDU Baamang",))
    asked = step(stand, begun().cursor, answers={}, said=Said(text="Sipandu Baamang!"))
    assert not asked.changes
    confirmed = step(stand, asked.cursor, answers={}, said=Said(text="ya"))
    assert confirmed.changes == {"nama": "Sipandu Baamang!"}


def test_a_number_a_label_and_a_tap_give_the_same_value() -> None:
    for question in YEARLY:
        if question.kind != "choice":
            continue
        for number, option in enumerate(question.options, 1):
            cursor, answers = at_question(question.id)
            said = [Said(text=str(number)), Said(text=option.label.id), Said(text=option.label.id.lower())]
            said.append(Said(action="o", value=option.id, at=question.id, revision=cursor.revision))
            for way in said:
                assert step(facts(), cursor, answers=answers, said=way).changes == {question.id: option.id}, (
                    question.id,
                    way,
                )


def at_question(question_id: str) -> tuple[Cursor, Mapping[str, Any]]:
    """Stand at a question that may need another answer to apply."""
    answers: dict[str, Any] = {}
    for condition in FORM.by_id[question_id].when:
        first = FORM.by_id[condition.question]
        if condition.is_:
            answers[first.id] = condition.is_[0]
        else:
            answers[first.id] = next(o.id for o in first.options if o.id not in condition.is_not)
        for deeper in first.when:
            answers[deeper.question] = deeper.is_[0]
        break
    return Cursor(at=question_id, revision=4), answers


def test_every_option_stands_on_exactly_one_page() -> None:
    for question in YEARLY:
        if len(question.options) < PAGED_FROM:
            continue
        cursor, answers = at_question(question.id)
        seen: list[str] = []
        for page in range(page_count(len(question.options), PAGE_SIZE)):
            turn = step(facts(), cursor, answers=answers, said=pressed(f"f:7:{question.id}:4:p:{page}"))
            assert turn.in_place
            datas = [c.data for row in turn.messages[0].rows for c in row]
            seen += [d.rsplit(":", 1)[1] for d in datas if ":o:" in d or ":on:" in d]
        assert seen == [option.id for option in question.options]


def test_a_button_of_an_older_message_changes_nothing() -> None:
    first = begun()
    second = step(facts(), first.cursor, answers={}, said=Said(text="SIPANDU"))
    old = pressed(first.messages[0].rows[0][0].data)
    turn = step(facts(), second.cursor, answers={"nama": "SIPANDU"}, said=old)
    assert (turn.cursor.at, dict(turn.changes)) == ("tahapan", {})
    assert turn.messages[0].toast


def test_a_double_tap_answers_once_and_says_so() -> None:
    cursor, _ = at("tahapan")
    tap = pressed(f"f:7:tahapan:{cursor.revision}:o:penerapan")
    once = step(facts(), cursor, answers={}, said=tap)
    twice = step(facts(), once.cursor, answers=after({}, once), said=tap)
    assert once.changes == {"tahapan": "penerapan"}
    assert not twice.changes
    assert twice.messages[0].text == ""
    assert twice.messages[0].toast


def test_the_third_misunderstanding_opens_a_way_out() -> None:
    cursor, answers = at("tahapan")
    texts = []
    for said in ("entah", "entahlah", "tidak tahu"):
        turn = step(facts(), cursor, answers=answers, said=Said(text=said))
        cursor = turn.cursor
        texts.append(text_of(turn))
        assert not turn.changes
    assert len(set(texts)) == 3
    skips = [c.data for row in turn.messages[0].rows for c in row if c.data.endswith(":skip")]
    assert step(facts(), cursor, answers=answers, said=pressed(skips[0])).cursor.at == "inisiator"


def test_a_required_question_is_not_skipped_before() -> None:
    cursor, answers = at("tahapan")
    assert step(facts(), cursor, answers=answers, said=Said(text="lewati")).cursor.at == "tahapan"


def test_a_doubtful_date_is_read_back_before_it_is_kept() -> None:
    cursor, answers = Cursor(at="waktu_uji_coba", revision=1), {"tahapan": "penerapan"}
    asked = step(facts(), cursor, answers=answers, said=Said(text="3 hari yang lalu"))
    assert not asked.changes
    assert "27 Februari 2026" in text_of(asked)
    assert step(facts(), asked.cursor, answers=answers, said=Said(text="ya")).changes == {
        "waktu_uji_coba": "2026-02-27"
    }
    assert not step(facts(), asked.cursor, answers=answers, said=Said(text="bukan")).changes


def test_a_date_that_breaks_a_rule_is_saved_with_a_warning() -> None:
    cursor, answers = (
        Cursor(at="waktu_penerapan", revision=1),
        {"tahapan": "penerapan", "waktu_uji_coba": "2025-05-01"},
    )
    turn = step(facts(), cursor, answers=answers, said=Said(text="3 April 2025"))
    assert turn.changes == {"waktu_penerapan": "2025-04-03"}
    assert "perlu dibetulkan" in text_of(turn)


def test_a_long_text_is_taken_in_several_messages_and_counted() -> None:
    cursor, answers = at("dasar_hukum")
    first = step(facts(), cursor, answers=answers, said=Said(text="satu dua tiga"))
    held = after(answers, first)
    second = step(facts(), first.cursor, answers=held, said=Said(text="empat lima"))
    assert second.changes == {"dasar_hukum": "satu dua tiga\n\nempat lima"}
    assert "kurang 295" in text_of(second)
    held = after(held, second)
    again = step(
        facts(), second.cursor, answers=held, said=pressed(f"f:7:dasar_hukum:{second.cursor.revision}:redo")
    )
    assert not again.changes
    assert step(facts(), again.cursor, answers=held, said=Said(text="baru")).changes == {
        "dasar_hukum": "baru"
    }


def test_toggles_are_edited_in_place_and_a_second_tap_is_the_same() -> None:
    cursor, answers = at("urusan_lain")
    option = FORM.by_id["urusan_lain"].options[1].id
    tap = pressed(f"f:7:urusan_lain:{cursor.revision}:on:{option}")
    once = step(facts(), cursor, answers=answers, said=tap)
    twice = step(facts(), once.cursor, answers=after(answers, once), said=tap)
    assert once.in_place
    assert once.changes == {"urusan_lain": [option]}
    assert not twice.changes


def test_several_choices_are_typed_at_once_or_not_at_all() -> None:
    cursor, answers = at("urusan_lain")
    options = [option.id for option in FORM.by_id["urusan_lain"].options]
    turn = step(facts(), cursor, answers=answers, said=Said(text="3, 1 dan 5"))
    assert turn.changes == {"urusan_lain": [options[0], options[2], options[4]]}
    assert not step(facts(), cursor, answers=answers, said=Said(text="3, 99")).changes


def test_changing_an_answer_from_the_check_page_returns_there() -> None:
    answers = {"nama": "SIPANDU", "tahapan": "penerapan"}
    cursor, _ = at(CHECK, answers)
    edit = step(facts(), cursor, answers=answers, said=pressed(f"f:7:{CHECK}:{cursor.revision}:e:nama"))
    assert edit.cursor.at == "nama"
    turn = step(facts(), edit.cursor, answers=answers, said=Said(text="SIPANDU Plus"))
    assert turn.cursor.at == CHECK
    assert "SIPANDU Plus" in text_of(turn)


def test_sending_is_refused_with_the_list_and_a_jump_to_the_first_gap() -> None:
    answers = {"nama": "SIPANDU"}
    cursor, _ = at(CHECK, answers)
    turn = step(facts(), cursor, answers=answers, said=pressed(f"f:7:{CHECK}:{cursor.revision}:send"))
    assert turn.outcome == ""
    jump = turn.messages[0].rows[0][0]
    assert jump.data.endswith(":e:tahapan")
    assert step(facts(), turn.cursor, answers=answers, said=pressed(jump.data)).cursor.at == "tahapan"


def test_three_gaps_give_three_lines() -> None:
    missing = gaps({"nama": "x"}, facts())
    assert len(missing) == len({p.question.id for p in missing})
    cursor, answers = at("tahapan", {"nama": "x"})
    listed = step(facts(), cursor, answers=answers, said=Said(text="periksa kelengkapan"))
    assert f"{len(missing)} hal" in text_of(listed)


def test_discarding_asks_twice() -> None:
    cursor, answers = at(LIST, {"nama": "x"})
    asked = step(facts(), cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:drop"))
    assert asked.outcome == ""
    assert (
        step(facts(), asked.cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:no")).outcome
        == ""
    )
    assert (
        step(
            facts(), asked.cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:yes")
        ).outcome
        == "discard"
    )


def test_discarding_without_the_question_does_nothing() -> None:
    cursor, answers = at(LIST, {"nama": "x"})
    assert (
        step(facts(), cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:yes")).outcome
        == ""
    )


def test_every_question_has_the_same_way_out_in_the_same_order() -> None:
    for question in YEARLY:
        cursor, answers = at_question(question.id)
        turn = resume(facts(), cursor, answers=answers)
        words = [choice.label for row in turn.messages[0].rows for choice in row]
        shown = [words.index(str(facts().words(key))) for key in ("back", "help", "leave")]
        assert shown == sorted(shown), question.id
        assert (str(facts().words("skip")) in words) == (not question.required), question.id


def test_help_explains_each_question_and_asks_it_again() -> None:
    told = set()
    for question in YEARLY:
        cursor, answers = at_question(question.id)
        turn = step(facts(), cursor, answers=answers, said=Said(text="bantuan"))
        if "title" in question.check:  # an innovation may be called that: it is asked first
            turn = step(facts(), turn.cursor, answers=answers, said=Said(text="bantuan"))
        assert turn.cursor == cursor
        assert question.ask.id in text_of(turn)
        told.add(question.help.id)
    assert len(told) == len(YEARLY)


def test_both_languages_say_every_question() -> None:
    for language in ("id", "en"):
        for question in YEARLY:
            cursor, answers = at_question(question.id)
            turn = resume(facts(language=language), cursor, answers=answers)
            assert question.ask.in_(language) in text_of(turn)
            assert len(turn.messages[0].text) <= 900, (question.id, len(turn.messages[0].text))


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
        self.buttons += [c.data for m in turn.messages for row in m.rows for c in row]
        if turn.outcome == "send":
            assert gaps(before, facts()) == ()
        if turn.outcome:
            self._took(resume(facts(), self.cursor, answers=self.answers))

    def _says(self, said: Said) -> None:
        held = dict(self.answers)
        turn = step(facts(), self.cursor, answers=self.answers, said=said)
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

    @precondition(lambda self: any(m.rows for m in self.last.messages))
    @rule(data=st.data())
    def taps_the_newest_message(self, data: st.DataObject) -> None:
        shown = [c.data for m in self.last.messages for row in m.rows for c in row]
        self._says(pressed(data.draw(st.sampled_from(shown))))

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
        self._says(Said(place=(latitude, longitude)))

    @rule()
    def sends_a_sticker(self) -> None:
        self._says(Said(unreadable=True))

    @precondition(lambda self: self.cursor.at in FORM.by_id)
    @rule()
    def goes_back_and_forth(self) -> None:
        held, stood = dict(self.answers), self.cursor.at
        back = step(facts(), self.cursor, answers=self.answers, said=Said(text="kembali"))
        assert not back.changes
        if back.cursor.at in FORM.by_id and back.cursor.at in held and stood in [q.id for q in self._asked()]:
            forth = step(facts(), back.cursor, answers=held, said=Said(text="lanjut"))
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
            assert 1 <= stand.step <= stand.steps
            assert 1 <= stand.part <= 5


def _fits(message: Message) -> None:
    buttons = [choice for row in message.rows for choice in row]
    assert len(buttons) <= 100
    assert all(len(row) <= 8 for row in message.rows)
    assert all(1 <= len(b.data.encode()) <= 64 and b.label for b in buttons)
    assert len(message.toast) <= 200


FormWalk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_any_walk_through_the_form = FormWalk.TestCase
