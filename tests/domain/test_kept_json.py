from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kept_json import read_json, write_json
from domain.texts import bold

TEXTS = st.text(st.characters(), max_size=12)  # halves of cut emoji are among them
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(value=VALUES)
def test_what_was_written_is_read_back_by_both_readers(value: Any) -> None:
    written = write_json(value)
    assert read_json(written) == json.loads(written) == value
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize("value", [{"a": (1, "ä \ue000 \x1f")}, ["cut \ud83d"], bold("x"), 2**70])
def test_it_is_written_as_the_standard_library_would(value: Any) -> None:
    assert write_json(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("text", ["", "x", '{"a":', '"\n"'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="char"):
        read_json(text)
