"""A send of unknown fate is repeated once at most, whatever is answered, told later or killed in between.

The outbox itself is driven, with the code that sends: a machine draws what the platform answers, when its
statuses come, when the process dies and when a lease runs out, and counts the sends of one message that may
have arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import coroutine
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.attachments.making import Maker
from bot.channels import (
    FateUnknown,
    NotSent,
    Refused,
    SendError,
    TemplateRefused,
    Throttled,
    Undeliverable,
    WindowClosed,
)
from bot.channels.contract import SendStatus
from bot.channels.limits import Limits
from bot.inbound.send_status import take_status
from bot.outbound.one_message import Account, Hooks, Means, Sending
from bot.outbound.pace import Pace
from bot.store.folder import FolderStore
from bot.store.local_copies import LocalCopies
from domain.delivery import Progress
from domain.event_log import UNHEARD
from domain.message import Message, Template
from domain.templates import TemplateNews
from storage import held_messages, outbox, outbox_leases, service_windows, templates
from storage.engine.sqlite import SqliteTransaction
from storage.engine.transaction import Transaction
from storage.outbox_leases import Outgoing
from storage.templates import APPROVED, UTILITY
from tests.kit.clock_and_codes import MORNING
from tests.kit.courier import CourierChannel
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK

T = TypeVar("T")
CHANNEL, ADDRESS, DAY = "kurir", "ID.1", 86_400
LEASE = timedelta(seconds=60)
ERRORS: dict[str, Callable[[], SendError]] = {
    "no answer": lambda: FateUnknown("timed out"),
    "429": lambda: Throttled(6.0),
    "500": lambda: NotSent("131016"),
    "refused": lambda: Refused("131051"),
    "no WhatsApp": lambda: Undeliverable("131026"),
    "window": lambda: WindowClosed("131047"),
    "template": lambda: TemplateRefused("132015", "PAUSED"),
}
ARRIVED = {Progress.DELIVERED, Progress.READ}
# what leads on is drawn more often than what ends it
ANSWERS = st.sampled_from([*["no answer"] * 6, *["window"] * 3, *ERRORS, None])
LATER: dict[str, Callable[[], SendError]] = {
    name: ERRORS[name] for name in ("500", "refused", "no WhatsApp", "window", "template")
}


@dataclass
class Send:
    """One send, as it stands at the platform's door."""

    reference: str
    may_have_arrived: bool = True  # until it is refused, or told to have failed
    told: set[Progress] = field(default_factory=set)


class Platform(CourierChannel):
    """Lets every send wait at its door for the answer that is drawn; free messages need a window."""

    name = CHANNEL
    limits = Limits(**{**{name: getattr(CourierChannel.limits, name) for name in Limits.__slots__},
                       "window_seconds": float(DAY)})  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.sends: list[Send] = []

    async def send(
        self, address: str, message: Message, file: Path | None = None, *, tracker: int = 0
    ) -> str:
        self.sends.append(Send(f"w.{len(self.sends)}"))
        return await _answer()


@coroutine
def _answer() -> Generator[None, str, str]:
    return (yield)


class InMemory:
    """A database whose units are run at once."""

    def __init__(self, tx: SqliteTransaction) -> None:
        self.tx = tx

    async def run(self, unit: Callable[[Transaction], T], **_: Any) -> T:
        return unit(self.tx)

    read = run


