from itertools import product

import pytest
from hypothesis import given, strategies as st

from reporting.rules.small_counts import WITHHELD, below, conceal, conceal_total


FEW = below(5)


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ([], []),
        ([0, 0, 0], [0, 0, 0]),
        ([12, 7, 0], [12, 7, 0]),
        # Two small parts protect each other.
        ([12, 3, 2], [12, FEW, FEW]),
        # One alone would be the difference: the smallest of the others goes with it.
        ([12, 7, 3], [12, WITHHELD, WITHHELD]),
        ([12, 3, 0], [WITHHELD, WITHHELD, 0]),
        # Two that can only be 1 and 1, or 4 and 4, need a third.
        ([12, 7, 1, 1], [12, WITHHELD, WITHHELD, WITHHELD]),
        ([12, 7, 4, 4], [12, WITHHELD, WITHHELD, WITHHELD]),
        # Nothing left to hide behind.
        ([3, 0, 0], None),
        ([2, 1, 0], None),
        ([1, 1, 1, 1, 1], None),
        ([4, 4], None),
    ],
)
def test_small_counts_are_hidden_with_what_would_give_them_away(counts, published):
    assert conceal(counts, 5) == published


@pytest.mark.parametrize(("total", "published"), [(0, 0), (1, FEW), (4, FEW), (5, 5), (120, 120)])
def test_a_small_total_is_hidden(total, published):
    assert conceal_total(total, 5) == published


@pytest.mark.parametrize("floor", [0, 1])
def test_an_office_may_choose_to_hide_nothing(floor):
    assert conceal([1, 2, 3], floor) == [1, 2, 3]
    assert conceal_total(1, floor) == 1


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(2, 6))
def test_no_hidden_count_follows_from_the_rest(counts, floor):
    published = conceal(counts, floor)

    if published is not None:
        for rank, count in enumerate(published):
            if isinstance(count, str):
                assert len({parts[rank] for parts in readings(published, sum(counts), floor)}) > 1
            else:
                assert count == counts[rank]


def readings(published, total, floor):
    """Every way to fill in what is hidden, for whoever knows the total and what the marks mean."""
    ranges = {below(floor): range(1, floor), WITHHELD: range(1, total + 1)}
    choices = [[count] if isinstance(count, int) else ranges[count] for count in published]
    return [parts for parts in product(*choices) if sum(parts) == total]
