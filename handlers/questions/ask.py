"""/tanya, and whatever asks in any other place: answered from what is known, else offered to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from domain import buttons
from domain.knowledge.asking import may_ask, shows_doubt
from domain.knowledge.entries import Entry
from domain.knowledge.finder import (
    Index,
    Knowledge,
    Match,
    beside,
    find,
    is_answer,
    is_clear,
    make_knowledge,
    may_say_whole,
    stand_first,
)
from domain.knowledge.question_words import load_words, read_words
from domain.message import Choice, Kind, Message, Rows, plain
from domain.people import Right
from domain.reading.receipts import without_receipts
from domain.reading.remarks import Remark, remark_in, without_hedge
from domain.rules.form import Words
from domain.texts import Marked, bold, join, shortened
from domain.typed_choice import Reads
from handlers import remarks
from handlers.context import Context, Says, message
from handlers.innovation import coach, form, form_sheet
from handlers.questions import answer_buttons, asked_from, asked_here, regency_answers, table_answers
from storage import dialogues, questions

ASKING = "question"  # the dialogue in which the next text is a question
_ANSWERS = {**table_answers.ANSWERS, **regency_answers.ANSWERS}  # by the fact they tell
TOLD_TO_ALL = ("contact", "deadline")  # facts told to whoever is known, with a post or without
QUESTION_CHARS = 500  # of a question that is kept for the desk
LABEL_CHARS = 40
OFTEN = ("batas_waktu", "keadaan_saya", "kontak")  # offered where nothing was asked yet
GUESSED_WORDS = 2  # that tell something, of a text that is answered although it does not ask
RECEIPT_ENTRY = "tanda_terima"  # says what a receipt number is
RECEIPT = "di 2026"  # the way to ask of that entry that any receipt number stands for
KEPT = "kept."  # begins the key of an answer the desk keeps


@dataclass(frozen=True, slots=True)
class Asking:
    """State of the dialogue: the innovation whose form is open below it, 0 for none."""

    innovation: int = 0


def ask(ctx: Context) -> list[Message]:
    """Answer what stands behind the command, else ask for the question."""
    if text := ctx.args.strip():
        return [*_answer(ctx, text), *_go_on(ctx)]
    rows = _pair([_make_opening(ctx, _entry(ctx, key)) for key in OFTEN])
    if ctx.contact is None:
        return message(ctx.say("ask.prompt"), *rows)
    innovation = form_sheet.open_innovation(ctx)
    state = Asking(innovation.id if innovation else 0)
    dialogues.begin(ctx.tx, ctx.person.id, name=ASKING, state=state)
    return message(ctx.say("ask.prompt"), *rows, (Choice(ctx.say("ask.leave"), buttons.Open("batal")),))


def reads_question(ctx: Context, said: str) -> bool:
    """Whether a text is a question behind the command; where something is open it may be an answer."""
    return ctx.contact is not None and ctx.dialogue is None and may_ask(said)


def said(ctx: Context) -> list[Message]:
    """Take what is typed after /tanya as the question, and go back to the form that was open."""
    text = ctx.inbound.text.strip()
    if ctx.inbound.kind is not Kind.TEXT or not text:
        return message(ctx.say("ask.prompt"), (Choice(ctx.say("ask.leave"), buttons.Open("batal")),))
    answered = _answer(ctx, text)
    asking = ctx.state(ASKING, Asking) or Asking()
    dialogues.close(ctx.tx, ctx.person.id)
    if not asking.innovation:
        return answered
    innovation = form_sheet.load_innovation(ctx, asking.innovation)
    if not ctx.may(Right.SUBMIT, office=innovation.office_id):
        return answered
    return [*answered, *form.opened(ctx, innovation, notice=ctx.say("ask.back"))]


def heard(ctx: Context, open_now: Says | None) -> list[Message]:
    """Answer a question typed anywhere, what is open asked again below; nothing for what is no question,
    or asks about the place itself.
    """
    text = plain(ctx.inbound.text).strip() if ctx.inbound.kind is Kind.TEXT else ""
    if not text or text.startswith("/") or ctx.inbound.reply_to:
        return []
    if not asked_here.may_be_asked(ctx, open_now, text):
        return []
    text = without_hedge(text)  # what is hedged is said, not asked
    if asked_here.asks_only_whole(ctx, open_now, text) and not _may_say_whole(ctx, text):
        return []
    matches, entries = _find(ctx, text)
    if asked_here.is_for_others(ctx, open_now, text=text, matches=matches):
        return []
    if _is_about_place(ctx, text, [entries[match.key] for match in matches]):
        is_promise = (remark := remark_in(text)) is not None and remark.kind is Remark.PROMISE
        return [] if open_now is not None or is_promise else message(ctx.say("ask.prompt"), *_often(ctx))
    takes_text = open_now is not None and open_now.reads(ctx) in (Reads.TEXT, Reads.TITLE)
    again = _go_on(ctx) or (remarks.asked_again(ctx, open_now) if open_now else [])
    if again and takes_text:
        again[-1] = remarks.with_keep(ctx, again[-1], text)
    return [*_answer(ctx, text), *again] if again else _lead_on(ctx, _answer(ctx, text))


def about_receipt(ctx: Context) -> list[Message]:
    """Explain receipt numbers, where a sentence that holds one asks what it is: "DI-2026-0012 nomor apa"."""
    text = plain(ctx.inbound.text)
    rest = without_receipts(text)
    says_what = read_words(rest) - load_words().vague  # "bagaimana DI-2026-0001?" asks how it stands with it
    if not says_what or not may_ask(rest):
        return []
    matches, entries = _find(ctx, f"{rest} {RECEIPT}")
    asked = is_clear(matches) and matches[0].key == RECEIPT_ENTRY
    return [_show(ctx, entries[RECEIPT_ENTRY], rows=())] if asked else []


def _lead_on(ctx: Context, answered: list[Message]) -> list[Message]:
    """Let the last message lead on where it has no button of its own, as the desk's answers."""
    if answered[-1].rows:
        return answered
    way = Choice(ctx.say("opens.help"), buttons.Open("bantuan"))
    return [*answered[:-1], replace(answered[-1], rows=((way,),))]


