"""What the agents have in common: the server, what they are asked, and how they show it."""

import json
import os
import tempfile
import uuid
from pathlib import Path

COMMAND = "node"
ARGS = [str(Path(__file__).resolve().parents[3] / "dist" / "cli.cjs"), "--backend", "sandbox"]
"""Our server over stdio. On the sandbox: nothing is real, nothing is billed."""

ENV = {
    name: value
    for name, value in os.environ.items()
    # The model's key is none of the server's business.
    if name in ("PATH", "HOME") or name.startswith("ATLAS_MCP_")
}
# The server creates it with the first password. Nothing of a sandbox should stay in anybody's home.
ENV.setdefault(
    "ATLAS_MCP_CREDENTIALS_DIR",
    str(Path(tempfile.gettempdir()) / f"atlas-provision-mcp-{uuid.uuid4()}"),
)

URL = os.environ.get("MCP_URL")
HEADERS = {"Authorization": f"Bearer {os.environ.get('MCP_TOKEN', '')}"}
"""Or a server that runs already, over Streamable HTTP, and the token that it lets in."""

PATIENCE = 60
"""A call may wait for its cluster, up to 40 s, so a client must be ready to wait too. In seconds."""

ROUNDS = 30
"""Rounds of model and tools after which an agent gives up."""

TASK = """In my MongoDB Atlas organization, create a project "shop" with a flex cluster "orders" on AWS in us-east-1.
Create a database user "app", and allow the IP address 203.0.113.7.
Tell me the connection string, and which file has the password.
This is only a test, so delete the cluster and the project afterwards."""


def show_call(tool: str, arguments: dict) -> None:
    print(f"-> {tool} {json.dumps(arguments)}")


def show_answer(text: str) -> None:
    print(f"\n{text}")
