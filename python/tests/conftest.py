"""What the tests share."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = {
    "study": ["Alpha 2001", "Beta 2002", "Gamma 2003", "Delta 2004", "Epsilon 2005"],
    "events": [8, 9, 21, 8, 14],
    "total": [12, 13, 66, 18, 40],
    "route": ["oral", "oral", "topical", "topical", "oral"],
    "dose": [5.0, 10.0, 2.5, 5.0, 7.5],
}


def is_required(name: str) -> bool:
    """Whether this package (or ``java``) has to be there: METAPROP_PYTHON_TESTS lists what has, or is ``all``."""
    required = os.environ.get("METAPROP_PYTHON_TESTS", "").split()
    return "all" in required or name in required


def needs(package: str) -> Any:
    """A package that a test needs: where it is missing, the test fails if it is required, and is skipped else."""
    if is_required(package.split(".")[0]):
        return importlib.import_module(package)
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
