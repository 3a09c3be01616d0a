"""Refuse a test run that leaves too much unproved; silent when all is well. Reads what `coverage json` wrote.

Usage: python .ci/coverage_floors.py var/coverage.json
"""

import json
import re
import sys
from pathlib import Path


OVERALL = 95
# Perfection where the law is.
WHOLE = re.compile(r"/(services|rules)/|/(services|rules|workflow)\.py$|^accounts/permissions\.py$")


def shortfalls(report):
    overall = report["totals"]["percent_covered"]
    if overall < OVERALL:
        yield f"{overall:.1f} % en tout, au lieu de {OVERALL} %"
    for name, file in sorted(report["files"].items()):
        if WHOLE.search(name) and file["summary"]["percent_covered"] < 100:
            lines = file["missing_lines"] + [pair[0] for pair in file.get("missing_branches", [])]
            yield f"{name} : {', '.join(map(str, sorted(set(lines))))}"


def main(path):
    found = list(shortfalls(json.loads(Path(path).read_text())))
    if found:
        print("Couverture insuffisante :", *found, sep="\n    ", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
