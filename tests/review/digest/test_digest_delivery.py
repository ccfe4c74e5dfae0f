"""Mail and notices, handed to real servers on 127.0.0.1."""

from __future__ import annotations

import email
import email.policy
import socket
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from pytest_httpserver import HTTPServer

from review.digest.mail import DeliveryError, MailServer, digest_mail, send_mail
from review.digest.notice import digest_notice, send_notice
from review.digest.records import DigestError
from review.digest.words import words

if TYPE_CHECKING:
    from conftest import Press

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise imports it

FRENCH = words("fr")
SENDER, READER = "vigie@redaction.example", "lectrice@redaction.example"


class SinkHandler(socketserver.StreamRequestHandler):
    """The half of SMTP that a mail needs."""

    server: Sink

    def handle(self) -> None:
        self._say("220 sink")
        for line in self.rfile:
            command = line.decode().strip().upper()
            if command.startswith("EHLO"):
                self._say("250-sink\r\n250 8BITMIME")
            elif command.startswith("RCPT") and self.server.refuses:
                self._say("550 no such reader")
            elif command == "DATA":
                self._take()
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.taken.append(b"".join(lines))
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SinkHandler)
        self.taken: list[bytes] = []
        self.refuses = False

    @property
    def port(self) -> int:
        port: int = self.server_address[1]
        return port

    def message(self) -> EmailMessage:
        (raw,) = self.taken
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def to(sink: Sink, **changes: Any) -> MailServer:
    return MailServer(**({"host": "127.0.0.1", "port": sink.port, "tls": "none"} | changes))


def mail(press: Press) -> EmailMessage:
    press.publish(title="Niger : l’uranium « à l’étude » à Arlit")
    return digest_mail(press.digest(), FRENCH, SENDER, [READER])


def test_the_mail_arrives_with_its_text_first_and_its_letters_whole(
    press: Press, sink: Sink
) -> None:
    send_mail(mail(press), to(sink))

    message = sink.message()
    assert message["Subject"] == (
        "Vigie\N{NO-BREAK SPACE}: revue de presse, 22 novembre 2026 – 1 sujet · 1 à relire"
    )
    assert (message["From"], message["To"]) == (f"Vigie <{SENDER}>", READER)
    text, page = message.iter_parts()
    assert "l’uranium « à l’étude »" in text.get_content()
    assert "<mark>" in page.get_content()


def test_no_line_of_the_mail_is_longer_than_smtp_allows(press: Press, sink: Sink) -> None:
    press.publish(text="Moscou " + "й" * 5000, mark="Moscou")

    send_mail(mail(press), to(sink))

    assert max(map(len, sink.taken[0].splitlines())) <= 998
    assert sink.taken[0].isascii()


def test_a_reader_the_server_refuses_is_an_error_that_says_so(press: Press, sink: Sink) -> None:
    sink.refuses = True

    with pytest.raises(DeliveryError, match="no such reader"):
        send_mail(mail(press), to(sink))


def test_a_server_without_encryption_is_not_used_where_it_was_asked_for(
    press: Press, sink: Sink
) -> None:
    with pytest.raises(DeliveryError, match="STARTTLS"):
        send_mail(mail(press), to(sink, tls="starttls"))

    assert sink.taken == []


def test_a_password_is_never_sent_in_the_clear(press: Press, sink: Sink) -> None:
    with pytest.raises(DigestError, match="in the clear"):
        send_mail(mail(press), to(sink, user="vigie", password="secret"))  # noqa: S106 - invented


def test_a_user_without_password_is_told_where_to_put_it(press: Press, sink: Sink) -> None:
    with pytest.raises(DigestError, match="VIGIE_MAIL_PASSWORD"):
        send_mail(mail(press), to(sink, user="vigie"))


def test_a_server_that_is_not_there_is_an_error_that_names_it(press: Press) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        with pytest.raises(DeliveryError, match=f"127.0.0.1:{port}"):
            send_mail(mail(press), MailServer(host="127.0.0.1", port=port, tls="none"))


def test_a_password_does_not_show_in_a_trace() -> None:
    server = MailServer(host="h", port=1, tls="tls", user="u", password="secret")  # noqa: S106 - invented

    assert "secret" not in repr(server)


def test_a_notice_is_short_and_says_what_was_not_seen(press: Press) -> None:
    for number in range(12):
        press.publish(title=f"Sujet {number}")
    press.poll("matin", press.clock, {"source_failed": 1})

    title, body = digest_notice(press.digest(), FRENCH)

    assert title == "Vigie\N{NO-BREAK SPACE}: revue de presse, 22 novembre 2026"
    assert body.count("•") == 10
    assert "et 2 autres" in body
    assert len(body) < 4096


def test_a_notice_goes_to_a_service(press: Press, httpserver: HTTPServer) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    press.publish()
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")

    send_notice(
        *digest_notice(press.digest(), FRENCH), [f"json://127.0.0.1:{httpserver.port}/hook"]
    )

    ((request, _),) = httpserver.log
    assert "Mali : des instructeurs russes à Bamako" in request.get_json()["message"]


def test_a_service_that_refuses_is_an_error_without_its_secret(
    press: Press, httpserver: HTTPServer
) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    httpserver.expect_request("/secret").respond_with_data("no", status=500)

    with pytest.raises(DeliveryError) as refused:
        send_notice("a", "b", [f"json://127.0.0.1:{httpserver.port}/secret"])

    assert "secret" not in str(refused.value)


def test_an_address_apprise_does_not_know_is_named_by_its_place() -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")

    with pytest.raises(DigestError, match="address 1"):
        send_notice("a", "b", ["nonsense://secret"])
