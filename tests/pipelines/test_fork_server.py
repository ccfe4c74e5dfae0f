"""The process that workers are forked from."""

from __future__ import annotations

import gc
import signal
import sys

from pipelines.fork_server import fork_server, start_fork_server


def _look(answers) -> None:  # type: ignore[no-untyped-def]  # one end of a pipe
    answers.send(("trafilatura" in sys.modules, gc.get_freeze_count(), gc.isenabled()))


def _masked(answers) -> None:  # type: ignore[no-untyped-def]  # one end of a pipe
    answers.send(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def test_its_children_leave_ctrl_c_to_the_process_that_was_called() -> None:
    start_fork_server()
    context = fork_server()
    answers, child_end = context.Pipe(duplex=False)
    child = context.Process(target=_masked, args=[child_end])
    child.start()
    child_end.close()

    assert answers.poll(60)
    masked = answers.recv()
    child.join()

    assert signal.SIGINT in masked
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_its_children_have_what_reads_pages_and_leave_it_out_of_their_garbage() -> None:
    start_fork_server()
    context = fork_server()
    answers, child_end = context.Pipe(duplex=False)
    child = context.Process(target=_look, args=[child_end])
    child.start()
    child_end.close()

    assert answers.poll(60)
    loaded, frozen, collects = answers.recv()
    child.join()

    assert (loaded, collects) == (True, True)
    assert frozen > 50_000
