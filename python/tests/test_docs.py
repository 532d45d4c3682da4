"""What is written for people is run: doctests, the page, the notebook."""

from __future__ import annotations

import doctest
import importlib
import json
import os
import pkgutil
import re

import metaprop
import pytest
from conftest import ROOT, needs

MODULES = [module.name for module in pkgutil.iter_modules(metaprop.__path__) if module.name != "_native"]
PAGE = ROOT / "docs" / "python.md"


@pytest.mark.parametrize("name", ["", *MODULES])
def test_doctests(name):
    module = importlib.import_module(f"metaprop.{name}" if name else "metaprop")
    done = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert done.failed == 0


def blocks():
    """The Python of the page, each block with the packages that it imports beside metaprop."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    needs("matplotlib").use("Agg")
    (tmp_path / "series.csv").write_text(
        "study,events,total,route,dose\nAlpha 2001,8,12,oral,5\nBeta 2002,9,13,oral,10\nGamma 2003,21,66,topical,2.5\n"
        "Delta 2004,8,18,topical,5\nEpsilon 2005,14,40,oral,7.5\n",
        encoding="utf-8",
    )
    names: dict[str, object] = {}
    for block in blocks():
        packages = re.findall(r"^\s*(?:import|from) (\w+)", block, flags=re.MULTILINE)
        if {"pyspark", "dask", "ray", "duckdb"} & set(packages):
            continue  # test_spark.py and test_recipes.py run these, where their packages are there.
        for package in packages:
            needs(package)
        exec(compile(block, str(PAGE), "exec"), names)


def test_the_notebook_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = ROOT / "examples" / "python.ipynb"
    for package in ("pandas", "matplotlib"):
        needs(package)
    nbformat, nbclient, _ = needs("nbformat"), needs("nbclient"), needs("ipykernel")
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name=kernel(tmp_path, monkeypatch)).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("<svg" in output.get("data", {}).get("text/html", "") for output in outputs)


def kernel(tmp_path, monkeypatch):
    """A kernel of this interpreter, whatever others are installed."""
    import sys

    folder = tmp_path / "jupyter" / "kernels" / "here"
    folder.mkdir(parents=True)
    spec = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "here", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter") + os.pathsep + os.environ.get("JUPYTER_PATH", ""))
    return "here"
