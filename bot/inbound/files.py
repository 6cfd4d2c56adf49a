"""Downloads evidence: checked before it is opened, then kept in the store under its hash."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.channels import Channel, NotSent, Refused, SendError
from bot.inbound.inspection import under_true_ending
from bot.inbound.inspector import Inspects
from bot.lists.reading import ReadsLists, read_list
from bot.store import evidence, incoming
from bot.store.contract import FileStore
from bot.store.evidence import EvidenceUnknown
from bot.store.opening import hash_of_file
from domain.event_log import EventLog
from domain.importing.list_sheets import ListRefused, sheets_json
from domain.message import FileRef, FileRefusal, ReadList, StoredFile
from domain.wants import WantsFile, WantsList
from storage import files, files_to_remove
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.files_to_remove import EVIDENCE

NAME_CHARS = 120  # of a sender's name that are kept
ENDING_CHARS = 6
PICTURE_BYTES = 20_000_000  # of a photo that is made smaller where it is larger than is taken
PICTURES = ("jpg", "png")  # that can be made smaller; a copy is of the first
_PICTURE_ENDINGS = ("jpg", "jpeg", "jpe", "png")
READ_KINDS = ("pdf", "jpg", "png")  # that may be a letter: its text, a scan of it, a photo of it


def _do_nothing(point: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a start found in the evidence of the store, in files."""

    missing: int  # a row names them, they are nowhere
    restored: int  # put under the path their row names
    set_aside: int  # no row names them
    swept: int  # half fetched, left by a kill


@dataclass(frozen=True, slots=True)
class FetchMeans:
    """What files are fetched with."""

    database: Database
    channels: Mapping[str, Channel]
    store: FileStore
    incoming: Path  # a folder of this machine, outside any web root
    clock: Callable[[], datetime]
    new_name: Callable[[], str]  # gives random names
    log: EventLog
    inspector: Inspects
    read_list: ReadsLists = read_list
    # told before a file is listed, put into the store and named by its row: where a test kills
    about_to: Callable[[str], None] = _do_nothing


