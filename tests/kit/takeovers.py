"""Two hosts with one desk on a server: the owner is killed or frozen while people hand in."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.serve import serve
from sandbox.whatsapp import WhatsAppEmulator
from storage.engine.site import Server
from tests.kit.whatsapp_kills import Report, gather_crowd, look, read_all, under_way, until_settled
from tests.kit.whatsapp_process import BotOnWhatsApp

LOOK_SECONDS = 0.05
TURNS_SECONDS = 0.3  # between two changes of the host that webhooks go to
WOKEN_SECONDS = 60.0  # in which a woken host has to notice that it is not the owner any more
TAKEN_SECONDS = 60.0  # until nobody is believed to take over at all; it takes 5 on a machine that is idle


@dataclass
class Takeovers:
    """What a run of takeovers left."""

    left: Report
    seconds: list[float] = field(default_factory=list)  # from the end of an owner to the next one's term
    woken: list[int | None] = field(default_factory=list)  # exit codes of those who slept; None: still there


class Hosts:
    """Two processes with a folder each, and one database."""

    def __init__(self, folder: Path, site: Server, *, api: str) -> None:
        """They share the evidence, as two hosts share a store."""
        shared = {"DESK_DATABASE_URL": site.address, "DESK_EVIDENCE_URL": str(folder / "shared")}
        self.site = site
        self.both = [
            BotOnWhatsApp(_make(folder / name), api=api, settings=shared) for name in ("first", "second")
        ]
        self.owner = 0  # the one that owns the desk, as far as is known

    @property
    def term(self) -> int:
        """The term of the lease."""
        rows = read_all(self.site, "SELECT term FROM desk_lease")
        return int(rows[0][0]) if rows else 0

    async def start(self) -> None:
        """Start one and, when it owns the desk, the other."""
        for bot in self.both:
            bot.start()
            await bot.until_up()

    async def until_taken_over(self, before: int) -> float:
        """Wait until the other has the next term; returns how long that took."""
        began = time.monotonic()
        while self.term <= before:
            if time.monotonic() - began > TAKEN_SECONDS:
                raise AssertionError("nobody took over")
            await asyncio.sleep(LOOK_SECONDS)
        self.owner = 1 - self.owner
        return time.monotonic() - began


def _make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


async def run_takeovers(
    folder: Path, site: Server, *, people: int, kills: int, freezes: int, seed: int
) -> Takeovers:
    """Let people hand in while the owner is killed and frozen so many times, in an order by chance."""
    chance = random.Random(seed)
    emulator, crowd = await gather_crowd(site, people=people, seed=seed)
    result, began = Takeovers(Report(people, kills + freezes)), time.monotonic()
    async with serve(emulator.app) as api:
        hosts = Hosts(folder, site, api=api)
        await hosts.start()
        pushing = asyncio.create_task(_push_to_either(emulator, hosts, chance))
        talking = [asyncio.create_task(person.hands_in()) for person in crowd]
        try:
            for is_kill in chance.sample([True] * kills + [False] * freezes, kills + freezes):
                await asyncio.sleep(chance.uniform(0.5, 2.0))
                await (_kill if is_kill else _freeze)(hosts, result)
            await until_settled(talking, emulator, site)
        finally:
            for task in (*talking, pushing):
                task.cancel()
            for bot in hosts.both:
                await bot.stop()
            await emulator.close()
    result.left.seconds = time.monotonic() - began
    look(result.left, site, crowd, emulator)
    return result


async def _push_to_either(emulator: WhatsAppEmulator, hosts: Hosts, chance: random.Random) -> None:
    """Have webhooks go now to the one host, now to the other, as a proxy does."""
    while True:
        emulator.webhooks.point_to(chance.choice(hosts.both).webhook)
        await asyncio.sleep(TURNS_SECONDS)


async def _kill(hosts: Hosts, result: Takeovers) -> None:
    victim, term = hosts.both[hosts.owner], hosts.term
    victim.kill()
    result.left.unsure |= under_way(hosts.site)
    result.seconds.append(await hosts.until_taken_over(term))
    victim.start()
    await victim.until_up()


async def _freeze(hosts: Hosts, result: Takeovers) -> None:
    victim, term = hosts.both[hosts.owner], hosts.term
    victim.freeze()
    result.left.unsure |= under_way(hosts.site)
    result.seconds.append(await hosts.until_taken_over(term))
    victim.wake()
    result.woken.append(await victim.ended(WOKEN_SECONDS))
    with suppress(ProcessLookupError):
        victim.kill()
    victim.start()
    await victim.until_up()
