"""What the page's server answers for the phones of both channels, without a browser and without a bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domain.people import Role
from sandbox.demo import TELEGRAM, WHATSAPP, DemoPerson
from sandbox.telegram import TelegramEmulator
from sandbox.telegram_chats import ChatMessage
from sandbox.telegram_page import TelegramPage
from sandbox.web import application
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_page import WhatsAppPage
from sandbox.whatsapp_phones import WhatsAppMessage
from tests.kit.patience import PATIENCE

TOKEN, NOW = "1:a", 1_760_000_000.0
BOTH = pytest.mark.parametrize(("channel", "person"), [(TELEGRAM, "7"), (WHATSAPP, "ID.7")])


class Server:
    """The page's server over two emulated platforms, with one person on each."""

    def __init__(self) -> None:
        self.telegram = TelegramEmulator(token=TOKEN, clock=lambda: NOW)
        self.telegram.add_person(7, "Rina", phone="+62811")
        self.whatsapp = WhatsAppEmulator(
            clock=lambda: NOW, account=EmulatedAccount(token="t", phone_id="1", app_secret="s")
        )
        self.whatsapp.people.add("ID.7", "Dewi", phone="62812")
        pages = (
            TelegramPage(self.telegram, [_person(TELEGRAM, "7", "Rina")]),
            WhatsAppPage(self.whatsapp, [_person(WHATSAPP, "ID.7", "Dewi")]),
        )
        transport = httpx.ASGITransport(application(pages, hosts=("page",)))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://page")

    async def post(self, channel: str, act: str, /, **body: Any) -> int:
        """Do something at a phone; gives the answer's status."""
        return (await self.client.post(f"/api/{channel}/{act}", json=body)).status_code

    async def look(self, person: str, **query: Any) -> dict[str, Any]:
        """Everything the page is told."""
        answer = await self.client.get("/api/look", params={"phone": f"{person}:-1", **query})
        told: dict[str, Any] = answer.json()
        return told

    async def messages(self, person: str) -> list[dict[str, Any]]:
        """What a phone shows."""
        shown: list[dict[str, Any]] = (await self.look(person))["phones"][person]["messages"]
        return shown

    def bot_says(self, channel: str, text: str) -> None:
        """Put a message of the bot on the phone, delivered."""
        if channel == TELEGRAM:
            phone = self.telegram.people[7]
            number = self.telegram.next_message_id()
            phone.messages[number] = ChatMessage(number, NOW, True, text=text)
            phone.touch()
        else:
            other = self.whatsapp.people.by_user_id["ID.7"]
            wamid = self.whatsapp.people.wamid()
            other.messages[wamid] = WhatsAppMessage(wamid, NOW, True, text=text, tick="delivered")
            other.touch()


def _person(channel: str, address: str, name: str) -> DemoPerson:
    return DemoPerson(channel, address, name, "PIC", Role.FOCAL_POINT, "dinkes", "62811")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server with nothing said yet."""
    made = Server()
    async with made.client:
        yield made
    await made.whatsapp.close()


def key(message: dict[str, Any]) -> Any:
    """A message's id on its channel."""
    return message.get("message_id") or message["wamid"]


@BOTH
async def test_what_nobody_has_seen_is_counted_until_it_is_seen(
    server: Server, channel: str, person: str
) -> None:
    assert set((await server.look(person))["unread"].values()) == {0}
    server.bot_says(channel, "satu")
    server.bot_says(channel, "dua")
    assert (await server.look(person))["unread"][person] == 2
    assert await server.post(channel, "read", person=person) == 200
    assert (await server.look(person))["unread"][person] == 0


@BOTH
async def test_a_text_is_edited_and_its_first_reading_is_gone(
    server: Server, channel: str, person: str
) -> None:
    await server.post(channel, "say", person=person, text="satu")
    (said,) = await server.messages(person)
    assert await server.post(channel, "edit", person=person, message=key(said), text="dua") == 200
    (said,) = await server.messages(person)
    assert (said["text"], said["edited"]) == ("dua", True)
    server.bot_says(channel, "tiga")
    ours = (await server.messages(person))[-1]
    assert await server.post(channel, "edit", person=person, message=key(ours), text="x") == 400


@BOTH
async def test_a_reply_and_a_forward_name_what_they_come_from(
    server: Server, channel: str, person: str
) -> None:
    server.bot_says(channel, "satu")
    (asked,) = await server.messages(person)
    await server.post(channel, "say", person=person, text="dua", reply_to=key(asked))
    await server.post(channel, "forward", person=person, of=person, message=key(asked))
    _, answer, passed = await server.messages(person)
    assert answer["reply_to"] == key(asked)
    assert passed["text"] == "satu"
    assert passed.get("forwarded_from") == "Desk Inovasi" or passed.get("forwarded")


