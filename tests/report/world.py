"""The answers that the tests of documents are about: one plain person, and two with everything hostile in them."""

from __future__ import annotations

import json
from pathlib import Path

from generator.assess.answersfile import save_answers
from generator.assess.bank import load_bank
from generator.documents import document
from generator.model.assessment import Answer, Answers, Respondent, Value
from generator.model.evidence import Exemption, Proof

HOSTILE = (
    "<script>pwned()</script><img src=x onerror=pwned()> | **bold** `x` [a](javascript:pwned()) $x$ {{ 7*7 }} 航空"
)
FORMULA = '=HYPERLINK("http://example.org","x")'
BANK = load_bank()


def plain(folder: Path) -> Path:
    """Return a file of one respondent who holds everything of level 1 and some of level 2."""
    answers = {c.id: Answer(value=Value.ALL, evidence=(Proof(note="seen"),)) for c in BANK.at(1)}
    answers |= {c.id: Answer(value=Value.SOME, confidence=2) for c in BANK.at(2)[:6]}
    answers["C46"] = Answer(value=Value.NOT_APPLICABLE, reason="no decision about people")
    path = folder / "plain.yaml"
    profile = {"models_in_production": 5, "error_cost": "high", "on_call": True, "team_size": 4}
    save_answers(
        path, Answers(bank=BANK.version, organization="Acme", date="2026-11-24", profile=profile, answers=answers)
    )
    return path


def hostile(folder: Path) -> list[Path]:
    """Return the files of two respondents who disagree, with markup, formulas and both scripts in every free text."""
    proofs = (Proof(note=HOSTILE), Proof(url="https://example.org/?a=1&b='2'|"), Proof(path="gone/<i>.txt"))
    first = {c.id: Answer(value=Value.ALL, confidence=1, evidence=proofs) for c in BANK.capabilities[:20]}
    second = {c.id: Answer(value=Value.NONE) for c in BANK.capabilities[:12]}
    exemption = Exemption(reason="accepted-risk", until="2099-01-31", note=FORMULA)
    second["C24"] = Answer(value=Value.SOME, exemption=exemption)
    paths = []
    for number, (answers, name) in enumerate(((first, HOSTILE), (second, FORMULA)), 1):
        path = folder / f"hostile-{number}.yaml"
        who = Respondent(name=name, role=f"role {number} {HOSTILE}")
        save_answers(
            path,
            Answers(
                bank=BANK.version,
                organization=HOSTILE,
                respondent=who,
                profile={"models_in_production": number, "error_cost": "high", "on_call": True},
                answers=answers,
            ),
        )
        paths.append(path)
    return paths


def portfolio(folder: Path) -> Path:
    """Return a folder: three teams, one over four days of which one was scored by an older rule, one file broken."""
    home = folder / "portfolio"
    home.mkdir()
    for team, reach in (("Ground", (0, 1, 2)), ("Air | <b>", (2,)), ("航线", (1,))):
        for year, level in enumerate(reach, 2024):
            held = {c.id: Answer(value=Value.ALL) for c in BANK.capabilities if c.level <= level}
            answers = Answers(
                bank=BANK.version,
                organization="Acme",
                team=team,
                date=f"{year}-11-24",
                profile={"models_in_production": 5, "error_cost": "medium", "on_call": True, "team_size": 4},
                answers=held,
            )
            save_answers(home / f"{team.split()[0]}-{year}.yaml", answers)
    first = home / "Ground-2024.yaml"
    older = json.loads(document([first], "json")) | {"scoring_version": "0", "date": "2023-11-24"}
    (home / "Ground-2023.json").write_text(json.dumps(older), encoding="utf-8")
    (home / "broken.yaml").write_text("schema: [", encoding="utf-8")
    return home
