"""Google ADK: the server is one of the agent's toolsets, its runner calls the tools. The model is a Gemini."""

import asyncio

from google.adk.agents import LlmAgent, RunConfig
from google.adk.models import Gemini
from google.adk.runners import InMemoryRunner
from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams
from google.genai.types import UserContent
from mcp import StdioServerParameters

from model import open_gemini
from task import ARGS, COMMAND, ENV, PATIENCE, ROUNDS, TASK, show_answer, show_call


async def main() -> None:
    server = StdioServerParameters(command=COMMAND, args=ARGS, env=ENV)
    # Its patience with a server is five seconds where nothing else is said.
    connection = StdioConnectionParams(server_params=server, timeout=PATIENCE)
    with open_gemini() as (name, base_url):
        agent = LlmAgent(
            name="provisioner",
            model=Gemini(model=name, base_url=base_url),
            tools=[McpToolset(connection_params=connection)],
        )
        runner = InMemoryRunner(agent, app_name="provisioner")
        session = await runner.session_service.create_session(app_name="provisioner", user_id="me")
        async for event in runner.run_async(
            user_id="me",
            session_id=session.id,
            new_message=UserContent(TASK),
            run_config=RunConfig(max_llm_calls=ROUNDS),
        ):
            for call in event.get_function_calls():
                show_call(call.name, call.args)
            if event.is_final_response():
                show_answer(event.content.parts[0].text)
        await runner.close()


asyncio.run(main())
