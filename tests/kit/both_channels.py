"""The world with a second platform: everybody has WhatsApp too, as the same person, and may change between
the two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.channels.whatsapp.account import submission
from bot.config import Settings
from bot.outbound.pace import Pace
from bot.parts import Helpers
from domain.message import Choice, Message
from domain.templates import load_templates
from domain.texts import LANGUAGES
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_checks import THROUGHPUT
from sandbox.whatsapp_phones import WhatsAppMessage
from sandbox.whatsapp_webhooks import Weather
from storage import service_windows
from storage.engine.transaction import Transaction
from tests.kit.databases import Content, filled, lay, with_people
from tests.kit.in_process import IN_PROCESS
from tests.kit.people import PEOPLE
from tests.kit.world import TOKEN, Person, World

SECRET = "whatsapp-app-secret-of-nobody"
BOTH, TELEGRAM, WHATSAPP = "both", "telegram", "whatsapp"  # where the desk knows people
_KNOWN_ON = {
    BOTH: """
INSERT INTO addresses (channel, address, contact_id)
SELECT 'whatsapp', address, contact_id FROM addresses WHERE channel = 'telegram' ON CONFLICT DO NOTHING
""",
    TELEGRAM: "",
    WHATSAPP: "UPDATE addresses SET channel = 'whatsapp' WHERE channel = 'telegram'",
}
_NEWEST = "SELECT payload FROM outbox WHERE channel = 'whatsapp' AND address = ? ORDER BY id DESC LIMIT 20"


class BothWorld(World):
    """One bot on two emulated platforms."""

    def __init__(self, folder: Path, emulator: TelegramEmulator, url: str, *, known_on: str) -> None:
        super().__init__(folder, emulator, url)
        self.known_on = known_on
        # who answers has read first: nothing is sent in the second in which it was asked
        emulator.clock = lambda: self.clock.now.timestamp() + 1.0
        self.whatsapp = WhatsAppEmulator(
            clock=emulator.clock,
            account=EmulatedAccount(token="token", phone_id="100", app_secret=SECRET),
        )
        # what becomes of a message is told when all has been said, on a machine of any speed
        self.whatsapp.webhooks.change_weather(Weather(statuses_later=True))
        self.whatsapp_url = ""
        for template in load_templates().values():
            for language in LANGUAGES:
                self.whatsapp.templates.create(submission(template, language))
        for address, (name, _, _) in PEOPLE.items():
            self.whatsapp.people.add(str(address), name, phone=f"62811000{address}")

    async def meets(self, address: int, name: str) -> None:
        """Put somebody more at two phones."""
        await super().meets(address, name)
        self.whatsapp.people.add(str(address), name, phone=f"62811000{address}")
        await self.joins()

    async def joins(self) -> None:
        """Have whoever enrolled meanwhile known where everybody is."""
        if statement := _KNOWN_ON[self.known_on]:
            await self.write(lambda tx: tx.execute(statement))

    async def holds_back(self, addresses: Collection[int]) -> None:
        """Have both platforms ask for a pause at the next message to each of these, while everybody's talk is
        open: a template is asked for once, and nothing more can be stopped.
        """
        await super().holds_back(addresses)
        self.whatsapp.faults.codes_of |= {str(address): THROUGHPUT for address in addresses}
        now = self.clock()
        for person in self.whatsapp.people.by_user_id.values():
            person.last_spoke = now.timestamp()
        await self.write(lambda tx: self._note_all_spoke(tx, now))

    def _note_all_spoke(self, tx: Transaction, now: datetime) -> None:
        for user_id in self.whatsapp.people.by_user_id:
            service_windows.spoke(tx, "whatsapp", address=user_id, at=now)

    async def reminds(self) -> int:
        """Let the reminder tick of this moment do its work, and what becomes of its messages be told."""
        told = await super().reminds()
        await self.told_all()
        return told

    async def told_all(self) -> None:
        """Wait until every status is taken, and what follows from it."""
        assert self.app is not None
        for _ in range(2):
            self.whatsapp.webhooks.change_weather(Weather(statuses_later=True))
            await self.whatsapp.webhooks.until_all_taken()
            await self.app.idle()

    @property
    def settings(self) -> Settings:
        """The same bot, with WhatsApp beside Telegram."""
        more = {
            "whatsapp_token": SecretStr("token"),
            "whatsapp_phone_id": "100",
            "whatsapp_app_secret": SecretStr(SECRET),
            "whatsapp_verify_token": SecretStr("word"),
            "whatsapp_api_url": self.whatsapp_url,
        }
        return super().settings.model_copy(update=more)

    async def start(self) -> None:
        """Start the bot, and let the platform know where it listens."""
        await super().start()
        assert self.app is not None
        self.whatsapp.webhooks.point_to(f"http://127.0.0.1:{self.app.port}/whatsapp")
        for sender in self.app.sender.by_channel.values():
            sender._pace = sender._sending._pace = Pace(1e6, 1e6, 1e6)  # a person's six seconds are real ones

    def on_whatsapp(self, address: int) -> WhatsAppPhone:
        """The other phone of one of the people."""
        return WhatsAppPhone(self, address)

    async def settled(self, number: int) -> None:
        """Wait until a webhook is taken and answered."""
        assert self.app is not None
        await self.whatsapp.webhooks.until_taken(number)
        await self.app.idle()
        await self.told_all()


class WhatsAppPhone(Person):
    """Somebody at their WhatsApp; what is written for a person of Telegram works here too."""

    world: BothWorld

    @property
    def user_id(self) -> str:
        """The business-scoped id."""
        return str(self.address)

    @property
    def shown(self) -> list[WhatsAppMessage]:
        """What the desk said here, oldest first."""
        people = self.world.whatsapp.people.by_user_id
        return [one for one in people[self.user_id].messages.values() if one.from_business]

    async def says(self, text: str) -> None:
        """Type a text."""
        await self.world.settled(self.world.whatsapp.people.says(self.user_id, text))

    async def replies(self, to: str, text: str) -> None:
        """Reply to the newest message of the desk that holds this."""
        message = next(one for one in reversed(self.shown) if to in one.text)
        await self.world.settled(self.world.whatsapp.people.says(self.user_id, text, reply_to=message.wamid))

    async def taps(self, label: str, *, oldest: bool = False) -> None:
        """Tap what carries a label, or type the label where it is a word below, or on a further page."""
        data, full = self._meant(label, oldest=oldest)
        for message in self.shown if oldest else reversed(self.shown):
            held = [one for _, one in message.buttons] + [one for _, _, one in message.rows]
            if data in held:
                await self.world.settled(self.world.whatsapp.people.taps(self.user_id, message.wamid, data))
                return
        await self.says(full)

    def newest_label(self, part: str) -> str:
        """The whole label of the newest choices that holds this; "" where none of them does."""
        for (payload,) in self.world.rows(_NEWEST, self.user_id):
            if labels := [choice.label for row in Message.from_json(payload).rows for choice in row]:
                return next((label for label in labels if part in label), "")
        return ""

    async def edits(self, of: str, text: str) -> None:
        """Edit the newest message of one's own that holds this."""
        mine = self.wrote(of)
        assert mine is not None, of
        await self.world.settled(self.world.whatsapp.people.edits(self.user_id, mine.wamid, text))

    def wrote(self, text: str) -> WhatsAppMessage | None:
        """The newest message of one's own that holds this."""
        messages = reversed(self.world.whatsapp.people.by_user_id[self.user_id].messages.values())
        return next((m for m in messages if not m.from_business and text in m.text), None)

    def blocks(self) -> None:
        """Block the desk: nobody is told, sends fail from now on."""
        self.world.whatsapp.people.by_user_id[self.user_id].blocked = True

    async def opens_template(self) -> None:
        """Tap the template that came last, as somebody does who was told that something waits."""
        messages = list(self.world.whatsapp.people.by_user_id[self.user_id].messages.values())
        if messages and messages[-1].template:
            newest = messages[-1]
            tapped = self.world.whatsapp.people.taps(self.user_id, newest.wamid, newest.buttons[0][0])
            await self.world.settled(tapped)

    async def taps_twice(self, label: str) -> None:
        """Tap, and tap again what was tapped."""
        data, _ = self._meant(label, oldest=False)
        await self.taps(label)
        await self.presses(0, data)

    def _meant(self, label: str, *, oldest: bool) -> tuple[str, str]:
        """Find data and whole label of a choice that was offered here."""
        offered: list[Choice] = []
        for (payload,) in self.world.rows(_NEWEST, self.user_id):
            choices = [choice for row in Message.from_json(payload).rows for choice in row]
            offered += sorted(choices, key=lambda choice: choice.label != label)
        fitting = [choice for choice in offered if label in choice.label]
        if not fitting:  # it stands on the phone alone: what lay here was erased
            shown = [button for message in self.shown for button in message.buttons]
            return next((data, title) for title, data in shown if label in title)
        chosen = fitting[-1 if oldest else 0]
        return chosen.data or f"={chosen.label}", chosen.label

    async def presses(self, message_id: int, data: str) -> None:
        """Send whatever data, as of the newest message."""
        await self.world.settled(self.world.whatsapp.people.replies_with_id(self.user_id, data))

    async def sends(
        self, name: str, content: bytes, *, kind: str = "document", mime: str = "", **more: Any
    ) -> None:
        """Send a file."""
        there = {"photo": "image", "voice": "audio"}.get(kind, kind)
        mime = mime or "application/octet-stream"
        people = self.world.whatsapp.people
        if size := more.get("size"):
            content = content.ljust(size, b"\0")
        sent = people.sends_file(self.user_id, kind=there, name=name, mime=mime, content=content)
        await self.world.settled(sent)

    async def sends_together(
        self, files: Sequence[tuple[bytes, str, dict[str, Any]]], *, caption: str
    ) -> None:
        """Send several files at once; the first carries the caption."""
        people, numbers = self.world.whatsapp.people, list[int]()
        for content, name, more in files:
            kind = "image" if more.get("kind") == "photo" else "document"
            said = "" if numbers else caption
            mime = more.get("mime", "application/octet-stream")
            numbers.append(
                people.sends_file(
                    self.user_id, kind=kind, name=name, mime=mime, content=content, caption=said
                )
            )
        for number in numbers:
            await self.world.settled(number)

    async def shares_card(self, *, of_other: bool) -> None:
        """Send a contact card: one's own, or somebody else's."""
        people = self.world.whatsapp.people
        phone = "628999" if of_other else people.by_user_id[self.user_id].phone
        await self.world.settled(people.shares_contact(self.user_id, name=self.name, phone=phone))

    async def shares_location(self, latitude: float, longitude: float) -> None:
        """Share a location."""
        await self.world.settled(
            self.world.whatsapp.people.shares_location(self.user_id, latitude, longitude)
        )


@asynccontextmanager
async def both_in(
    folder: Path, *, known_on: str = BOTH, helpers: Helpers = IN_PROCESS
) -> AsyncIterator[BothWorld]:
    """Open a world with everybody at two phones, the bot running; it knows people where `known_on` says."""
    emulator = TelegramEmulator(token=TOKEN)
    for address, (name, _, _) in PEOPLE.items():
        emulator.add_person(address, name, phone=f"62811000{address}")
    async with serve(emulator.app) as url:
        world = BothWorld(folder, emulator, url, known_on=known_on)
        world.helpers = helpers
        async with serve(world.whatsapp.app) as world.whatsapp_url:
            lay(folder / "desk.db", _enrolled(known_on))
            await world.start()
            try:
                yield world
            finally:
                await world.stop()
                await world.whatsapp.close()


@cache
def _enrolled(known_on: str) -> Content:
    statement = _KNOWN_ON[known_on]
    return filled(with_people(), lambda tx: tx.execute(statement)) if statement else with_people()
