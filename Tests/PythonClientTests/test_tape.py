"""The batches that are kept: which of them are looked at when they come, and what is known of the others when they are wanted."""

from __future__ import annotations

import itertools
import random
import sys
import unittest
from typing import Any, Iterable, List, Tuple

from helpers import CLIENT

sys.path.insert(0, CLIENT)

from traintui._chance import EVERY, LOOKED_AT
from traintui._loop import Loop
from traintui._past import Place
from traintui._rewind import Rewind
from traintui._state import Keeper
from traintui._tape import END, MEASURED, PLACE, RUN, Stretch, Tape
from traintui._torch import Steps
from traintui._training import Training

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]


def batches(count: int, length: int = 3) -> List[Any]:
    return [(torch.full((length,), float(index)), torch.ones(length)) for index in range(count)]


def go(tape: Tape, stretch: Stretch, count: int) -> int:
    """Takes batches as a loop does, and returns how many of them came without a look."""
    index = without = 0
    while index < count:
        if tape.batch(stretch, index) is END:
            break
        index += 1
        for batch in itertools.islice(stretch.source, min(tape.run(stretch, index), count - index)):
            stretch.batches.append(batch)
            index, without = index + 1, without + 1
    return without


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Unseen(unittest.TestCase):
    def taken(self, given: Iterable[Any], count: int = 600, capacity: int = 1 << 24) -> Tuple[Tape, Stretch, int]:
        tape = Tape(capacity)
        stretch = tape.stretch(0, given)
        return tape, stretch, go(tape, stretch, count)

    def test_small_tensors_that_nobody_has_written_to_come_without_a_look(self) -> None:
        given = batches(600)
        tape, stretch, without = self.taken(given)
        self.assertGreater(without, 500)
        self.assertEqual((len(stretch.batches), tape.last_change), (600, (-1, -1)))
        for index in (0, LOOKED_AT, 300, 599):
            self.assertIs(tape.batch(stretch, index), given[index])
        self.assertEqual(tape.bytes, 600 * (PLACE + 24))
        self.assertTrue(tape.has(0, 600))
        self.assertFalse(tape.has(0, 601))

    def test_one_that_the_script_writes_to_later_is_known_by_that(self) -> None:
        given = batches(600)
        tape, _, _ = self.taken(given)
        given[400][1].add_(1)
        self.assertEqual(tape.last_change, (0, 400))
        given[20][0].add_(1)
        given[500][0].mul_(2)
        self.assertEqual(tape.last_change, (0, 500))

    def test_others_among_them_are_taken_for_changed_ones_and_what_comes_then_is_looked_at(self) -> None:
        numpy = __import__("numpy")
        written = torch.ones(3).add_(1)
        for other in ((numpy.ones(3), torch.ones(3)), (written, torch.ones(3)), {"x": torch.ones(3)}, [["nested"]]):
            with self.subTest(str(type(other))):
                given = batches(300) + [other] * 2 * MEASURED + batches(2000)
                tape, stretch, _ = self.taken(given, 1500)
                self.assertEqual(tape.last_change, (0, 299 + 2 * MEASURED))
                self.assertEqual(tape.run(stretch, stretch.next), 0)
                before = tape.last_change
                stretch.batches[-1][0].add_(1)
                self.assertEqual(before, (0, 299 + 2 * MEASURED))
                self.assertEqual(tape.last_change, (0, 1499))

    def test_tensors_that_came_written_to_are_all_looked_at(self) -> None:
        whole = torch.zeros(600, 3).add_(1)
        _, _, without = self.taken((whole[index], whole[index]) for index in range(600))
        self.assertEqual(without, 0)

    def test_what_draws_random_numbers_is_looked_at_and_so_is_one_of_a_thousand(self) -> None:
        _, _, without = self.taken((torch.full((3,), random.random()),) for _ in range(600))
        self.assertEqual(without, 0)
        tape = Tape(1 << 24)
        # It draws from here on.
        stretch = tape.stretch(0, ((torch.ones(3) * (random.random() if index > 700 else 1),) for index in itertools.count()))
        go(tape, stretch, EVERY)
        self.assertFalse(tape.is_broken)
        go_on = stretch.next
        for index in range(go_on, go_on + 2):
            tape.batch(stretch, index)
        self.assertTrue(tape.is_broken)

    def test_large_ones_are_looked_at_and_the_oldest_go(self) -> None:
        _, stretch, without = self.taken(batches(100, 1000), 100, capacity=1 << 16)
        self.assertEqual(without, 0)
        self.assertLess(len(stretch.batches), 10)
        tape, stretch, without = self.taken(batches(2000), 2000, capacity=1 << 17)
        self.assertGreater(without, 1000)
        self.assertLessEqual(tape.bytes, 1 << 17)
        self.assertEqual(stretch.first + len(stretch.batches), 2000)
        self.assertEqual(len(stretch.sizes), len(stretch.batches))

    def test_tensors_that_count_no_writing_are_kept_as_others_are(self) -> None:
        with torch.inference_mode():
            silent = torch.ones(3)
        tape, given = Tape(1 << 24), [(torch.ones(3), silent if index % 2 else torch.ones(3)) for index in range(100)]
        stretch = tape.stretch(0, given)
        for index, batch in enumerate(given):
            self.assertIs(tape.batch(stretch, index), batch)
        self.assertEqual(tape.last_change, (-1, -1))
        given[40][0].add_(1)
        self.assertEqual(tape.last_change, (0, 40))
        self.assertIs(tape.batch(stretch, 41), given[41])


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
class Loops(unittest.TestCase):
    def begin(self, epochs: int) -> Tuple[Training, Loop]:
        training = Training()
        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1)
        training.rewind = Rewind(training, Keeper(None, optimizer, [], []), 1 << 26)
        loop = Loop(training)
        loop.epochs = epochs
        return training, loop

    def test_a_loop_is_given_each_batch_once_and_tells_each_step_once(self) -> None:
        training, loop = self.begin(2)
        given, came = batches(RUN + 500), []
        for epoch in loop.go_through_epochs():
            for batch in loop.go_through(given):
                training.loss(float(len(came)))
                came.append(batch)
        self.assertEqual(training.step, 2 * len(given))
        self.assertTrue(all(one is other for one, other in zip(came, given + given)))
        told = [item[0] for item in training.news if type(item) is tuple]
        self.assertEqual(told, [float(step) for step in range(2 * len(given))])

    def test_batches_whose_gradients_are_only_added_up_are_no_steps(self) -> None:
        training, loop = self.begin(1)
        optimizer = training.rewind._own._optimizer  # type: ignore[union-attr]
        loop.steps = Steps(optimizer)
        for epoch in loop.go_through_epochs():
            for index, batch in enumerate(loop.go_through(batches(900))):
                if index % 3 == 2:
                    optimizer.step()
                    training.loss(float(index))
        told = [item[0] for item in training.news if type(item) is tuple]
        self.assertEqual((training.step, told), (300, [float(index) for index in range(2, 900, 3)]))

    def test_a_loop_that_is_left_in_a_run_goes_on_with_the_next_batch(self) -> None:
        training, loop = self.begin(0)
        source = iter(batches(900))
        for index, batch in enumerate(loop.go_through(source)):
            if index == 500:
                break
        self.assertEqual((training.step, batch[0][0].item()), (500, 500.0))
        self.assertEqual(next(source)[0][0].item(), 501.0)

    def test_what_is_asked_for_in_a_run_is_done_before_the_next_batch(self) -> None:
        training, loop = self.begin(1)
        places = []
        for epoch in loop.go_through_epochs():
            training.look = lambda behind_step=False: places.append((behind_step, training.step))  # type: ignore[method-assign]
            for index, batch in enumerate(loop.go_through(batches(900))):
                training.attention = index in (40, 300, 301, 899)
        self.assertEqual([place for place in places if place[0]], [(True, 41), (True, 301), (True, 302), (True, 900)])
        self.assertEqual(training.rewind.here, Place(1, 0))  # type: ignore[union-attr]


if __name__ == "__main__":
    unittest.main()
