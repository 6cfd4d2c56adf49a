"""Puts the judged index into sentences: the headline, what is uncertain, then what is verified."""

from __future__ import annotations

from domain.index import index_words
from domain.index.judgement import Figure, Judgement, Profile
from domain.texts import Marked, Say, bold, join


def headline(judged: Judgement, say: Say) -> tuple[Marked, ...]:
    """Say what leads, the estimate where it does not lead with what it lacks, the verified figure, the
    distance.
    """
    if judged.claimed is None:
        return official(judged, say), say("headline.not_assessed", year=judged.year), missing(judged, say)
    if judged.complete:
        figure = say("headline.estimate", year=judged.year, index=index_words.number(say, judged.claimed.low),
                     predikat=predikat(judged.claimed.predikat, say))  # fmt: skip
        first = (figure,) if judged.leads else (official(judged, say), figure)
        return *first, verified(judged, say), distance(judged, say)
    open_figure = say("headline.incomplete", year=judged.year, index=open_index(judged.claimed, say))
    return official(judged, say), open_figure, missing(judged, say), verified(judged, say)


def official(judged: Judgement, say: Say) -> Marked:
    """Say the latest published result with its year and predikat."""
    figure = judged.official
    if figure is None:
        return say("headline.no_official")
    named = predikat(judged.official_predikat, say)
    return say(
        "headline.official", index=index_words.number(say, figure.value), predikat=named, year=figure.year
    )


def missing(judged: Judgement, say: Say) -> Marked:
    """Say what an estimate still lacks; nothing where it is complete."""
    profile, affairs = judged.profile, judged.affairs
    parts = []
    if not profile.rows:
        parts.append(say("headline.missing_rows", rules=judged.rule_year))
    elif not profile.complete:
        parts.append(_say_rows(profile, say))
    if judged.count < judged.divisor:
        parts.append(_say_innovations(judged, say))
    if affairs.short:
        parts.append(say("headline.missing_affairs", there=affairs.covered, needed=affairs.needed))
    return say("headline.missing", missing=join(parts, by=", ")) if parts else Marked("")


def _say_rows(profile: Profile, say: Say) -> Marked:
    counted = {"filled": profile.filled, "rows": profile.rows}
    if not profile.unchecked:
        return say("headline.missing_profile", **counted)
    unchecked = {"unchecked": profile.unchecked, "year": profile.start_year}
    return say("headline.missing_profile_started", **counted, **unchecked)


def _say_innovations(judged: Judgement, say: Say) -> Marked:
    before = judged.official
    if before is None or before.innovations is None:
        return say("headline.missing_innovations", count=judged.count, divisor=judged.divisor)
    return say(
        "headline.missing_innovations_compared",
        count=judged.count,
        year=before.year,
        before=before.innovations,
    )


def verified(judged: Judgement, say: Say) -> Marked:
    """Say the verified figure with its base, or that there is none."""
    figure = judged.verified
    if figure is None:
        return say("headline.none_verified")
    key = "headline.verified" if figure.predikat is None else "headline.verified_named"
    named = predikat(figure.predikat, say)
    return say(key, index=open_index(figure, say), predikat=named, count=figure.count, among=judged.count)


def distance(judged: Judgement, say: Say) -> Marked:
    """Say how far the target is; nothing where that must not be said yet."""
    return Marked("") if judged.gap is None else index_words.distance(say, judged.target, gap=judged.gap)


def index(judged: Judgement, say: Say) -> Marked:
    """Say the claimed index alone: with its predikat, as a range, or that it cannot be assessed."""
    figure = judged.claimed
    if figure is None:
        return say("headline.none")
    return join((bold(span(figure, say)), predikat(figure.predikat, say)), by=" ")


def short(judged: Judgement, say: Say) -> Marked:
    """Say the claimed index without predikat and without what it depends on."""
    return span(judged.claimed, say) if judged.claimed else say("headline.none")


def open_index(figure: Figure, say: Say) -> Marked:
    """Say a figure, and what it depends on where that leaves something open."""
    said = span(figure, say)
    if figure.is_one:
        return said
    if figure.started is None:
        return say("headline.depends", range=said)
    return say("headline.depends_started", range=said, started=index_words.number(say, figure.started))


def span(figure: Figure, say: Say) -> Marked:
    """Say a figure, or from where to where it may be."""
    low, high = index_words.number(say, figure.low), index_words.number(say, figure.high)
    return Marked(low) if figure.is_one else say("headline.range", low=low, high=high)


def predikat(name: str | None, say: Say) -> Marked:
    """Name a predikat; nothing where it must not be said yet."""
    return Marked("") if name is None else index_words.predikat(say, name)
