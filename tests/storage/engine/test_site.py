"""Where a database is, and what of that may be printed."""

from __future__ import annotations

import pytest

from storage.engine.site import Server, site_from


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("postgresql://host:5432/desk", "postgresql://host:5432/desk"),
        ("postgresql://desk@host/desk?schema=satu", "postgresql://desk@host/desk?schema=satu"),
        ("postgresql://desk:hush@host/desk", "postgresql://desk:…@host/desk"),
        ("postgresql://desk:hu@sh@host/desk", "postgresql://desk:…@host/desk"),
        ("postgresql://desk:hu/sh@host/desk", "postgresql://desk:…@host/desk"),
        ("postgresql://:hush@host/desk", "postgresql://:…@host/desk"),
        (
            "postgresql://host/desk?user=desk&password=hush&sslpassword=hush&schema=satu",
            "postgresql://host/desk?user=desk&password=…&sslpassword=…&schema=satu",
        ),
    ],
)
def test_no_password_is_printed_wherever_it_stands(address: str, printed: str) -> None:
    site = site_from(address)
    assert isinstance(site, Server)
    assert str(site) == printed
    assert "hush" not in repr(site)
    assert site_from(site.address) == site


def test_what_a_library_quotes_of_an_address_loses_its_passwords() -> None:
    site = site_from("postgresql://desk:hu%20sh@host/desk?sslpassword=silent&user=desk")
    assert isinstance(site, Server)
    assert site.passwords == {"hu%20sh", "hu sh", "silent"}
    said = site.without_passwords('spaces in "hu sh", "hu%20sh" and "silent" of desk')
    assert said == 'spaces in "…", "…" and "…" of desk'
