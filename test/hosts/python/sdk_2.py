"""Release 2 of the official SDK: both eras of the protocol."""

from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Connected:
    def __init__(self, client, say):
        self.client = client
        self.say = say
        self.protocol = client.protocol_version
        self.instructions = client.instructions

    async def list_tools(self):
        return [plain(tool) for tool in (await self.client.list_tools()).tools]

    async def call_tool(self, name, arguments, timeout=None):
        async def told(progress, total, message):
            self.say({"progress": {"progress": progress, "total": total, "message": message}})

        return plain(await self.client.call_tool(name, arguments, timeout, told))


@asynccontextmanager
async def connect(options, ask, say):
    async def elicit(context, params):
        action = await ask(params.message)
        return ElicitResult(action=action, content={"agree": True} if action == "accept" else None)

    async with AsyncExitStack() as stack:
        if "url" in options:
            http = httpx2.AsyncClient(headers=options["headers"], timeout=60)
            await stack.enter_async_context(http)
            server = streamable_http_client(options["url"], http_client=http)
        else:
            server = StdioServerParameters(**options["stdio"])
        client = Client(server, mode=options["mode"], elicitation_callback=elicit if ask else None)
        yield Connected(await stack.enter_async_context(client), say)
