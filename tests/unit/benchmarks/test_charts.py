from typing import Any
from xml.etree import ElementTree

from benchmarks.charts import Bar, bars, draw

SVG = "{http://www.w3.org/2000/svg}"
TABLE: list[dict[str, Any]] = [
    {"figure": "writes, a", "tidemark": 2, "reference": 4, "floor": None},
    {"figure": "writes, b", "tidemark": 1, "reference": None, "floor": 2},
    {"figure": "reads, a", "tidemark": 1, "reference": 1, "floor": 1},
]


def test_a_chart_has_a_bar_for_each_figure_of_its_lines() -> None:
    assert bars(TABLE, "writes, ") == [
        Bar("a", "Tidemark", 2),
        Bar("", "reference", 4),
        Bar("b", "Tidemark", 1),
        Bar("", "floor", 2),
    ]


def test_the_length_of_a_bar_is_its_value() -> None:
    chart = ElementTree.fromstring(draw("A < B", bars(TABLE, "writes, ")))

    *widths, _, _, _ = (float(r.attrib["width"]) for r in chart.iter(f"{SVG}rect"))
    assert widths == [widths[1] / 2, widths[1], widths[1] / 4, widths[1] / 2]
    assert "A < B" in [text.text for text in chart.iter(f"{SVG}text")]
