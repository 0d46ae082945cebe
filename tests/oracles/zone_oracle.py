"""Judges time moves with Python's zoneinfo: JSON lines in, JSON lines out.

{"op": "transitions", "zone", "from", "to"}   years -> {"at": [UTC seconds]}
{"op": "resolve", "zone", "wall"}             -> {"at": UTC seconds, "note": null | "gap" | "fold", "minutes"}
{"op": "days", "zone", "wall", "by"}          -> the same for the wall clock moved by days
{"op": "minutes", "zone", "at", "by"}         -> {"at", "wall"}: the instant moved, and what clocks show
"""

import json
import sys
from datetime import datetime, timedelta, timezone

try:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError
except ImportError:
    sys.exit("this Python has no zoneinfo; install Python 3.9 or newer: apt install python3")

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def seconds(instant):
    return (instant - EPOCH) // timedelta(seconds=1)


def at(second):
    return EPOCH + timedelta(seconds=second)


def offset(second, zone):
    return at(second).astimezone(zone).utcoffset()


def transitions(zone, first, last):
    step = 86_400
    found = []
    here = seconds(datetime(first, 1, 1, tzinfo=timezone.utc))
    end = seconds(datetime(last, 1, 1, tzinfo=timezone.utc))
    before = offset(here, zone)
    while here < end:
        after = offset(here + step, zone)
        if after != before:
            low, high = here, here + step
            while high - low > 1:
                middle = (low + high) // 2
                if offset(middle, zone) == before:
                    low = middle
                else:
                    high = middle
            found.append(high)
        here, before = here + step, after
    return {"at": found}


def resolve(wall, zone):
    # PEP 495: fold=0 reads a time in a gap with the offset before it, and of a time that exists twice
    # takes the earlier instant.
    first = wall.replace(tzinfo=zone, fold=0)
    second = wall.replace(tzinfo=zone, fold=1)
    earlier, later = first.utcoffset(), second.utcoffset()
    answer = {"at": seconds(first.astimezone(timezone.utc)), "note": None, "minutes": 0}
    if earlier != later:
        answer["note"] = "gap" if later > earlier else "fold"
        answer["minutes"] = abs(later - earlier) // timedelta(minutes=1)
    return answer


def answer(case):
    try:
        zone = ZoneInfo(case["zone"])
    except ZoneInfoNotFoundError:
        sys.exit(
            f"Python has no data for {case['zone']}; install it: pip install tzdata, or apt install tzdata"
        )
    if case["op"] == "transitions":
        return transitions(zone, case["from"], case["to"])
    if case["op"] == "minutes":
        moved = at(case["at"]) + timedelta(minutes=case["by"])
        shown = moved.astimezone(zone)
        return {"at": seconds(moved), "wall": shown.strftime("%Y-%m-%dT%H:%M")}
    wall = datetime.strptime(case["wall"], "%Y-%m-%dT%H:%M") + timedelta(days=case.get("by", 0))
    return resolve(wall, zone)


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
