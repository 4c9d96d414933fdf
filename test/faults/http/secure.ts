import { createAuthority } from "../../support/certificates.ts";
import type { Fault, Settings } from "../fault.ts";
import { always } from "../servers/answers.ts";
import { startHttpServer } from "../servers/http-server.ts";

/** What may be wrong with a site although its certificate is sound; and one with which nothing is. */
export const SECURE_FAULTS: readonly Fault[] = [
  secureFault("a healthy site over TLS", { outcome: "success", http: {} }),
  secureFault("a site over TLS where that is forbidden", {
    outcome: "content/tls-forbidden",
    http: { fail_if_ssl: true },
  }),
];

function secureFault(
  name: string,
  { outcome, http }: { readonly outcome: Fault["outcome"]; readonly http: Settings },
): Fault {
  return {
    subject: "http",
    name,
    outcome,
    httpStatus: 200,
    async start() {
      const authority = await createAuthority();
      const { key, chain } = await authority.issue();
      const server = await startHttpServer(always({ body: "Welcome" }), { key, cert: chain });
      return {
        target: `https://${server.host}:${server.port}/`,
        module: {
          prober: "http",
          timeout: "5s",
          http: { ...http, tls_config: { ca: authority.certificate } },
        },
        server,
      };
    },
  };
}
