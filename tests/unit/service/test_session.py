"""One GET over a real socket: the key, the retries, the waits, the redirects."""

from __future__ import annotations

import threading
import time
from email.utils import formatdate
from typing import Any

import pytest
import requests

from scandoc_analytics import errors
from scandoc_analytics.service.session import Backoff, Raw, _retry_after_s
from tests.unit.conftest import KEY, Reply, Service, completed


def test_the_key_goes_out_in_its_header(service: Service) -> None:
    service.add(completed("task_a"))
    assert service.make_client().task("task_a").id == "task_a"
    ((path, headers),) = service.requests
    assert path == "/v1/tasks/task_a"
    assert headers["x-api-key"] == KEY
    assert headers["accept"] == "application/json"
    assert headers["user-agent"].startswith("scandoc_analytics ")
    assert "authorization" not in headers


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(service: Service, status: int) -> None:
    service.add(completed("task_a"))
    service.script["*"].extend([Reply(status, {"message": "later"})] * 2)
    assert service.make_client().task("task_a").status == "completed"
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b""),
        Reply(body=b"<html>busy</html>"),
        Reply(body=b'{"id": "task_a", "sta'),
        Reply(body=[1]),
        Reply(body=7),
        Reply(body={"id": "task_b"}),
        Reply(body=completed("task_a"), cut="truncated"),
        Reply(cut="reset"),
        Reply(204),
    ],
    ids=str,
)
def test_a_broken_answer_is_asked_again(service: Service, reply: Reply) -> None:
    service.add(completed("task_a"))
    service.script["*"].append(reply)
    assert service.make_client().task("task_a").id == "task_a"
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.InvalidRequestError),
        (401, errors.AuthenticationError),
        (403, errors.InvalidRequestError),
        (404, errors.NotFoundError),
        (409, errors.SubscriptionError),
        (422, errors.InvalidRequestError),
        (501, errors.ServiceError),
    ],
)
def test_what_will_not_pass_is_asked_once(
    service: Service, status: int, kind: type[errors.ScandocError]
) -> None:
    service.script["*"].append(Reply(status, {"message": "no"}))
    with pytest.raises(kind) as caught:
        service.make_client().task("task_a")
    assert caught.value.status_code == status
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (Reply(500, {"message": "boom"}), errors.ServiceError, "(500: 'boom')"),
        (Reply(503, {"detail": "full"}), errors.ServiceError, "(503: 'full')"),
        (Reply(429, {"message": "slow"}), errors.RateLimitError, "(429: 'slow')"),
        (Reply(body=b"<html>"), errors.PayloadError, "the answer is no JSON: '<html>'"),
        (Reply(body=b""), errors.PayloadError, "the answer is no JSON: nothing"),
        (Reply(body=3), errors.PayloadError, "the answer is no object: '3'"),
        (Reply(body={"id": 5}), errors.PayloadError, "the answer is about '5'"),
        (Reply(cut="reset"), errors.NetworkError, "asked for task 'task_a'"),
    ],
    ids=str,
)
def test_the_right_error_when_the_retries_are_used_up(
    service: Service, reply: Reply, kind: type[errors.ScandocError], says: str
) -> None:
    service.script["*"].extend([reply] * 3)
    with pytest.raises(kind) as caught:
        service.make_client(retries=2).task("task_a")
    assert says in str(caught.value)
    assert len(service.requests) == 3


def test_retries_can_be_none(service: Service) -> None:
    service.script["*"].append(Reply(500))
    with pytest.raises(errors.ServiceError, match=r"\(500\)"):
        service.make_client(retries=0).task("task_a")
    assert len(service.requests) == 1


def test_the_service_may_say_that_it_is_no_use(service: Service) -> None:
    service.script["*"].append(Reply(500, headers={"x-should-retry": "false"}))
    with pytest.raises(errors.ServiceError):
        service.make_client().task("task_a")
    assert len(service.requests) == 1


