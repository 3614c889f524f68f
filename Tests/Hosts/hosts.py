"""Computers that are none: each has a name, an address, processes, /tmp and /run of its own on this one, in namespaces of Linux.

They share all other files, as computers do that share a home. Everything ends with this program, and nothing is left of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Dict, List, Optional, Sequence

#: What a computer is held by: the first of its processes, which takes those that lost their parents.
INIT = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
print("there", flush=True)
while True:
    signal.sigwait([signal.SIGCHLD])
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass
"""


def objection() -> Optional[str]:
    """Why there can be none here; None where there can."""
    if not sys.platform.startswith("linux"):
        return "they are Linux's"
    try:
        with Network(["alpha"]):
            return None
    except (OSError, RuntimeError) as problem:
        return str(problem)


class _Holder:
    """A process in namespaces of its own, which are there as long as it is."""

    def __init__(self, *namespaces: str) -> None:
        self._process = subprocess.Popen(
            ["unshare", *namespaces, "--fork", "--kill-child", sys.executable, "-I", "-S", "-c", INIT], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if said != "there":
            self.close()
            raise RuntimeError(said)
        with open(f"/proc/{self._process.pid}/task/{self._process.pid}/children") as file:
            #: The number that it has here.
            self.id = file.read().strip()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Host:
    """A computer."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self._holder = _Holder("--net", "--uts", "--ipc", "--mount", "--pid", "--mount-proc")
        self.process = self._holder.id

    def path(self, path: str) -> str:
        """Where a file of its own is for those who are elsewhere."""
        return f"/proc/{self.process}/root{path}"

    def command(self, *words: str, place: str = "/") -> List[str]:
        """What starts a command there, in a folder."""
        enter = ["nsenter", "-t", self.process, "--net", "--uts", "--ipc", "--mount", "--pid"]
        return [*enter, "env", f"--chdir={place}", *words]

    def start(self, *words: str, place: str = "/", **options: Any) -> "subprocess.Popen[str]":
        return subprocess.Popen(self.command(*words, place=place), text=True, **options)

    def run(self, *words: str, place: str = "/", **options: Any) -> str:
        """What a command prints; it has to end well."""
        done = subprocess.run(
            self.command(*words, place=place), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(words)}: {done.stdout.strip()}")
        return done.stdout

    def link(self, state: str) -> None:
        """Has its cable pulled ("down"), or put back ("up")."""
        self.run("ip", "link", "set", "eth0", state)

    def processes(self) -> Dict[int, List[str]]:
        """The words of each process there, by the number that it has there."""
        found = {}
        for name in os.listdir(self.path("/proc")):
            if name.isdigit() and name != "1":
                try:
                    with open(self.path(f"/proc/{name}/cmdline"), "rb") as file:
                        words = file.read().decode(errors="replace").split("\0")[:-1]
                except OSError:
                    continue
                if words:
                    found[int(name)] = words
        return found

    def kill(self, process: int, signal: str = "KILL") -> None:
        self.run("kill", f"-{signal}", str(process))

    def close(self) -> None:
        """Turns it off."""
        self._holder.close()


class Network:
    """Some computers that reach each other by their names."""

    def __init__(self, names: Sequence[str], hosts: Dict[str, str] = {}) -> None:
        """`hosts` has lines for /etc/hosts of a computer before those that name all of them."""
        self.hosts: List[Host] = []
        self._switch = _Holder("--net")
        try:
            self._join(names, hosts)
        except BaseException:
            self.close()
            raise

    def _join(self, names: Sequence[str], lines: Dict[str, str]) -> None:
        switch = ["nsenter", "-t", self._switch.id, "--net", "ip", "link"]

        def ip(*words: str) -> None:
            done = subprocess.run([*switch, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                raise RuntimeError(done.stdout.strip())

        ip("add", "bridge", "type", "bridge")
        ip("set", "bridge", "up")
        table = "127.0.0.1 localhost\n"
        for number, name in enumerate(names, 1):
            host = Host(name, f"10.77.0.{number}")
            self.hosts.append(host)
            table += f"{host.address} {name}\n"
        for number, host in enumerate(self.hosts, 1):
            ip("add", f"port{number}", "type", "veth", "peer", "name", "eth0", "netns", host.process)
            ip("set", f"port{number}", "master", "bridge", "up")
            host.run("sh", "-ec", f"""
                hostname {host.name}
                ip link set lo up
                ip address add {host.address}/24 dev eth0
                ip link set eth0 up
                mount -t tmpfs -o mode=1777 tmpfs /tmp
                mount -t tmpfs -o mode=755 tmpfs /run
                printf '%s' "$TABLE" > /run/hosts
                mount --bind /run/hosts /etc/hosts
                """, env={**os.environ, "TABLE": lines.get(host.name, "") + table})

    def close(self) -> None:
        for host in self.hosts:
            host.close()
        self._switch.close()

    def __enter__(self) -> "Network":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
