"""Is the audit log whole? ``python -m governance.audit``; names the first record that is not as it was written.

A hash chain shows edited, removed and reordered records, but not a tail cut off or a chain written anew: for that the
newest digest is kept outside, in an anchor file that belongs somewhere the log's owner cannot write.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rollout.state import GENESIS, State, chain


def verify(records: list[dict[str, Any]], anchor: dict[str, Any] | None) -> str:
    """Return what is wrong with the records, or nothing when they are as they were written."""
    previous = GENESIS
    for place, record in enumerate(records, 1):
        expected = chain(previous, place, record["at"], record["event"], record["detail"])
        if record["seq"] != place or record["previous"] != previous or record["digest"] != expected:
            return f"record {place} is not the one that was written ({record['event']})"
        previous = record["digest"]
    if anchor is None:
        return ""
    if len(records) < anchor["records"]:
        return f"{anchor['records'] - len(records)} records at the end are gone"
    held = records[anchor["records"] - 1]["digest"] if anchor["records"] else GENESIS
    return "" if held == anchor["digest"] else "the log was written anew: its digest is not the anchored one"


def anchor(state: State, path: Path) -> None:
    """Write the newest digest to `path`."""
    records = state.audit()
    digest = records[-1]["digest"] if records else GENESIS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"records": len(records), "digest": digest}) + "\n", encoding="utf-8")


def main() -> None:
    """Check the log, or write the anchor; exit with 1 and what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m governance.audit")
    parser.add_argument("--folder", type=Path, default=Path("deploy/production"))
    parser.add_argument("--anchor", type=Path, default=Path("audit-anchor.json"))
    parser.add_argument("--write-anchor", action="store_true")
    options = parser.parse_args()
    state = State(options.folder)
    known = json.loads(options.anchor.read_text(encoding="utf-8")) if options.anchor.exists() else None
    wrong = verify(state.audit(), known)
    if wrong:
        raise SystemExit(wrong)
    if options.write_anchor:
        anchor(state, options.anchor)
    print(f"{len(state.audit())} records, whole{'' if known else '; no anchor, a cut tail would not be seen'}")


if __name__ == "__main__":
    main()