def test_a_hanging_service_times_out(service: Service) -> None:
    service.script["*"].extend([Reply(wait_s=0.4)] * 2)
    with pytest.raises(errors.NetworkError, match=r"none within 0\.1 s"):
        service.make_client(timeout=0.1, retries=1).task("task_a")


def test_nobody_there(service: Service) -> None:
    client = service.make_client(base_url="http://127.0.0.1:9", retries=1)
    with pytest.raises(errors.NetworkError, match="Connection refused"):
        client.task("task_a")


def test_no_error_leads_to_the_frames_of_the_http_library(service: Service) -> None:
    with pytest.raises(errors.NetworkError) as caught:
        service.make_client(base_url="http://127.0.0.1:9", retries=0).task("task_a")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "31536000"}, 31536000.0),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, None),
    ],
    ids=str,
)
def test_how_long_the_service_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert _retry_after_s(headers) == seconds


def test_a_wait_until_a_date() -> None:
    told_s = _retry_after_s({"retry-after": formatdate(time.time() + 30, usegmt=True)})
    assert told_s is not None
    assert 25 < told_s <= 30


def test_the_wait_is_kept(service: Service) -> None:
    service.add(completed("task_a"))
    service.script["*"].append(Reply(429, headers={"retry-after-ms": "300"}))
    service.make_client().task("task_a")
    first, second = service.moments
    assert second - first >= 0.3


def test_a_wait_of_a_year_is_not_waited_for(service: Service) -> None:
    service.add(*(completed(f"task_{i}") for i in range(50)))
    service.script["*"].extend([Reply(429, headers={"retry-after": "31536000"})] * 50)
    client = service.make_client(workers=2)
    start = time.monotonic()
    with pytest.raises(errors.FetchError) as caught:
        client.fetch_tasks(list(service.tasks))
    assert time.monotonic() - start < 3
    failures = caught.value.failures
    assert len(failures) == 50
    failure = failures["task_0"]
    assert isinstance(failure, errors.RateLimitError)
    assert failure.retry_after_s == 31536000
    # The others were not even sent.
    assert len(service.requests) <= 4


def test_a_503_with_an_absurd_wait_is_given_up(service: Service) -> None:
    service.script["*"].append(Reply(503, headers={"retry-after": "3600"}))
    with pytest.raises(errors.ServiceError):
        service.make_client().task("task_a")
    assert len(service.requests) == 1


def test_waits_grow_and_are_bounded() -> None:
    backoff = Backoff()
    for attempt, (least, most) in enumerate([(0.375, 0.5), (0.75, 1), (1.5, 2), (3, 4), (6, 8)]):
        assert least <= backoff.wait_s(attempt) <= most
    assert backoff.wait_s(5_000) <= 8


def test_redirects_on_the_own_host_are_followed_with_the_key(service: Service) -> None:
    service.add(completed("task_a"))
    service.script["*"].append(Reply(307, headers={"Location": "/v1/tasks/task_a?again=1"}))
    assert service.make_client().task("task_a").id == "task_a"
    assert service.paths == ["/v1/tasks/task_a", "/v1/tasks/task_a?again=1"]
    assert service.requests[1][1]["x-api-key"] == KEY


def test_a_task_is_not_taken_from_another_host(service: Service, other_service: Service) -> None:
    target = f"{other_service.base_url}/v1/tasks/task_a"
    service.script["*"].append(Reply(302, headers={"Location": target}))
    with pytest.raises(errors.NetworkError, match="redirects to another host"):
        service.make_client().task("task_a")
    assert other_service.requests == []


def test_a_download_from_another_host_goes_without_the_key(
    service: Service, other_service: Service
) -> None:
    other_service.script["*"].append(Reply(body=b"%PDF-1.7"))
    target = f"{other_service.base_url}/storage/1?signature=x"
    service.script["*"].append(Reply(302, headers={"Location": target}))
    session = requests.Session()
    session.headers["X-Company"] = "secret"
    client = service.make_client(session=session)
    assert client.download("file_a") == b"%PDF-1.7"
    assert service.requests[0][1]["x-api-key"] == KEY
    ((path, headers),) = other_service.requests
    assert path == "/storage/1?signature=x"
    assert not {"x-api-key", "x-company", "authorization"} & headers.keys()


