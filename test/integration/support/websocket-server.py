"""A WebSocket server whose paths differ in what becomes of the connection: PORT TLS_PORT CERTIFICATE KEY."""

import asyncio
import ssl
import sys
from http import HTTPStatus

import websockets

TOKEN = "Bearer 42"


async def converse(websocket, path):
    if path == "/closing":
        await websocket.close(1001, "down for maintenance")
    if path == "/greeting":
        await websocket.send("version 1.2.3 nonce abc")
        await websocket.send("welcome" if await websocket.recv() == "answer abc" else "wrong")
    if path == "/large":
        await websocket.send("x" * 100_000)
    async for message in websocket:
        await websocket.send(message)


async def admit(path, headers):
    if path == "/private" and headers.get("Authorization") != TOKEN:
        return HTTPStatus.UNAUTHORIZED, [], b"who are you?\n"
    if path == "/missing":
        return HTTPStatus.NOT_FOUND, [], b"nothing here\n"
    return None


async def main(port, tls_port, certificate, key):
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate, key)
    options = {"process_request": admit, "subprotocols": ["chat.v2"]}
    async with websockets.serve(converse, "127.0.0.1", port, **options):
        async with websockets.serve(converse, "127.0.0.1", tls_port, ssl=secure, **options):
            await asyncio.Future()


asyncio.run(main(*sys.argv[1:]))
