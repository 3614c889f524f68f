"""SLURM on computers of `hosts`: the first one is where jobs are handed in, all others take them."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable, Dict, List, Optional

from hosts import Host, Network

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "squeue", "sinfo")


def objection() -> Optional[str]:
    """Why there can be none; None where there can."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None]
    return f"{', '.join(missing)} cannot be found; Debian has them in slurmctld, slurmd, slurm-client and munge" if missing else None


def shell_objection() -> Optional[str]:
    """Why nobody can come by ssh; None where that can be."""
    missing = [name for name in ("sshd", "ssh", "ssh-keygen", "tmux") if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None]
    return f"{', '.join(missing)} cannot be found" if missing else None


class Cluster:
    """Its daemons. They end with the network."""

    def __init__(self, network: Network, folder: Path) -> None:
        """`folder` is one that all of them have."""
        self.login, *self.nodes = network.hosts
        self.folder = folder
        self.environment: Dict[str, str] = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        self._daemons: List["subprocess.Popen[str]"] = []
        (folder / "state").mkdir(parents=True)
        (folder / "munge.key").write_bytes(secrets.token_bytes(128))
        (folder / "munge.key").chmod(0o400)
        names = ",".join(node.name for node in self.nodes)
        # Namespaces, and no control groups, hold what a job starts.
        (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        (folder / "slurm.conf").write_text(f"""
ClusterName=hosts
SlurmctldHost={self.login.name}
SlurmUser=root
AuthType=auth/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir=/run/slurmd
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SlurmdTimeout=20
SlurmdParameters=config_overrides
NodeName={names} CPUs=2 State=UNKNOWN
PartitionName=all Nodes={names} Default=YES State=UP
""")
        for host in network.hosts:
            munge = "/run/munge/munge.{}"
            host.run("mkdir", "-p", "-m", "755", "/run/munge", "/run/slurmd")
            self._start(
                host, "munged", "--foreground", "--force", f"--key-file={folder}/munge.key", f"--socket={munge.format('socket.2')}",
                f"--pid-file={munge.format('pid')}", f"--seed-file={munge.format('seed')}", f"--log-file={munge.format('log')}")
        self._start(self.login, "slurmctld", "-D")
        for node in self.nodes:
            self._start(node, "slurmd", "-D", "-N", node.name)
        self.wait(lambda: self.run("sinfo", "--noheader", "--format=%T").split() == ["idle"], "nodes are idle")

    def _start(self, host: Host, *words: str) -> None:
        with open(self.folder / f"{words[0]}-{host.name}.log", "w") as log:
            self._daemons.append(
                host.start(*words, env={**self.environment, "PATH": f"{os.environ['PATH']}:/usr/sbin"}, stdout=log, stderr=log))

    def run(self, *words: str) -> str:
        """A command where jobs are handed in."""
        return self.login.run(*words, place=str(self.folder), env=self.environment)

    def wait(self, is_so: Callable[[], bool], what: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if is_so():
                    return
            except RuntimeError:
                pass
            time.sleep(0.1)
        raise SystemExit(f"waited in vain until {what}")


class Shells:
    """sshd on some computers, which reach each other by a key and ask nothing."""

    def __init__(self, hosts: List[Host], folder: Path, path: str) -> None:
        """`folder` is one that all of them have; `path` is what commands find programs by that come in by ssh."""
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        (folder / "sshd_config").write_text(f"""
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
SetEnv PATH={path}
""")
        (folder / "ssh_config").write_text(f"""
IdentityFile {folder}/user
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
""")
        self._folder = folder
        for host in hosts:
            # The system's own file, because nobody but the person's own says it otherwise.
            host.run("mount", "--bind", str(folder / "ssh_config"), "/etc/ssh/ssh_config")
            host.run("mkdir", "-p", "-m", "755", "/run/sshd")
            self.start(host)

    def start(self, host: Host) -> "subprocess.Popen[str]":
        with open(self._folder / f"sshd-{host.name}.log", "a") as log:
            return host.start("/usr/sbin/sshd", "-D", "-e", "-f", str(self._folder / "sshd_config"), stdout=log, stderr=log)
