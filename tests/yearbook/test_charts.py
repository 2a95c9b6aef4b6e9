"""Where bars lie: inside the drawing, one after the other, in proportion."""

from hypothesis import given
from hypothesis import strategies as st

from yearbook.charts import WIDEST, bars

VALUES = st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=1, max_size=3)
ROWS = st.lists(st.tuples(st.text(max_size=90), st.just("1"), VALUES), max_size=15)


@given(ROWS, st.booleans())
def test_every_bar_lies_inside_and_below_the_one_before(rows, centred):
    drawn = bars(rows, centred=centred)
    end = 0
    for row, (_label, _shown, values) in zip(drawn.rows, rows, strict=True):
        assert row.lines[0][0] > end
        assert row.end > row.bar_y > row.text_y >= row.lines[0][0]
        assert all(len(words) <= WIDEST for _y, words in row.lines)
        assert len(row.pieces) == sum(bool(value) for value in values)
        for piece in row.pieces:
            assert 0 <= piece.x <= piece.x + piece.width <= 100.01
        end = row.end
    assert drawn.height == end


def test_widths_are_shares_of_the_largest():
    first, second = bars([("a", "", [200, None, 100]), ("b", "", [0, 50])]).rows
    assert [(piece.width, piece.tone) for piece in first.pieces] == [(100, 1), (50, 3)]
    assert [(piece.width, piece.tone) for piece in second.pieces] == [(25, 2)]
