/**
 * Node's HTTP module, not by `import`: that would read each of its exports, and to read `WebSocket` Node loads a whole
 * HTTP library of its own, some 13 MB in every thread that nothing here has a use for.
 */
export const { createServer, request, STATUS_CODES } = process.getBuiltinModule("node:http");
