"""Pages of everyday use fit a phone: at most 900 characters and 12 buttons that say words
(conversation.md, 6b).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache

import pytest

from bot.channels.fitting import parts
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.render import shortened
from domain.conversation.question_message import MOST_BUTTONS
from domain.short_labels import short_form
from domain.texts import LANGUAGES
from domain.typed_choice import pick
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import Content, in_memory, with_every_office, with_people
from tests.kit.desk_turns import DESK, buttons, says, taps
from tests.kit.everyday import NOT_OPENED, NOT_WALKED, WALKS, Ways
from tests.kit.page_walk import Page, Walk
from tests.kit.people import ORANG, SARI
from tests.test_words import texts as texts_of

MOST_CHARS = 900


def says_words(label: str) -> bool:
    """Whether a label holds a letter, or is a level, or the number of a neighbour or of a field to tick."""
    return bool(re.search(r"[^\W\d_]", label)) or bool(re.fullmatch(r"[✔◀☐☑ ]*\d+\w?[▶ ]*", label))


_ROW = re.compile(r"[^\w(#]*(\d{1,3})(?:[.)] | · )(.*)")
INDICATORS = {
    f"{indicator.no}": {*map(str, (indicator.name.id, indicator.name.en))}
    for edition in DESK.desk_data.indicators.values()
    for indicator in edition.indicators
}


def misnumbered(page: Page) -> list[str]:
    """The rows and buttons of a page that carry a number of an indicator and are none."""
    rows = [match for line in (*page.text.split("\n"), *page.labels) if (match := _ROW.match(line))]
    return [
        match[0]
        for match in rows
        if match[1] in INDICATORS and not any(shares_name(match[2], name) for name in INDICATORS[match[1]])
    ]


def shares_name(row: str, name: str) -> bool:
    """Whether a row begins with a name, which may be shortened."""
    return row.startswith(name[:8])


def too_much(page: Page) -> str:
    """Say what is too much on a page; "" where nothing is."""
    if misnumbered(page):
        return f"numbers of indicators: {misnumbered(page)}"
    if page.units > MOST_CHARS:
        return f"{page.units} characters"
    if len(page.labels) > MOST_BUTTONS:
        return f"{len(page.labels)} buttons"
    bare = [label for label in page.labels if not says_words(label)]
    return f"buttons without words: {bare}" if bare else ""


WHATSAPP = WhatsAppChannel("token", phone_id="1", app_secret="s", verify_token="v", root="http://127.0.0.1:9")


def texts_on_whatsapp(page: Page) -> list[str]:
    """What WhatsApp shows of a page: the body of each message it becomes, with what may be typed there."""
    texts = []
    for part in parts(page.message, limits=WHATSAPP.limits, can=WHATSAPP.can):
        for call in WHATSAPP.render("1", part):
            body = call.parameters.get("body")
            texts.append(body.get("text", "") if isinstance(body, dict) else str(body or ""))
    return texts


@cache
def walked(content: Callable[[], Content], person: int, ways: Ways) -> tuple[Sequence[Page], Walk]:
    """The pages of one walk, and what it reached."""
    with closing(in_memory(content())) as tx:
        tx.execute("BEGIN")
        walk = Walk(tx, DESK, person, alike=4)
        return tuple(walk.pages(ways)), walk


@pytest.mark.parametrize(
    ("content", "person", "ways"), WALKS, ids=[f"{content.__name__}-{person}" for content, person, _ in WALKS]
)
def test_a_page_of_everyday_use_is_read_at_a_glance(
    content: Callable[[], Content], person: int, ways: Ways
) -> None:
    """On WhatsApp it is one message, and no longer with what may be typed in place of a button."""
    for page in walked(content, person, ways)[0]:
        assert not too_much(page), (page.way, too_much(page), page.text)
        shown = texts_on_whatsapp(page)
        assert [len(text) <= MOST_CHARS for text in shown] == [True], (page.way, shown)


@cache
def ours() -> Sequence[re.Pattern[str]]:
    """What we write on buttons ourselves: names of things, offices and options are not among it."""
    every = [entry for language in LANGUAGES for entry in texts_of(language)]
    texts = {text for key, text in every if not key.startswith("form ")}  # options are names too
    return [
        re.compile(re.sub(r"\\{\w+\\}", r"\\d+", re.escape(text)))
        for text in texts
        if len(text) <= 60 and not re.search(r"\{(?!count\})\w+\}", text)
    ]


def cut_on_whatsapp(page: Page) -> list[str]:
    """The labels of our own that WhatsApp shows with an ellipsis, as a button holds them."""
    most = WHATSAPP.limits.button_title_chars
    cut = [label for label in page.labels if shortened(label, most).endswith("…") and not label.endswith("…")]
    return [label for label in cut if any(pattern.fullmatch(label) for pattern in ours())]


def list_unread(page: Page) -> list[str]:
    """The short forms that are not taken for their button where they are typed."""
    choices = [choice for row in page.message.rows for choice in row]
    shorts = {short: choice for choice in choices if (short := short_form(choice.label))}
    picks = {short: pick(short, choices) for short in shorts}
    return [short for short, picked in picks.items() if picked is None or picked.choices != (shorts[short],)]


@pytest.mark.parametrize(
    ("content", "person", "ways"), WALKS, ids=[f"{content.__name__}-{person}" for content, person, _ in WALKS]
)
def test_no_label_of_ours_is_cut_on_whatsapp(content: Callable[[], Content], person: int, ways: Ways) -> None:
    """A short form in its place still says what the button does."""
    cut = {label for page in walked(content, person, ways)[0] for label in cut_on_whatsapp(page)}
    assert cut == set()
    unread = {short for page in walked(content, person, ways)[0] for short in list_unread(page)}
    assert unread == set(), "what a small button says is not taken for it, or is the label of another"


def test_every_button_and_dialogue_is_reached_by_somebody() -> None:
    """What is not is named with its reason: a page nobody walks to may grow unseen."""
    walks = [walked(*walk)[1] for walk in WALKS]
    families = {taps.family.__name__ for entries in DESK.registry.by_prefix.values() for taps in entries}
    assert families - set().union(*(walk.families for walk in walks)) == set(NOT_WALKED)
    assert set(DESK.registry.dialogues) - set().union(*(walk.dialogues for walk in walks)) == set(NOT_OPENED)


@pytest.mark.parametrize("person", [SARI, ORANG])
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_tasks_are_read_at_a_glance_while_hardly_an_office_is_reached(person: int, language: str) -> None:
    with closing(in_memory(with_people())) as tx:
        tx.execute("BEGIN")
        tx.execute("UPDATE contacts SET language = ?", (language,))
        pages = list(Walk(tx, DESK, person, alike=4).pages(("/tugas",)))
    for page in pages:
        assert not too_much(page), (page.way, too_much(page), page.text)


LONG_NAME = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_call_list_is_read_at_a_glance_however_long_the_names_are(language: str) -> None:
    """Every office has a long name and somebody to call who does not answer."""
    with closing(in_memory(with_every_office())) as tx:
        tx.execute("BEGIN")
        tx.execute("UPDATE contacts SET language = ?, name = name || ?", (language, ", S.K.M., M.Si., Ph.D."))
        tx.execute("UPDATE offices SET name = ? || id", (LONG_NAME,))
        tx.execute("UPDATE addresses SET blocked_at = ? WHERE address <> ?", (MORNING.isoformat(), str(SARI)))
        pages = list(Walk(tx, DESK, SARI, alike=2).pages(("/tugas",)))
    assert any("• " in page.text for page in pages)
    for page in pages:
        assert not too_much(page), (page.way, too_much(page), page.text)


def test_the_recipients_of_an_announcement_are_chosen_at_a_glance(busy: SqliteTransaction) -> None:
    """Their groups have a page of their own, from which one comes back."""
    says(busy, SARI, "/siaran")
    (shown,) = says(busy, SARI, "Bimtek hari Senin.")
    assert len(buttons([shown])) <= MOST_BUTTONS
    groups = taps(busy, SARI, "sr:kl:1:0")
    assert {"sr:k:1:dinas", "sr:k:1:kecamatan", "sr:to:1"} <= set(buttons(groups))
    assert len(buttons(groups)) <= MOST_BUTTONS
    assert "✔ Dinas" in str(taps(busy, SARI, "sr:k:1:dinas")[0].rows)
    assert "PIC Dinas" in taps(busy, SARI, "sr:to:1")[0].text
    assert "✔ Kecamatan" in str(says(busy, SARI, "Kecamatan")[0].rows)