def _is_about_place(ctx: Context, text: str, likely: Sequence[Entry]) -> bool:
    """Whether the place itself is asked about, and answers better: "contohnya dong" by an example."""
    is_first_here = (
        bool(likely) and likely[0].key == asked_from.name_entry(ctx) and remark_in(text) is not None
    )
    return any(entry.fact == "here" for entry in (likely if is_first_here else likely[:1]))


def guessed(ctx: Context) -> list[Message]:
    """Answer what asks by nothing but what it is about, where nothing is open and nothing else is named."""
    text = without_hedge(plain(ctx.inbound.text).strip()) if ctx.inbound.kind is Kind.TEXT else ""
    if ctx.contact is None or len(read_words(text)) < GUESSED_WORDS or remark_in(text) is not None:
        return []
    matches, entries = _find(ctx, text)
    is_meant = is_clear(matches) or (is_answer(matches) and shows_doubt(text))
    if not is_meant or entries[matches[0].key].fact == "here":
        return []
    return _lead_on(ctx, _answer(ctx, text))


def unread(ctx: Context, open_now: Says, said: list[Message]) -> list[Message]:
    """Answer what the open place of the form could not read, where it shows a doubt about something known,
    with the place asked again below; else leave what the place itself said.
    """
    answered = _answer_unread(ctx, open_now)
    return [*answered, *(_go_on(ctx) or said)] if answered else said


def _answer_unread(ctx: Context, open_now: Says) -> list[Message]:
    if open_now.name != form_sheet.DIALOGUE or open_now.reads(ctx) in (Reads.TEXT, Reads.TITLE):
        return []
    is_asked = shows_doubt(without_hedge(plain(ctx.inbound.text))) and asked_from.was_misread(ctx)
    return guessed(ctx) if is_asked else []


