from tooling.plan_page import PAGE, page


def test_the_page_of_the_rules_is_current() -> None:
    assert PAGE.read_text() == page(), "run: python tests/tooling/plan_page.py"
