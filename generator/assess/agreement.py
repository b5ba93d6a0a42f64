"""How far several respondents agree: statistics of ratings 0, 1, 2, 3 (none, some, most, all), as published.

Own code, because the maintained package for alpha needs NumPy, which weighs more than this whole tool; the tests hold
it against that package and against published examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product
from statistics import mean, pvariance, variance

from generator.model.panel import Alpha

OPTIONS = 4
FEWEST_UNITS = 10
"""Below this alpha is noise and is not given; ours, after the warning that it needs variation across units."""

Ratings = Sequence[int]
Distance = Callable[[int, int], float]


def r_wg(ratings: Ratings, options: int = OPTIONS) -> float:
    """Return 1 - s2 / ((A2 - 1) / 12), two or more ratings needed; negative where they differ more than at random.

    James, Demaree and Wolf 1984, single item: s2 is the sample variance; the null is that all A options are equally
    likely.
    """
    return 1 - variance(ratings) / ((options**2 - 1) / 12)


def r_wg_star(ratings: Ratings, options: int = OPTIONS) -> float:
    """Return 1 - s2 / s2max, from 0 (half at each end of the scale) to 1 (all the same).

    Lindell and Brandt 1999: s2max is ((A - 1) / 2)2, reached when the raters split between the ends. The variance is
    that of the raters themselves (division by n), else a pair at both ends would fall below 0.
    """
    return 1 - pvariance(ratings) / ((options - 1) / 2) ** 2


def r_wg_star_items(items: Sequence[Ratings], options: int = OPTIONS) -> float:
    """Return r*wg(J): 1 minus the mean of the items' variances over the largest possible (Lindell and Brandt 1999)."""
    return 1 - mean(pvariance(item) for item in items) / ((options - 1) / 2) ** 2


def average_deviation(ratings: Ratings) -> float:
    """Return the mean distance of the ratings from their mean, in steps (AD_M: Burke, Finkelstein and Dusig 1999)."""
    centre = mean(ratings)
    return mean(abs(rating - centre) for rating in ratings)


def is_disputed(ratings: Ratings, options: int = OPTIONS) -> bool:
    """Return whether ratings lie two steps apart, or deviate by more than A / 6 (Burke and Dunlap 2002)."""
    return max(ratings) - min(ratings) >= 2 or average_deviation(ratings) > options / 6


def alpha(units: Sequence[Sequence[int | None]]) -> Alpha:
    """Return the ordinal alpha of `units`, each a rating (or None) from every coder, in the same order of coders."""
    rated = [unit for unit in units if sum(rating is not None for rating in unit) >= 2]
    values = [[rating for rating in unit if rating is not None] for unit in rated]
    coders = sum(any(rating is not None for rating in column) for column in zip(*rated, strict=True))
    pairable = [rating for unit in values for rating in unit]
    why = "few-units" if len(rated) < FEWEST_UNITS else "no-variation" if len(set(pairable)) < 2 else ""
    value = None if why else krippendorff(values, ordinal(Counter(pairable)))
    return Alpha(value=value, units=len(rated), coders=coders, values=len(pairable), why=why)


def krippendorff(units: Sequence[Ratings], distance: Distance) -> float:
    """Return 1 - Do / De over units of two or more ratings that are not all the same.

    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C (any number of observers, any metric,
    missing data); `distance` is the squared difference of two ratings.
    """
    counts = Counter(rating for unit in units for rating in unit)
    total = counts.total()
    observed = sum(sum(distance(a, b) for a, b in product(unit, repeat=2)) / (len(unit) - 1) for unit in units)
    expected = sum(counts[a] * counts[b] * distance(a, b) for a, b in product(counts, repeat=2))
    return 1 - (total - 1) * observed / expected


def ordinal(counts: Counter[int]) -> Distance:
    """Return the ordinal metric for ratings that occur `counts` times: how many lie between two of them, squared."""

    def distance(a: int, b: int) -> float:
        low, high = sorted((a, b))
        between = sum(count for rating, count in counts.items() if low <= rating <= high)
        return 0.0 if a == b else (between - (counts[a] + counts[b]) / 2) ** 2

    return distance
