"""A calendar that lives in an interface: by types, and the same by document."""

import json

import pytest

import calendar_publish as cp
from conftest import account, entry, uuid
from documents import differs, to_document

NOW = "2026-03-01T09:00:00Z"


def day(number):
    return f"2026-04-{number:02d}T07:00:00Z"


def held(count=10, **document):
    entries = [entry(number, day(number)) for number in range(1, count + 1)]
    return cp.Calendar(cp.CalendarDocument(entries=entries, accounts=[account()], **document), NOW)


def by_document(calendar, name, request=None):
    return json.loads(calendar.call(name, json.dumps(request or {})))


def same(calendar, name, request, typed):
    """The same answer by document, from a calendar that has gone through the same."""
    assert differs(name, by_document(calendar, name, request), to_document(typed)) is None


def test_a_page_is_the_same_by_types_and_by_document():
    calendar = held()
    page = calendar.page(cp.PageRequest(limit=3))
    assert (page.total, [tile.title for tile in page.tiles]) == (10, ["Pan 1", "Pan 2", "Pan 3"])
    same(calendar, "page", {"limit": 3}, page)
    same(calendar, "summary", None, calendar.summary())
    same(calendar, "readiness", {"entryId": uuid("e1", 1)}, calendar.readiness(uuid("e1", 1)))
    same(calendar, "explain", {"entryId": uuid("e1", 1)}, calendar.explain(uuid("e1", 1)))
    assert len(calendar.entries()) == 10


def test_a_document_loads_what_types_make():
    typed = held()
    text = json.dumps(to_document(typed.document()))
    loaded = cp.Calendar.load(text.encode(), NOW)
    assert loaded.document() == typed.document()
    with pytest.raises(cp.CalendarPublishError) as caught:
        cp.Calendar.load(b'{"entries": [{}]}', NOW)
    assert caught.value.path().startswith("entries[0]")


def test_an_edit_tells_what_changed_and_a_shift_is_taken_back():
    calendar = held()
    before = calendar.document()
    changed = calendar.entry(uuid("e1", 3))
    changed.media = []
    changes = calendar.put(changed)
    assert [tile.title for tile in changes.tiles] == ["Pan 3"]
    assert changes.tiles[0].tile == cp.Tile.MISSING_MEDIA
    assert calendar.readiness(changed.id).tile == cp.Tile.MISSING_MEDIA
    calendar.put(before.entries[2])

    shift = cp.ShiftRequest(entry_ids=[uuid("e1", number) for number in range(1, 11)],
                            offset=cp.ShiftOffset.DAYS(3))
    plan = calendar.plan_shift(shift)
    assert len(plan.moves) == 10
    moved = calendar.shift(shift)
    assert calendar.entry(uuid("e1", 1)).piece.date == "2026-04-04"
    assert (moved.moved, moved.held) == (10, [])
    assert calendar.undo() is not None
    assert calendar.entry(uuid("e1", 1)).piece.date == "2026-04-01"


def test_what_fails_has_changed_nothing():
    calendar = held()
    before = calendar.document()
    with pytest.raises(cp.CalendarPublishError) as caught:
        calendar.remove(uuid("e1", 99))
    assert caught.value.code() == cp.Code.ENTRY_NOT_FOUND
    with pytest.raises(cp.CalendarPublishError) as caught:
        calendar.put_many([entry(1, day(1)), entry(1, day(2))])
    assert caught.value.code() == cp.Code.ID_DUPLICATE
    with pytest.raises(cp.CalendarPublishError) as caught:
        calendar.call("bake", "{}")
    assert caught.value.code() == cp.Code.OPERATION_UNKNOWN
    assert calendar.document() == before


def test_it_exports_bytes():
    calendar = held()
    csv = calendar.export(cp.CalendarExportRequest.CSV(cp.CsvOptions(columns=cp.ColumnSet.HOST,
                                                                     delimiter=cp.Delimiter.COMMA)))
    assert csv.decode("utf-8-sig").splitlines()[0].startswith('"title","channel"')
    assert len(csv.splitlines()) == 11
    ical = calendar.export(cp.CalendarExportRequest.ICAL(NOW))
    assert ical.count(b"BEGIN:VEVENT") == 10


def test_every_operation_by_document_is_a_method():
    methods = {"".join(word.capitalize() for word in name.split("_")) for name in dir(cp.Calendar)}
    for name in cp.calendar_operation_names():
        assert name[0].upper() + name[1:] in methods, name
