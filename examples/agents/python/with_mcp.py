"""The official MCP SDK alone: the loop between the model and the tools is our own."""

import asyncio
import json

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from openai import AsyncOpenAI

from model import Model, open_model
from task import ARGS, COMMAND, ENV, HEADERS, PATIENCE, ROUNDS, TASK, URL, show_answer, show_call


def as_function(tool) -> dict:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.input_schema,
    }
    return {"type": "function", "function": function}


async def run(atlas: Client, model: Model) -> str:
    openai = AsyncOpenAI(base_url=model.base_url, api_key=model.api_key)
    tools = [as_function(tool) for tool in (await atlas.list_tools()).tools]
    messages = [{"role": "user", "content": TASK}]
    for _ in range(ROUNDS):
        completion = await openai.chat.completions.create(
            model=model.name, messages=messages, tools=tools
        )
        message = completion.choices[0].message
        if not message.tool_calls:
            return message.content
        messages.append(message)
        for call in message.tool_calls:
            name, arguments = call.function.name, json.loads(call.function.arguments)
            show_call(name, arguments)
            # An error is a result as well: it says what to do next, so the model has to see it.
            result = await atlas.call_tool(name, arguments)
            text = result.content[0].text
            messages.append({"role": "tool", "tool_call_id": call.id, "content": text})
    return f"The model did not end within {ROUNDS} rounds."


async def main() -> None:
    stdio = StdioServerParameters(command=COMMAND, args=ARGS, env=ENV)
    with open_model() as model:
        async with httpx2.AsyncClient(headers=HEADERS, timeout=PATIENCE) as http:
            server = streamable_http_client(URL, http_client=http) if URL else stdio
            async with Client(server) as atlas:
                show_answer(await run(atlas, model))


asyncio.run(main())
