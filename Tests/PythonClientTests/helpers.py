"""A dashboard in a few lines, and a training to be steered by it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from typing import Any, Dict, List, Sequence

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENT = os.path.join(HERE, "..", "..", "Sources", "PythonClient")


def example(name: str) -> str:
    """The text of an example."""
    with open(os.path.join(CLIENT, "examples", f"{name}.py")) as file:
        return file.read()


#: Two processes of one launcher.
STANDALONE = ["--standalone", "--nproc-per-node", "2"]
#: A loop without any framework; each step's rate goes to steps.log, what is left in the end to end.log.
LOOP = example("plain_loop")


class Dashboard:
    """Connects, asks, and keeps all that comes."""

    def __init__(self, path: str, session: str = "a", rate: float = 30, **params: Any) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(20)
        # A framework takes its time to be loaded where others work on the same processor.
        deadline = time.monotonic() + 90
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self.file = self.socket.makefile("rb")
        self.heard: List[Dict[str, Any]] = []
        self.next = 1
        self.hello = self.ask("initialize", protocol=1, viewer="test", session=session, rate=rate, **params)

    def send(self, method: str, **params: Any) -> int:
        identity, self.next = self.next, self.next + 1
        message = {"jsonrpc": "2.0", "id": identity, "method": method, "params": params}
        self.socket.sendall(json.dumps(message).encode() + b"\n")
        return identity

    def hear(self) -> Dict[str, Any]:
        line = self.file.readline()
        if not line:
            raise EOFError
        message: Dict[str, Any] = json.loads(line)
        self.heard.append(message)
        return message

    def wait(self, is_wanted: Any, seconds: float = 20) -> Dict[str, Any]:
        """What is waited for. Fails when for so long nothing happens, and no step is taken; ten times as long at most."""
        began = moved = time.monotonic()
        step: Any = None
        self.socket.settimeout(seconds)
        while time.monotonic() < min(moved + seconds, began + 10 * seconds):
            message = self.hear()
            if is_wanted(message):
                return message
            params = message.get("params", {})
            if "n" in params or params.get("step", step) != step:
                moved, step = time.monotonic(), params.get("step", step)
        raise TimeoutError

    def answer(self, number: int) -> Dict[str, Any]:
        for message in self.heard:
            if message.get("id") == number:
                return message
        return self.wait(lambda message: message.get("id") == number)

    def ask(self, method: str, **params: Any) -> Dict[str, Any]:
        return self.answer(self.send(method, **params))

    def told(self, method: str) -> List[Dict[str, Any]]:
        return [message["params"] for message in self.heard if message.get("method") == method]

    def steps(self) -> List[int]:
        """The steps of all samples, as often as they were told."""
        steps: List[int] = []
        for params in self.told("samples"):
            first = params["first"]
            widths = params.get("steps") or [1] * len(params["losses"])
            steps += range(first, first + sum(widths))
        return steps

    def close(self) -> None:
        self.file.close()
        self.socket.close()


class WithFolder(unittest.TestCase):
    """A folder for each test, in which sockets lie too."""

    #: Where scripts that say so put their tensors: torch's name of it is in their environment, as DEVICE.
    device = "cpu"

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="tt")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.environment = {
            **os.environ, "XDG_RUNTIME_DIR": self.folder, "PYTHONPATH": CLIENT, "TRAINTUI_RUN": "test",
            "PYTHONDONTWRITEBYTECODE": "1", "DEVICE": self.device,
            # Without it CUDA's matrix products refuse to give the same bits each time.
            "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
            # Threads that spin while they wait for each other take a small machine from all else for nothing.
            "OMP_NUM_THREADS": "1",
        }

    @property
    def path(self) -> str:
        return os.path.join(self.folder, "traintui", "test.sock")

    def start(self, script: str, *arguments: object, **environment: str) -> "subprocess.Popen[str]":
        name = os.path.join(self.folder, "script.py")
        # At once: another process may be about to read it.
        with open(name + ".part", "w") as file:
            file.write(textwrap.dedent(script))
        os.replace(name + ".part", name)
        process = subprocess.Popen(
            [sys.executable, name, *map(str, arguments)], cwd=self.folder, env={**self.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def dashboard_for_all(self) -> Dashboard:
        """One to whom all of the training's processes are there: before that nothing can be asked for."""
        dashboard = Dashboard(self.path)
        if not dashboard.hello["result"]["capabilities"]["methods"]:
            dashboard.wait(
                lambda message: message.get("method") == "capabilities" and message["params"]["methods"], seconds=90)
        return dashboard

    def text(self, name: str) -> str:
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def finish(self, process: "subprocess.Popen[str]", seconds: float = 60) -> str:
        output, _ = process.communicate(timeout=seconds)
        self.assertEqual(process.returncode, 0, output)
        return output


class WithTorchrun(WithFolder):
    """A script under torchrun that is changed by nothing but what `sitecustomize` does to it."""

    def command(self, steps: int, script: str = example("ddp_loop"), options: Sequence[str] = STANDALONE) -> List[str]:
        """What starts it, in the folder. Sees to it that the client is found there."""
        place = os.path.join(self.folder, "python")
        if not os.path.exists(place):
            shutil.copytree(os.path.join(CLIENT, "traintui"), os.path.join(place, "traintui"))
            shutil.copy(os.path.join(CLIENT, "traintui", "_sitecustomize.py"), os.path.join(place, "sitecustomize.py"))
        self.environment["PYTHONPATH"] = place
        name = os.path.join(self.folder, "script.py")
        with open(name, "w") as file:
            file.write(script)
        return [sys.executable, "-m", "torch.distributed.run", *options, name, str(steps), "0.005"]

    def launch(
        self, steps: int, script: str = example("ddp_loop"), options: Sequence[str] = STANDALONE, **environment: str,
    ) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            self.command(steps, script, options), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**self.environment, **environment})

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def rates(self, rank: int) -> List[List[float]]:
        return [[float(word) for word in line.split()] for line in self.text(f"steps-{rank}.log").splitlines()]
