"""Draws the estimate as a picture: the two figures by component beside the target, and how they moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# told apart by colour-blind eyes too, and on a card of its own that is as readable in a dark chat
COLOURS = ("#0072B2", "#E69F00", "#009E73")
CARD = "#FFFFFF"
INK = "#1A1A1A"
FAINT = "#9AA0A6"
ON_COLOURS = (CARD, INK, INK)  # of a value in a part of each colour: what is readable there
AIM = "#C62828"
# inches; ALONE is the height without the weeks
WIDTH = 7.2
HEIGHT = 7.6
ALONE = 4.4
DPI = 150
_BEHIND = {"facecolor": CARD, "edgecolor": "none", "pad": 2.0}  # of words that a line would cross
WRITTEN_FROM = 6.0  # points of the index: a narrower part has no room for its value
TEXT = 13  # of the smallest text, so that it is readable at the width of a phone


def draw(args: Mapping[str, Any], path: Path) -> None:
    """Draw the picture described by `domain/index/chart.py` as PNG."""
    moves = len(args["trend"]) > 1
    figure = Figure(
        figsize=(WIDTH, HEIGHT if moves else ALONE), dpi=DPI, facecolor=CARD, layout="constrained"
    )
    FigureCanvasAgg(figure)
    figure.suptitle(args["title"], fontsize=TEXT + 4, fontweight="bold", color=INK)
    axes = figure.subplots(2 if moves else 1, 1, height_ratios=(5, 4) if moves else (1,), squeeze=False)[:, 0]
    _draw_components(axes[0], args)
    if moves:
        _draw_trend(axes[1], args)
    figure.text(0.5, -0.01, args["note"], ha="center", va="top", fontsize=TEXT - 2, color=INK)
    figure.savefig(path, format="png", facecolor=CARD, bbox_inches="tight", pad_inches=0.25)


def _strip_axes(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.set_facecolor(CARD)
    axes.tick_params(colors=INK, labelsize=TEXT)


def _draw_components(axes: Axes, args: Mapping[str, Any]) -> None:
    """Two stacked bars, claimed above verified, with what is still open, and the target as a line through
    both.
    """
    _strip_axes(axes)
    bars: Sequence[Mapping[str, Any]] = args["bars"]
    for at, bar in enumerate(bars):
        _draw_bar(axes, bar, args=args, y=-at)
    if args["target"] is not None:
        _draw_target(axes, args)
    axes.set_yticks([-at for at in range(len(bars))], [bar["name"] for bar in bars])
    axes.set_xlim(0, 100)
    axes.set_ylim(-len(bars) + 0.5, 0.75)
    for name, colour in zip(args["components"], COLOURS, strict=True):
        axes.barh(0, 0, color=colour, label=name)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, frameon=False, fontsize=TEXT, labelcolor=INK,
        handlelength=1.0, columnspacing=1.0,
    )  # fmt: skip


def _draw_bar(axes: Axes, bar: Mapping[str, Any], *, args: Mapping[str, Any], y: float) -> None:
    """Draw the shares of one bar end to end, what is still open behind them, and the sum in words."""
    start = 0.0
    for share, colour, ink in zip(bar["shares"], COLOURS, ON_COLOURS, strict=False):
        axes.barh(y, float(Decimal(share)), left=start, color=colour, height=0.55)
        _write_share(axes, share, args, x=start + float(Decimal(share)) / 2, y=y, ink=ink)
        start += float(Decimal(share))
    if still_open := float(Decimal(bar["open"])):
        axes.barh(y, still_open, left=start, color=CARD, edgecolor=FAINT, hatch="//", height=0.55)
        start += still_open
    axes.text(
        start + 1, y, bar["said"], va="center", fontsize=TEXT + 4, fontweight="bold", color=INK, bbox=_BEHIND
    )


def _write_share(axes: Axes, share: str, args: Mapping[str, Any], *, x: float, y: float, ink: str) -> None:
    """Write a value into its part of the bar, where it is wide enough."""
    if float(Decimal(share)) >= WRITTEN_FROM:
        said = share.replace(".", args.get("decimal_mark", ","))
        axes.text(x, y, said, ha="center", va="center", fontsize=TEXT - 1, color=ink, fontweight="bold")


def _draw_target(axes: Axes, args: Mapping[str, Any]) -> None:
    target = float(Decimal(args["target"]))
    axes.axvline(target, color=AIM, linewidth=2, linestyle="--", zorder=0)
    axes.text(
        target, 0.42, args["target_said"], ha="center", va="bottom", fontsize=TEXT, color=AIM, bbox=_BEHIND
    )


def _draw_trend(axes: Axes, args: Mapping[str, Any]) -> None:
    """Both figures week by week; what an unfilled profile left open is a band, a week without a figure a
    gap.
    """
    _strip_axes(axes)
    weeks = args["trend"]
    every = range(len(weeks))
    low, high, verified = ([_read_value(week[column]) for week in weeks] for column in (1, 2, 3))
    axes.fill_between(every, low, high, color=COLOURS[0], alpha=0.25, linewidth=0)
    for values, colour, style, bar in ((low, COLOURS[0], "-", 0), (verified, COLOURS[2], "--", 1)):
        axes.plot(
            every, values, style, color=colour, linewidth=3, marker="o", label=args["bars"][bar]["name"]
        )
    axes.axhline(float(Decimal(args["target"])), color=AIM, linewidth=1.5, linestyle="--")
    if args.get("official"):
        _draw_official(axes, args)
    interval = max(1, len(weeks) // 4)
    shown = [n for n in every if (len(weeks) - 1 - n) % interval == 0]
    axes.set_xticks(shown, [args["days"][n] for n in shown])
    axes.set_ylim(0, 100)
    axes.set_title(args["trend_title"], fontsize=TEXT + 1, color=INK, loc="left")
    axes.legend(loc="upper left", frameon=False, fontsize=TEXT, labelcolor=INK)


def _draw_official(axes: Axes, args: Mapping[str, Any]) -> None:
    """The latest official result as a line with its year and value: the estimate is read beside it."""
    official = float(Decimal(args["official"]))
    axes.axhline(official, color=INK, linewidth=1.5, linestyle=":")
    axes.text(
        0.0, official - 1.5, args["official_said"], ha="left", va="top", fontsize=TEXT - 1, color=INK,
        bbox=_BEHIND,
    )  # fmt: skip


def _read_value(figure: str | None) -> float:
    """A point of the line; no number where there was nothing to assess."""
    return float("nan") if figure is None else float(Decimal(figure))
