import { malformed } from "./malformed.ts";
import type { MessageHead, Question } from "./message.ts";
import type { Query } from "./query.ts";

/**
 * Whether a message with the query's id answers its question, or none, as some refusals do. Throws `ProbeFailure`
 * `exchange/malformed` for a query: the server sent back what it was asked.
 */
export function isReplyTo(query: Query, head: MessageHead): boolean {
  if (head.kind === "query") throw malformed("it is a query rather than a response");
  return head.questions.every((question) => isSame(question, query.question));
}

/** Names are the same in any case (RFC 1035 §2.3.3). */
function isSame(one: Question, other: Question): boolean {
  return one.type === other.type && one.class === other.class && one.name.toLowerCase() === other.name.toLowerCase();
}

/** Where nobody but the server can have sent it: throws `ProbeFailure` `exchange/malformed` unless it answers the query. */
export function requireReplyTo(query: Query, head: MessageHead): void {
  if (head.id !== query.id) throw malformed(`its id is ${head.id} rather than ${query.id}`);
  if (!isReplyTo(query, head)) throw malformed("it answers another question");
}
