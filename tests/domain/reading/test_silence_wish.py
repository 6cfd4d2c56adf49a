"""A wish for silence is heard in people's own words, and an answer that holds its words stays one."""

from __future__ import annotations

import pytest

from domain.reading.silence_wish import Part, Wish, parts_in, vocabulary, wish_in
from domain.texts import LANGUAGES
from handlers.words import load_words


def listed(name: str) -> list[str]:
    says = map(load_words().in_, LANGUAGES)
    return [word for say in says for word in str(say(f"silence.typed_{name}")).split("|")]


WORDS = vocabulary(
    {part: listed(part) for part in Part if part is not Part.OTHER},
    alike=listed("alike"),
)

SURE = """
BERHENTI
stop
Stop!
stooop
tolong berhenti ya
Tlg stop pak
Setop. Terima kasih
jangan kirim lagi pengingat
Jgn kirim pesan lagi ya
berhenti kirim pesan
tolong hentikan semua pengingat ke saya
unsubscribe
Please unsubscribe me
stop reminders please
stop sending me messages
Don't remind me anymore
don’t send me any more reminders
no more reminders
jangan hubungi saya lagi
saya tidak mau menerima notifikasi lagi
sy gak mau terima pesan ini lagi
tdk usah kirim pemberitahuan lagi ya bu
matikan notifikasi
berhenti berlangganan
jangan ingatkan saya terus
mohon stop pengirimannya, jangan kirimi saya
""".strip().splitlines()
PAUSES = ["stop dulu", "tolong berhenti dulu ya", "stop for now", "berhenti sampai di sini"]
PERHAPS = [
    "saya mau berhenti",
    "stop kirim",
    "berhenti kirim pesan promosi ke kantor kami",
    "Stop pesan berantai",
]
WITHIN = [
    "karena sudah pindah kantor tolong jangan kirim pengingat ke sini",
    "petugas berhenti mengirim pesan manual",
]
OTHERS = [
    "Program Berhenti Merokok",
    "Program STOP Stunting",
    "Saya berhenti bekerja",
    "Setop BABS",
    "STOP Stunting",
    "jangan kirim dulu",
    "jangan kirim",
    "kapan pengingat berhenti?",
    "bagaimana cara berhenti menerima pengingat?",
    "jangan berhenti",
    "ya",
    "terima kasih",
    "tidak",
    "kirim",
    "kirim pesan massal ke semua orang",
    "pengingat",
    "mau menerima pesan",
    "Sejak 2023 kantor kami berhenti mengirim surat lewat pos, dan pemberitahuan kini lewat aplikasi.",
]
SPEECH = [
    "MULAI", "*mulai* lagi", "Start", "aktifkan pengingat", "kirim lagi pengingatnya ya", "send me reminders"
]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "texts"),
    [
        (Wish.SILENCE, SURE),
        (Wish.PAUSE, PAUSES),
        (Wish.PERHAPS, PERHAPS),
        (Wish.PERHAPS_WITHIN, WITHIN),
        (None, OTHERS),
        (Wish.SPEECH, SPEECH),
    ],
    ids=str,
)
def test_a_wish_is_read_as_surely_as_it_is_said(wish: Wish | None, texts: list[str]) -> None:
    assert {text: wish_in(text, WORDS) for text in texts} == dict.fromkeys(texts, wish)


def test_it_says_of_whom() -> None:
    assert Part.SELF in parts_in("hentikan pengingat untuk saya", WORDS)
    assert Part.SELF not in parts_in("hentikan semua pengingat", WORDS)


def test_each_list_is_folded_as_what_is_typed_is() -> None:
    for part in Part:
        for spelling in listed(part) if part is not Part.OTHER else ():
            assert parts_in(spelling, WORDS) - {Part.OTHER}, spelling
