"""What a result can do."""

from __future__ import annotations

import copy
import pickle
import xml.dom.minidom

import metaprop
import pytest
from conftest import needs


def test_a_result_is_pickled_with_what_it_shows(table, tmp_path):
    path = tmp_path / "series.csv"
    path.write_text("study,events,total\nAlpha,8,12\nBeta,9,13\n", encoding="utf-8")
    for result in (metaprop.pool(table, columns=["route"], theme="jama"), metaprop.pool(path)):
        bytes_ = pickle.dumps(result)
        if result.k == 2:
            path.unlink()
        again = pickle.loads(bytes_)
        assert again == result and str(again) == str(result) and hash(again) == hash(result)
        assert again.forest(width=178) == result.forest(width=178)
        assert pickle.loads(pickle.dumps(again)) == result
        for copied in (copy.copy(result), copy.deepcopy(result)):
            assert copied == result and copied.forest() == result.forest()


def test_documents_are_pickled(table):
    for document in (metaprop.leave_one_out(table), metaprop.grim("58.4%", n=90)):
        again = pickle.loads(pickle.dumps(document))
        assert again == document and str(again) == str(document) and copy.deepcopy(document) == document


def test_a_notebook_shows_the_forest_plot(table):
    html = metaprop.pool(table)._repr_html_()
    assert html.startswith("<div") and "<svg" in html and "<?xml" not in html
    xml.dom.minidom.parseString(html)
    assert "<pre>" in metaprop.grim("58.4%", n=90)._repr_html_()
    assert "<svg" in metaprop.leave_one_out(table)._repr_html_()


def test_print_is_the_text_of_the_program(table):
    result = metaprop.pool(table)
    assert repr(result) == str(result)
    assert "Random-effects model" in str(result)


def test_a_forest_plot_is_text_or_a_file(table, tmp_path):
    result = metaprop.pool(table, columns=["route"])
    path = tmp_path / "forest.svg"
    assert result.forest(path, theme="bmj", title="Relapse") is None
    text = path.read_text(encoding="utf-8")
    assert text == result.forest(theme="bmj", title="Relapse") and "Relapse" in text and "topical" in text
    assert result.forest(axis_limits=("0%", "60%")) != result.forest()
    with pytest.raises(metaprop.UsageError, match="'.png' is not a format"):
        result.forest(tmp_path / "forest.png")
    with pytest.raises(metaprop.UsageError, match="lancet"):
        result.forest(theme="lancett")


def test_a_long_forest_plot_has_pages(tmp_path):
    result = metaprop.pool([3] * 120, [10] * 120)
    result.forest(tmp_path / "forest.svg", page="a4")
    assert sorted(path.name for path in tmp_path.iterdir())[:2] == ["forest-1.svg", "forest-2.svg"]


def test_a_forest_plot_is_drawn_on_axes(table, tmp_path):
    matplotlib = needs("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    result = metaprop.pool(table)
    assert result.forest(ax=ax, color="black") is ax
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == [*table["study"], "Common effect", "Random effects", "Prediction"]
    low, high = ax.get_ylim()
    assert low > high
    figure.savefig(tmp_path / "forest.png")
    plt.close(figure)
    with pytest.raises(metaprop.UsageError, match="ax is an object of type int"):
        result.forest(ax=3)


def test_axes_take_estimates_and_a_common_effect():
    needs("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    metaprop.pool({"y": [0.2, 0.5], "se": [0.2, 0.3]}, estimate="y", se="se", model="common").forest(ax=ax)
    assert ax.get_xlabel() == "Estimate"
    plt.close("all")


def test_studies_and_rows_are_frames(table):
    needs("pandas")
    result = metaprop.pool(table)
    frame = result.to_pandas()
    assert len(frame) == result.k and list(frame["events"]) == table["events"]
    assert len(metaprop.leave_one_out(table).to_pandas()) == result.k
    assert "term" in metaprop.regress(table, "dose").to_pandas()
    assert len(metaprop.multiverse(table, measure="logit", model="random").to_pandas()) > 10
    found = metaprop.reconstruct({"estimate": "50.0%", "k": 2, "total": 8}, profile="dl-wald", min_n=4)
    assert {"table", "events", "total"} <= set(found.to_pandas())


def test_a_page_stands_alone(table):
    assert metaprop.pool(table).to_html().lstrip().lower().startswith("<!doctype html>")
