"""The code in whatever people paste, and no ordinary word taken for one."""

from __future__ import annotations

import random
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.invitation_codes import (
    CODE,
    SIGNS,
    code_in,
    code_within,
    draw,
    looks_made,
    plain_code,
    possible_codes,
)
from domain.reading.link_codes import link_code_in

X = "aB3d-F6gH_j2Kl5M"
FORWARDED = f"""Undangan untuk *PIC inovasi Dinas Kesehatan*

Kode: {X}
Tautan Telegram: https://t.me/desk_bot?start={X}

Kode ini berlaku sekali, sampai 12 Desember 2026 pukul 09.00 WIB. Teruskan pesan ini kepada yang diundang."""
SURE = [
    X,
    f" {X} ",
    f"{X}.",
    f"{X},",
    f"{X}!",
    f"“{X}”",
    f'"{X}"',
    f"'{X}'",
    f"`{X}`",
    f"*{X}*",
    f"({X})",
    f"<{X}>",
    f"[{X}]",
    f"{X}\n",
    f"\n\n{X}",
    f"{X} .",
    f"Kode: {X}",
    f"kode: {X}",
    f"KODE: {X}",
    f"KoDe : {X}",
    f"Kode:{X}",
    f"kode = {X}",
    f"Kode - {X}",
    f"Kodenya: {X}",
    f"kode undangan: {X}",
    f"Kode undangan saya: {X}",
    f"Kode: *{X}*",
    f'Kode: "{X}".',
    f"Code: {X}",
    f"invitation code: {X}",
    f"Kode:\n{X}",
    f"Selamat pagi, ini kode: {X}. Terima kasih",
    f"/start {X}",
    f"coba ketik /start {X}",
    f"/mulai@desk_bot {X}",
    f"https://t.me/desk_bot?start={X}",
    f"t.me/desk_bot?start={X}",
    f"HTTPS://T.ME/desk_bot?start={X}",
    f"http://telegram.me/desk_bot?start={X}",
    f"https://telegram.dog/desk_bot?start={X}",
    f"tg://resolve?domain=desk_bot&start={X}",
    f"https://t.me/desk_bot/?start={X}",
    f"https://t.me/desk_bot?start={X}.",
    f"<https://t.me/desk_bot?start={X}>",
    f"Tautan Telegram: https://t.me/desk_bot?start={X}",
    f"https://t.me/desk_bot?a=b&start={X}&c=d",
    f"https://wa.me/6281234567890?text={X}",
    f"wa.me/6281234567890?text={X}",
    f"https://wa.me/6281234567890?text=Kode%3A%20{X}",
    f"https://wa.me/6281234567890?text=mulai+{X}",
    f"https://wa.me/?text=%2Fstart%20{X}",
    f"https://api.whatsapp.com/send?phone=62812345678&text={X}",
    f"https://api.whatsapp.com/send/?text=DAFTAR%20{X}&type=phone_number",
    f"whatsapp://send?phone=6281&text={X}",
    FORWARDED,
    FORWARDED.replace("\n", " "),
    f"Fwd:\n> {FORWARDED}",
    f"[12/12 09.00] Desk: {FORWARDED}",
]
ONLY_IF_KNOWN = [
    f"ini kodenya {X} ya",
    f"kode {X}",
    f"{X} terima kasih",
    f"kode saya {X}",
    f"pak, {X}",
    "KodeYangBenar-01",
    "PosyanduTerpadu1",
    "SIMPEL-Desa-2026",
    "e-Lapor-Dinkes-1",
    "e-SAKIP-Kotim-26",
]
ORDINARY = [
    "",
    "ya",
    "tidak",
    "halo",
    "SIPANDU",
    "Dinas Kesehatan",
    "penyelenggaraan",
    "mempertimbangkan",
    "ketidakpercayaan",
    "MEMPERTANGGUNGJAWABKAN",
    "KETIDAKPERCAYAAN",
    "Mempertimbangkan",
    "antrean-online-2",
    "posyandu-cerdas_",
    "2026-11-28-10.00",
    "0812345678901234",
    "1234567890123456",
    "81.234.567.890.12",
    "DI-2026-0001",
    "di-2026-0001-0002",
    "16 huruf dan angka",
    "Kode: apa?",
    "Kode etik pegawai",
    "kode pos 74322",
    "Kode Etik: Penyelenggaraan Negara",
    "kode warna: mempertimbangkan!",
    "https://dinkes.kotimkab.go.id/berita/posyandu",
    "https://youtu.be/dQw4w9WgXcQ",
    "https://drive.google.com/file/d/1aB3dF6gHj2Kl5M",
    "https://t.me/desk_bot",
    "https://t.me/desk_bot?start=pendek",
    "https://wa.me/6281234567890",
    "https://wa.me/62812?text=Halo+admin",
    "https://contoh.go.id/?start=aB3d-F6gH_j2Kl5M&x=1",
    "------------------",
    "________________",
    "................",
    "🙏🙏🙏",
    "/start",
    "SelamatPagiSemua",
    "Kode: KETIDAKPERCAYAAN",
    "kode: mempertimbangkan",
    "Bapak-Ibu-Semua1",
    "PerdaNomor5-2025",
    "Perbup_12_Thn_25",
    "sipandu@kotim.go",
    "rapat Senin pukul 08.00",
]


