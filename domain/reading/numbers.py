"""Numbers as Indonesians write them: dot for thousands, comma for decimals, `rb`, `jt`, `%`, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from domain.reading.around import is_made_of
from domain.reading.lexicon import lexicon
from domain.reading.number_surroundings import about_scale, opens_per, surroundings, unit_of, without_openers
from domain.reading.number_words import Token, add_up, apart, number_words
from domain.reading.result import MAX_CHARS, UNREADABLE, Ambiguous, NotUnderstood, Understood, tidy

MAX_DIGITS = 18  # of one number; more is an account or card number, and exceeds exact arithmetic
MAX_DECIMALS = 8
LIMIT = Decimal(10) ** MAX_DIGITS
MAX_READINGS = 3
Result = Understood[Decimal] | Ambiguous[Decimal] | NotUnderstood

_TOKEN = re.compile(
    r"(?<!\S)[.,][0-9]+|[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|\+ ?/ ?-|\+-|-\+|[<>]=|=[<>]|[^\w\s]|_"
)
_SILENT = frozenset(".,!:;\"'*_[]{}\u2018\u2019\u201c\u201d)")  # signs that change nothing
_MONEY = re.compile(r"(?<![a-z])(?:rp|idr)(?![a-z])\.?\s*")
_CALCULATION = re.compile(
    r"[0-9)]\s*[/*=+^:×÷\\]\s*[0-9(]|[0-9]\s*x\s*[0-9]|[0-9]-[0-9.,]+-[0-9]"
    r"|[a-z%)]\s*[*+^×÷]\s*[0-9(]|[a-z%)]\s+x\s*[0-9]"  # "25 juta x 12"
)
_SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9.,])")
_UP_TO = re.compile(r"^\W*(?:s/d|s\.d\.?|sd|sampai dengan|s/d\.)(?![a-z])\s*")
_TO = re.compile(r"\s*(?:\bs/d\b|\bs\.d\.?(?=\s|[0-9])|\bsd\b|\bsampai dengan\b)\s*")
_BETWEEN = re.compile(
    r"[0-9]\s*(?:-|sampai|hingga|atau|to)\s*[0-9]|(?:antara|between)\s*[0-9.,]+\s*(?:dan|and)\s*[0-9]"
)
_CASH_TAIL = re.compile(r"(?<=[0-9]),\s*[-=]+")  # "Rp5.000,-"


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
    scale_sign: str = ""  # "k" of "25k"
    bracketed: bool = False  # "25 (dua puluh lima)": the same number once more


@dataclass(slots=True)
class _Scan:
    """What a text holds: runs, the words before the first and after the last."""

    runs: list[_Run] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    maybe_negative: bool = False  # "- 5": a list's mark or a sign; "min 5": minus or at least
    unreadable: bool = False
    is_open: bool = False  # the newest run goes on
    negative: bool = False  # a sign stands before the next run
    bracketed: bool = False  # a bracket stands before the next run

    def around(self) -> list[str]:
        """The words on the side of the numbers where the scan is."""
        return self.after if self.runs else self.before

    def take_number(self, token: Token | _Literal) -> None:
        """Add a token to the run that goes on, or begin one with the signs before it."""
        if not self.is_open:
            self.runs.append(_Run([], negative=self.negative, bracketed=self.bracketed))
        self.runs[-1].tokens.append(token)
        self.is_open = True
        self.negative = False
        self.bracketed = False

    def take_word(self, word: str, *, left: str, rest: str) -> None:
        """End the run; a sign of currency or scale belongs to a number, any other word stands around."""
        after_digits = self.is_open and isinstance(self.runs[-1].tokens[-1], _Literal)
        self.is_open, self.bracketed = False, self.bracketed or word == "("
        if word == UNREADABLE:
            self.unreadable = True
        elif word == "-":
            starts = not left[-1:].strip() and not after_digits
            self.negative = starts and rest[:1].isdigit()
            self.maybe_negative = self.maybe_negative or (starts and not self.negative and not left)
        elif after_digits and word in lexicon()["number"]["scale_sign"]:
            self.runs[-1].scale_sign = word
        elif word in ("minus", "min", "negatif") and rest.lstrip()[:1].isdigit():
            self.negative = word != "min"
            self.maybe_negative = self.maybe_negative or word == "min"
        elif word != "(":
            self.around().append(word)


def read_number(text: str, *, whole: bool = False, units: Iterable[str] = ()) -> Result:
    """Read one number; `whole` refuses fractions with "not_whole", `units` are words for what is asked.

    Not sure, so to be read back: one dot before three digits (1.250), English separators, another unit than
    asked, "per tahun", an approximation, a bound, unknown words, signs or a question mark around it,
    single-letter scales. What it was is in `unit`, `per` and `bound`.
    """
    said, clean = text, tidy(text[: MAX_CHARS + 1])
    if not clean:
        return NotUnderstood("empty", said)
    clean = _TO.sub(" - ", _UP_TO.sub("maksimal ", apart(clean)))
    if len(text) > MAX_CHARS or _CALCULATION.search(clean):
        return NotUnderstood("unreadable", said)
    result = _read_run(clean, said, asked={unit.casefold(): unit_of(unit) for unit in units})
    return _read_wholes(result) if whole else result


def scaled_like(value: Decimal, candidates: Iterable[Decimal]) -> Decimal | None:
    """Give a typed number the scale of the numbers that were offered: "3" behind "2-3 juta" is 3 juta.

    None where they have no scale of their own, or the number falls outside what they span.
    """
    offered = sorted(candidates)
    scale = next(
        (
            s
            for s in (10**12, 10**9, 10**6, 10**3)
            if offered and all(candidate and candidate % s == 0 for candidate in offered)
        ),
        1,
    )
    scaled = value * scale
    return _drop_zeros(scaled) if scale > 1 and offered[0] <= scaled <= offered[-1] else None


def _read_wholes(result: Result) -> Result:
    match result:
        case Understood(value=value) if value != int(value):
            return NotUnderstood("not_whole", result.said)
        case Ambiguous(candidates=candidates):
            kept = tuple(value for value in candidates if value == int(value))
            if not kept:
                return NotUnderstood("not_whole", result.said)
            return Ambiguous(kept, result.said) if len(kept) > 1 else Understood(kept[0], False, result.said)
    return result


def _read_run(clean: str, said: str, *, asked: Mapping[str, str]) -> Result:
    money = _MONEY.search(clean) is not None
    clean = _CASH_TAIL.sub("", _MONEY.sub("", clean))
    clean = lexicon()["number"]["alone"].get(clean.strip(" .!"), clean)
    scan = _scan(_SPACED.sub(lambda match: match[0].replace(" ", ""), clean), money=money)
    if not scan.runs:
        is_zero = _says_zero(without_openers(clean.strip(" .!")))
        return Understood(Decimal(0), False, said) if is_zero else NotUnderstood("unreadable", said)
    readings = [_work_out_readings(run, money=money) for run in scan.runs]
    if scan.unreadable or not all(readings):
        return NotUnderstood("unreadable", said)
    around = surroundings(scan.before, scan.after, money=money, asked=asked)
    twice = len(scan.runs) == 2 and scan.runs[1].bracketed and readings[0][0] == readings[1][0]
    if len(scan.runs) > 1 and not twice:
        return _offer_several(scan.runs, readings, clean=clean, said=said)
    values = readings[0]
    if scan.maybe_negative:
        values = (values[0], -values[0])
    if len(set(values)) > 1 and not twice:
        return Ambiguous(values[:MAX_READINGS], said)
    doubtful = (scan.runs[0].doubtful and not twice) or _SPACED.search(clean) is not None
    sure = not doubtful and around.plain(set(asked.values()))
    return Understood(values[0], sure, said, around.unit, around.per, around.bound)


def _offer_several(runs: list[_Run], readings: list[tuple[Decimal, ...]], *, clean: str, said: str) -> Result:
    """Offer the ends of a range, or the numbers of a sentence."""
    values = [reading[0] for reading in readings]
    if len(runs) > MAX_READINGS or re.search(r"(?<![0-9.,])0[0-9]", clean):
        return NotUnderstood("unreadable", said)
    # "2-3 juta": the scale stands once and means both.
    if len(runs) == 2 and values[0] < values[1] and _BETWEEN.search(clean):
        first, second = runs
        shared = _work_out_readings(
            _Run([*first.tokens, *second.tokens[1:]], scale_sign=second.scale_sign), money=True
        )
        values[0] = shared[0] if shared and len(first.tokens) == 1 else values[0]
    unique = tuple(dict.fromkeys(values))
    return Ambiguous(unique, said) if len(unique) > 1 else Understood(unique[0], False, said)


def _scan(clean: str, *, money: bool) -> _Scan:
    """Cut a text into runs of number tokens and the words around them."""
    scan = _Scan()
    for match in _TOKEN.finditer(clean):
        word, rest = match[0], clean[match.end() :]
        if scan.runs and opens_per(word, rest):
            scan.after += [word, *(token for token in _TOKEN.findall(rest) if token not in _SILENT)]
            break
        digits, scale = word[-1].isdigit(), about_scale(word, begun=scan.is_open)
        if digits or scale or word in number_words():
            scan.take_number(_read_literal(word, money=money) if digits else scale or word)
            scan.after += ["an"] if scale else []
        elif word in _SILENT:
            # "25 juta, 3 tahun" are two
            scan.is_open = scan.is_open and not (word in ",;" and rest[:1] == " ")
        else:
            scan.take_word(word, left=clean[: match.start()], rest=rest)
    return scan


def _choose_reading(token: Token | _Literal, choice: int) -> Token:
    """Take a literal's reading of that number, its last where it has fewer."""
    if isinstance(token, _Literal):
        return token.readings[min(choice, len(token.readings) - 1)]
    return token


