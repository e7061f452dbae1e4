"""What a walk reads of a list page, strict JSON or not, and the bodies cut out of it."""

from __future__ import annotations

import pytest

from scandoc_analytics.errors import PayloadError
from scandoc_analytics.service.pages import Item, read_item, read_items


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ('{ "id": "第二章",\n"size": 1.50 }', '{ "id": "第二章",\n"size": 1.50 }'),
        ('{"id":"第二章","body":"its own"}', '{"id":"第二章","body":"its own"}'),
        # Not strict, and so written anew.
        ('{ "id": "第二章", "size": NaN }', r'{"id":"\u7b2c\u4e8c\u7ae0","size":NaN}'),
    ],
)
def test_bodies_are_cut_out_of_their_page(body: str, kept: str) -> None:
    first = '{"id":"a","status":"failed","created_at":1}'
    page = f'{{"links": {{"next": null}}, "data": [{first}, {body}]}}'.encode()
    items, links = read_items(page, "the list")
    assert links == {"next": None}
    assert items == [Item("a", "failed", 1, first.encode()), Item("第二章", body=kept.encode())]


@pytest.mark.parametrize("body", [b'{"id":"a","status":["x"]}', b'{"id":"a","status":NaN}'])
def test_one_item(body: bytes) -> None:
    item = read_item(body)
    assert (item.id, item.body) == ("a", body)
    assert item.status == ["x"] or item.status != item.status


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "asked for the list, the answer is no JSON: nothing"),
        (b"<html>", "asked for the list, the answer is no JSON: '<html>'"),
        (b"[]", "asked for the list, the answer is no page: it has no list under 'data'"),
        (b'{"data":1}', "asked for the list, the answer is no page: it has no list under 'data'"),
        (
            b'{"data":[{"id":"a"},{"id":""}]}',
            "asked for the list, item 1 of the page is no object with an id",
        ),
        (
            b'{"data":[{"status":"failed"}]}',
            "asked for the list, item 0 of the page is no object with an id",
        ),
        (b'{"data":[1]}', "asked for the list, item 0 of the page is no object with an id"),
    ],
)
def test_what_is_no_page(body: bytes, message: str) -> None:
    with pytest.raises(PayloadError) as refused:
        read_items(body, "the list")
    assert str(refused.value) == message
