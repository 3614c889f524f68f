"""A loop of one's own, steered: what is asked for happens once, at one step, and is told."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
import unittest

from helpers import LOOP, Dashboard, WithFolder


class Steering(WithFolder):
    def test_an_edit_takes_effect_at_the_step_that_is_told(self) -> None:
        process = self.start(LOOP, 5, 0.002)
        dashboard = Dashboard(self.path)
        self.assertEqual(dashboard.ask("pause")["result"]["step"], dashboard.told("state")[-1]["step"])
        step = dashboard.ask("set", name="learning_rate", value=0.025)["result"]["step"]
        change = {"number": 1, "name": "learning_rate", "old": 0.05, "new": 0.025, "step": step}
        self.assertEqual([{**told, "n": 0} for told in dashboard.told("changed")], [{**change, "n": 0}])
        dashboard.ask("resume")
        dashboard.wait(lambda message: message.get("method") == "end")
        self.finish(process)
        rates = [line.split() for line in self.text("steps.log").splitlines()]
        self.assertEqual([int(step) for step, rate in rates if rate == "0.025"][0], step + 1)
        # Every step was told once, and none that was not taken.
        self.assertEqual(dashboard.steps(), list(range(1, 501)))
        self.assertEqual(dashboard.told("progress")[-1]["step"], 500)
        self.assertEqual(dashboard.told("end")[-1]["reason"], "finished")
        self.assertEqual([told["epoch"] for told in dashboard.told("epoch")], [1, 2, 3, 4, 5])

    def test_steps_ramps_plans_and_breakpoints(self) -> None:
        process = self.start(LOOP, 5, 0.001, TRAINTUI_PAUSED="1")
        dashboard = Dashboard(self.path)
        dashboard.ask("plan", name="learning_rate", change="times", value=0.5, at=10)
        dashboard.ask("step", count=20)
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertEqual(dashboard.told("state")[-1]["step"], 20)
        self.assertEqual(dashboard.ask("ramp", name="learning_rate", value=0.1, over=2)["result"]["step"], 20)
        dashboard.ask("pause_when", kind="step", number=30)
        dashboard.ask("resume")
        hit = dashboard.wait(lambda message: message.get("method") == "hit")["params"]
        self.assertEqual((hit["kind"], hit["number"], hit["step"]), ("step", 30, 30))
        dashboard.ask("run_epoch")
        dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
        self.assertEqual(dashboard.told("state")[-1]["step"], 100)
        dashboard.ask("set", name="epochs", value=1)
        dashboard.ask("resume")
        self.finish(process)
        rates = [float(line.split()[1]) for line in self.text("steps.log").splitlines()]
        self.assertEqual(len(rates), 100)
        self.assertEqual(rates[:10] + rates[10:20], [0.05] * 10 + [0.025] * 10)
        self.assertAlmostEqual(rates[20], 0.05, 12)
        self.assertEqual(rates[21], 0.1)

    def test_where_it_stands_is_told_before_it_is_told_to_pause(self) -> None:
        process = self.start(LOOP, 1, 0.001, TRAINTUI_PAUSED="1")
        # Without a reason it would be told every ten seconds.
        dashboard = Dashboard(self.path, rate=0.1)
        for count, step in ((7, 7), (5, 12)):
            dashboard.ask("step", count=count)
            dashboard.wait(lambda message: message.get("params", {}).get("name") == "paused")
            self.assertEqual(dashboard.told("state")[-1]["step"], step)
            self.assertEqual(dashboard.told("progress")[-1]["step"], step)
            self.assertEqual(dashboard.steps(), list(range(1, step + 1)))
        dashboard.ask("resume")
        self.finish(process)

    def test_stop_ends_the_loops_and_the_script_goes_on_behind_them(self) -> None:
        process = self.start(LOOP, 1000, 0.001)
        step = Dashboard(self.path).ask("stop")["result"]["step"]
        self.finish(process)
        self.assertEqual(int(self.text("end.log").split()[0]), step)

    def test_what_cannot_be_is_refused_in_a_sentence(self) -> None:
        self.start(LOOP, 1000, 0.001)
        dashboard = Dashboard(self.path)
        for method, params, words in [
            ("set", {"name": "learning_rate", "value": -1}, "must be at least"),
            ("set", {"name": "learning_rate", "value": "much"}, "must be a number"),
            ("set", {"name": "learning_rate"}, "must be a number"),
            ("set", {"name": "rate", "value": 1}, "there is no hyperparameter 'rate'"),
            ("set", {"value": 1}, "'name' must be a string"),
            ("set", {"name": "epochs", "value": 1.5}, "must be a whole number"),
            ("step", {"count": 0}, "'count' must be a whole number from 1"),
            ("step", {"count": 1e300}, "'count' must be a whole number from 1"),
            ("undo", {}, "state is not known"),
            ("save", {}, "does not say how to save"),
            ("launch_missiles", {}, "cannot do that"),
            ("plan", {"name": "learning_rate", "change": "times", "value": 2, "at": 0}, "is past"),
            ("cancel_plan", {"number": 7}, "there is no plan 7"),
            ("initialize", {"protocol": 1}, "initialized already"),
        ]:
            answer = dashboard.ask(method, **params)
            self.assertIn(words, answer["error"]["message"], method)
        self.assertEqual(dashboard.told("changed"), [])

    def test_random_commands_are_answered_once_each_behind_their_events(self) -> None:
        self.start(LOOP, 100000, 0)
        dashboard = Dashboard(self.path)
        chance = random.Random(7)
        numbers = []
        for _ in range(500):
            method, params = chance.choice([
                ("pause", {}), ("resume", {}), ("step", {"count": chance.randint(0, 30)}), ("run_epoch", {}),
                ("set", {"name": "learning_rate", "value": chance.choice([0.1, 0.01, -1, None])}),
                ("ramp", {"name": "learning_rate", "value": 0.02, "over": chance.randint(0, 9)}),
                ("plan", {"name": "learning_rate", "change": "times", "value": 0.9, "at": chance.randint(1, 10**6)}),
                ("cancel_plan", {"number": chance.randint(1, 9)}), ("clear_breakpoints", {}), ("ping", {}),
                ("pause_when", {"kind": "loss_above", "number": 1e9}), ("no_such_method", {}),
            ])
            numbers.append(dashboard.send(method, **params))
            if chance.random() < 0.3:
                time.sleep(0.002)
            if len(numbers) % 40 == 0:
                for number in numbers:
                    dashboard.answer(number)
                time.sleep(0.25)
        dashboard.send("resume")
        answers = [dashboard.answer(number) for number in numbers]
        ids = [message["id"] for message in dashboard.heard if "id" in message]
        self.assertEqual(len(ids), len(set(ids)))
        for number, answer in zip(numbers, answers):
            self.assertTrue(("result" in answer) != ("error" in answer))
        told = [told["n"] for told in map(lambda m: m.get("params", {}), dashboard.heard) if "n" in told]
        self.assertEqual(told, list(range(1, len(told) + 1)))
        changes = [m for m in dashboard.heard if m.get("method") == "changed"]
        self.assertEqual([m["params"]["number"] for m in changes], list(range(1, len(changes) + 1)))
        steps = dashboard.steps()
        self.assertEqual(steps, list(range(1, len(steps) + 1)))


class Faults(WithFolder):
    def ends_undisturbed(self, process: object) -> None:
        self.finish(process)  # type: ignore[arg-type]
        alone = self.start(LOOP, 5, 0, TRAINTUI_RUN="alone")
        ended = self.text("end.log")
        self.finish(alone)
        self.assertEqual(self.text("end.log"), ended)

    def test_dashboards_that_vanish_freeze_and_talk_nonsense_change_nothing(self) -> None:
        process = self.start(LOOP, 5, 0.003)
        chance = random.Random(3)
        for turn in range(40):
            dashboard = Dashboard(self.path, session=f"s{turn}")
            nonsense = bytes(chance.randrange(256) for _ in range(chance.randrange(2000)))
            if turn % 4:
                dashboard.socket.sendall(nonsense + b"\n" * (turn % 2))
            if turn % 3:
                dashboard.close()
        self.ends_undisturbed(process)

    def test_garbage_is_answered_by_errors_and_a_long_line_ends_the_connection(self) -> None:
        self.start(LOOP, 1000, 0.001)
        dashboard = Dashboard(self.path)
        garbage = [
            b"", b"{", b"[]", b"null", b"1e999", b"NaN", b'{"jsonrpc":"2.0"}', b'{"jsonrpc":"1.0","id":1,"method":"x"}',
            b'{"jsonrpc":"2.0","id":true,"method":"pause"}', b'{"jsonrpc":"2.0","id":1e400,"method":"pause"}',
            b'{"jsonrpc":"2.0","id":9007199254740993,"method":"pause"}', b"[" * 100000, b"\xff\xfe\x00",
            b'{"jsonrpc":"2.0","id":9,"method":"pause","params":[1]}', b'{"a":' * 5000, b"9" * 10000,
        ]
        for line in garbage:
            dashboard.socket.sendall(line + b"\n")
            message = dashboard.wait(lambda message: "error" in message)
            self.assertIn(message["error"]["code"], (-32700, -32600))
        dashboard.socket.sendall(b'{"jsonrpc":"2.0","id":5,"method":"ping"}\n')
        self.assertIn("result", dashboard.answer(5))
        with self.assertRaises((EOFError, OSError)):
            try:
                dashboard.socket.sendall(b"x" * (1 << 20) + b"\n" * 2)
            except OSError:
                pass
            while True:
                dashboard.hear()
        self.assertIn("result", Dashboard(self.path).ask("ping"))

    def test_ten_thousand_lines_of_garbage_harm_nobody(self) -> None:
        process = self.start(LOOP, 5, 0.01)
        dashboard = Dashboard(self.path)
        chance = random.Random(5)
        for _ in range(100):
            lines = [bytes(chance.choice(b'{}[]":,0123abc\\\x00\xff') for _ in range(40)) for _ in range(100)]
            dashboard.socket.sendall(b"\n".join(lines) + b"\n")
        self.assertIn("result", dashboard.ask("ping"))
        self.ends_undisturbed(process)

    def test_every_beginning_of_a_session_is_survived(self) -> None:
        self.start(LOOP, 100000, 0.001)
        session = b"".join(
            json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"
            for number, (method, params) in enumerate([
                ("initialize", {"protocol": 1, "session": "cut"}), ("pause", {}),
                ("set", {"name": "learning_rate", "value": 0.01}), ("resume", {}),
            ]))
        import socket

        for end in range(0, len(session), 3):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            while True:
                try:
                    connection.connect(self.path)
                    break
                except OSError:
                    time.sleep(0.01)
            connection.sendall(session[:end])
            connection.close()
        self.assertIn("result", Dashboard(self.path, "sane").ask("ping"))

    def test_what_was_asked_before_a_connection_broke_is_done_once(self) -> None:
        # TRAINTUI_TURNS=200 breaks so many.
        self.start(LOOP, 100000, 0.0005)
        chance = random.Random(11)
        made = 0
        for turn in range(int(os.environ.get("TRAINTUI_TURNS", "60"))):
            session = f"turn{turn}"
            dashboard = Dashboard(self.path, session)
            lines = b"".join(
                json.dumps({
                    "jsonrpc": "2.0", "id": 100 + index, "method": "set",
                    "params": {"name": "learning_rate", "value": 0.01 + 0.001 * index},
                }).encode() + b"\n" for index in range(5))
            dashboard.socket.sendall(lines[: chance.randrange(len(lines) + 1)])
            if chance.random() < 0.5:
                time.sleep(0.005)
            dashboard.close()
            again = Dashboard(self.path, session)
            again.socket.sendall(lines)
            for index in range(5):
                self.assertIn("result", again.answer(100 + index))
            made += 5
            again.close()
        changes = Dashboard(self.path, "last").hello["result"]["edits"]
        self.assertEqual(len(changes), made)
        self.assertEqual([change["new"] for change in changes], [0.01 + 0.001 * (i % 5) for i in range(made)])

    def test_a_viewer_that_comes_back_is_told_each_step_once(self) -> None:
        process = self.start(LOOP, 10, 0.001)
        first = Dashboard(self.path, "x")
        first.wait(lambda message: message.get("method") == "progress" and message["params"]["step"] > 200)
        first.close()
        last, event = first.steps()[-1], max(told["n"] for told in first.told("epoch") + first.told("state"))
        time.sleep(0.1)
        second = Dashboard(self.path, "x", steps_after=last, events_after=event)
        second.wait(lambda message: message.get("method") == "end")
        self.assertEqual(first.steps() + second.steps(), list(range(1, 1001)))
        self.finish(process)

    def test_one_steers_and_the_wheel_can_be_taken(self) -> None:
        self.start(LOOP, 100000, 0.0005)
        one, two = Dashboard(self.path, "one"), Dashboard(self.path, "two")
        self.assertTrue(one.hello["result"]["driver"])
        self.assertFalse(two.hello["result"]["driver"])
        self.assertEqual(two.ask("pause")["error"]["code"], 3)
        for _ in range(100):
            self.assertEqual(two.ask("take")["error"]["code"], 3)
            self.assertIn("result", two.ask("take", force=True))
            self.assertEqual(one.ask("pause")["error"]["code"], 3)
            one, two = two, one
            time.sleep(0.02)
        self.assertIn("result", one.ask("pause"))

    def test_a_paused_training_that_nobody_watches_goes_on(self) -> None:
        process = self.start(LOOP, 3, 0.001, TRAINTUI_ORPHAN_AFTER="0.3")
        dashboard = Dashboard(self.path)
        dashboard.ask("pause")
        time.sleep(0.6)
        self.assertEqual(dashboard.ask("ping")["result"]["state"], "paused")
        dashboard.close()
        self.finish(process)

    def test_who_started_it_lets_it_go_on_and_stops_it_whoever_steers(self) -> None:
        process = self.start(LOOP, 100000, 0.001, TRAINTUI_PAUSED="1", TRAINTUI_ORPHAN_AFTER="0.2")
        launcher = Dashboard(self.path, "launcher", role="launch")
        self.assertTrue(launcher.hello["result"]["driver"])
        # Before anybody came it waits for its launcher.
        time.sleep(0.5)
        self.assertEqual(launcher.ask("ping")["result"]["state"], "paused")
        launcher.ask("resume")
        person = Dashboard(self.path, "person")
        self.assertTrue(person.hello["result"]["driver"])
        self.assertEqual(launcher.ask("pause")["error"]["code"], 3)
        person.ask("take", force=True)
        self.assertEqual(launcher.told("driver"), [])
        person.ask("pause")
        person.close()
        # The launcher would wait for its end until the computer is turned off.
        launcher.wait(lambda message: message.get("params", {}).get("name") == "training")
        person = Dashboard(self.path, "another")
        self.assertIn("result", launcher.ask("stop"))
        self.finish(process)

    def test_a_socket_that_a_logout_removed_is_there_again(self) -> None:
        self.start(LOOP, 100000, 0.001)
        before = Dashboard(self.path, "before")
        shutil.rmtree(os.path.dirname(self.path))
        after = Dashboard(self.path, "after")
        self.assertEqual(after.hello["result"]["run"], before.hello["result"]["run"])
        self.assertIn("result", before.ask("ping"))
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o600)

    def test_a_slow_reader_costs_bounded_memory_and_every_step_is_counted(self) -> None:
        # 1 KiB a second is read, and 50,000 steps are taken. TRAINTUI_SLOW_SECONDS=60 goes on for so long.
        seconds = int(os.environ.get("TRAINTUI_SLOW_SECONDS", "4"))
        count = 50_000 * seconds
        process = self.start("""
            import sys, time, traintui
            run, began = traintui.watch(), 0.0
            for step in run.batches(range(int(sys.argv[1]) + 1)):
                began = began or time.monotonic()
                run.loss(0.5)
                if step % 50 == 49:
                    time.sleep(max(0.0, began + step / 50_000 - time.monotonic()))
        """, count, TRAINTUI_PAUSED="1")
        slow = Dashboard(self.path, "slow")
        slow.ask("pause_when", kind="step", number=count)
        slow.ask("resume")
        memory, rest = [], b""
        for _ in range(4 * seconds):
            with open(f"/proc/{process.pid}/status") as file:
                memory += [int(line.split()[1]) for line in file if line.startswith("VmRSS")]
            rest += slow.file.read1(256)
            time.sleep(0.25)
        while b'"paused","step":%d' % count not in rest:
            rest += slow.file.read1(1 << 16)
        slow.heard += [json.loads(line) for line in rest.split(b"\n")[:-1]]
        self.assertEqual(slow.steps(), list(range(1, count + 1)))
        self.assertLess(max(memory) - memory[1], 10 << 10)

    def test_a_training_that_was_killed_ends_the_connection_and_leaves_no_obstacle(self) -> None:
        process = self.start(LOOP, 1000, 0.001)
        dashboard = Dashboard(self.path)
        process.send_signal(signal.SIGKILL)
        with self.assertRaises((EOFError, OSError)):
            while True:
                dashboard.hear()
        self.start(LOOP, 1000, 0.001)
        time.sleep(0.3)
        self.assertEqual(Dashboard(self.path).hello["result"]["run"], "test")


if __name__ == "__main__":
    unittest.main()
