"""Make the tones in `resources/sounds`: run it after a change of the melodies.

Each class of exceptions has a melody of its own: rising, falling, knocking or a single bell tell them apart
without a look at the screen. All are soft sines that swell and fade, well below full loudness.
"""

from __future__ import annotations

import array
import math
import sys
import wave
from pathlib import Path
from typing import Final

RATE: Final = 22_050
LOUDNESS: Final = 0.30
"""Of full scale: gentle beside a voice in a headset."""

Note = tuple[float, float, float]
"""When it begins (s), how high (Hz), how long it rings (s)."""

MELODIES: Final[dict[str, tuple[Note, ...]]] = {
    "promise": ((0.0, 659.3, 0.20), (0.16, 523.3, 0.20), (0.32, 392.0, 0.40)),
    "waiting": ((0.0, 523.3, 0.20), (0.16, 659.3, 0.40)),
    "place": ((0.0, 587.3, 0.14), (0.18, 587.3, 0.14), (0.36, 587.3, 0.30)),
    "money": ((0.0, 784.0, 0.16), (0.12, 1046.5, 0.40)),
    "data": ((0.0, 440.0, 0.45),),
    "notice": ((0.0, 349.2, 0.30),),
}


def samples(notes: tuple[Note, ...]) -> array.array[int]:
    """A melody as 16-bit samples."""
    length = max(begin + 2 * rings for begin, _height, rings in notes)
    heard = [0.0] * int(length * RATE)
    for begin, height, rings in notes:
        first = int(begin * RATE)
        for at in range(first, min(len(heard), first + int(2 * rings * RATE))):
            time = (at - first) / RATE
            swell = min(1.0, time / 0.012) * math.exp(-3.2 * time / rings)
            tone = math.sin(2 * math.pi * height * time) + 0.22 * math.sin(4 * math.pi * height * time)
            heard[at] += swell * tone
    end = int(0.02 * RATE)  # or the cut would click
    for back in range(end):
        heard[-1 - back] *= back / end
    loudest = max(map(abs, heard))
    return array.array("h", (round(32_767 * LOUDNESS * each / loudest) for each in heard))


def write(folder: Path) -> None:
    """Write all of them as WAV files, one channel."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in MELODIES.items():
        heard = samples(notes)
        if sys.byteorder == "big":
            heard.byteswap()
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(heard.tobytes())


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent / "resources" / "sounds")
