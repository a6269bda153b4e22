"""LangChain: its MCP adapters give the tools, create_agent's loop calls them."""

import asyncio

from langchain.agents import create_agent
from langchain.agents.middleware import wrap_tool_call
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools
from langchain_openai import ChatOpenAI

from model import open_model
from task import ARGS, COMMAND, ENV, HEADERS, ROUNDS, TASK, URL, show_answer, show_call

stdio = {"transport": "stdio", "command": COMMAND, "args": ARGS, "env": ENV}
http = {"transport": "streamable_http", "url": URL, "headers": HEADERS}


@wrap_tool_call
async def show_calls(request, handler):
    show_call(request.tool_call["name"], request.tool_call["args"])
    return await handler(request)


async def main() -> None:
    client = MultiServerMCPClient({"atlas": http if URL else stdio})
    with open_model() as model:
        # The tools of client.get_tools() would start a server for each call.
        async with client.session("atlas") as session:
            agent = create_agent(
                ChatOpenAI(model=model.name, base_url=model.base_url, api_key=model.api_key),
                tools=await load_mcp_tools(session),
                middleware=[show_calls],
            )
            result = await agent.ainvoke(
                {"messages": [{"role": "user", "content": TASK}]},
                {"recursion_limit": 3 * ROUNDS},
            )
            show_answer(result["messages"][-1].text)


asyncio.run(main())
