"""Where no dashboard can come nothing happens; where the place for one is not safe, a line says so and the loop goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest

from helpers import CLIENT, LOOP, Dashboard, WithFolder


class Quiet(WithFolder):
    def test_without_a_run_there_is_no_thread_no_socket_and_the_loader_itself(self) -> None:
        self.environment.pop("TRAINTUI_RUN")
        process = self.start("""
            import os, sys, threading, traintui
            before = set(os.listdir("/proc/self/fd"))
            run = traintui.watch(loss="x")
            loader = [1, 2, 3]
            assert run.batches(loader) is loader
            assert list(run.epochs(3)) == [0, 1, 2]
            knob = run.knob("temperature", 0.7, low=0)
            assert knob.value == 0.7 and float(knob) == 0.7
            run.loss(object()); run.metric("a", object()); run.validated(1.0, a=2); run.tick(); run.end()
            assert not run.is_stopping
            assert threading.active_count() == 1
            assert set(os.listdir("/proc/self/fd")) == before
            assert "socket" not in str(sys.modules.get("torch"))
            print("quiet")
        """)
        self.assertEqual(self.finish(process), "quiet\n")

    def test_folders_that_are_not_safe_are_refused_and_the_loop_goes_on(self) -> None:
        place = os.path.join(self.folder, "traintui")
        os.mkdir(place)
        for mode in (0o755, 0o666, 0o701):
            os.chmod(place, mode)
            self.assertIn("chmod 700", self.finish(self.start(LOOP, 1, 0)))
        if os.getuid() == 0:
            os.chown(place, 65534, 65534)
            self.assertIn("belongs to another user", self.finish(self.start(LOOP, 1, 0)))
        os.rmdir(place)
        os.symlink("/tmp", place)
        self.assertIn("is no folder", self.finish(self.start(LOOP, 1, 0)))
        os.unlink(place)
        # One of 108 bytes, and the longest there can be.
        for length, sentence in ((108, "107 bytes"), (107, "")):
            long = os.path.join(self.folder, "x" * (length - len(os.path.join(self.folder, "", "traintui", "test.sock")) - 1))
            os.mkdir(long)
            self.assertEqual(len(os.path.join(long, "traintui", "test.sock")), length)
            self.assertIn(sentence, self.finish(self.start(LOOP, 1, 0, XDG_RUNTIME_DIR=long)))
        self.assertEqual(self.finish(self.start(LOOP, 1, 0, XDG_RUNTIME_DIR=long)), "")
        self.assertEqual(self.text("end.log").split()[0], "100")

    @unittest.skipUnless(os.getuid() == 0, "nobody can be another user here")
    def test_another_user_gets_no_word(self) -> None:
        self.start(LOOP, 100000, 0.001)
        Dashboard(self.path)
        os.chmod(self.folder, 0o711)
        os.chmod(os.path.dirname(self.path), 0o711)
        os.chmod(self.path, 0o666)
        other = subprocess.run([sys.executable, "-c", """
import os, socket, sys
os.setgid(65534); os.setuid(65534)
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
try:
    s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocol":1,"session":"x"}}\\n')
    print(s.recv(100))
except OSError as problem:
    print(problem)
