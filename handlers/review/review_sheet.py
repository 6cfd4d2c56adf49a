"""One innovation as it lies before one reviewer, and what every page of it shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain import buttons
from domain.conversation.read_answer import say_answer
from domain.draft.eligibility import CountingRule, Eligibility, eligibility
from domain.draft.eligibility import say_reason as said_reason
from domain.draft.evidence import pieces_of
from domain.draft.facts import DraftFacts
from domain.draft.path import applicable
from domain.message import Choice, Message, Rows
from domain.people import Office, Role, may_decide
from domain.review import Verdict, unjudged
from domain.rules.form import Answers, Question
from domain.rules.indicators import IndicatorSet
from domain.texts import Marked, Say, join, shortened
from handlers import ui
from handlers.context import Context
from handlers.estimate import counting_words
from storage import draft_facts, innovations, offices, periods, posts, review_marks, reviews
from storage.innovations import Innovation
from storage.review_marks import Flag
from storage.reviews import Holder

FILES_A_ROW = 2
TITLE_CHARS = 80  # of the innovation's name above a page
MARKS_SHOWN, REASON_SHOWN = 3, 90  # marked items on a page that is about something else, and of each reason


@dataclass(frozen=True, slots=True)
class Sheet:
    """One innovation before one reviewer."""

    innovation: Innovation
    office: Office | None
    answers: Answers
    facts: DraftFacts
    questions: tuple[Question, ...]
    verdicts: Mapping[int, Verdict]
    flags: Sequence[Flag]
    holder: Holder | None
    is_held: bool  # whether this person has it under review
    partial: bool  # whether it is this person's own: of their office, or written by them
    alone: bool  # whether nobody else is at the desk

    @property
    def is_own_review(self) -> bool:
        """Whether this person may judge and decide: has it under review, and it is not their own.

        A desk of one may do so with its own after giving a reason, which leaders have read.
        """
        excused = self.alone and self.holder is not None and bool(self.holder.alone_reason)
        return self.is_held and (excused or not self.partial)

    @property
    def indicators(self) -> IndicatorSet:
        """The indicators of its rule year."""
        return self.facts.indicators

    @property
    def verified(self) -> int:
        """Maturity in points after the verdicts so far."""
        return self.indicators.maturity({no: verdict.level for no, verdict in self.verdicts.items()})

    @property
    def claimed(self) -> int:
        """Maturity in points after the levels the office chose."""
        return self.indicators.maturity(self.indicators.levels(self.answers))

    @property
    def unjudged(self) -> tuple[int, ...]:
        """The claimed indicators without a verdict."""
        return unjudged(self.answers, self.verdicts, indicators=self.indicators)

    @property
    def to_judge(self) -> tuple[int, ...]:
        """The same without those that are marked for correction: they come back anyway."""
        return tuple(no for no in self.unjudged if not self.flag(f"i{no}"))

    @property
    def marks(self) -> tuple[Flag, ...]:
        """The items marked for correction that have not gone to the office yet."""
        return tuple(flag for flag in self.flags if flag.returned_at is None)

    @property
    def eligibility(self) -> Eligibility:
        """Whether it may count, by the levels accepted so far and, where there is no verdict, those
        claimed.
        """
        window = self.facts.window
        levels = dict(self.indicators.levels(self.answers)) | {
            no: verdict.level for no, verdict in self.verdicts.items()
        }
        asked = CountingRule(window.opens, window.closes, self.facts.mandatory)
        return eligibility(self.answers, levels=levels, rule=asked)

    def said_in(self, say: Say) -> Sheet:
        """The same sheet, its items named in another person's language."""
        return replace(self, facts=replace(self.facts, say=say))

    def flag(self, place: str) -> Flag | None:
        """The mark on an item, if it carries one."""
        return next((flag for flag in self.marks if flag.place == place), None)


def load(ctx: Context, innovation_id: int) -> Sheet | None:
    """Load what was handed in; drafts are the office's own and are not shown."""
    innovation = innovations.load(ctx.tx, innovation_id)
    if innovation is None or not innovation.receipt:
        return None
    answers = innovations.answers(ctx.tx, innovation_id)
    holder = reviews.holder(ctx.tx, innovation_id)
    period = periods.load(ctx.tx, innovation.period_id)
    facts = draft_facts.facts(
        ctx.tx, innovation, desk_data=ctx.desk_data, period=period, say=ctx.say, today=ctx.today
    )
    return Sheet(
        innovation,
        offices.load(ctx.tx, innovation.office_id),
        answers,
        facts,
        applicable(facts.form, answers, window=facts.window),
        review_marks.verdicts(ctx.tx, innovation_id),
        review_marks.flags(ctx.tx, innovation_id),
        holder,
        holder is not None and holder.contact_id == ctx.person.id,
        not may_decide(
            ctx.person,
            innovation.office_id,
            has_written=reviews.has_written(ctx.tx, innovation_id, contact_id=ctx.person.id),
        ),
        {officer.contact_id for officer in posts.of_role(ctx.tx, Role.ADMIN)} == {ctx.person.id},
    )


