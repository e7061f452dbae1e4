from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.sandbox.shelf import Page, Shelf


def shelf(*ids: str) -> Shelf:
    """A shelf whose items were created in this order, a second apart."""
    return Shelf((number * 1000, one, one.encode()) for number, one in enumerate(ids))


def page(one: Shelf, start: str | None, take: int, order: str, *, inclusive: bool) -> Page:
    return one.page(start=start, take=take, newest_first=order == "newest", inclusive=inclusive)


@pytest.mark.parametrize(
    ("start", "order", "inclusive", "items", "previous", "following"),
    [
        (None, "newest", True, [b"e", b"d"], None, "c"),
        (None, "newest", False, [b"e", b"d"], None, "d"),
        (None, "oldest", True, [b"a", b"b"], None, "c"),
        ("c", "newest", True, [b"c", b"b"], "e", "a"),
        ("c", "newest", False, [b"b", b"a"], "e", None),
        ("d", "newest", True, [b"d", b"c"], "e", "b"),
        ("e", "newest", False, [b"d", b"c"], "", "c"),
        ("e", "oldest", True, [b"e"], "c", None),
        ("a", "newest", False, [], "c", None),
    ],
)
def test_a_page(  # noqa: PLR0917 - one parameter per column of the table
    start: str | None,
    order: str,
    inclusive: bool,  # noqa: FBT001
    items: list[bytes],
    previous: str | None,
    following: str | None,
) -> None:
    found = page(shelf("a", "b", "c", "d", "e"), start, 2, order, inclusive=inclusive)
    assert found == Page(items, previous, following)


def test_a_page_of_nothing() -> None:
    assert page(Shelf(), None, 5, "newest", inclusive=True) == Page([], None, None)


def test_items_are_ordered_by_age_not_by_arrival() -> None:
    one = Shelf([(5, "b", b"b"), (1, "a", b"a"), (5, "c", b"c")])
    one.put(3, "ab", b"ab")
    assert one.ids() == ["c", "b", "ab", "a"]


def test_put_takes_the_place_of_the_same_id() -> None:
    one = shelf("a", "b", "c")
    one.put(1000, "b", b"B")
    assert (one.ids(), one.get("b"), len(one)) == (["c", "b", "a"], b"B", 3)
    one.put(9000, "b", b"BB")
    assert (one.ids(), one.get("b"), len(one)) == (["b", "c", "a"], b"BB", 3)


def test_a_removed_item_is_gone_and_a_page_may_still_start_there() -> None:
    one = shelf("a", "b", "c")
    assert (one.remove("b"), one.remove("b"), one.get("b"), len(one)) == (b"b", None, None, 2)
    assert one.knows("b")
    assert not one.knows("x")
    assert page(one, "b", 5, "newest", inclusive=True).items == [b"a"]
    assert page(one, "b", 5, "oldest", inclusive=False).items == [b"c"]


def test_replace_keeps_the_place() -> None:
    one = shelf("a", "b")
    one.replace("a", b"A")
    assert (one.get("a"), one.ids()) == (b"A", ["b", "a"])


@given(
    st.lists(st.integers(0, 5), max_size=30),
    st.integers(1, 7),
    st.sampled_from(["newest", "oldest"]),
    st.booleans(),
)
def test_a_walk_meets_every_item_once(
    moments: list[int],
    take: int,
    order: str,
    inclusive: bool,  # noqa: FBT001
) -> None:
    one = Shelf((at, f"{n}", b"%d" % n) for n, at in enumerate(moments))
    seen: list[bytes] = []
    start: str | None = None
    for _ in range(len(moments) + 1):
        found = page(one, start, take, order, inclusive=inclusive)
        seen += found.items
        start = found.next
        if start is None:
            break
    expected = [one_id.encode() for one_id in one.ids()]
    assert seen == (expected if order == "newest" else expected[::-1])
