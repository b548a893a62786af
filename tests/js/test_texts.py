"""The browser says texts, tasks, accounts and topics as the service does."""

from random import Random

from crypto.fields import is_account
from service.client.foundation import render
from service.domain.lines import aws_account
from service.domain.tasks import TASKS
from service.domain.topic import MalformedTopicError, Topic
from service.domain.typed import account_id
from service.web.pages.words import spaced
from tests.js.node import told
from tests.js.rules.agreeing import SCRIPT, agreed


def test_both_have_the_same_catalogue_of_tasks() -> None:
    [answer] = told(SCRIPT, [{"rule": "tasks"}])
    assert answer["says"] == {
        name: {"title": task.title, "instead": task.instead} for name, task in TASKS.items()
    }


def test_both_say_texts_and_lengths_of_time_the_same() -> None:
    random = Random(5)
    letters = "aä\n\t\x00\x7f\x85\u061c\u200b\u200e\u2028\u2029\u202e\u2060\u2069\U0001f600 "
    cases = []
    for _ in range(300):
        text = "".join(random.choices(letters, k=8))
        seconds = int(10 ** random.uniform(0, 6)) - 1
        says = {
            "clean": render.clean(text),
            "duration": render.duration(seconds),
            "listing": render.listing([text, text]),
        }
        given = {"rule": "words", "text": text, "seconds": seconds}
        cases.append((given, {"code": "", "says": says}))
    agreed(cases)


def test_both_read_the_account_of_a_topic_the_same() -> None:
    random = Random(6)
    whole = "arn:aws:sns:eu-central-1:222222222222:alerts"
    odd = ["", "arn:", "arn:aws:sns:made-up", f"{whole}.fifo", f"{whole}\n", f" {whole}", whole]
    letters = "arn:sw-2\u0662\n_.é"
    for _ in range(300):
        place = random.randrange(len(whole))
        odd.append(whole[:place] + random.choice(letters) + whole[place + random.randrange(2) :])
    owners: list[str | None] = []
    for arn in odd:
        try:
            owners.append(Topic.parse(arn).account)
        except MalformedTopicError:
            owners.append(None)
    [answer] = told(SCRIPT, [{"rule": "topics", "arns": odd}])
    assert answer["says"] == owners
    assert None in owners
    assert "222222222222" in owners


def test_both_know_the_same_accounts_and_what_aws_calls_them() -> None:
    random = Random(7)
    odd = ["", "service", "111122223333", *(f"111122223333.{line}" for line in range(1001))]
    for _ in range(300):
        whole = random.choice(odd[2:])
        place = random.randrange(len(whole))
        odd.append(whole[:place] + random.choice("1.\u0662\n x") + whole[place + 1 :])
    expected = [[aws_account(text), spaced(text)] if is_account(text) else None for text in odd]
    [answer] = told(SCRIPT, [{"rule": "accounts", "texts": odd}])
    assert answer["says"] == expected
    assert 998 < sum(one is not None for one in expected) < len(odd)


def test_both_read_what_is_typed_for_an_account_the_same() -> None:
    random = Random(8)
    blanks = [chr(code) for code in range(0x3001) if chr(code).isspace()]
    odd_ones = "\ufeff\u200b\u180e_"
    between = ["", "", "", *blanks, *".-\u2010\u2011\u2015\u2212", *odd_ones]
    odd = ["", "payments", "1111-2222-3333", " 1111 2222 3333 . 5 ", "\uff11" * 12, "\u0661" * 12]
    for _ in range(2000):
        digits = [random.choice("0123456789") for _ in range(random.choice([11, 12, 12, 12, 13]))]
        few = random.choice([between[:3], between])
        line = random.choice(["", "", ".2", " . 10", ".1", ".02", ".1000", "-2"])
        odd.append("".join(digit + random.choice(few) for digit in digits) + line)
    expected = [account_id(text) for text in odd]
    [answer] = told(SCRIPT, [{"rule": "typed", "texts": odd}])
    assert answer["says"] == expected
    assert 300 < sum(one != "" for one in expected) < 1500
