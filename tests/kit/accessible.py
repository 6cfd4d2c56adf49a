"""Whether axe-core finds fault with a page: the rules of WCAG 2 A and AA, and its best practices."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from playwright.async_api import Page

PACKAGE = "axe_playwright_python"
MISSING = "axe-core is not here; `uv sync --group dev` brings it with axe-playwright-python"
_FAULTS = """
async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap(
    fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)
)
"""


def is_there() -> bool:
    """Tell whether axe-core is installed."""
    return find_spec(PACKAGE) is not None


@cache
def _script() -> str:
    spec = find_spec(PACKAGE)
    assert spec is not None, MISSING
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


async def faults(page: Page) -> list[str]:
    """List what axe-core finds, one line for each element."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_script())
    lines: list[str] = await page.evaluate(_FAULTS)
    return lines
