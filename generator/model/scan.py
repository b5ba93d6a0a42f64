"""Nouns of the scan: facts read from files, what they do, and the evidence that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Outcome(StrEnum):
    """The answer to a probe; `not-seen` says that it may live outside what was scanned."""

    YES = "yes"
    NO = "no"
    NOT_SEEN = "not-seen"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"


class Grade(IntEnum):
    """How strong evidence is: mentioned in prose or names, declared, wired to what runs, exercised in the history."""

    E0 = 0
    E1 = 1
    E2 = 2
    E3 = 3


class Kind(StrEnum):
    """What a tree is; only a project has a level of its own."""

    PROJECT = "project"
    NOT_ML = "not-ml"
    LIBRARY = "library"
    TEMPLATE = "template"
    COLLECTION = "collection"


class Act(StrEnum):
    """What a command, a call, an action or a declared resource does."""

    ACQUIRES = "acquires"
    PREPARES = "prepares"
    VALIDATES_DATA = "validates-data"
    VERSIONS_DATA = "versions-data"
    TRAINS = "trains"
    EVALUATES = "evaluates"
    RUNS_PIPELINE = "runs-pipeline"
    READS_PARAMETERS = "reads-parameters"
    LOGS_PARAMETERS = "logs-parameters"
    TRACKS = "tracks"
    PACKAGES = "packages"
    REGISTERS = "registers"
    PROMOTES = "promotes"
    RECORDS_LINEAGE = "records-lineage"
    PINS = "pins"
    TESTS = "tests"
    LOAD_TESTS = "load-tests"
    LINTS = "lints"
    FINDS_SECRETS = "finds-secrets"
    AUDITS = "audits"
    GATES = "gates"
    COMPARES = "compares"
    SERVES = "serves"
    DEPLOYS = "deploys"
    PROVISIONS = "provisions"
    SCALES = "scales"
    PROBES_HEALTH = "probes-health"
    ROLLS_BACK = "rolls-back"
    GUARDS_RELEASE = "guards-release"
    SPLITS_TRAFFIC = "splits-traffic"
    MEASURES_SERVICE = "measures-service"
    ALERTS = "alerts"
    LOGS_PREDICTIONS = "logs-predictions"
    DETECTS_DRIFT = "detects-drift"
    MEASURES_LIVE_QUALITY = "measures-live-quality"
    SIGNALS_RETRAINING = "signals-retraining"
    LIMITS_STALENESS = "limits-staleness"
    SLICES = "slices"
    MEASURES_FAIRNESS = "measures-fairness"
    DOCUMENTS_MODEL = "documents-model"
    DOCUMENTS_FEATURES = "documents-features"
    SHARES_FEATURES = "shares-features"
    PROTECTS_DATA = "protects-data"
    SIGNS = "signs"
    LIMITS_ACCESS = "limits-access"
    APPROVES = "approves"
    OWNS = "owns"


class Trigger(StrEnum):
    """What starts a task."""

    PUSH = "push"
    PULL_REQUEST = "pull-request"
    TAG = "tag"
    RELEASE = "release"
    SCHEDULE = "schedule"
    SIGNAL = "signal"
    AFTER = "after"
    CALL = "call"
    HAND = "hand"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Place:
    """Where something stands: a file, relative to the scanned root, and its lines (from 1)."""

    file: str
    first: int = 1
    last: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One simple command as the shell would run it; `swallowed` when its failure goes unseen."""

    words: tuple[str, ...]
    place: Place
    swallowed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A ready-made step that a task takes: an action, plugin, operator or task by its published name."""

    name: str
    place: Place
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A unit that runs commands: a CI job, a pipeline stage, a make target, a script, an image.

    `file` is the file a caller names to run it, `name` its name there. `follows` names tasks of the same file that run
    before it, `runs` what it starts besides its commands: files (a reusable workflow, a script) or `file#name`.
    """

    kind: str
    ecosystem: str
    name: str
    place: Place
    triggers: frozenset[Trigger] = frozenset()
    commands: tuple[Command, ...] = ()
    uses: tuple[Use, ...] = ()
    runs: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    environment: str = ""
    approved: bool = False
    off: str = ""

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.place.file


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call site in code: the dotted name with imports and simple assignments resolved, and the function it is in."""

    name: str
    line: int
    inside: str = ""
    keywords: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """An order comparison in code: the dotted names, or literals, on its sides."""

    left: str
    right: str
    line: int
    inside: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Function:
    """A function or method: its lines, and whether it can refuse (raises, or exits with a failure)."""

    name: str
    first: int
    last: int
    parameters: tuple[str, ...] = ()
    refuses: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A string constant in code."""

    text: str
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """A Python source or notebook as far as its syntax tells: nothing of it is run."""

    path: str
    imports: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    commands: tuple[Command, ...] = ()
    functions: tuple[Function, ...] = ()
    texts: tuple[Said, ...] = ()
    main: int = 0
    refuses: int = 0
    asserts: int = 0
    notebook: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A declared dependency, by its normalized name."""

    name: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """Something a file declares in a vocabulary of its own: `type` is that of the ecosystem, as `k8s:Deployment`."""

    type: str
    name: str
    place: Place
    fields: Mapping[str, str] = field(default_factory=dict)


Fact = Task | Module | Package | Resource


@dataclass(frozen=True, kw_only=True, slots=True)
class Skip:
    """Something that was not read, and why (a key of the catalogue's room `scan`)."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """A sentence of the catalogue with its fields, said in the reader's language."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What a scan says of one capability; a yes has at least one place, everything has a why."""

    capability: str
    outcome: Outcome
    grade: Grade
    why: Why
    where: tuple[Place, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A scan: `level` is what is visible in the trees, None where a level would mean nothing."""

    roots: tuple[str, ...]
    kind: Kind
    level: int | None
    interval: tuple[int, int] | None
    because: Why
    evidence: tuple[Evidence, ...]
    files: int = 0
    skipped: tuple[Skip, ...] = ()
    parts: tuple[Report, ...] = ()
