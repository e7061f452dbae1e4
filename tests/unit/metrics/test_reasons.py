from __future__ import annotations

import time

import pytest

from scandoc_analytics.metrics.reasons import normalised


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Timed out.", "Timed out."),
        ("Page 17 does not exist in file_nfnycndvjv5tbmoq.", "Page <n> does not exist in <id>."),
        ("input task_puoo62v59h9trrrk failed", "input <id> failed"),
        ("request req-8f3a91c2 was dropped", "request <id> was dropped"),
        ("no such file_not_found handler", "no such file_not_found handler"),
        ("job 123e4567-e89b-12d3-a456-426614174000 died", "job <id> died"),
        ("object 01ARZ3NDEKTSV4RRFFQ69G5FAV is gone", "object <id> is gone"),
        ("12,5 MB is more than 10 MB", "<n> MB is more than <n> MB"),
        ("scale -1.5e-3 at 50%", "scale <n> at <n>%"),
        ("pages 10-20", "pages <n>-<n>"),
        ("no utf8, code E1001", "no utf8, code E1001"),
        ("cannot read 'October invoice.pdf'", "cannot read <name>"),
        ("cannot read \"a 'b' c\"", "cannot read <name>"),
        ("cannot read “Rechnung” or «facture»", "cannot read <name> or <name>"),
        ("cannot read \u2018x\u2019", "cannot read <name>"),
        ("the file's owner can't open it", "the file's owner can't open it"),
        ("scan-001.PDF.pdf is encrypted", "<name> is encrypted"),
        ("no space in /var/tmp/x7/page 3", "no space in <path> <n>"),
        (r"no space in C:\temp\x", "no space in <path>"),
        ("type image/png and/or application/pdf", "type image/png and/or application/pdf"),
        ("GET https://a.example/v1/x?y=1 gave 502", "GET <url> gave <n>"),
        ("ask jo.doe+x@mail.example.com", "ask <email>"),
        ("at 2026-10-31T08:00:00.123Z", "at <time>"),
        ("since 2026-10-31 until 08:15:30", "since <time> until <time>"),
        ("address 0xDEADbeef", "address <hex>"),
        ("sum d41d8cd98f00b204e9800998ecf8427e is wrong", "sum <hex> is wrong"),
        ("the facade is a deadbeef", "the facade is a deadbeef"),
        ("  two\n lines\t", "two lines"),
        ("الصفحة ٣ غير موجودة", "الصفحة <n> غير موجودة"),
        ("", "(no reason given)"),
        (" \n", "(no reason given)"),
        (None, "(no reason given)"),
        (float("nan"), "(no reason given)"),
    ],
)
def test_what_varies_becomes_a_placeholder(text: object, reason: str) -> None:
    assert normalised(text) == reason


def test_a_reason_is_no_longer_than_two_hundred_characters() -> None:
    assert normalised("x " * 5000) == "x " * 99 + "x…"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "'",
        '"',
        "/",
        "a.",
        "-",
        "1,",
        "a@",
        "0x",
        "f1",
        "file_",
        "1:1",
        "\\",
        "2026-",
        " ",
    ],
)
def test_a_hostile_text_costs_no_more_than_another(piece: str) -> None:
    start = time.process_time()

    reason = normalised(piece * (1_000_000 // len(piece)))

    assert len(reason) <= 200
    # A runaway pattern takes minutes; an honest one takes milliseconds.
    assert time.process_time() - start < 2
