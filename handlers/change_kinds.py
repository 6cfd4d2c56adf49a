"""The acts of the desk, of whatever kind, as one dialogue and one family of buttons."""

from __future__ import annotations

from handlers.change.engine import Acting
from handlers.offices import changes, handover
from handlers.period import changes as period_changes
from handlers.period import offices

ACTING = Acting((*period_changes.ACTS, *offices.ACTS, *changes.ACTS, *handover.ACTS))
said, tapped = ACTING.said, ACTING.tapped
