"""Signals mean cancel, and the exit code says which one it was."""

import os
import pty
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.cli.signals import stop_on_signals


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
def test_a_signal_cancels_and_names_the_exit_code(number: signal.Signals, code: int) -> None:
    cancel = CancelToken()
    with stop_on_signals(cancel) as stop:
        os.kill(os.getpid(), number)
        assert cancel.is_cancelled
    assert stop.exit_code == code


def test_a_second_ctrl_c_still_lets_the_work_undo_itself() -> None:
    cancel = CancelToken()
    with stop_on_signals(cancel):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        assert cancel.is_cancelled


def test_the_third_ctrl_c_stops_at_once() -> None:
    with stop_on_signals(CancelToken()):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_on_signals(CancelToken()):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_hangup_that_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals(CancelToken()) as stop:
            os.kill(os.getpid(), signal.SIGHUP)
        assert stop.number is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_bars_on_the_terminal_say_it_themselves() -> None:
    with a_terminal_as_standard_error() as keyboard:
        with stop_on_signals(CancelToken(), is_drawn=lambda: True):
            os.kill(os.getpid(), signal.SIGINT)
        with stop_on_signals(CancelToken(), is_drawn=lambda: False):
            os.kill(os.getpid(), signal.SIGTERM)
        said = os.read(keyboard, 1000)

    assert said.count(b"Stopping") == 1


@contextmanager
def a_terminal_as_standard_error() -> Iterator[int]:
    keyboard, screen = pty.openpty()
    before = os.dup(2)
    os.dup2(screen, 2)
    try:
        yield keyboard
    finally:
        os.dup2(before, 2)
        for number in (before, screen, keyboard):
            os.close(number)
