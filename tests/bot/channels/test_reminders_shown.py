"""The reminder of a deadline in each state of an office as each platform is given it, kept and compared (B2).

`pytest tests/bot/channels --update` writes the files anew; then read the difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.fitting import parts
from handlers.words import load_words
from tests.bot.channels.cases import every_case
from tests.domain.reminding.test_texts import LINES, messages

HERE = Path(__file__).parent
STATES = ("nothing started", "a draft", "a whole draft", "returned", "the last day")


def written(channel_name: str, language: str) -> Iterator[str]:
    """What the platform is called with for each state."""
    cases = every_case()[channel_name]
    channel = cases.make()
    say = load_words().in_(language)
    for state, message in zip(STATES, messages("batas")(say), strict=True):
        for part in parts(message, limits=channel.limits, can=channel.can):
            for call in channel.render(cases.address, part):
                yield f"{state} · {language} · {call.method}"
                yield json.dumps(dict(call.parameters), ensure_ascii=False, indent=1, default=str)


@pytest.mark.parametrize("channel_name", ["telegram", "whatsapp"])
def test_each_state_is_sent_as_it_is_kept(channel_name: str, request: pytest.FixtureRequest) -> None:
    assert len(LINES["batas"]) == len(STATES)
    shown = "\n".join(line for language in ("id", "en") for line in written(channel_name, language)) + "\n"
    kept = HERE / channel_name / "reminders.txt"
    if request.config.getoption("--update"):
        kept.write_text(shown, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == shown


@pytest.mark.parametrize("channel_name", ["telegram", "whatsapp"])
def test_the_button_that_leads_on_stands_on_the_phone(channel_name: str) -> None:
    """The first gap, the check page, what was returned: at each of them a tap is enough."""
    shown = "\n".join(written(channel_name, "id"))
    for data in ("a:o:5", "f:1:tujuan:0:j:tujuan", "f:1:#check:0:check", "rk:go:1"):
        assert f'"{data}"' in shown or data in shown, data
