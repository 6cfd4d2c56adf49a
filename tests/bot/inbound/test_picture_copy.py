"""A photo larger than is taken becomes a smaller copy: upright, readable, silent about the camera."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.inbound.inspector import Inspector
from bot.inbound.picture_copy import LONG_SIDES, PNG_PIXELS, shrink
from tests.kit.files import large_photo

MOST = 2_000_000


def written(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def copied(path: Path, content: bytes, *, most_bytes: int = MOST) -> Image.Image:
    path.write_bytes(content)
    copy = shrink(path, most_bytes=most_bytes)
    assert copy is not None
    assert len(copy) <= most_bytes
    return Image.open(io.BytesIO(copy), formats=("JPEG",))


def test_the_copy_is_within_the_limit_upright_and_large_enough_to_read(tmp_path: Path) -> None:
    assert len(large_photo()) > MOST
    copy = copied(tmp_path / "a", large_photo())
    assert copy.height > copy.width  # the camera lay on its side
    assert LONG_SIDES[-1] <= max(copy.size) <= 2400


def test_the_copy_says_nothing_of_camera_and_place(tmp_path: Path) -> None:
    copy = copied(tmp_path / "a", large_photo())
    assert not copy.getexif()
    assert "exif" not in copy.info
    assert b"Kamera Contoh" in large_photo()


def test_the_same_photo_has_the_same_copy(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(large_photo())
    assert shrink(tmp_path / "a", most_bytes=MOST) == shrink(tmp_path / "a", most_bytes=MOST)


def test_a_small_picture_is_never_enlarged(tmp_path: Path) -> None:
    small = written(Image.effect_noise((900, 700), 80), "PNG")
    assert copied(tmp_path / "a", small, most_bytes=300_000).size == (900, 700)


def test_what_is_transparent_becomes_white_as_paper_is(tmp_path: Path) -> None:
    drawn = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    copy = copied(tmp_path / "a", written(drawn, "PNG"))
    assert min(copy.convert("L").tobytes()) > 250


def test_a_scan_of_sixteen_bits_keeps_its_greys(tmp_path: Path) -> None:
    grey = Image.new("I;16", (400, 300), 100 * 256)
    copy = copied(tmp_path / "a", written(grey, "PNG")).convert("L")
    assert all(abs(pixel - 100) <= 2 for pixel in copy.tobytes())


@pytest.mark.parametrize("most_bytes", [100, 5_000])
def test_where_no_readable_copy_fits_there_is_none(tmp_path: Path, most_bytes: int) -> None:
    (tmp_path / "a").write_bytes(large_photo())
    assert shrink(tmp_path / "a", most_bytes=most_bytes) is None


@pytest.mark.parametrize("cut", [0, 20, 300])
def test_a_broken_picture_has_none(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a").write_bytes(large_photo()[:cut])
    assert shrink(tmp_path / "a", most_bytes=MOST) is None


def test_a_png_of_too_many_pixels_is_not_decoded(tmp_path: Path) -> None:
    wide = written(Image.new("1", (PNG_PIXELS // 5_000 + 1, 5_000)), "PNG")
    (tmp_path / "a").write_bytes(wide)
    assert shrink(tmp_path / "a", most_bytes=MOST) is None


async def test_a_process_of_its_own_makes_the_copy_within_its_limits(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(large_photo())
    inspector = Inspector()
    try:
        copy = await inspector.shrink(tmp_path / "a", most_bytes=MOST)
        assert copy == shrink(tmp_path / "a", most_bytes=MOST)
    finally:
        await inspector.close()


async def test_a_process_that_has_no_memory_for_it_leaves_it_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(written(Image.new("RGB", (6000, 6000)), "PNG"))
    inspector = Inspector(memory_bytes=250_000_000)
    try:
        assert await inspector.shrink(tmp_path / "a", most_bytes=MOST) is None
    finally:
        await inspector.close()
