"""Titles that name the same innovation are found, and thirty that do not are left alone (F39)."""

from __future__ import annotations

from itertools import combinations

import pytest

from domain.draft.titles import are_alike

SAME = [
    ("SIPANDU", "SIPANDU"),
    ("Sipandu", "SIPANDU"),
    ("SI PANDU", "SIPANDU"),
    ("SIPANDU!", "Si-Pandu"),
    ("Antrean Daring Puskesmas", "Antrian Daring Puskesmas"),
    ("Antrean Daring Puskesmas", "Puskesmas Antrean Daring"),
    ("Pelayanan Antrean Daring", "Antrean Pelayanan Daring"),
    ("Gerakan Sekolah Bersih", "Sekolah Bersih: Gerakan"),
    ("Lapor Jalan Rusak Cepat", "Cepat Lapor Jalan Rusak"),
    ("SIPANDU", "SIPANDU (Sistem Pelayanan Terpadu)"),
    ("SIPANDU", "Sistem Pelayanan Terpadu (SIPANDU)"),
    ("SIPANDU", "SIPANDU: Pelayanan Terpadu di Desa"),
    ("sipandu", "Sistem Pelayanan Terpadu “Sipandu”"),
    ("SIPANDU", "Aplikasi SIPANDU Desa"),
    ("SIPANDUU", "SIPANDU (Sistem)"),
    ("SPT", "Sistem Pelayanan Terpadu"),
    ("SPTD", "Sistem Pelayanan Terpadu untuk Desa"),
    ("Simpel", "Sistem Manajemen Pelayanan"),
    ("SIMPEL", "Sistem Informasi dan Manajemen Pelayanan"),
    ("GEMAS", "Gerakan Masyarakat Sehat"),
    ("Gerakan Masyarakat Sehat", "Gemas"),
    ("PADI", "Pelayanan Administrasi Digital"),
    ("e-Lapor", "E-LAPOR"),
]
DIFFERENT = (
    "SIPANDU",
    "Antrean Daring",
    "Posyandu Cerdas",
    "Lapor Jalan",
    "Sekolah Ramah Anak",
    "Data Satu Pintu",
    "Kampung KB Digital",
    "Bank Sampah Sekolah",
    "Perpustakaan Keliling",
    "Pasar Murah Terjadwal",
    "SIMPEL",
    "Izin Sehari Jadi",
    "Kelas Ibu Hamil",
    "Rumah Singgah Pasien",
    "Tanggap Banjir",
    "Peta Jalan Desa",
    "Tani Muda Mandiri",
    "Nelayan Melek Cuaca",
    "Ambulans Sungai",
    "Loket Lansia",
    "Jemput Bola KTP",
    "Pajak Lewat Gawai",
    "Arsip Tanpa Kertas",
    "Wisata Susur Sungai",
    "Beasiswa Anak Desa",
    "Patroli Karhutla",
    "Gudang Pangan Kelurahan",
    "Kelas Coding Pelajar",
    "Taman Baca Warga",
    "e-Lapor",
    "Sekolah Sungai",
    "Lapor Banjir",
)


@pytest.mark.parametrize(("title", "other"), SAME)
def test_the_same_innovation_is_noticed_whichever_was_there_first(title: str, other: str) -> None:
    assert are_alike(title, other)
    assert are_alike(other, title)
    assert not are_alike(title, "Hal Lain")


def test_thirty_different_titles_raise_no_alarm() -> None:
    assert len(DIFFERENT) >= 30
    alarms = [(one, other) for one, other in combinations(DIFFERENT, 2) if are_alike(one, other)]
    assert alarms == []
