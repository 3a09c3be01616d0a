"""What was understood of the files that people are looking at: leafing through a preview reads it once."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from procurement.imports import FilePlan
from procurement.models import PlanFile
from procurement.queries import plan_state
from procurement.services import plan_files


# Of all the files kept in one process: about 1,5 kB a line.
LINES_KEPT = 20_000

_kept: OrderedDict[Hashable, FilePlan] = OrderedDict()
_lock = Lock()


def of(plan_file: PlanFile) -> FilePlan:
    """To be looked at only: it is shared by all who ask. Raises `UnreadableFile`."""
    key = plan_state.of(plan_file)
    with _lock:
        found = _kept.get(key)
        if found:
            _kept.move_to_end(key)
            return found
    found = plan_files.preview_again(plan_file)
    with _lock:
        _keep(key, found)
    return found


def forget() -> None:
    with _lock:
        _kept.clear()


def _keep(key: Hashable, found: FilePlan) -> None:
    _kept[key] = found
    while len(_kept) > 1 and sum(len(kept.lines) for kept in _kept.values()) > LINES_KEPT:
        _kept.popitem(last=False)
