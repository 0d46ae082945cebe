"""Reads a CSV with Python's own reader and prints its rows as JSON: read_csv.py FILE DELIMITER"""

import csv
import json
import sys

path, delimiter = sys.argv[1:]
csv.field_size_limit(1 << 30)
with open(path, encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file, delimiter=delimiter, strict=True))
json.dump(rows, sys.stdout)
