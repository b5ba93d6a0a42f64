"""How long 10,000 answers files take: written once in a temporary folder, read and scored, seconds printed.

python bench/portfolio.py [number of files]; the target is 10 seconds for 10,000 on a small machine.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from generator.assess.answersfile import dump_answers
from generator.assess.bank import load_bank
from generator.assess.portfolio import read_portfolio
from generator.model.assessment import SCALE, Answer, Answers, Proof, Respondent, Value

BANK = load_bank()


def an_answer(chance: random.Random) -> Answer:
    """Return one answer, every other one with evidence of its own."""
    proofs = (
        (Proof(path=f"src/part{chance.randrange(10**6)}/train.py"),),
        (Proof(note=f"seen in meeting {chance.randrange(10**6)}"),),
        (),
        (),
    )
    return Answer(
        value=chance.choice([*SCALE, Value.UNKNOWN]),
        confidence=chance.choice([None, 0, 1, 2, 3]),
        evidence=chance.choice(proofs),
    )


def a_file(chance: random.Random, number: int) -> str:
    """Return one answers file as the tool writes it."""
    answers = Answers(
        bank=BANK.version,
        organization=f"Organization {number % 20}",
        team=f"Team {number % 2000}",
        date=f"{2022 + number // 2000}-0{1 + number % 9}-15",
        respondent=Respondent(name=f"Person {number}", role="engineer"),
        profile={
            "models_in_production": chance.randrange(9),
            "releases_per_year": chance.randrange(60),
            "team_size": chance.randrange(1, 12),
            "on_call": chance.random() < 0.5,
            "error_cost": chance.choice(["low", "medium", "high"]),
            "regulated": chance.random() < 0.2,
        },
        answers={capability.id: an_answer(chance) for capability in BANK.capabilities},
    )
    return dump_answers(answers)


def main(count: int) -> None:
    """Write, read and score `count` files, and print how long the last two took."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            Path(folder, f"{number:05}.yaml").write_text(a_file(chance, number), encoding="utf-8")
        wall, cpu = time.perf_counter(), time.process_time()
        portfolio = read_portfolio([Path(folder)], BANK)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert portfolio.files == count
    assert not portfolio.unread
    print(f"{count} files, {len(portfolio.trends)} teams: {wall:.2f} s, {cpu:.2f} s of CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
