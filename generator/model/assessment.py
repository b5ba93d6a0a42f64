"""Nouns of the assessment: the bank, the answers and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.model.evidence import Exemption as Exemption
from generator.model.evidence import Finding, ProofCheck, Support
from generator.model.evidence import Proof as Proof
from generator.model.scale import GATES as GATES
from generator.model.scale import LEVELS as LEVELS
from generator.model.scale import SCALE as SCALE
from generator.model.scale import FactValue as FactValue
from generator.model.scale import Value as Value

if TYPE_CHECKING:
    from generator.model.panel import Panel
    from generator.model.plan import Phase


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a placement or a number comes from; `title` is never translated."""

    title: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Capability:
    """One verifiable statement, with the level that first requires it and its wording in one language."""

    id: str
    slug: str
    level: int
    dimension: str
    principles: tuple[str, ...]
    prerequisites: tuple[str, ...]
    effort: str
    risk_reduction: str
    ibm: str
    google: int | None
    microsoft: int | None
    ml_test_score: tuple[str, ...]
    sources: tuple[Source, ...]
    title: str
    question: str
    answers: Mapping[Value, str]
    example: str
    why: str
    next: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GateRule:
    """What gate `level` asks: from each group of keys one capability at `Rules.key_minimum` or better."""

    level: int
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The scoring rule as data: points per value, thresholds as shares of 1, gates in order 1..3.

    `doubt` is by how many steps of the scale an answer of confidence 0 to 3 may be wrong, either way. `weeks` an effort
    takes and a phase has (`phase_weeks`) shape the plan; `exemptions` are the reasons for accepting a gap, worded.
    """

    scoring_version: str
    points: Mapping[Value, float]
    key_minimum: float
    threshold: float
    max_not_applicable: float
    doubt: tuple[int, ...]
    gates: tuple[GateRule, ...]
    weeks: Mapping[str, int]
    phase_weeks: int
    exemptions: Mapping[str, str]

    def points_of(self, value: Value) -> float:
        """Return the points of `value`, 0 for unknown and not-applicable."""
        return self.points.get(value, 0.0)

    def enough(self, points: float, maximum: float) -> bool:
        """Return whether `points` reach the threshold's share of `maximum`."""
        return points >= self.threshold * maximum - 1e-9  # sums of quarters are exact, the product is not

    def keys(self, level: int) -> tuple[str, ...]:
        """Return every key capability of `level`, alternatives included."""
        return tuple(key for gate in self.gates if gate.level == level for group in gate.keys for key in group)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One question about the organization: `kind` is integer, boolean or choice."""

    id: str
    kind: str
    core: bool
    choices: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    question: str
    help: str
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """`fact` compared with `value`; `op` is one of ``== != <= >= < > in``. An absent fact satisfies none."""

    fact: str
    op: str
    value: FactValue | tuple[FactValue, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetRule:
    """When all of `when` hold: `level` is needed in `dimensions` (empty: overall), with these capabilities besides."""

    id: str
    when: tuple[Condition, ...]
    level: int
    dimensions: tuple[str, ...]
    capabilities: tuple[str, ...]
    published: bool
    sources: tuple[Source, ...]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CapRule:
    """When all of `when` hold, a target above `level` is capped at it, and the result says so."""

    id: str
    when: tuple[Condition, ...]
    level: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bank:
    """A question bank in one language, checked: ids unique, prerequisites known and without cycles."""

    version: str
    language: str
    dimensions: Mapping[str, str]
    principles: Mapping[str, str]
    capabilities: tuple[Capability, ...]
    rules: Rules
    facts: tuple[Fact, ...]
    target_rules: tuple[TargetRule, ...]
    cap_rules: tuple[CapRule, ...]

    def capability(self, id: str) -> Capability:  # noqa: A002 - the field's word
        """Return the capability called `id`; KeyError when there is none."""
        for capability in self.capabilities:
            if capability.id == id:
                return capability
        raise KeyError(id)

    def at(self, level: int) -> tuple[Capability, ...]:
        """Return the capabilities first required at `level`, in bank order."""
        return tuple(capability for capability in self.capabilities if capability.level == level)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer; `confidence` 0 (a guess) to 3 (certain); `reason` is required for not-applicable."""

    value: Value
    confidence: int | None = None
    evidence: tuple[Proof, ...] = ()
    reason: str | None = None
    exemption: Exemption | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Respondent:
    """Who answered; executives over-rate, so the role is kept beside the answers."""

    name: str | None = None
    role: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """One answers file: what one respondent says about one team on one day (ISO). A missing answer is unknown."""

    bank: str
    organization: str | None = None
    team: str | None = None
    date: str | None = None
    respondent: Respondent = field(default_factory=Respondent)
    profile: Mapping[str, FactValue] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballot:
    """One respondent's answers under a label of their own, and what looking at the evidence gave, by capability."""

    label: str
    answers: Answers
    checks: Mapping[str, tuple[ProofCheck, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class GateResult:
    """Whether gate `level` holds: `status` is passed, failed or not-assessable.

    `points` of `maximum` is what the non-key capabilities reach; `needed` is the least that passes;
    `coverage` is the share of this level's capabilities that have an answer other than unknown.
    """

    level: int
    status: str
    failed_keys: tuple[tuple[str, ...], ...]
    points: float
    maximum: float
    needed: float
    coverage: float

    @property
    def passed(self) -> bool:
        """Return whether the gate was awarded."""
        return self.status == "passed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A dimension or a principle: `score` 0..1 of the applicable points, None when nothing applies.

    `level` is the highest level whose required capabilities in this dimension all reach the key minimum,
    None where nothing is required yet.
    """

    id: str
    score: float | None
    level: int | None
    coverage: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Because:
    """Why a target is what it is: the rule, and the facts (name, value) that triggered it.

    `dimensions` are those the rule speaks about (empty: all); `published` whether a source says so, else it is ours.
    """

    rule: str
    level: int
    dimensions: tuple[str, ...] = ()
    published: bool = False
    facts: tuple[tuple[str, FactValue], ...]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The level the organization needs: overall, per dimension, with every fact that caused it and the cap if any.

    Where respondents give different facts `level` is the highest that anybody's facts ask for, `interval` the lowest
    and the highest.
    """

    level: int
    interval: tuple[int, int]
    because: tuple[Because, ...]
    cap: Because | None
    dimensions: Mapping[str, int]
    capabilities: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A capability that stands between the organization and a level: why it matters and what to do next."""

    capability: str
    level: int
    key: bool
    value: Value
    why: str
    next: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Everything `ladder score` knows.

    `values` holds every capability's value as it counts. `interval` is the level if doubt and unknowns went against the
    organization, and if they went for it; `evidenced_level` the level if answers without (sound) evidence counted as
    none; `exempted_level` the level if what live exemptions cover were half done. `claims` and `evidenced` count the
    answers that claim something, without and with evidence. `roadmap` leads to the next level, `plan` in phases to the
    target; `next_best` is the step with the largest risk reduction that can be taken now. `panel` is None for one
    respondent.
    """

    bank_version: str
    scoring_version: str
    organization: str | None
    team: str | None = None
    date: str | None = None
    values: Mapping[str, Value]
    level: int
    interval: tuple[int, int]
    evidenced_level: int
    exempted_level: int
    target: Target
    gates: tuple[GateResult, ...]
    dimensions: tuple[Profile, ...]
    principles: tuple[Profile, ...]
    gaps: tuple[Gap, ...]
    out_of_order: tuple[str, ...]
    roadmap: tuple[str, ...]
    plan: tuple[Phase, ...]
    next_best: str | None
    claims: int
    evidenced: int
    support: tuple[Support, ...]
    findings: tuple[Finding, ...]
    panel: Panel | None = None
