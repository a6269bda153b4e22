"""Release 1 of the official SDK: protocol 2025-11-25."""

from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Connected:
    def __init__(self, session, initialized, say):
        self.session = session
        self.say = say
        self.protocol = initialized.protocolVersion
        self.instructions = initialized.instructions

    async def list_tools(self):
        return [plain(tool) for tool in (await self.session.list_tools()).tools]

    async def call_tool(self, name, arguments, timeout=None):
        async def told(progress, total, message):
            self.say({"progress": {"progress": progress, "total": total, "message": message}})

        seconds = None if timeout is None else timedelta(seconds=timeout)
        return plain(await self.session.call_tool(name, arguments, seconds, told))


@asynccontextmanager
async def connect(options, ask, say):
    async def elicit(context, params):
        action = await ask(params.message)
        return ElicitResult(action=action, content={"agree": True} if action == "accept" else None)

    async with AsyncExitStack() as stack:
        if "url" in options:
            http = httpx.AsyncClient(headers=options["headers"], timeout=60)
            await stack.enter_async_context(http)
            transport = streamable_http_client(options["url"], http_client=http)
        else:
            transport = stdio_client(StdioServerParameters(**options["stdio"]))
        read, write, *_ = await stack.enter_async_context(transport)
        session = ClientSession(read, write, elicitation_callback=elicit if ask else None)
        await stack.enter_async_context(session)
        yield Connected(session, await session.initialize(), say)
