"""What became of an announcement for one recipient, in words that say no more than is known."""

from __future__ import annotations

from collections.abc import Iterable

from domain.channel_facts import ChannelFacts
from domain.texts import Marked, Say


def say_state(say: Say, state: str, *, channel: str, channels: Iterable[ChannelFacts]) -> Marked:
    """Say a state; where the platform tells of arrivals and has not told this one, that it took the
    message.
    """
    facts = next((facts for facts in channels if facts.name == channel), None)
    if state == "sent" and facts is not None and facts.tells_arrival:
        return say("recipient.state_taken", channel=facts.title)
    return say(f"recipient.state_{state}")
