"""What each channel's contract is tried with: a folder beside this module whose `cases.py` says CASES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.channels import Channel
from domain.buttons.base import Raw
from domain.message import Attachment, Choice, Kind, Message

SECRET = "rahasia_webhook-1-rahasia_webhook-1"
Written = tuple[str, Mapping[str, Any]]  # a request: its method and parameters

SENT: Mapping[str, Message] = {
    "a text": Message("halo"),
    "two buttons": Message("Pilih", rows=((Choice("Ya", Raw("a:1")), Choice("Tidak", Raw("a:2"))),)),
    "five choices": Message("Pilih", rows=tuple((Choice(f"Tahap {n}", Raw(f"a:{n}")),) for n in range(1, 6))),
    "a document": Message("Berkas", attachment=Attachment("document", "file", {}, "surat.pdf")),
}


@dataclass(frozen=True)
class Cases:
    """One channel, payloads of every kind it can bring, and how its webhook is pushed to."""

    make: Callable[[], Channel]
    address: str
    payloads: Mapping[Kind, Any]
    rubbish: tuple[Any, ...]  # payloads that have no known shape
    push: Callable[[Any], tuple[dict[bytes, bytes], bytes]]  # headers and body that carry a payload
    status: tuple[Any, ...] = ()  # payloads that tell what became of a send
    requests: Mapping[str, list[Written]] = field(default_factory=dict)  # what each of SENT becomes
    settings: Mapping[str, str] = field(default_factory=dict)  # that switch it on; none for tests alone


@cache
def every_case() -> Mapping[str, Cases]:
    """The cases of every channel, by the name of its folder."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/cases.py"))
    return {name: import_module(f"{__package__}.{name}.cases").CASES for name in folders}
