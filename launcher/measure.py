"""Memory and CPU of processes, read from /proc (Linux)."""

import os
from pathlib import Path

PROC = Path("/proc")


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process in MB; pages shared with others are counted in full. 0 when it
    is gone.
    """
    return _kilobytes(PROC / str(pid) / "status", "VmRSS:") / 1024


def proportional_megabytes(pid: int) -> float:
    """Its memory in MB with shared pages divided among those that share them. 0 when it is gone."""
    return _kilobytes(PROC / str(pid) / "smaps_rollup", "Pss:") / 1024


def cpu_seconds(pid: int) -> float:
    """CPU time a process has used so far. 0 when it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kilobytes(file: Path, name: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
