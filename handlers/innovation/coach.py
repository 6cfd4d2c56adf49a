"""Coach mode: three questions find an innovation that exists already and open its draft (B19)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain import buttons
from domain.draft.checks import faults
from domain.message import Choice, Kind, Message, plain
from domain.reading import enumeration
from domain.reading.dates import PartialDate, read_date, say_date
from domain.reading.names import Name, find
from domain.reading.result import Ambiguous, NotUnderstood, Understood
from domain.texts import Marked, join
from domain.typed_choice import Reads
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import form, form_sheet, which_office
from storage import dialogues, history, innovations, periods, rechecks

DIALOGUE = "coach"
CHANGE, SINCE = "metode", "waktu_penerapan"  # the form's questions that the first two answers belong to
NOTE = "#coach"  # under which history keeps what was said
FEWEST_WORDS = 3  # of an answer that says what has changed
MOST_CHARS = 4_000
# What people have, and the indicators it can prove (iga.md section 2.1).
PAPERS: Mapping[str, tuple[int, ...]] = {
    "letter": (17, 23),
    "rule": (16,),
    "guide": (26, 28),
    "photo": (19, 25),
    "news": (25,),
    "report": (33, 34),
    "video": (35,),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """How far one is in a talk with the coach."""

    office: int = 0  # whose draft it becomes; 0 in a talk that was open before offices were kept
    step: str = "change"
    innovation: int = 0  # the draft; 0 before the first answer
    dates: tuple[str, ...] = ()  # readings of a date to choose from
    papers: tuple[str, ...] = ()


def is_empty_handed(ctx: Context) -> bool:
    """Whether the office has brought nothing in this period yet, an empty draft aside."""
    period = periods.current(ctx.tx)
    own = innovations.of_offices(ctx.tx, ctx.person.offices, period_id=period.id) if period else []
    return period is not None and not any(
        innovation.title for innovation in own if not innovation.discarded_at
    )


def start(ctx: Context) -> list[Message]:
    """Ask the first question; whoever serves several offices says first for which."""
    if refusal := form.not_yet(ctx):
        return refusal
    if (lying := form_sheet.open_innovation(ctx)) is not None:
        return _begin(ctx, lying.office_id)
    served = ctx.person.offices
    return _begin(ctx, served[0]) if len(served) == 1 else which_office.asked(ctx, buttons.CoachOffice)


def _begin(ctx: Context, office: int) -> list[Message]:
    return _ask(ctx, Talk(office=office), notice=ctx.say("coach.welcome"))


def go_on(ctx: Context) -> list[Message]:
    """Ask the open question again; nothing when none is open."""
    talk = _find_open(ctx)
    return _ask(ctx, talk) if talk else []


def _find_open(ctx: Context) -> Talk | None:
    talk, served = ctx.state(DIALOGUE, Talk), ctx.person.offices
    return replace(talk, office=served[0]) if talk and not talk.office and len(served) == 1 else talk


def leave(ctx: Context) -> None:
    """Let another talk begin; what was said stays in the draft."""
    if _find_open(ctx) is not None:
        dialogues.close(ctx.tx, ctx.person.id)


def said(ctx: Context) -> list[Message]:
    """Take what was typed at the open question."""
    talk = _find_open(ctx)
    if talk is None:
        return start(ctx)
    if ctx.inbound.kind is not Kind.TEXT:
        return _ask(ctx, talk, notice=ctx.say("coach.in_words"))
    text = " ".join(plain(ctx.inbound.text).split())
    if text.casefold().rstrip(".!") in ctx.say("coach.typed_stop").split("|"):
        return _stop(ctx, talk)
    return {"change": _take_change, "since": _take_since, "paper": _take_papers}[talk.step](ctx, talk, text)


def reads(ctx: Context) -> Reads:
    """Say what the open question takes besides its choices."""
    talk = _find_open(ctx)
    of_step = {"change": Reads.TEXT, "since": Reads.NAMES, "paper": Reads.NUMBERS}
    return of_step[talk.step] if talk else Reads.NOTHING


Answer = buttons.Coach | buttons.CoachOffice | buttons.CoachDate | buttons.CoachPaper


def tapped(ctx: Context, button: Answer) -> list[Message]:
    """Take a button of the coach; one of an earlier question shows the open one."""
    talk = _find_open(ctx)
    if talk is None and isinstance(button, buttons.CoachOffice) and button.office in ctx.person.offices:
        return form.not_yet(ctx) or _begin(ctx, button.office)
    if talk is None:
        return start(ctx) if button == buttons.Coach("start") else form.go_on(ctx)
    match button:
        case buttons.Coach(act="stop"):
            return _stop(ctx, talk)
        case buttons.Coach(act="pass") if talk.step == "since":
            return _ask(ctx, replace(talk, step="paper", dates=()))
        case buttons.Coach(act="since") if talk.step == "paper":
            return _ask(ctx, replace(talk, step="since"))
        case buttons.Coach(act="done") if talk.step == "paper":
            return _finish(ctx, talk)
        case buttons.CoachDate(position=position) if position < len(talk.dates):
            return _keep_since(ctx, talk, since=PartialDate.from_text(talk.dates[position]))
        case buttons.CoachPaper(paper=paper, set_to=set_to) if paper in PAPERS and talk.step == "paper":
            return _toggle(ctx, talk, paper=paper, on=set_to == "on")
    return _ask(ctx, talk)


def _ask(ctx: Context, talk: Talk, *, notice: str = "") -> list[Message]:
    """Ask the question of the step, and keep how far one is."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=talk)
    stop = Choice(ctx.say("coach.stop"), buttons.Coach("stop"))
    if talk.step == "change":
        return message(join((notice, ctx.say("coach.change"))), (stop,))
    if talk.step == "since":
        return message(
            join((notice, ctx.say("coach.since"))),
            (Choice(ctx.say("coach.pass"), buttons.Coach("pass")), stop),
        )
    rows = [(_make_paper(ctx, talk, paper=paper),) for paper in PAPERS]
    done = ctx.say("coach.done" if talk.papers else "coach.none")
    return message(join((notice, ctx.say("coach.paper"))), *rows, (Choice(done, buttons.Coach("done")), stop))


