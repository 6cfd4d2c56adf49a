"""The acts of the desk, of whatever kind, as one dialogue and one family of buttons."""

from __future__ import annotations

from handlers import period_acts, period_offices
from handlers.change.engine import Acting
from handlers.offices import changes, handover

ACTING = Acting((*period_acts.ACTS, *period_offices.ACTS, *changes.ACTS, *handover.ACTS))
said, tapped = ACTING.said, ACTING.tapped