def tapped(ctx: Context, button: buttons.Ask) -> list[Message]:
    """Show one entry."""
    entry = _entry_of(ctx, button.entry)
    if entry is None:
        return [Message("", toast=ctx.say("ui.toast_old"))]
    if contacts_open := ctx.state(ASKING, Asking):
        dialogues.close(ctx.tx, ctx.person.id)
        if contacts_open.innovation:
            innovation = form_sheet.load_innovation(ctx, contacts_open.innovation)
            if ctx.may(Right.SUBMIT, office=innovation.office_id):
                back = form.opened(ctx, innovation, notice=ctx.say("ask.back"))
                return [_show_tapped(ctx, entry), *back]
    return [_show_tapped(ctx, entry), *_go_on(ctx)]


def _show_tapped(ctx: Context, entry: Entry) -> Message:
    """Show an entry that was tapped; where it says to ask the desk, the button asks what its title says."""
    answer = entry.answer_for(desk=ctx.may(Right.ANSWER_QUESTIONS))
    asks_desk = answer is not None and ctx.desk_data.words.in_("id")("ask.to_desk") in answer.id
    to_desk = _offer_desk(ctx, plain(entry.title.in_(ctx.say.language))) if asks_desk else ()
    return _show(ctx, entry, rows=to_desk)


def _answer(ctx: Context, text: str) -> list[Message]:
    """Answer by the first entry, as sure as it is, offer the likely ones, else only the desk."""
    matches, entries = _find(ctx, text)
    to_desk = _offer_desk(ctx, text)
    place = asked_from.name_entry(ctx)
    if place and is_answer(matches) and not is_clear(matches):
        matches = stand_first(matches, place)
    if is_answer(matches):
        first = entries[matches[0].key]
        others = [match for match in beside(matches) if entries[match.key].title != first.title]
        shown = _show(ctx, first, rows=(*_list_others(ctx, others, entries), *to_desk))
        return [shown if is_clear(matches) else _show_as_likely(ctx, shown)]
    if matches:
        return message(ctx.say("ask.likely"), *_list_others(ctx, matches, entries), *to_desk)
    return message(ctx.say("ask.unknown", desk=ctx.desk), *(to_desk or _often(ctx)))


def _show_as_likely(ctx: Context, shown: Message) -> Message:
    """Say above an answer that it may not be the one that is asked for."""
    return replace(shown, text=join((ctx.say("ask.likely"), shown.text), by="\n\n"))


def _find(ctx: Context, text: str) -> tuple[list[Match], dict[str, Entry]]:
    """Find in the packaged entries and in what the desk keeps."""
    knowledge, kept = ctx.desk_data.knowledge, _load_kept(ctx)
    leaning = knowledge.lean(
        desk=ctx.may(Right.ANSWER_QUESTIONS), role=_name_role(ctx), fills_in=not _only_reads(ctx)
    )
    indexes = _list_indexes(ctx, kept)
    matches = find(text, *indexes, place=asked_from.name_entry(ctx), leaning=leaning)
    return matches, {**knowledge.entries, **kept.entries}


def _load_kept(ctx: Context) -> Knowledge:
    """Load what the desk keeps."""
    return _prepare_kept(tuple(questions.kept(ctx.tx)))


def _may_say_whole(ctx: Context, text: str) -> bool:
    return may_say_whole(text, *_list_indexes(ctx, _load_kept(ctx)))


def _list_indexes(ctx: Context, kept: Knowledge) -> list[Index]:
    return [part.index for part in (ctx.desk_data.knowledge, kept) if part.entries]


def _only_reads(ctx: Context) -> bool:
    """Whether a person fills in no form and checks none: a leader."""
    checks = ctx.may(Right.SUBMIT) or ctx.may(Right.ANSWER_QUESTIONS)
    return ctx.contact is not None and not checks


def _name_role(ctx: Context) -> str:
    """The entry of what the person's own role does; "" for a stranger."""
    if ctx.contact is None:
        return ""
    if ctx.may(Right.ANSWER_QUESTIONS):
        return "hak_desk"
    return "hak_pic" if ctx.may(Right.SUBMIT) else "hak_pimpinan"


