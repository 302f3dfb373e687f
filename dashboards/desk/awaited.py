"""Whose verdict a review waits for, where it is given, and what who looks is to it.

Belongs here: these sentences, on the page of requests, and the part of a person in a review, on
both pages. Does not belong here: who may vote (exports.register.review), the verdict itself
(views/statistics/review.py). Who has given one is not told: how many have is.
"""

from urllib.parse import urlencode

from dashboards import sheet
from dashboards.navigation import declared
from dashboards.outside import Markdown
from dashboards.source import Reading
from exports.register.desk import Desk
from exports.register.people import same
from exports.register.request import Request
from exports.register.states import UNDER_REVIEW

PRODUCER, WAIVED, VOTED, TURN = "producer", "waived", "voted", "turn"
_PAGE = "review"


def part(request: Request, who: str) -> str:
    """Say what somebody is to a review: its producer, who waived a rule for it, a voter who is
    done, or one who is not.
    """
    if same(request.version.by, who):
        return PRODUCER
    if any(same(one.by, who) for one in request.round.waivers):
        return WAIVED
    return VOTED if any(same(one.by, who) for one in request.round.votes) else TURN


def told(reading: Reading, desk: Desk, request: Request) -> None:
    """Say of a request under review whom it waits for, and where that person goes."""
    if request.state != UNDER_REVIEW:
        return
    text, now = reading.text, request.round
    _, pages = declared()
    (page,) = [one for one in pages if one.id == _PAGE]
    asked = {"lang": reading.lang} | ({"release": reading.release.id} if reading.is_past else {})
    where = Markdown(f"{_PAGE}?{urlencode(asked)}")
    said = {"version": request.version.number, "page": page.title(reading.lang), "where": where}
    waivers = ", ".join(dict.fromkeys(one.by for one in now.waivers))
    sheet.info(
        " ".join(
            [
                text(f"desk_awaited_{now.checkers}", given=len(now.votes), **said),
                text("desk_awaited_who_waived", by=request.version.by, waivers=waivers)
                if waivers
                else text("desk_awaited_who", by=request.version.by),
                text(f"desk_awaited_{part(request, desk.who)}"),
            ]
        ),
        icon=":material/hourglass_top:",
    )
