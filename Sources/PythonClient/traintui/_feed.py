"""Going back in a loop that is not ours, but that gets the batches of each step in one place, where it is given them again.

    fetched    1 2 3 4 5 6 7 8               the batches of a step after the other, from the framework's own iterator
    given      1 2 3 4 5 6 7 8   5 6 7 8  9  behind step 4 once more: those of then, and behind them the next ones

A kept state has its random numbers, and fetching puts back those that it drew, so that the steps behind it come again. The
framework goes on counting: an epoch has as many steps as ever, and sees as many batches less as came again in it.

Batches are kept while there is a state behind which they would come again, and no longer.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from ._chance import Chance, present_states
from ._meeting import Start
from ._past import Departure, Kept, Place
from ._recall import Recall
from ._state import Keeps
from ._tape import END, Tape, is_known, leaves
from ._training import Training
from ._wire import Params

#: The batches of a step, and what else the framework makes of them.
Group = Tuple[List[Any], Any]
#: The part of the memory that batches take, and the part where they lie on a device, which has others to serve.
SHARE, DEVICE_SHARE = 4, 16


class Source(Iterator[Group]):
    """Fetches from the framework, and remembers what came of it, for whoever cannot keep it."""

    def __init__(self) -> None:
        self.fetch: Optional[Callable[[], Group]] = None
        self.got: Optional[Group] = None
        #: Whether the framework's own loader failed.
        self.has_failed = False

    def __next__(self) -> Group:
        assert self.fetch is not None
        self.has_failed = True
        self.got = self.fetch()
        self.has_failed = False
        # What is left of an epoch is nothing: the framework goes on to its next one.
        if not self.got[0]:
            raise StopIteration
        return self.got

    def let_go(self) -> None:
        """Holds neither the framework's iterator nor its batches."""
        self.fetch = self.got = None


