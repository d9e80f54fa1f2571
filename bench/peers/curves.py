"""Curves of a score against seconds of training: when they reach a target, and what several of them say together."""

import math
import statistics


def seconds_to(curve, target):
    """Seconds until a falling score first is at `target` or below; None if it never is.

    `curve`: [(seconds, score)] by ascending seconds. Between two points the logarithm of the score is a straight line.

    >>> seconds_to([(0, 400), (10, 100)], 200)
    5.0
    >>> seconds_to([(0, 400), (10, 100), (20, 300), (30, 50)], 100)
    10.0
    >>> seconds_to([(0, 90), (10, 50)], 100)
    0
    >>> seconds_to([(0, 400), (10, 100)], 99) is None
    True
    """
    before = None
    for seconds, score in curve:
        if score <= target:
            if before is None or before[1] == score:
                return seconds
            share = math.log(before[1] / target) / math.log(before[1] / score)
            return before[0] + share * (seconds - before[0])
        before = (seconds, score)
    return None


def best_of_all(curves):
    """The lowest score that every curve reaches, rounded up to three digits.

    >>> best_of_all([[(0, 400), (1, 87.61)], [(0, 500), (1, 12), (2, 30)]])
    87.7
    """
    worst = max(min(score for _, score in curve) for curve in curves)
    digits = 2 - math.floor(math.log10(worst))
    return math.ceil(worst * 10**digits) / 10**digits


def summary(values):
    """Mean, standard deviation (None below two) and range of those that are not None, and how many of how many these are.

    >>> summary([1.0, None, 3.0])
    {'mean': 2.0, 'sd': 1.4142135623730951, 'least': 1.0, 'most': 3.0, 'reached': 2, 'of': 3, 'each': [1.0, None, 3.0]}
    >>> summary([None])["mean"] is None
    True
    """
    there = [v for v in values if v is not None]
    return {
        "mean": statistics.mean(there) if there else None,
        "sd": statistics.stdev(there) if len(there) > 1 else None,
        "least": min(there, default=None),
        "most": max(there, default=None),
        "reached": len(there),
        "of": len(values),
        "each": values,
    }


def times_as_fast(ours, theirs):
    """Ratio of mean seconds, and its range over all pairs of runs; None unless all runs of both reach the target.

    >>> times_as_fast(summary([2.0, 4.0]), summary([9.0]))
    {'by_means': 3.0, 'least': 2.25, 'most': 4.5}
    """
    if ours["reached"] < ours["of"] or theirs["reached"] < theirs["of"] or not ours["least"] or not theirs["least"]:
        return None
    return {
        "by_means": theirs["mean"] / ours["mean"],
        "least": theirs["least"] / ours["most"],
        "most": theirs["most"] / ours["least"],
    }
