"""Several computers that train together: namespaces of this one, where Linux and the user may make them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

from helpers import CLIENT, Dashboard, WithTorchrun, example

sys.path.insert(0, os.path.join(os.path.dirname(CLIENT), "..", "Tests", "Hosts"))

from hosts import Network, objection

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

WHY_NOT = objection()


@unittest.skipUnless(torch is not None, "PyTorch is not installed")
@unittest.skipUnless(WHY_NOT is None, f"no computers can be made of namespaces: {WHY_NOT}")
class Hosts(WithTorchrun):
    """A launcher on each of two computers, with files that both have."""

    def setUp(self) -> None:
        super().setUp()
        # Each computer has a /tmp of its own.
        self.folder = tempfile.mkdtemp(prefix="tt", dir="/var/tmp")
        self.addCleanup(shutil.rmtree, self.folder, True)
        # As Debian and Ubuntu have it: each calls itself by an address that is the other one there.
        network = Network(["alpha", "beta"], {name: f"127.0.1.1 {name}\n" for name in ("alpha", "beta")})
        self.addCleanup(network.close)
        self.hosts = network.hosts
        del self.environment["XDG_RUNTIME_DIR"]

    @property
    def path(self) -> str:
        return self.hosts[0].path(f"/tmp/traintui-{os.getuid()}/test.sock")

    def launch_on_each(self, steps: int, script: str = example("ddp_loop")) -> "list[subprocess.Popen[str]]":
        meeting = ["--nnodes", "2", "--nproc-per-node", "1", "--master-addr", "alpha", "--master-port", "29500"]
        return [
            host.start(
                *self.command(steps, script, [*meeting, "--node-rank", str(number)]), place=self.folder,
                env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for number, host in enumerate(self.hosts)]

    def test_the_engines_processes_find_each_other_where_each_computer_has_its_name_for_itself(self) -> None:
        launchers = self.launch_on_each(0, textwrap.dedent("""
            import os, torch
            from traintui import _interface
            _interface.choose()
            torch.distributed.init_process_group("gloo")
            sum = torch.ones(1)
            torch.distributed.all_reduce(sum)
            print("sum", float(sum), os.environ["GLOO_SOCKET_IFNAME"], flush=True)
            torch.distributed.barrier()
            torch.distributed.destroy_process_group()
            # A thread of gloo's may abort a process that ends right behind its last collective.
            os._exit(0)
        """))
        for launcher in launchers:
            self.assertIn("sum 2.0 eth0\n", self.finish(launcher))

    def test_they_are_steered_at_one_step_and_one_that_is_cut_off_is_said_and_comes_back(self) -> None:
        # gloo takes the name's address, and would not get anywhere.
        self.environment["GLOO_SOCKET_IFNAME"] = "eth0"
        launchers = self.launch_on_each(400)
        dashboard = self.dashboard_for_all()
        ranks = dashboard.ask("ping")["result"]["ranks"]
        self.assertEqual([(one["rank"], one["host"]) for one in ranks], [(0, "alpha"), (1, "beta")])
        paused = dashboard.ask("pause")["result"]["step"]
        self.assertEqual(dashboard.ask("set", name="learning_rate", value=0.005)["result"]["step"], paused)
        dashboard.ask("resume")
        later = dashboard.ask("set", name="learning_rate", value=0.0025)["result"]["step"]
        self.assertEqual(dashboard.ask("undo")["result"]["step"], later)
        self.hosts[1].link("down")
        cut = time.monotonic()
        self.assertEqual(self.rank(dashboard), (1, "lost", "beta"))
        self.assertLess(time.monotonic() - cut, 10)
        self.hosts[1].link("up")
        self.assertEqual(self.rank(dashboard), (1, "back", "beta"))
        # What is sent may be on its way for longer than what is heard.
        while "error" in (answer := dashboard.ask("set", name="learning_rate", value=0.001)):
            self.assertEqual(answer["error"]["message"], "rank 1 did not answer")
        last = answer["result"]["step"]
        dashboard.wait(lambda message: message.get("method") == "end")
        said = [self.finish(launcher) for launcher in launchers]
        self.assertIn("traintui: the first process, on alpha: nothing has come from it for 8 s\n", said[1])
        logs = [[rate for _, rate in self.rates(rank)] for rank in (0, 1)]
        self.assertEqual(logs[0], logs[1])
        # The script's own steps go on where the run goes back.
        changes = [logs[0][0]] + [now for before, now in zip(logs[0], logs[0][1:]) if now != before]
        self.assertEqual(changes, [0.01, 0.005, 0.0025, 0.005, 0.001])
        self.assertEqual(logs[0][:later], [0.01] * paused + [0.005] * (later - paused))
        self.assertGreater(last, later)
        self.assertEqual(self.text("end-0.log"), self.text("end-1.log"))

    def rank(self, dashboard: Dashboard) -> "tuple[int, str, str]":
        """What is told next of a process."""
        told = dashboard.wait(lambda message: message.get("method") == "rank")["params"]
        return told["rank"], told["state"], told["host"]


if __name__ == "__main__":
    unittest.main()
