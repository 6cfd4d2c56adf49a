"""People with both phones in hand, who answer, send files and hand in on both in the same second, while the
bot is killed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from domain.conversation.cursor import Cursor
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from sandbox.whatsapp import WhatsAppEmulator
from storage import contacts, cursors, dialogues, innovations, periods
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.complete import COMPLETE
from tests.kit.files import png
from tests.kit.people import let_hand_in
from tests.kit.whatsapp_kills import read_all
from tests.kit.whatsapp_process import BotOnWhatsApp, emulated

TOKEN = "4200000009:BOTH-token-of-nobody-000000000000000"
FIRST = 8000
TEXT, FILES = "tujuan", "foto"  # a text and pictures, five at most, are all that the drafts lack
AT_ONCE = 12  # people who are at it at the same time
LOOK_SECONDS = 0.3  # between two looks whether a person's updates are answered
TRIES = 5  # of a button whose message was lost in a kill
QUOTED = 40  # characters of an answer that are said back at least
TOLD = ("belum disimpan", "tidak ikut tersimpan")  # says that something was not kept
STUCK_SECONDS = 240.0  # of one step of one person
# updates that came (statuses have a colon in their names), those without their turn, answers under way
_STATE = """
SELECT (SELECT count(*) FROM inbox WHERE address IN ('{0}', '{1}') AND external_id NOT LIKE '%:%'),
    (SELECT count(*) FROM inbox WHERE address IN ('{0}', '{1}') AND state NOT IN ('handled', 'given_up')),
    (SELECT count(*) FROM outbox WHERE address IN ('{0}', '{1}') AND state IN ('waiting', 'leased'))
