"""What a run was made on: figures without it mean little."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from connectors.gateway.processes import BOT_ENVIRONMENT
from connectors.gateway.settings import ROOT

BOT_PYTHON = str(BOT_ENVIRONMENT / "bin" / "python")


def described() -> dict[str, str]:
    """CPU, cores, memory, system, versions, commit and load, each as words. Call before anything is started."""
    python, rasa = _bot_versions()
    return {
        "CPU": f"{_cpu()}, {psutil.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 1e9:.1f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "load before the run": ", ".join(f"{load:.2f}" for load in os.getloadavg()),
        "commit": _commit(),
        "bot": f"Python {python}, Rasa {rasa}",
        "gateway": f"Python {platform.python_version()}, Sanic {version('sanic')}, SQLite",
    }


def memory_mb(processes: list[psutil.Process]) -> float:
    """What these processes and their children hold in RAM together (resident set, in MB)."""
    family = {member for process in processes for member in [process, *process.children(recursive=True)]}
    return float(sum(member.memory_info().rss for member in family)) / 1e6


def processor_seconds(process: psutil.Process) -> float:
    """What this process and its children have taken of all processors so far."""
    times = [member.cpu_times() for member in [process, *process.children(recursive=True)]]
    return float(sum(one.user + one.system for one in times))


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _bot_versions() -> list[str]:
    script = "import platform, rasa; print(platform.python_version(), rasa.__version__)"
    done = subprocess.run([BOT_PYTHON, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")