def _work_out_readings(run: _Run, *, money: bool) -> tuple[Decimal, ...]:
    """Work out the values a run can have; empty when it makes no number. Marks the run as doubtful."""
    values: list[Decimal] = []
    literals = [token for token in run.tokens if isinstance(token, _Literal)]
    if not all(literal.readings for literal in literals):
        return ()
    for choice in range(max((len(literal.readings) for literal in literals), default=1)):
        worded = add_up([_choose_reading(token, choice) for token in run.tokens])
        if worded is not None:
            values.append(worded.value)
            run.doubtful = run.doubtful or not worded.sure
    # "500 ribu 2" may be two numbers
    trailing = len(run.tokens) > 1 and isinstance(run.tokens[-1], _Literal)
    run.doubtful = (
        run.doubtful or trailing or bool(run.scale_sign) or not all(literal.sure for literal in literals)
    )
    if run.scale_sign:
        scale = lexicon()["number"]["scale_sign"][run.scale_sign]
        scaled = [value * scale for value in values]
        values = scaled if money or run.scale_sign == "k" else [*values, *scaled]
    if any(value >= LIMIT for value in values):
        return ()
    return tuple(dict.fromkeys(_drop_zeros(-value if run.negative else value) for value in values))


def _says_zero(text: str) -> bool:
    """Whether a text says that it is nothing: "gratis saja", "tidak ada anggaran", or both."""
    zero, words = lexicon()["number"]["zero"], text.replace(",", " ").split()
    rest = words[1:] if words and words[0] in zero["free"] else words
    if is_made_of(rest, (zero["no"], zero["of"]), beside=zero["beside"]):
        return True
    return len(rest) < len(words) and set(rest) <= set(zero["beside"])


