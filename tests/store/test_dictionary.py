from tests.store.write_dictionary import PAGE, written


def test_the_data_dictionary_says_what_the_file_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), (
        "run: python -m tests.store.write_dictionary"
    )
