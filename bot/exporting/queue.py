"""Makes the requested exports one at a time, each in a process of its own, and sends progress and file."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from bot.attachments.making import CannotMake
from bot.exporting.result_message import NAMES, make_way_on, result, shown_name
from bot.module_process import start_module
from bot.store.contract import EXPORTS, Damaged, FileStore, StoreAway
from bot.store.local_copies import LocalCopies
from bot.store.opening import hash_of_file
from domain.event_log import EventLog, where
from domain.message import Message
from domain.texts import Catalogue, Say
from storage import exports, files_to_remove, outbox
from storage.engine.database import Database
from storage.engine.site import Site, address_of
from storage.engine.transaction import Transaction
from storage.exports import Job

LOOK_SECONDS = 1.0  # between looks for something to make
EDIT_SECONDS = 3.0  # between two changes of the message that shows the progress
REMOVED_MEANWHILE = "the same file, of an older export, is just being removed"


class Finished:
    """Finds the files of finished exports."""

    def __init__(self, database: Database, copies: LocalCopies) -> None:
        """`copies` finds the files that are held."""
        self._database, self._copies = database, copies

    async def find(self, args: Mapping[str, Any]) -> Path:
        """Return where a finished export lies; after a day it is gone, and CannotMake is raised."""
        number = int(args["id"])
        path = await self._database.read(lambda tx: exports.path_of(tx, number))
        if path is None:
            raise CannotMake(f"export {number} is not kept any more")
        try:
            return await self._copies.find(f"{EXPORTS}/{path}", sha256=Path(path).stem)
        except (FileNotFoundError, Damaged):
            raise CannotMake(f"export {number} is not kept any more") from None


class BrokeOff(RuntimeError):
    """the process ended before the export was made"""


Show = Callable[[int, int], Awaitable[None]]  # how many are written, of how many
MakeExport = Callable[[Mapping[str, Any], Show], Awaitable[Mapping[str, Any]]]


async def make_apart(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
    """Make an export in a process of its own; returns what it counted. Raises BrokeOff."""
    process = await start_module("bot.exporting.process", errors=asyncio.subprocess.PIPE)
    try:
        return await _listened(process, task, show=show)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _listened(
    process: asyncio.subprocess.Process, task: Mapping[str, Any], *, show: Show
) -> Mapping[str, Any]:
    into = process.stdin
    out_of = process.stdout
    complaints = process.stderr
    if into is None or out_of is None or complaints is None:
        raise BrokeOff("the process has no pipes")
    into.write(json.dumps(task).encode() + b"\n")
    into.close()
    done: Mapping[str, Any] | None = None
    async for line in out_of:
        words = json.loads(line)
        done = words.get("done", done)
        if "at" in words:
            await show(words["at"], words["of"])
    complaint = (await complaints.read()).decode(errors="replace").strip().splitlines()
    if await process.wait() != 0 or done is None:
        raise BrokeOff(complaint[-1] if complaint else "without a word")
    return done


@dataclass(frozen=True, slots=True)
class ExportMeans:
    """What exports are made with."""

    database: Database
    site: Site  # of that database
    store: FileStore
    making: Path  # a folder of our own for what is being made
    words: Catalogue
    timezone: str
    clock: Callable[[], datetime]
    wake: Callable[[], None]  # tells the senders that there is something
    log: EventLog
    make: MakeExport = make_apart


class Exporter:
    """Works through the table of exports; one that a stop or a crash interrupted is made again."""

    def __init__(self, means: ExportMeans) -> None:
        self._make = means.make
        self._database = means.database
        self._site = means.site
        self._store = means.store
        self._making = means.making
        self._words = means.words
        self._timezone = means.timezone
        self._clock = means.clock
        self._wake = means.wake
        self._log = means.log
        self._woken = asyncio.Event()

    def look(self) -> None:
        """Wake the worker, as there may be an export to make."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        await asyncio.to_thread(shutil.rmtree, self._making, ignore_errors=True)  # what a kill left half made
        left_running = True  # by the process before, or by a database that did not take what became of it
        while True:
            try:
                if left_running:
                    await self._recover()
                    left_running = False
                while (job := await self._take_next()) is not None:
                    await self._work(job)
            except Exception as error:
                # a full disk, a database that is busy: the table keeps what is to be made
                left_running = True
                self._log.error("exports_paused", **where(error))
            await self._sleep()

    async def _sleep(self) -> None:
        self._woken.clear()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _take_next(self) -> Job | None:
        """Take the next export; it reads first, so that an idle look writes nothing."""
        if not await self._database.read(exports.is_waiting):
            return None
        return await self._database.run(exports.take)

    async def _recover(self) -> None:
        """Queue again what was being made, and say which are given up."""
        now = self._clock()

        def unit(tx: Transaction) -> None:
            for job in exports.recover(tx):
                _queue(tx, job, part="failed", message=self._write_failure(job), now=now)

        await self._database.run(unit)
        self._wake()

    async def _work(self, job: Job) -> None:
        self._making.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = self._making / f"{job.id}-{job.attempts}.{NAMES.get(job.kind, 'part')}"
        try:
            done = await self._run(job, made)
            path = await self._keep(made)
            await self._finish(job, path, done=done, size=made.stat().st_size)
        except asyncio.CancelledError:
            await self._put_back(job)
            raise
        except (BrokeOff, StoreAway) as error:
            self._log.warning("export_broke_off", export=job.id, tries=job.attempts, told=str(error)[:200])
            await self._break_off(job)
        except Exception as error:
            self._log.error("export_not_kept", export=job.id, tries=job.attempts, **where(error))
            await self._break_off(job)
        finally:
            made.unlink(missing_ok=True)

    async def _keep(self, made: Path) -> str:
        """Put a file into the store under its hash, listed until an export names it; returns its path there.

        Raises BrokeOff where the same bytes are just being removed, StoreAway.
        """
        path, now = f"{await asyncio.to_thread(hash_of_file, made)}{made.suffix}", self._clock()
        if not await self._database.run(lambda tx: exports.expect(tx, path, now=now)):
            raise BrokeOff(REMOVED_MEANWHILE)
        await asyncio.to_thread(self._store.put, f"{EXPORTS}/{path}", made)
        return path

    async def _put_back(self, job: Job) -> None:
        """Have it wait again, as the bot is stopped; where that is not taken, the next start counts a try."""
        try:
            await self._database.run(lambda tx: exports.put_back(tx, job.id))
        except Exception as error:
            self._log.warning("export_not_put_back", export=job.id, **where(error))

    async def _break_off(self, job: Job) -> None:
        """Try again later, or give up and say so, in one commit; nothing where nobody wants it any more."""
        now = self._clock()

        def unit(tx: Transaction) -> None:
            if exports.again(tx, job.id) == "failed":
                _queue(tx, job, part="failed", message=self._write_failure(job), now=now)

        await self._database.run(unit)
        self._wake()

    async def _run(self, job: Job, out: Path) -> Mapping[str, Any]:
        """Have it made, showing how far it is; returns what was counted. Raises BrokeOff."""
        task = {
            "database": address_of(self._site), "store": self._store.address, "out": str(out),
            "kind": job.kind, "args": job.args, "language": job.language, "timezone": self._timezone,
            "now": self._clock().isoformat(),
        }  # fmt: skip
        edited = monotonic()

        async def show(at: int, of: int) -> None:
            nonlocal edited
            if monotonic() - edited >= EDIT_SECONDS:
                edited = monotonic()
                await self._show(job, at, of=of)

        return await self._make(task, show)

    # what the person sees

    def _speak(self, job: Job) -> Say:
        return self._words.in_(job.language)

    async def _show(self, job: Job, at: int, *, of: int) -> None:
        if job.progress:
            say = self._speak(job)
            text = say(
                "exported.progress",
                what=say(f"exported.what_{job.kind}"),
                at=at,
                of=of,
                percent=100 * at // of,
            )
            await self._tell(job, f"{job.attempts}:{at}", message=Message(text, edit=job.progress))

    async def _finish(self, job: Job, path: str, *, done: Mapping[str, Any], size: int) -> None:
        """Note the file and send it, in one commit; nothing is sent where nobody wants it any more.

        Raises BrokeOff where the same bytes are just being removed.
        """
        shown = shown_name(self._speak(job), job)
        messages = result(self._speak(job), job, done=done, size=size)
        now = self._clock()

        def unit(tx: Transaction) -> None:
            if files_to_remove.is_going(tx, EXPORTS, path=path):
                raise BrokeOff(REMOVED_MEANWHILE)
            wanted = exports.finish(tx, job.id, path=path, name=shown, now=now)
            for number, message in enumerate(messages if wanted else ()):
                _queue(tx, job, part=f"done:{number}", message=message, now=now)

        await self._database.run(unit)
        self._wake()
        self._log.info("export_made", export=job.id, kind=job.kind, bytes=size)

    def _write_failure(self, job: Job) -> Message:
        say = self._speak(job)
        return Message(
            say("exported.broke_off"),
            (make_way_on(say, job),),
            edit=job.progress,
        )

    async def _tell(self, job: Job, part: str, *, message: Message) -> None:
        now = self._clock()

        def unit(tx: Transaction) -> None:
            if exports.is_running(tx, job.id):  # else its person may be erased, the address too
                _queue(tx, job, part=part, message=message, now=now)

        await self._database.run(unit)
        self._wake()


def _queue(tx: Transaction, job: Job, *, part: str, message: Message, now: datetime) -> None:
    channel, address = exports.address_of(tx, job.id)
    stays = (channel, address) == (job.channel, job.address)
    outbox.insert(
        tx,
        channel=channel,
        address=address,
        message=message if stays else replace(message, edit=""),
        now=now,
        terms=outbox.Terms(dedupe_key=f"export:{job.id}:{part}"),
    )
