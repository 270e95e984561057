from tooling.states_page import PAGE, page


def test_the_page_on_disk_is_what_the_tables_make() -> None:
    assert PAGE.read_text() == page(), "run: python tests/tooling/states_page.py"
