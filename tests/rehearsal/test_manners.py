from flows.rehearsal.loopback import Served
from flows.rehearsal.outlets import outlets
from flows.rehearsal.web import manners

HOST = "northern-ledger.test"


def _line(target: str, at: float, *, conditional: bool = False, name: str = "Tester/1") -> Served:
    return Served(
        host=HOST,
        target=target,
        method="GET",
        status=200,
        conditional=conditional,
        user_agent=name,
        asked_at=at,
        answered_at=at,
        bytes_sent=0,
    )


def _broken_rules(*lines: Served) -> set[str]:
    return {check.rule for check in manners(outlets(), lines) if not check.holds}


def test_polite_requests_break_no_rule() -> None:
    robots = _line("/robots.txt", 0)
    looks = (_line("/feed.json", 1), _line("/feed.json", 2, conditional=True))
    assert _broken_rules(robots, *looks) == set()


def test_robots_must_be_asked_for_first() -> None:
    assert _broken_rules(_line("/feed.json", 0), _line("/robots.txt", 1)) == {"robots.txt first"}


def test_what_robots_forbid_must_not_be_asked_for() -> None:
    forbidden = "/members/2023/02/24/inside-the-drafting-of-chinas-peace-paper"
    assert _broken_rules(_line("/robots.txt", 0), _line(forbidden, 1)) == {"robots.txt obeyed"}


def test_lists_asked_for_again_must_be_asked_for_conditionally() -> None:
    looks = (_line("/robots.txt", 0), _line("/feed.json", 1), _line("/feed.json", 2))
    assert _broken_rules(*looks) == {"asks conditionally"}


def test_every_request_must_carry_a_name() -> None:
    assert _broken_rules(_line("/robots.txt", 0, name="")) == {"names itself"}


def test_hosts_that_are_no_outlets_are_left_out() -> None:
    assert manners([], [_line("/robots.txt", 0)]) == ()
