"""Going back in the Trainer of transformers and in Lightning, which are given the batches of then. Without them most is skipped."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys
import unittest
from collections import OrderedDict, UserDict
from typing import Any, Dict, List
from unittest import mock

from helpers import CLIENT, STANDALONE, Dashboard, example
from test_rewind import Going

sys.path.insert(0, CLIENT)

from traintui._feed import Feed
from traintui._meeting import agreement, proposal, way
from traintui._news import Asked, Told
from traintui._timeline import Moment
from traintui._training import Training

IS_THERE = all(importlib.util.find_spec(module) for module in ("torch", "transformers", "accelerate"))

#: A model with dropout, whose batches are shuffled and made noisy with three kinds of random numbers. Each batch's loss and
#: its tokens are logged. EDITS are made by the script itself.
SCRIPT = """
import hashlib, json, os, random, sys
import numpy, torch
from transformers import (
    BatchEncoding, BertConfig, BertForSequenceClassification, Trainer, TrainerCallback, TrainingArguments)
import traintui
rank = int(os.environ.get("RANK", "0"))
job = {"rows": 256, "epochs": 1, "accumulate": 1, "length": 8, "draws": True, "arguments": {}, **json.loads(sys.argv[1])}
edits = json.loads(os.environ.get("EDITS", "[]"))
torch.set_num_threads(1)
log = open(f"log-{rank}", "w")
class Logging(Trainer):
    def compute_loss(self, model, inputs, *args, **kwargs):
        tokens = hashlib.sha256(inputs["input_ids"].numpy().tobytes()).hexdigest()[:12]
        found = super().compute_loss(model, inputs, *args, **kwargs)
        if model.training: print(tokens, (found[0] if isinstance(found, tuple) else found).item().hex(), file=log, flush=True)
        return found
class Edit(TrainerCallback):
    def on_step_end(self, args, state, control, optimizer=None, lr_scheduler=None, **kwargs):
        for edit in edits:
            groups = optimizer.param_groups
            if edit["step"] != state.global_step: continue
            if edit["name"] == "weight_decay":
                for group in groups: group["weight_decay"] = edit["new"]
                continue
            factor = edit["new"] / groups[0]["lr"]
            for group in groups: group["lr"] *= factor; group["initial_lr"] *= factor
            groups[0]["lr"] = edit["new"]
            lr_scheduler.base_lrs = [one * factor for one in lr_scheduler.base_lrs]
    def on_evaluate(self, *args, **kwargs): torch.rand(1)
class Rows(torch.utils.data.IterableDataset):
    def __iter__(self): return iter(rows)
def collate(some):
    tokens = torch.stack([one["input_ids"] for one in some])
    if job["draws"]: tokens = (tokens + torch.randint(0, 2, tokens.shape) + random.randint(0, 3) + numpy.random.randint(0, 3)) % 50
    return BatchEncoding({"input_ids": tokens, "labels": torch.tensor([one["labels"] for one in some])})
torch.manual_seed(42)
model = BertForSequenceClassification(BertConfig(
    vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32))
tokens = torch.randint(0, 50, (job["rows"], job["length"]))
rows = [{"input_ids": row, "labels": int(row[0] > row[1])} for row in tokens]
args = TrainingArguments(
    "out", num_train_epochs=job["epochs"], per_device_train_batch_size=4, learning_rate=0.001, report_to=[],
    gradient_accumulation_steps=job["accumulate"], save_strategy="no", disable_tqdm=True, use_cpu=True,
    logging_steps=10000, lr_scheduler_type="constant", ddp_backend="gloo" if "RANK" in os.environ else None,
    **job["arguments"])
trainer = Logging(
    model, args, train_dataset=Rows() if "iterable" in job else rows, eval_dataset=rows[:16], data_collator=collate,
    callbacks=[traintui.HFCallback(), Edit()])
