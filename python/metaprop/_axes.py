"""A forest plot on the axes of matplotlib."""

from __future__ import annotations

from typing import Any

from metaprop._errors import UsageError

# The area of the square of the heaviest study, in points squared.
_LARGEST = 120.0


def draw(result: Any, ax: Any, *, color: Any = "0.25", pooled_color: Any = "C0") -> Any:
    """Draws studies with their intervals, the pooled results as diamonds, and the prediction interval.

    Everything is drawn in data coordinates: a row a study from the top, proportions as fractions on the axis.

    Parameters
    ----------
    result : Result
        What is drawn.
    ax : matplotlib.axes.Axes
        Where.
    color, pooled_color : color
        Of the studies, and of the pooled results.

    Returns
    -------
    matplotlib.axes.Axes
        The axes that were given.
    """
    if not hasattr(ax, "plot") or not hasattr(ax, "set_yticks"):
        raise UsageError(f"ax is an object of type {type(ax).__name__}\n  help: give axes of matplotlib: fig, ax = plt.subplots()")
    document = result._document
    rows: list[str] = []
    for study in document["studies"]:
        _study(ax, study, _weight(study, document["studies"]), len(rows), color)
        rows.append(study["study"])
    for label, summary in (("Common effect", document["common"]), ("Random effects", document["random"])):
        if summary is not None and summary["estimate"] is not None:
            _diamond(ax, summary, len(rows), pooled_color)
            rows.append(label)
    prediction = document["prediction"]
    if prediction is not None and prediction["lower"] is not None:
        ax.plot([prediction["lower"], prediction["upper"]], [len(rows)] * 2, color=pooled_color, linewidth=3)
        rows.append("Prediction")
    _finish(ax, rows, result, pooled_color)
    return ax


def _weight(study: Any, studies: list[Any]) -> float:
    key = "weight_common" if study["weight_random"] is None else "weight_random"
    weights = [other[key] or 0.0 for other in studies]
    return (study[key] or 0.0) / (max(weights) or 1.0)


def _study(ax: Any, study: Any, weight: float, row: int, color: Any) -> None:
    at = study.get("proportion")
    at = study.get("estimate") if at is None else at
    if study["lower"] is not None and study["upper"] is not None:
        ax.plot([study["lower"], study["upper"]], [row, row], color=color, linewidth=1)
    if at is not None:
        ax.scatter([at], [row], s=max(_LARGEST * weight, 4.0), marker="s", color=[color], zorder=3)


def _diamond(ax: Any, summary: Any, row: int, color: Any) -> None:
    middle = summary["estimate"]
    ends = [middle if summary[end] is None else summary[end] for end in ("lower", "upper")]
    ax.fill([ends[0], middle, ends[1], middle], [row, row - 0.3, row, row + 0.3], color=color)


def _finish(ax: Any, rows: list[str], result: Any, color: Any) -> None:
    if result.estimate is not None:
        ax.axvline(result.estimate, color=color, linewidth=0.8, linestyle=":", zorder=0)
    ax.set_yticks(range(len(rows)), labels=rows)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    generic = result.spec["measure"] == "generic"
    ax.set_xlabel("Estimate" if generic else "Proportion")
    if not generic:
        from matplotlib.ticker import PercentFormatter

        ax.xaxis.set_major_formatter(PercentFormatter(xmax=1))
