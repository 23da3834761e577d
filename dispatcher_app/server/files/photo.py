"""Photos made anew: nothing of what the camera wrote goes along, only what one sees."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Final

import pillow_heif
from PIL import Image, ImageCms

from dispatcher_app.domain.act import Rejected
from dispatcher_app.server.files import exif
from dispatcher_app.server.files.digest import sha256_of
from dispatcher_app.server.files.media import Looked

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
VIEW, THUMB = 2560, 320
"""The longer side of what everybody sees, and of its small copy, in pixels."""
SIDE: Final = 20_000
PIXELS: Final = 60_000_000
JPEG_PIXELS: Final = 120_000_000
"""A telephone's largest photo; a JPEG is made smaller while it is read, others have to be held whole."""
TURNS: Final = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
BROKEN = (*exif.UNREADABLE, EOFError, MemoryError, RuntimeError)
"""What a damaged or malicious picture may end in."""


def look(part: Path, media: str, view: Path, thumb: Path, timezone: str) -> Looked:
    """The photo made anew as JPEG beside its small copy, and what the original said; raises Rejected."""
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    try:
        # A large photo is judged by our own limits, before anything of it is unpacked.
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            with Image.open(part, formats=[FORMATS[media]]) as picture:
                check_size(picture, media)
            if media == "image/png":
                with Image.open(part, formats=["PNG"]) as picture:
                    picture.verify()
            with Image.open(part, formats=[FORMATS[media]]) as picture:
                told = exif.said(picture, timezone)
                seen = anew(picture, told.orientation)
    except Image.DecompressionBombError as error:
        raise Rejected("picture_too_large", None, limit=PIXELS // 1_000_000) from error
    except BROKEN as error:
        raise Rejected("picture_unreadable", None) from error
    seen.thumbnail((VIEW, VIEW), Image.Resampling.LANCZOS)
    save(seen, view, 85)
    width, height = seen.size
    seen.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    save(seen, thumb, 80)
    return Looked(
        media="image/jpeg", original_media=media, size=view.stat().st_size, sha256=sha256_of(view),
        original_size=part.stat().st_size, original_sha256=sha256_of(part), sealed=True,
        thumb_sha256=sha256_of(thumb), width=width, height=height, taken_at=told.taken_at, device=told.device,
        lon=told.lon, lat=told.lat,
    )  # fmt: skip


def check_size(picture: Image.Image, media: str) -> None:
    """Raises Rejected for what would fill the memory once unpacked."""
    width, height = picture.size
    limit = JPEG_PIXELS if media == "image/jpeg" else PIXELS
    if width > SIDE or height > SIDE or width * height > limit:
        raise Rejected("picture_too_large", None, limit=limit // 1_000_000)


def anew(picture: Image.Image, orientation: int) -> Image.Image:
    """Nothing but the picture's own colours, upright, on white where it is transparent."""
    profile = picture.info.get("icc_profile")
    picture.draft("RGB", (VIEW, VIEW))
    picture.load()
    made = flat(picture)
    if max(made.size) > 2 * VIEW:
        made.thumbnail((2 * VIEW, 2 * VIEW), Image.Resampling.BOX)
    if isinstance(profile, bytes):
        made = in_plain_colours(made, profile)
    for turn in TURNS.get(orientation, ()):
        made = made.transpose(turn)
    made.info.clear()
    return made


def flat(picture: Image.Image) -> Image.Image:
    """Three colours, eight bits each."""
    if picture.mode.startswith(("I", "F")):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.mode == "P" or picture.mode.endswith(("A", "a")) or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return picture.convert("RGB")


def in_plain_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """The colours that its profile means, in those that every screen takes for granted."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *exif.UNREADABLE):
        return picture
    return found or picture


def save(picture: Image.Image, file: Path, quality: int) -> None:
    """A plain JPEG."""
    picture.save(file, "JPEG", quality=quality)
