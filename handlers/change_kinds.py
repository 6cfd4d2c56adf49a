"""The acts of the desk, of whatever kind, as one dialogue and one family of buttons."""

from __future__ import annotations

from handlers import handover, office_acts, period_acts, period_offices
from handlers.change.engine import Acting

ACTING = Acting((*period_acts.ACTS, *period_offices.ACTS, *office_acts.ACTS, *handover.ACTS))
said, tapped = ACTING.said, ACTING.tapped
