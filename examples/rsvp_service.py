"""Replies with conditions inside an application: every request gets an answer that is ready for JSON.

`reply` is what a web handler would call. A reply that cannot be understood changes nothing, and the guest is shown the
place and what to write instead. The newest word of a guest counts. What this prints is kept in
expected/rsvp_service.txt.
"""

import json
from typing import Any

import attendance as at

GUESTS = [at.Participant(id=who, name=who.title()) for who in ("ana", "bo", "cy", "dee")]
DINNER = at.Gathering(id="dinner", name="Team dinner", held_if="at least 3 of everyone")


def event_with(*replies: at.Statement) -> at.Case:
    """The event with what was said so far."""
    return at.Case(title="Team dinner", gatherings=[DINNER], participants=GUESTS, statements=replies)


def status(event: at.Case) -> dict[str, Any]:
    """What the page of the event shows."""
    answer = at.resolve(event).to_dict()
    dinner = answer["gatherings"]["dinner"]
    return {"guests": answer["verdicts"]["dinner"], "held": dinner["held"], "places": dinner["turnout"]}


def explained(problem: at.Problem) -> dict[str, Any]:
    """One mistake, with the piece of text to underline."""
    wrong = problem.text[problem.start : problem.end] if problem.text else problem.word
    return {"error": problem.message, "at": wrong, "try": problem.hint}


def reply(event: at.Case, request: dict[str, str]) -> tuple[at.Case, int, dict[str, Any]]:
    """The event with what was said, the status code, and the body of the response."""
    try:
        said = at.Statement(who=request["who"], says=request["says"], said=request["at"], source="web")
        changed = event_with(*event.statements, said)
    except at.CaseError as error:
        return event, 422, {"problems": [explained(problem) for problem in error.problems]}
    except KeyError as missing:
        return event, 400, {"problems": [{"error": f"{missing.args[0]} is missing"}]}
    return changed, 200, status(changed)


REQUESTS = [
    {"who": "ana", "says": "attends only if bo", "at": "2025-06-02T09:00"},
    {"who": "bo", "says": "attends if at least 2 of others", "at": "2025-06-02T09:30"},
    {"who": "cy", "says": "atends", "at": "2025-06-02T10:00"},
    {"who": "cy", "says": "attends if anna", "at": "2025-06-02T10:01"},
    {"who": "cy", "says": "attends", "at": "2025-06-02T10:02"},
    {"who": "eve", "says": "attends", "at": "2025-06-02T10:03"},
    {"who": "dee"},
    {"who": "dee", "says": "attends unless ana", "at": "2025-06-02T11:00"},
    {"who": "bo", "says": "attends", "at": "2025-06-03T08:00"},
]

event = event_with()
for request in REQUESTS:
    event, code, body = reply(event, request)
    print("POST", json.dumps(request))
    for problem in body.pop("problems", []):
        print(f"  {code} {json.dumps(problem, ensure_ascii=False)}")
    if body:
        print(f"  {code} {json.dumps(body)}")

print()
print("GET why ana")
print(at.why(event, "ana"))
print()
print("Kept for tomorrow, and read again:", at.loads(at.dumps(event, format="json"), format="json") == event)
