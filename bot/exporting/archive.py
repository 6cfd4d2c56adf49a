"""The evidence as a ZIP with readable folders, streamed to disk, with a manifest of hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.attachments.csv_guard import guarded
from bot.exporting.evidence import Exported, fitting, folder_of, pieces
from bot.exporting.facts import Counted, ExportFacts, whole
from bot.store.contract import FileStore
from bot.store.evidence import key_of
from domain.draft.file_findings import finding_words
from domain.export_parts import Numbered
from storage import export_records
from storage.engine.transaction import Transaction
from storage.export_records import Record

SUMS, LIST = "SHA256SUMS", "DAFTAR.csv"
PARTS = "BAGIAN.csv"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say: the same evidence gives the same bytes


class Archive:
    """A ZIP that grows on disk; evidence is stored as it is, for its kinds are compressed already."""

    def __init__(self, file: zipfile.ZipFile, store: FileStore, *, facts: ExportFacts) -> None:
        """Write into an open ZIP what lies in the store."""
        self._file = file
        self._store = store
        self._facts = facts
        self._sums = io.StringIO()
        self._list = io.StringIO()
        self._rows = csv.writer(self._list, delimiter=";")
        say = facts.say
        self._rows.writerow([
            say("exported.col_receipt"), say("exported.col_office"), say("exported.col_title"),
            say("exported.col_place"), say("exported.col_file"), say("exported.col_in_archive"),
            say("exported.col_size"), say("exported.col_sha"), say("exported.col_note"),
        ])  # fmt: skip
        self._names: set[str] = set()
        self.written, self.wanted = 0, 0

    def add(self, tx: Transaction, record: Record, *, only: frozenset[str] | None = None) -> None:
        """Add the evidence of one innovation, or only what has these hashes; what cannot be read is named in
        the list instead of stopping the rest.
        """
        folder = folder_of(record)
        for exported in pieces(record, self._facts):
            if only is not None and exported.piece.sha256 not in only:
                continue
            if not exported.piece.sha256:
                self._add_row(record, exported, name="", note=self._facts.say("exported.is_link"))
                continue
            self._add_file(tx, record, exported, folder=folder)

    def _add_file(self, tx: Transaction, record: Record, exported: Exported, *, folder: str) -> None:
        """Copy one file and name it in the list, with what is amiss with it."""
        self.wanted += 1
        name = self._find_free_name([*folder.split("/"), *exported.folder.split("/")], exported.file_name)
        stored = export_records.file_of(tx, exported.piece.sha256)
        digest = self._copy(key_of(stored[0]), name) if stored else None
        if digest == exported.piece.sha256:
            self._sums.write(f"{digest}  {name}\n")
            self.written += 1
            self._add_row(record, exported, name=name, note=finding_words(exported.piece, self._facts.say))
        else:
            note = self._write_note(digest)
            self._add_row(record, exported, name="" if digest is None else name, note=note)

    def _write_note(self, digest: str | None) -> str:
        return self._facts.say("exported.not_on_disk" if digest is None else "exported.other_bytes")

    def _add_row(self, record: Record, exported: Exported, *, name: str, note: str) -> None:
        row = [
            record.receipt,
            record.office,
            record.title,
            exported.place,
            exported.piece.label,
            name,
            exported.piece.size,
            exported.piece.sha256,
            note,
        ]
        self._rows.writerow([guarded(value) for value in row])

    def _find_free_name(self, folders: Sequence[str], file_name: str) -> str:
        """Find a name no other file has, whatever the case of its letters; the whole path fits every
        system.
        """
        number, free = 1, fitting(folders, file_name)
        while free.casefold() in self._names:
            number += 1
            mark = f" ({number})"
            stem, dot, ending = fitting(folders, file_name, more=len(mark)).rpartition(".")
            free = f"{stem}{mark}{dot}{ending}"
        self._names.add(free.casefold())
        return free

    def _copy(self, key: str, name: str) -> str | None:
        """Stream one file in; returns the hash of what was read, None when there is nothing to read."""
        digest, size = hashlib.sha256(), self._store.size(key)
        if size is None:
            return None
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.file_size = size
        chunks = self._store.chunks(key)
        with self._file.open(entry, "w", force_zip64=size > zipfile.ZIP64_LIMIT // 2) as into:
            for chunk in chunks:
                digest.update(chunk)
                into.write(chunk)
        return digest.hexdigest()

    def close(self, more: Mapping[str, str] | None = None) -> None:
        """Write the manifest of hashes, the list of files and `more` lists into the archive; nothing can be
        added afterwards.
        """
        texts = {SUMS: self._sums.getvalue(), LIST: "\ufeff" + self._list.getvalue(), **(more or {})}
        for name, text in texts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            self._file.writestr(entry, text)


def write(
    facts: ExportFacts,
    tx: Transaction,
    *,
    out: Path,
    store: FileStore,
    innovations: Iterable[int],
    expected: int,
) -> Counted:
    """Write the evidence of these innovations; returns how many innovations and files are in it, and
    should be.
    """
    with whole(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as file:
        archive, done = Archive(file, store, facts=facts), 0
        for innovation in innovations:
            record = export_records.record(tx, innovation)
            if record is None:
                continue
            archive.add(tx, record)
            done += 1
            facts.progress(done, expected)
        archive.close()
    return Counted((done, expected), files=(archive.written, archive.wanted))


def write_part(
    facts: ExportFacts, tx: Transaction, *, out: Path, store: FileStore, part: Numbered
) -> Counted:
    """Write one part of several, with the list of what lies in which."""
    with whole(out) as half, zipfile.ZipFile(half, "w", zipfile.ZIP_STORED, allowZip64=True) as file:
        archive, done = Archive(file, store, facts=facts), 0
        for innovation in part.own:
            if (record := export_records.record(tx, innovation)) is None:
                continue
            archive.add(tx, record, only=part.only.get(innovation))
            done += 1
            facts.progress(done, len(part.own))
        archive.close({PARTS: _list_parts(facts, tx, part)})
    return Counted((done, len(part.own)), files=(archive.written, archive.wanted))


def _list_parts(facts: ExportFacts, tx: Transaction, part: Numbered) -> str:
    """Say of every innovation in which part it lies; one that did not fit stands under several."""
    say, text = facts.say, io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow([
        say("exported.col_part"), say("exported.col_receipt"), say("exported.col_office"),
        say("exported.col_title"), say("exported.col_here"),
    ])  # fmt: skip
    for number, innovations in enumerate(part.innovations, 1):
        lies_inside = say("exported.counts") if number == part.number else say("exported.not_counted")
        for innovation in innovations:
            if (record := export_records.record(tx, innovation)) is not None:
                row = [number, record.receipt, record.office, record.title, lies_inside]
                rows.writerow([guarded(value) for value in row])
    return "\ufeff" + text.getvalue()
