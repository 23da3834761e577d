"""Looking at what was uploaded, in a process of its own: whatever a file does to it, the server goes on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.media import PHOTOS
from dispatcher_app.server.files import media, photo, video
from dispatcher_app.server.files.digest import sha256_of
from dispatcher_app.server.files.media import Looked

MEMORY = 3 << 30
"""What one such process may take, in bytes: a picture that wants more is a trap."""


class Job(msgspec.Struct):
    """A file to look at, and where what is made of it goes; `sha256` is what its sender says it is."""

    part: str
    media: str
    view: str
    thumb: str
    timezone: str
    sha256: str | None = None


class Told(msgspec.Struct, omit_defaults=True):
    """What was found, or the code and details of why the file is not taken."""

    looked: Looked | None = None
    code: str = ""
    params: dict[str, str | int] = {}


def look(job: Job) -> Looked:
    """What is in the file; raises Rejected."""
    part = Path(job.part)
    if job.sha256 is not None and sha256_of(part) != job.sha256:
        raise Rejected("upload_damaged", None)
    found = media.check(part, job.media)
    if found in PHOTOS:
        return photo.look(part, found, Path(job.view), Path(job.thumb), job.timezone)
    return video.look(part, found, Path(job.view))


def main() -> int:
    """Answer one line of JSON with another until standard input ends."""
    lower_oneself()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    while line := sys.stdin.buffer.readline():
        try:
            told = Told(looked=look(msgspec.json.decode(line, type=Job)))
        except Rejected as rejected:
            told = Told(code=rejected.code, params=rejected.params)
        answers.write(msgspec.json.encode(told) + b"\n")
        answers.flush()
    return 0


def lower_oneself() -> None:
    """Take what others leave of the processor, and not all of the memory."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(10)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
