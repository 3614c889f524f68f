"""The journal that a training writes of itself, and a run that is taken again after it."""

from __future__ import annotations

import json
import os
import struct
import sys
import unittest
from typing import Any, Dict, List

from helpers import CLIENT, Dashboard
from test_rewind import PLAIN
from test_turns import LOGGING, Turns

sys.path.insert(0, CLIENT)

from traintui._journal import next_round


class JournalOfARun(Turns):
    def setUp(self) -> None:
        super().setUp()
        self.environment["TRAINTUI_FOLDER"] = self.folder

    def entries(self, name: str = "journal.jsonl") -> List[Dict[str, Any]]:
        return [json.loads(line) for line in self.text(name).splitlines()]

    def test_round_steps_have_two_digits(self) -> None:
        found, step = [], 0
        while step < 20000:
            step = next_round(step)
            found.append(step)
        self.assertEqual(found, [n for n in range(1, 20001) if len(str(n).rstrip("0")) <= 2])

    def steer(self) -> None:
        """An edit that stays, two that do not, a race of which a branch is adopted, and a twin."""
        process = self.start(LOGGING[PLAIN], 8, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)

        self.step(dashboard, 12, at=12)
        dashboard.ask("set", name="learning_rate", value=0.04)
        dashboard.ask("show_twin")
        self.step(dashboard, 20, at=32)
        dashboard.ask("ramp", name="slope", value=2.0, over=9)
        self.step(dashboard, 10, at=42)
        dashboard.ask("undo")
        dashboard.ask("set_pace", pace=100)
        dashboard.ask("race", name="slope", values=[1.1, 1.2])
        dashboard.ask("pause")
        dashboard.ask("step", count=30)
        self.others(dashboard, lambda one: bool(one["step"] >= 62))
        dashboard.ask("adopt", branch=dashboard.told("race")[0]["race"]["entrants"][1]["branch"])
        dashboard.ask("set_pace", pace=0)
        dashboard.ask("ramp", name="learning_rate", value=0.01, over=12)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        dashboard.close()
        self.output = self.finish(process)

    def test_it_has_the_edits_the_way_and_losses_and_a_run_with_those_edits_has_the_same_losses(self) -> None:
        self.steer()
        entries = self.entries()
        self.assertEqual(entries[0], {
            "event": "begin", "format": 1, "api": "watch", "replay": "losses", "data": "replayed", "processes": 1})
        self.assertEqual(entries[-1], {"event": "end", "step": 136, "stopped": False})
        ways = [entry for entry in entries if entry["event"] == "way"]
        self.assertEqual([way["cause"] for way in ways], ["undo", "adoption"])
        # Nothing of the twin, whose branch nobody can go to.
        self.assertLess(max(entry["branch"] for entry in entries if entry["event"] == "check"), 10)
        edits = ways[-1]["edits"] + [entry for entry in entries[entries.index(ways[-1]):] if entry["event"] == "edit"]
        self.assertEqual(
            [(edit["step"], edit["name"], edit["new"], edit.get("over")) for edit in edits][:2],
            [(12, "learning_rate", 0.04, None), (32, "slope", 1.2, None)])
        self.assertEqual([(edit["new"], edit.get("over")) for edit in edits][2:], [(0.01, 12)])
        os.rename(os.path.join(self.folder, "journal.jsonl"), os.path.join(self.folder, "former.jsonl"))
        with open(os.path.join(self.folder, "edits.jsonl"), "w") as file:
            for edit in edits:
                file.write(json.dumps({**edit, "event": "edit"}) + "\n")
        again = self.start(LOGGING[PLAIN], 8, TRAINTUI_REPLAY=os.path.join(self.folder, "edits.jsonl"))
        self.assertEqual(self.finish(again), self.output)
        losses = json.loads(self.text("losses.json"))
        found = {entry["step"]: entry["loss"] for entry in self.entries() if entry["event"] == "check"}
        self.assertEqual(found, {step: struct.pack(">d", losses[step - 1]).hex() for step in found})
        self.assertEqual(sorted(found)[-3:], [120, 130, 136])
        branches = {part["branch"] for part in ways[-1]["branches"]}
        former = {
            entry["step"]: entry["loss"] for entry in entries if entry["event"] == "check" and entry["branch"] in branches
            and not (entry["branch"] == 1 and entry["step"] > 32)}
        self.assertEqual(former, found)

    def test_a_run_that_is_to_stop_does_so_at_its_step(self) -> None:
        with open(os.path.join(self.folder, "edits.jsonl"), "w") as file:
            file.write('{"event":"edit","step":0,"number":1,"name":"nothing","old":1,"new":2}\n{"event":"stop","step":31}\n')
        process = self.start(PLAIN, 8, TRAINTUI_REPLAY=os.path.join(self.folder, "edits.jsonl"))
        self.finish(process)
        self.assertEqual(self.entries()[-1], {"event": "end", "step": 31, "stopped": True})

    def test_where_it_cannot_be_written_the_run_goes_on(self) -> None:
        os.symlink("/dev/full", os.path.join(self.folder, "journal.jsonl"))
        process = self.start(PLAIN, 8, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        dashboard.close()
        self.finish(process)
        self.assertIn("the journal cannot be written", dashboard.told("notice")[0]["text"])


if __name__ == "__main__":
    unittest.main()
