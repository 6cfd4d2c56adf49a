"""The contract, tried with every channel there is and with one that is made for the trial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from bot.channels import Channel, Unreadable
from bot.channels.contract import Request, SendStatus
from bot.channels.fitting import fitted, parts
from bot.channels.limits import Limits
from bot.channels.registry import CHANNELS, configured
from bot.config import load
from domain.buttons.base import Raw
from domain.message import Choice, Inbound, Kind, Message
from tests.bot.channels.cases import SENT, Cases, every_case


@pytest.fixture(params=every_case())
def cases(request: pytest.FixtureRequest) -> Cases:
    return every_case()[request.param]


@pytest.fixture
def channel(cases: Cases) -> Channel:
    return cases.make()


def test_every_registered_channel_has_a_folder_with_its_cases() -> None:
    settings = {name: value for cases in every_case().values() for name, value in cases.settings.items()}
    made = configured(load(settings))
    assert len(made) == len(CHANNELS)
    assert {name: channel.name for name, channel in made.items()} == {name: name for name in CHANNELS}
    assert made.keys() == {name for name, cases in every_case().items() if cases.settings}
    for name, cases in every_case().items():
        assert cases.make().name == name


def test_every_channel_says_what_each_message_becomes(channel: Channel, cases: Cases) -> None:
    assert cases.requests.keys() == SENT.keys()
    for name, message in SENT.items():
        calls = channel.render(cases.address, message)
        assert [(call.method, dict(call.parameters)) for call in calls] == cases.requests[name]


def test_nothing_is_configured_without_settings() -> None:
    assert configured(load({})) == {}


def test_limits_are_counts_that_a_text_and_a_button_fit_in(channel: Channel) -> None:
    held = {field.name: getattr(channel.limits, field.name) for field in fields(Limits)}
    assert all(isinstance(value, int) and value >= 0 for value in held.values())
    assert (
        min(held[name] for name in ("text_chars", "caption_chars", "button_title_chars", "fetch_bytes")) > 0
    )
    assert channel.limits.button_data_bytes >= 64  # what `domain` writes on a button
    assert channel.can.toasts == (channel.limits.toast_chars > 0)
    assert channel.can.menus == (channel.limits.menu_commands > 0)


def test_a_payload_of_every_kind_is_read(channel: Channel, cases: Cases) -> None:
    for kind, payload in cases.payloads.items():
        inbound = channel.parse(payload)
        assert isinstance(inbound, Inbound)
        assert (inbound.channel, inbound.address, inbound.kind) == (channel.name, cases.address, kind)
        assert channel.address_of(payload) == cases.address


def test_what_a_person_wrote_and_tapped_arrives_as_it_was(channel: Channel, cases: Cases) -> None:
    text, button = (channel.parse(cases.payloads[kind]) for kind in (Kind.TEXT, Kind.BUTTON))
    assert isinstance(text, Inbound)
    assert isinstance(button, Inbound)
    assert (text.text, button.button) == ("halo", "a:1")


def test_a_status_is_read_where_the_channel_tells_any(channel: Channel, cases: Cases) -> None:
    assert channel.can.statuses == bool(cases.status)
    for payload in cases.status:
        assert isinstance(channel.parse(payload), SendStatus)


def test_what_has_no_shape_is_unreadable(channel: Channel, cases: Cases) -> None:
    for payload in cases.rubbish:
        with pytest.raises(Unreadable):
            channel.parse(payload)


def test_a_webhook_keeps_its_payload_and_refuses_strangers(channel: Channel, cases: Cases) -> None:
    (route,) = [route for route in channel.routes() if route.method == "POST"]
    headers, body = cases.push(cases.payloads[Kind.TEXT])
    assert route.admits(headers)
    answer = route.answer(Request(headers, b"", body))
    assert answer.status == 200
    assert [(row.address, row.unreadable) for row in answer.arrivals] == [(cases.address, "")]
    assert not route.admits({}) or route.answer(Request({}, b"", body)).status == 403


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"letters": 5}'])
def test_a_stranger_s_body_raises_nothing(channel: Channel, body: bytes) -> None:
    for route in channel.routes():
        assert route.answer(Request({}, b"", body)).status in (200, 403)


MESSAGES: list[Any] = [
    Message("halo"),
    Message("panjang " * 600),
    Message("pilih", rows=((Choice("Ya", Raw("a:1")), Choice("Tidak", Raw("a:2"))),)),
    Message("ganti", edit="7"),
    Message("", callback_id="9", toast="tersimpan"),
    Message("nomor?", rows=((Choice("Bagikan", Raw("x")),), (Choice("Lewati", Raw("y")),)), ask="phone"),
    Message("selesai", ask="remove", menu=(("draf", "Daftar"),)),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.text[:10] or "toast")
def test_every_message_becomes_requests_within_the_limits(
    channel: Channel, cases: Cases, message: Message
) -> None:
    calls = [
        call
        for part in parts(message, limits=channel.limits, can=channel.can)
        for call in channel.render(cases.address, part)
    ]
    assert calls
    told = " ".join(_texts([dict(call.parameters) for call in calls]))
    assert (message.text.split() or [message.toast])[0] in told
    for text in _texts([dict(call.parameters) for call in calls]):
        assert len(text) <= channel.limits.text_chars


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _texts(held)


def test_what_a_channel_cannot_do_is_said_another_way(channel: Channel) -> None:
    message = Message("Baik.", edit="7", toast="tersimpan", menu=(("draf", "Daftar"),), ask="phone")
    fit = fitted(message, channel.can)
    assert bool(fit.edit) == channel.can.edits
    assert bool(fit.menu) == channel.can.menus
    assert bool(fit.ask) == channel.can.shares_phone
    assert "tersimpan" in (fit.toast if channel.can.toasts else fit.text)
    assert fitted(fit, channel.can) == fit
