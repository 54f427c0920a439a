"""Several may work at a time as long as there is room; what is too large works alone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from time import sleep

from xconda_core.repodata.room import Room


def test_what_fits_together_is_there_at_the_same_time() -> None:
    room, met = Room(10), Barrier(2, timeout=30)

    def work() -> None:
        with room.taken(5):
            met.wait()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _ in range(2)]:
            done.result()


def test_never_more_than_fits_and_what_never_fits_is_alone() -> None:
    room, lock = Room(10), Lock()
    inside: list[int] = []
    most: list[int] = []

    def work(amount: int) -> None:
        with room.taken(amount):
            with lock:
                inside.append(amount)
                most.append(sum(inside) if len(inside) > 1 else 0)
            sleep(0.001)
            with lock:
                inside.remove(amount)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, [3, 11, 7, 4, 50, 6, 1] * 6))
    assert max(most) <= 10


def test_room_is_free_again_after_a_failure() -> None:
    room = Room(1)
    for _ in range(2):
        try:
            with room.taken(1):
                raise ZeroDivisionError
        except ZeroDivisionError:
            continue
