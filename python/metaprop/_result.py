"""A pooled result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from metaprop import _native
from metaprop._arguments import Given, given, source
from metaprop._document import Document, Record, inline
from metaprop._errors import UsageError


class Result(Document):
    """A pooled result: every number of the document ``metaprop/1`` by its name.

    ``estimate``, ``lower``, ``upper``, ``y`` and ``se`` are those of the model that was asked for; ``tau2``, ``i2`` and
    ``q`` stand in ``heterogeneity`` too. Proportions are fractions, ``i2`` is in percent, and what does not exist is
    ``None``.

    Examples
    --------
    >>> import metaprop
    >>> result = metaprop.pool("@miller1978", measure="freeman-tukey")
    >>> result.k, round(result.estimate, 4), result.spec.measure
    (4, 0.3595, 'freeman-tukey')
    >>> result.studies[0].study, result.random.df
    ('Study 1', 3.0)
    >>> print(str(result).splitlines()[0])
    @miller1978: 4 studies, 20 events among 55 people
    """

    _ROWS: tuple[str, ...] = ("studies",)

    def __init__(self, inputs: tuple[Any, Given, int | None], native: Any = None) -> None:
        super().__init__({})
        self._inputs = inputs
        self._pooled = native

    @property
    def _native(self) -> Any:
        """The native result; pooled again after unpickling, when something asks for more than was kept."""
        if self._pooled is None:
            self._pooled = _native.pool(*self._inputs)
        return self._pooled

    def _made(self, what: str) -> Any:
        if what not in self._texts:
            self._texts[what] = getattr(self._native, what)()
        return self._texts[what]

    def to_json(self) -> str:
        """The document as ``metaprop pool --format json`` prints it."""
        return self._made("json")

    def to_markdown(self) -> str:
        """As ``metaprop pool --format md`` prints it."""
        return self._made("markdown")

    def to_html(self) -> str:
        """As a page that stands alone, as ``metaprop pool --format html`` prints it."""
        return self._made("html")

    def to_csv(self) -> str:
        """The table of studies as ``metaprop pool --format csv`` prints it."""
        return self._made("csv")

    def to_pandas(self) -> Any:
        """The studies as a ``pandas.DataFrame``, a row a study.

        Examples
        --------
        >>> import metaprop
        >>> frame = metaprop.pool([8, 9], [12, 13], ["Alpha", "Beta"]).to_pandas()
        >>> list(frame["study"]), list(frame["events"])
        (['Alpha', 'Beta'], [8, 9])
        """
        return super().to_pandas()

    @property
    def _model(self) -> Record:
        document = self._document
        if document["spec"]["model"] == "common" or document["random"] is None:
            return document["common"]
        return document["random"]

    @property
    def estimate(self) -> float | None:
        """The pooled estimate: a fraction, or an estimate as the table has it."""
        return self._model["estimate"]

    @property
    def lower(self) -> float | None:
        """Its lower confidence limit."""
        return self._model["lower"]

    @property
    def upper(self) -> float | None:
        """Its upper confidence limit."""
        return self._model["upper"]

    @property
    def y(self) -> float | None:
        """The pooled estimate on the scale of the analysis."""
        return self._model["y"]

    @property
    def se(self) -> float | None:
        """Its standard error there."""
        return self._model["se"]

    @property
    def tau2(self) -> float | None:
        """The variance between studies, on the scale of the analysis."""
        return self._document["heterogeneity"]["tau2"]

    @property
    def i2(self) -> float | None:
        """I², in percent."""
        return self._document["heterogeneity"]["i2"]

    @property
    def q(self) -> float | None:
        """Cochran's Q."""
        return self._document["heterogeneity"]["q"]

    def forest(self, path: str | os.PathLike[str] | None = None, *, ax: Any = None, **options: Any) -> Any:
        """The forest plot.

        Parameters
        ----------
        path : path, optional
            A file to write, ending in ``.svg``; with ``page="a4"`` a long plot is divided, and its pages are
            ``name-1.svg``, ``name-2.svg`` and so on.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on, by matplotlib's conventions; then there is no text and no file.
        **options
            How it looks: ``theme="jama"``, ``width=178``, ``columns=["dose"]``, ``title="Relapse"``, … as on the command
            line (see :func:`metaprop.options`, heading Figures); with ``ax``, ``color`` and ``pooled_color``.

        Returns
        -------
        str or None or matplotlib.axes.Axes
            The text of the SVG; ``None`` where a file was written; the axes where some were given.

        Examples
        --------
        >>> import metaprop
        >>> result = metaprop.pool("@miller1978")
        >>> result.forest(theme="jama", width=178)[:4]
        '<svg'
        """
        if ax is not None:
            from metaprop._axes import draw

            return draw(self, ax, **options)
        asked = given(options)
        if path is None:
            return self._native.svg(asked)
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise UsageError(
                f"'{path.suffix}' is not a format that is written here\n  help: write .svg, or draw on axes of matplotlib "
                "(forest(ax=ax)) and save their figure"
            )
        pages = self._native.svg_pages(asked)
        for number, page in enumerate(pages, 1):
            target = path if len(pages) == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            target.write_text(page, encoding="utf-8", newline="\n")
        return None

    def figure(self) -> str:
        """The forest plot as SVG."""
        if "svg" not in self._texts:
            self._texts["svg"] = self._native.svg([])
        return self._texts["svg"]

    @property
    def reading(self) -> None:
        """A pooled result is read from a table and no sentence."""
        return None

    def __str__(self) -> str:
        return self._made("text").rstrip("\n")

    def _repr_html_(self) -> str:
        return inline(self.figure())

    def __getstate__(self) -> dict[str, Any]:
        table, choices, threads = self._inputs
        if self._pooled is not None:
            table = self._pooled.source()
        self.to_json()
        self._made("text")
        return {"inputs": (table, choices, threads), "texts": dict(self._texts)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._inputs, self._pooled = state["inputs"], None


def pooled(table: Any, choices: dict[str, Any]) -> Result:
    """The result of a table."""
    threads = choices.pop("threads", None)
    inputs = (source(table), given(choices), threads)
    return Result(inputs, _native.pool(*inputs))
