"""Numbers as Indonesians write them: dot for thousands, comma for decimals, `rb`, `jt`, `%`, words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from domain.reading.lexicon import lexicon
from domain.reading.number_words import Token, add_up, number_words
from domain.reading.result import MAX_CHARS, UNREADABLE, Ambiguous, NotUnderstood, Understood, tidy

MAX_DIGITS = 18  # of one number; more is an account or card number, and exceeds exact arithmetic
MAX_DECIMALS = 8
LIMIT = Decimal(10) ** MAX_DIGITS
MAX_READINGS = 3
Result = Understood[Decimal] | Ambiguous[Decimal] | NotUnderstood

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|[-%?\ufffd]")
_MONEY = re.compile(r"(?<![a-z])(?:rp|idr)(?![a-z])\.?\s*")
_CALCULATION = re.compile(r"[0-9)]\s*[/*=+^:×÷\\]\s*[0-9(]|[0-9]\s*x\s*[0-9]|[0-9]-[0-9.,]+-[0-9]")
_SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9.,])")
_TO = re.compile(r"\s*(?:\bs/d\b|\bs\.d\.?(?=\s)|\bsd\b|\bsampai dengan\b)\s*")
_CASH_TAIL = re.compile(r"(?<=[0-9]),\s*-+")  # "Rp5.000,-"


@dataclass(frozen=True, slots=True)
class _Literal:
    """A number in digits and how it can be read, best first."""

    readings: tuple[Decimal, ...]
    sure: bool


@dataclass(slots=True)
class _Run:
    """Neighbouring tokens that make up one number."""

    tokens: list[Token | _Literal]
    negative: bool = False
    doubtful: bool = False
    letter: str = ""


@dataclass(slots=True)
class _Scan:
    """What a text holds: runs, the words before the first and after it."""

    runs: list[_Run] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    loose_dash: bool = False
    unreadable: bool = False


def read_number(text: str, *, whole: bool = False) -> Result:
    """Read one number; `whole` refuses fractions with "not_whole".

    Not sure, so to be read back: one dot before three digits (1.250), English separators, "sekitar",
    unknown words or a question mark around it, single-letter scales.
    """
    said, clean = text, tidy(text[: MAX_CHARS + 1])
    if not clean:
        return NotUnderstood("empty", said)
    if len(text) > MAX_CHARS or _CALCULATION.search(clean := _TO.sub(" - ", clean)):
        return NotUnderstood("unreadable", said)
    result = _read(clean, said)
    return _wholes(result) if whole else result


def _wholes(result: Result) -> Result:
    match result:
        case Understood(value=value) if value != int(value):
            return NotUnderstood("not_whole", result.said)
        case Ambiguous(candidates=candidates):
            kept = tuple(value for value in candidates if value == int(value))
            if not kept:
                return NotUnderstood("not_whole", result.said)
            return Ambiguous(kept, result.said) if len(kept) > 1 else Understood(kept[0], False, result.said)
    return result


def _read(clean: str, said: str) -> Result:
    money = _MONEY.search(clean) is not None
    clean = _CASH_TAIL.sub("", _MONEY.sub("", clean))
    scan = _scan(_SPACED.sub(lambda match: match[0].replace(" ", ""), clean), money=money)
    if not scan.runs:
        zero = _without(clean.strip(" .!"), "openers") in lexicon()["number"]["zero"]
        return Understood(Decimal(0), False, said) if zero else NotUnderstood("unreadable", said)
    readings = [_readings(run, money=money) for run in scan.runs]
    if scan.unreadable or not all(readings):
        return NotUnderstood("unreadable", said)
    if len(scan.runs) > 1:
        return _several(scan.runs, readings, clean, said)
    values = readings[0]
    if scan.loose_dash:  # "- 5": a list's mark or a sign
        values = (values[0], -values[0])
    if len(set(values)) > 1:
        return Ambiguous(values[:MAX_READINGS], said)
    unit, known = _unit(scan.after)
    doubtful = scan.runs[0].doubtful or bool(_without(" ".join(scan.before), "openers")) or not known
    return Understood(values[0], not (doubtful or _SPACED.search(clean)), said, unit)


def _several(runs: list[_Run], readings: list[tuple[Decimal, ...]], clean: str, said: str) -> Result:
    """Offer the ends of a range, or the numbers of a sentence."""
    values = [reading[0] for reading in readings]
    if len(runs) > MAX_READINGS or re.search(r"(?<![0-9.,])0[0-9]", clean):
        return NotUnderstood("unreadable", said)
    # "2-3 juta": the scale stands once and means both.
    if len(runs) == 2 and values[0] < values[1] and re.search(r"[0-9]\s*-\s*[0-9]", clean):
        first, second = runs
        shared = _readings(_Run([*first.tokens, *second.tokens[1:]], letter=second.letter), money=True)
        values[0] = shared[0] if shared and len(first.tokens) == 1 else values[0]
    unique = tuple(dict.fromkeys(values))
    return Ambiguous(unique, said) if len(unique) > 1 else Understood(unique[0], False, said)


def _scan(clean: str, *, money: bool) -> _Scan:
    """Cut a text into runs of number tokens and the words around them."""
    scan, open_run, negative, doubtful = _Scan(), False, False, False
    for match in _TOKEN.finditer(clean):
        word, end = match[0], match.end()
        if word[0].isdigit() or word in number_words():
            if not open_run:
                scan.runs.append(_Run([], negative=negative, doubtful=doubtful))
            scan.runs[-1].tokens.append(_literal(word, money=money) if word[0].isdigit() else word)
            open_run, negative, doubtful = True, False, False
            continue
        after_digits = open_run and isinstance(scan.runs[-1].tokens[-1], _Literal)
        open_run = False
        if word == UNREADABLE:
            scan.unreadable = True
        elif word == "-":
            starts = not clean[: match.start()][-1:].strip() and not after_digits
            negative = starts and clean[end : end + 1].isdigit()
            scan.loose_dash = scan.loose_dash or (starts and not negative and match.start() == 0)
        elif after_digits and word in lexicon()["number"]["letter"]:
            scan.runs[-1].letter = word
        elif word in ("minus", "min", "negatif") and clean[end:].lstrip()[:1].isdigit():
            negative, doubtful = True, word == "min"  # "min 5" may be "at least 5"
        else:
            (scan.after if scan.runs else scan.before).append(word)
    return scan


def _unit(words: list[str]) -> tuple[str, bool]:
    """Name what stands behind a number, and tell whether it changes nothing."""
    percent = lexicon()["number"]["percent"]["words"]
    if words and (words[0] in percent or words[:2] == ["per", "cent"]):
        rest = words[2:] if words[0] == "per" else words[1:]
        return "percent", not rest
    unit = " ".join(words)
    return (unit, True) if unit in lexicon()["number"]["units"] else ("", not unit)


def _without(text: str, words: str) -> str:
    """Take the opening words off."""
    for opener in lexicon()["number"][words]:
        if text == opener or text.startswith(f"{opener} "):
            return text[len(opener) + 1 :]
    return text


def _readings(run: _Run, *, money: bool) -> tuple[Decimal, ...]:
    """Work out the values a run can have; empty when it makes no number. Marks the run as doubtful."""
    found: list[Decimal] = []
    literals = [token for token in run.tokens if isinstance(token, _Literal)]
    for choice in range(max((len(literal.readings) for literal in literals), default=1)):
        tokens: list[Token] = []
        for token in run.tokens:
            if isinstance(token, _Literal):
                if not token.readings:
                    return ()
                tokens.append(token.readings[min(choice, len(token.readings) - 1)])
            else:
                tokens.append(token)
        worded = add_up(tokens)
        if worded is not None:
            found.append(worded.value)
            run.doubtful = run.doubtful or not worded.sure
    run.doubtful = run.doubtful or bool(run.letter) or not all(literal.sure for literal in literals)
    if run.letter:
        scale = lexicon()["number"]["letter"][run.letter]
        scaled = [value * scale for value in found]
        found = scaled if money or run.letter == "k" else [*found, *scaled]
    if any(value >= LIMIT for value in found):
        return ()
    return tuple(dict.fromkeys(_lean(-value if run.negative else value) for value in found))


def _lean(value: Decimal) -> Decimal:
    """Drop zeros behind the decimal point: an amount is kept as it would be typed plainly."""
    return value.quantize(Decimal(1)) if value == int(value) else value.normalize()


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    """Shapes of a number in digits: pattern, how to read it, sure."""
    shapes = (
        (r"0|[1-9][0-9]*", "plain", True),
        (r"0[0-9]+", "plain", False),
        (r"[1-9][0-9]{0,2}\.[0-9]{3}", "one_dot", False),
        (r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}", "dots", True),
        (r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+", "dots", True),
        (r"(?:0|[1-9][0-9]{3,}),[0-9]+|[1-9][0-9]{0,2},(?:[0-9]{1,2}|[0-9]{4,})", "dots", True),
        (r"[1-9][0-9]{0,2},[0-9]{3}", "one_comma", False),
        (r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[1-9][0-9]{0,2},[0-9]{3}\.[0-9]+", "english", False),
        (r"(?:0|[1-9][0-9]*)\.[0-9]+", "english", False),
    )
    return tuple((re.compile(shape), how, sure) for shape, how, sure in shapes)


def _literal(text: str, *, money: bool) -> _Literal:
    if sum(character.isdigit() for character in text) > MAX_DIGITS:
        return _Literal((), False)
    for pattern, how, sure in _patterns():
        if pattern.fullmatch(text):
            if len(re.split(r"[.,]", text)[-1]) > MAX_DECIMALS and how != "plain":
                break
            indonesian = text.replace(".", "").replace(",", ".")
            english = text.replace(",", "")
            if how == "one_comma":
                return _Literal((Decimal(english), Decimal(indonesian)), sure)
            # Nobody writes thousandths of a rupiah.
            return _Literal(
                (Decimal(english if how == "english" else indonesian),), sure or (money and how == "one_dot")
            )
    return _Literal((), False)


def say_number(value: Decimal, language: str, places: int | None = None) -> str:
    """Say a number: "1.250,5" (English "1,250.5"); `places` fixes the decimals, else as many as needed."""
    text = f"{value:,f}" if places is None else f"{value:,.{places}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.lstrip("-0.,") == "":
        text = text.lstrip("-")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
