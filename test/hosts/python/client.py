"""A client of the official SDK that does what it is told, one JSON message a line, and says what came of it.

The first line says which server, with which era of the protocol, and whether there is a user to ask. It stays until
its input ends, so that whoever started it can look for what the server left behind.
"""

import asyncio
import json
import sys
import time
from importlib.metadata import version

if version("mcp").startswith("1."):
    from sdk_1 import connect
else:
    from sdk_2 import connect


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


def words(error: BaseException) -> str:
    """What an error says, whatever it is wrapped in."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(words(one) for one in error.exceptions)
    return f"{type(error).__name__}: {error}"


async def main() -> None:
    options = json.loads(sys.stdin.readline())
    questions: list[asyncio.Future] = []

    async def ask(question: str) -> str:
        questions.append(asyncio.get_running_loop().create_future())
        say({"question": len(questions) - 1, "message": question})
        return await questions[-1]

    async def answer(message: dict, client) -> None:
        try:
            value = await getattr(client, message["do"])(**message["with"])
            say({"id": message["id"], "value": value})
        except Exception as error:
            say({"id": message["id"], "error": words(error)})

    tasks = set()
    async with connect(options, ask if options["asks"] else None, say) as client:
        say({"connected": {"protocol": client.protocol, "instructions": client.instructions}})
        while line := await asyncio.to_thread(sys.stdin.readline):
            message = json.loads(line)
            if "answer" in message:
                questions[message["answer"]].set_result(message["action"])
            elif message["do"] == "close":
                break
            else:
                tasks.add(asyncio.create_task(answer(message, client)))
        began = time.monotonic()
    say({"closed": time.monotonic() - began})
    await asyncio.to_thread(sys.stdin.readline)


try:
    asyncio.run(main())
except Exception as error:
    say({"failed": words(error)})
