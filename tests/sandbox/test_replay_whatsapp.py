"""The period replayed on WhatsApp, and with half of the people on each channel: an independent reading of the
log, the platform's own count, and hours and caps over both channels together.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox.replay import Replayed, main, replay
from sandbox.replay_events import TELEGRAM, WHATSAPP
from sandbox.replay_run import BOTH, Wanted
from sandbox.whatsapp_checks import UNDELIVERABLE
from tests.kit.replay_reading import entries, outside_window, over_pair_limit
from tests.sandbox.test_replay import check, rows

_REMINDED_ON = """
SELECT DISTINCT x.channel FROM outbox x JOIN occurrences o ON o.outbox_id = x.id WHERE x.state = 'sent'
"""
_UNSETTLED = """
SELECT count(*) FROM outbox WHERE channel = 'whatsapp' AND state = 'sent'
  AND coalesce(progress, '') NOT IN ('delivered', 'read')
"""
HEAD = "Senin, 2 Maret 2026 pukul 08.{minute} WIB {told}\n    Halo\n"


def replayed(folder: Path, *, days: int, channels: str) -> Replayed:
    return asyncio.run(replay(folder, Wanted(seed=7, days=days, channels=channels)))


def check_platform(period: Replayed) -> None:
    """Nothing free outside the window, nothing over the pair limit: by the log, and as the platform
    counted.
    """
    assert outside_window(period.log) == []
    assert over_pair_limit(period.log) == []
    assert period.refused == {}
    # somebody blocks the bot; nothing else fails
    assert set(period.failed) <= {UNDELIVERABLE}


def check_delivery(folder: Path, channels: set[str]) -> None:
    """Reminders left on these channels and nothing is under way; what left was settled by its statuses."""
    assert {channel for (channel,) in rows(folder, _REMINDED_ON)} == channels
    assert rows(folder, "SELECT count(*) FROM outbox WHERE state IN ('leased', 'unknown')") == [(0,)]
    assert rows(folder, _UNSETTLED) == [(0,)]
    assert rows(folder, "SELECT count(*) FROM inbox WHERE state <> 'handled'") == [(0,)]


def test_half_of_the_people_on_each_channel_keep_every_promise(tmp_path: Path) -> None:
    period = replayed(tmp_path, days=50, channels=BOTH)
    check_platform(period)
    check(tmp_path)
    check_delivery(tmp_path, {TELEGRAM, WHATSAPP})
    ways = {(entry.on_whatsapp, bool(entry.template)) for entry in entries(period.log) if entry.way == "→"}
    assert ways == {(False, False), (True, False), (True, True)}


@pytest.mark.every
@pytest.mark.parametrize("channels", [WHATSAPP, BOTH])
def test_a_whole_period_keeps_every_promise(tmp_path: Path, channels: str) -> None:
    period = replayed(tmp_path, days=120, channels=channels)
    check_platform(period)
    check(tmp_path)
    check_delivery(tmp_path, {WHATSAPP} if channels == WHATSAPP else {TELEGRAM, WHATSAPP})


def test_the_reading_sees_a_free_message_outside_the_window() -> None:
    heard = [HEAD.format(minute="00", told="→ Rina · WhatsApp")]
    assert len(outside_window("\n".join(heard))) == 1
    spoke = "Minggu, 1 Maret 2026 pukul 08.{} WIB ← Rina · WhatsApp: status\n"
    assert len(outside_window("\n".join([spoke.format("00"), *heard]))) == 1
    assert outside_window("\n".join([spoke.format("01"), *heard])) == []
    assert outside_window(HEAD.format(minute="00", told="→ Rina · WhatsApp · templat desk_rekap")) == []
    assert outside_window(HEAD.format(minute="00", told="→ Rina")) == []


def test_the_reading_sees_what_is_over_the_pair_limit() -> None:
    line = HEAD.format(minute="00", told="→ Rina · WhatsApp")
    assert over_pair_limit(line * 45) == []
    assert len(over_pair_limit(line * 46)) == 1
    later = HEAD.format(minute="01", told="→ Rina · WhatsApp")  # ten more may have come by then
    assert len(over_pair_limit(line * 45 + later * 11)) == 1


def test_a_replay_on_whatsapp_begins_anew(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--channel", "whatsapp", "--folder", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "replay: --folder and --beside: expected --channel telegram\n"
