"""The story of a replay as JSON, and as one HTML page that needs nothing else."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What happened in production</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }}
td {{ padding: .3rem .8rem; border-bottom: 1px solid #ddd; vertical-align: top }} svg {{ width: 100%; height: auto }}
.rollback, .contract, .quality {{ color: #a4161a }} .promoted, .recovered {{ color: #1b6e3c }}
</style>
<h1>What happened in production</h1>
<p>Brier score of the champion's newest labelled rows at each look (lower is better), beside what the release promised
(dashed). {failed} requests failed.</p>
{chart}
<table>{rows}</table>
</html>
"""


def chart(decisions: list[dict[str, Any]]) -> str:
    """Return the champion's quality over time as SVG."""
    looks = [one["numbers"] for one in decisions if one["kind"] == "champion" and one["numbers"]["newest_brier"]]
    if len(looks) < 2:
        return ""
    top = max(max(one["newest_brier"], one["promised"]) for one in looks) * 1.1

    def line(key: str) -> str:
        points = (
            f"{40 + 740 * at / (len(looks) - 1):.1f},{220 - 200 * one[key] / top:.1f}" for at, one in enumerate(looks)
        )
        return " ".join(points)

    return (
        '<svg viewBox="0 0 800 240" role="img" aria-label="Brier score over time">'
        f'<polyline points="{line("promised")}" fill="none" stroke="#888" stroke-dasharray="6 4"/>'
        f'<polyline points="{line("newest_brier")}" fill="none" stroke="#1d4e89" stroke-width="2"/>'
        f'<text x="0" y="24" font-size="12">{top:.2f}</text><text x="0" y="224" font-size="12">0</text></svg>'
    )


def write_report(content: dict[str, Any], folder: Path) -> None:
    """Write incidents.json and incidents.html to `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "incidents.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    rows = "".join(
        f'<tr class="{html.escape(one["event"].split(":")[0])}"><td>{one["batch"]}</td>'
        f"<td>{html.escape(one['event'])}</td></tr>\n"
        for one in content["timeline"]
    )
    page = PAGE.format(failed=content["failed_requests"], chart=chart(content["decisions"]), rows=rows)
    (folder / "incidents.html").write_text(page, encoding="utf-8")
