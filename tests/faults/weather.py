"""Network faults, from a real server that misbehaves: what a command makes of each."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.faults.judging import complaints, judge
from tests.faults.outcome import Outcome, outcome
from tests.faults.world import Scene
from xconda_core.testing.channel_server import Fault

ALWAYS = 1 << 30
STALL_SECONDS = 6.0


@dataclass
class Weather:
    """What goes wrong now: ``fault``, for the ``first`` requests of each path that ends so."""

    fault: Fault | None = None
    ending: tuple[str, ...] = ()
    first: int = ALWAYS
    met: dict[str, int] = field(default_factory=dict)

    def __call__(self, path: str, before: int) -> Fault | None:
        if self.fault is None or not path.endswith(self.ending):
            return None
        self.met[path] = self.met.get(path, 0) + 1
        return self.fault if self.met[path] <= self.first else None

    def turn(
        self, fault: Fault | None, ending: tuple[str, ...] = ("",), first: int = ALWAYS
    ) -> None:
        self.fault, self.ending, self.first, self.met = fault, ending, first, {}


def _faults(elsewhere: str) -> dict[str, Fault]:
    return {
        "truncated": Fault(cut_after=200),
        "wrong bytes": Fault(corrupt=True),
        "500": Fault(status=500),
        "503": Fault(status=503),
        "404": Fault(status=404),
        "403": Fault(status=403),
        "no first byte": Fault(delay=STALL_SECONDS),
        "stalls in the middle": Fault(stall_after=100, stall=STALL_SECONDS),
        "redirected to another file": Fault(redirect=f"{elsewhere}/noarch/c-1-0.conda"),
        "redirected to nowhere": Fault(redirect="http://127.0.0.1:9/gone"),
        "redirected to a local file": Fault(redirect="file:///etc/passwd"),
        "redirected to itself": Fault(redirect=""),
    }


TARGETS = {"package": (".conda",), "list": (".json", ".zst", ".msgpack")}


def in_bad_weather(scene: Scene, weather: Weather, *, every: int = 1) -> Iterator[Outcome]:
    """Each fault, once and for good, of packages and of package lists; nothing is cached before."""
    cases = [
        (target, name, fault, first)
        for target in TARGETS
        for name, fault in _faults(scene.world.url).items()
        for first in (1, ALWAYS)
    ]
    for point, (target, name, fault, first) in enumerate(cases):
        if point % every:
            continue
        _forget_lists(scene)
        weather.turn(fault, TARGETS[target], first)
        done = scene.run()
        weather.turn(None)
        verdict = judge(scene)
        more = [*complaints(done)]
        if (done.code == 0) != (verdict.state == "new"):
            more.append(f"it ended with {done.code}: {done.err[-300:]}")
        if done.code and not done.err.strip():
            more.append("it ended without a word")
        where = f"{target} {name}, {'once' if first == 1 else 'always'}"
        yield outcome("network", scene.name, where, point, verdict, more=tuple(more))


def slow_loris(scene: Scene, weather: Weather) -> Iterator[Outcome]:
    """A server that gives a few bytes at a time: it is waited for, and can be told to stop."""
    for point, seconds in enumerate((1.0, 2.0)):
        _forget_lists(scene)
        weather.turn(Fault(drip=0.3), TARGETS["package"])
        process = subprocess.Popen(
            scene.world.command(*scene.words), env=scene.world.environ,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        _wait_until(lambda: bool(weather.met))
        time.sleep(seconds)
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        _, said = process.communicate()
        took = time.monotonic() - begun
        weather.turn(None)
        verdict = judge(scene)
        more = [] if took < 5 else [f"it stopped after {took:.0f} s"]
        if process.returncode == 0 or verdict.state != "old":
            more.append(f"it ended with {process.returncode}: {said[-300:]}")
        yield outcome(
            "network", scene.name, "slow loris, SIGTERM", point, verdict, more=tuple(more)
        )


def _forget_lists(scene: Scene) -> None:
    scene.reset()
    for path in (scene.world.live / "pkgs" / "cache").rglob("*"):
        if path.is_file():
            path.unlink()


def _wait_until(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never asked for a package"
        time.sleep(0.05)
