from config.lib.departments import DEPARTMENTS, REGIONS, region_label, region_of


def test_every_departement_of_the_republic_proper_is_in_one_region():
    held = [code for _, codes in REGIONS.values() for code in codes]

    assert len(held) == len(set(held)) == 101
    assert set(DEPARTMENTS) - set(held) == {"975", "977", "978", "986", "987", "988"}


def test_a_departement_tells_its_region():
    assert region_label(region_of("94")) == "Île-de-France"
    assert region_of("2A") == "94"
    assert region_of("988") == ""
    assert region_label("99") == "99"