@pytest.mark.parametrize("text", SURE)
def test_a_code_is_found_however_it_is_pasted(text: str) -> None:
    assert code_in(text) == X


@pytest.mark.parametrize("text", ONLY_IF_KNOWN)
def test_what_could_be_something_else_is_one_only_if_it_is_known(text: str) -> None:
    assert code_in(text) == ""
    assert len(possible_codes(text)) == 1


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_holds_no_code(text: str) -> None:
    assert code_in(text) == ""


def test_there_are_enough_lines() -> None:
    assert len(SURE) >= 40
    assert len(ORDINARY) >= 40


@given(st.text(max_size=80))
def test_whatever_is_found_has_the_shape_of_a_code(text: str) -> None:
    assert all(CODE.fullmatch(found) for found in (*possible_codes(text), code_in(text)) if found)


def test_nearly_every_code_that_is_made_looks_so() -> None:
    chance = random.Random(7)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    made = ["".join(chance.choices(alphabet, k=16)) for _ in range(20_000)]
    assert sum(code_in(one) != one for one in made) < 600  # three in a hundred: those are looked up
    assert CODE.fullmatch(secrets.token_urlsafe(12))


SHORT = "7KQMP-4XRTH"


@pytest.mark.parametrize("seed", range(200))
def test_a_drawn_code_is_short_readable_and_found_however_it_is_written(seed: int) -> None:
    code = draw(random.Random(seed).choice)
    assert len(code) == 11
    assert not set(code) & set("01IOLilo")
    assert not link_code_in(code)
    bare = code.replace("-", "")
    for written in (code, code.lower(), bare, bare.lower(), code.replace("-", " ")):
        assert plain_code(code_in(written)) == bare.casefold()
        assert plain_code(code_in(f"Kode: {written}")) == bare.casefold()
        assert plain_code(code_within(f"Pagi bu, saya dapat {written} dari Bu Sari.")) == bare.casefold()
    assert code_in(f"https://t.me/desk_bot?start={code}") == code


def test_a_short_code_mixes_letters_and_digits_so_that_no_word_reads_like_one() -> None:
    """What 31 signs leave of five: 77.4 % of the groups, the number the time of guessing rests on."""
    mixed = 31**5 - 23**5 - 8**5
    assert mixed**2 == pytest.approx(4.9e14, rel=0.01)
    assert len(SIGNS) == 31
    for word in ("masyarakat", "puskesmas2", "kecam-atan5", "PKHMJ-BGTRD", "23456-78923"):
        assert not looks_made(word)
        assert code_in(word) == code_within(word) == ""


def test_only_the_first_short_code_of_a_sentence_is_a_try() -> None:
    assert code_within(f"{SHORT} dan 8KQMP-5XRTH") == SHORT
    assert possible_codes(f"{SHORT} dan 8KQMP-5XRTH") == (SHORT,)
