"""Charts that are read by eye, by ear and in the dark."""

from __future__ import annotations

from lxml import etree

from review.charts import Axis, bars_chart
from review.digest.records import Series

SVG = "{http://www.w3.org/2000/svg}"


def chart(*rows: Series) -> etree._Element:
    axis = Axis(
        labels=("lundi", "mardi"),
        ticks=((1, "mardi"),),
        total="total",
        last="silence",
        point=lambda label, value: f"{label} : {value}",
    )
    return etree.fromstring(bars_chart("Sujets", "deux jours", rows, axis))


def texts(root: etree._Element) -> list[str]:
    return [element.text for element in root.iter(f"{SVG}text")]


def test_a_chart_has_a_name_and_a_description_for_a_screen_reader() -> None:
    root = chart(Series(name="Mali", values=(1, 2)))

    assert root.get("role") == "img"
    assert root.get("aria-label") == "Sujets. deux jours"
    assert root.findtext(f"{SVG}title") == "Sujets"
    assert root.findtext(f"{SVG}desc") == "deux jours"


def test_every_row_says_its_total_and_every_bar_its_number() -> None:
    root = chart(Series(name="Mali", values=(0, 3), last="2 j"))

    assert texts(root) == ["total", "silence", "Mali", "3", "2 j", "mardi"]
    assert [t.text for t in root.iter(f"{SVG}title")] == [
        "Sujets",
        "Mali",
        "lundi : 0",
        "mardi : 3",
    ]


def test_all_rows_have_one_scale_and_a_nought_has_no_bar() -> None:
    root = chart(Series(name="Mali", values=(0, 4)), Series(name="Niger", values=(2, 1)))

    heights = [float(r.get("height")) for r in root.iter(f"{SVG}rect") if r.get("fill") != "none"]

    assert heights == [17, 8.5, 4.2]


def test_text_takes_the_colour_of_the_page() -> None:
    root = chart(Series(name="Mali", values=(1, 2)))

    assert {element.get("fill") for element in root.iter(f"{SVG}text")} == {"currentColor"}


def test_a_chart_loads_nothing_and_runs_nothing() -> None:
    root = chart(Series(name="<script>alert(1)</script>", values=(1, 2), last='" onload="x'))

    allowed = {"svg", "title", "desc", "g", "text", "path", "rect"}
    assert {etree.QName(element).localname for element in root.iter()} <= allowed
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name in ("href", "style")]


def test_a_long_name_is_cut_where_it_is_drawn_and_whole_where_it_is_read() -> None:
    root = chart(Series(name="Le Courrier des Hauts Plateaux du Fouta", values=(1, 2)))

    assert texts(root)[2] == "Le Courrier des Hauts Pl…"
    assert "Le Courrier des Hauts Plateaux du Fouta" in [t.text for t in root.iter(f"{SVG}title")]


def test_a_chart_without_anything_to_count_can_be_drawn() -> None:
    assert texts(chart(Series(name="Mali", values=(0, 0))))[3] == "0"
