"""The process that improves plans: asked on standard input, answering on standard output, ended by the end of its input.

Only here is the improver imported: neither a desk nor a request ever waits for its compiler.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import BinaryIO

import msgspec

from dispatcher_app.planning import wire
from dispatcher_app.planning.problem import Progress
from dispatcher_app.planning.timetable import plan_of

KEPT = 0.1
"""How hot the search begins on a plan that is in force already: cool, so that little is moved for little."""


def main() -> int:
    """Answer one question after the other until the input ends."""
    if hasattr(os, "nice"):
        os.nice(10)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get in between the frames.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions: queue.SimpleQueue[wire.Improve | None] = queue.SimpleQueue()
    enough = threading.Event()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, questions, enough), daemon=True).start()
    _warm()
    while (question := questions.get()) is not None:
        enough.clear()
        _say(answers, _answer(question, answers, enough))
    return 0


def _warm() -> None:
    """Have everything compiled before the first question comes."""
    from dispatcher_app.planning import improve

    improve.warm()


def _listen(
    stream: BinaryIO, questions: queue.SimpleQueue[wire.Improve | None], enough: threading.Event
) -> None:
    while (body := wire.read(stream)) is not None:
        match wire.asked(body):
            case wire.Improve() as question:
                questions.put(question)
            case wire.Stop():
                enough.set()
    enough.set()
    questions.put(None)


def _answer(question: wire.Improve, answers: BinaryIO, enough: threading.Event) -> wire.Made | wire.Failed:
    from dispatcher_app.planning import improve

    def watch(progress: Progress) -> bool:
        _say(answers, wire.Told(progress.seconds, progress.iterations, progress.objective, progress.unserved))
        return not enough.is_set()

    try:
        problem = wire.problem_in(question)
        if question.routes is None:
            first, heat = improve.construct(problem, question.seed), 1.0
        else:
            first, heat = plan_of(problem, question.routes), KEPT
        found = improve.improve(
            problem,
            first,
            seconds=question.seconds,
            seed=question.seed,
            threads=os.cpu_count() or 1,
            heat=heat,
            watch=watch,
        )
        return wire.made(found)
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        return wire.Failed(f"{type(error).__name__}: {error}")


def _say(answers: BinaryIO, message: wire.Told | wire.Made | wire.Failed) -> None:
    try:
        answers.write(wire.framed(message))
        answers.flush()
    except BrokenPipeError:
        os._exit(0)  # whoever asked is gone


if __name__ == "__main__":
    sys.exit(main())
