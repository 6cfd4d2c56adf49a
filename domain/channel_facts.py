"""What the desk may know of a channel it never names: what people call it, and the link that opens a talk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WORDS = "{words}"  # in a link: what the person says first, ready to be sent


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One channel that is on."""

    name: str  # as in the rows of the database
    title: str  # as people write it
    link: str  # opens a talk with the desk, with WORDS ready; "" until the channel was open
    window_seconds: float = 0  # for how long free messages may be sent after a person spoke; 0: for ever
    tells_arrival: bool = False  # whether the platform tells later that a message was delivered

    def link_with(self, words: str) -> str:
        """Write the link that says these words: letters, digits and "-" alone."""
        return self.link.replace(WORDS, words)


def title_of(channels: Iterable[ChannelFacts], name: str) -> str:
    """Say a channel as people write it, also one that is not on any more."""
    return next((channel.title for channel in channels if channel.name == name), name.capitalize())
