from collections import Counter

from tooling.mutants import mutants


def test_every_mistake_can_still_be_planted() -> None:
    """The line that it changes stands in its file once; `make mutants` plants them."""
    assert [str(mutant) for mutant in mutants() if not mutant.fits()] == []


def test_the_mistakes_are_spread_over_the_rules() -> None:
    files = Counter(mutant.file for mutant in mutants())
    assert len(files) >= 20
    assert files.total() >= 60
