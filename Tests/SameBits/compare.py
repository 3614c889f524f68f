"""Trains the same jobs with two programs and compares all bits; see `run`."""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile

from jobs import jobs

# Without fused multiply-adds in the CPU each is a call: large jobs would take minutes.
SLOW = "baseline"
# The characters of two SHA-256 and the space between them.
SUMS = 129


def train(program, folder, level, threads, arguments):
    """The SHA-256 of the losses of all steps and of the saved weights, or what the program said where it failed."""
    weights, losses = (os.path.join(folder, name) for name in ("weights.safetensors", "losses.csv"))
    names = {"TRAINTUI_KERNELS": level, "TRAINTUI_THREADS": str(threads), "XDG_STATE_HOME": folder}
    done = subprocess.run(
        [program, *arguments, "--headless", "--save", weights, "--log-steps", losses], cwd=folder, env=os.environ | names,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        return done.stderr.strip()
    sums = []
    for path in (losses, weights):
        with open(path, "rb") as file:
            if path == weights:
                # Not the header, which tells of the job too: what is said of it may change.
                file.seek(int.from_bytes(file.read(8), "little"), os.SEEK_CUR)
            sums.append(hashlib.sha256(file.read()).hexdigest())
        os.remove(path)
    return " ".join(sums)


def trainings(count, seed, folder):
    """What to train, one after the other: a name, the program's arguments, and whether it is large."""
    yield "the built-in job", ["--epochs", "5"], False
    for number, (job, table, is_large) in enumerate(jobs(count, seed)):
        for name, text in ("job.toml", job), ("rows.csv", table):
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        yield f"job {number}", ["job.toml"], is_large


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--levels", default="v4,v3,baseline")
    parser.add_argument("--threads", default="1,2,3,7")
    options = parser.parse_args()
    before, after = map(os.path.abspath, (options.before, options.after))
    ways = [(level, threads) for level in options.levels.split(",") for threads in options.threads.split(",")]
    trained = different = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments, is_large in trainings(options.jobs, options.seed, folder):
            expected = train(before, folder, *ways[0], arguments)
            refused += len(expected) != SUMS
            for level, threads in ways:
                if is_large and level == SLOW:
                    continue
                trained += 1
                found = train(after, folder, level, threads, arguments)
                if found != expected:
                    different += 1
                    print(f"{name}, {level}, {threads} threads: {found} instead of {expected}", flush=True)
                    if name != "the built-in job":
                        with open(os.path.join(folder, "job.toml")) as job:
                            print(job.read())
    print(f"{trained} trainings of {options.jobs + 1} jobs: {different} differ; {refused} jobs ended with an error")
    sys.exit(different > 0)


main()