class OneMessage(RuleBasedStateMachine):
    """One message on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.tx = in_memory(with_people())
        self.now = MORNING
        self.platform, self.account = Platform(), Account()
        self.sending = self.start()
        self.in_air: list[tuple[Send, Coroutine[None, str, None]]] = []

    def start(self) -> Sending:
        """Begin with nothing in memory, as after a kill."""
        self.account, folder = Account(), Path("/nowhere")
        database: Any = InMemory(self.tx)
        hooks = Hooks(
            template_lost=lambda tx, channel, news, now: DESK.template_told(tx, channel, news=news, now=now),
            not_arrived=lambda tx, number, now: DESK.not_arrived(tx, number, now=now),
        )
        maker = Maker(database, copies=LocalCopies(FolderStore(folder), folder), drawn=folder)
        pace = Pace(1e6, 1e6, 1e6)
        means = Means(database, self.platform, lambda: self.now, pace, maker, UNHEARD, hooks=hooks)
        return Sending(means, account=self.account)

    @initialize(repeatable=st.booleans(), rings=st.booleans(), spoke=st.booleans())
    def write(self, repeatable: bool, rings: bool, spoke: bool) -> None:
        self.most = 2 if repeatable else 1
        template = Template("announcement", "id", (), "o:tugas", follows=False) if rings else None
        news = TemplateNews("announcement", "id", APPROVED, UTILITY)
        templates.note(self.tx, CHANNEL, news=news, now=self.now)
        if spoke:
            service_windows.spoke(self.tx, CHANNEL, address=ADDRESS, at=self.now)
        terms = outbox.Terms(repeatable=repeatable)
        message = Message("Kabar", template=template)
        number = outbox.insert(
            self.tx, channel=CHANNEL, address=ADDRESS, message=message, now=self.now, terms=terms
        )
        assert number
        self.number = number

    def leaves(self) -> bool:
        """Lease it and have it go as far as the platform's door; tells whether it came there."""
        self.now += timedelta(minutes=3)  # longer than any pause but those that wait for the person
        rows: list[Outgoing] = outbox_leases.claim(
            self.tx, CHANNEL, now=self.now, until=self.now + LEASE, limit=1, bulk=1
        )
        came = len(self.platform.sends)
        for row in rows:
            sending = self.sending.send(row, 0.0)
            with suppress(StopIteration):
                sending.send(None)
                self.in_air.append((self.platform.sends[-1], sending))
        self.write_down()
        return len(self.platform.sends) > came

    def answer(self, place: int, error: str | None) -> None:
        send, sending = self.in_air.pop(place)
        if send.told and error != "no answer":
            error = None  # what has a status was taken
        send.may_have_arrived = send.may_have_arrived and error in (None, "no answer")
        with suppress(StopIteration):
            if error is None:
                sending.send(send.reference)
            else:
                sending.throw(ERRORS[error]())

    def write_down(self) -> None:
        outcomes, self.account.outcomes = self.account.outcomes, []
        self.sending.write_down(self.tx, outcomes, now=self.now)

    @rule(errors=st.lists(ANSWERS, min_size=4, max_size=6), repeatable=st.booleans(), rings=st.booleans())
    def it_leaves(self, errors: list[str | None], repeatable: bool, rings: bool) -> None:
        """The platform answers at once; a message that is held waits for the person, who speaks. Where
        nothing is left to do for a message, the next one begins.
        """
        if self.state() in ("sent", "failed", "unknown", "dropped"):
            self.dies()
            self.platform.sends.clear()
            self.write(repeatable, rings, spoke=True)
        for error in errors:
            if self.leaves():
                self.answer(-1, error)
                self.write_down()
            else:
                self.the_person_speaks()

    @rule(error=ANSWERS)
    def it_leaves_and_the_process_dies(self, error: str | None) -> None:
        """The answer is not written down."""
        if self.leaves():
            self.answer(-1, error)
        self.dies()

    @rule()
    def it_leaves_and_no_answer_comes_yet(self) -> None:
        self.leaves()

    @rule()
    def dies_now(self) -> None:
        self.dies()

    @precondition(lambda self: self.in_air)
    @rule(place=st.integers(0, 3), error=ANSWERS)
    def a_late_answer_comes(self, place: int, error: str | None) -> None:
        self.answer(place % len(self.in_air), error)
        self.write_down()

    def dies(self) -> None:
        for _, sending in self.in_air:
            sending.close()
        self.in_air = []
        self.sending = self.start()
        outbox_leases.recover(self.tx, now=self.now, all_leases=True)

    @rule(seconds=st.sampled_from([61, DAY]))
    def leases_run_out(self, seconds: int) -> None:
        """A send may still be in the air: the machine slept, or the clock jumped."""
        self.now += timedelta(seconds=seconds)
        outbox_leases.recover(self.tx, now=self.now)

    @rule()
    def the_person_speaks(self) -> None:
        service_windows.spoke(self.tx, CHANNEL, address=ADDRESS, at=self.now)
        held_messages.release(self.tx, CHANNEL, address=ADDRESS, now=self.now)

    @precondition(lambda self: self.platform.sends)
    @rule(
        place=st.integers(0, 5),
        progress=st.sampled_from([*Progress]),
        error=st.sampled_from(sorted(LATER)),
    )
    def a_status_comes(self, place: int, progress: Progress, error: str) -> None:
        """Each at most once for a send, as the inbox keeps it; what failed is told of nothing more."""
        tellable = [send for send in self.platform.sends if send.may_have_arrived]
        if not tellable:
            return
        send = tellable[place % len(tellable)]
        if progress in send.told or (progress is Progress.FAILED and send.told & ARRIVED):
            return
        send.told.add(progress)
        failed = progress is Progress.FAILED
        send.may_have_arrived = not failed
        status = SendStatus(self.number, progress, send.reference, LATER[error]() if failed else None)
        take_status(self.tx, CHANNEL, status=status, now=self.now, desk=DESK)

    @invariant()
    def it_arrives_no_more_often_than_it_may(self) -> None:
        if self.platform.sends:
            assert sum(send.may_have_arrived for send in self.platform.sends) <= self.most

    def state(self) -> str:
        row = self.tx.execute("SELECT state FROM outbox WHERE id = ?", (self.number,)).fetchone()
        return str(row[0])

    def teardown(self) -> None:
        """What was refused every time is not held for sent."""
        self.dies()
        if not any(send.may_have_arrived for send in self.platform.sends):
            assert self.state() != "sent"
        self.tx.close()


TestOneMessage = OneMessage.TestCase
TestOneMessage.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
