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