trainer.train()
assert "get_batch_samples" not in vars(trainer)
if "RANK" in os.environ:
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()
    # Where others use the processor a thread of gloo's may outlive its group, which aborts a Python that ends by itself.
    import atexit
    log.close()
    atexit._run_exitfuncs()
    os._exit(0)
"""


class Giving(unittest.TestCase):
    """A loop that is only counted: a step's batches are its numbers."""

    def setUp(self) -> None:
        self.training = Training()
        self.fetched = 0
        self.make(1 << 30)

    def make(self, memory: int, size: int = 1000) -> None:
        keeper = mock.Mock(size=size)
        keeper.keep = lambda: mock.Mock(bytes=size, restore=lambda: random.seed(1))
        self.feed = Feed(self.training, keeper, memory)
        self.training.rewind = self.feed
        self.feed.epoch_began(1000)

    def fetch(self) -> Any:
        self.fetched += 1
        return [self.fetched], None

    def step(self, count: int = 1) -> List[int]:
        """Takes steps, and returns their batches."""
        given = []
        for _ in range(count):
            given += self.feed.give(1, self.fetch)[0]
            self.training.tick()
            self.feed.step_ended()
        return given

    def edit(self) -> None:
        self.feed.before_edit()
        timeline = self.training.timeline
        timeline.add({"number": timeline.edits_made + 1, "name": "x", "old": 1, "new": 2, "step": self.training.step})

    def undo(self) -> str:
        """Undoes the last edit, and returns what is said of that."""
        self.feed.undo(Asked("", None, "undo", {}))
        return self.notices[-1]

    @property
    def notices(self) -> List[str]:
        return [news.params["text"] for news in self.training.news if isinstance(news, Told) and news.method == "notice"]

    def test_batches_come_again_and_behind_them_the_next_ones(self) -> None:
        self.assertEqual(self.step(3), [1, 2, 3])
        self.edit()
        self.assertEqual(self.step(5), [4, 5, 6, 7, 8])
        self.undo()
        self.assertEqual(self.step(3), [4, 5, 6])
        self.feed.redo(Asked("", None, "redo", {}))
        self.assertEqual(self.step(2), [9, 10])
        self.feed.go_to_branch(Asked("", None, "go_to_branch", {"branch": 2}))
        self.assertEqual(self.step(6), [7, 8, 9, 10, 11, 12])

    def test_nothing_is_kept_before_there_is_a_state_to_go_back_to(self) -> None:
        self.step(50)
        self.assertEqual((self.feed._tape.bytes, len(self.feed._stretch.batches)), (0, 0))
        self.edit()
        self.step(5)
        self.assertEqual(len(self.feed._stretch.batches), 5)

    def test_an_edit_before_the_first_step_is_undone_with_the_first_batches(self) -> None:
        self.feed.give(1, self.fetch)
        self.training.obey = lambda asked: bool(self.edit() or True)
        self.training.post(Asked("", None, "set", {}))
        self.feed.look_with_batches_at_hand()
        self.training.tick()
        self.step(4)
        self.assertIn("the next 5 steps", self.undo())
        self.assertEqual(self.step(6), [1, 2, 3, 4, 5, 6])

    def test_what_is_undone_before_the_first_step_leaves_the_batches_at_hand(self) -> None:
        self.feed.give(1, self.fetch)

        def obey(asked: Asked) -> bool:
            self.edit()
            self.assertIn("with new batches", self.undo())
            return True

        self.training.obey = obey
        self.training.post(Asked("", None, "set", {}))
        self.feed.look_with_batches_at_hand()
        self.training.tick()
        self.assertEqual(self.step(2), [2, 3])

    def test_no_more_bytes_are_kept_than_there_is_room_for_and_then_the_data_go_on(self) -> None:
        # A state takes 1 kB, and a step's batch 500 bytes and something.
        self.make(80_000)
        self.edit()
        for _ in range(200):
            self.step()
            self.assertLessEqual(self.feed._tape.bytes, 20_000)
        # Behind no state, so that it takes no more.
        self.assertEqual(self.feed._tape.bytes, 0)
        random.seed(2)
        drawn = random.getstate()
        words = self.undo()
        self.assertEqual(random.getstate(), drawn)
        self.assertIn("the data, random numbers and the script's own count go on: its batches are not kept any more", words)
        self.assertEqual((self.training.step, self.step(2)), (0, [201, 202]))
        self.edit()
        self.step(5)
        self.assertIn("step 2 again, the next 5 steps with the same batches", self.undo())
        self.assertEqual(self.step(), [203])

    def test_states_come_before_batches_where_there_is_no_room_for_both(self) -> None:
        self.make(10_000, size=4_900)
        self.edit()
        self.step(2)
        self.assertEqual(self.feed._tape.bytes, 0)
        self.assertIn("weights and optimizer are those of step 0", self.undo())
        self.make(10_000, size=5_100)
        self.training.step = 9
        self.edit()
        self.assertIn("no way back", self.notices[-1])

    def test_how_many_steps_an_epoch_ends_early_is_said(self) -> None:
        self.feed.epoch_began(20, later=20)
        self.step(4)
        self.edit()
        self.step(8)
        self.assertEqual(
            self.undo(), "step 4 again, the next 8 steps with the same batches and random numbers; "
            "this epoch ends 8 steps early; the script's own count goes on")
        self.step(3)
        self.feed.redo(Asked("", None, "redo", {}))
        self.assertIn("step 12 again, with new batches; this epoch ends 3 steps early;", self.notices[-1])
        self.feed.go_to_branch(Asked("", None, "go_to_branch", {"branch": 2}))
        self.assertIn("the next 5 steps", self.notices[-1])
        self.assertIn("; this epoch ends 8 steps early;", self.notices[-1])
        self.go_back_to(4)
        self.assertIn("the next 8 steps", self.notices[-1])
        self.assertIn("; this epoch ends 8 steps early, later ones 3;", self.notices[-1])
        self.assertEqual(self.step(5), [5, 6, 7, 8, 9])
        self.feed.epoch_began(20)
        self.go_back_to(4)
        self.assertIn("; this epoch ends 8 steps early;", self.notices[-1])
        self.step(20)
        self.go_back_to(4)
        self.assertIn("step 4 again, but the script takes no step any more;", self.notices[-1])

    def go_back_to(self, step: int) -> None:
        self.feed.go_to_step(Asked("", None, "go_to_step", {"step": step}))

    def test_an_epoch_of_which_nobody_knows_the_end_is_no_shorter_but_the_script_is(self) -> None:
        self.feed.epoch_began(None)
        self.edit()
        self.step()
        self.assertIn("the next 1 step with the same batches and random numbers; the script ends 1 step early;", self.undo())

    def test_a_step_that_wants_another_number_of_batches_gets_new_ones_and_that_is_said(self) -> None:
        self.step(2)
        self.edit()
        self.step(4)
        self.undo()
        self.assertEqual(self.step(1), [3])
        self.assertEqual(self.feed.give(2, lambda: ([70, 71], None))[0], [70, 71])
        self.assertIn("new ones from step 4 on", self.notices[-1])
        self.assertEqual(self.step(1), [7])

    def test_what_the_script_takes_out_of_a_batch_is_in_it_when_it_comes_again(self) -> None:
        for kind in (dict, UserDict, OrderedDict):
            self.edit()
            batch = kind(tokens=1, labels=2)
            given = self.feed.give(1, lambda: ([batch], None))[0][0]
            del given["labels"]
            self.training.tick()
            self.undo()
            again = self.feed.give(1, self.fetch)[0][0]
            self.assertEqual((type(again), dict(again)), (kind, {"tokens": 1, "labels": 2}))
            self.training.tick()

    def test_random_numbers_that_a_checkpoint_brings_behind_the_first_batches_come_again_with_them(self) -> None:
        self.feed.give(1, self.fetch)
        random.seed(5)
        self.training.obey = lambda asked: bool(self.edit() or True)
        self.training.post(Asked("", None, "set", {}))
        self.feed.look_with_batches_at_hand()
        drawn = random.random()
        self.training.tick()
        self.undo()
        self.step()
        self.assertEqual(random.random(), drawn)

    def test_an_end_of_batches_is_no_step_and_nothing_that_comes_again(self) -> None:
        self.edit()
        self.step(2)
        with mock.patch("traintui._tape.Chance") as taken:
            for _ in range(3):
                self.assertEqual(self.feed.give(1, lambda: ([], 7)), ([], 7))
        # The Trainer asks for all steps that are left to it.
        self.assertEqual(taken.call_count, 1)
        self.feed.epoch_began(None)
        self.step(2)
        self.undo()
        self.assertEqual(self.step(5), [1, 2, 3, 4, 5])

    def test_a_loader_that_fails_fails_in_the_script_and_is_asked_once(self) -> None:
        def fail() -> Any:
            self.fetched += 1
            raise ZeroDivisionError

        self.edit()
        with self.assertRaises(ZeroDivisionError):
            self.feed.give(1, fail)
        self.assertEqual(self.step(2), [2, 3])

    def test_what_cannot_be_kept_is_given_once_and_the_data_go_on(self) -> None:
        self.edit()
        strange = ([object()], None)
        self.assertIs(self.feed.give(1, lambda: strange), strange)
        self.training.tick()
        self.assertEqual(self.feed.wire["exact"], "weights")
        self.assertEqual(self.feed.wire["data"], "goes_on")
        self.assertIn("go on: a object cannot be kept", self.undo())
        self.assertEqual(self.step(2), [1, 2])

    def test_a_problem_in_here_is_none_of_the_scripts(self) -> None:
        self.edit()
        with mock.patch.object(self.feed._tape, "fetch_apart", side_effect=MemoryError):
            self.assertEqual(self.step(2), [1, 2])
        self.assertIn("go on: MemoryError()", self.undo())
        self.assertTrue(self.training.is_alive)

    def test_a_loader_that_draws_only_now_and_then_is_not_given_again_from_before_that(self) -> None:
        self.edit()
        with mock.patch("traintui._chance.EVERY", 64):
            self.step(65)

            def draw() -> Any:
                random.random()
                return self.fetch()

            self.feed.give(1, draw)
            self.training.tick()
        self.assertIn("draws random numbers only now and then", self.undo())

    def test_all_processes_have_the_batches_or_none_is_given_them(self) -> None:
        starts = [(1, Moment(10, 0)), (1, Moment(20, 1))]
        for has, wanted in ((starts, True), (starts[:1], False), ([], False)):
            said = {
                rank: proposal(Moment(20, 1), starts, "", takes_steps=False, with_data=ones)
                for rank, ones in enumerate((starts, has))}
            agreed = way(agreement(said))
            self.assertEqual((agreed.start, agreed.with_data), (starts[1], wanted))


