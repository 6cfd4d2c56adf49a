"""Every text is there in both languages, every text is used, and none speaks in a way we do not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from domain.rules.form import Form
from domain.rules.load import load_form
from handlers.assembly import build
from handlers.registry import registry
from handlers.words import load_words

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "storage", "handlers", "scheduler", "bot")
CODE = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
TABLES = [
    p for folder in ("domain", "handlers") for p in (ROOT / folder).rglob("*.toml") if "data" not in p.parts
]
FORBIDDEN = ("tidak valid", "error", "salah!", "gagal!", "invalid", "terlambat", "malas")
ENGLISH = re.compile(
    r"\b(the|please|your|file|save|back|skip|help|draft|button|deadline|upload|submit|level|and|is|it|not"
    r"|what|send|now|choose|list|year|change|next|same|done|keep|leave|evidence|with|from|this|that|of|for"
    r"|click|tap|score|review|reminder|update|approve|reject|delete|edit|open|close|start)\b",
    re.I,
)
PLACES = re.compile(r"\{\w+\}|desk-inovasi(?: [\w.-]+)+")  # parameters, and commands of a server's shell
MADE_UP = {  # keys put together at run time
    "broadcast_audience": ("role_", "state_"),
    "broadcast_limits": ("weekly_cap", "heard_today"),
    "broadcast_report": ("is_", "title_", "to_call", "stopped", "unknown", "notified", "ringing"),
    "broadcast_send": ("dead_", "ask_", "yes_", "told_"),
    "broadcast_text": ("link_",),
    "coach": ("paper_", "called_"),
    "conversation": (
        "typed_",
        "remark_",
        "word_",
        "date_",
        "file_",
        "gap_",
        "counted",
        "mismatch_",
        "letter_",
        "recheck_",
    ),
    "eligibility": ("stage", "no_date", "late", "old", "no_development", "development_outside"),
    "file_findings": ("is_",),
    "figure_words": ("part_",),
    "figure_pages": ("without", "unreached"),
    "to_call": ("why_",),
    "why_moved": ("fell_", "rose_", "added", "left", "levels", "profile"),
    "language": ("name_", "typed_"),
    "linking": ("apart_", "note_"),
    "offices": ("unreached_",),
    "typed_command": ("",),  # by the command
    "reminder_texts": ("why_", "notice_", "skipped_", "post_", "leader_unanswered", "rung_unanswered"),
    "reminders": ("gets_", "why_", "door_", "rung_", "ladder_"),
    "named_page": ("",),  # by the page
    "rungs": ("post_", "name_", "end_"),
    "weekly_summary": ("rung_",),
    "exported": ("what_", "file_", "counted_"),
    "importing": ("fault_", "refused_"),
    "invite": ("role_",),
    "restored_messages": ("done_",),
    "review": ("list_", "are_", "none_", "tab_", "ask_", "sure_", "yes_", "done_"),
    "portal": ("",),
    "staff": ("give_",),
    "troubles": (
        "name_",
        "part_",
        "channel_",
        "queue_",
        "database_",
        "store_",
        "disk_",
        "backup_",
        "webhook_",
        "template_",
        "restart_",
        "clock_",
    ),
    "recipient": ("state_", "reason_", "column_"),
    "role": ("",),
    "state": ("",),
    "silence": ("typed_",),  # by the part a word has in a wish
}


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LEVEL = {  # of a room among those of its package, from the top down, as the import rules give it
    room: level
    for contract in PROJECT["tool"]["importlinter"]["contracts"]
    if contract["type"] == "layers"
    for level, layer in enumerate(contract["layers"])
    for room in re.split(r" [|:] ", layer)
}


def room(path: Path) -> str:
    """The room a file lies in, as the import rules name it: `handlers.review`, `domain.people`."""
    package, second, *_ = path.relative_to(ROOT).with_suffix("").parts
    return f"{package}.{second}"


def may_say(speaker: Path, table: Path) -> bool:
    """Whether a module may say the words of a file: its package's, the domain's, or those of a room below.

    Storage, scheduler and bot have no words: what they say lies in the domain.
    """
    by, of = room(speaker), room(table)
    if speaker.parent == table.parent or by == of:
        return True
    if by.partition(".")[0] != of.partition(".")[0]:
        return of.startswith("domain.")
    return of not in LEVEL or LEVEL[of] > LEVEL.get(by, -1)


def test_a_module_says_the_words_of_its_own_package_or_of_one_below() -> None:
    tables = {table.stem: table for table in TABLES}
    key = re.compile(rf"[\"']({'|'.join(tables)})\.(?!toml)\w")
    found = {
        (path.relative_to(ROOT).as_posix(), stem)
        for path in CODE
        for stem in key.findall(path.read_text(encoding="utf-8"))
        if not may_say(path, tables[stem])
    }
    assert sorted(found) == []


def texts(language: str) -> list[tuple[str, str]]:
    """Every text of a language with its key, the form's included."""
    found = [
        (f"{path.stem}.{key}", entry[language])
        for path in TABLES
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    ]
    return found + [(f"form {where}", text) for where, text in _of_form(load_form(), language)]


