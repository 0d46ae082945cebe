"""Errors, and input that nobody should send."""

import json

import pytest

import calendar_publish as cp
from conftest import Token, account, engine, entry, later


def refused(run):
    with pytest.raises(cp.CalendarPublishError) as caught:
        run()
    return caught.value


def test_an_error_says_what_where_and_what_is_allowed():
    error = refused(lambda: cp.call("wallClock", '{"instant": "gestern", "zone": "Europe/Madrid"}'))
    assert error.code() == cp.Code.TIMESTAMP_INVALID
    assert error.path() == "instant"
    assert error.measured() == cp.Measure.TEXT("gestern")
    assert error.allowed() == cp.Allowed.PATTERN("YYYY-MM-DDTHH:MM:SSZ")
    assert not error.retryable()
    assert "TIMESTAMP_INVALID at `instant`" in str(error)
    assert isinstance(error, Exception)


def test_users_read_it_in_their_language():
    error = refused(lambda: cp.call("bake", "{}"))
    spanish, english = error.message_for(cp.Lang.ES), error.message_for(cp.Lang.EN)
    assert "«bake»" in spanish.message
    assert "bake" in english.message and english.message != spanish.message


def test_a_typed_refusal_keeps_its_path():
    twice = cp.EvaluateCalendarInput(entries=[entry(1), entry(1)], accounts=[account()], now=later(0))
    error = refused(lambda: cp.evaluate_calendar(twice))
    assert (error.code(), error.path()) == (cp.Code.ID_DUPLICATE, "entries[1].id")


@pytest.mark.parametrize(
    "values, code",
    [
        ({"date": "2026-02-30"}, cp.Code.DATE_INVALID),
        ({"time": "9"}, cp.Code.TIME_INVALID),
        ({"zone": "Europe/Atlantis"}, cp.Code.ZONE_UNKNOWN),
        ({"date": "x" * 1_000_000}, cp.Code.DATE_INVALID),
        ({"date": "2026-04-02\0"}, cp.Code.DATE_INVALID),
    ],
)
def test_a_text_that_is_none_of_its_type_is_refused(values, code):
    good = {"date": "2026-04-02", "time": "09:00", "zone": "Europe/Madrid"}
    error = refused(lambda: cp.resolve_time(cp.ResolveTimeInput(**(good | values))))
    assert error.code() == code
    assert len(str(error)) < 400, "a hostile text doesn't come back whole"


def test_what_has_another_type_never_crosses():
    count = cp.CountTextInput(text="pan", channel=cp.Channel.TIKTOK)
    for text in (7, None, b"pan"):
        count.text = text
        with pytest.raises(TypeError):
            cp.count_text(count)
    with pytest.raises((TypeError, AttributeError)):
        cp.count_text("pan")
    with pytest.raises(TypeError):
        cp.CountTextInput(text="pan")


def test_a_lone_surrogate_is_an_error_of_pythons():
    with pytest.raises(UnicodeEncodeError):
        cp.count_text(cp.CountTextInput(text="\ud800", channel=cp.Channel.TIKTOK))


def test_a_number_beyond_its_range_is_an_error_of_pythons():
    situation = cp.EntrySituation(entry=entry(), now=later(0), posts_in_window=2**32)
    with pytest.raises(ValueError):
        cp.evaluate_readiness(situation)


@pytest.mark.parametrize(
    "document",
    ["", "{", "[]", "null", "\0", '{"text": "x"', '{"text": 1, "channel": "tiktok"}',
     '{"text": "x", "channel": "tiktok", "extra": 1}', "[" * 100_000, '{"text": "' + "x" * 2_000_000],
)
def test_a_hostile_document_is_refused(document):
    error = refused(lambda: cp.call("countText", document))
    assert error.code() in (cp.Code.INPUT_INVALID, cp.Code.FIELD_UNKNOWN, cp.Code.FIELD_TYPE_INVALID,
                            cp.Code.FIELD_MISSING, cp.Code.INPUT_TOO_DEEP)
    assert len(str(error)) < 600


def test_a_text_of_many_megabytes_is_counted():
    text = "🍞" * 2_000_000
    count = cp.count_text(cp.CountTextInput(text=text, channel=cp.Channel.TIKTOK))
    assert (count.utf16, count.code_points) == (4_000_000, 2_000_000)
    document = json.dumps({"text": text, "channel": "tiktok"})
    assert json.loads(cp.call("countText", document))["utf16"] == 4_000_000


def test_a_setting_that_makes_no_sense_is_refused_at_its_path():
    tiktok = {"tiktok": cp.TiktokSettings(api="http://example.com")}
    assert refused(lambda: engine(settings=tiktok)).path() == "ports.transport"
    transport = cp.http_transport(cp.HttpOptions())
    error = refused(lambda: engine(settings=tiktok, transport=transport, tokens=Token()))
    assert (error.code(), error.path()) == (cp.Code.FIELD_VALUE_INVALID, "tiktok.api")
    worker = {"concurrency": 0}
    assert refused(lambda: engine(settings=worker)).code() == cp.Code.FIELD_VALUE_INVALID
    assert refused(lambda: cp.sqlite_store("/nowhere/at/all.db")).code() == cp.Code.STORE_UNAVAILABLE
