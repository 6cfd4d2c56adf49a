"""/simulasi: what would raise the index; for an office its own innovations, for leaders and the desk the
regency, or the office or innovation they name.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain import buttons
from domain.index.judgement import Judgement
from domain.index.whatif import Improvement, Regency, improvements
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.people import Right
from domain.reading.lexicon import lexicon
from domain.review import State
from domain.rules.form import Answers
from domain.texts import Marked, join, listed, quoted, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_pages, figure_words, of_office, seen_names
from handlers.estimate.figure_words import TOP
from handlers.estimate.simulated_regency import (
    load_standing,
    say_what_is_open,
    show_regency,
    write_end,
)
from storage import innovations, office_sums, periods, profile, reports
from storage.office_sums import Entry
from storage.periods import Period

IMPROVEMENTS_A_PAGE = 3  # of one innovation
OWN_A_PAGE = 8  # innovations to choose from
OWN_MOST = 200  # of an office
OFFERED = 3  # names for a near miss (F36)


def whatif(ctx: Context) -> list[Message]:
    """Open the simulation of what is named behind the command, else the one that fits the person."""
    period = figure_words.period(ctx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.status"), buttons.Open("status")),))
    if key := seen_names.named(ctx, ctx.args):
        return _open_named(ctx, period, key=key)
    if refused := seen_names.refused(ctx, ctx.args):
        return refused
    likely = seen_names.likely(ctx, ctx.args, limit=OFFERED)
    asked = _open_regency(ctx, period) or seen_names.ask_which(ctx, likely, to=_simulation_of)
    if asked or ctx.args.strip():
        return asked or _say_nothing_named(ctx)
    return show_regency(ctx, period) if ctx.may(Right.SEE_OFFICES) else _choose_innovation(ctx, period)


def _open_regency(ctx: Context, period: Period) -> list[Message]:
    """Open the simulation of the regency, towards a target where one is named; nothing for other words."""
    if not ctx.may(Right.SEE_OFFICES):
        return []
    said = ctx.args.strip().casefold()
    if said in listed(ctx.desk_data.words, "whatif.of_regency") or said in lexicon()["name"]["noise"]:
        return show_regency(ctx, period)
    target = _read_target(ctx, ctx.args)
    return [] if target is None else show_regency(ctx, period, target=target)


def _read_target(ctx: Context, text: str) -> Decimal | None:
    """Read an index as "65,01" or "target 65,01"; None for any other text."""
    around = listed(ctx.desk_data.words, "whatif.before_target")
    return figure_words.read_index(" ".join(word for word in text.split() if word.casefold() not in around))


def reads_name_or_target(ctx: Context, said: str) -> bool:
    """Whether a text names an office, an innovation, or for whoever sees the regency a target."""
    if seen_names.is_named(ctx, said):
        return True
    return ctx.may(Right.SEE_OFFICES) and _read_target(ctx, said) is not None


def _say_nothing_named(ctx: Context) -> list[Message]:
    """Say that nothing is called so, and to whoever sees every office what may be named."""
    how = ctx.say("whatif.how_to_name") if ctx.may(Right.SEE_OFFICES) else ""
    text = join((ctx.say("seen_names.nothing_named", said=quoted(ctx.args)), how), by=" ")
    return message(text, (Choice(ctx.say("opens.whatif"), buttons.Whatif("all")),))


def _simulation_of(key: str) -> buttons.Whatif:
    is_office, number = seen_names.read(key)
    return buttons.Whatif("o" if is_office else "i", number)


def tapped(ctx: Context, button: buttons.Whatif) -> list[Message]:
    """Show another simulation in the place of this one."""
    period = figure_words.period(ctx)
    if period is not None and button.of == "m" and ctx.may(Right.SEE_OFFICES):
        most = ctx.desk_data.rules[period.rule_year].index.maturity_max
        target = Decimal(button.target) / 100 if 0 < button.target <= TOP * 100 else None
        shown = show_regency(ctx, period, maturity=min(button.number, most), target=target)
        return ui.in_place(ctx, shown)
    if period is not None and button.of == "o" and _may_see(ctx, button.number):
        return ui.in_place(ctx, _open_office(ctx, period, office=button.number))
    entry = _load_entry(ctx, button.number) if period is not None and button.of == "i" else None
    if period is not None and entry is not None:
        return ui.in_place(ctx, _show_innovation(ctx, period, entry=entry, at=button.page))
    if period is not None and not ctx.may(Right.SEE_OFFICES):
        return ui.in_place(ctx, _choose_innovation(ctx, period, at=button.page))
    return ui.in_place(ctx, whatif(ctx))


def _may_see(ctx: Context, office: int) -> bool:
    """Whether the innovations of an office are this person's to see; a refusal is noted."""
    if ctx.may(Right.SEE_OFFICES) or office in ctx.person.offices:
        return True
    ctx.refuse("refused_button", office=office)
    return False


