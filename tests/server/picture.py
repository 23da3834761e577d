"""Photos and videos as telephones make them, and such as nobody should take in."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageDraw

LON, LAT = 121.4412, 31.1934
DEVICE = "HUAWEI LIO-AL00"


def drawn(width: int = 640, height: int = 480) -> Image.Image:
    """A picture with something in it."""
    picture = Image.new("RGB", (width, height), (30, 120, 190))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width // 2, height // 4), fill=(220, 30, 30))
    pen.line((0, 0, width, height), fill="white", width=9)
    return picture


def sexagesimal(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes, seconds."""
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round(((degrees - whole) * 60 - minutes) * 60, 4)


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: where, when, with what, which way up."""
    made = Image.Exif()
    made[0x010F], made[0x0110], made[0x0112] = "HUAWEI", "LIO-AL00", orientation
    made.get_ifd(0x8769).update({0x9003: "2026:11:22 14:05:00", 0x9011: "+08:00"})
    made.get_ifd(0x8825).update({1: "N", 2: sexagesimal(LAT), 3: "E", 4: sexagesimal(LON)})
    return made


def photo(
    format: str = "JPEG", width: int = 640, height: int = 480, orientation: int = 1, plain: bool = False
) -> bytes:
    """A photo with everything that a telephone writes into it."""
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    more = {} if plain else {"exif": exif(orientation).tobytes()}
    if format == "JPEG" and not plain:
        more["comment"] = b"secret-comment"
    drawn(width, height).save(out, format, **more)
    return out.getvalue()


def declared(width: int, height: int) -> bytes:
    """A small PNG that says it is very large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def box(kind: bytes, *parts: bytes) -> bytes:
    """An MP4 box."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


MEASURED = b"GPS 31.1934 121.4412"
"""What a camera with a satellite receiver writes beside every second of film."""


def track(handler: bytes, width: int = 0, height: int = 0, samples: bytes = b"") -> bytes:
    """A track that is seen, heard, or tells something."""
    head = bytes(76) + struct.pack(">HHHH", width, 0, height, 0)
    tables = box(b"minf", box(b"stbl", samples))
    media = box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)), tables)
    return box(b"trak", box(b"tkhd", head), media)


def measured(start: int) -> bytes:
    """The tables of a track with three measurements, two in a chunk and one in the next."""
    length = len(MEASURED)
    return (
        box(b"stsz", struct.pack(">IIIIII", 0, 0, 3, length, length, length))
        + box(b"stsc", struct.pack(">IIIIIIII", 0, 2, 1, 2, 1, 2, 1, 1))
        + box(b"stco", struct.pack(">IIII", 0, 2, start, start + 2 * length))
    )


def film(frames: int = 4000, *, located: bool = True, brand: bytes = b"isom") -> bytes:
    """A video by a telephone, with its place in the user data, or without any."""
    place = f"{LAT:+08.4f}{LON:+09.4f}/".encode()
    told = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place, b"HUAWEI LIO-AL00"))
    head = box(b"mvhd", bytes(4) + struct.pack(">I", 1_800_000_000 + 2_082_844_800) + bytes(92))
    shown = track(b"vide", width=1280, height=720) + track(b"soun")
    kind = box(b"ftyp", brand, bytes(4), b"isommp42")
    data = bytes(range(250)) * (frames // 250)
    if not located:
        return kind + box(b"moov", head, shown) + box(b"mdat", data)

    def movie(start: int) -> bytes:
        return box(b"moov", head, shown, track(b"meta", samples=measured(start)), told)

    start = len(kind) + len(movie(0)) + 8
    return kind + movie(start) + box(b"mdat", MEASURED * 3, data)


def element(id: bytes, *parts: bytes) -> bytes:
    """A WebM element."""
    body = b"".join(parts)
    return id + (len(body) | 1 << 56).to_bytes(8, "big") + body


def webm() -> bytes:
    """A WebM video with tags."""
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
    video = element(b"\xe0", element(b"\xb0", b"\x02\x80"), element(b"\xba", b"\x01\xe0"))
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", video))
    tags = element(b"\x12\x54\xc3\x67", b"LOCATION +31.1934+121.4412/ by somebody")
    return head + element(b"\x18\x53\x80\x67", tracks, tags, element(b"\x1f\x43\xb6\x75", bytes(500)))
