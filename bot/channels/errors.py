"""What can go wrong with a channel, as one family whose flags decide what happens next.

SendError
├── Throttled     the platform asks for a pause of `retry_after` seconds
├── Blocked       the person does not take messages from us
│   └── Gone      there is nobody at the address any more
├── NotSent       it did not leave; it may be tried again
│   └── Contested somebody else takes in the updates that are meant for us
├── Refused       the platform will never take it
│   ├── WindowClosed  the person has not written for a day: only an approved template may be sent
│   ├── TemplateRefused  the template is paused, disabled, not there, or another than ours
│   └── Undeliverable the number takes no messages of this channel; the second time it is out of reach
├── FateUnknown   it left, and nobody knows whether it arrived
└── ChannelDown   the channel itself is refused: a wrong token
"""

from __future__ import annotations

from typing import Literal

from domain.delivery import Reason

Holds = Literal["unsaid", "chat", "all"]  # what a pause is asked for: one chat, every one, or not told


class Unreadable(ValueError):
    """the update has no shape we know"""


class SendError(Exception):
    """the message was not delivered"""

    retry = False  # may be tried again later
    unknown = False  # may have arrived
    blocked = False  # the address takes nothing
    down = False  # nothing can be sent at all
    retry_after: float = 0.0  # seconds the platform wants
    holds: Holds = "unsaid"
    grows: float = 1.0
    reason = Reason.NOT_SENT  # what is kept with the message


class Throttled(SendError):
    """the platform asks for a pause"""

    retry = True

    def __init__(self, retry_after: float, *, holds: Holds = "unsaid", grows: float = 1.0) -> None:
        """`retry_after` in seconds, as the platform said; `grows` times as long with every further refusal
        in a row.
        """
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after
        self.holds, self.grows = holds, grows


class Blocked(SendError):
    """the person does not take messages"""

    blocked = True
    reason = Reason.BLOCKED


class Gone(Blocked):
    """there is nobody at the address any more"""

    reason = Reason.GONE


class NotSent(SendError):
    """the message did not leave"""

    retry = True


class Contested(NotSent):
    """somebody else takes in our updates"""


class Refused(SendError):
    """the platform will not take this message"""

    reason = Reason.REFUSED


class WindowClosed(Refused):
    """the person has not written for a day"""

    reason = Reason.WINDOW


class TemplateRefused(Refused):
    """the platform does not take this template"""

    def __init__(self, description: str, status: str) -> None:
        """`status` is what it is from now on: PAUSED, DISABLED, MISSING, MISMATCHED."""
        super().__init__(description)
        self.status = status


class Undeliverable(Refused):
    """the number takes no messages of this channel"""

    reason = Reason.UNDELIVERABLE


class FateUnknown(SendError):
    """the message left and no answer came"""

    retry = True
    unknown = True
    reason = Reason.UNKNOWN


class ChannelDown(SendError):
    """the platform refuses the token"""

    retry = True
    down = True
