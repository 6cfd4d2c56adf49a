"""What the contract of the channel made for the trial is tried with."""

from __future__ import annotations

import json
from typing import Any

from domain.message import Kind
from tests.bot.channels.cases import Cases
from tests.kit.courier import CourierChannel, signature


def _letters(*letters: Any) -> tuple[dict[bytes, bytes], bytes]:
    body = json.dumps({"letters": letters}).encode()
    return {b"x-signature": signature(body)}, body


def _letter(words: str, *choices: list[str]) -> tuple[str, dict[str, Any]]:
    return "letter", {"to": "budi", "words": words, "choices": [*choices]}


CASES = Cases(
    make=CourierChannel,
    address="budi",
    payloads={
        Kind.TEXT: {"no": "k-1", "sender": "budi", "words": "halo"},
        Kind.BUTTON: {"no": "k-2", "sender": "budi", "chosen": "a:1"},
    },
    rubbish=({}, {"sender": 5}),
    push=_letters,
    status=({"no": "s-1", "of": 17, "came": "delivered"},),
    requests={
        "a text": [_letter("halo")],
        "two buttons": [_letter("Pilih", ["Ya", "a:1"], ["Tidak", "a:2"])],
        "five choices": [_letter("Pilih", *([f"Tahap {n}", f"a:{n}"] for n in range(1, 6)))],
        "a document": [_letter("Berkas")],
    },
)
