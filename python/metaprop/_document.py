"""Documents: what a result says, by attributes and by keys."""

from __future__ import annotations

import copy
import html
import json
from typing import Any


class Record(dict):
    """A part of a document: a dictionary whose keys are attributes too.

    >>> record = Record(tau2=0.25, i2=64.5)
    >>> record.tau2, record["i2"]
    (0.25, 64.5)
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no '{name}' here; there are {', '.join(self)}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


def parsed(text: str) -> Record:
    """A document with attributes; numbers have the bits that the text has."""
    return json.loads(text, object_hook=Record)


def plain(value: Any) -> Any:
    """A document without attributes: dictionaries, lists and numbers."""
    if isinstance(value, dict):
        return {key: plain(of_key) for key, of_key in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


class Document:
    """A result with its document; see ``metaprop list schemas`` of the program for what each has.

    Every key of the document is an attribute, and so are the keys inside: ``result.heterogeneity.tau2``. ``print`` gives
    what the program prints.
    """

    # The list of the document that makes a table, the first that is there.
    _ROWS: tuple[str, ...] = ("rows", "coefficients", "matches", "claims", "tables")

    def __init__(self, texts: dict[str, Any]) -> None:
        self._texts = texts
        self._parsed: Record | None = None

    @property
    def _document(self) -> Record:
        if self._parsed is None:
            self._parsed = parsed(self.to_json())
        return self._parsed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._document, name)

    def __getitem__(self, key: str) -> Any:
        return self._document[key]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._document]

    def to_json(self) -> str:
        """The document as the program prints it with ``--format json``."""
        return self._texts["json"]

    def to_dict(self) -> dict[str, Any]:
        """The document as dictionaries, lists and numbers."""
        return plain(self._document)

    def to_markdown(self) -> str:
        """As the program prints it with ``--format md``."""
        return self._texts["markdown"]

    def to_csv(self) -> str | None:
        """The rows as CSV with every digit; ``None`` where the result is no table."""
        return self._texts["csv"]

    def to_pandas(self) -> Any:
        """The main list of the document as a ``pandas.DataFrame``, a row an entry."""
        import pandas

        rows = next((self._document[key] for key in self._ROWS if isinstance(self._document.get(key), list)), None)
        if rows is None:
            return pandas.json_normalize(plain(self._document))
        if all(isinstance(row, dict) for row in rows):
            return pandas.json_normalize([plain(row) for row in rows])
        # Tables inside: a row of each, with the number of its table.
        numbered = [{"table": number, **plain(row)} for number, table in enumerate(rows, 1) for row in table]
        return pandas.DataFrame(numbered)

    def figure(self) -> str | None:
        """The figure of this result as SVG; ``None`` where it has none."""
        return self._texts["svg"]

    @property
    def reading(self) -> str | None:
        """How the sentence with the printed figures was read; ``None`` where there was none."""
        return self._texts["reading"]

    def __str__(self) -> str:
        return self._texts["text"].rstrip("\n")

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        drawn = self.figure()
        return f"{inline(drawn) if drawn else ''}<pre>{html.escape(str(self))}</pre>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __getstate__(self) -> dict[str, Any]:
        return {"texts": self._texts}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._texts, self._parsed = state["texts"], None

    def __copy__(self) -> Document:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Document:
        made = object.__new__(type(self))
        made.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return made


def inline(svg: str) -> str:
    """A figure as a part of a page."""
    return f'<div class="metaprop-figure">{svg[svg.index("<svg"):]}</div>'


def of_native(documents: Any) -> Document:
    """The documents that the native module made."""
    names = ("json", "text", "markdown", "csv", "svg", "reading")
    return Document({name: getattr(documents, name) for name in names})