def _drop_zeros(value: Decimal) -> Decimal:
    """Drop zeros behind the decimal point: an amount is kept as it would be typed plainly."""
    return value.quantize(Decimal(1)) if value == int(value) else value.normalize()


@cache
def _compile_patterns() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    """Shapes of a number in digits: pattern, how to read it, sure."""
    shapes = (
        (r"0|[1-9][0-9]*", "plain", True),
        (r"0[0-9]+", "plain", False),
        (r"[1-9][0-9]{0,2}\.[0-9]{3}", "one_dot", False),
        (r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}", "dots", True),
        (r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]{3}", "mixed", False),
        (r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+", "dots", True),
        (r"(?:0|[1-9][0-9]{3,}),[0-9]+|[1-9][0-9]{0,2},(?:[0-9]{1,2}|[0-9]{4,})", "dots", True),
        (r"[1-9][0-9]{0,2},[0-9]{3}", "one_comma", False),
        (r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[1-9][0-9]{0,2},[0-9]{3}\.[0-9]+", "english", False),
        (r"(?:0|[1-9][0-9]*)\.[0-9]+", "english", False),
    )
    return tuple((re.compile(shape), how, sure) for shape, how, sure in shapes)


def _read_literal(text: str, *, money: bool) -> _Literal:
    if sum(character.isdigit() for character in text) > MAX_DIGITS:
        return _Literal((), False)
    if text[0] in ".,":  # ".5" is half of one, or a slip before 5
        return _Literal((Decimal(f"0.{text[1:]}"), Decimal(text[1:])), False)
    for pattern, how, sure in _compile_patterns():
        if pattern.fullmatch(text):
            if len(re.split(r"[.,]", text)[-1]) > MAX_DECIMALS and how != "plain":
                break
            indonesian = text.replace(".", "").replace(",", ".")
            english = text.replace(",", "")
            if how == "one_comma":
                return _Literal((Decimal(english), Decimal(indonesian)), sure)
            if how == "mixed":  # "15.000,000": thousandths, or a comma where a dot was meant
                return _Literal((Decimal(re.sub("[.,]", "", text)), Decimal(indonesian)), sure)
            # Nobody writes thousandths of a rupiah.
            return _Literal(
                (Decimal(english if how == "english" else indonesian),), sure or (money and how == "one_dot")
            )
    return _Literal((), False)


def say_number(value: Decimal, language: str, *, places: int | None = None) -> str:
    """Say a number: "1.250,5" (English "1,250.5"); `places` fixes the decimals, else as many as needed."""
    text = f"{value:,f}" if places is None else f"{value:,.{places}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.lstrip("-0.,") == "":
        text = text.lstrip("-")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
