from decimal import Decimal

from hypothesis import given, strategies as st

from structures.enums import MeasureUnit
from structures.rules.quotes import Priced, compare, total


def priced(key, unit, quantity, price):
    return Priced(key, unit, Decimal(quantity), Decimal(price))


def test_a_total_is_rounded_to_the_cent_upwards_from_a_half():
    assert total(Decimal(1200), Decimal("0.0445")) == Decimal("53.40")
    assert total(Decimal(3), Decimal("0.335")) == Decimal("1.01")


def test_like_is_compared_with_like_only():
    groups = compare(
        [
            priced(1, MeasureUnit.PIECE, 1200, "0.09"),
            priced(2, MeasureUnit.KILO, 40, "2.10"),
            priced(3, MeasureUnit.PIECE, 1200, "0.08"),
            priced(4, MeasureUnit.HOUR, 12, "18"),
        ]
    )

    assert [(group.unit, [row.priced.key for row in group.rows]) for group in groups] == [
        (MeasureUnit.PIECE, [3, 1]),
        (MeasureUnit.KILO, [2]),
        (MeasureUnit.HOUR, [4]),
    ]
    assert [row.is_lowest for row in groups[0].rows] == [True, False]


def test_a_price_per_thousand_is_a_price_per_piece():
    (group,) = compare(
        [priced(1, MeasureUnit.THOUSAND, "1.2", 85), priced(2, MeasureUnit.PIECE, 1200, "0.0851")]
    )

    assert group.unit == MeasureUnit.PIECE
    assert [row.priced.compared_price for row in group.rows] == [Decimal("0.0850"), Decimal("0.0851")]
    assert group.has_one_quantity
    assert group.rows[0].priced.total == Decimal("102.00")


def test_prices_of_other_quantities_compare_and_their_totals_do_not():
    (group,) = compare([priced(1, MeasureUnit.KILO, 40, 2), priced(2, MeasureUnit.TONNE, "0.05", 1900)])

    assert not group.has_one_quantity
    assert not group.is_alone
    assert group.rows[0].priced.key == 2


def test_a_quote_alone_in_its_unit_is_not_the_lowest_of_anything():
    (group,) = compare([priced(1, MeasureUnit.FLAT, 1, 300)])

    assert group.is_alone
    assert not group.rows[0].is_lowest


def test_equal_prices_are_lowest_together():
    (group,) = compare([priced(key, MeasureUnit.HOUR, 10, 20) for key in (1, 2)])

    assert all(row.is_lowest for row in group.rows)


def test_nothing_compares_with_nothing():
    assert compare([]) == ()


QUOTES = st.lists(
    st.builds(
        Priced,
        key=st.integers(1, 10**6),
        unit=st.sampled_from(MeasureUnit),
        quantity=st.decimals("0.001", 10**6, places=3),
        unit_price=st.decimals(0, 10**5, places=4),
    ),
    max_size=12,
)


@given(QUOTES)
def test_no_quote_is_lost_and_no_two_units_share_a_table(quotes):
    groups = compare(quotes)

    assert sorted(row.priced.key for group in groups for row in group.rows) == sorted(q.key for q in quotes)
    assert len({group.unit for group in groups}) == len(groups)
    for group in groups:
        prices = [row.priced.compared_price for row in group.rows]
        assert prices == sorted(prices)
