"""The demo in a terminal: a whole hand-in by typed lines, with no network, apart from every real desk."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.child_process import environment_without_settings
from domain.buttons.base import Raw
from domain.message import BOLD_OFF, BOLD_ON, Choice, Message
from domain.reading.partial_date import PartialDate, say_date
from domain.rules.load import load_rules
from domain.texts import Marked
from sandbox.demo import TELEGRAM, people
from sandbox.terminal_channel import Heard, TerminalChannel
from sandbox.terminal_phones import NobodyCalled, Phones
from tests.kit.files import jpg, mp4
from tests.kit.official_letters import letter_named, letter_pdf
from tests.kit.patience import PATIENCE
from tests.test_actions import EVIDENCE, OTHERS, TEXTS

ROOT = Path(__file__).resolve().parents[2]
ANSWERED = (  # the questions of the form in their order, up to the last text
    *("nama", "tahapan", "inisiator", "nama_inisiator", "klasifikasi", "koordinat", "jenis", "bentuk"),
    *("asta_cita", "pkpn", "urusan_utama", "urusan_lain"),
    *("waktu_uji_coba", "waktu_penerapan", "ada_perkembangan"),
)
LONG = (
    *("dasar_hukum", "permasalahan", "isu_strategis", "metode", "keunggulan", "cara_kerja"),
    *("tujuan", "manfaat", "hasil"),
)
# ends the program where an address of a network is connected to, listened at or looked up; pipes are none
WITHOUT_NETWORK = """
import os, sys
def refuse(event, arguments):
    address = arguments[1] if len(arguments) > 1 else None
    if event in ("socket.getaddrinfo", "socket.gethostbyname") or (
        event in ("socket.connect", "socket.bind", "socket.sendto") and isinstance(address, tuple)
    ):
        os.write(2, f"network: {event} {arguments[1:]}".encode())
        os._exit(3)
sys.addaudithook(refuse)
from sandbox.terminal_demo import main
sys.exit(main(sys.argv[1:]))
"""


def _play(folder: Path, lines: Sequence[str], *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**environment_without_settings(), "DESK_SANDBOX_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, *options],
        input="".join(f"{line}\n" for line in lines),
        env=environment,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE,
        check=False,
    )


def _make_paper(kind: str, number: int) -> bytes:
    if kind == "jpg":
        return jpg() + bytes([number])
    return mp4() if kind == "mp4" else letter_pdf(letter_named(kind))


def _hand_in(folder: Path) -> Iterator[str]:
    """Type a whole innovation with its twenty papers."""
    years, now = load_rules(), date.today().year
    in_use = date((now if now in years else max(years)) - 1, 6, 1)
    texts = {
        **TEXTS,
        "waktu_uji_coba": say_date(PartialDate(in_use - timedelta(days=90)), "id"),
        "waktu_penerapan": say_date(PartialDate(in_use), "id"),
    }
    yield "/ajukan"
    yield from (texts.get(question, "lewati") for question in ANSWERED)
    for question in LONG:
        yield texts[question]
        yield "Lanjut"
    yield from ("daftar", "16")
    for number, (caption, kind) in EVIDENCE.items():
        name = f"foto {number}.{kind}" if kind in OTHERS[:2] else f"{kind}.pdf"
        path = folder / name
        path.write_bytes(_make_paper(kind, number))
        yield f":file {path} -- {caption}"
        if kind not in OTHERS:
            yield "Ya"
    yield from ("Periksa & kirim", "Kirim sekarang")


@pytest.mark.serial
def test_a_whole_innovation_is_handed_in_and_reviewed_without_network(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    lines = [*_hand_in(papers), ":who wati", "/status", ":who sari", "sipandu"]
    played = _play(tmp_path / "sandbox", lines)
    assert played.returncode == 0, played.stderr[-2000:]
    assert "Nomor tanda terima" in played.stdout, played.stdout[-6000:]
    assert "SIPANDU Sistem Posyandu Terpadu" in played.stdout.partition("Sari Handayani> sipandu")[2]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["papers", "sandbox-demo"]
    announced = ("/siaran", "Bimtek hari Senin", "PIC", "lanjut", ":1", ":1")  # the last one where it is held
    again = _play(tmp_path / "sandbox", ["/inovasi", ":who sari", *announced])
    assert "SIPANDU" in again.stdout
    assert "Siaran selesai" in again.stdout, again.stdout[-2000:]
    assert "akunnya di aplikasi yang sedang tidak dipakai" in again.stdout
    assert _play(tmp_path / "sandbox", [], "--scenario", "empty").returncode == 1


class _Narrow(io.StringIO):
    """A terminal of forty columns."""

    def isatty(self) -> bool:
        return True


def test_a_narrow_terminal_breaks_lines_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Narrow()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stdout", terminal)
    phones = Phones(people()[TELEGRAM])
    rows = ((Choice("Daftar draf", Raw("a")), Choice("Lanjutkan isian yang ada", Raw("b"))),)
    said = Message(Marked(f"{BOLD_ON}Kata{BOLD_OFF} " + "berikutnya " * 9 + "\n\nselesai"), rows)
    phones.hear(Heard("1001", said, "1", None))
    phones.show()
    lines = terminal.getvalue().split("\n")
    assert max(len(re.sub(r"\033\[\d+m", "", line)) for line in lines) <= 40
    assert lines[0].startswith("\033[1mKata\033[0m berikutnya")
    assert all(line.endswith("berikutnya") for line in lines[:3])
    assert "selesai" in lines
    assert {"[1. Daftar draf]", "[2. Lanjutkan isian yang ada]"} <= set(lines)


def test_lines_of_the_terminal_are_no_messages(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    phones = Phones(people()[TELEGRAM])
    channel = TerminalChannel(phones.hear)
    for line in (
        "",
        "  ",
        ":3",
        ":0",
        ":help",
        ":what",
        ":who",
        ":who sari",
        ":who nobody",
        f":file {tmp_path}",
    ):
        assert phones.do(channel, line) is None
    assert "nobody here is called" in capsys.readouterr().out
    with pytest.raises(NobodyCalled, match="asdf"):
        phones.turn_to("asdf")
    for typed in ("/status", "3", "halo: ya", "Kirim sekarang"):
        arrival = phones.do(channel, typed)
        assert arrival is not None
        assert arrival.address == "1005"
        assert typed in arrival.raw
