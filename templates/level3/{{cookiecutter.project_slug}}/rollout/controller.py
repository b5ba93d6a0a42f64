"""Start a canary, promote, abort, roll back: what may happen, checked before it does."""

from __future__ import annotations

from typing import Any

from serving.app import load
from serving.releases import ReleaseError, Releases

from .state import Refused, State, now


class Controller:
    """The only one who moves pointers of an environment."""

    def __init__(self, state: State, releases: Releases) -> None:
        self.state = state
        self.releases = releases

    def register(self, release: str, *, author: str) -> None:
        """Remember who made a release; approval must come from somebody else."""
        with self.state.transaction() as database:
            database.execute("INSERT OR IGNORE INTO release VALUES (?, ?, ?)", (release, author, now()))

    def first(self, release: str, *, by: str) -> None:
        """Let an approved release be the first champion."""
        seen = self.state.serving()
        if seen.champion:
            raise Refused(f"release {seen.champion} serves already; offer {release} as a canary")
        self._usable(release)
        self.state.switch("champion", release, seen=seen, event="first champion", detail={"by": by})

    def start_canary(self, release: str, *, share: float, by: str) -> None:
        """Give an approved release a share of the rows."""
        seen = self.state.serving()
        if seen.champion is None:
            raise Refused("nothing serves yet; there is nothing to compare a canary with")
        if seen.canary:
            raise Refused(f"release {seen.canary} is the canary; one at a time")
        if release == seen.champion:
            raise Refused(f"release {release} is the champion already")
        if self.open_incidents():
            raise Refused("an incident is open; close it before a new release meets traffic")
        self._usable(release)
        self.state.switch("canary", release, seen=seen, event="canary started", detail={"share": share, "by": by})

    def promote_canary(self, evidence: dict[str, Any]) -> None:
        """Let the canary be champion; the numbers that decided go into the audit record."""
        seen = self.state.serving()
        if seen.canary:
            self._loads(seen.canary)
            detail = {"from": seen.champion, "evidence": evidence}
            self.state.switch("champion", seen.canary, seen=seen, event="canary promoted", detail=detail)

    def abort_canary(self, evidence: dict[str, Any], *, quarantine: bool) -> None:
        """End the canary; the champion answers everything again. Without a canary nothing happens."""
        seen = self.state.serving()
        if seen.canary is None:
            return
        detail = {"from": seen.canary, "share": 0.0, "evidence": evidence, "quarantined": quarantine}
        if quarantine:
            self._quarantine(seen.canary, "rejected as a canary")
        self.state.switch("canary", None, seen=seen, event="canary aborted", detail=detail)

    def open_incident(self, kind: str, detail: str) -> int:
        """Open an incident, or return the one of this kind that is open."""
        for id_, open_kind, _ in self.open_incidents():
            if open_kind == kind:
                return int(id_)
        with self.state.transaction() as database:
            values = (kind, detail, now())
            row = database.execute("INSERT INTO incident (kind, detail, opened) VALUES (?, ?, ?)", values)
            return int(row.lastrowid or 0)

    def close_incident(self, incident: int, *, by: str) -> None:
        """Close an incident."""
        with self.state.transaction() as database:
            database.execute("UPDATE incident SET closed = ? WHERE id = ?", (f"{now()} {by}", incident))

    def open_incidents(self) -> list[tuple[Any, ...]]:
        """Return id, kind and number of rollbacks of every open incident."""
        return self.state.query("SELECT id, kind, rollbacks FROM incident WHERE closed IS NULL ORDER BY id")

    def roll_back(self, incident: int, evidence: dict[str, Any]) -> str:
        """Go back to the newest earlier champion that still loads, and return it; at most once an incident.

        Refused when this incident had its rollback (then the state is frozen and a person is needed) or nothing earlier
        can serve.
        """
        done = self.state.query("SELECT rollbacks FROM incident WHERE id = ? AND closed IS NULL", incident)
        if not done or done[0][0] >= 1:
            raise Refused("this incident had its automatic rollback or is closed; a person has to decide now")
        seen = self.state.serving()
        target = self._last_good(seen.champion)
        if target is None:
            raise Refused("no earlier release can serve; a person has to decide now")
        with self.state.transaction() as database:
            database.execute("UPDATE incident SET rollbacks = rollbacks + 1 WHERE id = ?", (incident,))
        if seen.champion:
            self._quarantine(seen.champion, f"rolled back in incident {incident}")
        detail = {"from": seen.champion, "incident": incident, "evidence": evidence}
        self.state.switch("champion", target, seen=seen, event="rolled back", detail=detail)
        return target

    def is_quarantined(self, release: str) -> bool:
        """Return whether a release was rejected by evidence; only a person lifts that."""
        return bool(self.state.query("SELECT 1 FROM quarantine WHERE release = ?", release))

    def _last_good(self, champion: str | None) -> str | None:
        query = (
            "SELECT json_extract(detail, '$.release') FROM audit "
            "WHERE event IN ('first champion', 'canary promoted', 'rolled back') ORDER BY seq DESC"
        )
        for (release,) in self.state.query(query):
            if release != champion and not self.is_quarantined(release):
                try:
                    self._loads(release)
                except Refused:
                    continue
                return str(release)
        return None

    def _usable(self, release: str) -> None:
        if self.is_quarantined(release):
            raise Refused(f"release {release} is in quarantine; evidence rejected it before")
        if not self.state.query("SELECT 1 FROM approval WHERE release = ?", release):
            raise Refused(f"release {release} is not approved; run python -m governance.approve {release}")
        self._loads(release)

    def _loads(self, release: str) -> None:
        try:
            load(self.releases, release)
        except ReleaseError as error:
            raise Refused(str(error)) from None

    def _quarantine(self, release: str, why: str) -> None:
        with self.state.transaction() as database:
            database.execute("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?)", (release, why, now()))
