"""The emulated Cloud API takes what pywa sends, refuses what Meta refuses, and signs what it delivers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from pywa.errors import ReEngagementMessage, WhatsAppError
from pywa.types.callback import Button, Section, SectionList, SectionRow
from pywa_async.client import WhatsApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serve import serve
from sandbox.whatsapp import EmulatedAccount, GraphLimits, WhatsAppEmulator
from sandbox.whatsapp_checks import BUTTONS, PAIR_LIMIT, ROWS
from tests.kit.patience import PATIENCE

PHONE_ID, TOKEN, SECRET = "100200300", "EMULATOR-token-of-nobody", "emulator-app-secret"
RINA, RINA_PHONE = "ID.1001", "6281200001001"
START = 1_760_000_000.0  # seconds since 1970
DAY = 86_400.0
UTILITY: Mapping[str, Any] = {
    "name": "pengingat_batas",
    "language": "id",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Yth. {{nama}}, batas waktu laporan inovasi adalah {{batas}}. Terima kasih.",
            "example": {"body_text_named_params": [{"param_name": "nama", "example": "Rina"}]},
        },
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Isi sekarang"}]},
    ],
}


class World:
    """The emulator, its clock, and pywa as the business."""

    def __init__(self, emulator: WhatsAppEmulator, client: WhatsApp, clock: list[float]) -> None:
        self.emulator, self.client, self.clock = emulator, client, clock

    async def posts(self, path: str, told: Mapping[str, Any]) -> httpx.Response:
        """Make a call past pywa."""
        answer: httpx.Response = await self.client.api._session.post(path, json=told)
        return answer

    async def sends(self, told: Mapping[str, Any]) -> httpx.Response:
        """Send a message past pywa."""
        return await self.posts(
            f"/{PHONE_ID}/messages", {"messaging_product": "whatsapp", "to": RINA_PHONE, **told}
        )


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = [START]
    emulator = WhatsAppEmulator(
        clock=lambda: clock[0], account=EmulatedAccount(token=TOKEN, phone_id=PHONE_ID, app_secret=SECRET)
    )
    emulator.people.add(RINA, "Rina", phone=RINA_PHONE)
    async with serve(emulator.app) as url, httpx.AsyncClient(timeout=PATIENCE) as session:
        client = WhatsApp(PHONE_ID, TOKEN, session=session, waba_id=emulator.account_id)
        client.api._session.base_url = httpx.URL(f"{url}/v26.0")
        yield World(emulator, client, clock)
    await emulator.close()


async def test_pywa_sends_text_buttons_lists_and_documents(world: World) -> None:
    world.emulator.people.says(RINA, "halo")
    await world.client.send_message(RINA_PHONE, "Selamat pagi", tracker="17")
    await world.client.send_message(
        RINA_PHONE, "Pilih", buttons=[Button("Ya", "a:1"), Button("Tidak", "a:0")]
    )
    rows = [SectionRow(f"Baris {n}", f"r:{n}", "keterangan") for n in range(ROWS)]
    await world.client.send_message(
        RINA_PHONE, "Daftar", buttons=SectionList("Pilih", [Section("Isi", rows)])
    )
    await world.client.send_document(
        RINA_PHONE, b"%PDF-1.4 x", filename="laporan.pdf", mime_type="application/pdf"
    )
    shown = [one for one in world.emulator.people.by_user_id[RINA].messages.values() if one.from_business]
    assert [one.text for one in shown] == ["Selamat pagi", "Pilih", "Daftar", ""]
    assert shown[0].tracker == "17"
    assert shown[1].buttons == [("Ya", "a:1"), ("Tidak", "a:0")]
    assert len(shown[2].rows) == ROWS
    assert shown[3].file is not None
    assert (shown[3].file.name, shown[3].file.size) == ("laporan.pdf", 10)
    assert {one.tick for one in shown} == {"delivered"}


async def test_a_file_of_a_person_is_fetched_with_the_token_only(world: World) -> None:
    world.emulator.people.sends_file(RINA, name="sk.pdf", mime="application/pdf", content=b"%PDF-1.4")
    (media_id,) = world.emulator.media.stored
    found = await world.client.get_media_url(media_id)
    assert await world.client.get_media_bytes(found.url) == b"%PDF-1.4"
    async with httpx.AsyncClient(timeout=PATIENCE) as stranger:
        assert (await stranger.get(found.url)).status_code == 401


def button(title: str, button_id: str) -> dict[str, Any]:
    return {"type": "reply", "reply": {"title": title, "id": button_id}}


def buttons(*made: dict[str, Any]) -> dict[str, Any]:
    asked = {"type": "button", "body": {"text": "x"}, "action": {"buttons": list(made)}}
    return {"type": "interactive", "interactive": asked}


def listing(rows: list[dict[str, str]], *, sections: int = 1, label: str = "Pilih") -> dict[str, Any]:
    parts = [{"title": f"Bagian {n}", "rows": rows} for n in range(sections)]
    asked = {"type": "list", "body": {"text": "x"}, "action": {"button": label, "sections": parts}}
    return {"type": "interactive", "interactive": asked}


def row(n: int, **more: str) -> dict[str, str]:
    return {"id": f"r{n}", "title": f"Baris {n}", **more}


REFUSED = [
    pytest.param({"type": "text", "text": {"body": ""}}, id="no text"),
    pytest.param({"type": "text", "text": {"body": "x" * 4097}}, id="text too long"),
    pytest.param(buttons(), id="no buttons"),
    pytest.param(buttons(*(button(str(n), str(n)) for n in range(BUTTONS + 1))), id="too many buttons"),
    pytest.param(buttons(button("x" * 21, "a")), id="title too long"),
    pytest.param(buttons(button("x", "a" * 257)), id="id too long"),
    pytest.param(buttons(button("x", "a"), button("x", "b")), id="two of one title"),
    pytest.param(buttons(button("x", "a"), button("y", "a")), id="two of one id"),
    pytest.param(listing([row(n) for n in range(ROWS + 1)]), id="too many rows"),
    pytest.param(listing([row(n) for n in range(6)], sections=2), id="too many rows over two sections"),
    pytest.param(listing([row(1, title="x" * 25)]), id="row title too long"),
    pytest.param(listing([row(1, description="x" * 73)]), id="description too long"),
    pytest.param(listing([row(1)], label="x" * 21), id="label too long"),
    pytest.param({"type": "image", "image": {"id": "1"}}, id="no such media"),
    pytest.param({"type": "poll"}, id="a kind it has not"),
]


@pytest.mark.parametrize("told", REFUSED)
async def test_it_refuses_what_meta_refuses(world: World, told: Mapping[str, Any]) -> None:
    world.emulator.people.says(RINA, "halo")
    answer = await world.sends(told)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] in (100, 131009)


async def test_outside_the_window_only_an_approved_template_arrives(world: World) -> None:
    world.emulator.people.says(RINA, "halo")
    world.clock[0] += DAY + 1
    assert (await world.sends({"type": "text", "text": {"body": "x"}})).status_code == 200
    failed = world.emulator.webhooks.waiting[-1].value["statuses"][0]
    assert (failed["status"], failed["errors"][0]["code"]) == (
        "failed",
        ReEngagementMessage.__error_codes__[0],
    )
    created = await world.posts(f"/{world.emulator.account_id}/message_templates", UTILITY)
    assert created.json()["status"] == "APPROVED"
    told = template("Rina", "15 Desember 2026")
    assert (await world.sends(told)).status_code == 200
    (shown,) = [one for one in world.emulator.people.by_user_id[RINA].messages.values() if one.template]
    assert shown.text == "Yth. Rina, batas waktu laporan inovasi adalah 15 Desember 2026. Terima kasih."
    assert shown.buttons == [("Isi sekarang", "t:1")]
    assert world.emulator.webhooks.waiting[-1].value["statuses"][0]["pricing"]["billable"] is True
    world.emulator.decide("pengingat_batas", "id", status="PAUSED")
    assert (await world.sends(told)).json()["error"]["code"] == 132015


def template(*values: str) -> dict[str, Any]:
    names = ("nama", "batas", "lagi")
    given = [
        {"type": "text", "parameter_name": name, "text": text}
        for name, text in zip(names, values, strict=False)
    ]
    reply = {
        "type": "button",
        "sub_type": "quick_reply",
        "index": 0,
        "parameters": [{"type": "payload", "payload": "t:1"}],
    }
    parts = [{"type": "body", "parameters": given}, reply]
    return {
        "type": "template",
        "template": {"name": "pengingat_batas", "language": {"code": "id"}, "components": parts},
    }


@pytest.mark.parametrize(
    ("told", "code"),
    [
        pytest.param(template("Rina"), 132000, id="one too few"),
        pytest.param(template("Rina", "besok", "lagi"), 132000, id="one too many"),
        pytest.param(template("Rina", "besok\npagi"), 132012, id="a line break"),
    ],
)
async def test_a_template_wants_its_own_parameters(world: World, told: Mapping[str, Any], code: int) -> None:
    world.emulator.templates.create(UTILITY)
    assert (await world.sends(told)).json()["error"]["code"] == code


async def test_the_token_the_pair_limit_and_faults_are_refused(world: World) -> None:
    world.emulator.people.says(RINA, "halo")
    world.emulator.faults.codes.append(131056)
    with pytest.raises(WhatsAppError):
        await world.client.send_message(RINA_PHONE, "x")
    world.emulator.limits = GraphLimits()
    told = [await world.sends({"type": "text", "text": {"body": "x"}}) for _ in range(46)]
    assert [answer.status_code for answer in told[:45]] == [200] * 45
    assert told[45].json()["error"]["code"] == PAIR_LIMIT
    world.emulator.token = "another"
    assert (await world.sends({"type": "text", "text": {"body": "x"}})).json()["error"]["code"] == 190


async def test_webhooks_are_signed_batched_repeated_and_come_until_they_are_taken(world: World) -> None:
    seen: list[tuple[bytes, str]] = []

    async def hook(request: Request) -> Response:
        seen.append((await request.body(), request.headers["x-hub-signature-256"]))
        return Response(status_code=500 if len(seen) == 1 else 200)

    async with serve(Starlette(routes=[Route("/whatsapp", hook, methods=["POST"])])) as url:
        hooks = world.emulator.webhooks
        hooks.weather.batch, hooks.weather.repeats = 5, 1
        for n in range(5):
            world.emulator.people.says(RINA, f"pesan {n}")
        hooks.point_to(f"{url}/whatsapp")
        await hooks.until_all_taken()
    for body, signature in seen:
        assert signature == "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    texts = [
        change["value"]["messages"][0]["text"]["body"]
        for body, _ in seen
        for change in json.loads(body)["entry"][0]["changes"]
    ]
    assert set(texts) == {f"pesan {n}" for n in range(5)}
    assert hooks.answers[0] == 500


async def test_somebody_without_a_number_is_known_by_the_business_scoped_id(world: World) -> None:
    world.emulator.people.add("ID.2002", "Tanpa Nomor")
    world.emulator.people.says("ID.2002", "halo")
    value = world.emulator.webhooks.waiting[-1].value
    assert "from" not in value["messages"][0]
    assert value["contacts"][0]["user_id"] == "ID.2002"
    sent = {"messaging_product": "whatsapp", "recipient": "ID.2002", "type": "text", "text": {"body": "x"}}
    assert (await world.posts(f"/{PHONE_ID}/messages", sent)).status_code == 200


async def test_a_connection_cut_before_sends_nothing_and_one_cut_after_does(world: World) -> None:
    world.emulator.people.says(RINA, "halo")
    world.emulator.faults.drops.extend(("before", "after"))
    for expected in (0, 1):
        with pytest.raises(httpx.TransportError):
            await asyncio.wait_for(world.sends({"type": "text", "text": {"body": "x"}}), PATIENCE)
        sent = [one for one in world.emulator.people.by_user_id[RINA].messages.values() if one.from_business]
        assert len(sent) == expected