""", self.path], capture_output=True, text=True)
        self.assertIn(other.stdout.strip(), ("b''", "[Errno 104] Connection reset by peer", "[Errno 32] Broken pipe"), other.stderr)
        self.assertIn("result", Dashboard(self.path, "mine").ask("ping"))

    def test_the_socket_and_its_folder_are_this_users_alone_and_go_with_the_training(self) -> None:
        process = self.start(LOOP, 2, 0.001)
        Dashboard(self.path)
        self.assertEqual(os.lstat(self.path).st_mode & 0o777, 0o600)
        self.assertEqual(os.lstat(os.path.dirname(self.path)).st_mode & 0o777, 0o700)
        self.finish(process)
        self.assertEqual(os.listdir(os.path.dirname(self.path)), [])

    def test_losses_of_any_kind_end_nothing(self) -> None:
        process = self.start("""
            import time, traintui
            class Odd:
                def item(self): raise RuntimeError("no")
            run = traintui.watch()
            for loss in run.batches([1, 2.5, float("nan"), float("inf"), None, "x", Odd(), [1], object(), 10**400, True] * 20):
                run.loss(loss); run.metric("odd", loss)
                time.sleep(0.001)
            print("all")
        """)
        dashboard = Dashboard(self.path)
        dashboard.wait(lambda message: message.get("method") == "end")
        self.assertEqual(dashboard.steps(), list(range(1, 221)))
        self.assertEqual(self.finish(process), "all\n")

    def test_arguments_of_any_kind_end_nothing(self) -> None:
        process = self.start("""
            import time, traintui
            class Group:
                param_groups = [{"params": [], "momentum": "much", 3: None, "betas": (1, "x")}]
            run = traintui.watch(object(), Group(), scheduler=7, metrics=["a", 5], title=3.5, loss=None)
            odd = run.knob("odd", "text")
            assert odd.value == "text"
            run.knob(7, 1.0, low=float("nan"))
            for epoch in run.epochs(2):
                for _ in run.batches(iter([1, 2, 3])):
                    run.metric(9, object()); run.loss(Group())
            run.validated("no number", a=None)
            print("all")
        """)
        output, _ = process.communicate(timeout=20)
        self.assertEqual((process.returncode, output.splitlines()[-1]), (0, "all"), output)
        self.assertNotIn("Traceback", output)

    def test_a_script_that_fails_is_told_and_prints_what_it_would(self) -> None:
        process = self.start("""
            import time, traintui
            run = traintui.watch()
            for _ in run.batches(range(300)):
                time.sleep(0.001)
            raise ValueError("mine")
        """)
        dashboard = Dashboard(self.path)
        end = dashboard.wait(lambda message: message.get("method") == "end")["params"]
        self.assertEqual(end["reason"], "ended by ValueError")
        output, _ = process.communicate(timeout=20)
        self.assertIn("ValueError: mine", output)
        self.assertNotIn("traintui", output.splitlines()[-1])
        self.assertEqual(process.returncode, 1)

    def test_children_of_a_fork_are_nobodys_training(self) -> None:
        process = self.start("""
            import multiprocessing, time, traintui
            run = traintui.watch()
            def work(number):
                for _ in run.batches(range(5)): pass
                return number
            for index in run.batches(range(100)):
                if index == 50:
                    with multiprocessing.get_context("fork").Pool(2) as pool:
                        assert pool.map(work, range(8)) == list(range(8))
                time.sleep(0.005)
            print("all")
        """)
        dashboard = Dashboard(self.path)
        dashboard.wait(lambda message: message.get("method") == "end")
        self.assertEqual(dashboard.steps(), list(range(1, 101)))
        self.assertEqual(self.finish(process), "all\n")

    def test_every_file_compiles_on_the_pythons_that_are_there(self) -> None:
        for minor in range(9, 15):
            code = "import compileall,sys; sys.exit(not compileall.compile_dir(sys.argv[1], quiet=1, force=True))"
            try:
                version = subprocess.run([f"python3.{minor}", "--version"], capture_output=True)
            except OSError:
                continue
            if version.returncode:
                continue
            done = subprocess.run([
                f"python3.{minor}", "-X", f"pycache_prefix={self.folder}", "-c", code, os.path.join(CLIENT, "traintui"),
            ])
            self.assertEqual(done.returncode, 0, minor)
            ran = subprocess.run(
                [f"python3.{minor}", "-c", "import traintui; print(list(traintui.watch().batches([1])))"],
                env={**os.environ, "PYTHONPATH": CLIENT}, capture_output=True, text=True)
            self.assertEqual(ran.stdout, "[1]\n", ran.stderr)
        self.assertTrue(sys.version_info >= (3, 9))


if __name__ == "__main__":
    unittest.main()