@BOTH
async def test_who_has_blocked_the_bot_sends_nothing_and_loses_nothing(
    server: Server, channel: str, person: str
) -> None:
    await server.post(channel, "say", person=person, text="satu")
    await server.post(channel, "block", person=person)
    assert (await server.look(person))["phones"][person]["blocked"]
    for act in ("say", "location", "contact"):
        assert await server.post(channel, act, person=person, text="dua") == 409
    await server.post(channel, "block", person=person)
    assert await server.post(channel, "say", person=person, text="dua") == 200
    assert [message["text"] for message in await server.messages(person)] == ["satu", "dua"]


async def test_a_phone_that_is_off_shows_nothing_until_it_is_on(server: Server) -> None:
    await server.post(WHATSAPP, "say", person="ID.7", text="satu")
    await server.post(WHATSAPP, "power", person="ID.7")
    phone = server.whatsapp.people.by_user_id["ID.7"]
    phone.messages["w"] = WhatsAppMessage("w", NOW, True, text="dua", tick="sent")
    assert [message["text"] for message in await server.messages("ID.7")] == ["satu"]
    assert await server.post(WHATSAPP, "say", person="ID.7", text="x") == 409
    await server.post(WHATSAPP, "power", person="ID.7")
    assert [message["text"] for message in await server.messages("ID.7")] == ["satu", "dua"]


@BOTH
async def test_files_sent_together_come_in_their_order_and_are_handed_out(
    server: Server, channel: str, person: str
) -> None:
    files = [("file", (f"{name}.png", b"\x89PNG\r\n" + name.encode(), "image/png")) for name in "ab"]
    form = {"person": person, "kind": "photo", "caption": "dua foto"}
    answer = await server.client.post(f"/api/{channel}/send", data=form, files=files)
    assert answer.status_code == 200
    first, second = await server.messages(person)
    assert (first["text"], second["text"]) == ("dua foto", "")
    assert first.get("group") == second.get("group")
    stored = second["file"].get("file_id") or second["file"]["media_id"]
    shown = await server.client.get(f"/api/{channel}/file/{stored}", params={"show": "1"})
    assert (shown.content, shown.headers["content-type"]) == (b"\x89PNG\r\nb", "image/png")
    saved = await server.client.get(f"/api/{channel}/file/{stored}")
    assert saved.headers["content-disposition"] == "attachment"


@BOTH
@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("say", {"text": " "}),
        ("tap", {}),
        ("edit", {"message": "0", "text": "x"}),
        ("forward", {"message": "0", "of": "nobody"}),
        ("location", {"latitude": "x"}),
    ],
)
async def test_what_makes_no_sense_is_refused(
    server: Server, channel: str, person: str, act: str, body: dict[str, Any]
) -> None:
    assert await server.post(channel, act, person=person, **body) in (400, 404)
    assert await server.post(channel, act, person="nobody", **body) == 404
    assert await server.messages(person) == []


async def test_the_page_hears_of_a_change_at_once_and_only_of_the_phones_it_shows(server: Server) -> None:
    before = await server.look("7")
    known = {"run": before["run"], "after": before["rings"], "phone": "7:99"}
    waiting = asyncio.create_task(server.look("7", **known))
    await asyncio.sleep(0)
    server.bot_says(WHATSAPP, "satu")
    told = await asyncio.wait_for(waiting, PATIENCE)
    assert told["phones"] == {}
    assert told["unread"] == {"7": 0, "ID.7": 1}
    anew = await server.look("7", **{**known, "run": "of an earlier sandbox"})
    assert list(anew["phones"]) == ["7"]


async def test_typing_is_shown_until_the_next_message(server: Server) -> None:
    await server.post(TELEGRAM, "say", person="7", text="satu")
    await server.post(WHATSAPP, "say", person="ID.7", text="satu")
    bot = httpx.ASGITransport(server.telegram.app)
    async with httpx.AsyncClient(transport=bot, base_url="http://api") as api:
        await api.post(f"/bot{TOKEN}/sendChatAction", json={"chat_id": 7, "action": "typing"})
        assert (await server.look("7"))["phones"]["7"]["typing_for"] == 5.0
        await api.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": 7, "text": "halo"})
        assert (await server.look("7"))["phones"]["7"]["typing_for"] == 0.0
    graph = httpx.ASGITransport(server.whatsapp.app)
    head = {"Authorization": "Bearer t"}
    (said,) = await server.messages("ID.7")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": said["wamid"]}
    async with httpx.AsyncClient(transport=graph, base_url="http://api", headers=head) as api:
        await api.post("/v1/1/messages", json={**read, "typing_indicator": {"type": "text"}})
    shown = (await server.look("ID.7"))["phones"]["ID.7"]
    assert (shown["typing_for"], shown["messages"][0]["tick"]) == (25.0, "read")