def counting(ctx: Context, sheet: Sheet) -> Marked:
    """Say what keeps the innovation from counting, and from counting as verified; nothing where it counts."""
    judged, window = sheet.eligibility, sheet.facts.window
    why = ""
    if judged.reason is not None:
        reason = said_reason(judged.reason, ctx.say, opens=window.opens, closes=window.closes)
        why = ctx.say("eligibility.line", reason=reason)
    return join((why, counting_words.lacking(judged.lacking, ctx.say)), by="\n")


def title_of(ctx: Context, sheet: Sheet) -> str:
    """Name the innovation above a page."""
    return shortened(ui.title(ctx.say, sheet.innovation.title), TITLE_CHARS)


def page(ctx: Context, text: Marked, *, rows: Sequence[tuple[Choice, ...]], toast: str = "") -> list[Message]:
    """Show a page in the message whose button was tapped, or as a new one."""
    return ui.in_place(ctx, [Message(text, tuple(rows), toast=toast)])


def back_row(ctx: Context, innovation_id: int) -> tuple[Choice, ...]:
    """The way back to the summary."""
    return (Choice(ctx.say("review.to_summary"), buttons.Review("o", innovation_id)),)


def answer_words(ctx: Context, question: Question, *, answers: Answers) -> str:
    """Say an answer, also where there is none."""
    value = answers.get(question.id)
    return (
        say_answer(question, value, language=ctx.say.language)
        if value is not None
        else str(ctx.say("review.empty"))
    )


def flag_of(ctx: Context, sheet: Sheet, *, place: str) -> Marked:
    """Say why an item is marked; nothing when it is not."""
    flag = sheet.flag(place)
    return ctx.say("review.flagged", reason=flag.reason) if flag else Marked("")


def flag_choice(ctx: Context, sheet: Sheet, *, place: str) -> tuple[Choice, ...]:
    """The button that marks an item, or takes the mark away; nothing for somebody who only looks."""
    if not sheet.is_own_review:
        return ()
    number = sheet.innovation.id
    if sheet.flag(place):
        return (Choice(ctx.say("review.unflag"), buttons.ReviewMark("u", number, place)),)
    return (Choice(ctx.say("review.flag"), buttons.ReviewMark("g", number, place)),)


def file_rows(ctx: Context, sheet: Sheet, *, question_id: str) -> list[tuple[Choice, ...]]:
    """One button for each file that is held; links stand in the text."""
    files = [
        Choice(
            ctx.say("review.open_file", n=n, name=shortened(piece.name, 18)),
            buttons.ReviewEvidence(sheet.innovation.id, question_id, piece.sha256[:8]),
        )
        for n, piece in enumerate(pieces_of(sheet.answers.get(question_id)), 1)
        if piece.is_file
    ]
    return [tuple(files[n : n + FILES_A_ROW]) for n in range(0, len(files), FILES_A_ROW)]


def age(ctx: Context, came: datetime) -> int:
    """Count the working days since something came."""
    return ctx.desk_data.calendar.working_days(came.astimezone(ctx.desk_data.timezone).date(), ctx.today)


def queue_row(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("review.to_queue"), buttons.ReviewQueue("wait", 0)),)


def mark_line(ctx: Context, sheet: Sheet, *, flag: Flag, chars: int = 0) -> Marked:
    """Say which item is marked and why; the reason cut to `chars`, 0 for the whole."""
    reason = shortened(flag.reason, chars) if chars else flag.reason
    return ctx.say("review.flag_line", name=sheet.facts.place_name(flag.place), reason=reason)


def mark_lines(ctx: Context, sheet: Sheet) -> Marked:
    """Name the first items that are marked now, else those the desk has told the office; the rest is a
    page away.
    """
    flags = sheet.marks or sheet.flags
    if not flags:
        return Marked("")
    key = "review.flags_collected" if sheet.marks else "review.flags_back"
    lines = [mark_line(ctx, sheet, flag=flag, chars=REASON_SHOWN) for flag in flags[:MARKS_SHOWN]]
    more = ctx.say("review.flags_more", count=len(flags) - MARKS_SHOWN) if len(flags) > MARKS_SHOWN else ""
    return join((ctx.say(key, count=len(flags)), *lines, more), by="\n")


def marks_row(ctx: Context, sheet: Sheet) -> Rows:
    """The way to all marked items with their reasons; nothing where there is none."""
    flags = sheet.marks or sheet.flags
    if not flags:
        return ()
    return (
        (Choice(ctx.say("review.all_flags", count=len(flags)), buttons.ReviewMarks(sheet.innovation.id)),),
    )
