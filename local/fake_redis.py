"""The last resort when there is no real Redis: fakeredis as a child process; reads its settings from a pipe."""

import sys

from fakeredis import TcpFakeServer


def main() -> None:
    settings = dict(line.split(" ", 1) for line in sys.stdin.read().splitlines())
    server = TcpFakeServer((settings["bind"], int(settings["port"])))
    server.daemon_threads = True
    server.fake_server.config[b"requirepass"] = settings["requirepass"].encode()
    server.serve_forever()


if __name__ == "__main__":
    main()