def _make_paper(ctx: Context, talk: Talk, *, paper: str) -> Choice:
    label, is_set = ctx.say(f"coach.paper_{paper}"), paper in talk.papers
    return Choice(f"✔ {label}" if is_set else label, buttons.CoachPaper(paper, "off" if is_set else "on"))


def _take_change(ctx: Context, talk: Talk, text: str) -> list[Message]:
    """Keep what has changed as the first answer of a new draft; from here on nothing is lost."""
    if len(text.split()) < FEWEST_WORDS or len(text) > MOST_CHARS:
        return _ask(
            ctx, talk, notice=ctx.say("coach.say_more" if len(text) <= MOST_CHARS else "coach.say_less")
        )
    number = talk.innovation or (form.draft(ctx, talk.office) if talk.office in ctx.person.offices else 0)
    if not number:
        return start(ctx)
    form.note_answers(ctx, number, changes={CHANGE: text})
    return _ask(ctx, replace(talk, step="since", innovation=number), notice=ctx.say("coach.good"))


def _take_since(ctx: Context, talk: Talk, text: str) -> list[Message]:
    match read_date(text, today=ctx.today, precision="year"):
        case Understood(value=value, sure=True):
            return _keep_since(ctx, talk, since=value)
        case Understood(value=value):
            return _take_which(ctx, talk, dates=(value.to_text(),))
        case Ambiguous(candidates=candidates):
            return _take_which(ctx, talk, dates=tuple(candidate.to_text() for candidate in candidates))
        case NotUnderstood():
            return _ask(ctx, talk, notice=ctx.say("coach.since_unclear"))


def _take_which(ctx: Context, talk: Talk, *, dates: tuple[str, ...]) -> list[Message]:
    asked = _ask(ctx, replace(talk, dates=dates), notice=ctx.say("coach.which"))
    days = [say_date(PartialDate.from_text(text), ctx.say.language, weekday=True) for text in dates]
    rows = tuple((Choice(day, buttons.CoachDate(n)),) for n, day in enumerate(days))
    return [replace(asked[0], rows=(*rows, *asked[0].rows))]


def _keep_since(ctx: Context, talk: Talk, *, since: PartialDate) -> list[Message]:
    """Keep since when; a month or a year is kept as such, and its day is asked for before sending."""
    if since.value > ctx.today:
        return _ask(ctx, replace(talk, dates=()), notice=ctx.say("coach.ahead"))
    form.note_answers(ctx, talk.innovation, changes={SINCE: since.to_text()})
    if since.precision != "day":
        rechecks.add(ctx.tx, talk.innovation, places={SINCE: "guess"})
    said = ctx.say("coach.since_kept", date=say_date(since, ctx.say.language, weekday=True))
    warned = _warn_of_since(ctx, talk)
    asked = _ask(ctx, replace(talk, step="paper", dates=()), notice=join((said, warned), by="\n"))
    if not warned:
        return asked
    again = (Choice(ctx.say("coach.since_again"), buttons.Coach("since")),)
    return [replace(asked[0], rows=(*asked[0].rows, again))]


