"""Keeps computed results in a folder beside the scripts, by the counts to which they belong."""
import hashlib
import json
import os

ONLY_KEPT = False  # whether results that are not in the cache are left out
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".cache")


def kept(name, part, studies, compute):
    """The result of `compute` for these studies, from the cache if it is there."""
    os.makedirs(FOLDER, exist_ok=True)
    key = hashlib.sha256(json.dumps(studies).encode()).hexdigest()[:16]
    path = os.path.join(FOLDER, f"{name}-{part}-{key}.json")
    if not os.path.exists(path):
        if ONLY_KEPT:
            raise ArithmeticError("not computed yet")
        found = compute()
        with open(path + ".part", "w") as out:
            json.dump(found, out)
        os.replace(path + ".part", path)
    with open(path) as source:
        return json.load(source)
