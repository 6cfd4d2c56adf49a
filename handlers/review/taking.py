"""Taking, taking over and releasing a review, with the reasons these need."""

from __future__ import annotations

from dataclasses import dataclass

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Role
from domain.review import Move, State, after
from domain.texts import Marked, Say, bold, join
from handlers import notices
from handlers.context import Context
from handlers.review.pages import summary
from handlers.review.review_sheet import Sheet, page, title_of
from storage import audit, contacts, dialogues, outbox, review_marks, reviews
from storage.contacts import Reachable
from storage.innovations import Innovation
from storage.outbox import REPLY

DIALOGUE = "review"


@dataclass(frozen=True, slots=True)
class ReasonAsked:
    """State of the dialogue: what a reason is asked for."""

    innovation: int = 0
    use: str = ""  # "profile", "indicator", "level", "reject" or "alone"
    place: str = ""
    level: int = 0
    reason: str = ""  # of a rejection that is asked about once more


def take(ctx: Context, sheet: Sheet) -> list[Message]:
    """Take an innovation for review; whoever comes second is told who has it, and since when."""
    if sheet.partial:
        return own(ctx, sheet)
    if sheet.is_own_review:
        return summary(ctx, sheet.innovation.id)
    if sheet.holder is not None:
        ctx.refuse(
            "refused_move", innovation=sheet.innovation.id, move=Move.TAKE.value, state=sheet.innovation.state
        )
        text = ctx.say("review.has_it", name=sheet.holder.name, since=ctx.time(sheet.holder.since))
        return summary(ctx, sheet.innovation.id, notice=text)
    if moved(ctx, sheet, move=Move.TAKE) is None:
        return summary(ctx, sheet.innovation.id, notice=ctx.say("review.not_now"))
    return summary(ctx, sheet.innovation.id, toast=ctx.say("review.taken"))


def own(ctx: Context, sheet: Sheet) -> list[Message]:
    """Refuse to let somebody judge what is their own."""
    audit.record(ctx.tx, "refused_own", now=ctx.now, actor=ctx.person.id, innovation=sheet.innovation.id)
    return summary(
        ctx, sheet.innovation.id, notice=ctx.say("review.own_alone" if sheet.alone else "review.own_office")
    )


def ask_alone(ctx: Context, sheet: Sheet) -> list[Message]:
    """Ask a desk of one why it decides on what is its own; everybody else is refused."""
    takeable = sheet.is_held or after(sheet.innovation.state, Move.TAKE) is not None
    if not sheet.partial or not sheet.alone or not takeable:
        return take(ctx, sheet)
    state = ReasonAsked(sheet.innovation.id, "alone", review_marks.WHOLE)
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=state)
    asked = join((bold(title_of(ctx, sheet)), ctx.say("review.ask_alone")))
    return page(
        ctx, asked, rows=[(Choice(ctx.say("review.no_reason"), buttons.Review("o", sheet.innovation.id)),)]
    )


def alone(ctx: Context, sheet: Sheet, *, reason: str) -> list[Message]:
    """Take it all the same, with a reason that is audited and that every leader reads at once."""
    if not sheet.is_held and moved(ctx, sheet, move=Move.TAKE) is None:
        return summary(ctx, sheet.innovation.id, notice=ctx.say("review.not_now"))
    dialogues.close(ctx.tx, ctx.person.id)
    line = reviews.go_alone(ctx.tx, sheet.innovation.id, reason=reason, by=ctx.person.id, now=ctx.now)
    named = {"title": title_of(ctx, sheet), "name": ctx.person.name, "reason": reason}

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        look = Choice(say("opens.innovations"), buttons.StatusInnovation(sheet.innovation.id))
        return say("review.told_alone", **named), ((look,),)

    count = notices.tell(ctx, f"alone:{line}", people=contacts.posts(ctx.tx, Role.LEADER), words=words)
    notice = ctx.say("review.taken_alone" if count else "review.taken_alone_unread")
    return summary(ctx, sheet.innovation.id, notice=notice)


def take_over(ctx: Context, sheet: Sheet, *, from_: int) -> list[Message]:
    """Take a review over from a colleague, who hears of it."""
    if sheet.partial:
        return own(ctx, sheet)
    taken = sheet.holder is not None and sheet.holder.contact_id == from_ != ctx.person.id
    if not taken or not reviews.take_over(
        ctx.tx, sheet.innovation.id, from_=from_, by=ctx.person.id, now=ctx.now
    ):
        return take(ctx, sheet)
    _tell_colleague(ctx, sheet, contact_id=from_)
    return summary(ctx, sheet.innovation.id, toast=ctx.say("review.taken"))


def _tell_colleague(ctx: Context, sheet: Sheet, *, contact_id: int) -> None:
    where = contacts.reach(ctx.tx, contact_id)
    if where is None:
        return
    say = ctx.desk_data.words.in_(where[2])
    text = say("review.was_taken_over", title=title_of(ctx, sheet), name=ctx.person.name)
    queue_message(
        ctx,
        where,
        text=Message(text, ((Choice(say("review.to_queue"), buttons.ReviewQueue("wait", 0)),),)),
        kind="over",
        innovation=sheet.innovation,
    )


def release(ctx: Context, sheet: Sheet) -> list[Message]:
    """Let go of a review; verdicts and marks stay for whoever goes on."""
    if not sheet.is_held:
        return not_mine(ctx, sheet)
    moved(ctx, sheet, move=Move.RELEASE)
    return summary(ctx, sheet.innovation.id, toast=ctx.say("review.released"))


def not_mine(ctx: Context, sheet: Sheet) -> list[Message]:
    """Refuse an act on what one does not have under review, and show how it stands now."""
    if sheet.is_held and sheet.partial:
        return own(ctx, sheet)
    audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, innovation=sheet.innovation.id)
    key = "review.changed_meanwhile" if sheet.innovation.state == State.CHANGED else "review.not_yours_now"
    return summary(ctx, sheet.innovation.id, notice=ctx.say(key))


def moved(ctx: Context, sheet: Sheet, *, move: Move) -> State | None:
    """Move the innovation as this person; None when it may not move so."""
    return reviews.move(ctx.tx, sheet.innovation, to=move, by=ctx.person.id, now=ctx.now)


def ask_reason(ctx: Context, sheet: Sheet, *, use: str, place: str, level: int) -> list[Message]:
    """Offer the usual reasons; one's own can be typed."""
    number, language = sheet.innovation.id, ctx.say.language
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=ReasonAsked(number, use, place, level))
    rows = [
        (Choice(reason.label.in_(language), buttons.ReviewReason(number, use, place, level, reason.id)),)
        for reason in ctx.desk_data.reasons.of(use)
    ]
    rows.append((Choice(ctx.say("review.no_reason"), buttons.ReviewMark("n", number, place)),))
    title = bold(title_of(ctx, sheet)) if use == "reject" else bold(sheet.facts.place_name(place))
    asked = ctx.say(f"review.ask_{'flag' if use in ('profile', 'indicator') else use}", level=level)
    return page(ctx, join((title, asked, ctx.say("review.or_type"))), rows=rows)


def queue_message(
    ctx: Context, where: tuple[str, str, str], *, text: Message, kind: str, innovation: Innovation
) -> None:
    """Queue a notice once per person and decision.

    It goes as a reply: it is the answer to what the office has handed in and waits for, not a reminder, so
    neither quiet hours nor a weekly cap may hold it back.
    """
    key = f"review:{kind}:{innovation.id}:{ctx.now.isoformat()}:{where[0]}:{where[1]}"
    outbox.insert(
        ctx.tx,
        channel=where[0],
        address=where[1],
        message=text,
        now=ctx.now,
        terms=outbox.Terms(priority=REPLY, dedupe_key=key),
    )
