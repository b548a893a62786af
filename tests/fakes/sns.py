"""An HTTP endpoint that speaks SNS's Publish, and fails in the ways that the real one can.

It accepts, refuses with a code, hangs without taking the message, or takes it and then hangs: what
a time-out looks like from the other side.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

_TAKEN = """<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
<MessageId>00000000-0000-4000-8000-000000000000</MessageId></PublishResult>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishResponse>"""
_REFUSED = """<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error>
<Type>Sender</Type><Code>{code}</Code><Message>words that anybody may have chosen</Message></Error>
<RequestId>1</RequestId></ErrorResponse>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A message that the endpoint has taken."""

    topic: str
    subject: str
    message: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What happens to a call: ``status`` 0 drops the connection without an answer."""

    takes: bool = True
    hangs: bool = False
    status: int = 200
    code: str = ""


ACCEPT = Behaviour()
HANG = Behaviour(takes=False, hangs=True)
ACCEPT_AND_HANG = Behaviour(hangs=True)
DROP = Behaviour(takes=False, status=0)


def refuse(code: str, status: int = 400) -> Behaviour:
    """Answer with an error."""
    return Behaviour(takes=False, status=status, code=code)


@dataclass
class FakeSns:
    """The endpoint. ``behaviour`` may be changed at any time, also per topic."""

    url: str = ""
    behaviour: Behaviour = ACCEPT
    by_topic: dict[str, Behaviour] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    calls: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def receive(self, form: Mapping[str, list[str]]) -> Behaviour:
        """Count a call, and keep its message if the endpoint takes it now."""
        topic = form["TopicArn"][0]
        behaviour = self.by_topic.get(topic, self.behaviour)
        with self.changed:
            self.calls += 1
            if behaviour.takes:
                self.published.append(_published(topic, form))
            self.changed.notify_all()
        return behaviour

    def wait_for(self, enough: Callable[["FakeSns"], bool], seconds: float = 20) -> bool:
        """Wait until the endpoint has seen enough; whether it has."""
        with self.changed:
            return self.changed.wait_for(lambda: enough(self), timeout=seconds)


def _published(topic: str, form: Mapping[str, list[str]]) -> Published:
    names = {k: v[0] for k, v in form.items() if k.endswith(".Name")}
    attributes = {
        name: form[key.removesuffix(".Name") + ".Value.StringValue"][0]
        for key, name in names.items()
    }
    return Published(
        topic=topic, subject=form["Subject"][0], message=form["Message"][0], attributes=attributes
    )


@contextmanager
def running_sns() -> Iterator[FakeSns]:
    """Serve on a free port of loopback until the block ends."""
    fake = FakeSns()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients may vanish
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        fake.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(fake: FakeSns) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the base class looks for this name
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            behaviour = fake.receive(parse_qs(body, keep_blank_values=True))
            if behaviour.hangs:
                fake.closing.wait(60)
            if behaviour.status == 0 or behaviour.hangs:
                self.close_connection = True
                return
            text = _REFUSED.format(code=behaviour.code) if behaviour.code else _TAKEN
            self.send_response(behaviour.status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler
