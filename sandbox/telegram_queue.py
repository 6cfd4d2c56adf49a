"""Updates on their way to the bot: kept until confirmed, by polling or by webhook."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from sandbox.telegram_checks import Refusal
from sandbox.wire import BotApiObject

FIRST_RETRY, LONGEST_RETRY = 1.0, 60.0  # seconds between deliveries of one update to a failing webhook


class _Poller:
    """One call of getUpdates that waits."""

    gone = False


class UpdateQueue:
    """What the bot has not confirmed yet."""

    def __init__(self, first_id: int, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.next_id = first_id
        self.confirmed = first_id - 1  # everything up to here is done
        self.pending: deque[BotApiObject] = deque()
        self.repeats: list[BotApiObject] = []
        self.all_of_run: dict[int, BotApiObject] = {}
        self.remember = True
        self.twice = False  # everything is delivered twice: platforms do, on a bad day
        self.on_put: Callable[[BotApiObject], None] = lambda update: None  # told of every update
        self.on_repeat: Callable[[], None] = lambda: None  # told of every update that will come again
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()
        self._poller: _Poller | None = None
        self._chats: dict[int, deque[BotApiObject]] = {}
        self._pushing: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self.webhook, self.secret = "", ""
        self.way_to: Callable[[str], str] = lambda url: url  # where the server at an address really is
        self.last_error, self.last_error_at = "", 0

    def put(self, update: BotApiObject, chat_id: int) -> int:
        """Queue an update under a new number, or again under the one it carries."""
        if "update_id" not in update:
            update = {"update_id": self.next_id, **update}
            self.next_id += 1
        if self.remember:
            self.all_of_run[update["update_id"]] = update
        self.on_put(update)
        if self.twice:
            self.repeats.append(update)
            self.on_repeat()
        self.pending.append(update)
        self._arrived.set()
        if self.webhook:
            self._push(update, chat_id)
        return int(update["update_id"])

    def again(self, update_id: int) -> None:
        """Deliver an update once more, though it is confirmed: platforms do."""
        self.repeats.append(self.all_of_run[update_id])
        self._arrived.set()

    def put_raw(self, update: Any) -> None:
        """Queue something that is no update, as a faulty server might send it."""
        self.pending.append(update)
        self._arrived.set()

    @property
    def is_polled(self) -> bool:
        """Whether a poll waits for updates."""
        return self._poller is not None

    async def poll(self, offset: int | None, limit: int, timeout: float) -> list[Any]:
        """Answer getUpdates: what lies before `offset` is confirmed and gone."""
        if self.webhook:
            raise Refusal(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
            )
        self._take_over()
        poller = self._poller = _Poller()
        try:
            self._confirm(offset)
            if not (self.pending or self.repeats) and timeout:
                await self._wait(timeout)
            if poller.gone:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request;"
                    " make sure that only one bot instance is running",
                )
            repeats, self.repeats = self.repeats, []
            return [*repeats, *self.pending][:limit]
        finally:
            if self._poller is poller:
                self._poller = None

    def _take_over(self) -> None:
        """End a poll that waits: there is another."""
        if self._poller is not None:
            self._poller.gone = True
            self._arrived.set()

    def _confirm(self, offset: int | None) -> None:
        if offset is None:
            return
        if offset < 0:
            while len(self.pending) > -offset:
                self._note_done(self.pending.popleft())
            return
        while self.pending and self._take_id(self.pending[0]) < offset:
            self._note_done(self.pending.popleft())
        self.confirmed = max(self.confirmed, offset - 1)
        self._settled.set()

    def _take_id(self, update: Any) -> int:
        return int(update.get("update_id", 0)) if isinstance(update, dict) else 0

    def _note_done(self, update: Any) -> None:
        self.confirmed = max(self.confirmed, self._take_id(update))
        self._settled.set()

    async def _wait(self, timeout: float) -> None:
        self._arrived.clear()
        try:
            await asyncio.wait_for(self._arrived.wait(), timeout)
        except TimeoutError:
            return

    async def until_confirmed(self, update_id: int) -> None:
        """Wait until the bot has taken an update over."""
        while self.confirmed < update_id:
            self._settled.clear()
            await self._settled.wait()

    # webhook

    def set_webhook(self, url: str, secret: str, *, drop: bool) -> None:
        """Push updates from now on; an empty address goes back to polling."""
        self.webhook, self.secret = url, secret
        if drop:
            self.pending.clear()
        if url:
            self._take_over()
            for update in list(self.pending):
                self._push(update, _read_chat(update))

    def _push(self, update: BotApiObject, chat_id: int) -> None:
        """Queue for the webhook: each chat in its own order, the next only after the last was taken."""
        self._chats.setdefault(chat_id, deque()).append(update)
        if chat_id not in self._pushing:
            self._pushing[chat_id] = asyncio.create_task(self._deliver(chat_id))

    async def _deliver(self, chat_id: int) -> None:
        waiting, retry = self._chats[chat_id], FIRST_RETRY
        try:
            while waiting and self.webhook:
                if await self._post(waiting[0]):
                    self._note_taken(waiting.popleft())
                    retry = FIRST_RETRY
                else:
                    await asyncio.sleep(retry)
                    retry = min(retry * 2, LONGEST_RETRY)
        finally:
            self._pushing.pop(chat_id, None)

    async def _post(self, update: BotApiObject) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        url, headers = self.way_to(self.webhook), {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        try:
            async with self._session.post(url, data=json.dumps(update), headers=headers) as response:
                if not response.ok:
                    self._note_failure(f"Wrong response from the webhook: {response.status}")
                return response.ok
        except aiohttp.ClientSSLError:
            self._note_failure("SSL error {error:0A000086:SSL routines::certificate verify failed}")
        except aiohttp.ClientError as error:
            self._note_failure(type(error).__name__)
        return False

    def _note_failure(self, words: str) -> None:
        """Keep the newest failure; Telegram shows it also after it is over."""
        self.last_error, self.last_error_at = words, int(self._clock())

    def _note_taken(self, update: BotApiObject) -> None:
        if update in self.pending:
            self.pending.remove(update)
        self._note_done(update)

    async def close(self) -> None:
        """Stop pushing; what is queued from here on is pushed to nobody."""
        self.webhook = ""
        for task in list(self._pushing.values()):
            task.cancel()
        if self._session is not None:
            await self._session.close()


def _read_chat(update: BotApiObject) -> int:
    for part in update.values():
        if isinstance(part, dict):
            sender = part.get("from") or part.get("chat") or {}
            return int(sender.get("id", 0))
    return 0
