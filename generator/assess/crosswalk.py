"""The same answers on other scales; never an equivalence, and the result says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.assess.reading import Values
from generator.model.assessment import Bank, Source, Value
from generator.model.crosswalk import Crosswalk, Rubric, Rung, Scale, Section
from generator.text import say

SCALES = {"google": (1, 2), "microsoft": (1, 2, 3, 4)}
"""Other scales -> their levels above 0."""

KEYS: Mapping[str, Mapping[int, tuple[tuple[str, ...], ...]]] = {
    "google": {1: (("C40", "C41"),), 2: (("C19",), ("C28",))},
    "microsoft": {3: (("C28",),), 4: (("C40", "C41"),)},
}
"""What names a level there, so that nothing else makes up for it; of each group one is enough. Google 1 is continuous
training, Google 2 CI/CD; Microsoft 3 is automated deployment, Microsoft 4 automated retraining (SOURCES, headings)."""

SOURCES = {
    "google": Source(
        title="Google, MLOps: Continuous delivery and automation pipelines in machine learning",
        url="https://cloud.google.com/architecture/mlops-continuous-delivery-and-automation-pipelines-in-machine-learning",
    ),
    "microsoft": Source(
        title="Microsoft, Machine Learning operations maturity model",
        url="https://learn.microsoft.com/azure/architecture/ai-ml/guide/mlops-maturity-model",
    ),
}

SECTIONS = ("D", "M", "I", "Mon")
"""The sections of the ML Test Score, seven tests each: data, model, infrastructure, monitoring."""

TESTS = 7

RUBRICS = (
    ("2016", 2, (0, 2, 4, 6, 11), Source(
        title="Breck et al. 2016, What's your ML Test Score? A rubric for ML production systems "
        "(NIPS workshop Reliable Machine Learning in the Wild)",
        url="https://research.google/pubs/whats-your-ml-test-score-a-rubric-for-ml-production-systems/",
    )),
    ("2017", 1, (0, 1, 2, 3, 5), Source(
        title="Breck et al. 2017, The ML Test Score: A Rubric for ML Production Readiness and Technical Debt Reduction "
        "(IEEE International Conference on Big Data)",
        url="https://research.google/pubs/the-ml-test-score-a-rubric-for-ml-production-readiness-and-technical-debt-reduction/",
    )),
)  # fmt: skip
"""Both published versions: points of a test done by hand and automatically (2016: 1 + 1, 2017: 0.5 + 0.5), and the
highest score of each band but the last. In 2016 11 lies between two bands; it is counted to the lower."""


def crosswalk(bank: Bank, values: Values) -> Crosswalk:
    """Return where the same answers stand on the scales of Google, Microsoft and the ML Test Score."""
    scales = tuple(_scale(bank, values, name) for name in SCALES)
    sections = tuple(_section(bank, values, name) for name in SECTIONS)
    levels = {scale.id: scale.level for scale in scales}
    return Crosswalk(
        google=levels["google"],
        microsoft=levels["microsoft"],
        ml_test_score=min(section.points for section in sections),
        scales=scales,
        sections=sections,
        rubrics=tuple(_rubric(sections, *version) for version in RUBRICS),
        asked=sum(len(section.tests) for section in sections),
        tests=TESTS * len(SECTIONS),
    )


def rubric_line(rubric: Rubric) -> str:
    """Return one version of the ML Test Score in one line: the score, at most, of how much, and its band."""
    numbers = {"least": f"{rubric.least:g}", "most": f"{rubric.most:g}", "highest": rubric.highest}
    return say("crosswalk.rubric", id=rubric.id, band=say(f"crosswalk.band-{rubric.band}"), **numbers)


def asked_at(bank: Bank, values: Values, scale: str, level: int) -> tuple[str, ...]:
    """Return the applicable capabilities that the texts of `scale` ask for first at its `level`."""
    return tuple(
        capability.id
        for capability in bank.capabilities
        if getattr(capability, scale) == level and values[capability.id] is not Value.NOT_APPLICABLE
    )


def section_points(bank: Bank, values: Values, section: str) -> dict[str, float]:
    """Return the points of each asked test of `section`, on the paper's scale of 0, 0.5 and 1.

    Where several capabilities touch one test the least counts: only then is the sum a lower bound.
    """
    least: dict[str, float] = {}
    for capability in bank.capabilities:
        for test in capability.ml_test_score:
            if test.rstrip("0123456789") == section:
                reached = bank.rules.points_of(values[capability.id]) * 2 // 1 / 2
                least[test] = min(least.get(test, 1.0), reached)
    return dict(sorted(least.items()))


def _scale(bank: Bank, values: Values, name: str) -> Scale:
    level, rungs = 0, []
    for number in SCALES[name]:
        asked = asked_at(bank, values, name, number)
        points = sum(bank.rules.points_of(values[id_]) for id_ in asked)
        failed = _failed(bank, values, KEYS[name].get(number, ()))
        held = bool(asked) and not failed and bank.rules.enough(points, len(asked))
        level = number if held and level == number - 1 else level
        missing = tuple(id_ for id_ in asked if bank.rules.points_of(values[id_]) < bank.rules.key_minimum)
        reached = level == number
        rungs.append(
            Rung(level=number, reached=reached, points=points, asked=asked, missing=missing, failed_keys=failed)
        )
    return Scale(id=name, level=level, highest=SCALES[name][-1], rungs=tuple(rungs), source=SOURCES[name])


def _failed(bank: Bank, values: Values, keys: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of which nothing is held; one of another bank that has none of its capabilities is left out."""
    least = bank.rules.key_minimum
    known = [tuple(id_ for id_ in group if id_ in values) for group in keys]
    return tuple(group for group in known if group and all(bank.rules.points_of(values[i]) < least for i in group))


def _section(bank: Bank, values: Values, name: str) -> Section:
    tests = section_points(bank, values, name)
    every = [f"{name}{number}" for number in range(1, TESTS + 1)]
    return Section(
        id=name, points=sum(tests.values()), tests=tests, not_asked=tuple(t for t in every if t not in tests)
    )


def _rubric(sections: tuple[Section, ...], id_: str, full: int, bands: tuple[int, ...], source: Source) -> Rubric:
    least = full * min(section.points for section in sections)
    most = full * min(section.points + len(section.not_asked) for section in sections)
    return Rubric(
        id=id_,
        least=least,
        most=most,
        band=_band(least, bands),
        most_band=_band(most, bands),
        highest=full * TESTS,
        source=source,
    )


def _band(score: float, bands: tuple[int, ...]) -> int:
    return sum(score > limit for limit in bands)
