"""Bodies are read in many threads at once, from the first moment of a process on."""

from __future__ import annotations

import subprocess
import sys

READS = """
import sys, threading
import msgspec
sys.setswitchinterval(1e-6)
from dispatcher_app import codec
from dispatcher_app.domain.command import BY_NAME
types = [*codec.KINDS.values(), *BY_NAME.values()]
gate = threading.Barrier(6)
def read(first):
    gate.wait()
    for type_ in types[first:] + types[:first]:
        try:
            codec.decode(b'{"id": "a", "order": "b", "window": {"start": 1}, "point": {"lon": 1, "lat": 2}}', type_)
        except msgspec.ValidationError:
            pass
threads = [threading.Thread(target=read, args=(number % 3,)) for number in range(6)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def test_threads_that_read_the_same_kinds_first_leave_the_process_alive() -> None:
    ended = [subprocess.run([sys.executable, "-c", READS], check=False).returncode for _ in range(4)]
    assert ended == [0] * 4
