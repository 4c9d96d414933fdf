import type { Outcome } from "../outcome/outcome.ts";

/** An outcome explained to the person on call: what happened, and what to look at first. */
export interface Advice {
  readonly meaning: string;
  readonly advice: string;
}

/** Both texts are Markdown with code spans and nothing else. */
export const ADVICE = {
  success: {
    meaning: "The probe went through every step, and every check of its module passed.",
    advice: "Nothing. If users complain all the same, compare what the module checks with what they do.",
  },

  "request/unknown-prober": {
    meaning: "Prometheus asked for a module that the configuration does not have, so nothing was probed.",
    advice:
      "Compare the `module` parameter of the scrape configuration with the exporter's `/config` page. A renamed module or a reload that was rejected is the usual cause. The target is not at fault.",
  },
  "request/target-missing": {
    meaning: "The request named no target.",
    advice:
      "Look at the relabelling of the scrape job: `__address__` has to end up in `__param_target`. The target is not at fault.",
  },
  "request/parameter-missing": {
    meaning:
      "The target, or a setting that the probe cannot do without, is missing or malformed: no host, no port, half of a pair of credentials.",
    advice:
      "The detail on the exporter's home page says which value. Correct the target or the module; the target itself was not contacted.",
  },
  "request/unsupported-scheme": {
    meaning: "The scheme of the target is not one that this kind of probe speaks.",
    advice: "Check the target for a typing error and the job for the wrong module. Nothing was sent.",
  },
  "request/invalid-mailbox": {
    meaning: "The mail address that the probe should use is not a valid one.",
    advice: "Correct the address in the module. The mail server is not at fault.",
  },

  "deadline/no-time-left": {
    meaning: "The time that Prometheus allows for the scrape, less the exporter's reserve, leaves nothing to probe in.",
    advice:
      "Raise `scrape_timeout` of the job or lower `--timeout-offset`; check the module's `timeout` for a zero. The target is not at fault.",
  },

  "policy/internal-address": {
    meaning: "The target leads to an internal address, and the module forbids those.",
    advice:
      "If the target is meant to be internal, use a module with `internal_addresses: allow`. If it is not, find out who made its name, or a redirect, point inside.",
  },

  "local/no-socket": {
    meaning: "The machine that runs the exporter could not open a socket.",
    advice:
      "Look at the exporter, not at the target: open files against their limit, free ports, memory, and for `icmp` the permission to send echo requests (`net.ipv4.ping_group_range` or CAP_NET_RAW).",
  },
  "local/defect": {
    meaning:
      "Something happened that the exporter has no word for. That is a defect of the exporter until shown otherwise.",
    advice:
      "Take the stack from the exporter's log and report it with the module's settings. Check the target by hand meanwhile.",
  },

  "resolve/timeout": {
    meaning: "No name server answered within the time allowed.",
    advice:
      "If many targets show this at once, the name server or the way to it is down: ask it directly from the exporter's machine. If only one does, its domain's own name servers are silent.",
  },
  "resolve/name-not-found": {
    meaning: "The name servers say that the name does not exist.",
    advice:
      "Look for a typing error, a record that was deleted, and a domain that has expired. Mind the search list when the name has no dot.",
  },
  "resolve/no-address": {
    meaning: "The name exists but has no address of the family that the module wants.",
    advice: "Compare the A and AAAA records with the module's `preferred_ip_protocol` and `ip_protocol_fallback`.",
  },
  "resolve/server-failure": {
    meaning: "A name server answered with an error of its own.",
    advice:
      "Ask several resolvers. One that fails alone is broken or refuses this client; all of them failing points at the domain's name servers or its DNSSEC signatures.",
  },

  "connect/timeout": {
    meaning: "The host did not answer the attempt to connect in time, neither yes nor no.",
    advice:
      "Most often a firewall drops the packets, or the host is down. Ping it, try the port from another network, and see whether a filter or a route changed.",
  },
  "connect/refused": {
    meaning: "The host answered that nothing listens on the port, or a firewall said so in its place.",
    advice:
      "Is the service running, and does it listen on this address and port? A crash or a restart that failed is the usual cause.",
  },
  "connect/unreachable": {
    meaning: "The network has no way to the address.",
    advice:
      "Look at the routes and links between exporter and target. When the address is IPv6, check whether the exporter's machine has IPv6 at all.",
  },

  "tls/timeout": {
    meaning: "The TCP connection stood, but the TLS handshake was not finished in time.",
    advice:
      "An overloaded server, or something that accepts connections for a service that hangs behind it. A port that does not speak TLS but waits for the client looks the same.",
  },
  "tls/handshake-failed": {
    meaning: "The TLS handshake broke off without saying why in a way that has a word of its own.",
    advice:
      "Read the detail for the alert that the server sent. Look at its TLS configuration and log: a name that it has no certificate for, or a client certificate that it demands.",
  },
  "tls/not-offered": {
    meaning: "What answers on the port does not speak TLS.",
    advice:
      "Check the port and the scheme, and for mail and FTP whether TLS is meant to start at once or by a command. A proxy that lost its TLS configuration answers like this too.",
  },
  "tls/certificate-expired": {
    meaning: "A certificate of the chain is past its last day.",
    advice:
      "Renew it, then find out why the renewal did not run. If it was renewed, the server has not reloaded it, or an intermediate certificate expired. The expiry is in `probe_ssl_earliest_cert_expiry`.",
  },
  "tls/certificate-not-yet-valid": {
    meaning: "A certificate of the chain begins to be valid in the future.",
    advice:
      "Compare the clocks of the exporter and of whoever issued the certificate; otherwise it was installed too early.",
  },
  "tls/name-mismatch": {
    meaning: "The certificate is for other names than the one that was asked for.",
    advice:
      "Usually the server presents its default certificate, because no site is configured for this name, or the name points at the wrong server. Check the alternative names of the certificate and the module's `server_name`.",
  },
  "tls/certificate-invalid": {
    meaning: "A certificate is unusable for another reason: revoked, wrongly signed, or made for a different purpose.",
    advice: "The detail names the reason. Replace the certificate; when it was revoked, find out by whom and why.",
  },
  "tls/no-common-cipher": {
    meaning: "The two sides share no TLS version or no cipher.",
    advice:
      "See what changed: a hardened server that dropped an old version, or a module whose `min_version` and `max_version` the server cannot meet.",
  },
  "tls/unknown-authority": {
    meaning: "The chain of the certificate does not lead to an authority that the exporter trusts.",
    advice:
      "Does the server send its intermediate certificates? Browsers often find missing ones themselves and hide this. For an authority of your own, give the module its `ca_file`.",
  },

  "upgrade/timeout": {
    meaning: "The server did not answer the request to switch to a WebSocket in time.",
    advice:
      "See whether a plain HTTP request to the same address is answered. If so, the application behind the proxy hangs.",
  },
  "upgrade/rejected": {
    meaning: "The server answered the request for a WebSocket with an ordinary HTTP status.",
    advice:
      "The status tells the cause. A 404 or 200 mostly means a wrong path; a 400 or 426, a proxy that does not pass the `Upgrade` header on.",
  },
  "upgrade/malformed": {
    meaning: "The server agreed to a WebSocket in a way that the protocol does not allow.",
    advice: "Look for a proxy or cache between, which answers in the application's place or changes headers.",
  },

  "login/rejected": {
    meaning: "The server turned down the credentials that the module holds.",
    advice:
      "Was the password changed, or the account locked? Too many probes from one address can get an account or an address blocked as well.",
  },
  "login/anonymous-denied": {
    meaning: "The FTP server does not let anonymous users in.",
    advice:
      "Give the module a user and a password, or allow anonymous access on the server if it is meant to be public.",
  },
  "login/required": {
    meaning: "The FTP server wants a login, or another account, for a command that the probe sent.",
    advice: "Check what the user may do on the server, and whether the server demands TLS before the login.",
  },

  "exchange/timeout": {
    meaning: "The connection stood, but the other side's answer was not complete in time.",
    advice:
      "The service is up but slow or stuck: look at its load, its database and whatever else it waits for. The durations of the phases show where the time went.",
  },
  "exchange/send-failed": {
    meaning: "The probe could not send what it had to send.",
    advice:
      "The other side closed the connection early or the network went away: look into the service's log at this moment.",
  },
  "exchange/closed": {
    meaning: "The other side closed the connection before its answer was complete.",
    advice:
      "A process that crashed or was restarted, a proxy that lost the server behind it, or a limit on connections. The service's log should show which.",
  },
  "exchange/malformed": {
    meaning: "An answer came that is not valid in this protocol, or says that the service is not ready.",
    advice:
      "Make sure that the port belongs to this protocol, then read in the detail what came. A proxy or another service may be answering.",
  },
  "exchange/no-reply": {
    meaning: "The request went out, and nothing at all came back.",
    advice:
      "The host is down, the service does not answer such requests, or a firewall drops them on one of the two ways. Silence does not tell these apart: probe the host in another way as well.",
  },
  "exchange/packet-loss": {
    meaning: "More echo replies were lost than the module allows.",
    advice:
      "Look for a saturated or faulty link: probe other hosts on the same way and compare. Some hosts limit the rate at which they answer pings.",
  },
  "exchange/packet-loss-tolerated": {
    meaning: "Some echo replies were lost, but no more than the module allows.",
    advice: "Nothing at once. If it stays or grows, treat it as `exchange/packet-loss`.",
  },
  "exchange/error-rcode": {
    meaning: "The DNS server answered with an error code instead of a result.",
    advice:
      "The detail has the code. NXDOMAIN: the record is gone. REFUSED: the server does not serve this zone or this client. SERVFAIL: its own look-up or the zone's signatures fail.",
  },
  "exchange/empty-answer": {
    meaning: "The DNS server answered without an error, and without a single record of the type that was asked for.",
    advice:
      "Check the record type of the module, and whether the record was removed while others of the same name remain.",
  },
  "exchange/command-failed": {
    meaning: "The FTP server turned down a command of the session after the login.",
    advice: "The detail has the reply. Check the path, the user's rights, and whether the server supports the command.",
  },
  "exchange/transfer-failed": {
    meaning: "The FTP session stood, but the transfer of data did not succeed.",
    advice:
      "Check the passive ports in the firewall and the address that the server announces for them, then free space and the rights to the file.",
  },
  "exchange/error-status": {
    meaning: "The gRPC call was answered with an error status.",
    advice:
      "The detail has the status. UNIMPLEMENTED: the server has no health service. UNAVAILABLE: a proxy or the server itself cannot serve now. NOT_FOUND: the health service does not know the name that was asked for.",
  },

  "redirect/too-many": {
    meaning: "The target redirected more often than the module follows.",
    advice:
      "Almost always a loop: http to https and back behind a proxy, or a page that redirects until a cookie is kept. Follow it by hand, hop by hop.",
  },
  "redirect/unsupported-scheme": {
    meaning: "On its way the probe was sent to a scheme or protocol that it does not speak.",
    advice:
      "Read the `Location` header of the last answer: an application that builds wrong addresses is the usual cause.",
  },

  "content/status-not-allowed": {
    meaning: "The service answered, but with a status that the module does not accept.",
    advice:
      "The status tells where to look: for 5xx in the application's log, for 404 and 403 at what was deployed last, for 502 to 504 at the server behind the proxy.",
  },
  "content/missing": {
    meaning: "The answer lacks something that the module requires of it.",
    advice:
      "Look at the answer itself: an error or maintenance page with a good status, an empty result, or wording that was changed without changing the module.",
  },
  "content/forbidden": {
    meaning: "The answer contains something that the module forbids.",
    advice:
      "Look at the answer itself: an error text or a stack on the page, or, if nobody expected the words, a page that was tampered with.",
  },
  "content/version-not-allowed": {
    meaning: "The final answer came in an HTTP version that the module does not accept.",
    advice:
      "Compare `valid_http_versions` with what the server and the proxies before it speak; see what was switched on or off there.",
  },
  "content/tls-required": {
    meaning: "The final answer came without TLS, though the module demands it.",
    advice: "Is the redirect from http to https still there? A redirect in the other direction does the same.",
  },
  "content/tls-forbidden": {
    meaning: "The final answer came over TLS, though the module forbids it.",
    advice: "Look for a new redirect to https, then decide whether the module's `fail_if_ssl` is still right.",
  },
  "content/too-large": {
    meaning: "The body of the answer is larger than the module reads.",
    advice:
      "Does the address return what it should? If the size is right, raise `body_size_limit` or probe a smaller page.",
  },

  "timing/too-slow": {
    meaning: "Every check passed, but the probe took longer than the module's `max_response_time`.",
    advice:
      "The durations of the phases show whether the name, the network, TLS or the application itself became slow. Compare with the same hour yesterday.",
  },

  "registry/unavailable": {
    meaning:
      "No registry could be asked about the domain: none is known for it, it did not answer, or it answers no more questions for now.",
    advice:
      "Mostly it passes by itself, as registries limit how often one may ask. If it lasts for a day, see whether the exporter's machine reaches the registry at all.",
  },
  "registry/unreadable": {
    meaning: "The registry's answer could not be understood, or the name is not one that it could hold.",
    advice:
      "Check the name for a typing error. If it is right, look the domain up by hand and report the registry's format as a defect.",
  },

  "domain/not-registered": {
    meaning: "The registry does not know the domain: anyone may register it.",
    advice: "Unless the name is mistyped, act at once: have the registrar get it back before somebody else takes it.",
  },
  "domain/expired": {
    meaning: "The registration of the domain has run out.",
    advice:
      "Renew it at the registrar today: after the grace period it costs more, and later the domain is lost. Then see why it was not renewed.",
  },
  "domain/suspended": {
    meaning: "The registrar or the registry has put the domain on hold, so that it no longer resolves.",
    advice:
      "Ask the registrar for the reason: usually an unpaid bill, contact data that was never verified, or a complaint about abuse.",
  },
  "domain/blacklisted": {
    meaning: "The domain stands on at least one of the configured block lists.",
    advice:
      "The detail names the list. Find and stop the cause, such as spam or malware, and only then ask the list to remove the entry.",
  },
  "domain/transfer-unprotected": {
    meaning: "Nothing at the registry prevents the domain from being transferred to another registrar.",
    advice: "Set the transfer lock at the registrar. Some top-level domains have none: switch the check off for those.",
  },

  "server/load": {
    meaning: "The load average that the server reported is above its threshold.",
    advice: "See which processes run or wait for the disk. A high load with an idle processor points at storage.",
  },
  "server/cpu": {
    meaning: "The processor of the server is busier than its threshold.",
    advice:
      "See which process uses it, and whether the work is real: traffic, a job that runs at this hour, or a loop.",
  },
  "server/memory": {
    meaning: "More of the server's memory is in use than its threshold.",
    advice:
      "See which process grows, and whether the kernel has begun to swap or to kill. A steady rise since the last restart is a leak.",
  },
  "server/storage": {
    meaning: "At least one file system of the server is fuller than its threshold.",
    advice:
      "The detail names the file system. Logs, backups and files that are deleted but still open are the usual finds.",
  },
  "server/bandwidth-out": {
    meaning: "The server sends more than its threshold.",
    advice:
      "Is it traffic that you want? A backup, a popular download and a compromised machine look alike here: see where it goes.",
  },
  "server/bandwidth-in": {
    meaning: "The server receives more than its threshold.",
    advice: "See where it comes from: an upload or a restore, or a flood that your provider has to filter.",
  },
  "server/report-missing": {
    meaning: "No readable report of the server arrived within its interval.",
    advice:
      "Is the server up? If so, see whether its agent runs, reaches the exporter and has the right token; rejected reports are counted in the exporter's own metrics.",
  },

  "state/created": {
    meaning: "It is declared in the configuration but not activated yet, so nothing is probed.",
    advice: "Set its state to `active` once it is ready to be watched.",
  },
  "state/disabled": {
    meaning: "Its monitoring is switched off in the configuration, so nothing is probed.",
    advice: "If nobody remembers why it is off, switch it on again or remove it.",
  },
  "state/pending": {
    meaning: "It is active, and its first result is still to come.",
    advice:
      "Wait for one interval. If it stays, Prometheus does not scrape the service, the server's agent has never reported, or the domain's first look-up does not come to an end.",
  },
} as const satisfies Record<Outcome, Advice>;
