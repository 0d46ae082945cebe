"""Reads an iCalendar file with the package `icalendar` and prints its events as JSON.

Each event's instant is told twice: as the zone database of Python has it, and as the VTIMEZONE of the
file alone says.
"""

import json
import sys
from datetime import timezone

from icalendar import Calendar


def seconds(moment):
    return int(moment.astimezone(timezone.utc).timestamp())


with open(sys.argv[1], "rb") as file:
    calendar = Calendar.from_ical(file.read())
declared = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
events = []
for event in calendar.walk("VEVENT"):
    start = event["DTSTART"].dt
    tzid = event["DTSTART"].params.get("TZID")
    by_file = start.replace(tzinfo=declared[tzid]) if tzid else start
    events.append(
        {
            "uid": str(event["UID"]),
            "instant": seconds(start),
            "instantByFile": seconds(by_file),
            "summary": str(event["SUMMARY"]),
            "description": str(event.get("DESCRIPTION", "")),
            "categories": [str(category) for category in event["CATEGORIES"].cats],
            "sequence": int(event["SEQUENCE"]),
            "errors": [str(error) for error in event.errors],
        }
    )
json.dump(events, sys.stdout)
