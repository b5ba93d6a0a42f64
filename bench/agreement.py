"""How far the scan agrees with the labelled development set: `python bench/agreement.py --mirrors DIR`.

DIR holds bare copies of the repositories, `owner+name` or `owner+name/repo`; what is missing there is fetched from
GitHub into DIR with `--clone`, else left out and counted. Once a copy is there no network is used. Nothing of a copy is
checked out by git: files are written from its objects at the labelled commit, so that no filter or hook of it can run.

Numbers come apart for the half that rules were tuned on and the half that was held out (a hash of the name decides).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

SET = Path(__file__).parent.parent / "tests/scan/development_set.yaml"
KINDS = {"course": "collection", "monorepo": "collection", "ml-project": "project"}
"""Kinds the scan has one word for."""

GATES = {1: ["C03", "C04", "C11"], 2: ["C19", "C28", "C27", "C24|C25", "C34"], 3: ["C38|C39", "C40|C41", "C44", "C48"]}
LEVELS = 4
LARGEST = 1_000_001
"""Bytes written of a file: one more than the scan reads, so that it sees which are too large."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What a person said of a repository and what the scan says."""

    name: str
    split: str
    kind: tuple[str, str]
    level: tuple[int | None, int | None]
    by_keys: int | None
    keys: tuple[frozenset[str], frozenset[str]]
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Precision and recall of one yes or no, with the counts behind them."""

    n: int
    labelled: int
    said: int
    right: int
    precision: float | None = field(init=False)
    recall: float | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "precision", round(self.right / self.said, 3) if self.said else None)
        object.__setattr__(self, "recall", round(self.right / self.labelled, 3) if self.labelled else None)


def weighted_kappa(pairs: Sequence[tuple[int, int]], classes: int = LEVELS) -> float | None:
    """Return Cohen's kappa with quadratic weights (Cohen 1968); None where chance alone would agree fully."""
    if not pairs:
        return None
    seen = [[0] * classes for _ in range(classes)]
    for labelled, said in pairs:
        seen[labelled][said] += 1
    rows, columns = [sum(row) for row in seen], [sum(column) for column in zip(*seen, strict=True)]
    off = sum((i - j) ** 2 * seen[i][j] for i in range(classes) for j in range(classes))
    chance = sum((i - j) ** 2 * rows[i] * columns[j] for i in range(classes) for j in range(classes)) / len(pairs)
    return None if chance == 0 else round(1 - off / chance, 3)


def rate(answers: Iterable[tuple[bool, bool]]) -> Rate:
    """Return precision and recall of (labelled, said) answers."""
    answers = list(answers)
    return Rate(
        n=len(answers),
        labelled=sum(labelled for labelled, _ in answers),
        said=sum(said for _, said in answers),
        right=sum(labelled and said for labelled, said in answers),
    )


def passes(keys: frozenset[str], gate: int) -> bool:
    """Return whether the keys of a gate are all among `keys`."""
    return all(keys & set(group.split("|")) for group in GATES[gate])


def level_by_keys(keys: frozenset[str]) -> int:
    """Return the level that the key capabilities alone would give: the reading that the labels were made by."""
    return next((gate - 1 for gate in GATES if not passes(keys, gate)), max(GATES))


