"""A generation's stream, as it arrives."""

import json

import pytest

import calendar_publish as cp
from documents import differs, to_document

START = "2026-04-01T09:00:00Z"
PIECE = {"title": "Pan", "channel": "instagram", "format": "post", "copy": "Hoy hay pan.",
         "date": "2026-04-02", "time": "09:00"}


def stream():
    return cp.GenerationStream(cp.SessionOptions(), START)


def wire():
    """An event as the host's service writes it (docs/host.md)."""
    data = {"type": "calendar_piece", "runId": "0190a1b2-0000-7000-8000-000000000002",
            "calendarId": "0190a1b2-0000-7000-8000-000000000001", "index": 0, "total": 1, "piece": PIECE}
    event = {"data": data, "error": None, "meta": {"requestId": "r"}}
    return f"event: data\ndata: {json.dumps(event)}\n\n".encode()


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_bytes_may_be_cut_anywhere(size):
    whole, events, session = wire(), [], stream()
    for start in range(0, len(whole), size):
        events += session.push(whole[start:start + size], START)
    snapshot = session.snapshot()
    assert [event.is_PIECE() for event in events] == [True]
    assert [piece.piece.title for piece in snapshot.pieces] == ["Pan"]


def test_it_says_the_same_as_the_operation():
    session = stream()
    session.push(wire(), START)
    session.end("2026-04-01T09:00:05Z")
    document = {"startedAt": START, "endedAt": "2026-04-01T09:00:05Z",
                "chunks": [{"at": START, "text": wire().decode()}]}
    answer = json.loads(cp.call("decodeStream", json.dumps(document)))
    assert answer["snapshot"]["state"] == "failed"
    assert differs("snapshot", answer["snapshot"], to_document(session.snapshot())) is None


def test_silence_stalls_it_and_its_age_cuts_it():
    session = stream()
    assert session.millis_to_next_tick(START) == 25_000
    assert session.tick("2026-04-01T09:00:26Z") == cp.GenerationState.STALLED
    assert session.tick("2026-04-01T09:00:31Z") == cp.GenerationState.TIMED_OUT
    again = session.retry("2026-04-01T09:00:40Z")
    assert again.snapshot().state != cp.GenerationState.TIMED_OUT


def test_what_is_going_on_is_not_begun_again():
    with pytest.raises(cp.CalendarPublishError) as caught:
        stream().retry(START)
    assert caught.value.code() == cp.Code.GENERATION_BUSY


def test_a_time_that_is_none_is_refused():
    with pytest.raises(cp.CalendarPublishError) as caught:
        stream().push(b"", "soon")
    assert caught.value.code() == cp.Code.TIMESTAMP_INVALID
