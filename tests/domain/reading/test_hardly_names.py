"""What is hardly a name, and short names that are."""

from __future__ import annotations

from datetime import date

import pytest

from domain.reading.hardly_names import is_hardly_name

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "12",
        "4 5",
        "112",
        "-",
        "...",
        "x",
        "aaaaaa",  # a key held down
        "A.",
        "nomor 2",
        "pilihan 3",
        "yang no 1",
        "tes",
        "Tes 123",
        "coba coba",
        "asdf",
        "hal 2",
        "halaman 3",
        "bukan",
        "tidak",
        "belum ada pak",
        "tidak usah",
        "5 juta",
        "100 orang",
        "Rp 5.000",
        "3 Agustus 2025",
        "03/08/2025",
        "0812 3456 7890",
        "https://youtu.be/abc",
        "rina@dinkes.go.id",
        "mau ngirim inovasi",
        "pak saya mau lapor inovasi kecamatan",
    ],
)
def test_what_is_hardly_a_name_is_asked_about(text: str) -> None:
    assert is_hardly_name(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "SI PANDA",
        "e-KTP",
        "PSC 119",
        "Tim 7",
        "Al",
        "Ani",
        "M. Ali",
        "SIPANDU 2.0",
        "7 Menit Selesai",
        "Satu Data",
        "Seribu Senyum",
        "Sepuluh",
        "Layanan 24 Jam",
        "GEMPITA 2025",
        "Coba Dulu",
        "Bukan Sekadar Sehat",
        "Tidak Perlu Antre",
        "Halaman Hijau",
        "Nihil Stunting",
        "Gerakan 3 Agustus",
        "K3",
        "5R",
        "SIMPEL-Desa-2026",
        "Agustus Ceria",
        "Mau Sehat",
        "Kirim Inovasi",
        "sipandu.go.id Mobile",
    ],
)
def test_a_short_name_is_a_name(text: str) -> None:
    assert not is_hardly_name(text, today=TODAY)