@unittest.skipUnless(IS_THERE, "transformers is not installed")
class Fed(Going):
    def setUp(self) -> None:
        super().setUp()
        self.environment.update(HF_HUB_OFFLINE="1", TRAINTUI_PAUSED="1", TF_CPP_MIN_LOG_LEVEL="3")

    def begin(self, script: str = SCRIPT, **job: Any) -> Dashboard:
        self.job = job
        self.process = self.start(script, json.dumps(job))
        return Dashboard(self.path)

    def end(self, dashboard: Dashboard) -> List[str]:
        """The log of a run that goes on to its end."""
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(self.process)
        return self.text("log-0").splitlines()

    def alone(self, edits: Any = ()) -> List[str]:
        """The log of a run without a dashboard, with edits of its own."""
        name = self.environment.pop("TRAINTUI_RUN")
        self.finish(self.start(SCRIPT, json.dumps(self.job), EDITS=json.dumps(list(edits))))
        self.environment["TRAINTUI_RUN"] = name
        return self.text("log-0").splitlines()

    def go_to_and_fro(self, dashboard: Dashboard, first: int = 5, count: int = 8) -> None:
        """An edit behind some steps, some more, and an undo."""
        self.step(dashboard, first)
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.01)["result"]["step"], first)
        self.step(dashboard, count)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], first)

    def notice(self, dashboard: Dashboard) -> str:
        return str(dashboard.told("notice")[-1]["text"])

    def test_the_losses_of_the_steps_behind_an_undo_are_those_of_a_run_that_had_no_edit(self) -> None:
        self.environment["TRAINTUI_FOLDER"] = self.folder
        dashboard = self.begin()
        rewind = dashboard.hello["result"]["capabilities"]["rewind"]
        self.assertEqual((rewind["to"], rewind["data"], rewind["exact"]), ("edits", "replayed", "same_batches"))
        self.go_to_and_fro(dashboard)
        self.assertIn("the next 8 steps with the same batches and random numbers; this epoch ends 8 steps early;",
                      self.notice(dashboard))
        steered = self.end(dashboard)
        alone = self.alone()
        # The epoch has 64 steps, of which 8 came twice.
        self.assertEqual(len(steered), 64)
        self.assertEqual(steered[:6] + steered[13:], alone[:6] + alone[5:56])
        self.assertNotEqual(steered[7:13], alone[7:13])
        self.assertEqual([told["step"] for told in dashboard.told("epoch")], [56])
        # A run alone has the batches that this epoch did not see: nothing to be taken again.
        self.assertEqual(json.loads(self.text("journal.jsonl").splitlines()[0])["data"], "goes_on")
        # What the run is told of its losses is what the script logs.
        told = {(params["branch"], params["first"] + at): loss
                for params in dashboard.told("samples") for at, loss in enumerate(params["losses"])}
        self.assertEqual([told[2, step] for step in range(6, 57)], [float.fromhex(line.split()[1]) for line in steered[13:]])

    def test_gradients_that_are_added_up_are_so_again(self) -> None:
        dashboard = self.begin(accumulate=2, draws=False)
        self.go_to_and_fro(dashboard)
        self.assertIn("this epoch ends 8 steps early", self.notice(dashboard))
        steered, alone = self.end(dashboard), self.alone()
        self.assertEqual(len(steered), 64)
        self.assertEqual(steered[26:], alone[10:48])

    def test_steps_come_again_over_an_epochs_end_and_whatever_validations_draw_there_or_elsewhere(self) -> None:
        # Validated behind steps 7 and 14 of the Trainer's, of which the second one is step 6 for the second time.
        dashboard = self.begin(
            rows=32, epochs=4, draws=False, arguments={"eval_strategy": "steps", "eval_steps": 7})
        self.go_to_and_fro(dashboard)
        self.assertIn("this epoch ends 3 steps early, later ones 5;", self.notice(dashboard))
        steered, alone = self.end(dashboard), self.alone()
        self.assertEqual(len(steered), 32)
        self.assertEqual(steered[:6] + steered[13:21], alone[:6] + alone[5:13])
        self.assertEqual(len({line.split()[0] for line in steered}), 24)
        self.assertEqual([told["step"] for told in dashboard.told("epoch")], [8, 8, 16, 24])

    def test_random_edits_and_ways_back_leave_the_losses_of_the_edits_that_are_left(self) -> None:
        # TRAINTUI_HISTORIES=25 tries so many, in five minutes.
        for seed in range(int(os.environ.get("TRAINTUI_HISTORIES", "1"))):
            with self.subTest(seed=seed):
                dashboard = self.begin(rows=4000)
                self.step(dashboard, 3)
                names = {"learning_rate": 0.001, "weight_decay": 0.1}
                self.assertGreater(self.wander(dashboard, random.Random(seed), 60, names, anywhere=False), 2)
                for told in dashboard.told("notice"):
                    self.assertRegex(told["text"], "with the same batches|with new batches")
                edits, step = self.edits_in_force(dashboard), self.present(dashboard)
                before = self.text("log-0").count("\n")
                steered, alone = self.end(dashboard), self.alone(edits)
                self.check_samples(dashboard)
                self.assertEqual(steered[before:], alone[step:step + 1000 - before], edits)
                dashboard.close()

    def test_a_run_that_is_only_watched_and_edited_is_the_one_that_nobody_watches(self) -> None:
        dashboard = self.begin(rows=60, epochs=2, accumulate=2, arguments={"eval_strategy": "epoch"})
        self.step(dashboard, 4)
        dashboard.ask("set", name="weight_decay", value=0.2)
        dashboard.ask("evaluate")
        steered = self.end(dashboard)
        self.assertEqual(steered, self.alone([{"step": 4, "name": "weight_decay", "new": 0.2}]))
        self.assertEqual(len(steered), 30)

    def test_an_epochs_last_step_of_fewer_batches_ends_what_comes_again(self) -> None:
        # 7 batches, two a step: the fourth step has one.
        dashboard = self.begin(rows=28, epochs=3, accumulate=2)
        self.go_to_and_fro(dashboard, 1, 2)
        steered = self.end(dashboard)
        self.assertIn("new ones from step 2 on", self.notice(dashboard))
        # No batch came twice, and none is missing.
        self.assertEqual((len(steered), len({line.split()[0] for line in steered})), (21, 21))
        self.assertEqual([told["step"] for told in dashboard.told("epoch")], [2, 6, 10])

    def test_data_of_other_kinds_come_again_too(self) -> None:
        for job in ({"arguments": {"dataloader_num_workers": 2}}, {"iterable": True, "arguments": {"max_steps": 40}}):
            with self.subTest(job):
                dashboard = self.begin(**job)
                self.go_to_and_fro(dashboard)
                steered, alone = self.end(dashboard), self.alone()
                self.assertEqual(steered[13:21], alone[5:13])
                dashboard.close()

    def test_batches_that_have_no_room_are_not_given_again_and_that_is_said(self) -> None:
        self.environment["TRAINTUI_MEMORY"] = "1"
        dashboard = self.begin(length=512)
        self.go_to_and_fro(dashboard, 2, 20)
        self.assertIn("the data, random numbers and the script's own count go on: its batches are not kept any more",
                      self.notice(dashboard))
        self.step(dashboard, 4)
        dashboard.ask("set", name="learning_rate", value=0.01)
        self.step(dashboard, 3)
        dashboard.ask("undo")
        self.assertIn("step 6 again, the next 3 steps with the same batches", self.notice(dashboard))
        tokens = [line.split()[0] for line in self.end(dashboard)]
        self.assertEqual((len(tokens), len(set(tokens))), (64, 61))
        self.assertEqual(tokens[29:32], tokens[26:29])

    def test_a_trainer_that_gets_its_batches_in_a_way_of_its_own_keeps_to_its_data(self) -> None:
        script = SCRIPT.replace("class Edit", """
class Logging(Logging):
    def get_batch_samples(self, *args, **kwargs): return super().get_batch_samples(*args, **kwargs)
class Edit""")
        dashboard = self.begin(script)
        rewind = dashboard.hello["result"]["capabilities"]["rewind"]
        self.assertEqual((rewind["data"], rewind["exact"]), ("goes_on", "weights"))
        self.go_to_and_fro(dashboard)
        self.assertIn("the data, random numbers and the script's own count go on", self.notice(dashboard))
        steered = self.end(dashboard)
        self.assertEqual((len(steered), len({line.split()[0] for line in steered})), (64, 64))

    def test_two_processes_are_given_the_batches_of_then_at_one_step(self) -> None:
        name, self.job = os.path.join(self.folder, "script.py"), {"rows": 512, "accumulate": 2}
        with open(name, "w") as file:
            file.write(SCRIPT)

        def launch(**environment: str) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "torch.distributed.run", *STANDALONE, name, json.dumps(self.job)], cwd=self.folder,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**self.environment, **environment})

            def end() -> None:
                process.kill()
                process.communicate()

            self.addCleanup(end)
            return process

        self.process = launch()
        dashboard = self.dashboard_for_all()
        self.go_to_and_fro(dashboard)
        self.assertIn("the next 8 steps with the same batches and random numbers; this epoch ends 8 steps early;",
                      self.notice(dashboard))
        self.end(dashboard)
        steered = [self.text(f"log-{rank}").splitlines() for rank in (0, 1)]
        self.environment.pop("TRAINTUI_RUN")
        self.finish(launch())
        for rank, lines in enumerate(steered):
            alone = self.text(f"log-{rank}").splitlines()
            self.assertEqual(len(lines), 64)
            self.assertEqual(lines[:12] + lines[26:], alone[:12] + alone[10:48])
        self.assertNotEqual(*steered)


