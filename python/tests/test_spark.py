"""Spark: on a real one, on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import metaprop
import metaprop.spark
import pytest
from conftest import is_required, needs
from test_groups import synthetic


def needs_java():
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        (pytest.fail if is_required("java") else pytest.skip)("Spark needs Java, and there is none")


def session(master, **settings):
    sql = needs("pyspark.sql")
    needs_java()
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    plain = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
        "spark.log.level": "ERROR",
    }
    builder = sql.SparkSession.builder.master(master).appName("metaprop")
    for name, value in {**plain, **settings}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@pytest.fixture(scope="module")
def spark():
    made = session("local[2]")
    yield made
    made.stop()


def rows_of(spark_frame):
    rows = [row.asDict() for row in spark_frame.collect()]
    return sorted(rows, key=lambda row: str(row["g"]))


def expected(table, **choices):
    columns = metaprop.pool_groups(table, "g", **choices)
    return sorted((dict(zip(columns, row)) for row in zip(*columns.values())), key=lambda row: str(row["g"]))


def frame(spark, table):
    pandas = needs("pandas")
    return spark.createDataFrame(pandas.DataFrame(table))


def test_rows_are_those_of_one_machine(spark):
    table = synthetic(200)
    pooled = metaprop.spark.pool_groups(frame(spark, table), "g", tau2="pm", partitions=7)
    assert [field.name for field in pooled.schema][:3] == ["g", "k", "events"]
    assert rows_of(pooled) == expected(table, tau2="pm")


def test_a_bad_group_is_the_error_of_its_row(spark):
    table = {"g": ["a", "a", "b"], "events": [1, 2, 9], "total": [10, 10, 8]}
    rows = rows_of(metaprop.spark.pool_groups(frame(spark, table), "g"))
    assert [row["k"] for row in rows] == [2, None] and "9 events are more than the total 8" in rows[1]["error"]


def test_wrong_choices_are_said_before_any_work(spark):
    table = frame(spark, {"g": ["a"], "events": [1], "total": [10]})
    with pytest.raises(metaprop.UsageError, match="did you mean 'reml'"):
        metaprop.spark.pool_groups(table, "g", tau2="remel")


def test_several_columns_and_names_with_dots(spark):
    table = {"a.b": ["x", "x", "y"], "year": [1, 2, 1], "events": [1, 2, 3], "total": [10, 10, 10]}
    pooled = metaprop.spark.pool_groups(frame(spark, table), ["a.b", "year"])
    assert sorted((row["a.b"], row["year"], row["k"]) for row in pooled.collect()) == [("x", 1, 1), ("x", 2, 1), ("y", 1, 1)]


KILLED = """
import os, sys, time
sys.path.insert(0, {folder!r})
import metaprop.spark
from test_groups import synthetic
from test_spark import expected, frame, rows_of, session

spark = session("local-cluster[2,1,1024]", **{{"spark.executor.memory": "700m", "spark.task.maxFailures": "8",
                "spark.executorEnv.PYTHONPATH": os.pathsep.join(sys.path)}})
table = synthetic(3000)
rows = frame(spark, table).repartition(8)
pooled = metaprop.spark.pool_groups(rows, "g", partitions=24, model="glmm")
print("working", flush=True)
found = rows_of(pooled)
print("same" if found == expected(table, model="glmm") else "different", len(found), flush=True)
spark.stop()
"""


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="the workers of Spark are found in /proc")
def test_nothing_is_lost_where_a_worker_is_killed(tmp_path):
    """A cluster of two workers on this machine, one executor of which is killed while it works."""
    needs("pyspark")
    needs_java()
    home = os.path.dirname(needs("pyspark").__file__)
    script = tmp_path / "job.py"
    script.write_text(KILLED.format(folder=os.path.dirname(__file__)), encoding="utf-8")
    env = {**os.environ, "SPARK_HOME": home, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(tmp_path)}
    log = open(tmp_path / "log", "w", encoding="utf-8")
    job = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=log, text=True, env=env, cwd=tmp_path)
    try:
        assert job.stdout.readline() == "working\n", (tmp_path / "log").read_text()[-2000:]
        killed = kill_one_executor(job.pid, patience=90)
        out, _ = job.communicate(timeout=240)
    finally:
        job.kill()
        log.close()
    assert killed and out.split()[:1] == ["same"], (killed, out, (tmp_path / "log").read_text()[-2000:])


def kill_one_executor(driver, patience):
    """Kills an executor of this driver once one of its Python workers is pooling."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for process in descendants(driver):
            if "CoarseGrainedExecutorBackend" in command(process) and any(
                "pyspark" in command(below) for below in descendants(process)
            ):
                time.sleep(1.0)
                os.kill(process, signal.SIGKILL)
                return True
        time.sleep(0.2)
    return False


def descendants(process):
    parents: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as stat:
                parents.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(name))
        except (OSError, IndexError):
            continue
    found, looked_at = [], [process]
    while looked_at:
        below = parents.get(looked_at.pop(), [])
        found += below
        looked_at += below
    return found


def command(process):
    try:
        with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as line:
            return line.read()
    except OSError:
        return ""
