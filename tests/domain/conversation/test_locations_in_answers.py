"""A location outside the regency is asked back; links and codes without coordinates are refused with the way
out.
"""

from __future__ import annotations

import pytest

from domain.conversation.read_answer import read
from domain.draft.facts import Accepted, Doubt, Refused, Said
from tests.kit.draft_facts import FORM, facts

LOCATION = FORM.by_id["koordinat"]
SAMPIT = ["-2.5312", "112.9534"]


@pytest.mark.parametrize(
    "said",
    [
        Said(text="2.5312 LS, 112.9534 BT"),
        Said(text="− 2,5312; 112,9534"),
        Said(location=(-2.5312, 112.9534)),
    ],
)
def test_a_location_inside_is_kept(said: Said) -> None:
    assert read(LOCATION, said, current=None, facts=facts()) == Accepted(SAMPIT)


@pytest.mark.parametrize(
    ("said", "candidates", "why"),
    [
        (Said(text="112.9534, -2.5312"), (SAMPIT,), ""),
        (Said(text="2.5312, 112.9534"), (SAMPIT, ["2.5312", "112.9534"]), ""),
        (Said(text="-6.2088, 106.8456"), (["-6.2088", "106.8456"],), "Titik ini di luar Kotawaringin Timur."),
        (Said(location=(-6.2, 106.8)), (["-6.2", "106.8"],), "Titik ini di luar Kotawaringin Timur."),
        (Said(text="Kantor: -2.5312, 112.9534"), (SAMPIT,), ""),
    ],
)
def test_what_may_be_a_slip_is_asked_back(said: Said, candidates: tuple[list[str], ...], why: str) -> None:
    assert read(LOCATION, said, current=None, facts=facts()) == Doubt(candidates, why)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://maps.app.goo.gl/2xYz112AbC9", "location_short_link"),
        ("https://www.google.com/maps/place/Sampit/", "location_link"),
        ("FX9C+2QV Sampit", "location_plus_code"),
        ("Jl. Pelita No 3 Km 105", "location_address"),
        ("kantor kecamatan baamang", "location_address"),
        ("200, 300", "want_location"),
    ],
)
def test_what_is_no_location_is_refused_with_the_way_out(text: str, key: str) -> None:
    assert read(LOCATION, Said(text=text), current=None, facts=facts()) == Refused(key)
