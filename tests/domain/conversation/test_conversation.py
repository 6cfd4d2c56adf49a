"""The conversation over the form, by hand; `test_form_walk` holds what must hold whatever is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.conversation.conversation import open_at, respond, resume
from domain.conversation.cursor import Cursor, Turn
from domain.conversation.option_pages import PAGE_SIZE, PAGED_FROM
from domain.conversation.pages import CHECK, LIST
from domain.draft.checks import gaps
from domain.draft.facts import Said, Sibling
from domain.message import StoredFile
from domain.pager import page_count
from tests.kit.complete import COMPLETE
from tests.kit.draft_facts import FORM, after, facts, pressed

YEARLY = tuple(question for question in FORM if not question.years or 2026 in question.years)
PDF = StoredFile("ab" * 32, "pdf", "surat.pdf", 12_000)

FULL: Mapping[str, Any] = {
    "nama": "SIPANDU Baamang",
    "tahapan": "penerapan",
    "inisiator": "opd",
}


def begun() -> Turn:
    """Open the first question."""
    return resume(facts(), Cursor(), answers={})


def at(place: str, answers: Mapping[str, Any] | None = None) -> tuple[Cursor, Mapping[str, Any]]:
    """Stand at a place."""
    return open_at(facts(), Cursor(), answers=answers or {}, place=place).cursor, answers or {}


def text_of(turn: Turn) -> str:
    """Everything a turn says."""
    return "\n".join(message.text for message in turn.messages)


def test_it_opens_the_first_question() -> None:
    turn = begun()
    assert turn.cursor.at == "nama"
    assert "Langkah 1 dari" in text_of(turn)


def test_it_keeps_a_text_and_goes_on_with_the_next_question() -> None:
    turn = respond(facts(), begun().cursor, answers={}, said=Said(text="  SIPANDU   Baamang "))
    assert turn.changes == {"nama": "SIPANDU Baamang"}
    assert turn.cursor.at == "tahapan"


def test_it_asks_back_when_the_office_has_nearly_the_same_title() -> None:
    older = Sibling(3, "SIPANDU Baamang", "terkirim", "DI-2026-0003")
    stand = facts(siblings=(Sibling(2, "Antrean Daring", "draf"), older))
    asked = respond(stand, begun().cursor, answers={}, said=Said(text="Sipandu Baamang!"))
    assert not asked.changes
    assert "“SIPANDU Baamang” dari kantor ini (terkirim · DI-2026-0003)" in asked.messages[0].text
    assert asked.messages[0].rows[-1][-1].data == "st:i:3"
    confirmed = respond(stand, asked.cursor, answers={}, said=Said(text="ya"))
    assert confirmed.changes == {"nama": "Sipandu Baamang!"}


def test_a_title_that_is_said_to_be_the_answer_is_not_yet_said_to_differ() -> None:
    stand = facts(siblings=(Sibling(3, "SIPANDU Baamang", "draf"),))
    kept = Said(text="SIPANDU Baamang", confirmed=True)
    asked = respond(stand, begun().cursor, answers={}, said=kept)
    assert not asked.changes
    again = respond(stand, asked.cursor, answers={}, said=Said(text="SIPANDU Baamang"))
    assert again.changes == {"nama": "SIPANDU Baamang"}


def test_a_number_a_label_and_a_tap_give_the_same_value() -> None:
    for question in YEARLY:
        if question.kind != "choice":
            continue
        for number, option in enumerate(question.options, 1):
            cursor, answers = at_question(question.id)
            if not question.is_numbered:  # on each page anew
                cursor = replace(cursor, page=(number - 1) // PAGE_SIZE)
                number = (number - 1) % PAGE_SIZE + 1
            said = [Said(text=option.label.id), Said(text=option.label.id.lower()), Said(text=str(number))]
            said.append(Said(action="o", value=option.id, at=question.id, revision=cursor.revision))
            for way in said:
                turn = respond(facts(), cursor, answers=answers, said=way)
                assert turn.changes == {question.id: option.id}, way


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
            turn = respond(facts(), cursor, answers=answers, said=pressed(f"f:7:{question.id}:4:p:{page}"))
            assert turn.in_place
            datas = [c.data for row in turn.messages[0].rows for c in row]
            seen += [d.rsplit(":", 1)[1] for d in datas if ":o:" in d or ":on:" in d]
        assert seen == [option.id for option in question.options]


def test_a_button_of_an_older_message_changes_nothing() -> None:
    first = begun()
    second = respond(facts(), first.cursor, answers={}, said=Said(text="SIPANDU"))
    old = pressed(first.messages[0].rows[0][0].data)
    turn = respond(facts(), second.cursor, answers={"nama": "SIPANDU"}, said=old)
    assert (turn.cursor.at, dict(turn.changes)) == ("tahapan", {})
    assert turn.messages[0].toast


def test_a_double_tap_answers_once_and_says_so() -> None:
    cursor, _ = at("tahapan")
    tap = pressed(f"f:7:tahapan:{cursor.revision}:o:penerapan")
    once = respond(facts(), cursor, answers={}, said=tap)
    twice = respond(facts(), once.cursor, answers=after({}, once), said=tap)
    assert once.changes == {"tahapan": "penerapan"}
    assert not twice.changes
    assert twice.messages[0].text == ""
    assert twice.messages[0].toast


def test_who_asks_for_an_example_is_shown_one() -> None:
    cursor, answers = at("tahapan")
    lost, example = (
        text_of(respond(facts(), cursor, answers=answers, said=Said(text=said)))
        for said in ("kada paham ulun", "kasih contoh dong")
    )
    assert "Contoh: Penerapan" in example
    assert "Contoh: Penerapan" not in lost


def test_the_way_out_of_the_third_question_is_said_once() -> None:
    cursor, answers = at("tahapan")
    for _ in range(3):
        turn = respond(facts(), cursor, answers=answers, said=Said(text="kada paham ulun"))
        cursor = turn.cursor
        assert text_of(turn).count("kepada Desk Inovasi") == 1


def test_the_third_misunderstanding_opens_a_way_out() -> None:
    cursor, answers = at("tahapan")
    texts = []
    for said in ("entah", "entahlah", "tidak tahu"):
        turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
        cursor = turn.cursor
        texts.append(text_of(turn))
        assert not turn.changes
    assert len(set(texts)) == 3
    skips = [c.data for row in turn.messages[0].rows for c in row if c.data.endswith(":skip")]
    assert respond(facts(), cursor, answers=answers, said=pressed(skips[0])).cursor.at == "inisiator"


def test_a_required_question_is_not_skipped_before() -> None:
    cursor, answers = at("tahapan")
    assert respond(facts(), cursor, answers=answers, said=Said(text="lewati")).cursor.at == "tahapan"


@pytest.mark.parametrize("said", ["tidak ada", "Ga ada pak", "belum punya"])
def test_who_has_nothing_of_what_may_be_left_empty_goes_on(said: str) -> None:
    for place in ("haki", "video", "nomor_iid"):
        cursor, answers = at(place)
        turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
        assert (turn.cursor.at != place, turn.changes) == (True, {}), place


def test_who_has_nothing_of_what_is_needed_is_asked_again() -> None:
    cursor, answers = at("urusan_utama")
    turn = respond(facts(), cursor, answers=answers, said=Said(text="tidak ada"))
    assert (turn.cursor.at, turn.changes) == ("urusan_utama", {})


@pytest.mark.parametrize("place", ["permasalahan", "haki", "i16", LIST])
def test_to_send_leads_from_anywhere_to_the_check_page(place: str) -> None:
    cursor, answers = at(place)
    turn = respond(facts(), cursor, answers=answers, said=Said(text="kirim"))
    assert (turn.cursor.at, turn.changes, turn.outcome) == (CHECK, {}, "")


@pytest.mark.parametrize("said", ["ubah waktu uji coba", "◀ Ubah Waktu Uji Coba", "ganti Waktu Uji Coba"])
def test_a_question_named_whole_behind_to_change_is_opened(said: str) -> None:
    cursor, answers = at("ada_perkembangan", FULL)
    assert respond(facts(), cursor, answers=answers, said=Said(text=said)).cursor.at == "waktu_uji_coba"


def test_a_text_that_only_begins_with_to_change_is_an_answer() -> None:
    cursor, answers = at("permasalahan")
    turn = respond(facts(), cursor, answers=answers, said=Said(text="ubah waktu layanan"))
    assert "permasalahan" in turn.changes


def test_a_doubtful_date_is_read_back_before_it_is_kept() -> None:
    cursor, answers = Cursor(at="waktu_uji_coba", revision=1), {"tahapan": "penerapan"}
    asked = respond(facts(), cursor, answers=answers, said=Said(text="3 hari yang lalu"))
    assert not asked.changes
    assert "27 Februari 2026" in text_of(asked)
    assert respond(facts(), asked.cursor, answers=answers, said=Said(text="ya")).changes == {
        "waktu_uji_coba": "2026-02-27"
    }
    assert not respond(facts(), asked.cursor, answers=answers, said=Said(text="bukan")).changes


def test_a_date_that_breaks_a_rule_is_saved_with_a_warning() -> None:
    cursor, answers = (
        Cursor(at="waktu_penerapan", revision=1),
        {"tahapan": "penerapan", "waktu_uji_coba": "2025-05-01"},
    )
    turn = respond(facts(), cursor, answers=answers, said=Said(text="3 April 2025"))
    assert turn.changes == {"waktu_penerapan": "2025-04-03"}
    assert "perlu dibetulkan" in text_of(turn)


def test_a_long_text_is_taken_in_several_messages_and_counted() -> None:
    cursor, answers = at("dasar_hukum")
    first = respond(facts(), cursor, answers=answers, said=Said(text="satu dua tiga"))
    held = after(answers, first)
    second = respond(facts(), first.cursor, answers=held, said=Said(text="empat lima"))
    assert second.changes == {"dasar_hukum": "satu dua tiga\n\nempat lima"}
    assert "kurang 295" in text_of(second)
    held = after(held, second)
    again = respond(
        facts(), second.cursor, answers=held, said=pressed(f"f:7:dasar_hukum:{second.cursor.revision}:redo")
    )
    assert not again.changes
    assert respond(facts(), again.cursor, answers=held, said=Said(text="baru")).changes == {
        "dasar_hukum": "baru"
    }


def test_toggles_are_edited_in_place_and_a_second_tap_is_the_same() -> None:
    cursor, answers = at("urusan_lain")
    option = FORM.by_id["urusan_lain"].options[1].id
    tap = pressed(f"f:7:urusan_lain:{cursor.revision}:on:{option}")
    once = respond(facts(), cursor, answers=answers, said=tap)
    twice = respond(facts(), once.cursor, answers=after(answers, once), said=tap)
    assert once.in_place
    assert once.changes == {"urusan_lain": [option]}
    assert not twice.changes


def test_several_choices_are_typed_at_once_or_not_at_all() -> None:
    cursor, answers = at("urusan_lain")
    options = [option.id for option in FORM.by_id["urusan_lain"].options]
    turn = respond(facts(), cursor, answers=answers, said=Said(text="kesehatan, sosial dan pendidikan"))
    assert turn.changes == {"urusan_lain": [options[0], options[1], options[5]]}
    assert not respond(facts(), cursor, answers=answers, said=Said(text="kesehatan, ekonomi biru")).changes


@pytest.mark.parametrize(
    "text",
    [
        "lewati saja",
        "lewati dulu pak",
        "Lewati ya",
        "mohon lewati",
        "skip aja",
        "tolong lewati pertanyaan ini",
    ],
)
def test_a_word_of_moving_on_is_none_of_the_answer_with_a_courtesy_beside_it(text: str) -> None:
    cursor, answers = at("program_pkpn", {"pkpn": "pendidikan"})
    turn = respond(facts(), cursor, answers=answers, said=Said(text=text))
    assert not turn.changes
    assert turn.cursor.at == "urusan_utama"


def test_an_innovation_may_be_called_as_a_word_of_moving_on_with_more() -> None:
    asked = respond(facts(), begun().cursor, answers={}, said=Said(text="Simpan Saja"))
    assert not asked.changes
    named = respond(facts(), asked.cursor, answers={}, said=Said(text="ya"))
    assert named.changes == {"nama": "Simpan Saja"}


def test_going_on_from_the_check_page_leads_to_what_keeps_it_back_and_not_to_what_was_left_out() -> None:
    cursor, answers = at(CHECK, {"nama": "SIPANDU"})
    turn = respond(facts(), cursor, answers=answers, said=Said(text="lanjutkan"))
    assert turn.cursor.at == gaps(answers, facts())[0].question.id
    assert not turn.cursor.back_to  # many are open: the form goes on from there


def test_going_on_to_the_last_gap_leads_back_to_the_check_page() -> None:
    complete = {**COMPLETE}
    del complete["manfaat"]
    cursor, answers = at(CHECK, complete)
    turn = respond(facts(), cursor, answers=answers, said=Said(text="lanjutkan"))
    assert (turn.cursor.at, turn.cursor.back_to) == ("manfaat", CHECK)


def test_changing_an_answer_from_the_check_page_returns_there() -> None:
    answers = {"nama": "SIPANDU", "tahapan": "penerapan"}
    cursor, _ = at(CHECK, answers)
    edit = respond(facts(), cursor, answers=answers, said=pressed(f"f:7:{CHECK}:{cursor.revision}:e:nama"))
    assert edit.cursor.at == "nama"
    turn = respond(facts(), edit.cursor, answers=answers, said=Said(text="SIPANDU Plus"))
    assert turn.cursor.at == CHECK
    assert "SIPANDU Plus" in text_of(turn)


def test_sending_is_refused_with_the_list_and_a_jump_to_the_first_gap() -> None:
    answers = {"nama": "SIPANDU"}
    cursor, _ = at(CHECK, answers)
    turn = respond(facts(), cursor, answers=answers, said=pressed(f"f:7:{CHECK}:{cursor.revision}:send"))
    assert turn.outcome == ""
    jump = turn.messages[0].rows[0][0]
    assert jump.data.endswith(":e:tahapan")
    assert respond(facts(), turn.cursor, answers=answers, said=pressed(jump.data)).cursor.at == "tahapan"


def test_three_gaps_give_three_lines() -> None:
    missing = gaps({"nama": "x"}, facts())
    assert len(missing) == len({p.question.id for p in missing})
    cursor, answers = at("tahapan", {"nama": "x"})
    listed = respond(facts(), cursor, answers=answers, said=Said(text="periksa kelengkapan"))
    assert f"{len(missing)} hal" in text_of(listed)


def test_discarding_asks_twice() -> None:
    cursor, answers = at(LIST, {"nama": "x"})
    asked = respond(facts(), cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:drop"))
    assert asked.outcome == ""
    assert (
        respond(
            facts(), asked.cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:no")
        ).outcome
        == ""
    )
    assert (
        respond(
            facts(), asked.cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:yes")
        ).outcome
        == "discard"
    )


def test_discarding_without_the_question_does_nothing() -> None:
    cursor, answers = at(LIST, {"nama": "x"})
    assert (
        respond(facts(), cursor, answers=answers, said=pressed(f"f:7:{LIST}:{cursor.revision}:yes")).outcome
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
        turn = respond(facts(), cursor, answers=answers, said=Said(text="bantuan"))
        if "title" in question.check:  # an innovation may be called that: it is asked first
            turn = respond(facts(), turn.cursor, answers=answers, said=Said(text="bantuan"))
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
