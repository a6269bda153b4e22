"""The model behind the agents: a scripted one, so that no key is needed, or the one that a variable names."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from task import COMMAND


class Model(NamedTuple):
    name: str
    base_url: str
    api_key: str


@contextmanager
def open_model() -> Iterator[Model]:
    """An endpoint that speaks OpenAI's chat completions."""
    name = os.environ.get("OPENAI_MODEL")
    base_url = os.environ.get("OPENAI_BASE_URL")
    api_key = os.environ.get("OPENAI_API_KEY")
    if not name:
        with scripted() as script:
            yield Model(script["name"], script["baseURL"], "none")
        return
    if not base_url and not api_key:
        stop("OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint.")
    yield Model(name, base_url or "https://api.openai.com/v1", api_key or "none")


@contextmanager
def open_gemini() -> Iterator[tuple[str, str | None]]:
    """The name and the address of a Gemini model; Google's client takes its key from GOOGLE_API_KEY."""
    name = os.environ.get("GEMINI_MODEL")
    if not name:
        os.environ["GOOGLE_API_KEY"] = "none"
        with scripted() as script:
            yield "gemini-scripted", script["geminiURL"]
        return
    if not os.environ.get("GOOGLE_API_KEY"):
        stop("GEMINI_MODEL needs GOOGLE_API_KEY.")
    yield name, None


@contextmanager
def scripted() -> Iterator[dict]:
    """The script of the JavaScript examples, as a process that ends with its input."""
    script = Path(__file__).resolve().parent.parent / "scripted-model.mjs"
    with subprocess.Popen([COMMAND, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as it:
        yield json.loads(it.stdout.readline())


def stop(message: str) -> None:
    print(message, file=sys.stderr)
    sys.exit(2)
