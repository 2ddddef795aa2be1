"""The outside extractors, asked in our way."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from flows.core.text import markup
from flows.extraction.extractors import guessed_day

LATEST = datetime(2023, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["Datum: 24. Februar 2023", "24 lutego 2023", "24 de febrero de 2023"]
)
def test_a_day_in_words_is_guessed_in_many_languages(line: str) -> None:
    tree = markup.parsed(f"<body><p>Words.</p><p class='when'>{line}</p></body>")
    assert tree is not None
    assert guessed_day(tree, None, latest=LATEST) == "2023-02-24"


def test_guessing_a_day_loads_no_library_of_locales() -> None:
    asked = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from flows.core.text import markup\n"
        "from flows.extraction.extractors import guessed_day\n"
        "tree = markup.parsed('<p>On the 3rd of March 2021 xyz</p><p>5 mai 2022 a</p>')\n"
        "guessed_day(tree, None, latest=datetime(2023, 3, 1, tzinfo=UTC))\n"
        "print('dateparser.languages.loader' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