def summary(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return the figures of one half."""
    projects = [pair for pair in pairs if pair.kind[0] == "project"]
    both = [(pair.level[0], pair.level[1]) for pair in projects if None not in pair.level]
    keyed = [(pair.level[0], pair.by_keys) for pair in projects if None not in (pair.level[0], pair.by_keys)]
    keys = sorted({key for groups in GATES.values() for group in groups for key in group.split("|")})
    return {
        "repositories": len(pairs),
        "kind_agrees": _share(pair.kind[0] == pair.kind[1] for pair in pairs),
        "projects": len(projects),
        "level_agrees": _share(pair.level[0] == pair.level[1] for pair in projects),
        "level_kappa": weighted_kappa(both),  # type: ignore[arg-type]
        "level_kappa_n": len(both),
        "level_by_keys_agrees": _share(pair.level[0] == pair.by_keys for pair in projects),
        "level_by_keys_kappa": weighted_kappa(keyed),  # type: ignore[arg-type]
        "gates": {n: asdict(rate(_gate(projects, n))) for n in GATES},
        "keys": {key: asdict(rate((key in p.keys[0], key in p.keys[1]) for p in projects)) for key in keys},
    }


def _gate(projects: Sequence[Pair], gate: int) -> Iterator[tuple[bool, bool]]:
    for pair in projects:
        yield passes(pair.keys[0], gate), pair.kind[1] == "project" and passes(pair.keys[1], gate)


def _share(answers: Iterable[bool]) -> float | None:
    answers = list(answers)
    return round(sum(answers) / len(answers), 3) if answers else None


def copy_of(mirrors: Path, name: str) -> Path | None:
    """Return the git directory of a repository's copy, None when there is none."""
    base = mirrors / name.replace("/", "+")
    places = (base, base / "repo", base / ".git", base / "repo/.git")
    return next((place for place in places if (place / "HEAD").is_file()), None)


def clone(mirrors: Path, name: str, commit: str) -> Path | None:
    """Fetch one commit of a public repository; None when it cannot be had."""
    target = mirrors / name.replace("/", "+")
    quiet = {"check": False, "capture_output": True}
    subprocess.run(["git", "init", "-q", "--bare", str(target)], **quiet)  # type: ignore[call-overload]
    url = f"https://github.com/{name}.git"
    done = subprocess.run(
        ["git", f"--git-dir={target}", "fetch", "-q", "--depth=1", url, commit],
        **quiet,  # type: ignore[call-overload]
    )
    return target if done.returncode == 0 else None


def write_tree(git_dir: Path, commit: str, target: Path) -> bool:
    """Write the regular files of a commit below `target`; links and submodules are left out."""
    git = ["git", f"--git-dir={git_dir}"]
    listed = subprocess.run([*git, "ls-tree", "-rz", "--full-tree", commit], check=False, capture_output=True)
    if listed.returncode:
        return False
    rows = [row.split(b"\t", 1) for row in listed.stdout.split(b"\0") if row]
    files = [(head.split()[2], path.decode("utf-8", "surrogateescape")) for head, path in rows if head[:3] == b"100"]
    with subprocess.Popen([*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for blob, path in files:
            process.stdin.write(blob + b"\n")
            process.stdin.flush()
            head = process.stdout.readline().split()
            content = process.stdout.read(int(head[2]) + 1)[:-1] if len(head) == 3 else b""
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content[:LARGEST])
        process.stdin.close()
    return True


def compare(entry: Mapping[str, Any], tree: Path) -> Pair:
    """Scan a tree and set the result beside its label."""
    from generator.assess.bank import load_bank
    from generator.model.scan import Grade, Outcome
    from generator.scan import disk
    from generator.scan.api import report as scan

    start = time.process_time()
    report = scan(disk.snapshot(disk.listing(tree)), entry["name"], load_bank())
    found = {item.capability for item in report.evidence if item.outcome is Outcome.YES and item.grade >= Grade.E2}
    project = report.kind.value == "project"
    return Pair(
        name=entry["name"],
        split=entry["split"],
        kind=(KINDS.get(entry["kind"], entry["kind"]), report.kind.value),
        level=(entry["level"], report.level),
        by_keys=level_by_keys(frozenset(found)) if project else None,
        keys=(frozenset(entry["keys"]), frozenset(found)),
        seconds=round(time.process_time() - start, 2),
    )


def pairs_of(entries: Sequence[Mapping[str, Any]], find: Callable[[str, str], Path | None]) -> Iterator[Pair | str]:
    """Yield the pair of each repository, or its name where no copy is to be had."""
    for entry in entries:
        copy = find(entry["name"], entry["commit"])
        with tempfile.TemporaryDirectory() as folder:
            if copy is None or not write_tree(copy, entry["commit"], Path(folder)):
                yield str(entry["name"])
            else:
                yield compare(entry, Path(folder))


def told(pairs: Sequence[Pair], missing: Sequence[str]) -> str:
    """Return the figures as a table for a person."""
    lines = [f"{len(pairs)} compared, {len(missing)} without a copy {' '.join(missing)}".rstrip()]
    for split in ("tune", "held-out"):
        half = summary([pair for pair in pairs if pair.split == split])
        lines.append(f"\n{split}: " + ", ".join(f"{key} {value}" for key, value in half.items() if key[-1] != "s" or
                                                not isinstance(value, dict)))  # fmt: skip
        for title in ("gates", "keys"):
            for name, row in half[title].items():
                lines.append(
                    f"  {title[:-1]} {name}: precision {row['precision']} recall {row['recall']} "
                    f"(labelled {row['labelled']}, said {row['said']}, right {row['right']}, n {row['n']})"
                )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print the figures, and with `--each` every disagreement of the tune half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirrors", type=Path, required=True, metavar="DIR")
    parser.add_argument("--clone", action="store_true", help="fetch what is missing from GitHub")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--each", action="store_true", help="list disagreements of the tune half (never the held-out)")
    parser.add_argument("--only", choices=["tune", "held-out"])
    options = parser.parse_args(arguments)
    entries = [
        entry
        for entry in yaml.safe_load(SET.read_text(encoding="utf-8"))["repositories"]
        if options.only in (None, entry["split"])
    ]

    def find(name: str, commit: str) -> Path | None:
        found = copy_of(options.mirrors, name)
        return found or (clone(options.mirrors, name, commit) if options.clone else None)

    done = list(pairs_of(entries, find))
    pairs, missing = [one for one in done if isinstance(one, Pair)], [one for one in done if isinstance(one, str)]
    if options.json:
        halves = {split: summary([pair for pair in pairs if pair.split == split]) for split in ("tune", "held-out")}
        print(json.dumps({"missing": missing, **halves}, indent=2))
    else:
        print(told(pairs, missing))
    for pair in pairs if options.each else ():
        if pair.split == "tune":
            more, less = sorted(pair.keys[1] - pair.keys[0]), sorted(pair.keys[0] - pair.keys[1])
            extra = [key for key in more if any(key in group for groups in GATES.values() for group in groups)]
            print(f"{pair.name}: kind {pair.kind} level {pair.level} keys {pair.by_keys} extra {extra} lacks {less}"
                  f" {pair.seconds}s")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
