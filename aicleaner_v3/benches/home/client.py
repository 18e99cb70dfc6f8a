"""The same conversation as ours, by a client as people write it in Python: aiohttp for the websocket, orjson to read."""

import asyncio
import os
import sys

import aiohttp
import orjson


async def main() -> None:
    states: dict[str, dict] = {}
    url = f"http://127.0.0.1:{sys.argv[1]}/api/websocket"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as socket:
        await socket.receive()
        await socket.send_str('{"type":"auth","access_token":"token"}')
        await socket.receive()
        await socket.send_str('{"id":1,"type":"supported_features","features":{"coalesce_messages":1}}')
        await socket.send_str('{"id":2,"type":"subscribe_entities","entity_ids":[]}')
        await socket.send_str('{"id":3,"type":"get_config"}')
        async for frame in socket:
            messages = orjson.loads(frame.data)
            if isinstance(messages, dict):
                messages = [messages]
            for message in messages:
                if message["type"] != "event":
                    continue
                event = message["event"]
                for entity, state in event.get("a", {}).items():
                    states[entity] = state
                for entity, change in event.get("c", {}).items():
                    state = states[entity]
                    plus = change.get("+", {})
                    state.setdefault("a", {}).update(plus.pop("a", {}))
                    state.update(plus)
                    for name in change.get("-", {}).get("a", ()):
                        state["a"].pop(name, None)
                    if state["s"] == "end":
                        # The goodbye is not measured.
                        os._exit(0)


asyncio.run(main())
