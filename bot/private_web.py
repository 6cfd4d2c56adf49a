"""What is served on the private address: figures for Prometheus, and a page for whoever runs the server."""

from __future__ import annotations

import html
from http import HTTPStatus

from bot.conditions import judge
from bot.health import Running, try_to_gather
from bot.metrics import write
from bot.web import Application, Receive, Reply, Scope, tell_health
from domain.condition import Level
from domain.texts import Say
from handlers.operations import troubles
from handlers.operations.troubles import Page

FIGURES = b"text/plain; version=0.0.4; charset=utf-8"  # Prometheus' own
PAGE = b"text/html; charset=utf-8"
_SIGNS = {Level.GREEN: "✓", Level.AMBER: "!", Level.RED: "✕"}
# every colour at least 4.5 : 1 on its ground (WCAG 2.2, 1.4.3), in light and in dark
_STYLE = (
    ":root{color-scheme:light dark;--ink:#1f2328;--ground:#fff;--line:#d1d9e0;--green:#1a7f37;"
    "--amber:#9a6700;--red:#cf222e}@media(prefers-color-scheme:dark){:root{--ink:#f0f6fc;--ground:#0d1117;--line:#3d444d;"
    "--green:#3fb950;--amber:#d29922;--red:#ff7b72}}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;"
    "color:var(--ink);background:var(--ground);overflow-wrap:break-word}ul{padding:0}"
    "li{list-style:none;padding:.4rem 0 .4rem 1.5rem;border-top:1px solid var(--line)}"
    "b{display:inline-block;width:1.5rem;margin-left:-1.5rem}"
    ".green{color:var(--green)}.amber{color:var(--amber)}.red{color:var(--red)}"
)


def application(running: Running, say: Say) -> Application:
    """Make the private application of a running bot."""

    async def figures(scope: Scope, receive: Receive) -> Reply:
        facts = await try_to_gather(running)
        conditions = judge(running, facts)
        body = write(facts, running.meters, last_rounds=running.last_rounds(), conditions=conditions)
        return Reply(HTTPStatus.OK, body, kind=FIGURES)

    async def page(scope: Scope, receive: Receive) -> Reply:
        conditions = judge(running, await try_to_gather(running))
        said = troubles.page(say, conditions, backups_asked=bool(running.settings.backup_sites))
        return Reply(HTTPStatus.OK, write_page(said, say.language).encode(), kind=PAGE)

    async def health(scope: Scope, receive: Receive) -> Reply:
        return await tell_health(running)

    return Application(
        running.log, {("GET", "/metrics"): figures, ("GET", "/status"): page, ("GET", "/health"): health}
    )


def write_page(said: Page, language: str) -> str:
    """Write the page; it asks again every half minute by itself."""
    lines = "".join(
        f'<li class="{level.value}"><b aria-hidden="true">{_SIGNS[level]}</b>{html.escape(line)}</li>'
        for level, line in said.lines
    )
    lines += "".join(
        f'<li class="note"><b aria-hidden="true">i</b>{html.escape(note)}</li>' for note in said.notes
    )
    title = html.escape(said.title)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="30">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>"
        f"<p>{html.escape(said.head)}</p><ul>{lines}</ul></html>"
    )
