"""Downloads evidence: checked before it is opened, under a random name, found again by its hash."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.channels import Channel, NotSent, Refused, SendError
from bot.inbound import evidence_folder
from bot.inbound.evidence_folder import INCOMING, INCOMING_KEPT, EvidenceUnknown
from bot.inbound.inspection import under_true_ending
from bot.inbound.inspector import Inspects
from bot.lists.reading import read_list
from domain.event_log import EventLog
from domain.importing.sheet import ListRefused, sheets_json
from domain.message import FileRef, FileRefusal, ReadList, StoredFile, WantsFile, WantsList
from storage import files
from storage.engine.database import Database

NAME_CHARS = 120  # of a sender's name that are kept
ENDING_CHARS = 6


def _do_nothing(point: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a start found in the evidence folder, in files."""

    missing: int  # a row names them, they are nowhere
    restored: int  # put in the place their row names
    set_aside: int  # no row names them
    swept: int  # half fetched, left by a kill


class Fetcher:
    """Brings files into the evidence folder; what is refused leaves nothing behind."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        folder: Path,
        clock: Callable[[], datetime],
        new_name: Callable[[], str],
        log: EventLog,
        inspector: Inspects,
        about_to: Callable[[str], None] = _do_nothing,
        unknown: Path | None = None,
    ) -> None:
        """`folder` is outside any web root; `new_name` gives random names.

        `about_to` is told before a file's row is committed and before it gets its place: where a test kills.
        `unknown` takes the files no row names; it lies beside the folder unless given.
        """
        self._database = database
        self._channels = channels
        self._folder = folder
        self._inspector = inspector
        self._unknown = unknown or folder.with_name("unknown")
        self._clock = clock
        self._new_name = new_name
        self._log = log
        self._about_to = about_to

    async def prepare(self, tell: Callable[[int], Awaitable[None]] | None = None) -> Prepared:
        """Make the folders and put right what a kill, or another database, left; raises EvidenceUnknown.

        1. What a row names and is not in its place is looked for among the incoming and the unknown files.
        2. What no row names is moved to `unknown/DATE`; `tell` hears how many before they are moved.
        3. What was left half fetched is deleted when it is a day old, and nothing else ever is.

        A row whose file is gone is only reported: the bytes may still come back from a backup.
        """
        (self._folder / INCOMING).mkdir(parents=True, exist_ok=True, mode=0o700)
        known = await self._database.read(files.paths)
        restored, missing = await asyncio.to_thread(self._restore, known)
        unknown = [path for path in evidence_folder.lying_in(self._folder) if path not in known]
        if unknown and not known:
            raise EvidenceUnknown(self._folder, "the database", count=len(unknown))
        if unknown and tell is not None:
            await tell(len(unknown))
        now, unplaced = self._clock(), {Path(path).name for path in known}
        evidence_folder.set_aside(self._folder, self._unknown, paths=unknown, day=now.date())
        swept = evidence_folder.sweep_incoming(self._folder, named=unplaced, before=now - INCOMING_KEPT)
        prepared = Prepared(missing, restored, len(unknown), swept)
        self._report(prepared)
        return prepared

    def _restore(self, known: frozenset[str]) -> tuple[int, int]:
        """Put committed files in their places; returns how many could be, and how many are nowhere."""
        away = [path for path in known if not (self._folder / path).is_file()]
        back = sum(
            evidence_folder.move_into_place(self._folder, path)
            or evidence_folder.bring_back(self._folder, self._unknown, path=path)
            for path in away
        )
        return back, len(away) - back

    def _report(self, prepared: Prepared) -> None:
        if prepared.missing:
            self._log.error("files_missing", count=prepared.missing)
        if prepared.set_aside:
            self._log.error("files_set_aside", count=prepared.set_aside, folder=str(self._unknown))
        if prepared.restored or prepared.swept:
            self._log.info("files_put_right", restored=prepared.restored, swept=prepared.swept)

    async def close(self) -> None:
        """End the processes that inspect files."""
        await self._inspector.close()

    async def fetch(self, channel: str, wants: WantsFile) -> StoredFile | FileRefusal | ReadList:
        """Bring the file a turn wants; raises SendError when the channel cannot now.

        Of a list only the rows are brought; nothing of the file stays.

        1. Its announced size is checked before anything is fetched.
        2. Its content is checked before anything opens it.
        3. Its row and its name in the folder come last; the same bytes again are the same row.
        """
        ref = replace(wants.ref, name=shown_name(wants.ref.name))
        announced = ref.size or 0
        if announced > min(wants.max_bytes, self._channels[channel].limits.fetch_bytes):
            return FileRefusal("too_big", ref.name, size=announced)
        if ref.size == 0:
            return FileRefusal("empty", ref.name)
        incoming = self._folder / INCOMING / self._new_name()
        os.close(os.open(incoming, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        try:
            checked = await self._check(channel, ref, wants=wants, incoming=incoming)
        except BaseException:
            incoming.unlink(missing_ok=True)
            raise
        if not isinstance(checked, StoredFile):
            incoming.unlink(missing_ok=True)
            return checked
        return await self._store(incoming, checked)

    async def _check(
        self, channel: str, ref: FileRef, *, wants: WantsFile, incoming: Path
    ) -> StoredFile | FileRefusal | ReadList:
        try:
            await self._channels[channel].fetch(ref, incoming)
        except Refused:
            may_be_big = ref.size is None or ref.size > self._channels[channel].limits.fetch_bytes
            return FileRefusal("too_big" if may_be_big else "gone", ref.name, size=ref.size or 0)
        except NotSent:
            raise
        except SendError as error:
            self._log.warning("file_not_fetched", kind=type(error).__name__)
            return FileRefusal("gone", ref.name)
        size = incoming.stat().st_size
        if size > wants.max_bytes:
            return FileRefusal("too_big", ref.name, size=size)
        if isinstance(wants, WantsList):
            return await asyncio.to_thread(_read_list, incoming, ref.name)
        inspection = await self._inspector.inspect(incoming, name=ref.name, accepts=wants.accepts)
        if inspection.refusal:
            return FileRefusal(inspection.refusal, ref.name, kind=inspection.kind, size=size)
        sha256 = await asyncio.to_thread(_keep, incoming)
        name = under_true_ending(ref.name, inspection.kind)
        reads = wants.letter and inspection.kind == "pdf"
        letter = await self._inspector.read_letter(incoming) if reads else None
        return StoredFile(sha256, inspection.kind, name, size, " ".join(inspection.findings), letter)

    async def _store(self, incoming: Path, stored: StoredFile) -> StoredFile:
        """Commit the file's row, then move it to the place the row names.

        A kill before the commit leaves a file among the incoming ones, a kill after it one that the next
        start moves into place: its name there is the name in the row. Whoever is cancelled may have
        committed.
        """
        own, now = f"{incoming.name[:2]}/{incoming.name}", self._clock()
        self._about_to("commit")
        try:
            path = await self._database.run(lambda tx: files.insert(tx, stored, path=own, now=now))
        except Exception:
            incoming.unlink(missing_ok=True)  # nothing was committed: a full disk must not fill further
            raise
        self._about_to("name")
        if not (self._folder / path).is_file():  # a row whose file was lost gets it back
            evidence_folder.place(incoming, self._folder / path)
        incoming.unlink(missing_ok=True)
        return stored


def shown_name(name: str) -> str:
    """Make the sender's name safe to show: one line, no control or direction characters, no path, not
    endless.
    """
    line = "".join(c if c.isprintable() else " " for c in name.replace("\\", "/").rsplit("/", 1)[-1])
    line = " ".join(line.split())
    if len(line) <= NAME_CHARS:
        return line or "berkas"
    head, dot, ending = line.rpartition(".")
    tail = f"{dot}{ending}" if head and len(ending) <= ENDING_CHARS else ""
    return f"{line[: NAME_CHARS - len(tail) - 1]}…{tail}"


def _read_list(path: Path, name: str) -> ReadList:
    """Read a list in a process of its own."""
    try:
        return ReadList(name, sheets_json(read_list(path, name=name)))
    except ListRefused as refused:
        return ReadList(name, refused=refused.reason, params=refused.params)


def _keep(path: Path) -> str:
    """Bring the bytes and their name to the disk and hash them."""
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
        evidence_folder.sync(path.parent)
        return hashlib.file_digest(opened, "sha256").hexdigest()
