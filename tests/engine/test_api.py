from collections.abc import Callable
from pathlib import Path

from xconda_core import api
from xconda_core.events import Event, Noticed

OpenEngine = Callable[[], api.Engine]


def test_a_job_whose_record_cannot_be_kept_is_done_all_the_same(
    open_engine: OpenEngine, environ: dict[str, str], tmp_path: Path
) -> None:
    state = tmp_path / "a file where a folder should be"
    state.write_text("")
    environ["XDG_STATE_HOME"] = str(state)
    events: list[Event] = []
    request = api.ChangeRequest(verb="create", prefix=tmp_path / "env", specs=("tool",))
    result = api.run_job(open_engine(), request, lambda plan, cancel: True, events.append)
    assert result.transaction is not None
    assert [e.level for e in events if isinstance(e, Noticed)] == ["warning"]
    assert set(open_engine().state(tmp_path / "env").installed) == {"tool"}
