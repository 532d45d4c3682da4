"""What goes wrong, and what is stopped."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import metaprop
import pytest
from conftest import needs


def test_errors_have_a_base_and_the_message_of_the_program(run, tmp_path):
    for kind in (metaprop.UsageError, metaprop.DataError, metaprop.ConvergenceError, metaprop.InternalError):
        assert issubclass(kind, metaprop.MetapropError) and issubclass(kind, ValueError)
    with pytest.raises(metaprop.DataError) as raised:
        metaprop.pool({"events": [24, 17.5, 3], "total": [20, 20, 9]})
    said = str(raised.value)
    assert "table:2: column 'events': 24 events are more than the total 20" in said
    assert "table:3: column 'events': '17.5' is a fraction" in said
    assert [problem["line"] for problem in raised.value.problems] == [2, 3]
    again = pickle.loads(pickle.dumps(raised.value))
    assert str(again) == said and again.problems == raised.value.problems


def test_the_words_of_an_error_are_those_of_the_program(program, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("study,events,total\nA,24,20\nB,17.5,20\n", encoding="utf-8")
    done = subprocess.run([program, "pool", "bad.csv"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    with pytest.raises(metaprop.DataError) as raised:
        metaprop.pool(path)
    assert done.returncode == 3
    assert str(raised.value).replace(str(path), "bad.csv") == done.stderr.removeprefix("error:").strip()


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(metaprop.UsageError) as raised:
        metaprop.pool([1, 2], [10, 10], tau2="remel", ci="hkk", null=7)
    assert {"reml", "hk"} <= {word.strip("'?") for word in str(raised.value).split()}
    assert len(raised.value.problems) >= 2


def test_what_does_not_apply_is_a_usage_error():
    with pytest.raises(metaprop.UsageError, match="does not apply"):
        metaprop.pool([1, 2], [10, 10], model="common", ci="hk")
    with pytest.raises(metaprop.UsageError, match="there are no data"):
        metaprop.pool([1, 2])
    with pytest.raises(metaprop.UsageError, match="not of one length"):
        metaprop.pool([1, 2], [10])
    with pytest.raises(metaprop.UsageError, match="an object of type int is no table"):
        metaprop.pool(3)


def test_a_panic_asks_for_a_report():
    with pytest.raises(metaprop.InternalError, match="on purpose[^$]*please report"):
        metaprop._native.panic_for_tests()


def test_the_lock_of_the_interpreter_is_free_meanwhile():
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = counted[0]
    metaprop.pool("@tofacitinib-aa", ci="bootstrap")
    metaprop.multiverse("@tofacitinib-aa", measure="logit")
    during = counted[0] - before
    stop.set()
    thread.join()
    assert during > 10


def test_many_threads_at_once_give_the_same():
    results, threads = [], []
    for _ in range(8):
        threads.append(threading.Thread(target=lambda: results.append(metaprop.pool("@tofacitinib-aa").to_json())))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1 and len(results) == 8


# What is made ready, and the call that is stopped.
STOPPED = {
    "a search": ("", "metaprop.reproduce('@tofacitinib-aa', {'estimate': '57.1%', 'k': 14}, replicates=10**7)"),
    "an analysis": ("", "metaprop.gosh('@stijnen2010-control', model='glmm')"),
    "groups": (
        "import pyarrow\n"
        "table = pyarrow.table({'g': [i // 3 for i in range(3 * 10**5)], 'events': [3, 1, 2] * 10**5, 'total': [9, 9, 9] * 10**5})",
        "metaprop.pool_groups(table, 'g', model='glmm')",
    ),
}


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C alone on Windows")
@pytest.mark.parametrize("what", STOPPED)
def test_ctrl_c_is_a_keyboard_interrupt(what):
    ready, call = STOPPED[what]
    if "pyarrow" in ready:
        needs("pyarrow")
    code = f"import metaprop\n{ready}\nprint('ready', flush=True)\n{call}\nprint('done')"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    out, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors and "done" not in out
    assert process.returncode in (-signal.SIGINT, 130, 1)
    assert time.monotonic() - sent < 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_pools_and_says_where_it_cannot_search():
    code = (
        "import os, metaprop\n"
        "metaprop.pool('@miller1978', ci='bootstrap'); metaprop.multiverse('@miller1978', measure='raw', model='random')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    assert metaprop.pool('@miller1978', ci='bootstrap').k == 4\n"
        "    try:\n"
        "        metaprop.multiverse('@miller1978')\n"
        "    except metaprop.UsageError as error:\n"
        "        os._exit(0 if 'forked' in str(error) else 3)\n"
        "    os._exit(4)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "0", done.stderr