def test_an_address_that_can_be_read_in_two_ways_gets_no_key(
    service: Service, other_service: Service
) -> None:
    # To some the host ends at the backslash, to others it begins after the @.
    own, other = (
        host.removeprefix("http://") for host in (service.base_url, other_service.base_url)
    )
    for target in (
        f"http://{other}\\@{own}/x",
        f"http://{own}\\@{other}/x",
        f"http://{own}@{other}/x",
    ):
        service.script["*"].append(Reply(302, headers={"Location": target}))
        with pytest.raises(errors.ScandocError):
            service.make_client(retries=0).download("file_a")
    assert len(other_service.requests) == 2
    assert not [headers for _, headers in other_service.requests if "x-api-key" in headers]


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("ftp://127.0.0.1/x", "without encryption"),
        ("http://[broken", "no address"),
        ("/v1/files/file_a/download", "more than 5 times"),
    ],
)
def test_redirects_that_lead_nowhere(service: Service, location: str, says: str) -> None:
    service.script["*"].extend([Reply(302, headers={"Location": location})] * 6)
    with pytest.raises(errors.NetworkError, match=says):
        service.make_client().download("file_a")


@pytest.mark.parametrize(
    ("reply", "says"),
    [(Reply(), "nothing came"), (Reply(body=b"x", headers={"Content-Type": "text/html"}), "page")],
    ids=str,
)
def test_a_download_that_is_none(service: Service, reply: Reply, says: str) -> None:
    service.script["*"].extend([reply] * 2)
    with pytest.raises(errors.PayloadError, match=says):
        service.make_client(retries=1).download("file_a")


def test_a_session_of_ones_own(service: Service) -> None:
    service.add(completed("task_a"))

    class Counting(requests.adapters.HTTPAdapter):
        sent = 0

        def send(self, *args: Any, **options: Any) -> requests.Response:
            Counting.sent += 1
            return super().send(*args, **options)

    session = requests.Session()
    session.headers["X-Company"] = "acme"
    session.auth = ("user", "password")
    session.mount("http://", Counting())
    with service.make_client(session=session) as client:
        client.task("task_a")
    assert Counting.sent == 1
    headers = service.requests[0][1]
    assert headers["x-company"] == "acme"
    assert headers["authorization"].startswith("Basic ")


def test_a_proxy_of_the_company_is_not_asked_for_the_loopback_interface(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    service.add(completed("task_a"))
    assert service.make_client(retries=0).task("task_a").id == "task_a"


def test_a_base_url_with_a_path(service: Service) -> None:
    service.script["/gateway/v1/tasks/task_a"].append(Reply(body=completed("task_a")))
    client = service.make_client(base_url=f"{service.base_url}/gateway/")
    assert client.task("task_a").id == "task_a"


@pytest.mark.parametrize(
    ("task_id", "path"),
    [
        ("..", "/v1/tasks/%2E%2E"),
        ("a/../b", "/v1/tasks/a%2F%2E%2E%2Fb"),
        ("a b?c#d%20", "/v1/tasks/a%20b%3Fc%23d%2520"),
        ("tâche\n\"x'", "/v1/tasks/t%C3%A2che%0A%22x%27"),
    ],
)
def test_ids_stay_within_the_path(service: Service, task_id: str, path: str) -> None:
    with pytest.raises(errors.NotFoundError, match=r"^not found: "):
        service.make_client().task(task_id)
    assert service.paths == [path]


def test_stopping_ends_a_wait_at_once(service: Service) -> None:
    service.script["*"].extend([Reply(500)] * 2)
    wire = service.make_client()._api.wire
    wire.backoff = Backoff(base_s=60.0, most_s=60.0)
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()
    with pytest.raises(errors.NetworkError, match="stopped"):
        wire.get("/v1/tasks/a", _body, asked="task 'a'", stop=stop)
    assert time.monotonic() - start < 5
    assert len(service.requests) == 1


def _body(raw: Raw) -> bytes:
    return raw.body
