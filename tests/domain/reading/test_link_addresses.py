"""Addresses of private networks by every spelling a browser reads."""

from __future__ import annotations

import pytest

from domain.reading.links import is_public_link

PRIVATE = [
    "127.0.0.1",
    "127.0.0.1.",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.1",
    "10.1",
    "0xa.0.0.1",
    "192.168.1",
    "192.168.257",
    "0xC0.0xA8.0.1",
    "169.254.169.254",
    "2852039166",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b:1::1]",
    "[64:ff9b:1:ffff::8.8.8.8]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "１２７.0.0.1",
    "127。0。0。1",
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "router.lan",
    "nas.local",
    "x.internal",
    "a.home.arpa",
    "256.1.1.1",
    "1.2.3.4.5",
    "99999999999",
    "127.0.0.1:8081",
    "100.64.0.1",
    "224.0.0.1",
]
PUBLIC = [
    "8.8.8.8",
    "0x08080808",
    "134744072",
    "010.8.8.8",
    "[2606:2800:220:1:248:1893:25c8:1946]",
    "youtu.be",
    "drive.google.com.",
    "kotimkab.go.id",
    "4shared.com",
    "0x0.st",
    "[64:ff9b::8.8.8.8]",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_private_by_any_spelling(host: str) -> None:
    assert not is_public_link(f"http://{host}/x")


@pytest.mark.parametrize("host", PUBLIC)
def test_public_stays_public(host: str) -> None:
    assert is_public_link(f"http://{host}/x")
