"""Starting the programs that are compared: one thread each, and what their processes take."""

import os
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PEERS = REPOSITORY / "tools/bench/peers"
WEIGHTS = REPOSITORY / "weights/en-fr"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def fail(message):
    sys.exit(f"compare: error: {message}")


def run(command, environment=None):
    """Standard output of a program that has to succeed."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, **ONE_THREAD, **(environment or {})})
    if done.returncode:
        fail(f"{command[0]} ended with status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def peak_bytes(process_id):
    """The peak resident set of a running process; 0 once it has ended.

    The figure that `wait` gives would do, were it not at least the memory of the process that started it."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return 0
    return max((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), default=0)


def measured_process(command, text, environment=None):
    """Seconds and peak resident megabytes of a whole process that reads the file `text`."""
    peak = 0
    with open(text, "rb") as lines:
        begin = time.perf_counter()
        child = subprocess.Popen([str(word) for word in command], stdin=lines, stdout=subprocess.DEVNULL,
                                 env={**os.environ, **ONE_THREAD, **(environment or {})})
        while child.poll() is None:
            peak = max(peak, peak_bytes(child.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - begin
    if child.returncode:
        fail(f"{command[0]} ended with status {child.returncode}")
    return {"process_seconds": seconds, "process_peak_mb": peak / 1e6}
