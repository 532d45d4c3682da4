"""What the tests share."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = {
    "study": ["Alpha 2001", "Beta 2002", "Gamma 2003", "Delta 2004", "Epsilon 2005"],
    "events": [8, 9, 21, 8, 14],
    "total": [12, 13, 66, 18, 40],
    "route": ["oral", "oral", "topical", "topical", "oral"],
    "dose": [5.0, 10.0, 2.5, 5.0, 7.5],
}


def needs(package: str) -> object:
    """A package that a test needs.

    Where METAPROP_PYTHON_TESTS is ``all``, a test whose package is missing fails; else it is skipped with the reason.
    """
    if os.environ.get("METAPROP_PYTHON_TESTS") == "all":
        return __import__(package)
    return pytest.importorskip(package, reason=f"the package {package} is not installed")


@pytest.fixture
def table() -> dict[str, list]:
    """Five studies with a factor and a number."""
    return {name: list(column) for name, column in TABLE.items()}


@pytest.fixture(scope="session")
def program() -> Path:
    """The program, where METAPROP_BIN names it."""
    named = os.environ.get("METAPROP_BIN")
    if not named:
        pytest.skip("METAPROP_BIN does not name the program")
    return Path(named)


@pytest.fixture(scope="session")
def run(program: Path):
    """Runs the program, and gives what it prints."""

    def run(*arguments: object, code: int = 0) -> str:
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def certified() -> list[dict]:
    """The certified data sets with their specifications and values."""
    packed = ROOT / "src" / "selftest" / "certified.json.gz"
    text = gzip.decompress(packed.read_bytes()).decode()
    decoder, sets, at = json.JSONDecoder(), [], 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        sets.append(value)
        while at < len(text) and text[at].isspace():
            at += 1
    return sets