def _of_form(form: Form, language: str) -> list[tuple[str, str]]:
    found = [(section.id, section.title.in_(language)) for section in form.sections]
    for question in form:
        for name in ("label", "ask", "hint", "example", "help", "why"):
            found.append((f"{question.id}.{name}", getattr(question, name).in_(language)))
        found += [(f"{question.id}.{option.id}", option.label.in_(language)) for option in question.options]
    return found


def used_keys() -> set[str]:
    """Keys that stand in the code as they are."""
    found: set[str] = set()
    for path in CODE:
        source = path.read_text(encoding="utf-8")
        modules = "|".join(table.stem for table in TABLES)
        found |= set(re.findall(rf"[\"']((?:{modules})\.\w+)[\"']", source))
        for name in re.findall(r'words\(\s*"(\w+)"', source) + re.findall(
            r'(?:Refused|Problem)\((?:\w+, )?"(\w+)"', source
        ):
            found.add(f"conversation.{name}")
        found |= {f"conversation.{name}" for name in re.findall(r'"(\w+)"', source) if "domain" in path.parts}
    for command in registry().commands:
        found |= {f"{command.module}.menu", f"{command.module}.help"}
    return found


def test_every_key_the_code_says_is_written() -> None:
    written = load_words().keys
    for path in CODE:
        source = path.read_text(encoding="utf-8")
        for key in re.findall(r'say\(\s*"(\w+\.\w+)"', source):
            assert key in written, f"{path.name}: {key}"
        for name in re.findall(r'words\(\s*"(\w+)"', source):
            assert f"conversation.{name}" in written, f"{path.name}: {name}"


def test_every_text_written_is_said_somewhere() -> None:
    used = used_keys()
    for key in sorted(load_words().keys):
        module, name = key.split(".")
        if not name.startswith(MADE_UP.get(module, ("\0",))):
            assert key in used, key


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_text_is_empty_or_blames(language: str) -> None:
    for key, text in texts(language):
        assert text.strip(), key
        assert not any(word in text.casefold() for word in FORBIDDEN), (key, text)


def test_the_indonesian_texts_carry_no_english_words() -> None:
    for key, text in texts("id"):
        if "typed_" in key or key == "language.ask" or "synonyms" in key:
            continue
        assert not ENGLISH.search(PLACES.sub("", text)), (key, text)


def test_both_languages_take_the_same_parameters() -> None:
    for path in TABLES:
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            both = [set(re.findall(r"\{(\w+)\}", entry[language])) for language in ("id", "en")]
            assert both[0] == both[1], f"{path.stem}.{key}"


def test_every_command_has_menu_words_a_phone_can_show() -> None:
    desk = build(timezone="Asia/Jakarta", language="id")
    for _, _, commands in desk.menus():
        for name, told in commands:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(told) <= 60


def test_what_a_person_typed_is_never_cut_without_a_sign() -> None:
    """`domain.texts.quoted` shortens it; a bare slice may end within a word."""
    cut = re.compile(r"said=[\w.]+\[:")
    assert [path.name for path in CODE if cut.search(path.read_text(encoding="utf-8"))] == []
