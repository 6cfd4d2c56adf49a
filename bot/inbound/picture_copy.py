"""Makes a smaller copy of a photo that is larger than the portal takes; `inspector` runs this in a process of
its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.inbound.inspection import PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LONG_SIDES = (3000, 2400, 2000, 1600)  # pixels, tried in turn; a photographed letter is readable in the last
QUALITIES = (85, 75)  # of JPEG, at each size
LAST_QUALITIES = (65, 55)  # at the smallest size, before it is given up
PNG_PIXELS = 50_000_000  # a PNG has to be decoded whole, unlike a JPEG
PROFILE_BYTES = 100_000  # of a colour profile that is kept: it holds nothing about the person
COPY_BYTES = 5_000_000  # a copy needs no more, whatever more is taken


def shrink(path: Path, *, most_bytes: int) -> bytes | None:
    """Make a JPEG of at most `most_bytes` with the sides as they are looked at, and without what the camera
    wrote of location, time and itself; None where none is readable or the picture cannot be decoded.

    It is never enlarged. Raises MemoryError where the picture takes too much.
    """
    from PIL import Image, ImageOps  # here: most files need none of it

    Image.MAX_IMAGE_PIXELS = None  # our own bounds follow
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as opened:
            width, height = opened.size
            if width * height > (PNG_PIXELS if opened.format == "PNG" else PIXELS):
                return None
            opened.draft("RGB", (LONG_SIDES[0], LONG_SIDES[0]))  # a JPEG is decoded at a half or less
            profile = opened.info.get("icc_profile") if opened.mode in ("RGB", "RGBA") else None
            upright = _on_white(eight_bits(ImageOps.exif_transpose(opened)))
    except MemoryError:
        raise
    except Exception:  # the libraries raise whatever a broken picture makes them raise
        return None
    kept = profile if profile and len(profile) <= PROFILE_BYTES else None
    most = min(most_bytes, COPY_BYTES)
    return next((copy for copy in _list_copies(upright, profile=kept) if len(copy) <= most), None)


def eight_bits(picture: Picture) -> Picture:
    """The picture with the greys of eight bits where it has those of 16, as scanners write: converted as it
    is it would be all white.
    """
    return picture.point(lambda grey: grey / 256).convert("L") if picture.mode.startswith("I") else picture


def _on_white(picture: Picture) -> Picture:
    """The picture in three colours; what is transparent becomes white, as paper is."""
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _list_copies(picture: Picture, *, profile: bytes | None) -> Iterator[bytes]:
    """Yield ever smaller copies, the best first."""
    from PIL import Image

    longest = max(picture.size)
    sides = [side for side in LONG_SIDES if side < longest]
    for side in (longest, *sides) if longest <= LONG_SIDES[0] else sides:
        sized = picture
        if side < longest:
            size = (max(1, round(n * side / longest)) for n in picture.size)
            sized = picture.resize((next(size), next(size)), Image.Resampling.LANCZOS)
        is_last = side == (sides[-1] if sides else longest)
        for quality in (*QUALITIES, *(LAST_QUALITIES if is_last else ())):
            written = io.BytesIO()
            sized.save(written, "JPEG", quality=quality, optimize=True, icc_profile=profile)
            yield written.getvalue()
