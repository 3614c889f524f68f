"""A loop over epochs and batches: between two of its steps it stops, changes, and goes to another of its places."""

from __future__ import annotations

from itertools import islice
from typing import Any, Callable, Generator, Iterable, Iterator, Optional

from ._numbers import NAN
from ._past import Place
from ._rewind import Rewind
from ._tape import END, Stretch
from ._torch import Steps
from ._training import Training


#: Why a loop of which an epoch has several calls of ``batches`` cannot go back.
TWICE = "the loop goes through batches twice in an epoch"


class Loop:
    """Where the loop stands. A boundary is before each batch but an epoch's first, and before each epoch."""

    def __init__(self, training: Training) -> None:
        self._training = training
        #: The epoch under way, from 0; how many are complete; how many there are to be, 0 where nobody says.
        self.epoch = 0
        self.ended = 0
        self.epochs = 0
        #: Counts the optimizer's steps; None where each batch is one.
        self.steps: Optional[Steps] = None
        self._counted: Optional[int] = 0
        self._call = -1
        #: Whether a step was taken since the last boundary, or none was there yet.
        self._is_due = True
        #: Whether the epochs are gone through here.
        self._has_epochs = False

    @property
    def _rewind(self) -> Optional[Rewind]:
        rewind = self._training.rewind
        return rewind if isinstance(rewind, Rewind) else None

    def go_through_epochs(self) -> Iterator[int]:
        """The epochs' numbers, from 0; one comes again when the run goes back to it."""
        try:
            yield from self._epochs()
        except GeneratorExit:
            self._break_off()
            raise

    def _break_off(self) -> None:
        """The script leaves its loop: what it goes on with is the run's."""
        if self._rewind is not None and self._rewind.beside is not None:
            self._rewind.beside.break_off(at_once=True)

    def _epochs(self) -> Iterator[int]:
        training = self._training
        while not training.is_stopping:
            self._has_epochs = False
            self._boundary(self.epoch, 0, is_epoch=True)
            rewind = self._rewind
            if rewind is not None and rewind.destination is not None:
                self.epoch = self.ended = rewind.destination.call
                if rewind.destination.batch == 0:
                    rewind.restore()
                    self._is_due = True
                    continue
            elif self.epoch >= self.epochs or training.is_stopping:
                return
            elif rewind is not None:
                rewind.epoch_first = training.step
            self._begin_epoch(None)
            self._call, self._has_epochs = -1, True
            yield self.epoch
            if rewind is not None and rewind.destination is not None:
                # Left in its middle, to go elsewhere.
                continue
            self.epoch += 1
            self.ended = self.epoch
            training.epoch_ended()

    def go_through(self, loader: Iterable[Any]) -> Iterator[Any]:
        """The batches of a loader, or those of them that come from where the run goes on."""
        training, rewind = self._training, self._rewind
        has_epochs = self._has_epochs or self.epoch < self.epochs
        index, call = 0, self.epoch if has_epochs else self._call + 1
        if has_epochs and self.steps is None:
            self._begin_epoch(_length(loader))
        if rewind is None:
            source = iter(loader)
        else:
            if call == self._call and rewind.destination is None and not rewind.is_away:
                if rewind.beside is not None:
                    rewind.beside.lose_call()
                rewind = training.rewind = None
                self.no_way_back(TWICE)
                source = iter(loader)
            elif not has_epochs:
                rewind.forget_before(call)
            elif call == self._call and rewind.destination is None and training.lane is not None:
                training.lane.divergence = TWICE
                return
        self._call = call
        if rewind is not None:
            stretch = rewind.tape.stretch(call, loader)
            if rewind.destination is not None:
                index = rewind.restore().batch
                self._is_due = True
        try:
            while True:
                batch = next(source, END) if rewind is None else rewind.tape.batch(stretch, index)
                # An epoch's beginning and end are looked at where epochs are gone through.
                if not has_epochs or (self._is_due and index > 0 and batch is not END):
                    if training.attention or (rewind is not None and training.step >= rewind.due):
                        self._boundary(call, index, is_at_end=batch is END)
                        if rewind is not None and rewind.destination is not None:
                            if rewind.destination.call != call or (has_epochs and rewind.destination.batch == 0):
                                return
                            index = rewind.restore().batch
                            self._is_due = True
                            continue
                    else:
                        self._is_due = False
                if batch is END or training.is_stopping:
                    return
                yield batch
                index += 1
                if self._count() and rewind is not None:
                    index += yield from self._run(rewind, stretch, index)
        except GeneratorExit:
            # The script leaves it; an epoch may go on behind.
            if not has_epochs:
                self._break_off()
            raise

    def _run(self, rewind: Rewind, stretch: Stretch, index: int) -> Generator[Any, None, int]:
        """Goes on as long as nobody asks for anything and no state is due; returns over how many batches.

        It is the usual way, for which every step pays: it is short, and calls little.
        """
        training, steps, rate, due = self._training, self.steps, self._training.rate, rewind.due
        if training.attention or training.step >= due or training.is_silent or not training.is_alive:
            return 0
        run = rewind.tape.run(stretch, index)
        if run == 0:
            return 0
        keep, tell = stretch.batches.append, training.news.append
        loss, is_step, self._is_due = training._last_loss, True, False
        for batch in islice(stretch.source, run):
            keep(batch)
            yield batch
            if steps is not None:
                count = steps.count
                if count == self._counted:
                    # Its gradients are only added up.
                    is_step = False
                    continue
                self._counted, is_step = count, True
            if training.attention:
                training.finish_step()
                break
            step = training.step = training.step + 1
            loss = training._loss
            try:
                tell((loss, None if rate is None else rate.value, training._values))
            except Exception as problem:
                training.give_up(problem)
            training._loss, training._values = NAN, None
            if step >= due:
                training._last_loss = loss
                break
        else:
            training._last_loss = loss
            if stretch.next - index < run:
                rewind.tape.end(stretch)
        self._is_due = is_step
        return stretch.next - index

    def _count(self) -> bool:
        """Counts a step behind a batch, unless it was none; returns whether it was one."""
        steps = self.steps
        if steps is not None:
            # Batches whose gradients are only added up are no step.
            count = steps.count
            if count == self._counted:
                if not steps.are_unheard:
                    return False
                self.steps = None
                self.on_unheard_steps()
            self._counted = count
        self._training.finish_step()
        self._is_due = True
        return True

    def _begin_epoch(self, steps: Optional[int]) -> None:
        """Tells that an epoch begins, unless the loop passes by on its way to another branch's place."""
        rewind = self._rewind
        if rewind is None or rewind.destination is None or rewind.beside is None or not rewind.beside.is_on_turn:
            self._training.epoch_began(self.epoch + 1, steps)

    def tick(self) -> None:
        """A step of a loop without batches is done."""
        if self._rewind is not None:
            self._training.rewind = None
            self.no_way_back("the loop does not go through run.batches")
        steps = self.steps
        if steps is not None:
            if steps.count == self._counted:
                return
            self._counted = steps.count
        self._training.tick()

    #: Says why the run cannot go back any more.
    no_way_back: Callable[[str], None] = staticmethod(lambda reason: None)
    #: Says that each batch is taken for a step.
    on_unheard_steps: Callable[[], None] = staticmethod(lambda: None)

    def _boundary(self, call: int, index: int, is_epoch: bool = False, is_at_end: bool = False) -> None:
        training, rewind = self._training, self._rewind
        is_due, self._is_due = self._is_due, False
        # Once: who asks for something meanwhile must not find the place of the boundary before.
        attention = training.attention
        if rewind is not None and rewind.destination is None:
            if attention or training.step >= rewind.due:
                rewind.here = Place(call, index)
                if training.step >= rewind.due and not rewind.is_away:
                    try:
                        rewind.keep()
                    except Exception as problem:
                        training.give_up(problem)
        if attention and (is_due or is_epoch):
            is_behind_step = is_due and training.step > 0
            if rewind is not None and rewind.destination is None:
                rewind.is_at_end = is_at_end or (is_epoch and self.epoch >= self.epochs)
                is_behind_step &= not rewind.is_looked_at
                rewind.is_looked_at = False
            training.look(behind_step=is_behind_step)


def _length(loader: Any) -> Optional[int]:
    try:
        return len(loader)
    except Exception:
        return None