def _load_entry(ctx: Context, number: int) -> Entry | None:
    """Load an innovation this person may try things with."""
    entry = office_sums.entry(ctx.tx, number)
    own = entry is not None and entry.office_id in ctx.person.offices
    if entry is None or own or (ctx.may(Right.SEE_OFFICES) and entry.state != State.DRAFT):
        return entry
    ctx.refuse("refused_button", innovation=number)
    return None


def _open_named(ctx: Context, period: Period, *, key: str) -> list[Message]:
    """Try things with the office or innovation that was named."""
    is_office, number = seen_names.read(key)
    if is_office:
        return _open_office(ctx, period, office=number)
    entry = _load_entry(ctx, number)
    if entry is None:
        return figure_pages.page(ctx, buttons.StatusInnovation(number))
    return _show_innovation(ctx, period, entry=entry, at=0)


def _open_office(ctx: Context, period: Period, *, office: int) -> list[Message]:
    """Let one of the office's innovations be chosen, drafts only by itself; the only one opens at once, and
    where there is none its figures say so.
    """
    own = office in ctx.person.offices
    entries = office_sums.entries(ctx.tx, period.id, office_id=office, drafts=own, limit=OWN_A_PAGE)
    if len(entries) == 1:
        return _show_innovation(ctx, period, entry=entries[0], at=0)
    figures = buttons.StatusOffice(office, 0)
    if not entries:
        return [_say_none_sent(ctx, page) for page in figure_pages.page(ctx, figures)]
    rows = [(_make_door(ctx, entry),) for entry in entries]
    all_of_it = Choice(ctx.say("whatif.office"), figures)
    return message(ctx.say("whatif.which"), *rows, (all_of_it,))


def _say_none_sent(ctx: Context, figures: Message) -> Message:
    """Say above the figures of an office that it has nothing to try things with, and offer the regency."""
    regency = Choice(ctx.say("opens.whatif"), buttons.Whatif("all"))
    text = join((ctx.say("whatif.none_sent"), Marked(figures.text)))
    return replace(figures, text=text, rows=((regency,), *figures.rows))


def _make_door(ctx: Context, entry: Entry) -> Choice:
    label = f"{shortened(ui.title(ctx.say, entry.title), 40)} · {entry.claimed}"
    return Choice(label, buttons.Whatif("i", entry.id))


# one office


def _choose_innovation(ctx: Context, period: Period, *, at: int = 0) -> list[Message]:
    """Let the office choose one of its innovations, a page of them; the only one opens at once."""
    entries = _list_own(ctx, period)
    if not entries:
        return message(ctx.say("whatif.none"), (Choice(ctx.say("opens.submit"), buttons.Open("ajukan")),))
    if len(entries) == 1:
        return _show_innovation(ctx, period, entry=entries[0], at=0)
    pages = page_count(len(entries), OWN_A_PAGE)
    at = min(at, pages - 1)
    rows = [(_make_door(ctx, entry),) for entry in entries[at * OWN_A_PAGE : (at + 1) * OWN_A_PAGE]]
    turning = pager(ctx.say, lambda to: buttons.Whatif("all", page=to), page=at, pages=pages)
    return message(
        ctx.say("whatif.which"), *rows, *turning, (Choice(ctx.say("opens.status"), buttons.Open("status")),)
    )


