"""What an official letter says of itself, read from the text of its file: number, date and subject.

The forms are those of Permendagri 1/2023 on official letters: decrees, regulations, assignments, agreements.
A part that may be another's is left out: nobody corrects what was never doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.message import LetterRead

FEWEST_CHARS = 60  # fewer are the mark of a scanner, not a text
MOST_LINES = 400  # of a text that are looked at
HEAD_LINES = 30  # within which a letter names itself
SUBJECT_LINES, SUBJECT_CHARS = 8, 200  # of a subject
NUMBER_CHARS = 60

_SPACED = re.compile(r"(?<!\S)(?:\S ){3,}\S(?!\S)")  # "K E P U T U S A N"
_TITLE = re.compile(
    r"(?:RANCANGAN |SALINAN |PETIKAN )?(?:KEPUTUSAN|PERATURAN|SURAT|NOTA|PERJANJIAN|KESEPAKATAN|INSTRUKSI"
    r"|BERITA ACARA|MAKLUMAT|MEMORANDUM|PENGUMUMAN)\b"
)
_NUMBER = re.compile(r"(?:NOMOR|NOMER|NO\.?)\s*[:.]\s*(.*)|(?:NOMOR|NOMER)\b\s*(.*)", re.IGNORECASE)
_NUMBER_WITHIN = re.compile(
    r"(?:KEPUTUSAN|PERATURAN)\s[\w .]{3,80}\sNOMOR\s*:?\s*(\S.*?)(?:\s+TENTANG\b.*)?", re.IGNORECASE
)
_NOT_OF_LETTER = re.compile(r"(?:telepon|telp|hp|fax|rekening|induk|urut|wa)\b", re.IGNORECASE)
_SIGN = r"[A-Za-z0-9.&()]+(?:\s?[-\u2013]\s?[A-Za-z0-9.&()]+)*"
_WHOLE_NUMBER = re.compile(
    rf"(?:{_SIGN}(?:\s?/\s?{_SIGN})+(?:\s+TAHUN\s+\d{{4}})?|\d[\w.]*\s+TAHUN\s+\d{{4}})", re.IGNORECASE
)
_BLANK = re.compile(r"\.{2,}|_{2,}|\u2026|/\s*/|/\s{2,}|\s{2,}/|\bX{2,}\b|\[[^\]]*\]|[/-]\s*$", re.IGNORECASE)
_DATE = r"\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4}"
_DAY_NAME = re.compile(
    r"\b(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|hari|tanggal)\b[^,]*,", re.IGNORECASE
)
_PLACE_DATE = re.compile(rf"(?:.*?\s)?[A-Z][A-Za-z. ]{{2,30}},\s*(?:tanggal\s+)?({_DATE})\s*")
_PLACE_BLANK = re.compile(r"[A-Z][A-Za-z. ]{2,30},\s*(?:[.\u2026_]*\s*)[A-Za-z]{3,9}\s+\d{4}\s*")
_HEADER_DATE = re.compile(rf"tanggal\s*:?\s*({_DATE})\s*", re.IGNORECASE)
_SIGNED = re.compile(r"(ditetapkan|dikeluarkan|ditandatangani|dibuat|diundangkan)\s+di\b", re.IGNORECASE)
_SIGNED_ON = re.compile(rf"pada\s+tanggal\s*:?\s*({_DATE})?|tanggal\s*:\s*({_DATE})", re.IGNORECASE)
_ON_THIS_DAY = re.compile(r"pada hari ini\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\s*(\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4})\s*\)")
_ABOUT = re.compile(r"tentang\b\s*:?\s*(.*)", re.IGNORECASE)
_REGARDING = re.compile(r"(?:perihal|hal)\s*:\s*(.*)", re.IGNORECASE)
_TO_DO = re.compile(r"untuk\s*:\s*(.*)", re.IGNORECASE)
_LISTED = re.compile(r"(?:1|a)[.)]\s")
_ATTACHED = re.compile(r"LAMPIRAN\b(?!\s*:)", re.IGNORECASE)
_BODY = re.compile(
    r"(?:dengan rahmat|menimbang|mengingat|memperhatikan|kepada\b|yth\b|dengan hormat|memerintahkan"
    r"|menugaskan|menugasi|memberi tugas|dasar\s*:|pada hari ini|yang bertanda)",
    re.IGNORECASE,
)
_AFTER_SUBJECT = re.compile(
    r"(?:dengan rahmat|menimbang|mengingat|kepada\b|yth\b|dengan hormat|pada hari ini|yang bertanda|nomor\b"
    r"|di\s*[-\u2013]?\s*$"
    r"|(?:bupati|gubernur|kepala|sekretaris|camat|lurah|direktur|ketua|inspektur|kami)\b.*,$"
    r"|ditetapkan di\b|\d{1,2}[.)]\s|bab\b|antara$)",
    re.IGNORECASE,
)
_AFTER_TASK = re.compile(
    r"(?:demikian|surat tugas|surat perintah|dikeluarkan|ditetapkan|selama)\b", re.IGNORECASE
)
_MERGED_HEADER = re.compile(r"\b(?:nomor|sifat|lampiran|kepada|yth)\b\s*[:.]", re.IGNORECASE)


def read_letter_text(text: str) -> LetterRead | None:
    """Read the parts that are certain; None where there is too little text, as in a scan.

    The date stays as it is written; whoever asks reads it, as only they know the day.
    """
    lines = _tidy(text)
    if sum(c.isalpha() for c in "".join(dict.fromkeys(lines))) < FEWEST_CHARS:
        return None
    own = list(_own_lines(lines))
    head = _head_of(own)
    number = _read_number(head)
    subject = _read_subject(own, head)
    day = _read_date(own, head)
    titled = any(_TITLE.match(line) for line in head[:HEAD_LINES])
    return LetterRead(number, day, subject, is_letter=titled or bool(number or subject or day))


def _tidy(text: str) -> list[str]:
    lines = (" ".join(line.split(" ")).strip() for line in text.splitlines()[: MOST_LINES * 2])
    joined = (_SPACED.sub(lambda run: run[0].replace(" ", ""), line) for line in lines)
    return [line.replace("\t", " ") for line in joined if line][:MOST_LINES]


def _own_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines before the first attachment, which names its letter once more."""
    for n, line in enumerate(lines):
        if n > 2 and _ATTACHED.match(line):
            return
        yield line


