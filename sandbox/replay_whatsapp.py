"""The WhatsApp of everybody in a replayed period: the emulated platform under the replay's clock.

Messages, templates, statuses and what people write travel as they do in earnest: over the emulator's wire,
signed, through the channel's own intake and the bot's own turns.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot import log as logging
from bot import templates
from bot.channels.contract import Request
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.render import LIMITS
from domain.templates import Templates
from sandbox.replay_events import WHATSAPP, address_on
from sandbox.serve import serve
from sandbox.whatsapp import EmulatedAccount, GraphLimits, WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from storage.engine.database import Database
from storage.inbox import Arrival

TOKEN, PHONE_ID = "token-of-nobody", "100"
SECRET = "whatsapp-app-secret-of-nobody"
TAPS_SHARE = 0.6  # of the templates a person gets


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did on the phone."""

    number: str
    words: str  # typed, or on the button


class WhatsAppPhones:
    """The phones of a replay, and the channel that reaches them."""

    window_seconds = LIMITS.window_seconds

    def __init__(self, emulator: WhatsAppEmulator, channel: WhatsAppChannel, *, seed: int) -> None:
        """`seed` draws which templates are tapped."""
        self.emulator, self.channel = emulator, channel
        self._chance = random.Random(seed)
        self._looked: set[str] = set()
        self._to_tap: list[tuple[str, WhatsAppMessage]] = []
        (self._webhook,) = [route for route in channel.routes() if route.method == "POST"]

    def add(self, number: str, name: str) -> None:
        """Put somebody at a phone whose number the platform does not tell."""
        self.emulator.people.add(address_on(WHATSAPP, number), name)

    def has(self, number: str) -> bool:
        """Tell whether this person uses WhatsApp here."""
        return address_on(WHATSAPP, number) in self.emulator.people.by_user_id

    def block(self, number: str) -> None:
        """Take no more messages from the bot."""
        self.emulator.people.by_user_id[address_on(WHATSAPP, number)].blocked = True

    def say(self, number: str, words: str) -> Act:
        """Have a person write."""
        self.emulator.people.says(address_on(WHATSAPP, number), words)
        return Act(number, words)

    def tap_templates(self) -> list[Act]:
        """Tap the templates that came earlier and that their readers answer."""
        to_tap, self._to_tap = self._to_tap, []
        for number, message in to_tap:
            self.emulator.people.taps(address_on(WHATSAPP, number), message.wamid, message.buttons[0][1])
        return [Act(number, message.buttons[0][0]) for number, message in to_tap]

    def read_new(self) -> Iterator[tuple[str, WhatsAppMessage]]:
        """Look at what came since the last look: the person's number and the message."""
        for person in self.emulator.people.by_user_id.values():
            for message in person.messages.values():
                if message.from_business and message.wamid not in self._looked:
                    self._looked.add(message.wamid)
                    number = person.user_id.removeprefix("ID.")
                    if message.template and self._chance.random() < TAPS_SHARE:
                        self._to_tap.append((number, message))
                    yield number, message

    def take_webhooks(self) -> list[Arrival]:
        """Take in what the platform pushes, as the bot's web server does; raises ValueError where it is
        refused.
        """
        hooks = self.emulator.webhooks
        items, hooks.waiting = hooks.waiting, []
        if not items:
            return []
        body = hooks.body_of(items)
        answer = self._webhook.answer(
            Request({b"x-hub-signature-256": hooks.signature(body).encode()}, b"", body)
        )
        if answer.status != 200:
            raise ValueError(f"the intake answered {answer.status}, expected 200")
        for item in items:
            hooks.taken.add(item.number)
            hooks.when_taken(item.number)
        return list(answer.arrivals)


@asynccontextmanager
async def whatsapp_phones(clock: Callable[[], float], *, seed: int) -> AsyncIterator[WhatsAppPhones]:
    """Open the platform with its limits enforced by `clock` (seconds since 1970), and the channel to it."""
    emulator = WhatsAppEmulator(
        clock=clock,
        limits=GraphLimits(),
        journal_limit=0,
        account=EmulatedAccount(token=TOKEN, phone_id=PHONE_ID, app_secret=SECRET),
    )
    async with serve(emulator.app) as root:
        channel = WhatsAppChannel(
            TOKEN,
            phone_id=PHONE_ID,
            app_secret=SECRET,
            verify_token=SECRET,
            root=root,
            account_id=emulator.account_id,
        )
        try:
            await channel.open()
            yield WhatsAppPhones(emulator, channel, seed=seed)
        finally:
            await channel.close()
            await emulator.close()


async def approve_templates(
    channel: WhatsAppChannel, database: Database, *, ours: Templates, now: datetime
) -> None:
    """Hand every template in, which the platform approves, and learn that from the account."""
    for template, language in templates.each(ours):
        await channel.submit_template(template, language)
    await templates.learn(database, channel, ours=ours, now=now, log=logging.logger())
