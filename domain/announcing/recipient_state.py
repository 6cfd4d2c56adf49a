"""What became of an announcement for one recipient, in words that say no more than is known."""

from __future__ import annotations

from collections.abc import Iterable

from domain.channel_facts import ChannelFacts
from domain.texts import Marked, Say


def say_state(
    say: Say, state: str, *, channel: str, channels: Iterable[ChannelFacts], is_confirmed: bool
) -> Marked:
    """Say a state, and no more than is known.

    Where the platform tells of arrivals and has not told this one, it took the message; what only the
    platform calls read is not confirmed by the person, and is counted among what is not read.
    """
    facts = next((facts for facts in channels if facts.name == channel), None)
    if facts is not None and state == "sent" and facts.tells_arrival:
        return say("recipient.state_taken", channel=facts.title)
    if facts is not None and state == "read" and not is_confirmed:
        return say("recipient.state_opened", channel=facts.title)
    return say(f"recipient.state_{state}")