class Feed(Recall):
    """The past of a training whose loop is somebody else's, and is given its batches here."""

    def __init__(self, training: Training, keeper: Keeps, memory: int) -> None:
        super().__init__(training, keeper, memory)
        self._memory = memory
        self._tape = Tape(memory // SHARE)
        self._capacity = memory - memory // SHARE
        self._source = Source()
        self._stretch = self._tape.stretch(0, self._source)
        #: The index of the batches that are given next.
        self._at = 0
        #: Whether batches were given to a step that is not taken yet.
        self._is_at_hand = False
        #: The last index behind which there is a state.
        self._reach = -1
        #: Batches before this index cannot be given again as they were.
        self._floor = 0
        self._is_on_tape = False
        self._is_closed_to_data = ""
        #: Whether something draws random numbers before the next batches are given, or because their loader begins.
        self._is_disturbed = self._is_beginning = True
        #: Whether the loader has no more batches in this epoch.
        self._is_over = False
        #: The random numbers at the last boundary, while batches come again.
        self._between: Optional[Chance] = None
        #: Of the framework's epoch: its steps, None where nobody knows; those that come in later ones; the steps that were
        #: given batches, and those that were given new ones.
        self._steps: Optional[int] = None
        self._later = self._given = self._new = 0

    @property
    def here(self) -> Place:  # type: ignore[override]
        """Where the batches of the next step are."""
        return Place(0, self._at - self._is_at_hand)

    @property
    def exactness(self) -> str:  # type: ignore[override]
        """The framework may do between two steps what nobody here knows of, so that bits are never promised."""
        return super().exactness if self._is_closed_to_data else "same_batches"

    @property
    def wire(self) -> Params:
        told = super().wire
        return {**told, "data": told["data"] if self._is_closed_to_data else "replayed", "bytes": self._memory}

    # What the framework's hooks say

    def epoch_began(self, steps: Optional[int], later: int = 0, given: int = 0) -> None:
        """An epoch of the framework's begins, of so many steps, behind which so many come; some may have been taken before."""
        self._is_disturbed = self._is_beginning = True
        self._is_over = False
        self._steps, self._later, self._given, self._new = steps, later, given, given

    def was_disturbed(self) -> None:
        """Something was done between two steps, such as a validation, that may draw random numbers."""
        self._is_disturbed = True

    def step_ended(self) -> None:
        """The boundary behind a step is passed."""
        if self._at < self._stretch.next:
            self._between = Chance()

    def look_with_batches_at_hand(self) -> None:
        """Looks around before the first step, whose batches are given already."""
        at, stretch = self._at, self._stretch
        if stretch.first < at <= stretch.next:
            # Where a checkpoint is gone on from, its random numbers come behind the batches.
            stretch.states[at - 1] = present_states()
        self._is_at_hand = True
        self._training.look()
        self._at, self._is_at_hand = at, False

    def end(self, reason: str = "the loop is over") -> None:
        """No batches are given again any more."""
        self._close_to_data(reason)

    # Giving

    def give(self, count: int, fetch: Callable[[], Group]) -> Group:
        """The batches of a step, which the framework wants ``count`` of: those of then, or what it fetches."""
        if self._is_closed_to_data or not self._training.is_alive:
            return fetch()
        source = self._source
        source.fetch, source.has_failed = fetch, False
        try:
            return self._next(count)
        except Exception as problem:
            if source.has_failed:
                raise
            self._close_to_data(f"{problem!r}"[:200])
            return source.got or fetch()
        finally:
            source.let_go()

    def _next(self, count: int) -> Group:
        stretch, at = self._stretch, self._at
        is_disturbed, self._is_disturbed = self._is_disturbed, False
        self._given += 1
        if at < stretch.next:
            if len(stretch.batches[at - stretch.first][0]) == count:
                if is_disturbed and self._between is not None:
                    self._between.restore()
                self._at += 1
                group: Group = self._tape.batch(stretch, at)
                return group
            # An epoch's last step may have fewer batches, and the framework counts on that.
            self._at = at = stretch.next
            self._training.tell("notice", {
                "text": f"an epoch's last step has another number of batches: new ones from step {self._training.step + 1} on"})
        group = self._fetch(at, is_disturbed or self._is_beginning)
        if group[0]:
            self._at += 1
            self._new += 1
            self._is_beginning = False
        return group

    def _fetch(self, at: int, is_apart: bool) -> Group:
        """The next batches of the framework's, which are kept where they may come again."""
        tape, stretch, source = self._tape, self._stretch, self._source
        if self._is_over or (stretch.first > self._reach and at > 0):
            group: Any = next(source, END)
            if group is not END:
                tape.pass_over(stretch, at + 1)
        else:
            group = tape.fetch_apart(stretch) if is_apart else tape.batch(stretch, at)
            # It is the end of an epoch, and the framework may ask for more of it: the next one's batches come behind it.
            self._is_over, stretch.ended = group is END, None
            if group is not END and not self._is_on_tape:
                self._begin_tape(group)
            if tape.is_broken:
                # The loader draws random numbers only now and then, and may have done so before.
                self._floor, tape.is_broken = at, False
        if group is not END:
            return group  # type: ignore[no-any-return]
        assert source.got is not None
        return source.got

    def _begin_tape(self, group: Group) -> None:
        self._is_on_tape = True
        parts = list(leaves(list(group)))
        unknown = next((part for part in parts if not is_known(part)), None)
        if unknown is not None:
            self._close_to_data(f"a {type(unknown).__name__} cannot be kept")
        elif any(getattr(getattr(part, "device", None), "type", "cpu") != "cpu" for part in parts):
            self._tape.capacity = min(self._tape.capacity, self._memory // DEVICE_SHARE)

    def _close_to_data(self, reason: str) -> None:
        self._is_closed_to_data = reason
        self._at = self._stretch.next
        self._tape.pass_over(self._stretch, self._at)
        self._between = None

    # Keeping

    def keep(self, is_pinned: bool = False) -> None:
        # States that are too large beside batches come first.
        room = max(self._memory - 2 * self._keeper.size, 0)
        if room < self._tape.capacity:
            self._tape.capacity = room
            self._capacity = self._memory - room
        super().keep(is_pinned)

    def add(self, kept: Kept) -> None:
        super().add(kept)
        self._reach = max(one.place.batch for one in self._kept)

    # Going

    def _with_data(self, starts: Dict[Start, Kept]) -> List[Start]:
        return [start for start, kept in starts.items() if not self._loss_of_data(kept)]

    def _loss_of_data(self, kept: Kept) -> str:
        """Why the batches behind a state cannot be given again; "" where they can."""
        place = kept.place
        if self._is_closed_to_data:
            return self._is_closed_to_data
        if self._is_at_hand and place != self.here:
            return "a step has its batches already"
        if not self._tape.has(*place):
            return "its batches are not kept any more (TRAINTUI_MEMORY allows more)"
        if place.batch < self._floor:
            return "this loader draws random numbers only now and then"
        if self._tape.last_change >= place:
            return "the script changes its batches where they lie"
        return ""

    def _put_back(self, departure: Departure, target: Kept) -> None:
        chance = Chance()
        super()._put_back(departure, target)
        if departure.with_data:
            self._at = target.place.batch
            self._between = Chance()
        else:
            self._reason = self._loss_of_data(target) or "another process has not kept its batches"
            chance.restore()

    #: Why the data went on in the last move.
    _reason = ""

    def _words(self, departure: Departure, target: Kept) -> str:
        if not departure.with_data:
            return f"{super()._words(departure, target)}: {self._reason}"
        again = self._stretch.next - self._at - self._is_at_hand
        if self._steps is not None:
            again = min(again, self._steps - self._given + self._later)
        data = f"the next {_steps(again)} with the same batches and random numbers" if again > 0 else "with new batches"
        if self._steps is not None and self._given >= self._steps and not self._later:
            data = "but the script takes no step any more"
        early = "".join(f"; {words}" for words in self._early(again))
        return f"step {self._training.step} again, {data}{early}; the script's own count goes on"

    def _early(self, again: int) -> List[str]:
        """How many steps the framework's epochs end early, as it counts those that come again."""
        if self._steps is None:
            return [f"the script ends {_steps(again)} early"] if again > 0 else []
        left = self._steps - self._given
        early, later = self._steps - self._new - max(left - again, 0), again - left
        if early <= 0:
            return [f"the epochs to come end {_steps(later)} early"] if later > 0 else []
        return [f"this epoch ends {_steps(early)} early" + (f", later ones {later}" if later > 0 else "")]


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"
