"""S3-compatible storage for tests: one emulator for all of them, a bucket for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.kit.object_storage import MISSING, ObjectStorage, is_installed, running

_numbers = count(1)


@pytest.fixture(scope="session")
def emulator() -> Iterator[ObjectStorage]:
    """The emulator, started once; where it is missing, what needs it is skipped with a sentence."""
    if not is_installed():
        pytest.skip(MISSING)
    with running() as storage:
        yield storage


@pytest.fixture
def new_bucket(emulator: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Make buckets and say their addresses; the keys are in the environment, as on a real host."""
    for name, value in emulator.variables.items():
        monkeypatch.setenv(name, value)

    def make() -> str:
        name = f"desk-{next(_numbers)}"
        emulator.make_bucket(name)
        return f"s3://{name}/kotim"

    return make


@pytest.fixture(params=["a folder", "S3"])
def site(request: pytest.FixtureRequest, tmp_path: object) -> str:
    """A site of a store of each kind."""
    if request.param == "a folder":
        return f"{tmp_path}/store"
    made: str = request.getfixturevalue("new_bucket")()
    return made
