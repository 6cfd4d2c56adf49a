"""Handing in with a receipt, handing in again, and discarding."""

from __future__ import annotations

from domain import buttons
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.pages import indicator_lines, indicators_lacking
from domain.draft.facts import DraftFacts
from domain.message import Choice, Message, Rows
from domain.people import Role
from domain.review import Move
from domain.rules.form import Answers
from domain.texts import Marked, Say, join
from handlers import notices
from handlers.context import Context, message
from handlers.estimate import counting_words
from storage import contacts, discarding, handing_in, office_sums, periods, rechecks, reviews
from storage.engine.utc import utc_text
from storage.innovations import Innovation


def send(ctx: Context, innovation: Innovation, *, answers: Answers, facts: DraftFacts) -> list[Message]:
    """Hand in; the receipt says what happens next, and leads to the indicators that are still missing."""
    if facts.returned:
        return _resend(ctx, innovation, answers=answers)
    period = periods.load(ctx.tx, innovation.period_id)
    until = periods.sendable_until(ctx.tx, period, office_id=innovation.office_id)
    if ctx.today > until:
        ctx.refuse("refused_move", innovation=innovation.id, move="send", state=innovation.state)
        text = ctx.say("form.too_late", year=period.year, deadline=ctx.day(until), desk=ctx.desk)
        return message(text, (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),))
    rechecks.all_seen(ctx.tx, innovation.id)
    receipt = handing_in.send(ctx.tx, innovation, year=period.year, by=ctx.person.id, now=ctx.now)
    return _write_receipt(ctx, innovation, answers=answers, facts=facts, receipt=receipt)


def _write_receipt(
    ctx: Context, innovation: Innovation, *, answers: Answers, facts: DraftFacts, receipt: str
) -> list[Message]:
    lacking = indicators_lacking(answers, facts)
    later = ctx.say("form.complete_later") if lacking else ""
    text = ctx.say(
        "form.receipt",
        title=answers.get("nama", ""),
        receipt=receipt,
        at=ctx.time(ctx.now),
        indicators=join((indicator_lines(answers, facts), later, _say_uncounted(ctx, innovation)), by="\n"),
    )
    rows = [(Choice(ctx.say("form.complete_now"), buttons.Form(innovation.id, "#ind", 0, "j", INDICATORS)),)]
    last = (
        Choice(ctx.say("opens.status"), buttons.Open("status")),
        Choice(ctx.say("submit.another"), buttons.NewDraft("new")),
    )
    return message(text, *(rows if lacking else ()), last)


def _say_uncounted(ctx: Context, innovation: Innovation) -> Marked:
    """Say why what has just been sent does not count; nothing where it does."""
    entry = office_sums.entry(ctx.tx, innovation.id)
    return counting_words.line(ctx.tx, ctx.desk_data, entry=entry, say=ctx.say) if entry else Marked("")


def _resend(ctx: Context, innovation: Innovation, *, answers: Answers) -> list[Message]:
    """Hand a corrected innovation in again, under the receipt it has."""
    reviewer = reviews.returned_by(ctx.tx, innovation.id)
    reviews.move(ctx.tx, innovation, to=Move.RESEND, by=ctx.person.id, now=ctx.now)
    title = answers.get("nama", "")
    _tell_reviewer(ctx, innovation, title=title, reviewer=reviewer)
    resent = ctx.say("form.resent", title=title, receipt=innovation.receipt, at=ctx.time(ctx.now))
    text = join((resent, _say_uncounted(ctx, innovation)))
    return message(
        text,
        (
            Choice(ctx.say("opens.status"), buttons.Open("status")),
            Choice(ctx.say("opens.drafts"), buttons.Open("draf")),
        ),
    )


def _tell_reviewer(ctx: Context, innovation: Innovation, *, title: str, reviewer: int | None) -> None:
    """Tell who returned it, if still at the desk, that it is back with what was marked."""
    readers = [reader for reader in contacts.posts(ctx.tx, Role.ADMIN) if reader.contact_id == reviewer]

    def write(say: Say, reader: contacts.Reachable) -> tuple[Marked, Rows]:
        text = say("form.repaired_told", title=title, receipt=innovation.receipt)
        return text, ((Choice(say("form.repaired_open"), buttons.Review("o", innovation.id)),),)

    notices.tell(ctx, f"repaired:{innovation.id}:{utc_text(ctx.now)}", people=readers, words=write)


def discard(ctx: Context, innovation: Innovation) -> list[Message]:
    """Put a draft away; it can be taken back for seven days."""
    discarding.discard(ctx.tx, innovation.id, by=ctx.person.id, now=ctx.now)
    back = Choice(ctx.say("form.take_back"), buttons.TakeBackDraft(innovation.id))
    return message(ctx.say("form.discarded"), (back,))
