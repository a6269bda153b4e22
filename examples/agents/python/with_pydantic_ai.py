"""Pydantic AI: the server is one of the agent's toolsets, its run calls the tools."""

import asyncio

from fastmcp.client.transports import StdioTransport
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.usage import UsageLimits

from model import open_model
from task import ARGS, COMMAND, ENV, ROUNDS, TASK, show_answer, show_call


async def call_tool(context, call, name, arguments):
    show_call(name, arguments)
    return await call(name, arguments)


async def main() -> None:
    atlas = MCPToolset(
        StdioTransport(COMMAND, ARGS, env=ENV),
        process_tool_call=call_tool,
        # By default it takes an error as an attempt, and ends the agent after the second of a tool.
        tool_error_behavior="failed",
    )
    with open_model() as model:
        provider = OpenAIProvider(base_url=model.base_url, api_key=model.api_key)
        agent = Agent(OpenAIChatModel(model.name, provider=provider), toolsets=[atlas])
        result = await agent.run(TASK, usage_limits=UsageLimits(request_limit=ROUNDS))
        show_answer(result.output)


asyncio.run(main())
