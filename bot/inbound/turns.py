"""Turns: one row each under its savepoint; plain functions in the database's thread, which may run twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from bot.channels import Channel
from bot.channels.contract import SendStatus, StatusArrival
from bot.inbound import albums, stranger_turns
from bot.inbound.albums import Parse
from bot.inbound.answering import queue_answer
from bot.inbound.fetched import is_unfetched, read_fetched
from bot.inbound.flood import Flood
from bot.inbound.send_status import KeptStatus, keep_statuses, kept_statuses, take_status
from bot.inbound.strangers import Strangers
from bot.inbound.turn_contract import Deliverer, Desk
from domain.event_log import where
from domain.kept_json import read_json
from domain.message import Inbound, Kind, Message
from domain.templates import TemplateNews
from domain.wants import Wants, WantsFile, WantsLink
from storage import (
    address_names,
    held_messages,
    inbox,
    inbox_counts,
    outbox,
    outbox_rows,
    service_windows,
    turns_at_once,
)
from storage.engine.errors import is_away, is_full
from storage.engine.transaction import Transaction
from storage.inbox import Arrival, InboxRow
from storage.outbox_leases import Outgoing

AT_ONCE = 64  # addresses in one transaction
TRIES = 5  # of a turn that raises, then it is given up
TURN_SECONDS = 2.0  # a turn takes about a millisecond; past this its query is interrupted
ROUND_SECONDS = 0.1  # after which a round commits what it has: nobody waits for another's slow turn
CHANNEL_OFF = timedelta(hours=1)  # between looks at the rows of a channel that is not configured


class LostTransaction(Exception):
    """a turn that cost the whole transaction"""

    def __init__(self, row: InboxRow) -> None:
        super().__init__(f"inbox row {row.id}")
        self.row = row


@dataclass(slots=True)
class Round:
    """What one transaction did, to be acted upon after its commit."""

    rows: int = 0
    seconds: float = 0.0  # of all its turns, without the commit
    more: bool = False  # whether rows are left that could have their turn now
    fetches: list[tuple[InboxRow, Wants]] = field(default_factory=list)
    gathers: list[InboxRow] = field(default_factory=list)  # the first of an album each
    outgoing: list[Outgoing] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)  # channels that carry nothing, as their statuses say


class Turns:
    """Takes turns; whatever a row does, the others have theirs."""

    def __init__(
        self,
        desk: Desk,
        *,
        channels: Mapping[str, Channel],
        sender: Deliverer,
        flood: Flood | None = None,
        strangers: Strangers | None = None,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """A turn has `turn_seconds`; `flood` and `strangers` hold back who writes too much."""
        self._desk = desk
        self._channels = channels
        self._sender = sender
        self._flood = flood
        self._strangers = strangers
        self._seconds = turn_seconds

    def take_in(
        self, tx: Transaction, channel: str, arrivals: Sequence[Arrival], *, now: datetime
    ) -> tuple[int, Round]:
        """Keep updates, write down the statuses among them, and take turns; returns how many were new.

        No more turns than it takes to have those of who just wrote: the platform waits for this commit.
        """
        statuses = [arrival for arrival in arrivals if isinstance(arrival, StatusArrival)]
        others = [arrival for arrival in arrivals if not isinstance(arrival, StatusArrival)]
        new_statuses = keep_statuses(tx, channel, statuses, now=now, desk=self._desk) if statuses else 0
        new, rows = turns_at_once.insert(tx, channel, arrivals=others, now=now, limit=AT_ONCE)
        if new > len(rows):
            limit = min(AT_ONCE, inbox.NEWEST_SHARE * len(others))
            rows += inbox.claim(tx, now=now, limit=limit)
        done = self._take_rows(tx, rows, now=now)
        if new_statuses and not done.rows:
            done.outgoing = self._sender.claim(tx, now)
        if any(arrival.status.error and arrival.status.error.down for arrival in statuses):
            done.refusing.add(channel)
        return new + new_statuses, done

    def take(self, tx: Transaction, *, now: datetime, limit: int = AT_ONCE) -> Round:
        """Take the turn of each address's oldest row, and lease the answers in the same transaction.

        At most `limit` turns: whoever waits for this commit waits for all of them.
        """
        return self._take_rows(tx, inbox.claim(tx, now=now, limit=limit), now=now)

    def _take_rows(self, tx: Transaction, rows: Sequence[InboxRow], *, now: datetime) -> Round:
        started, done = monotonic(), Round()
        for row in rows:
            done.rows += 1
            if (channel := self._channels.get(row.channel)) is not None:
                self._run_turn(tx, row, parse=channel.parse, now=now, done=done)
            else:
                inbox.hold(tx, turns_at_once.reopened(tx, row), until=now + CHANNEL_OFF)
                done.notes.append(("channel_off", {"inbox": row.id, "channel": row.channel}))
            if monotonic() - started > ROUND_SECONDS:
                break
        for row in rows[done.rows :]:
            turns_at_once.reopened(tx, row)
        done.seconds = monotonic() - started
        if done.rows:
            done.more = inbox_counts.is_waiting(tx, now=now)
            done.outgoing = self._sender.claim(tx, now)
        return done

    def kept_statuses(self, tx: Transaction) -> list[KeptStatus]:
        """Find the statuses, kept before a kill, of messages that were under way then."""
        return kept_statuses(tx, self._channels)

    def take_kept(self, tx: Transaction, kept: KeptStatus, *, now: datetime) -> None:
        """Write down one of these."""
        take_status(tx, kept.channel, status=kept.status, now=now, desk=self._desk)
        inbox.mark_handled(tx, kept.row_id)

    def _is_held(self, tx: Transaction, row: InboxRow, *, parse: Parse, now: datetime, done: Round) -> bool:
        """Tell whether this row has no turn now: a stranger's in line, or one of who writes too fast.

        Only what asks the tables has a savepoint: most rows are of people we know, at their ease.
        """
        strangers, seconds = self._strangers, self._seconds
        if stranger_turns.may_hold(row, strangers) and tx.attempt(
            lambda tx: stranger_turns.hold(tx, row, strangers=strangers, parse=parse, now=now),
            seconds=seconds,
        ):
            if strangers is not None and strangers.to_tell((row.channel, row.address)):
                tx.attempt(lambda tx: self._take_as_too_fast(tx, row, is_told=True, now=now), seconds=seconds)
            return True
        if self._flood is None or row.fetched is not None:
            return False
        wait = self._flood.wait((row.channel, row.address), now)
        if wait:
            tx.attempt(lambda tx: self._hold_back(tx, row, wait=wait, now=now, done=done), seconds=seconds)
        return bool(wait)

    def _hold_back(
        self, tx: Transaction, row: InboxRow, *, wait: timedelta, now: datetime, done: Round
    ) -> None:
        """Hold back an address that floods: what we know waits its turn, what strangers pour in is dropped.

        A stranger has nothing to lose here but a greeting, and keeping it all would let anybody fill the
        disk.
        """
        row = turns_at_once.reopened(tx, row)
        is_first = self._flood is not None and self._flood.to_tell((row.channel, row.address))
        known = self._take_as_too_fast(tx, row, is_told=is_first, now=now)
        if known:
            inbox.hold(tx, row, until=now + wait)
        else:
            inbox.drop_waiting(tx, row.channel, address=row.address)
        done.notes.append(("flood", {"inbox": row.id, "known": known}))

    def _take_as_too_fast(self, tx: Transaction, row: InboxRow, *, is_told: bool, now: datetime) -> bool:
        """Give the one notice of a flood where it is to be told; returns whether it is somebody we know."""
        kept_as = address_names.kept(tx, row.channel, address=row.address)
        known, notice = self._desk.too_fast(tx, row.channel, address=kept_as)
        if is_told:
            terms = outbox.Terms(dedupe_key=f"flood:{row.id}")
            outbox.insert(tx, channel=row.channel, address=kept_as, message=notice, now=now, terms=terms)
        return known

    def count_failure(
        self, tx: Transaction, row: InboxRow, *, error: BaseException, now: datetime, apology: bool
    ) -> Round:
        """Count the failed try of a row that cost everybody's transaction, in one of its own."""
        done = Round(rows=1, more=True)
        self._count_failure(tx, row, error=error, now=now, done=done, apology=apology)
        done.outgoing = self._sender.claim(tx, now)
        return done

    def _run_turn(self, tx: Transaction, row: InboxRow, *, parse: Parse, now: datetime, done: Round) -> None:
        try:
            if self._is_held(tx, row, parse=parse, now=now, done=done):
                return
        except Exception as error:
            _pass_on(tx, row, error=error)
            self._count_failure(tx, row, error=error, now=now, done=done)
            return
        try:
            parsed = parse(read_json(row.raw))
        except Exception as error:
            _pass_by(tx, row, error=error, done=done)
            return
        if isinstance(parsed, Inbound) and parsed.group and row.fetched is None:
            row = turns_at_once.reopened(tx, row)
            inbox.mark_fetching(tx, row.id)
            done.gathers.append(row)
            return
        if isinstance(parsed, SendStatus) and parsed.error and parsed.error.down:
            done.refusing.add(row.channel)
        try:
            tx.attempt(lambda tx: self._take(tx, row, parsed, now), seconds=self._seconds)
        except Exception as error:
            _pass_on(tx, row, error=error)
            if isinstance(error, WantsFile | WantsLink) and is_unfetched(row.fetched, error):
                row = turns_at_once.reopened(tx, row)
                inbox.mark_fetching(tx, row.id)
                done.fetches.append((row, error))
            else:
                self._count_failure(tx, row, error=error, now=now, done=done)

    def _take(
        self, tx: Transaction, row: InboxRow, parsed: Inbound | SendStatus | TemplateNews, now: datetime
    ) -> None:
        if isinstance(parsed, Inbound):
            self._answer(tx, row, inbound=parsed, now=now)
            return
        if isinstance(parsed, TemplateNews):
            self._desk.template_told(tx, row.channel, news=parsed, now=now)
        else:
            take_status(tx, row.channel, status=parsed, now=now, desk=self._desk)
        turns_at_once.close(tx, row)

    def _answer(self, tx: Transaction, row: InboxRow, *, inbound: Inbound, now: datetime) -> None:
        if inbound.before:
            address_names.renumber(tx, row.channel, before=inbound.before, after=inbound.address)
        if inbound.also:
            kept = address_names.resolve(tx, row.channel, address=inbound.address, also=inbound.also)
            inbound = replace(inbound, address=kept)
        channel = self._channels[row.channel]
        if channel.limits.window_seconds and inbound.kind is not Kind.NOTED and inbound.address:
            service_windows.spoke(
                tx, row.channel, address=inbound.address, at=min(inbound.sent_at or now, now)
            )
        others: list[InboxRow] = []
        if inbound.group:
            inbound, others = albums.together(tx, row, first=inbound, parse=channel.parse)
        turned = _turn_page(tx, row.channel, inbound=inbound)
        messages = turned or self._desk.take(tx, inbound, fetched=read_fetched(row.fetched), now=now)
        queue_answer(tx, row, channel, address=inbound.address or row.address, messages=messages, now=now)
        for handled in (row, *others):
            turns_at_once.close(tx, handled)
        if channel.limits.window_seconds:
            held_messages.release(tx, row.channel, address=inbound.address or row.address, now=now)

    def _count_failure(
        self,
        tx: Transaction,
        row: InboxRow,
        *,
        error: BaseException,
        now: datetime,
        done: Round,
        apology: bool = True,
    ) -> None:
        """Count a failed turn and move it into the future; the fifth time give it up and say so."""
        row = turns_at_once.reopened(tx, row)
        tries = row.attempts + 1
        pairs = {"inbox": row.id, "tries": tries, **where(error)}
        if tries < TRIES:
            inbox.postpone(
                tx, row.id, until=now + timedelta(seconds=2 ** (tries - 1)), note=type(error).__name__
            )
            done.notes.append(("turn_failed", pairs))
            return
        inbox.give_up(tx, row.id, note=type(error).__name__)
        done.notes.append(("turn_given_up", pairs))
        if not apology:
            return
        try:
            tx.attempt(lambda tx: self._apologise(tx, row, now=now), seconds=self._seconds)
        except Exception as second:
            _pass_on(tx, row, error=second)
            # the apology must not bring back what was given up
            done.notes.append(("apology_failed", {"inbox": row.id, **where(second)}))

    def _apologise(self, tx: Transaction, row: InboxRow, *, now: datetime) -> None:
        inbound = self._channels[row.channel].parse(read_json(row.raw))
        if not isinstance(inbound, Inbound):
            return  # nobody waits for an answer to a status
        kept_as = address_names.kept(tx, row.channel, address=inbound.address)
        inbound = replace(inbound, address=kept_as)
        for number, (channel, address, message) in enumerate(self._desk.given_up(tx, inbound, now=now)):
            key = f"given_up:{row.id}:{number}"
            outbox.insert(
                tx,
                channel=channel,
                address=address,
                message=message,
                now=now,
                terms=outbox.Terms(dedupe_key=key),
            )


def _turn_page(tx: Transaction, channel: str, *, inbound: Inbound) -> Sequence[Message]:
    """Show another page of the choices of a message; nothing where it is not one of ours to this address."""
    if inbound.page is None or not inbound.message_ref:
        return ()
    shown = outbox_rows.message_of(tx, channel, address=inbound.address, message_ref=inbound.message_ref)
    if shown is None or not shown.rows:
        return ()
    return (replace(shown, page=inbound.page, edit="", callback_id="", toast="", menu=(), attachment=None),)


def _pass_by(tx: Transaction, row: InboxRow, *, error: Exception, done: Round) -> None:
    """Keep a row that cannot be read, and say so."""
    row = turns_at_once.reopened(tx, row)
    inbox.mark_unreadable(tx, row.id, note=type(error).__name__)
    done.notes.append(("update_unreadable", {"inbox": row.id, "error": type(error).__name__}))


def _pass_on(tx: Transaction, row: InboxRow, *, error: Exception) -> None:
    """Raise what this row's own savepoint cannot contain: a full disk, a server away, a lost transaction.

    Neither disk nor server is the fault of a row, so no try of it is counted.
    """
    if is_full(error) or is_away(error):
        raise error
    if not tx.in_transaction:
        raise LostTransaction(row) from error