def _head_of(lines: Sequence[str]) -> list[str]:
    """Return the lines above the body: below, other letters are named."""
    ends = next((n for n, line in enumerate(lines) if n and _BODY.match(line)), HEAD_LINES)
    return list(lines[: min(ends, HEAD_LINES)])


def _read_number(head: Sequence[str]) -> str:
    """Read the one number of the head; "" where there is none, several, or one not filled in."""
    numbers: set[str] = set()
    for n, line in enumerate(head):
        match = _NUMBER.fullmatch(line) or _NUMBER_WITHIN.fullmatch(line)
        if match is None or _NOT_OF_LETTER.match(match[match.lastindex or 1]):
            continue
        said = match[match.lastindex or 1].strip()
        following = head[n + 1] if n + 1 < len(head) else ""
        if re.fullmatch(r"\d+", said) and re.fullmatch(r"TAHUN\s+\d{4}", following, re.IGNORECASE):
            said = f"{said} {following}"
        numbers.add(_write_number(said or following))
    return numbers.pop() if len(numbers) == 1 else ""


def _write_number(said: str) -> str:
    """Write a number without the spaces around its strokes; "" when it is not whole."""
    if dated := _PLACE_DATE.fullmatch(said):
        said = said[: dated.start(1)].rpartition(",")[0].rpartition(" ")[0].strip()
    if _BLANK.search(said) or not any(c.isdigit() for c in said):
        return ""
    match = _WHOLE_NUMBER.fullmatch(said.rstrip(" ."))
    if match is None or len(match[0]) > NUMBER_CHARS:
        return ""
    return re.sub(r"\bTAHUN\b", "Tahun", " ".join(re.sub(r"\s*([/\u2013-])\s*", r"\1", match[0]).split()))


