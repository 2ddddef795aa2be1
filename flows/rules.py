"""The rules that make what the store keeps of a URL and of a text, with their versions.

The one place that hands `flows.urls` and `flows.duplicates` to the store, which knows neither.
"""

from flows.duplicates.fingerprints import FINGERPRINT_VERSION, printed
from flows.store.renewing import Rules
from flows.urls import URL_RULES_VERSION, url_key

RULES = Rules(
    keys=URL_RULES_VERSION,
    url_key=url_key,
    prints=FINGERPRINT_VERSION,
    printed=printed,
)
