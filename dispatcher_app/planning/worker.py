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
from dispatcher_app.planning.problem import Plan, Progress


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
    while (question := questions.get()) is not None:
        enough.clear()
        _say(answers, _answer(question, answers, enough))
    return 0


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


def _answer(
    question: wire.Improve, answers: BinaryIO, enough: threading.Event
) -> wire.Made | wire.Failed:
    from dispatcher_app.planning import improve

    def watch(progress: Progress) -> bool:
        _say(
            answers, wire.Told(progress.seconds, progress.iterations, progress.objective, progress.unserved)
        )
        return not enough.is_set()

    try:
        problem = wire.problem_in(question)
        first: Plan = improve.construct(problem, seed=question.seed, routes=question.routes)
        if question.seconds <= 0:
            return wire.made(first)
        return wire.made(improve.improve(problem, first, question.seconds, question.seed, watch=watch))
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
