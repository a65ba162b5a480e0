"""`suasion serve`: it opens, says where, ends when told to, and says what keeps it from opening."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.web.served import PATIENCE

from suasion.cli.main import MISTAKE, main

SERVE = [sys.executable, "-m", "suasion", "serve", "harrow", "--no-browser", "--port", "0"]


@pytest.mark.parametrize("asked", ["cases", "cases/harrow/policy?actor=court&sequences=true&futures=20000"])
def test_it_opens_where_it_says_and_ends_with_ctrl_c_whatever_is_under_way(
    asked: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "SUASION_CACHE": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as server:
        assert server.stdout is not None
        found = re.search(r"http://127.0.0.1:\d+/", server.stdout.readline().decode())
        assert found
        request = urllib.request.Request(f"{found[0]}api/{asked}", headers={"Prefer": "wait=1"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert b"harrow" in answer.read()
        server.send_signal(signal.SIGINT)
        said, errors = server.communicate(timeout=PATIENCE)
    assert b"Traceback" not in errors
    assert b"the workbench has ended; answers that were done are kept" in said
    assert server.returncode == 0


def test_a_case_that_is_none_and_a_port_that_is_taken_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "harow", "--no-browser"]) == MISTAKE
    assert "did you mean 'harrow'?" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "harrow", "--no-browser", "--port", port]) == MISTAKE
    assert "K216" in capsys.readouterr().err
