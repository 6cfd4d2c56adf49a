"""The panel's server: what it shows, told as soon as it changes, and what it does to the world."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from domain.people import Role
from domain.texts import LANGUAGES
from sandbox import outbox_words, panel_view
from sandbox.fault_switches import DONE_BY, SWITCHES, FaultSwitches
from sandbox.filling import ZONE
from sandbox.happenings import Happenings
from sandbox.kills import Kill, Kills
from sandbox.panel_words import PanelWords, Speaker, load_panel_words
from sandbox.tour import Deeds, Tour
from sandbox.whatsapp_webhooks import REPEATED
from sandbox.world import World
from storage import periods
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time

if TYPE_CHECKING:
    from domain.desk_data import DeskData

POLL_SECONDS = 25.0
LOOK_SECONDS = 0.4  # between two looks at the world while somebody waits for a change
PLAN_SECONDS = 2.0  # how long a plan of the next morning is good for
SPEEDS = {"hour": 3600.0, "day": 6 * 3600.0}  # of a clock that plays, seconds in a second
Body = Mapping[str, Any]


class Panel:
    """The panel of one world."""

    def __init__(self, world: World, *, begin_anew: Callable[[], None]) -> None:
        """Listen to both platforms from now on; `begin_anew` ends this world and begins it afresh."""
        self._world, self._begin_anew = world, begin_anew
        crowd = [person for each in world.crowd.values() for person in each]
        by_address = {person.address: person for person in crowd}
        by_phone = {person.phone: person for person in crowd if person.phone}
        self._happenings = Happenings(
            world.clock.seconds, {**by_phone, **by_address}, label_of=world.telegram.label_of
        )
        self._leaders = {person.address for person in crowd if person.role is Role.LEADER}
        self._faults = FaultSwitches(world.telegram, world.whatsapp, world.lines)
        self._kills = Kills(world, tell=self._note_kill)
        self._tour = Tour(
            world.data, crowd, now=lambda: world.clock.now().astimezone(ZONE), scenario=world.scenario
        )
        self._desk_data: DeskData | None = None
        self._plans: dict[str, tuple[float, Mapping[str, object]]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._fault_since: dict[str, int] = {}  # the last line of the journal when a fault was switched on
        world.telegram.updates.on_put = self._happenings.take_update
        world.telegram.updates.on_repeat = lambda: self._happenings.take_weather(REPEATED, 1)
        world.whatsapp.webhooks.on_weather = self._happenings.take_weather
        world.telegram.on_call = self._happenings.take_call
        world.whatsapp.webhooks.on_put = self._happenings.take_webhook
        world.whatsapp.on_call = self._happenings.take_graph_call

    def routes(self) -> Sequence[BaseRoute]:
        """List what the panel answers."""
        acts: Mapping[str, Callable[[Body], Awaitable[None]]] = {
            "move": self._move,
            "play": self._play,
            "fault": self._switch_fault,
            "block": self._block,
            "kill": self._kill,
            "tour": self._act_on_tour,
            "fresh": self._begin_afresh,
        }
        return [
            Route("/api/panel", self._look),
            Route("/api/panel/words", self._list_words),
            Route("/api/panel/raw/{number:int}", self._show_raw),
            *(
                Route(f"/api/panel/{name}", _make_handler(act), methods=["POST"])
                for name, act in acts.items()
            ),
        ]

    # what it shows

    async def _list_words(self, request: Request) -> Response:
        """Hand out every word of the panel and the tour in one language."""
        return JSONResponse(load_panel_words()[_read_language(request)].all_of(""))

    async def _look(self, request: Request) -> Response:
        """Answer with the whole panel as soon as it differs from what the page has."""
        language, known = _read_language(request), request.query_params.get("after", "")
        until = monotonic() + POLL_SECONDS
        while True:
            shown = await self._show(language)
            digest = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
            if digest != known or monotonic() > until:
                return JSONResponse({"digest": digest, **shown})
            await asyncio.sleep(LOOK_SECONDS)

    async def _show(self, language: str) -> Mapping[str, object]:
        world, words = self._world, load_panel_words()[language]
        if self._desk_data is None:
            self._desk_data = await asyncio.to_thread(_read_desk_data)
        deeds = self._gather_deeds()
        speaker = Speaker(words, world.clock.now(), ZONE, language)
        read = await world.look(lambda tx: self._read(tx, speaker, deeds=deeds))
        blocked = self._faults.blocked()
        return {
            **read,
            "bot": {
                "up": world.bot.up.is_set(),
                "kill": panel_view.show_kill(self._kills.last, speaker=speaker),
            },
            "faults": [
                {"name": name, "on": name in self._faults.on, "seen": self._say_seen(name, words)}
                for name in SWITCHES
            ],
            "blocked": sorted(blocked),
            "journal": self._happenings.show(words),
            "tour": self._tour.show(words),
        }

    def _say_seen(self, fault: str, words: PanelWords) -> str:
        """Say what a fault that is on has done so far; "" where it is off."""
        if fault not in self._faults.on:
            return ""
        done = self._happenings.count_since(self._fault_since.get(fault, 0), keys={DONE_BY[fault]})
        return words(f"panel.seen_{fault}", count=done, held=self._faults.count_held())

    def _read(self, tx: Transaction, speaker: Speaker, *, deeds: Deeds) -> Mapping[str, object]:
        """Read everything that stands in the database."""
        desk_data = self._desk_data
        if desk_data is None:
            raise LookupError("the desk's data are not read yet")
        period = periods.current(tx)
        self._tour.observe(tx, deeds)
        return {
            "clock": panel_view.show_clock(self._world.moves, period, speaker=speaker),
            "figures": panel_view.show_figures(tx, desk_data, period=period, speaker=speaker),
            "outbox": outbox_words.list_waiting(tx, speaker, bot_is_up=self._world.bot.up.is_set()),
            "sent": outbox_words.list_sent(tx, speaker),
            "planned": self._plan(tx, desk_data, speaker=speaker),
        }

    def _plan(self, tx: Transaction, desk_data: DeskData, *, speaker: Speaker) -> Mapping[str, object]:
        """Plan the next morning, anew only every few seconds: every office is judged for it."""
        made, plan = self._plans.get(speaker.language, (-PLAN_SECONDS, {}))
        if monotonic() - made >= PLAN_SECONDS:
            plan = outbox_words.list_planned(tx, desk_data, speaker=speaker)
            self._plans[speaker.language] = (monotonic(), plan)
        return plan

    def _gather_deeds(self) -> Deeds:
        """See in the journal what leaders have asked since the tour began."""
        since = self._tour.progress.since
        began = utc_time(since).timestamp() if since else 0.0
        lines = [line for line in self._happenings.lines if line.at >= began]
        asked: set[str] = set()
        drilled = False
        for line in lines:
            if line.key == "wrote" and "status" in str(line.parameters["text"]).lower():
                asked |= {line.address} & self._leaders
            drilled = drilled or (line.key == "tapped" and line.address in asked)
        back = any(line.key == "back" for line in lines)
        return Deeds(bool(asked), drilled, back)

    async def _show_raw(self, request: Request) -> Response:
        """Show what a line of the journal was written from."""
        raw = self._happenings.raw_of(request.path_params["number"])
        if raw is None:
            raise HTTPException(404)
        return Response(
            json.dumps(raw, indent=1, ensure_ascii=False, default=str), media_type="application/json"
        )

    # what it does

    async def _move(self, body: Body) -> None:
        world = self._world
        period = await world.look(periods.current)
        until = world.stops.target(
            str(body.get("to")), world.clock.now(), deadline=period.deadline if period else None
        )
        if until is None or (world.moves.until is not None and not world.moves.speed):
            raise HTTPException(409, "the clock cannot be moved there now")
        world.moves.play(0)  # a clock that plays stops for it
        self._start(self._go(until))

    async def _go(self, until: datetime) -> None:
        await self._world.moves.go(until)
        self._happenings.add("clock")

    async def _play(self, body: Body) -> None:
        self._world.moves.play(SPEEDS.get(str(body.get("speed")), 0.0))

    async def _switch_fault(self, body: Body) -> None:
        name, on = str(body.get("name")), bool(body.get("on"))
        await self._faults.switch(name, on=on)
        self._happenings.add("fault_on" if on else "fault_off", fault=name)
        self._fault_since[name] = self._happenings.count

    async def _block(self, body: Body) -> None:
        self._faults.block(str(body.get("person")), on=bool(body.get("on")))

    async def _kill(self, body: Body) -> None:
        self._start(self._kills.kill())

    def _note_kill(self, kill: Kill) -> None:
        if kill.after is None:
            self._happenings.add("killed")
        else:
            self._happenings.add("back", seconds=max(1, round(kill.seconds)))

    async def _act_on_tour(self, body: Body) -> None:
        self._tour.act(str(body.get("act")))

    async def _begin_afresh(self, body: Body) -> None:
        self._begin_anew()

    def _start(self, work: Awaitable[Any]) -> None:
        """Do something the page does not wait for."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _read_desk_data() -> DeskData:
    """Read the packaged data as the bot does; imported here, for the page need not wait for it to come up."""
    from handlers.assembly import build

    return build(timezone=ZONE.key, language="id").desk_data


def _read_language(request: Request) -> str:
    language = request.query_params.get("lang", "id")
    return language if language in LANGUAGES else "id"


def _make_handler(act: Callable[[Body], Awaitable[None]]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            await act(await request.json())
        except (KeyError, ValueError) as error:
            raise HTTPException(400, "there is no such thing") from error
        return JSONResponse({})

    return handle
