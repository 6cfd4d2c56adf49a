"""A name is taken out as a whole word alone, and what went to a namesake stays."""

from __future__ import annotations

import json

import pytest

from domain.message import Message
from domain.texts import Marked
from storage import inbox, name_traces, outbox
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.people import RINA, SARI, TONO


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Rina menunggu", "PIC lama menunggu"),
        ("Katarina dan Rinai", "Katarina dan Rinai"),
        ("(Rina)", "(PIC lama)"),
        ("Rina, Rina", "PIC lama, PIC lama"),
    ],
)
def test_a_name_is_taken_out_of_what_others_were_told(said: str, left: str) -> None:
    tx = in_memory(with_people())
    outbox.insert(tx, channel="telegram", address=str(SARI), message=Message(Marked(said)), now=MORNING)
    raw = [Arrival("1", str(TONO), json.dumps({"message": {"text": said, "id": 7}}))]
    inbox.insert(tx, "telegram", arrivals=raw, now=MORNING)
    name_traces.take_out(tx, {"Rina": "PIC lama"})
    assert json.loads(tx.execute("SELECT payload FROM outbox").fetchone()[0])["text"] == left
    assert json.loads(tx.execute("SELECT raw FROM inbox").fetchone()[0])["message"] == {"text": left, "id": 7}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("telepon +628110001001.", "telepon –."),
        ("telepon 0811 0001 001, ya", "telepon –, ya"),
        ("WA 62811-0001-001", "WA –"),
        ("+62 811.0001.001 atau (0811) 0001001", "– atau (–"),
        ("8110001001", "–"),
        ("nomor 08110001001", "nomor –"),
        ("WA 0811–0001–001", "WA –"),
        ("_08110001001_ atau WA08110001001", "_–_ atau WA–"),
        ("18110001001 dan 81100010012", "18110001001 dan 81100010012"),
        ("DI-2026-0811 dan 0001 001", "DI-2026-0811 dan 0001 001"),
    ],
)
def test_a_number_is_taken_out_however_it_is_written(said: str, left: str) -> None:
    tx = in_memory(with_people())
    outbox.insert(tx, channel="telegram", address=str(SARI), message=Message(Marked(said)), now=MORNING)
    name_traces.take_out(tx, {"+628110001001": "–"})
    assert json.loads(tx.execute("SELECT payload FROM outbox").fetchone()[0])["text"] == left


def test_letters_that_json_writes_as_numbers_are_found() -> None:
    tx = in_memory(with_people())
    inbox.insert(tx, "x", arrivals=[Arrival("1", "9", json.dumps({"text": "kata Zoë"}))], now=MORNING)
    name_traces.take_out(tx, {"Zoë": "PIC lama"})
    assert json.loads(tx.execute("SELECT raw FROM inbox").fetchone()[0]) == {"text": "kata PIC lama"}


def test_what_went_to_a_namesake_stays(tx: Transaction) -> None:
    tx = in_memory(with_people())
    for address in (RINA, SARI):
        outbox.insert(
            tx, channel="telegram", address=str(address), message=Message(Marked("Bu Rina")), now=MORNING
        )
    name_traces.take_out(tx, {"Rina": "PIC lama"})
    told = [
        json.loads(payload)["text"] for (payload,) in tx.execute("SELECT payload FROM outbox ORDER BY id")
    ]
    assert told == ["Bu Rina", "Bu PIC lama"]
