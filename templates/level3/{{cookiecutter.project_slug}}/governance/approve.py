"""Approve one release: ``python -m governance.approve RELEASE --by NAME``; never its author, never without its card."""

from __future__ import annotations

import argparse
from pathlib import Path

from rollout.state import Refused, State, append, now

from .card import read_human, unfilled


def approve(state: State, release: str, *, by: str, said: dict[str, str]) -> None:
    """Record that `by` approved exactly this release; Refused for its author or while its card is unfilled."""
    author = state.query("SELECT author FROM release WHERE release = ?", release)
    if not author:
        raise Refused(f"release {release} is not registered here")
    if author[0][0].strip().lower() == by.strip().lower():
        raise Refused(f"{by} made release {release}; somebody else has to approve it")
    if missing := unfilled(said):
        raise Refused(f"governance/card.toml says nothing yet about {', '.join(missing)}")
    with state.transaction() as database:
        database.execute("INSERT OR IGNORE INTO approval VALUES (?, ?, ?)", (release, by, now()))
        append(database, "approved", {"release": release, "by": by})


def main() -> None:
    """Approve; exit with 1 and the reason when it may not be."""
    parser = argparse.ArgumentParser(prog="python -m governance.approve")
    parser.add_argument("release")
    parser.add_argument("--by", required=True)
    parser.add_argument("--folder", type=Path, default=Path("deploy/production"))
    options = parser.parse_args()
    try:
        approve(State(options.folder), options.release, by=options.by, said=read_human())
    except Refused as refused:
        raise SystemExit(str(refused)) from None
    print(f"release {options.release} is approved by {options.by}")


if __name__ == "__main__":
    main()
