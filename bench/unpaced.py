"""Our bot without WhatsApp's pace, which is fixed: what a turn costs is measured, not what Meta allows."""

from __future__ import annotations

import sys

from bot.__main__ import main
from bot.channels.limits import Rates
from bot.channels.whatsapp.channel import WhatsAppChannel

if __name__ == "__main__":
    WhatsAppChannel.rates = Rates(overall=100_000, chat=100_000, burst=100_000)
    sys.exit(main(["run"]))
