"""The two emulated platforms with everybody's phones, as the sandbox runs them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.channels.whatsapp.account import submission
from domain.templates import load_templates
from domain.texts import LANGUAGES
from sandbox.clock import WorldClock
from sandbox.demo import DemoPerson
from sandbox.telegram import TelegramEmulator
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator

TOKEN = "4200000002:SANDBOX-token-of-nobody-000000000000"
PHONE_ID = "100000000000001"
JOURNAL_KEPT = 2000
RETRY_SECONDS = (
    1.0  # until a webhook is tried again, at most: nobody should wait long for a bot that was killed
)


def emulate_telegram(crowd: Sequence[DemoPerson], clock: WorldClock) -> TelegramEmulator:
    """Give everybody of the crowd a phone."""
    emulator = TelegramEmulator(token=TOKEN, clock=clock.seconds, journal_limit=JOURNAL_KEPT)
    for person in crowd:
        emulator.add_person(int(person.address), person.name, phone=f"+{person.phone}")
        emulator.people[int(person.address)].started = person.role is not None
    return emulator


def emulate_whatsapp(crowd: Sequence[DemoPerson], clock: WorldClock) -> WhatsAppEmulator:
    """A number whose templates are approved already; what its secrets are, only this process and the bot
    know.
    """
    emulator = WhatsAppEmulator(
        clock=clock.seconds,
        journal_limit=JOURNAL_KEPT,
        series=secrets.token_hex(8),
        account=EmulatedAccount(
            token=secrets.token_urlsafe(), phone_id=PHONE_ID, app_secret=secrets.token_urlsafe()
        ),
    )
    emulator.webhooks.longest_retry = RETRY_SECONDS
    for person in crowd:
        emulator.people.add(person.address, person.name, phone=person.phone)
    for template in load_templates().values():
        for language in LANGUAGES:
            emulator.templates.create(submission(template, language))
    return emulator
