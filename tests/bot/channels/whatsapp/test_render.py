"""Whatever a message holds, the Cloud API takes it, and every choice can be reached."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.render import LIMITS, MORE, calls, load_list_words, marked, shortened, titles
from domain.buttons.base import Raw
from domain.message import BOLD_OFF, BOLD_ON, Attachment, Choice, Message
from domain.short_labels import load_short_labels
from domain.texts import LANGUAGES
from domain.typed_choice import pick
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_calls import message_of
from sandbox.whatsapp_phones import WhatsAppMessage
from tests.test_words import ROOT, texts

LIST_WORDS = load_list_words()
WORDS = LIST_WORDS["id"]
LABELS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=90
)
CHOICES = st.lists(LABELS.filter(str.strip), max_size=50)


def platform() -> WhatsAppEmulator:
    return WhatsAppEmulator(account=EmulatedAccount(token="t", phone_id="1", app_secret="s"))


def taken(
    message: Message, *, media_id: str = "", emulator: WhatsAppEmulator | None = None
) -> list[WhatsAppMessage]:
    """What stands on the phone; the emulator refuses what Meta refuses."""
    made = calls(message, words=WORDS, media_id=media_id)
    server = emulator or platform()
    return [message_of(server, {"type": call.method, call.method: call.parameters}) for call in made]


def asked(labels: list[str], *, text: str = "Pertanyaan") -> Message:
    return Message(text, tuple((Choice(label, Raw(f"f:{n}")),) for n, label in enumerate(labels)))


@given(CHOICES, st.text(min_size=1, max_size=3900).filter(str.strip))
def test_the_platform_takes_any_choices_and_every_one_is_reached(labels: list[str], text: str) -> None:
    message, reached, page = asked(labels, text=text), set(), 0
    while True:
        (shown,) = taken(replace(message, page=page))
        data = [button_id for _, button_id in shown.buttons] + [row_id for _, _, row_id in shown.rows]
        reached |= {one for one in data if not one.startswith(MORE)}
        following = [int(one.removeprefix(MORE)) for one in data if one.startswith(MORE)]
        if not following or following[0] == 0:
            break
        page = following[0]
    assert reached == {f"f:{n}" for n in range(len(labels))}


@pytest.mark.parametrize(
    ("count", "buttons", "rows"), [(0, 0, 0), (1, 1, 0), (3, 3, 0), (4, 0, 4), (10, 0, 10), (11, 0, 10)]
)
def test_up_to_three_are_buttons_up_to_ten_a_list_and_more_go_on_at_a_tap(
    count: int, buttons: int, rows: int
) -> None:
    (shown,) = taken(asked([f"Pilihan {n}" for n in range(count)]))
    assert (len(shown.buttons), len(shown.rows)) == (buttons, rows)


def test_a_long_text_with_two_choices_is_a_list_which_has_room_for_it() -> None:
    (shown,) = taken(asked(["Ya", "Tidak"], text="x" * 2000))
    assert (len(shown.buttons), len(shown.rows)) == (0, 2)


def test_a_label_that_was_cut_stands_whole_below_its_row() -> None:
    name = "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah"
    (shown,) = taken(asked([name, "a", "b", "c"]))
    title, description, _ = shown.rows[0]
    assert title == "1. Badan Perencanaan…"
    assert description == name


@pytest.mark.parametrize(
    ("label", "most", "shown"),
    [
        ("Simpan & keluar", 20, "Simpan & keluar"),
        ("Dinas Komunikasi dan Informatika", 24, "Dinas Komunikasi dan…"),
        ("Dipertanggungjawabkannyalah", 20, "Dipertanggungjawabk…"),
        ("  dua   spasi ", 20, "dua spasi"),
    ],
)
def test_labels_are_cut_at_words(label: str, most: int, shown: str) -> None:
    assert shortened(label, most) == shown


def test_two_labels_that_would_look_alike_carry_their_number() -> None:
    long = ["Kecamatan Mentaya Hilir Utara", "Kecamatan Mentaya Hilir Selatan"]
    assert titles(long, 24, numbered=(1, 2)) == ["1. Kecamatan Mentaya…", "2. Kecamatan Mentaya…"]
    assert titles(long, 24) == ["Kecamatan Mentaya…", "Kecamatan Mentaya… (2)"]
    assert titles(["", " "], 24) == ["…", "… (2)"], "the platform takes no empty title"


_AREAS = ("Kecamatan Mentaya Hilir Utara", "Kecamatan Mentaya Hilir Selatan", "Dinas Kesehatan")


@given(st.lists(st.tuples(st.sampled_from(_AREAS), st.booleans(), st.booleans()), min_size=1, max_size=14))
def test_a_number_before_a_title_is_the_one_that_may_be_typed_for_it(
    drawn: list[tuple[str, bool, bool]],
) -> None:
    choices = [
        Choice(f"{label} ({n})", Raw("" if is_word else f"o:{n}"), navigates=moves)
        for n, (label, moves, is_word) in enumerate(drawn)
    ]
    (call,) = calls(Message("x", tuple((choice,) for choice in choices)), words=WORDS)
    action = call.parameters["action"]
    shown = [button["reply"] for button in action.get("buttons", ())]
    shown += [row for section in action.get("sections", ()) for row in section["rows"]]
    for row in shown:
        if (number := re.match(r"(\d+)\. ", row["title"])) and not row["id"].startswith(MORE):
            picked = pick(number[1], choices)
            assert picked is not None
            assert [choice.data for choice in picked.choices] == [row["id"]]


def test_a_picture_heads_its_buttons_or_carries_its_caption() -> None:
    emulator = platform()
    media_id = emulator.media.store("grafik.png", "image/png", b"x")
    picture = Message("Grafik", attachment=Attachment("photo", "chart", {}, "grafik.png"))
    (call,) = calls(picture, words=WORDS, media_id=media_id)
    assert (call.method, call.parameters) == ("image", {"id": media_id, "caption": "Grafik"})
    (call,) = calls(
        replace(picture, rows=((Choice("Kembali", Raw("st:now")),),)), words=WORDS, media_id=media_id
    )
    assert call.parameters["header"] == {"type": "image", "image": {"id": media_id}}


def test_our_marks_become_whatsapps_and_data_that_is_too_long_is_our_mistake() -> None:
    assert marked(f"{BOLD_ON}Skor{BOLD_OFF} 35") == "*Skor* 35"
    with pytest.raises(ValueError, match="201 bytes"):
        calls(Message("x", ((Choice("a", Raw("d" * (LIMITS.button_data_bytes + 1))),),)), words=WORDS)


MOVES = (
    Choice("◀ Kembali", Raw("f:back"), navigates=True),
    Choice("Lewati", Raw("f:skip"), navigates=True),
    Choice("Bantuan", Raw("f:help"), navigates=True),
    Choice("Simpan & keluar", Raw("f:leave"), navigates=True),
)


def shown_as(count: int, *moves: Choice, text: str = "Pertanyaan") -> WhatsAppMessage:
    """A question of so many answers, as it stands on the phone."""
    answers = tuple(Choice(f"Jawaban {letter}", Raw(f"f:{letter}")) for letter in "abcdefghijkl"[:count])
    (shown,) = taken(Message(text, (answers, moves)))
    return shown


def sections(count: int, *moves: Choice) -> list[list[str]]:
    """The titles of the rows, section by section."""
    answers = tuple(Choice(f"Jawaban {letter}", Raw(f"f:{letter}")) for letter in "abcdefghijkl"[:count])
    (call,) = calls(Message("x", (answers, moves)), words=WORDS)
    return [[row["title"] for row in one["rows"]] for one in call.parameters["action"]["sections"]]


def test_up_to_three_answers_are_buttons_and_the_ways_are_words_to_type() -> None:
    shown = shown_as(3, *MOVES)
    assert [title for title, _ in shown.buttons] == ["Jawaban a", "Jawaban b", "Jawaban c"]
    assert shown.footer == "Ketik: kembali · lewati · bantuan · simpan & keluar"


def test_without_answers_the_first_ways_are_the_buttons() -> None:
    shown = shown_as(0, *MOVES)
    assert [title for title, _ in shown.buttons] == ["◀ Kembali", "Lewati", "Bantuan"]
    assert shown.footer == "Ketik: simpan & keluar"


def test_a_label_that_a_button_cuts_is_not_said_twice() -> None:
    text, label = "16 · Regulasi Inovasi Daerah: lengkapi.", "16 · Regulasi Inovasi Daerah"
    (shown,) = taken(Message(text, ((Choice(label, Raw("f:a")),),)))
    assert shown.text == text


def test_ways_that_a_footer_does_not_hold_take_the_buttons_that_are_free() -> None:
    many = (*MOVES, Choice("Buang draf", Raw("f:drop"), navigates=True))
    shown = shown_as(1, *many)
    assert [title for title, _ in shown.buttons] == ["Jawaban a", "◀ Kembali", "Lewati"]
    assert shown.footer == "Ketik: bantuan · simpan & keluar · buang draf"


def test_a_free_button_is_the_way_on_before_the_way_back() -> None:
    ways = ("◀ Kembali", "Lanjut ▶", "Bantuan", "Simpan & keluar", "Buang draf")
    rows = tuple((Choice(f"Hapus {name}", Raw(f"f:{name}")),) for name in ("a.jpg", "b.jpg"))
    moves = tuple((Choice(way, Raw(f"m:{n}"), navigates=True),) for n, way in enumerate(ways))
    (shown,) = taken(Message("Foto", (*rows, *moves)))
    assert [title for title, _ in shown.buttons] == ["Hapus a.jpg", "Hapus b.jpg", "Lanjut ▶"]
    assert shown.footer == "Ketik: kembali · bantuan · simpan & keluar · buang draf"


def test_a_star_within_bold_words_does_not_end_them() -> None:
    said = f"{BOLD_ON}16* · Regulasi{BOLD_OFF} *"
    assert marked(said) == "*16∗ · Regulasi* *"


def test_more_answers_are_a_numbered_list_with_the_ways_apart() -> None:
    assert sections(4, *MOVES) == [
        ["1. Jawaban a", "2. Jawaban b", "3. Jawaban c", "4. Jawaban d"],
        ["◀ Kembali", "Lewati", "Bantuan", "Simpan & keluar"],
    ]
    assert shown_as(4, *MOVES).footer == ""


def test_a_list_of_several_pages_leaves_the_ways_to_the_footer() -> None:
    shown = shown_as(12, *MOVES)
    assert [title for title, _, _ in shown.rows][::9] == ["1. Jawaban a", "Lainnya"]
    assert shown.footer.count("·") == 3


def test_ways_without_a_word_or_too_many_for_a_footer_are_tapped() -> None:
    arrow = Choice("▶", Raw("p:1"), navigates=True)
    assert [title for title, _ in shown_as(2, arrow, *MOVES[:2]).buttons] == ["Jawaban a", "Jawaban b", "▶"]
    long = tuple(Choice(f"Jalan yang sangat panjang {n}", Raw(f"l:{n}"), navigates=True) for n in range(4))
    shown = shown_as(2, *long)
    assert (shown.footer, len(shown.rows)) == ("", 6)


def test_labels_with_numbers_of_their_own_keep_them() -> None:
    rows = tuple((Choice(f"{n} · Bagian", Raw(f"f:{n}")),) for n in range(7, 12))
    (shown,) = taken(Message("x", rows))
    assert shown.rows[0][0] == "7 · Bagian"


@pytest.mark.parametrize(
    ("language", "choose", "more"), [("id", "Pilih", "Lainnya"), ("en", "Choose", "More")]
)
def test_a_list_speaks_the_language_of_who_reads_it(language: str, choose: str, more: str) -> None:
    (call,) = calls(asked([f"pilihan {n}" for n in range(20)]), words=LIST_WORDS[language])
    shown = call.parameters["action"]
    assert (shown["button"], shown["sections"][0]["rows"][-1]["title"]) == (choose, more)


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_a_list_says_by_itself_is_short_enough(language: str) -> None:
    words = LIST_WORDS[language]
    assert len(words.choose) <= LIMITS.button_title_chars
    assert all(len(word) <= LIMITS.list_title_chars for word in (words.more, words.choices, words.moves))


def test_a_label_that_a_button_cuts_stands_whole_in_the_text() -> None:
    labels = ["1 · Inovasi Dinas Kesehatan", "2 · Inovasi Desa Bangkirai", "3 · Ya"]
    (shown,) = taken(asked(labels, text="Klasifikasi?"))
    assert [title for title, _ in shown.buttons] == ["1 · Inovasi Dinas…", "2 · Inovasi Desa…", "3 · Ya"]
    assert shown.text == "Klasifikasi?\n\n1 · Inovasi Dinas Kesehatan\n2 · Inovasi Desa Bangkirai"


def test_a_label_that_the_text_lists_is_not_written_twice() -> None:
    labels = ["1 · Inovasi Tata Kelola Pemerintahan", "2 · Inovasi Pelayanan Warga", "3 · Ya"]
    text = "Apa bentuknya?\n1. Inovasi Tata Kelola Pemerintahan\n3. Ya"
    (shown,) = taken(asked(labels, text=text))
    assert shown.text == f"{text}\n\n2 · Inovasi Pelayanan Warga"


def test_buttons_whose_whole_labels_find_no_room_are_a_list() -> None:
    (shown,) = taken(asked(["Badan Perencanaan Pembangunan", "Tidak"], text="x" * 1_010))
    assert (len(shown.buttons), len(shown.rows)) == (0, 2)


def test_two_ways_to_the_same_thing_are_offered_once() -> None:
    rows = tuple((Choice(label, Raw("q:i:1:16")),) for label in ("Berikutnya: 16", "16 · Regulasi"))
    (shown,) = taken(Message("Indikator", (*rows, (Choice("Kembali", Raw("q:o:1")),))))
    assert [title for title, _ in shown.buttons] == ["Berikutnya: 16", "Kembali"]


@pytest.mark.parametrize(
    ("label", "most", "shown"),
    [
        ("Hand in an innovation", 20, "Hand in innovation"),
        ("Hand in an innovation", 24, "Hand in an innovation"),  # nothing is shortened without need
        ("4. Pilih target yang lebih awal", 24, "4. Atur target"),
        ("Semua yang belum ber-PIC (45)", 20, "Tanpa PIC (45)"),
        ("✔ Peraturan atau SK Bupati", 24, "✔ Perbup atau SK"),
        ("1 · Inovasi Perangkat Daerah", 20, "1 · Perangkat Daerah"),
        ("2 · Inovasi Pelayanan Publik", 20, "2 · Pelayanan Publik"),
        ("3 · OPD (Perangkat Daerah)", 24, "3 · Perangkat Daerah"),
    ],
)
def test_a_long_label_has_a_short_form_that_says_what_it_does(label: str, most: int, shown: str) -> None:
    assert shortened(label, most) == shown


def test_a_row_with_a_short_form_says_the_whole_label_below() -> None:
    labels = ["Pilih target yang lebih awal", "Ya", "Tidak", "Lain"]
    (shown,) = taken(asked(labels))
    rows = shown.rows
    assert (rows[0][0], rows[0][1]) == ("1. Atur target", "Pilih target yang lebih awal")
    assert rows[1][1] == ""


def test_every_short_form_belongs_to_a_label_of_ours_and_fits_a_button() -> None:
    """One that no text carries any more is taken away."""
    tables = [path for folder in ("domain", "handlers") for path in (ROOT / folder).rglob("*.toml")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in tables)
    written = re.sub(r"\{\w+\}|\d+", "#", written)
    forms = load_short_labels()
    assert [label for label in forms if f'"{label}"' not in written] == []
    most = LIMITS.button_title_chars
    assert [short for short in forms.values() if len(short.replace("#", "45")) > most] == []


def test_what_has_a_short_form_in_one_language_fits_in_the_other() -> None:
    forms = load_short_labels()
    said = {language: dict(texts(language)) for language in LANGUAGES}
    for key in said["id"]:
        both = [re.sub(r"\{\w+\}|\d+", "#", said[language][key]) for language in LANGUAGES]
        if not forms.keys().isdisjoint(both):
            assert [shortened(label, LIMITS.button_title_chars)[-1] for label in both].count("…") == 0, both


def test_what_ends_in_an_ellipsis_by_itself_is_not_written_twice() -> None:
    (shown,) = taken(asked(["Tolak…", "Hand in an innovation"]))
    assert shown.text == "Pertanyaan"
    assert [title for title, _ in shown.buttons] == ["Tolak…", "Hand in innovation"]
