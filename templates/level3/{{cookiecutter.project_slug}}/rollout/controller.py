"""Every move of a release in production: propose, start as canary, promote, roll back, abort.

``python -m rollout.controller {propose,start,promote,rollback,abort,status,close,adopt} --environment production``
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Any

from delivery.deploy import read_decision
from delivery.environments import Environment, actor, read_environment
from delivery.smoke import smoke
from serving.releases import ReleaseError

from . import artefacts
from .lease import ConflictError
from .state import Pointer, State, now

CHANGE, RETRAINING = "change", "retraining"
BLOCKING = ("contract", "champion")  # while one of these is open, nothing is promoted or retrained


class RefusedError(Exception):
    """A move that is not allowed; the message says why and what next."""


class Controller:
    """The moves of one environment; each is verified first and leaves every number that decided."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.state = State(environment.folder)

    def propose(self, package: Path, decision: dict[str, Any], *, author: str, origin: str = CHANGE) -> str:
        """Copy an accepted package in and register it under its author's name; return its release id."""
        release = artefacts.require_sound(package)
        manifest = _manifest(package)
        reason = self.state.quarantined(manifest["model"])
        if reason:
            raise RefusedError(
                f"release {release} holds a model that was rejected before: {reason}; build a different one"
            )
        if decision.get("candidate") != release or decision.get("accepted") is not True:
            raise RefusedError(f"the gate did not accept release {release}; run python -m delivery.gate")
        with self.state.turn():
            artefacts.collect(self.environment.releases)
            artefacts.keep(self.environment.releases, package)
        if self.state.release(release) is None:
            self.state.record(
                author,
                "proposed",
                {"release": release, "model": manifest["model"], "origin": origin, "gate": decision["checks"]},
                ("INSERT INTO release VALUES (?, ?, ?, ?, ?)", (release, manifest["model"], author, origin, now())),
            )
        return release

    def approve(self, release: str, approver: str) -> None:
        """Approve one release with the model file it holds now; its author may not."""
        model, author, _ = self._proposed(release)
        if approver.strip().casefold() == author.strip().casefold():
            raise RefusedError(f"{approver} proposed release {release}; somebody else has to approve it")
        if _manifest(self.environment.releases.path(release))["model"] != model:
            raise RefusedError(f"release {release} is not the file that was proposed")
        self.state.record(
            approver,
            "approved",
            {"release": release, "model": model},
            ("INSERT OR IGNORE INTO approval VALUES (?, ?, ?, ?)", (release, model, approver, now())),
        )

    def start(self, release: str, share: float, *, by: str) -> Pointer:
        """Let `release` answer a share of the rows; the first release of all becomes champion at once."""
        with self.state.turn() as turn:
            seen = self.state.pointer()
            self._may_serve(release)
            if seen.canary:
                raise RefusedError(f"release {seen.canary} is on trial; promote it or abort it first")
            if release == seen.champion:
                raise RefusedError(f"release {release} is champion already")
            self._no_incident("start a canary")
            self._try(release)
            first = seen.champion is None
            moved = self.state.move(
                seen,
                champion=release if first else seen.champion,
                canary=None if first else release,
                share=0.0 if first else share,
                actor=by,
                action="first release" if first else "canary started",
                numbers={"share": share},
                turn=turn,
            )
            self.mirror()
        return moved

    def promote(self, *, by: str, numbers: dict[str, Any]) -> Pointer:
        """Make the canary champion; it is verified and tried once more."""
        with self.state.turn() as turn:
            seen = self.state.pointer()
            if seen.canary is None:
                raise RefusedError("no canary is on trial; nothing to promote")
            self._no_incident("promote")
            self._may_serve(seen.canary)
            self._try(seen.canary)
            moved = self.state.move(
                seen,
                champion=seen.canary,
                canary=None,
                share=0.0,
                actor=by,
                action="promoted",
                numbers=numbers,
                turn=turn,
            )
            self.mirror()
        return moved

    def abort(self, *, by: str, why: str, numbers: dict[str, Any], reject: bool) -> Pointer:
        """End the canary's trial, the champion stays; without a canary nothing happens."""
        with self.state.turn() as turn:
            seen = self.state.pointer()
            if seen.canary is None:
                return seen
            model = self._proposed(seen.canary)[0]
            return self.state.move(
                seen,
                champion=seen.champion,
                canary=None,
                share=0.0,
                actor=by,
                action="canary rolled back" if reject else "canary aborted",
                numbers={"why": why, "release": seen.canary, **numbers},
                reject=(model, why) if reject else None,
                turn=turn,
            )

    def rollback(self, *, by: str, why: str, numbers: dict[str, Any], automatic: bool = True) -> Pointer:
        """Go back to the newest earlier champion that is whole and answers; once an incident by itself, then frozen."""
        with self.state.turn() as turn:
            seen = self.state.pointer()
            if seen.champion is None:
                raise RefusedError("nothing serves; nothing to roll back")
            incident = self.state.open_incident("champion", seen.champion, {"why": why, **numbers})
            if automatic and (incident.rollbacks or incident.frozen):
                self._freeze(incident.number, "one automatic rollback was not enough")
                raise RefusedError(
                    f"incident {incident.number} is frozen: it had its automatic rollback; a person has to decide"
                )
            target = self._last_good(seen.champion)
            if target is None:
                self._freeze(incident.number, "no earlier release is whole and answers")
                raise RefusedError(
                    f"there is no earlier release to go back to; {seen.champion} serves on, incident is frozen"
                )
            moved = self.state.move(
                seen,
                champion=target,
                canary=None,
                share=0.0,
                actor=by,
                action="rolled back",
                numbers={"why": why, "incident": incident.number, **numbers},
                reject=(self._proposed(seen.champion)[0], why),
                incident=incident.number,
                turn=turn,
            )
            self.mirror()
        return moved

    def mirror(self) -> None:
        """Let the pointer file that delivery reads follow the database; run again after a crash it changes nothing."""
        champion = self.state.pointer().champion
        if champion and self.environment.releases.current() != champion:
            self.environment.releases.point_to(champion, why="follows the rollout database")

    def _proposed(self, release: str) -> tuple[str, str, str]:
        row = self.state.release(release)
        if row is None:
            raise RefusedError(f"release {release} was never proposed; run python -m rollout.controller propose")
        return row

    def _may_serve(self, release: str) -> None:
        model, _, origin = self._proposed(release)
        reason = self.state.quarantined(model)
        if reason:
            raise RefusedError(f"release {release} is quarantined: {reason}")
        manifest = _manifest(self.environment.releases.path(release))
        if manifest["model"] != model:
            raise RefusedError(f"release {release} is not the file that was proposed")
        if not self.state.approvers(release, model) and not (origin == RETRAINING and self._recipe_approved(manifest)):
            raise RefusedError(f"nobody approved release {release}; run python -m governance.approve {release}")

    def _recipe_approved(self, manifest: dict[str, Any]) -> bool:
        """Whether an approved champion came of the same code and parameters: then only the data is new."""
        for release in self.state.champions():
            model = self._proposed(release)[0]
            known = _manifest(self.environment.releases.path(release))
            same = all(known["params"][part] == manifest["params"][part] for part in ("train", "evaluate"))
            if self.state.approvers(release, model) and same and known["code"] == manifest["code"]:
                return True
        return False

    def _last_good(self, present: str) -> str | None:
        for release in dict.fromkeys(self.state.champions()):
            if release == present or self.state.quarantined(self._proposed(release)[0]):
                continue
            try:
                self._try(release)
            except ReleaseError:
                continue
            return release
        return None

    def _try(self, release: str) -> None:
        artefacts.require_sound(self.environment.releases.path(release))
        smoke(self.environment, release)

    def _no_incident(self, what: str) -> None:
        for incident in self.state.incidents(*BLOCKING):
            raise RefusedError(f"incident {incident.number} ({incident.kind}) is open; close it before you {what}")

    def _freeze(self, number: int, why: str) -> None:
        self.state.record(
            "controller",
            "frozen",
            {"incident": number, "why": why},
            ("UPDATE incident SET frozen = 1 WHERE number = ?", (number,)),
        )