def _read_date(lines: Sequence[str], head: Sequence[str]) -> str:
    """Read the day of signing, the place's and the head's; "" unless all that are there agree."""
    days = [*_signed_days(lines), *_placed_days(lines), *_opening_days(lines)]
    days += [match[1] for line in head if (match := _HEADER_DATE.fullmatch(line))]
    alike = {" ".join(day.casefold().split()).removeprefix("0") for day in days}
    return " ".join(days[0].split()) if len(alike) == 1 and "" not in alike else ""


def _signed_days(lines: Sequence[str]) -> Iterator[str]:
    """Yield the day after "Ditetapkan di", "" where it was left blank; promulgation comes later."""
    for n, line in enumerate(lines):
        if not (signed := _SIGNED.search(line)) or signed[1].casefold() == "diundangkan":
            continue
        near = " ".join(lines[n : n + 3])
        on = _SIGNED_ON.search(near, near.casefold().find(signed[1].casefold()))
        yield (on[1] or on[2] or "") if on else ""


def _placed_days(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if _DAY_NAME.search(line):  # "Hari, tanggal: Senin, 10 Maret 2025" is when something takes place
            continue
        if match := _PLACE_DATE.fullmatch(line):
            yield match[1]
        elif _PLACE_BLANK.fullmatch(line):
            yield ""


def _opening_days(lines: Sequence[str]) -> Iterator[str]:
    """Yield the day an agreement opens with, written in digits behind its words."""
    for n, line in enumerate(lines):
        if _ON_THIS_DAY.match(line):
            opening = _BRACKETED.search(" ".join(lines[n : n + 4]))
            yield opening[1].replace(" ", "") if opening else ""


def _read_subject(lines: Sequence[str], head: Sequence[str]) -> str:
    """Read what stands behind "tentang" or "perihal" of the head, or the task of an assignment."""
    for n, line in enumerate(head):
        if match := _ABOUT.fullmatch(line):
            return _write_subject(match[1], lines[n + 1 :], ends=_AFTER_SUBJECT)
        if within := re.search(r"\bNOMOR\b.*\bTENTANG\s+(.+)", line, re.IGNORECASE):
            return _write_subject(within[1], lines[n + 1 :], ends=_AFTER_SUBJECT)
        if match := _REGARDING.fullmatch(line):
            return _write_subject(match[1], lines[n + 1 :], ends=_AFTER_SUBJECT)
    assigns = any(re.match(r"SURAT (?:PERINTAH )?TUGAS|SURAT PERINTAH", line, re.IGNORECASE) for line in head)
    tasks = [(n, match[1]) for n, line in enumerate(lines) if assigns and (match := _TO_DO.fullmatch(line))]
    if len(tasks) != 1 or _LISTED.match(tasks[0][1]):
        return ""
    return _write_subject(tasks[0][1], lines[tasks[0][0] + 1 :], ends=_AFTER_TASK)


def _write_subject(first: str, following: Sequence[str], *, ends: re.Pattern[str]) -> str:
    """Join the lines of a subject up to what comes after one; "" where its end is not seen."""
    words = [first.strip()] if first.strip() else []
    for line in following[: SUBJECT_LINES + 1]:
        if ends.match(line) or (words and _PLACE_DATE.fullmatch(line)):
            subject = " ".join(" ".join(words).split()).strip(" .;:,")
            blank = _BLANK.search(subject) or _MERGED_HEADER.search(subject)
            return subject if 8 <= len(subject) <= SUBJECT_CHARS and not blank else ""
        words.append(line)
    return ""
