"""Runs a command and measures it."""

import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    code: int
    stdout: str
    stderr: str
    wall_seconds: float
    cpu_seconds: float
    peak_mib: int

    def check(self, what):
        if self.code:
            raise SystemExit(f"{what} failed with {self.code}:\n{self.stderr[-3000:]}")

    def job_seconds(self):
        """CPU and wall seconds of a Flink job, without the JVM's start, as RunSql prints them."""
        figures = re.findall(r"job_ms=(\d+) job_cpu_ms=(\d+)", self.stderr)
        wall, cpu = figures[-1]
        return int(cpu) / 1000, int(wall) / 1000


def measure(command):
    """Waits for the command's end; CPU time and peak memory are exact, from the kernel."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Run(process.returncode, out.read(), err.read(), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10)