def _manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _propose_from(environment: Environment, controller: Controller) -> str:
    """Propose what serves in the environment before this one."""
    if environment.after is None:
        raise RefusedError(f"{environment.name} takes packages by python -m delivery.deploy")
    source = read_environment(environment.after)
    release = source.releases.current()
    if release is None:
        raise RefusedError(f"nothing serves in {source.name}; run python -m delivery.deploy")
    decision = read_decision(source.decisions / f"{release}.json", release)
    return controller.propose(source.releases.path(release), decision, author=actor())


def main() -> None:
    """Make one move; exit with 1 and the reason when it is refused."""
    parser = argparse.ArgumentParser(prog="python -m rollout.controller")
    moves = ["propose", "start", "promote", "rollback", "abort", "status", "close", "adopt"]
    parser.add_argument("move", choices=moves)
    parser.add_argument("--environment", default="production")
    parser.add_argument("--release", help="for start; what was proposed from staging when left out")
    parser.add_argument("--share", type=float, default=0.2, help="for start: the canary's share of the rows")
    parser.add_argument("--incident", type=int, help="for close")
    parser.add_argument("--reason", default="by hand", help="kept in the audit log")
    options = parser.parse_args()
    try:
        environment = read_environment(options.environment)
        controller = Controller(environment)
        print(_act(options, environment, controller))
    except (RefusedError, ConflictError, ReleaseError) as error:
        raise SystemExit(str(error)) from None
    except (sqlite3.Error, OSError) as error:
        raise SystemExit(f"the state in {options.environment} cannot be written ({error}); nothing was moved") from None


def _act(options: argparse.Namespace, environment: Environment, controller: Controller) -> str:
    if options.move == "propose":
        return f"release {_propose_from(environment, controller)} is proposed; somebody else approves it"
    if options.move == "start":
        release = options.release or _propose_from(environment, controller)
        controller.start(release, options.share, by=actor())
    elif options.move == "promote":
        controller.promote(by=actor(), numbers={"reason": options.reason})
    elif options.move == "rollback":
        controller.rollback(by=actor(), why=options.reason, numbers={}, automatic=False)
    elif options.move == "abort":
        controller.abort(by=actor(), why=options.reason, numbers={}, reject=False)
    elif options.move == "close":
        controller.state.close_incident(options.incident, actor(), options.reason)
    elif options.move == "adopt":
        controller.state.adopt(actor(), options.reason)
    controller.mirror()
    found = {"open": [asdict(incident) for incident in controller.state.incidents()]}
    return json.dumps(asdict(controller.state.pointer()) | found)


if __name__ == "__main__":
    main()
