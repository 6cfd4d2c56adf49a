"""/profil: the desk keeps the regency's own rows, the target, the published results and the weights of effort."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.index.estimate import LEVELS
from domain.message import Choice, Message, Rows
from domain.reading.dates import PartialDate, say_date
from domain.rules.load import RuleYear, SpdRow
from domain.texts import Marked, join
from handlers.context import Context, in_place, message, whole
from handlers.estimate import figure_words, profile_asks
from storage import contacts, profile, reports
from storage.engine.utc import utc_time
from storage.periods import Period
from storage.reports import Standing

ROWS_A_LINE = 5
CHANGES_SHOWN = 10
EFFORTS = range(1, 10)
MARK = "✔"


def overview(ctx: Context, notice: str = "") -> list[Message]:
    """Show profile, target and published results, and the doors to change them."""
    contacts.close_dialogue(ctx.tx, ctx.person.id)
    period = figure_words.period(ctx)
    if period is None:
        return message(ctx.say("form.no_period"), (Choice(ctx.say("help.button"), "k:bantuan"),))
    rule, found = _standing(ctx, period)
    spd = ctx.say(
        "profile.spd" if rule.spd else "figure_pages.spd_unknown",
        points=figure_words.number(ctx, found.spd),
        maximum=figure_words.number(ctx, rule.index.spd_max, None),
        filled=sum(1 for level in found.levels.values() if level),
        rows=len(rule.spd),
        rules=rule.year,
    )
    told = ctx.say(
        "profile.overview",
        year=period.year,
        spd=spd,
        target=figure_words.number(ctx, found.target),
        results=_results(ctx),
        index=figure_words.index(ctx, found.claimed),
    )
    return message(join((notice, told, figure_words.footer(ctx, period.rule_year))), *_doors(ctx, rule))


def _standing(ctx: Context, period: Period) -> tuple[RuleYear, Standing]:
    rule = ctx.house.rules[period.rule_year]
    return rule, reports.standing(ctx.tx, period.id, rule)


def _results(ctx: Context) -> Marked:
    """List the published results with the predikat of their own year, and where they come from."""
    lines = []
    for one in profile.published(ctx.tx):
        ladder = ctx.house.ladders.get(one.year)
        named = figure_words.predikat(ctx, ladder.predikat(one.value) if ladder else "")
        value = figure_words.number(ctx, one.value)
        lines.append(ctx.say("profile.result", year=one.year, value=value, predikat=named, source=one.source))
    return join(lines, by="\n") or ctx.say("profile.no_results")


def _doors(ctx: Context, rule: RuleYear) -> Rows:
    say = ctx.say
    rows = (Choice(say("profile.rows_button"), "pf:rows"), Choice(say("profile.moves_button"), "pf:moves"))
    return (
        *((rows,) if rule.spd else ()),
        (Choice(say("profile.target_button"), "pf:target"), Choice(say("profile.results_button"), "pf:results")),
        (Choice(say("profile.efforts_button"), "pf:efforts"), Choice(say("status.button"), "k:status")),
    )


def _back(ctx: Context, data: str = "pf:top") -> tuple[Choice, ...]:
    return (Choice(ctx.say("figure_words.back"), data),)


# the rows


def _rows(ctx: Context, period: Period) -> list[Message]:
    """Offer the rows by their numbers; those with a level carry a mark."""
    rule, found = _standing(ctx, period)
    buttons = [
        Choice(f"{MARK} {row.no}" if found.levels.get(row.no) else row.no, f"pf:row:{row.no}") for row in rule.spd
    ]
    lines = [
        ctx.say("profile.row_line", no=row.no, name=row.name.in_(ctx.say.language), level=found.levels.get(row.no, 0))
        for row in rule.spd
    ]
    numbers = [tuple(buttons[n : n + ROWS_A_LINE]) for n in range(0, len(buttons), ROWS_A_LINE)]
    head = ctx.say("profile.rows_title", points=figure_words.number(ctx, found.spd), maximum=rule.index.spd_max)
    return message(join((head, join(lines, by="\n"))), *numbers, _back(ctx))


def _row(ctx: Context, period: Period, no: str, notice: str = "") -> list[Message]:
    """Ask the level of one row: the levels are chosen, for some bands overlap (iga.md section 3)."""
    rule, found = _standing(ctx, period)
    row = next((one for one in rule.spd if one.no == no), None)
    if row is None:
        return _rows(ctx, period)
    level, language = found.levels.get(no, 0), ctx.say.language
    needs = [
        ctx.say("figure_pages.level_chosen" if n == level else "figure_pages.level", level=n, text=words.in_(language))
        for n, words in enumerate(row.levels, 1)
    ]
    head = ctx.say(
        "profile.row_title",
        no=row.no,
        name=row.name.in_(language),
        variable=row.variable,
        weight=figure_words.number(ctx, row.weight, None),
        mandatory=ctx.say("profile.mandatory") if row.mandatory else "",
    )
    choices = tuple(Choice(f"{MARK} {n}" if n == level else str(n), f"pf:set:{no}:{n}") for n in LEVELS)
    text = join((notice, head, join(needs, by="\n"), ctx.say("profile.row_ask")))
    return message(text, choices, _neighbours(ctx, rule, row), _back(ctx, "pf:rows"))


def _neighbours(ctx: Context, rule: RuleYear, row: SpdRow) -> tuple[Choice, ...]:
    at, every = rule.spd.index(row), rule.spd
    before, after = every[at - 1], every[(at + 1) % len(every)]
    return (Choice(f"◀ {before.no}", f"pf:row:{before.no}"), Choice(f"{after.no} ▶", f"pf:row:{after.no}"))


def _set(ctx: Context, period: Period, value: str) -> list[Message]:
    """Keep a level and say how the number moved; then the next row that is empty."""
    no, _, level = value.partition(":")
    rule, before = _standing(ctx, period)
    row = next((one for one in rule.spd if one.no == no), None)
    if row is None or level not in {str(n) for n in LEVELS}:
        return _rows(ctx, period)
    profile.set_level(ctx.tx, period.id, row=no, level=int(level), by=ctx.person.id, now=ctx.now)
    _, after = _standing(ctx, period)
    moved = ctx.say(
        "profile.moved",
        no=no,
        level=level,
        spd_before=figure_words.number(ctx, before.spd),
        spd=figure_words.number(ctx, after.spd),
        before=figure_words.number(ctx, before.claimed.index),
        after=figure_words.number(ctx, after.claimed.index),
        rules=rule.year,
    )
    at = rule.spd.index(row)
    order = (*rule.spd[at + 1 :], *rule.spd[:at])
    coming = next((one for one in order if not after.levels.get(one.no)), row)
    return _row(ctx, period, coming.no, moved)


def _moves(ctx: Context, period: Period) -> list[Message]:
    """List the latest changes of the rows."""
    lines = [
        ctx.say(
            "profile.change",
            day=say_date(PartialDate(utc_time(one.at).astimezone(ctx.house.timezone).date()), ctx.say.language),
            name=one.name,
            row=one.row,
            old=one.old,
            new=one.new,
        )
        for one in profile.changes(ctx.tx, period.id, limit=CHANGES_SHOWN)
    ]
    text = join((ctx.say("profile.changes_title"), join(lines, by="\n") or ctx.say("profile.no_changes")))
    return message(text, _back(ctx))


# efforts


def _efforts(ctx: Context, period: Period, notice: str = "") -> list[Message]:
    """Offer the indicators by number, with the effort one step up of each takes."""
    weights, indicators = profile.efforts(ctx.tx), ctx.house.indicators[period.rule_year].indicators
    buttons = [Choice(f"{one.no}: {weights.get(one.no, 1)}", f"pf:effort:{one.no}") for one in indicators]
    numbers = [tuple(buttons[n : n + ROWS_A_LINE]) for n in range(0, len(buttons), ROWS_A_LINE)]
    return message(join((notice, ctx.say("profile.efforts_title"))), *numbers, _back(ctx))


def _effort(ctx: Context, period: Period, value: str) -> list[Message]:
    """Ask the effort of one indicator, or keep it."""
    number, _, weight = value.partition(":")
    indicator = ctx.house.indicators[period.rule_year].by_no.get(whole(number))
    if indicator is None:
        return _efforts(ctx, period)
    name = indicator.name.in_(ctx.say.language)
    if weight in {str(n) for n in EFFORTS}:
        profile.set_effort(ctx.tx, indicator.no, int(weight), by=ctx.person.id, now=ctx.now)
        return _efforts(ctx, period, ctx.say("profile.effort_set", no=indicator.no, name=name, weight=weight))
    choices = [Choice(str(n), f"pf:effort:{indicator.no}:{n}") for n in EFFORTS]
    rows = [tuple(choices[n : n + 3]) for n in range(0, len(choices), 3)]
    return message(ctx.say("profile.effort_ask", no=indicator.no, name=name), *rows, _back(ctx, "pf:efforts"))


def tapped(ctx: Context) -> list[Message]:
    """Open a door of the profile in the place of the page it was tapped on."""
    action, _, value = ctx.args.partition(":")
    period = figure_words.period(ctx)
    if period is None or action == "top":
        return in_place(ctx, overview(ctx))
    if action in ("target", "results"):
        return profile_asks.begin(ctx, action)
    page = _PAGES.get(action)
    return in_place(ctx, page(ctx, period, value) if page else overview(ctx))


_PAGES: Mapping[str, Callable[[Context, Period, str], list[Message]]] = {
    "rows": lambda ctx, period, _: _rows(ctx, period),
    "row": _row,
    "set": _set,
    "moves": lambda ctx, period, _: _moves(ctx, period),
    "efforts": lambda ctx, period, _: _efforts(ctx, period),
    "effort": _effort,
}


def said(ctx: Context) -> list[Message]:
    """Take what was typed while a target or a published result is asked for."""
    done = profile_asks.said(ctx)
    return overview(ctx, done) if isinstance(done, Marked) else done
