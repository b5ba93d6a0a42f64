"""A real Docker engine for the tests, and a base image made of this machine's own Python where none can be pulled.

The engine is asked through DOCKER_HOST. Where it holds no `python:3.11-slim`, a stand-in is imported under that name:
the interpreter that runs the tests, its standard library, a shell, and the wheels of the project's lock, so that the
Dockerfile is built unchanged and without a network.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

BASE = "python:3.11-slim"
PROGRAMS = ("sh", "useradd", "id", "cat", "ls", "mkdir", "touch", "env")
LIBRARIES = (
    "libstdc++.so.6", "libgcc_s.so.1", "libnss_files.so.2", "libz.so.1", "libm.so.6", "librt.so.1", "libpthread.so.0",
    "libdl.so.2", "libutil.so.1",
)  # fmt: skip
LEFT_OUT = frozenset(
    ["test", "tests", "__pycache__", "site-packages", "dist-packages", "idlelib", "tkinter", "turtledemo"]
)
ACCOUNTS = {"etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "etc/group": "root:x:0:\n", "etc/shadow": "root:*::::::\n"}


def docker(*arguments: str, text: str | None = None, timeout: int = 600) -> subprocess.CompletedProcess[str]:
    """Run docker's client with the classic builder, which every engine has."""
    environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
    command = ["docker", *arguments]
    return subprocess.run(
        command, env=environment, input=text, capture_output=True, text=True, timeout=timeout, check=False
    )


def answers() -> bool:
    """Return whether there is an engine to ask."""
    return bool(shutil.which("docker")) and docker("info", timeout=20).returncode == 0


def provide_base(project: Path, folder: Path) -> None:
    """Let the engine have a base image, a stand-in unless one is there."""
    if docker("image", "inspect", BASE).returncode == 0:
        return
    wheels = folder / "wheels"
    lock = project / "requirements-serving.lock"
    fetch = [sys.executable, "-m", "pip", "download", "-q", "--require-hashes", "-r", str(lock), "-d", str(wheels)]
    subprocess.run(fetch, check=True)
    archive = folder / "base.tar"
    write_base(archive, wheels)
    changes = ("ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels")
    given = [part for change in changes for part in ("--change", change)]
    done = docker("import", *given, str(archive), BASE)
    assert done.returncode == 0, done.stderr


def write_base(archive: Path, wheels: Path) -> None:
    """Write the root file system of the stand-in."""
    base = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
    library = Path(sysconfig.get_path("stdlib"))
    programs = [Path(found) for name in PROGRAMS if (found := shutil.which(name))]
    objects = [base, *programs, *library.glob("lib-dynload/*.so")]
    with tarfile.open(archive, "w") as tar:
        for path in sorted({*_standard_library(library), *objects, *_needed(objects), *_known(LIBRARIES)}):
            tar.add(os.path.realpath(path), arcname=str(path).lstrip("/"))
        for wheel in (*wheels.iterdir(), *Path("/usr/share/python-wheels").glob("*.whl")):
            tar.add(wheel, arcname=f"wheels/{wheel.name}" if wheel.parent == wheels else str(wheel))
        links = {f"/bin/{program.name}": program for program in programs} | {
            "/usr/local/bin/python": base,
            "/usr/local/bin/python3": base,
        }
        for name, target in links.items():
            if name != str(target):
                _add(tar, name, tarfile.SYMTYPE, target=str(target))
        for name, text in ACCOUNTS.items():
            _add(tar, name, tarfile.REGTYPE, text=text)
        for name, mode in (("tmp", 0o1777), ("root", 0o700), ("var", 0o755)):
            _add(tar, name, tarfile.DIRTYPE, mode=mode)


def _add(tar: tarfile.TarFile, name: str, kind: bytes, *, target: str = "", text: str = "", mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name.lstrip("/"))
    entry.type, entry.linkname, entry.size, entry.mode = kind, target, len(text), mode
    tar.addfile(entry, io.BytesIO(text.encode()))


def _standard_library(library: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(library):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        yield from (Path(root, name) for name in names if not name.endswith((".a", ".pyc")))


def _needed(objects: list[Path]) -> set[Path]:
    printed = subprocess.run(["ldd", *map(str, objects)], capture_output=True, text=True, check=False).stdout
    return {Path(found) for found in re.findall(r"(?:=>\s+|^\s+)(/\S+) \(", printed, re.MULTILINE)}


def _known(names: tuple[str, ...]) -> set[Path]:
    ldconfig = shutil.which("ldconfig") or "/sbin/ldconfig"
    printed = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    found = dict(re.findall(r"^\s+(\S+) \(libc6,x86-64[^)]*\) => (\S+)$", printed, re.MULTILINE))
    return {Path(found[name]) for name in names if name in found}