def _list_own(ctx: Context, period: Period) -> list[Entry]:
    return [
        entry
        for office in ctx.person.offices
        for entry in office_sums.entries(ctx.tx, period.id, office_id=office, drafts=True, limit=OWN_MOST)
    ]


def every_door(ctx: Context) -> list[Choice]:
    """List the doors of all pages of what a person's offices have."""
    period = figure_words.period(ctx)
    return [_make_door(ctx, entry) for entry in _list_own(ctx, period)] if period else []


def _show_innovation(ctx: Context, period: Period, *, entry: Entry, at: int) -> list[Message]:
    """List the best single improvements of one innovation, a page of them: points, the regency's index,
    the paper.
    """
    period = periods.load(ctx.tx, entry.period_id)
    figures, now = load_standing(ctx, period)
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    regency = now if entry.counts else now.with_(now.sums.plus(entry.claimed, entry.affair))
    indicators = ctx.desk_data.indicators_of(entry)
    ways = improvements(regency, indicators, levels=entry.levels, efforts=profile.efforts(ctx.tx))
    title = ui.title(ctx.say, entry.title)
    head = ctx.say("whatif.innovation", title=title, claimed=entry.claimed, maximum=indicators.maximum)
    assumed = "" if entry.counts else _say_as_if_sent(ctx, judged, regency=regency)
    answers = innovations.answers(ctx.tx, entry.id)
    pages = page_count(len(ways), IMPROVEMENTS_A_PAGE)
    at = min(at, pages - 1)
    # said once: three long improvements would not fit beside it
    top = join((head, assumed, say_what_is_open(ctx, judged)), by="\n") if at == 0 else head
    shown = ways[at * IMPROVEMENTS_A_PAGE : (at + 1) * IMPROVEMENTS_A_PAGE]
    lines = [_write_improvement(ctx, entry, improvement=way, answers=answers) for way in shown]
    turning = pager(ctx.say, lambda to: buttons.Whatif("i", entry.id, to), page=at, pages=pages)
    lines = lines or [ctx.say("whatif.at_the_top")]
    return message(join((top, *lines, write_end(ctx, period))), *turning, *_make_innovation_doors(ctx, entry))


def _say_as_if_sent(ctx: Context, judged: Judgement, *, regency: Regency) -> Marked:
    """Say that it is counted as if it were sent, and what sending alone does to a figure that is there."""
    assumed = ctx.say("whatif.as_if_sent")
    if judged.claimed is None:
        return assumed
    before, after = (figure_words.number(ctx, index) for index in (judged.claimed.low, regency.now().index))
    return join((assumed, ctx.say("whatif.sending", before=before, after=after)), by=" ")


def _write_improvement(ctx: Context, entry: Entry, *, improvement: Improvement, answers: Answers) -> Marked:
    """Say one improvement: what the level needs, by the basis that was chosen where there is a choice, and
    the paper.
    """
    indicator = ctx.desk_data.indicators_of(entry).by_no[improvement.no]
    basis = indicator.basis(answers)
    levels = basis.levels if basis else indicator.levels
    words = of_office.improvement_words(ctx, entry, improvement=improvement)
    needs = levels[improvement.level - 1].in_(ctx.say.language) if levels else ctx.say("whatif.by_basis")
    evidence = (basis or indicator).evidence.in_(ctx.say.language)
    before, after = figure_words.number(ctx, improvement.before), figure_words.number(ctx, improvement.after)
    return ctx.say("whatif.improvement", **words, needs=needs, evidence=evidence, before=before, after=after)


def _make_innovation_doors(ctx: Context, entry: Entry) -> Rows:
    own = entry.office_id in ctx.person.offices
    first = Choice(ctx.say("whatif.fill"), buttons.Form(entry.id, "#list", 0, "j", "#ind")) if own else None
    back = Choice(
        ctx.say("figure_words.back"), buttons.Whatif("all") if own else buttons.StatusInnovation(entry.id)
    )
    return ((first,), (back,)) if first else ((back,),)
