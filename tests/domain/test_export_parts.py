"""Evidence in parts: nothing is lost, nothing lies twice, no part is too large."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.export_parts import FILE_BYTES, LINKS, HeldFile, divide, number_parts, read_numbered

LIMIT = 100 * FILE_BYTES
HELD = st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abcdefgh"), st.integers(0, LIMIT)), max_size=40)


@settings(max_examples=150)
@given(HELD)
def test_every_file_lies_in_one_part_that_can_be_sent(rows: list[tuple[int, str, int]]) -> None:
    sizes: dict[str, int] = {}
    files = [
        HeldFile(innovation, sha256, sizes.setdefault(sha256, size))
        for innovation, sha256, size in sorted(rows)
    ]
    parts = divide(files, limit=LIMIT)
    lying: Counter[tuple[int, str]] = Counter()
    for part in parts:
        held = [
            file
            for file in files
            if file.innovation in part.innovations
            and file.sha256 in part.only.get(file.innovation, [file.sha256])
        ]
        lying.update({(file.innovation, file.sha256) for file in held})
        same = {(file.innovation, file.sha256) for file in held}
        assert sum(file.size + FILE_BYTES for file in held) <= LIMIT + FILE_BYTES or len(same) == 1
    assert lying == Counter({(file.innovation, file.sha256) for file in files})


def test_only_what_does_not_fit_is_divided_and_its_links_are_listed_once() -> None:
    large = LIMIT - FILE_BYTES
    files = [
        HeldFile(1, "a", 10), HeldFile(2, "b", large), HeldFile(2, "c", large), HeldFile(3, "d", 10),
        HeldFile(4, "", 0),
    ]  # fmt: skip
    parts = divide(files, limit=LIMIT)
    assert [part.innovations for part in parts] == [[1], [2], [2], [3, 4]]
    assert [part.only for part in parts] == [{}, {2: [LINKS, "b"]}, {2: ["c"]}, {}]


def test_a_part_is_read_as_it_was_written() -> None:
    parts = number_parts(divide([HeldFile(1, "a", LIMIT), HeldFile(1, "b", LIMIT)], limit=LIMIT))
    assert [part.number for part in parts] == [1, 2]
    assert [read_numbered(json.loads(json.dumps(part.to_args()))) for part in parts] == parts
    assert parts[1].own == (1,)