@lru_cache(maxsize=2)  # they change when the desk answers; until then every text is held against them
def _prepare_kept(kept: tuple[questions.Kept, ...]) -> Knowledge:
    return make_knowledge({entry.key: entry for entry in map(_from_kept, kept)})


def _from_kept(kept: questions.Kept) -> Entry:
    question, answer = (Words(id=text, en=text) for text in (kept.question, kept.answer))
    return Entry(key=f"{KEPT}{kept.id}", title=question, answer=answer, asks=(kept.question,))


def _entry_of(ctx: Context, key: str) -> Entry | None:
    """Load the entry of a button; the key is untrusted."""
    number = key.removeprefix(KEPT)
    if key.startswith(KEPT) and number.isascii() and number.isdecimal() and len(number) < 10:
        kept = questions.kept_answer(ctx.tx, int(number))
        return _from_kept(kept) if kept else None
    return ctx.desk_data.knowledge.entries.get(key)


def _entry(ctx: Context, key: str) -> Entry:
    return ctx.desk_data.knowledge.entries[key]


def _show(ctx: Context, entry: Entry, *, rows: Rows) -> Message:
    title = bold(plain(entry.title.in_(ctx.say.language)))
    answer_text = entry.answer_for(desk=ctx.may(Right.ANSWER_QUESTIONS))
    if answer_text is not None:
        named = answer_buttons.list_acts(ctx, answer_text.id)
        return Message(join((title, answer_text.in_(ctx.say.language)), by="\n"), (*named, *rows))
    read_answer = _ANSWERS.get(entry.fact or "")
    if read_answer is None:
        return Message(ctx.say("ask.prompt"), rows)
    if hindrance := _find_hindrance(ctx, entry.fact or ""):
        return Message(hindrance, rows)
    answer = read_answer(ctx)
    return Message(join((title, answer.text), by="\n"), (*answer.rows, *rows))


def _find_hindrance(ctx: Context, fact: str) -> Marked | None:
    """Say why this is not told from the tables to a stranger, or to whoever has no post any more."""
    if ctx.contact is None:
        return ctx.say("ask.after_enrolling") if fact != "contact" else None
    is_told = fact in TOLD_TO_ALL or ctx.may(Right.SEE_STATUS)
    return None if is_told else ctx.say("ask.without_post", desk=ctx.desk)


def _list_others(ctx: Context, matches: Sequence[Match], entries: dict[str, Entry]) -> Rows:
    others = [entries[match.key] for match in matches if entries[match.key].fact != "here"]
    return tuple((_make_opening(ctx, entry),) for entry in others)


def _make_opening(ctx: Context, entry: Entry) -> Choice:
    return Choice(shortened(entry.title.in_(ctx.say.language), LABEL_CHARS), buttons.Ask(entry.key))


def _often(ctx: Context) -> Rows:
    return _pair([_make_opening(ctx, _entry(ctx, key)) for key in OFTEN])


def _pair(choices: Sequence[Choice]) -> Rows:
    return tuple(tuple(choices[n : n + 2]) for n in range(0, len(choices), 2))


def _offer_desk(ctx: Context, text: str) -> Rows:
    """Offer to ask the desk, with the question kept until then; nothing for the desk itself."""
    if ctx.contact is None or ctx.may(Right.ANSWER_QUESTIONS):
        return ()
    innovation = form_sheet.open_innovation(ctx)
    place = form_sheet.laid_open(ctx, innovation).cursor.at if innovation else ""
    number = questions.note(
        ctx.tx,
        ctx.contact.id,
        text=shortened(plain(text), QUESTION_CHARS),
        innovation_id=innovation.id if innovation else 0,
        place=place,
        now=ctx.now,
    )
    return ((Choice(ctx.say("ask.to_desk"), buttons.AskDesk(number)),),)


def _go_on(ctx: Context) -> list[Message]:
    """Ask again what is open in the form or the coach."""
    if ctx.contact is None:
        return []
    return form.go_on(ctx) or coach.go_on(ctx)
