"""The OpenAI Agents SDK: the server is one of the agent's mcp_servers, its runner calls the tools."""

import asyncio
import json

from agents import Agent, OpenAIChatCompletionsModel, RunConfig, RunHooks, Runner
from agents.mcp import MCPServerStdio
from openai import AsyncOpenAI

from model import open_model
from task import ARGS, COMMAND, ENV, PATIENCE, ROUNDS, TASK, show_answer, show_call


class ShowCalls(RunHooks):
    async def on_tool_start(self, context, agent, tool) -> None:
        show_call(tool.name, json.loads(context.tool_arguments))


async def main() -> None:
    atlas = MCPServerStdio(
        {"command": COMMAND, "args": ARGS, "env": ENV},
        # Its patience with a server is five seconds where nothing else is said.
        client_session_timeout_seconds=PATIENCE,
        # It would ask for the tools again before each answer of the model.
        cache_tools_list=True,
    )
    with open_model() as model:
        async with atlas:
            openai = AsyncOpenAI(base_url=model.base_url, api_key=model.api_key)
            agent = Agent(
                name="provisioner",
                model=OpenAIChatCompletionsModel(model.name, openai),
                mcp_servers=[atlas],
            )
            # Traces would go to OpenAI.
            config = RunConfig(tracing_disabled=True)
            result = await Runner.run(
                agent, TASK, max_turns=ROUNDS, hooks=ShowCalls(), run_config=config
            )
            show_answer(result.final_output)


asyncio.run(main())