def _warn_of_since(ctx: Context, talk: Talk) -> Marked:
    """Say at once what the form would say of this date, as that it lies before the window."""
    sheet = form_sheet.laid_open(ctx, form_sheet.load_innovation(ctx, talk.innovation))
    question = sheet.facts.form.by_id[SINCE]
    problems = faults(question, sheet.answers, facts=sheet.facts)
    outside = next((problem for problem in problems if problem.key != "gap_day"), None)
    return ctx.say("coach.since_outside", problem=outside.describe(sheet.facts)) if outside else Marked("")


def _take_papers(ctx: Context, talk: Talk, text: str) -> list[Message]:
    """Read papers by name or number, several at once; "none" is an answer too."""
    if text.casefold().rstrip(".!") in ctx.say("coach.typed_none").split("|"):
        return _finish(ctx, replace(talk, papers=()))
    if text.casefold().rstrip(".!") in ctx.say("coach.typed_done").split("|"):
        return _finish(ctx, talk)
    names = [Name(paper, (ctx.say(f"coach.paper_{paper}"), *_name_papers(ctx, paper))) for paper in PAPERS]
    papers = [_find_named(part, names) for part in enumeration.cut(text, signs=",;/\n", or_too=True)]
    if not all(papers):
        return _ask(ctx, talk, notice=ctx.say("coach.paper_unclear"))
    return _finish(ctx, replace(talk, papers=_sort({*talk.papers, *papers})))


def _name_papers(ctx: Context, paper: str) -> list[str]:
    return str(ctx.say(f"coach.called_{paper}")).split("|")


def _find_named(part: str, names: list[Name]) -> str:
    number = part.strip().rstrip(".")
    if number.isdecimal() and 1 <= int(number[:3]) <= len(names):
        return names[int(number[:3]) - 1].key
    match find(part, names):
        case Understood(value=value):
            return value
        case Ambiguous(candidates=(understood,)):
            return understood
    return ""


def _sort(papers: set[str]) -> tuple[str, ...]:
    return tuple(paper for paper in PAPERS if paper in papers)


def _toggle(ctx: Context, talk: Talk, *, paper: str, on: bool) -> list[Message]:
    """Set a paper on or off in the same message; a repeated tap is the same tap."""
    papers = {*talk.papers, paper} if on else set(talk.papers) - {paper}
    asked = _ask(ctx, replace(talk, papers=_sort(papers)))
    return ui.in_place(ctx, asked)


def _finish(ctx: Context, talk: Talk) -> list[Message]:
    """Open the draft with what was found; the first thing it asks is the name."""
    innovation = innovations.load(ctx.tx, talk.innovation)
    if innovation is None or not innovation.is_draft:
        return _stop(ctx, talk)
    state = json.dumps({"papers": talk.papers}, separators=(",", ":"))
    history.add(
        ctx.tx, innovation.id, by=ctx.person.id, now=ctx.now, change=history.Change(NOTE, None, state)
    )
    lines = [_say_what_proves(ctx, innovation.rule_year, paper=paper) for paper in talk.papers]
    findings = join((ctx.say("coach.found"), *lines), by="\n") if lines else ctx.say("coach.found_none")
    return form.opened(ctx, innovation, notice=join((ctx.say("coach.opened"), findings)))


def _say_what_proves(ctx: Context, rule_year: int, *, paper: str) -> Marked:
    indicators = ctx.desk_data.indicators[rule_year].by_no
    named = "; ".join(f"{no} {indicators[no].name.in_(ctx.say.language)}" for no in PAPERS[paper])
    return ctx.say("coach.proves", paper=ctx.say(f"coach.paper_{paper}"), indicators=named)


def _stop(ctx: Context, talk: Talk) -> list[Message]:
    """Stop where one is; what was said stays in the draft."""
    dialogues.close(ctx.tx, ctx.person.id)
    if not talk.innovation:
        rows = (
            (Choice(ctx.say("opens.submit"), buttons.NewDraft("new")),),
            (Choice(ctx.say("opens.coach"), buttons.Coach("start")),),
        )
        return message(ctx.say("coach.stopped"), *rows)
    on = Choice(ctx.say("conversation.go_on"), buttons.Form(talk.innovation, "#list", 0, "go"))
    return message(ctx.say("coach.stopped_kept"), (on, Choice(ctx.say("opens.drafts"), buttons.Open("draf"))))
