"""Which photos and videos are taken in, how large they may be, and what their first bytes say."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.act import Rejected

PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
VIDEOS: Final = frozenset({"video/mp4", "video/webm"})
PHOTO_LIMIT, VIDEO_LIMIT = 30 << 20, 200 << 20
"""The largest file of each sort, in bytes."""
HEAD: Final = 16
"""So many bytes tell the sort of a file."""
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
NOT_OURS: Final = frozenset({b"avif", b"avis", b"crx ", b"jp2 ", b"jpx ", b"M4A ", b"M4B "})


def signed(head: bytes) -> str:
    """The type that a file's first bytes are the signature of, "" where they are none that is taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm"
    if head[4:8] == b"ftyp" and (brand := head[8:12]) not in NOT_OURS:
        return "image/heic" if brand in HEIC_BRANDS else "video/mp4"
    return ""


def check_size(media: str, size: int) -> None:
    """Raises Rejected for a file that is empty or too large for its sort."""
    if size <= 0:
        raise Rejected("upload_empty", None)
    if size > (limit := PHOTO_LIMIT if media in PHOTOS else VIDEO_LIMIT):
        raise Rejected("upload_too_large", None, limit_mb=limit >> 20)
