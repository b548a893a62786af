"""Ask a service for one address and print its answer: a process that loads what it must and ends.

Run as a file, with the port, the path and the token of a session.
"""

import http.client
import json
import sys

import click  # what parses a command line, on both sides


def main(port: str, path: str, token: str) -> None:
    """One call; the answer has to be JSON."""
    connection = http.client.HTTPConnection("localhost", int(port))
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        sys.exit(f"the service answered {answer.status}")
    click.echo(json.dumps(json.load(answer)))


if __name__ == "__main__":
    main(*sys.argv[1:])
