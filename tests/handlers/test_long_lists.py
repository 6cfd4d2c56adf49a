"""Lists longer than a page: on both channels every entry is reached once, and taken when tapped (F8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from bot.channels.whatsapp.render import MORE, calls, load_list_words
from domain.message import Message
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_calls import message_of
from storage import offices
from storage.engine.transaction import Transaction
from tests.kit.desk_turns import DESK, says, taps
from tests.kit.people import RINA, SARI

EMULATOR = WhatsAppEmulator(account=EmulatedAccount(token="t", phone_id="1", app_secret="s"))
AFFAIRS = [option.id for option in DESK.desk_data.form.by_id["urusan_utama"].options]
Offered = Callable[[Message], list[str]]


def on_telegram(message: Message) -> list[str]:
    """The data of the buttons a phone shows."""
    return [choice.data for row in message.rows for choice in row if choice.data]


def on_whatsapp(message: Message) -> list[str]:
    """The data of the buttons and rows a phone shows, however many times the list goes on at a tap."""
    offered: list[str] = []
    page = 0
    while True:
        following = []
        for call in calls(replace(message, page=page), words=load_list_words()["id"], media_id=""):
            shown = message_of(EMULATOR, {"type": call.method, call.method: call.parameters})
            data = [button for _, button in shown.buttons] + [row for _, _, row in shown.rows]
            offered += [one for one in data if not one.startswith(MORE)]
            following += [int(one.removeprefix(MORE)) for one in data if one.startswith(MORE)]
        if not following or following[0] == 0:
            return list(dict.fromkeys(offered))
        page = following[0]


def pages(tx: Transaction, person: int, first: Message, *, offered: Offered, turning: str) -> list[list[str]]:
    """Turn page after page, forwards, until the first comes again."""
    found: list[list[str]] = []
    message = first
    while not found or offered(message) != found[0]:
        found.append(offered(message))
        forwards = [data for data in found[-1] if turning in data]
        message = taps(tx, person, forwards[-1])[-1]
        assert len(found) < 20
    return found


def chosen(data: Sequence[Sequence[str]], mark: str) -> list[str]:
    return [one for page in data for one in page if mark in one]


@pytest.mark.parametrize("offered", [on_telegram, on_whatsapp])
def test_38_affairs_are_paged_and_each_is_kept_when_tapped(tx: Transaction, offered: Offered) -> None:
    says(tx, RINA, "/ajukan")
    first = taps(tx, RINA, "f:1:#list:0:j:urusan_utama")[-1]
    shown = chosen(pages(tx, RINA, first, offered=offered, turning=":p:"), ":o:")
    assert [data.rsplit(":", 1)[1] for data in shown] == AFFAIRS
    assert len(AFFAIRS) == 38
    kept = "SELECT value FROM answers WHERE question = 'urusan_utama'"
    for affair, data in zip(AFFAIRS, shown, strict=True):
        tx.execute("SAVEPOINT choice")
        taps(tx, RINA, data)
        assert [json.loads(value) for (value,) in tx.execute(kept)] == [affair]
        tx.execute("ROLLBACK TO choice")


@pytest.mark.parametrize("offered", [on_telegram, on_whatsapp])
def test_47_offices_are_paged_and_each_is_invited_when_tapped(tx: Transaction, offered: Offered) -> None:
    first = taps(tx, SARI, "u:p:0")[-1]
    shown = chosen(pages(tx, SARI, first, offered=offered, turning="u:p:"), "u:o:")
    every = [office.id for office in offices.active(tx)]
    assert [int(data.rsplit(":", 1)[1]) for data in shown] == every
    assert len(every) == 47
    for office, data in zip(every, shown, strict=True):
        tx.execute("SAVEPOINT choice")
        taps(tx, SARI, data)
        assert tx.execute("SELECT office_id FROM invitations").fetchall() == [(office,)]
        tx.execute("ROLLBACK TO choice")
