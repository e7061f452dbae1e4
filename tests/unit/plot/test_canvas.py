"""What all plots share: whose figure it is, the footer, the colours."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import scandoc_analytics as sda
from scandoc_analytics import plot, schema
from scandoc_analytics.plot import _canvas, _colours, _overview
from scandoc_analytics.scope import fitting_period, scope_of, scope_text
from tests.unit.plot import pictures


def test_a_figure_of_its_own_is_known_to_nobody_else() -> None:
    before = dict(mpl.rcParams)
    ax = plot.status_mix(pictures.frame(pictures.task(1)))
    assert isinstance(ax, Axes)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_the_given_axes_are_used_and_returned() -> None:
    ax = pictures.small()
    assert plot.status_mix(pictures.frame(pictures.task(1)), ax=ax) is ax
    assert plt.get_fignums() == []


def test_in_a_notebook_the_figure_is_shown_by_pyplot(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = SimpleNamespace(get_ipython=object, version_info=(9, 0, 0))
    monkeypatch.setitem(sys.modules, "IPython", shell)
    asked: list[dict[str, object]] = []

    def figure(**options: object) -> Figure:
        asked.append(options)
        return Figure()

    monkeypatch.setattr(plt, "figure", figure)
    _canvas.axes(None, height=3)
    assert asked == [{"figsize": (7.0, 3), "layout": "constrained"}]


def test_ipython_that_is_only_imported_is_no_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    # matplotlib asks for the version when it makes the first canvas of a process.
    imported = SimpleNamespace(get_ipython=lambda: None, version_info=(9, 0, 0))
    monkeypatch.setitem(sys.modules, "IPython", imported)
    _canvas.axes(None)
    assert plt.get_fignums() == []


def test_the_footer_says_what_is_counted() -> None:
    flat = pictures.frame(
        pictures.task(1),
        pictures.task(2, created_at="2026-10-31T23:59:59Z"),
        fetched="2026-11-01T09:30:00Z",
    )
    assert pictures.footer(plot.status_mix(flat)) == (
        "2 tasks · created 2026-10-01 to 2026-10-31 UTC · as of 2026-11-01 09:30 UTC"
    )


def test_the_footer_leaves_out_what_is_not_known() -> None:
    assert scope_text(scope_of(schema.empty_frame())) == ["0 tasks"]
    flat = pictures.frame(pictures.task(1), fetched=None)
    assert scope_text(scope_of(flat)) == ["1 task", "created 2026-10-01 UTC"]


def test_every_status_keeps_its_own_look() -> None:
    known = ["completed", "failed", "processing", "pending", "not fetched"]
    looks = [_colours.look(status) for status in known]
    assert [look.colour for look in looks] == [
        "#009E73",
        "#D55E00",
        "#56B4E9",
        "#E69F00",
        "#999999",
    ]
    assert len({look.marker for look in looks}) == 5
    assert _colours.look("paused") == _colours.look("paused")
    assert _colours.look("paused").colour not in {look.colour for look in looks}
    assert _colours.look("\ud800").marker == "P"


def test_areas_that_are_alike_in_grey_differ_in_hatching() -> None:
    known = ["completed", "failed", "processing", "pending"]
    looks = [_colours.look(status) for status in known]

    def grey(colour: str) -> float:
        red, green, blue = mpl.colors.to_rgb(colour)
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for number, one in enumerate(looks):
        for other in looks[number + 1 :]:
            assert one.hatch != other.hatch or abs(grey(one.colour) - grey(other.colour)) > 0.15


def test_areas_are_edged_in_the_ground_they_stand_on() -> None:
    ax = pictures.small()
    ax.set_facecolor("#102030")
    edge = _canvas.patch(ax, "failed")["edgecolor"]
    assert mpl.colors.to_hex(edge) == "#102030"
    ax.set_facecolor("none")
    assert _canvas.patch(ax, "failed")["edgecolor"] == "white"


def test_the_overview_has_six_plots_and_one_footer() -> None:
    flat = pictures.frame(
        pictures.task(1, result=pictures.made(100)), pictures.task(2, status="failed")
    )
    figure = plot.overview(flat)
    assert [pictures.title(ax) for ax in figure.axes] == [
        "2 tasks by operation, by status",
        "Tasks created, completed and failed per hour",
        "How long 2 settled tasks took",
        "1 of 2 settled tasks failed: 50.0 %",
        "1 file, 100 B in all",
        "Unsettled tasks",
    ]
    assert figure.get_supxlabel() == (
        "2 tasks · created 2026-10-01 UTC · as of 2026-11-01 09:30 UTC"
    )
    assert all(text.get_gid() != "scope" for ax in figure.axes for text in ax.texts)
    assert plt.get_fignums() == []


def test_a_notebook_shows_the_overview_without_pyplot() -> None:
    figure = plot.overview(schema.empty_frame())
    assert isinstance(figure, _overview._Shown)
    assert figure._repr_png_()[:8] == b"\x89PNG\r\n\x1a\n"
    assert pictures.notes(figure.axes[0]) == ["no tasks"]


@pytest.mark.parametrize(
    ("days", "every"), [(0, "1h"), (2, "1h"), (3, "1d"), (92, "1d"), (93, "1w"), (731, "1mo")]
)
def test_the_period_is_chosen_by_the_span(days: int, every: str) -> None:
    later = f"{datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=days):%Y-%m-%d}T08:00:00Z"
    flat = pictures.frame(pictures.task(1), pictures.task(2, created_at=later))
    scope = scope_of(flat)
    assert fitting_period(scope.first, scope.last) == every


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("scandoc_analytics.plot")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(sda.MissingExtraError, match=r"pip install 'scandoc_analytics\[plot\]'"):
        __import__("scandoc_analytics.plot")
