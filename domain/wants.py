"""What a turn asks for before it can go on: a file, a list, a link."""

from __future__ import annotations

from domain.message import FileRef


class WantsFile(Exception):
    """the turn needs the file that came with the update"""

    def __init__(
        self,
        ref: FileRef,
        *,
        accepts: frozenset[str],
        max_bytes: int,
        album: tuple[FileRef, ...] = (),
        letter: bool = False,
    ) -> None:
        """`accepts` are kinds by content (pdf, jpg …), `max_bytes` the question's own limit.

        `album` are all files that are wanted, where they were sent at once; then a `FetchedAlbum` is brought.
        `letter` has a paper's text read for what it says of itself as a letter.
        """
        super().__init__(ref.kind)
        self.ref = ref
        self.accepts = accepts
        self.max_bytes = max_bytes
        self.album = album
        self.letter = letter

    def each(self) -> list[WantsFile]:
        """Want every file of the album by itself."""
        return [
            WantsFile(ref, accepts=self.accepts, max_bytes=self.max_bytes, letter=self.letter)
            for ref in self.album
        ]


class WantsList(WantsFile):
    """the turn needs the rows of the list that came with the update"""

    def __init__(self, ref: FileRef, *, max_bytes: int) -> None:
        """A `ReadList` is brought, of a file of at most `max_bytes`; what it is, its reader tells."""
        super().__init__(ref, accepts=frozenset(), max_bytes=max_bytes)


class WantsLink(Exception):
    """the turn needs to know where a link leads"""

    def __init__(self, url: str) -> None:
        """`url` is one that may be looked at: http or https, no private address in it."""
        super().__init__("link")
        self.url = url


Wants = WantsFile | WantsLink
