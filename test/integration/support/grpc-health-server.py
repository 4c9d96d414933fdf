"""A gRPC server with nothing but health checks (grpc.health.v1): PORT TLS_PORT CERTIFICATE KEY."""

import sys
import threading
from concurrent import futures

import grpc

SERVING, NOT_SERVING = 1, 2

STATUSES = {"": SERVING, "shop.Cart": SERVING, "shop.Search": NOT_SERVING, "shop.Secret": SERVING}


def check(request, context):
    # A HealthCheckRequest is a tag, a length of one byte, and the service's name; or nothing at all.
    service = request[2:].decode()
    if service == "shop.Slow":
        # Longer than the client says that it waits, unless it hangs up before.
        hung_up = threading.Event()
        context.add_callback(hung_up.set)
        hung_up.wait(context.time_remaining() + 1)
    if service == "shop.Secret" and ("authorization", "Bearer 42") not in context.invocation_metadata():
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "who are you?")
    if service not in STATUSES:
        context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
    return bytes([1 << 3, STATUSES[service]])


def main(port, tls_port, certificate, key):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    methods = {"Check": grpc.unary_unary_rpc_method_handler(check)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.health.v1.Health", methods),))
    server.add_insecure_port(f"127.0.0.1:{port}")
    with open(key, "rb") as private, open(certificate, "rb") as public:
        credentials = grpc.ssl_server_credentials([(private.read(), public.read())])
    server.add_secure_port(f"127.0.0.1:{tls_port}", credentials)
    server.start()
    server.wait_for_termination()


main(*sys.argv[1:])