class Fetcher:
    """Brings files into the store; what is refused leaves nothing behind."""

    def __init__(self, means: FetchMeans) -> None:
        self._database = means.database
        self._channels = means.channels
        self._store = means.store
        self._incoming = means.incoming
        self._inspector = means.inspector
        self._read_list = means.read_list
        self._clock = means.clock
        self._new_name = means.new_name
        self._log = means.log
        self._about_to = means.about_to

    async def prepare(self, tell: Callable[[int], Awaitable[None]] | None = None) -> Prepared:
        """Make the folder and put right what a kill, or another database, left; raises EvidenceUnknown.

        1. What a row names and is not in its place is looked for among the incoming and the unknown files.
        2. What neither a row nor the list of files to remove names is moved to `unknown/DATE`; `tell` hears
           how many before they are moved.
        3. What was left half fetched is deleted when it is a day old, and nothing else ever is.

        A row whose file is gone is only reported: the bytes may still come back from a backup.
        It may run beside the bot: what lies there is listed first, and whatever comes is in a row or in the
        list before it lies there.
        """
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        lying = frozenset(await asyncio.to_thread(evidence.lying_in, self._store))
        known, listed = await self._database.read(_read_known)
        away = await asyncio.to_thread(self._find_away, known - lying)
        restored = await asyncio.to_thread(self._restore, away)
        # what is being removed loses row and line meanwhile, and does not lie there any more
        unknown = await asyncio.to_thread(self._find_lying, sorted(lying - known - listed))
        if unknown and not known:
            raise EvidenceUnknown(self._store.site, "the database", count=len(unknown))
        if unknown and tell is not None:
            await tell(len(unknown))
        now, names = self._clock(), {Path(path).name for path in known}
        await asyncio.to_thread(evidence.set_aside, self._store, paths=unknown, day=now.date())
        swept = incoming.sweep(self._incoming, named=names, before=now - incoming.KEPT)
        prepared = Prepared(len(away) - restored, restored, len(unknown), swept)
        self._report(prepared)
        return prepared

    async def knows_files(self) -> bool:
        """Make the folder, and tell whether the database knows any file: then nothing refuses the start."""
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        return await self._database.read(files.are_known)

    def _find_away(self, paths: Collection[str]) -> list[str]:
        """Of what did not lie there a moment ago list what does not lie there now."""
        return [path for path in paths if self._store.size(evidence.key_of(path)) is None]

    def _find_lying(self, paths: Collection[str]) -> list[str]:
        """Of what lay there a moment ago list what lies there still."""
        return [path for path in paths if self._store.size(evidence.key_of(path)) is not None]

    def _restore(self, away: Collection[str]) -> int:
        """Put committed files in their places; returns how many could be.

        A program before this one committed a row before its file had left the incoming ones.
        """
        lying = incoming.lying_in(self._incoming)
        placed = [path for path in sorted(away) if Path(path).name in lying]
        for path in placed:
            self._store.put(evidence.key_of(path), lying[Path(path).name])
            lying[Path(path).name].unlink()
        return len(placed) + evidence.bring_back(self._store, set(away) - set(placed))

    def _report(self, prepared: Prepared) -> None:
        if prepared.missing:
            self._log.error("files_missing", count=prepared.missing)
        if prepared.set_aside:
            self._log.error("files_set_aside", count=prepared.set_aside, site=self._store.site)
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
        3. Its row comes last; the same bytes again are the same row.
        """
        ref = replace(wants.ref, name=shown_name(wants.ref.name))
        announced, fetched = ref.size or 0, self._channels[channel].limits.fetch_bytes
        taken = max(wants.max_bytes, PICTURE_BYTES) if _may_be_picture(ref, wants) else wants.max_bytes
        if announced > min(taken, fetched):
            return FileRefusal("too_big", ref.name, size=announced)
        if ref.size == 0:
            return FileRefusal("empty", ref.name)
        arriving = self._incoming / self._new_name()
        os.close(os.open(arriving, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        try:
            checked = await self._check(channel, ref, wants=wants, arriving=arriving)
            return await self._keep(arriving, checked) if isinstance(checked, StoredFile) else checked
        finally:
            arriving.unlink(missing_ok=True)

    async def _fetch_from(self, channel: str, ref: FileRef, *, arriving: Path) -> FileRefusal | None:
        """Fetch a file into `arriving`; raises NotSent where the platform is to be asked again."""
        try:
            await self._channels[channel].fetch(ref, arriving)
        except Refused:
            may_be_big = ref.size is None or ref.size > self._channels[channel].limits.fetch_bytes
            return FileRefusal("too_big" if may_be_big else "gone", ref.name, size=ref.size or 0)
        except NotSent:
            raise
        except SendError as error:
            self._log.warning("file_not_fetched", kind=type(error).__name__)
            return FileRefusal("gone", ref.name)
        return None

    async def _check(
        self, channel: str, ref: FileRef, *, wants: WantsFile, arriving: Path
    ) -> StoredFile | FileRefusal | ReadList:
        if (refusal := await self._fetch_from(channel, ref, arriving=arriving)) is not None:
            return refusal
        size = arriving.stat().st_size
        if size > wants.max_bytes and not (size <= PICTURE_BYTES and _may_be_picture(ref, wants)):
            return FileRefusal("too_big", ref.name, size=size)
        if isinstance(wants, WantsList):
            return await asyncio.to_thread(self._open_list, arriving, ref.name)
        inspection = await self._inspector.inspect(arriving, name=ref.name, accepts=wants.accepts)
        if inspection.refusal:
            return FileRefusal(inspection.refusal, ref.name, kind=inspection.kind, size=size)
        kind = inspection.kind
        if size > wants.max_bytes:
            if kind not in PICTURES or not await self._shrink(arriving, most_bytes=wants.max_bytes):
                return FileRefusal("too_big", ref.name, size=size)
            kind = PICTURES[0]
        stored = await self._describe(arriving, ref.name, kind=kind, letter=wants.letter)
        sent_size = size if stored.size != size else 0
        return replace(stored, findings=" ".join(inspection.findings), sent_size=sent_size)

    async def _shrink(self, arriving: Path, *, most_bytes: int) -> bool:
        """Put a copy that is no larger in the place of a picture; False where none can be made."""
        copy = await self._inspector.shrink(arriving, most_bytes=most_bytes)
        if copy is None or len(copy) > most_bytes:
            return False
        await asyncio.to_thread(arriving.write_bytes, copy)
        return True

    async def _describe(self, arriving: Path, name: str, *, kind: str, letter: bool) -> StoredFile:
        """Name a checked file by its hash, with what it says of itself as a letter where that is asked."""
        sha256 = await asyncio.to_thread(hash_of_file, arriving)
        read = (
            await self._inspector.read_letter(arriving, kind=kind) if letter and kind in READ_KINDS else None
        )
        shown = shown_name(under_true_ending(name, kind))
        return StoredFile(sha256, kind, shown, arriving.stat().st_size, letter=read)

    def _open_list(self, path: Path, name: str) -> ReadList:
        try:
            return ReadList(name, sheets_json(self._read_list(path, name=name)))
        except ListRefused as refused:
            return ReadList(name, refused=refused.reason, params=refused.params)

    async def _keep(self, arriving: Path, stored: StoredFile) -> StoredFile:
        """List the file, put it into the store, then commit its row; raises StoreAway.

        A kill leaves a file that is on the list and that no row names: it is found by its hash when it comes
        again, and is removed when it does not. A full disk must not fill further: it goes the same way.
        """
        now = self._clock()
        self._about_to("list")
        path = await self._database.run(lambda tx: files.expect(tx, stored.sha256, now=now))
        self._about_to("put")
        await asyncio.to_thread(self._store.put, evidence.key_of(path), arriving)
        self._about_to("commit")
        await self._database.run(lambda tx: files.insert(tx, stored, path=path, now=now))
        return stored


def _may_be_picture(ref: FileRef, wants: WantsFile) -> bool:
    """Whether a file calls itself a picture, where one is taken."""
    ending = ref.name.rpartition(".")[2].casefold()
    named = ref.kind == "photo" or ending in _PICTURE_ENDINGS or ref.mime in ("image/jpeg", "image/png")
    return named and PICTURES[0] in wants.accepts


def _read_known(tx: Transaction) -> tuple[frozenset[str], frozenset[str]]:
    """Read which paths rows name, and which are on the list of files to remove."""
    return files.paths(tx), files_to_remove.paths(tx, EVIDENCE)


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
