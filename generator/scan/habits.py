"""What code does without a library to tell it by, judged from comparisons, calls and the statements it sends.

A name of a file or a job shows nothing. A name in a comparison or of a function counts only together with a structure:
a metric beside a limit, a hash beside a share, a function of that name which computes, refuses or writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.model.scan import Act, Call, Comparison, Function, Module


def _words(written: str) -> re.Pattern[str]:
    """Return a pattern for any of the words in `written` as a whole part of a dotted or underscored name."""
    return re.compile(rf"(?:^|[._])(?:{'|'.join(written.split())})(?=[._\d]|$)", re.IGNORECASE)


METRIC = _words(
    """acc accuracy auc roc_auc f1 f1_score precision recall rmse mse mae mape r2 r2_score brier log_loss logloss loss
    score perplexity bleu rouge map50 iou gain metrics?"""
)
LIMIT = _words("thresholds? limits? min minimum max maximum floor target required margin acceptable cutoff")
RIVAL = _words("champion production prod current deployed previous incumbent best old latest serving paired_difference")
SPEED = _words("p50 p90 p95 p99 latency latencies milliseconds elapsed_ms duration_ms response_time")
SHARE = _words("share weight percent percentage ratio fraction traffic rollout split canary_share")
AGE = _words("age stale staleness freshness max_age days_old model_age schedule_days")
DRIFT = _words("psi drift drifted ks_test divergence population_stability wasserstein jensen_shannon")
BACK = re.compile(r"^_?(roll_?back|revert|undo)(_\w+)?$", re.IGNORECASE)
APPROVE = re.compile(r"^_?(approve|require_approval|check_approval)(_\w+)?$", re.IGNORECASE)
NUMERIC = ("numpy.", "scipy.", "pandas.", "math.", "polars.")
DICE = ("hashlib.", "random.", "numpy.random.", "hash", "zlib.crc32", "mmh3.")
INSERT = re.compile(r"INSERT\s+INTO\s+\w*(predict|inference|scor|request)", re.IGNORECASE)
JOIN = re.compile(r"\bJOIN\s+\w*(predict|label|outcome|ground_truth|actual)", re.IGNORECASE)
CARD = re.compile(r"^#+\s*model card", re.IGNORECASE)
SWITCH = ("os.replace", "os.rename", "os.symlink", "shutil.copytree", "shutil.move", "shutil.copy")
SWITCHING = (".rename", ".replace", ".symlink_to")


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """Something a module does, and the line that shows it."""

    act: Act
    line: int
    what: str


def habits(module: Module) -> Iterator[Habit]:
    """Yield what the structure of `module` shows."""
    for comparison in module.comparisons:
        act = of_comparison(comparison, module)
        if act:
            yield Habit(act=act, line=comparison.line, what=f"{comparison.left} / {comparison.right}")
    for function in module.functions:
        for act in of_function(function, module):
            yield Habit(act=act, line=function.first, what=f"{function.name}()")
    yield from _of_texts(module)
    yield from _of_routes(module)
    yield from _guards(module)


def of_comparison(comparison: Comparison, module: Module) -> Act | None:
    """Return what an order comparison decides: a gate, a contest, a limit of speed or age, or who meets a canary."""
    sides = (comparison.left, comparison.right)

    def either(words: re.Pattern[str]) -> bool:
        return any(words.search(side) for side in sides)

    limited = either(LIMIT) or any(re.fullmatch(r"=-?[\d.e-]+", side) for side in sides)
    if (either(METRIC) and either(RIVAL)) or (limited and _judges_two(comparison.inside, module)):
        return Act.COMPARES
    if either(METRIC) and limited:
        return Act.GATES
    if either(SPEED) and limited:
        return Act.LOAD_TESTS
    if either(AGE):
        return Act.LIMITS_STALENESS
    if either(SHARE) and any(call.name.startswith(DICE) for call in _inside(comparison.inside, module)):
        return Act.SPLITS_TRAFFIC
    return None


def _judges_two(function: str, module: Module) -> bool:
    """Return whether a function is given the model that serves and another one."""
    found = next((one for one in module.functions if one.name == function), None)
    return found is not None and len(found.parameters) > 1 and any(map(RIVAL.search, found.parameters))


def of_function(function: Function, module: Module) -> Iterator[Act]:
    """Yield what a function does: its name only says which, its body has to do it."""
    calls = _inside(function.name, module)
    if DRIFT.search(function.name) and any(call.name.startswith(NUMERIC) for call in calls):
        yield Act.DETECTS_DRIFT
    if BACK.search(function.name) and calls and function.refuses:
        yield Act.ROLLS_BACK
    if APPROVE.search(function.name) and function.refuses:
        yield Act.APPROVES


def switches(module: Module) -> frozenset[str]:
    """Return the functions of `module` that put a file or folder in the place of another, directly or by each other."""
    found = {call.inside for call in module.calls if _is_switch(call)}
    for _ in range(3):
        found |= {call.inside for call in module.calls if call.name.rsplit(".", 1)[-1] in found}
    return frozenset(found - {"", "add", "get", "set", "update", "write", "save", "main", "build", "run", "__init__"})


def _is_switch(call: Call) -> bool:
    return call.name.startswith(SWITCH) or (call.name.endswith(SWITCHING) and len(call.literals) < 2)


def _inside(function: str, module: Module) -> list[Call]:
    return [call for call in module.calls if call.inside == function]


def _of_texts(module: Module) -> Iterator[Habit]:
    patterns = ((INSERT, Act.LOGS_PREDICTIONS), (JOIN, Act.MEASURES_LIVE_QUALITY), (CARD, Act.DOCUMENTS_MODEL))
    for said in module.texts:
        for pattern, act in patterns:
            if pattern.search(said.text):
                yield Habit(act=act, line=said.line, what=said.text.split("\n")[0][:60])


def _of_routes(module: Module) -> Iterator[Habit]:
    for call in module.calls:
        routed = call.name.rsplit(".", 1)[-1] in {"get", "route", "mount", "add_route"}
        if routed and call.literals[:1] in {("/metrics",), ("/metrics/",)}:
            yield Habit(act=Act.MEASURES_SERVICE, line=call.line, what=call.literals[0])


def _guards(module: Module) -> Iterator[Habit]:
    """Yield a rollback that a comparison with a limit decides."""
    back = [call for call in module.calls if BACK.search(call.name.rsplit(".", 1)[-1])]
    limits = [one for one in module.comparisons if LIMIT.search(one.left) or LIMIT.search(one.right)]
    if back and limits:
        yield Habit(act=Act.GUARDS_RELEASE, line=back[0].line, what=f"{back[0].name}()")