@unittest.skipUnless(importlib.util.find_spec("lightning"), "Lightning is not installed")
class FedLightning(Going):
    def setUp(self) -> None:
        super().setUp()
        self.environment["TRAINTUI_PAUSED"] = "1"
        script = example("lightning_fit").replace("torch.nn.ELU(), ", "torch.nn.ELU(), torch.nn.Dropout(0.2), ")
        script = script.replace("DataLoader(data, 32)", "DataLoader(data, 32, shuffle=True)")
        # A validation draws random numbers.
        script = script.replace('self.log("val_loss"', 'torch.rand(1); self.log("val_loss"')
        script = script.replace("loss.item(),", "loss.item(), self.trainer.is_last_batch,")
        script = script.replace("max_epochs=", "val_check_interval=7, max_epochs=")
        self.script = script.replace('return {"optimizer": optimizer, "lr_scheduler": schedule}', "return optimizer")

    def losses(self) -> List[str]:
        return [line.split()[2] for line in self.text("steps.log").splitlines()]

    def run_to_and_fro(self, script: str) -> Dashboard:
        process = self.start(script, 4)
        dashboard = Dashboard(self.path)
        self.step(dashboard, 5)
        dashboard.ask("set", name="learning_rate", value=0.1)
        self.step(dashboard, 8)
        self.assertEqual(dashboard.ask("undo")["result"]["step"], 5)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        return dashboard

    def test_lightning_is_given_the_batches_of_then_over_an_epochs_end_and_its_validation(self) -> None:
        dashboard = self.run_to_and_fro(self.script)
        rewind = dashboard.hello["result"]["capabilities"]["rewind"]
        self.assertEqual((rewind["to"], rewind["data"], rewind["exact"]), ("edits", "replayed", "same_batches"))
        self.assertIn("the next 8 steps with the same batches and random numbers; this epoch ends 7 steps early, later ones 1;",
                      dashboard.told("notice")[-1]["text"])
        self.assertEqual([told["step"] for told in dashboard.told("epoch")], [10, 12, 22, 32])
        self.assertEqual([told["step"] for told in dashboard.told("evaluated")], [7, 9, 19, 29])
        self.assertEqual([at for at, line in enumerate(self.text("steps.log").splitlines()) if line.endswith("True")],
                         [9, 19, 29, 39])
        steered = self.losses()
        os.remove(os.path.join(self.folder, "steps.log"))
        self.environment.pop("TRAINTUI_RUN")
        self.finish(self.start(self.script, 4))
        alone = self.losses()
        self.assertEqual(len(steered), 40)
        self.assertEqual(steered[:6] + steered[13:21], alone[:6] + alone[5:13])
        self.assertNotEqual(steered[7:13], alone[7:13])

    def test_lightning_keeps_to_its_data_where_several_batches_make_a_step(self) -> None:
        dashboard = self.run_to_and_fro(self.script.replace("max_epochs=", "accumulate_grad_batches=2, max_epochs="))
        self.assertEqual(dashboard.hello["result"]["capabilities"]["rewind"]["data"], "goes_on")
        self.assertIn("the data, random numbers and the script's own count go on", dashboard.told("notice")[-1]["text"])


if __name__ == "__main__":
    unittest.main()
