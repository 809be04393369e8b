"""What the engagement plugin's options accept, and what it says of those it does not."""

from __future__ import annotations

from typing import Any

import pytest

from site_builder.engagement.events import EVENT_NAMES
from site_builder.engagement.options import ADAPTERS, EngagementOptions
from site_builder.errors import ConfigError

UMAMI = {"kind": "umami", "website": "94db1cb1-74f4-4a40-ad6c-962362670409"}


def test_without_options_the_site_reports_to_its_own_host() -> None:
    options = EngagementOptions.read(None)
    assert options.endpoint == "/e" and options.reports and options.hosts == ()
    assert options.respect_privacy_signals and options.consent == "none" and not options.counts


def test_the_hosts_of_others_are_known_for_the_policy() -> None:
    options = EngagementOptions.read(
        {
            "endpoint": "https://Stats.example.com:8443/e",
            "adapters": [
                {"kind": "plausible", "domain": "example.com"},
                UMAMI,
                {"kind": "goatcounter", "endpoint": "https://known.goatcounter.com/count"},
                {"kind": "matomo", "site_id": 3, "endpoint": "https://stats.example.com:8443/matomo.php"},
                {"kind": "ga4", "measurement_id": "G-ABC123", "api_secret": "published"},
            ],
        }
    )
    assert options.hosts == (
        "https://stats.example.com:8443",
        "https://plausible.io",
        "https://cloud.umami.is",
        "https://known.goatcounter.com",
        "https://www.google-analytics.com",
    )
    assert {adapter.kind: type(adapter) for adapter in options.adapters} == ADAPTERS


def test_a_path_is_on_the_sites_own_host_and_nothing_is_nowhere() -> None:
    assert EngagementOptions.read({"endpoint": "/blog/e"}).hosts == ()
    assert not EngagementOptions.read({"endpoint": ""}).reports
    assert EngagementOptions.read({"endpoint": "", "adapters": [UMAMI]}).reports


def test_false_switches_all_hooks_off() -> None:
    assert EngagementOptions.read({"hooks": False}).hooks == dict.fromkeys(EVENT_NAMES, False)
    assert EngagementOptions.read({"hooks": {"share": False}}).hooks == {"share": False}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"endpoint": "e"}, "engagement option endpoint"),
        ({"endpoint": "//example.com/e"}, "engagement option endpoint"),
        ({"endpoint": "ftp://example.com/e"}, "must be an address such as"),
        ({"endpoint": "https://example.com/e; script-src *"}, "must be an address such as"),
        ({"endpoint": "https://example.com:port/e"}, "must be an address such as"),
        ({"endpoint": "https://user@example.com/e"}, "must be an address such as"),
        ({"hooks": ["share"]}, "must be true, false, or a mapping"),
        ({"hooks": {"share": "off"}}, "must be true, false, or a mapping"),
        ({"hooks": {"shares": False}}, "there is no hook 'shares'; there are pageview, "),
        ({"reactions": ["like", "hate"]}, "there is no 'hate'; there are like, "),
        ({"share": ["fax"]}, "there is no 'fax'; there are native, "),
        ({"consent": True}, "engagement option consent"),
        ({"adapters": [{"kind": "counter"}]}, "engagement option adapters.0"),
        ({"adapters": [{"kind": "goatcounter"}]}, "engagement option adapters.0.goatcounter.endpoint"),
        ({"adapters": [{**UMAMI, "token": "x"}]}, "engagement option adapters.0.umami.token"),
        ({"adapters": [{**UMAMI, "endpoint": "https://a'b.example.com/"}]}, "must be an address such as"),
        ({"adapters": [{**UMAMI, "website": "my-blog"}]}, "must be the site's id in Umami"),
        ({"adapters": [{"kind": "ga4", "measurement_id": "G-ABC123"}]}, "Google takes nothing without an api_secret"),
        ({"endpiont": "/e"}, "engagement option endpiont"),
        (["hooks"], "engagement option mapping"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_name(options: Any, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        EngagementOptions.read(options)
    assert words in refused.value.what
    assert refused.value.hint.startswith("The engagement plugin's options are: endpoint, hooks, ")
