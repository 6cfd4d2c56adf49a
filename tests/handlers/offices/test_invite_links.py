"""An invitation carries a link for every channel that is on."""

from __future__ import annotations

import re

from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.people import SARI
from tests.kit.two_accounts import Account, desk_of_both


def test_an_invitation_has_a_link_for_each_channel(tx: Transaction) -> None:
    sari = Account(tx, desk_of_both(), "telegram", str(SARI))
    sari.says("/undang")
    said = sari.taps("Pimpinan")
    code = re.search(r"Kode: (\S+)", said)
    assert code
    assert f"Tautan Telegram: https://t.me/desk_bot?start={code[1]}" in said
    assert f"Tautan WhatsApp: https://wa.me/6253121000?text={code[1]}" in said