"""


@dataclass
class Report:
    """What a run left."""

    people: int
    kills: int  # asked for
    killed: int = 0
    seconds: float = 0.0
    finished: int = 0
    drafts: list[int] = field(default_factory=list)  # innovations of each person
    submissions: list[int] = field(default_factory=list)  # lines of history by which each was handed in
    kept: int = 0  # files and answers
    answered: int = 0  # what was not kept, and said so
    silent: list[str] = field(default_factory=list)  # what is neither kept nor answered


@dataclass
class Sent:
    """A file or an answer, and where it was sent."""

    channel: str
    what: str  # the hash of a file, or the text
    name: str = ""  # of a file


@dataclass
class Person:
    """One person at both phones; `chance` draws what they do."""

    number: int
    telegram: TelegramEmulator
    whatsapp: WhatsAppEmulator
    site: Path
    chance: random.Random
    sent: list[Sent] = field(default_factory=list)
    acts: int = 0
    done: bool = False

    @property
    def address(self) -> int:
        """On Telegram."""
        return FIRST + self.number

    @property
    def user_id(self) -> str:
        """On WhatsApp."""
        return f"ID.{FIRST + self.number}"

    async def hands_in(self) -> None:
        """Answer, send files and hand in, each on both phones in the same second."""
        self._do_in_any_order([lambda: self._says("telegram"), lambda: self._says("whatsapp")])
        await self._until_quiet()
        await self._opens(f"j:{FILES}")
        if self.chance.random() < 0.3:
            self.telegram.faults.add("getFile", status=500)  # a slow download: it is tried again
        self._do_in_any_order([*self._files("telegram"), *self._files("whatsapp")])
        await self._until_quiet()
        await self._opens("check")
        data = await self._finds(":send", instead="/draf")
        self._do_in_any_order([lambda: self._taps(data), lambda: self._replies_with(data)])
        await self._until_quiet()
        self.done = True

    def _do_in_any_order(self, acts: Sequence[Callable[[], Any]]) -> None:
        for act in self.chance.sample(acts, len(acts)):
            act()

    def _says(self, channel: str) -> None:
        text = f"Tujuan {channel} nomor {self.number}: layanan lebih cepat bagi warga."
        self.sent.append(Sent(channel, text))
        if channel == "telegram":
            self._types(text)
        else:
            self.acts += 1
            self.whatsapp.people.says(self.user_id, text)

    def _types(self, text: str) -> None:
        self.acts += 1
        self.telegram.says(self.address, text)

    def _taps(self, data: str) -> None:
        self.acts += 1
        self.telegram.taps(self.address, max(self.telegram.people[self.address].messages), data)

    def _replies_with(self, data: str) -> None:
        self.acts += 1
        self.whatsapp.people.replies_with_id(self.user_id, data)

    def _files(self, channel: str) -> list[Callable[[], Any]]:
        """Draw the pictures of one phone: one, or an album of two or three."""
        count, group = self.chance.choice((1, 1, 2, 3)), str(self.chance.random())
        return [partial(self._sends, channel, number, group) for number in range(count)]

    def _sends(self, channel: str, number: int, group: str) -> None:
        content = png(4 + self.number, 4 + number + 10 * (channel == "whatsapp"))
        name = f"foto {self.number} {channel} {number}.png"
        self.sent.append(Sent(channel, sha256(content).hexdigest(), name))
        self.acts += 1
        if channel == "telegram":
            self.telegram.sends_file(self.address, name=name, mime="image/png", content=content, group=group)
        else:
            self.whatsapp.people.sends_file(self.user_id, name=name, mime="image/png", content=content)

    async def _opens(self, act: str) -> None:
        """Go to a place of the form from the list of its parts; the act there is one a client may send."""
        shown = await self._finds(":#list:", instead="/draf")
        before, _, behind = shown.partition(":#list:")
        self._taps(f"{before}:#list:{behind.partition(':')[0]}:{act}")
        await self._until_quiet()

    async def _finds(self, part: str, *, instead: str) -> str:
        """Find the newest button with this in its data; where its answer was lost in a kill it is asked for
        once more.
        """
        for _ in range(TRIES):
            if part == ":#list:":
                self._types(instead)
            await self._until_quiet()
            for message in reversed(list(self.telegram.people[self.address].messages.values())):
                for _, data in (button for row in message.keyboard for button in row):
                    if part in data:
                        return data
            if part != ":#list:":
                await self._opens("check")
        raise AssertionError(f"person {self.number}: no button {part}")

    async def _until_quiet(self) -> None:
        """Wait until everything this person did has come, had its turn and is answered."""
        until = time.monotonic() + STUCK_SECONDS
        while time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
            (state,) = read_all(self.site, _STATE.format(self.address, self.user_id))
            if tuple(state) == (self.acts, 0, 0):
                return
        raise AssertionError(f"person {self.number} is stuck: {self.acts} acts, {state}")


async def run(folder: Path, *, people: int, kills: int, seed: int) -> Report:
    """Let people be at it while the bot, on both channels, is killed so many times."""
    chance, site = random.Random(seed), folder / "desk.db"
    telegram, whatsapp = TelegramEmulator(token=TOKEN), emulated()
    whatsapp.webhooks.longest_retry = 1.0
    crowd = [Person(n, telegram, whatsapp, site, random.Random(f"{seed}:{n}")) for n in range(people)]
    for person in crowd:
        telegram.add_person(person.address, f"Orang {person.number}")
        whatsapp.people.add(person.user_id, f"Orang {person.number}", phone=f"62813{person.number:08d}")
    await _let_begin(site, crowd)
    report, began = Report(people, kills), time.monotonic()
    async with serve(telegram.app) as bot_api, serve(whatsapp.app) as graph_api:
        settings = {
            "DESK_TELEGRAM_TOKEN": TOKEN,
            "DESK_TELEGRAM_API_URL": bot_api,
            "DESK_TELEGRAM_CHAT_RATE": "100",
            "DESK_TELEGRAM_CHAT_BURST": "100",
        }
        bot = BotOnWhatsApp(folder, api=graph_api, settings=settings)
        bot.start()
        whatsapp.webhooks.point_to(bot.webhook)
        await bot.until_up()
        talking = asyncio.create_task(_let_all(crowd))
        try:
            for _ in range(kills):
                await bot.until_up()
                await asyncio.sleep(chance.uniform(0.3, 2.5))
                if talking.done():
                    break
                bot.kill()
                bot.start()
                report.killed += 1
            await talking
        finally:
            talking.cancel()
            await bot.stop()
            await whatsapp.close()
    report.seconds = time.monotonic() - began
    for person in crowd:
        _look(report, person)
    return report


async def _let_all(crowd: Sequence[Person]) -> None:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(person: Person) -> None:
        async with at_once:
            await person.hands_in()

    await asyncio.gather(*(one(person) for person in crowd))


async def _let_begin(site: Path, crowd: Sequence[Person]) -> None:
    """Give each a draft that lacks one text, which is asked for, and pictures."""
    known = [(person.address, f"Orang {person.number}") for person in crowd]
    await let_hand_in(site, known, channel="telegram")
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        period = periods.current(tx)
        assert period is not None
        for person in crowd:
            contact = contacts.by_address(tx, "telegram", address=str(person.address))
            assert contact is not None
            tx.execute(
                "INSERT INTO addresses (channel, address, contact_id) VALUES ('whatsapp', ?, ?)",
                (person.user_id, contact.id),
            )
            office = contact.offices[0]
            new = innovations.NewInnovation(
                office_id=office, period_id=period.id, form_version=1, rule_year=2026
            )
            number = innovations.create(tx, new, by=contact.id, now=now)
            answers = {
                question: value for question, value in COMPLETE.items() if question not in (TEXT, FILES)
            }
            answers["nama"] = f"Inovasi orang {person.number}"
            innovations.write(tx, number, changes=answers, before={}, by=contact.id, now=now)
            here = Cursor(at=TEXT, revision=1).to_json()
            cursors.keep(tx, contact.id, innovation_id=number, state=here, now=now)
            dialogues.begin(tx, contact.id, name=dialogues.FORM, state=dialogues.FormOpen(number))

    database = await Database.open(site)
    try:
        await database.run(unit)
    finally:
        await database.close()


_OWN = (
    "SELECT i.id FROM innovations i JOIN addresses a ON a.contact_id = i.created_by WHERE a.address = '{0}'"
)
_MOVES = (
    "SELECT count(*) FROM history WHERE innovation_id = {0} AND question = '#state' AND new LIKE '%terkirim%'"
)
_KEPT = "SELECT sha256 FROM evidence WHERE innovation_id = {0} AND question = '" + FILES + "'"
_HEARD = """
SELECT json_extract(payload, '$.text') FROM outbox WHERE channel = '{0}' AND address = '{1}' ORDER BY id
"""


def _look(report: Report, person: Person) -> None:
    """Fill the report with what is left of one person."""
    report.finished += person.done
    own = [number for (number,) in read_all(person.site, _OWN.format(person.address))]
    report.drafts.append(len(own))
    report.submissions.append(sum(read_all(person.site, _MOVES.format(number))[0][0] for number in own))
    kept = {sha for number in own for (sha,) in read_all(person.site, _KEPT.format(number))}
    written = str(
        [read_all(person.site, f"SELECT new FROM history WHERE innovation_id = {number}") for number in own]
    )
    for sent in person.sent:
        if (sent.what in kept) if sent.name else (sent.what in written):
            report.kept += 1
            continue
        address = str(person.address) if sent.channel == "telegram" else person.user_id
        heard = [text for (text,) in read_all(person.site, _HEARD.format(sent.channel, address))]
        named = sent.name or sent.what[:QUOTED]
        if any(sign in text and named in text for text in heard for sign in TOLD):
            report.answered += 1
        else:
            report.silent.append(f"{person.number} {sent} heard {heard}")
