/** How a measurement is exposed: its help text, its labels (`free`: chosen by the module), a gauge always. */
export interface MeasurementDefinition {
  readonly help: string;
  readonly labels: readonly string[] | "free";
}

/** In every answer; made from the report itself rather than measured by a prober. */
export const REPORT_METRICS = {
  probe_success: { help: "Displays whether or not the probe was a success", labels: [] },
  probe_duration_seconds: { help: "Returns how long the probe took to complete in seconds", labels: [] },
  probe_timeout_seconds: { help: "Returns how long the probe timeout is in seconds", labels: [] },
  probe_status_code: {
    help: "The documented status code of the outcome in each catalogue's list",
    labels: ["catalogue", "list"],
  },
  probe_status_info: {
    help: "The documented status code with its meaning, always 1",
    labels: ["catalogue", "list", "code", "message"],
  },
  probe_outcome_info: { help: "How the probe ended and why, always 1", labels: ["outcome", "phase", "reason"] },
  probe_phase_duration_seconds: {
    help: "Time spent in each phase that the probe entered, in seconds",
    labels: ["phase"],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Where a name or an address literal was resolved. */
export const RESOLUTION = {
  probe_dns_lookup_time_seconds: { help: "Returns the time taken for probe dns lookup in seconds", labels: [] },
  probe_ip_protocol: { help: "Specifies whether probe ip protocol is IP4 or IP6", labels: [] },
  probe_ip_addr_hash: {
    help: "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
    labels: [],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Those of blackbox_exporter. */
const CRL_LABELS = [
  "fingerprint_sha256",
  "subject",
  "issuer",
  "subjectalternative",
  "serialnumber",
  "chain_pos",
  "crl_url",
] as const;

/** Where a TLS handshake finished, whatever the verdict on the certificate. */
export const TLS = {
  probe_ssl_earliest_cert_expiry: { help: "Returns last SSL chain expiry in unixtime", labels: [] },
  probe_ssl_last_chain_expiry_timestamp_seconds: { help: "Returns last SSL chain expiry in timestamp", labels: [] },
  probe_ssl_last_chain_info: {
    help: "Contains SSL leaf certificate information",
    labels: ["fingerprint_sha256", "subject", "issuer", "subjectalternative", "serialnumber"],
  },
  probe_tls_version_info: { help: "Returns the TLS version used or NaN when unknown", labels: ["version"] },
  probe_tls_cipher_info: { help: "Returns the TLS cipher negotiated during handshake", labels: ["cipher"] },
  probe_ssl_certificate_not_before_timestamp_seconds: {
    help: "Start of the validity of each certificate of the chain, 0 being the server's own, in Unix seconds",
    labels: ["position"],
  },
  probe_ssl_certificate_not_after_timestamp_seconds: {
    help: "End of the validity of each certificate of the chain, 0 being the server's own, in Unix seconds",
    labels: ["position"],
  },
  probe_ssl_certificate_info: {
    help: "Each certificate of the chain, 0 being the server's own, always 1",
    labels: [
      "position",
      "subject",
      "issuer",
      "serialnumber",
      "fingerprint_sha256",
      "key_type",
      "key_bits",
      "signature_algorithm",
    ],
  },
  probe_ssl_problem: {
    help: "Whether this problem was found in the server's certificates",
    labels: ["problem"],
  },
  probe_ssl_crl_available: {
    help: "Whether the issuer's list of revoked certificates speaks for the certificate",
    labels: CRL_LABELS,
  },
  probe_ssl_crl_revoked: {
    help: "Whether the certificate is on its issuer's list of revoked ones; absent where there is no list",
    labels: CRL_LABELS,
  },
  probe_ssl_crl_next_update_timestamp_seconds: {
    help: "Until when the list of revoked certificates holds, in Unix seconds",
    labels: CRL_LABELS,
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `tls` prober, beside what every probe over TLS measures. */
export const TLS_PROBER = {
  probe_tls_pin_matched: { help: "Whether the server's certificate fits the pin", labels: ["pin"] },
  probe_tls_expires_soon: {
    help: "Whether a certificate ends within the module's min_days_left; absent without that setting",
    labels: [],
  },
  probe_tls_embedded_scts: {
    help: "Number of signed certificate timestamps that are embedded in the server's certificate",
    labels: [],
  },
  probe_tls_version_offered: {
    help: "Whether the server agrees to this version of TLS; absent where that could not be told",
    labels: ["version"],
  },
  probe_tls_ocsp_stapled: { help: "Whether the server sent an OCSP response along", labels: [] },
  probe_tls_ocsp_status_info: {
    help: "What the stapled OCSP response says (good, revoked, unknown), always 1; absent where it proves nothing",
    labels: ["status"],
  },
  probe_tls_ocsp_this_update_timestamp_seconds: {
    help: "Since when the stapled OCSP response holds, in Unix seconds",
    labels: [],
  },
  probe_tls_ocsp_next_update_timestamp_seconds: {
    help: "Until when the stapled OCSP response holds, in Unix seconds",
    labels: [],
  },
  probe_tls_tlsa_records: { help: "Number of TLSA records of the server's name that can be used", labels: [] },
  probe_tls_tlsa_authenticated: {
    help: "Whether the DNS server vouches by DNSSEC for its answer about TLSA records",
    labels: [],
  },
  probe_tls_tlsa_matched: {
    help: "Whether a TLSA record fits the server's certificates; absent where there is none",
    labels: [],
  },
  probe_tls_http_status_code: { help: "Status code of the page that was asked for", labels: [] },
  probe_tls_http_redirects: { help: "Number of redirects that were followed", labels: [] },
  probe_tls_file_certificates: { help: "Number of certificates in the file", labels: ["file"] },
  probe_tls_file_problem: {
    help: "Whether this problem was found in a certificate of the file",
    labels: ["file", "problem"],
  },
  probe_tls_file_certificate_not_before_timestamp_seconds: {
    help: "Start of the validity of each certificate of the file, in Unix seconds",
    labels: ["file", "position"],
  },
  probe_tls_file_certificate_not_after_timestamp_seconds: {
    help: "End of the validity of each certificate of the file, in Unix seconds",
    labels: ["file", "position"],
  },
  probe_tls_file_certificate_info: {
    help: "Each certificate of the file, always 1",
    labels: ["file", "position", "subject", "issuer", "serialnumber", "fingerprint_sha256"],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Where a reply is compared with what it should be. */
export const MATCHING = {
  probe_failed_due_to_regex: { help: "Indicates if probe failed due to regex", labels: [] },
  probe_failed_due_to_bytes: { help: "Indicates if probe failed due to bytes", labels: [] },
  probe_expect_info: { help: "Explicit content matched", labels: "free" },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `http` prober. */
export const HTTP = {
  probe_http_duration_seconds: {
    help: "Duration of http request by phase, summed over all redirects",
    labels: ["phase"],
  },
  probe_http_content_length: { help: "Length of http content response", labels: [] },
  probe_http_uncompressed_body_length: { help: "Length of uncompressed response body", labels: [] },
  probe_http_redirects: { help: "The number of redirects", labels: [] },
  probe_http_ssl: { help: "Indicates if SSL was used for the final redirect", labels: [] },
  probe_http_status_code: { help: "Response HTTP status code", labels: [] },
  probe_http_version: { help: "Returns the version of HTTP of the probe response", labels: [] },
  probe_http_last_modified_timestamp_seconds: {
    help: "Returns the Last-Modified HTTP response header in unixtime",
    labels: [],
  },
  probe_failed_due_to_cel: { help: "Indicates if probe failed due to CEL expression not matching", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `udp` prober. */
export const UDP = {
  probe_udp_replies: { help: "Number of datagrams received in reply", labels: [] },
  probe_udp_reply_bytes: { help: "Size of the last reply in bytes", labels: [] },
  probe_udp_reply_time_seconds: { help: "Time from the request to the last reply in seconds", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `dns` prober. */
export const DNS = {
  probe_dns_duration_seconds: { help: "Duration of DNS request by phase", labels: ["phase"] },
  probe_dns_query_succeeded: { help: "Displays whether or not the query was executed successfully", labels: [] },
  probe_dns_query_info: { help: "The question that was asked, always 1", labels: ["name", "type", "class"] },
  probe_dns_answer_rrs: { help: "Returns number of entries in the answer resource record list", labels: [] },
  probe_dns_authority_rrs: { help: "Returns number of entries in the authority resource record list", labels: [] },
  probe_dns_additional_rrs: { help: "Returns number of entries in the additional resource record list", labels: [] },
  probe_dns_serial: { help: "Returns the serial number of the zone", labels: [] },
  probe_dns_rcode: { help: "Response code of the reply, with the bits that EDNS adds", labels: [] },
  probe_dns_rcode_info: { help: "Response code of the reply by its name, always 1", labels: ["rcode"] },
  probe_dns_authenticated_data: { help: "Whether the server vouches for the answer by DNSSEC (AD flag)", labels: [] },
  probe_dns_truncated: { help: "Whether the first reply was cut off (TC flag)", labels: [] },
  probe_dns_lowest_ttl_seconds: { help: "Lowest time to live of the records in the answer in seconds", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `icmp` prober. */
export const ICMP = {
  probe_icmp_duration_seconds: { help: "Duration of icmp request by phase", labels: ["phase"] },
  probe_icmp_reply_hop_limit: { help: "Replied packet hop limit (TTL for ipv4)", labels: [] },
  probe_icmp_packets_sent: { help: "Number of echo requests sent", labels: [] },
  probe_icmp_packets_received: { help: "Number of echo requests that were answered in time", labels: [] },
  probe_icmp_packets_duplicate: { help: "Number of further replies to requests that had been answered", labels: [] },
  probe_icmp_packets_malformed: { help: "Number of replies that do not repeat what was sent", labels: [] },
  probe_icmp_loss_ratio: { help: "Share of echo requests that were not answered in time, 0 to 1", labels: [] },
  probe_icmp_rtt_seconds: { help: "Round trip time over the packets of the probe in seconds", labels: ["statistic"] },
  probe_icmp_jitter_seconds: {
    help: "Mean difference between the round trips of successive replies in seconds",
    labels: [],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `pop3` prober. */
export const POP3 = {
  probe_pop3_banner_info: {
    help: "The text of the server's greeting without times and names of sessions, always 1",
    labels: ["banner"],
  },
  probe_pop3_capability_info: {
    help: "A capability that the server lists in the end (CAPA), after STLS where that is used, always 1",
    labels: ["capability", "parameters"],
  },
  probe_pop3_starttls_offered: { help: "Whether the server offers STLS on a plain connection", labels: [] },
  probe_pop3_starttls_used: { help: "Whether a plain connection was turned into TLS by STLS", labels: [] },
  probe_pop3_messages: { help: "Number of messages in the maildrop (STAT)", labels: [] },
  probe_pop3_maildrop_size_bytes: { help: "Size of the maildrop in bytes (STAT)", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `imap` prober. */
export const IMAP = {
  probe_imap_banner_info: {
    help: "The text of the server's greeting without its response code, times and names of sessions, always 1",
    labels: ["banner"],
  },
  probe_imap_capability_info: {
    help: "A capability that the server lists before the login, after STARTTLS where that is used, always 1",
    labels: ["capability"],
  },
  probe_imap_starttls_offered: { help: "Whether the server offers STARTTLS on a plain connection", labels: [] },
  probe_imap_starttls_used: { help: "Whether a plain connection was turned into TLS by STARTTLS", labels: [] },
  probe_imap_messages: { help: "Number of messages in the mailbox", labels: [] },
  probe_imap_unseen_messages: { help: "Number of messages in the mailbox that nobody has read", labels: [] },
  probe_imap_recent_messages: { help: "Number of messages in the mailbox that no session has seen", labels: [] },
  probe_imap_uid_next: { help: "UID that the next message in the mailbox will get", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `ftp` prober. */
export const FTP = {
  probe_ftp_banner_info: {
    help: "The first words of the server's greeting without times and names of sessions, always 1",
    labels: ["banner"],
  },
  probe_ftp_reply_code: { help: "Code of the server's last reply, that to QUIT apart", labels: [] },
  probe_ftp_starttls_used: { help: "Whether a plain connection was turned into TLS by AUTH TLS", labels: [] },
  probe_ftp_directory_entries: { help: "Number of files and directories in the directory's listing", labels: [] },
  probe_ftp_file_size_bytes: { help: "Size of the file in bytes (SIZE)", labels: [] },
  probe_ftp_transfer_bytes: { help: "Bytes that went over the data connection", labels: ["operation"] },
  probe_ftp_transfer_duration_seconds: {
    help: "Time from the server's consent to the end of the data in seconds",
    labels: ["operation"],
  },
  probe_ftp_transfer_bytes_per_second: {
    help: "Speed of the transfer in bytes per second",
    labels: ["operation"],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `websocket` prober. */
export const WEBSOCKET = {
  probe_websocket_status_code: { help: "Response HTTP status code", labels: [] },
  probe_websocket_connection_upgraded: {
    help: "Indicates if the websocket connection was successfully upgraded",
    labels: [],
  },
  probe_websocket_failed_due_to_regex: { help: "Indicates if probe failed due to regex", labels: [] },
  probe_websocket_duration_seconds: { help: "Duration of websocket request by phase", labels: ["phase"] },
  probe_websocket_ssl: { help: "Indicates if SSL was used for the connection", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `grpc` prober. */
export const GRPC = {
  probe_grpc_duration_seconds: { help: "Duration of gRPC request by phase", labels: ["phase"] },
  probe_grpc_ssl: { help: "Indicates if SSL was used for the connection", labels: [] },
  probe_grpc_status_code: { help: "Response gRPC status code", labels: [] },
  probe_grpc_healthcheck_response: { help: "Response HealthCheck response", labels: ["serving_status"] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `smtp` prober. */
export const SMTP = {
  probe_smtp_banner_info: {
    help: "The text of the server's greeting without times and names of sessions, always 1",
    labels: ["banner"],
  },
  probe_smtp_reply_code: { help: "Code of the server's last reply, that to QUIT apart", labels: [] },
  probe_smtp_capability_info: {
    help: "Something that the server says it can do (EHLO), within TLS where there is any, always 1",
    labels: ["capability", "parameters"],
  },
  probe_smtp_size_limit_bytes: { help: "Size of the largest message that the server takes, in bytes", labels: [] },
  probe_smtp_starttls_offered: { help: "Whether the server offers STARTTLS on a plain connection", labels: [] },
  probe_smtp_starttls_used: { help: "Whether a plain connection was turned into TLS by STARTTLS", labels: [] },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `domain` prober. */
export const DOMAIN = {
  probe_domain_registered: { help: "Whether the registry has the domain", labels: [] },
  probe_domain_expiry_timestamp_seconds: { help: "When the registration expires, in Unix seconds", labels: [] },
  probe_domain_expiry_published: { help: "Whether the registry says when the registration expires", labels: [] },
  probe_domain_expiry_source_info: {
    help: "Who says when the registration expires: rdap, whois, or manual for the module itself; always 1",
    labels: ["source"],
  },
  probe_domain_registrar_expiry_timestamp_seconds: {
    help: "When the registration expires by the registrar's books, in Unix seconds",
    labels: [],
  },
  probe_domain_registration_timestamp_seconds: { help: "When the domain was registered, in Unix seconds", labels: [] },
  probe_domain_last_change_timestamp_seconds: {
    help: "When the registration was last changed, in Unix seconds",
    labels: [],
  },
  probe_domain_info: {
    help: "The registrable domain as it is asked for and as it is written, with its registrar, always 1",
    labels: ["domain", "unicode", "registrar", "registrar_iana_id"],
  },
  probe_domain_status_info: { help: "A status of the domain in the words of EPP, always 1", labels: ["status"] },
  probe_domain_transfer_lock: { help: "Whether a status forbids to transfer the domain", labels: [] },
  probe_domain_registry_lock: {
    help: "Whether the registry itself forbids transfer, update and deletion",
    labels: [],
  },
  probe_domain_suspended: { help: "Whether the domain is on hold and so not in DNS", labels: [] },
  probe_domain_inactive: { help: "Whether the domain has no name servers by its status", labels: [] },
  probe_domain_pending_delete: { help: "Whether the domain is about to be deleted", labels: [] },
  probe_domain_pending_transfer: { help: "Whether a transfer of the domain is under way", labels: [] },
  probe_domain_redemption: { help: "Whether the domain was deleted and can still be restored", labels: [] },
  probe_domain_auto_renew_grace: {
    help: "Whether the registry has renewed the domain by itself, so that it may still be unpaid",
    labels: [],
  },
  probe_domain_name_servers: { help: "Number of name servers of the domain", labels: [] },
  probe_domain_name_server_info: { help: "A name server of the domain, always 1", labels: ["name_server"] },
  probe_domain_dnssec_signed: { help: "Whether the delegation of the domain is signed", labels: [] },
  probe_domain_source_info: {
    help: "Where the answer is from: rdap or whois, and the server; always 1",
    labels: ["source", "server"],
  },
  probe_domain_answer_age_seconds: { help: "How long ago the registry gave the answer, in seconds", labels: [] },
  probe_domain_lookup_failures: { help: "Number of look-ups that failed since the answer", labels: [] },
  probe_domain_blacklist_available: { help: "Whether the blacklist answers questions", labels: ["zone"] },
  probe_domain_blacklist_up: {
    help: "Whether the blacklist has the name it is tested with and lacks the one it must not have",
    labels: ["zone"],
  },
  probe_domain_blacklisted: { help: "Whether the blacklist lists the domain", labels: ["zone"] },
  probe_domain_blacklist_listing_info: {
    help: "What the blacklist says of the domain, always 1",
    labels: ["zone", "code", "listing"],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Of the `server` prober: of the last report, or of what a node_exporter said. */
export const SERVER = {
  probe_server_last_report_timestamp_seconds: {
    help: "When the server's last report came in, in Unix seconds; also of a report that is late",
    labels: [],
  },
  probe_server_report_interval_seconds: {
    help: "How often a report of the server is expected, in seconds; absent for one that is asked",
    labels: [],
  },
  probe_server_info: {
    help: "What the server says it is, always 1",
    labels: ["hostname", "operating_system", "kernel", "agent"],
  },
  probe_server_uptime_seconds: { help: "How long the server has been running, in seconds", labels: [] },
  probe_server_load: { help: "Load average of the server", labels: ["period"] },
  probe_server_cpus: { help: "Number of the server's processors", labels: [] },
  probe_server_cpu_usage_ratio: {
    help: "Share of the processors' time that was not idle since the report before, 0 to 1",
    labels: [],
  },
  probe_server_memory_total_bytes: { help: "Size of the server's memory in bytes", labels: [] },
  probe_server_memory_available_bytes: { help: "Memory that programs could still get, in bytes", labels: [] },
  probe_server_memory_usage_ratio: { help: "Share of the memory that is not available, 0 to 1", labels: [] },
  probe_server_swap_total_bytes: { help: "Size of the server's swap space in bytes", labels: [] },
  probe_server_swap_usage_ratio: { help: "Share of the swap space that is in use, 0 to 1", labels: [] },
  probe_server_storage_size_bytes: { help: "Size of the file system in bytes", labels: ["mountpoint"] },
  probe_server_storage_available_bytes: {
    help: "Space of the file system that users could still fill, in bytes",
    labels: ["mountpoint"],
  },
  probe_server_storage_usage_ratio: {
    help: "Share of the file system that is full, 0 to 1, as df tells it",
    labels: ["mountpoint"],
  },
  probe_server_network_receive_bytes_per_second: {
    help: "Bytes received per second since the report before",
    labels: ["device"],
  },
  probe_server_network_transmit_bytes_per_second: {
    help: "Bytes sent per second since the report before",
    labels: ["device"],
  },
  probe_server_threshold: {
    help: "The limit that is set: a load, a share from 0 to 1, or bytes per second",
    labels: ["threshold"],
  },
  probe_server_threshold_exceeded: {
    help: "Whether the limit is exceeded; absent where the report does not tell",
    labels: ["threshold"],
  },
} as const satisfies Record<string, MeasurementDefinition>;

/** Everything that a prober may measure: exposition, documentation and dashboards are made from this table. */
export const MEASUREMENTS = {
  ...DOMAIN,
  ...RESOLUTION,
  ...TLS,
  ...TLS_PROBER,
  ...MATCHING,
  ...HTTP,
  ...UDP,
  ...DNS,
  ...ICMP,
  ...SMTP,
  ...POP3,
  ...IMAP,
  ...FTP,
  ...WEBSOCKET,
  ...GRPC,
  ...SERVER,
} as const;

export type MeasurementName = keyof typeof MEASUREMENTS;

/** The labels that a measurement of this name takes. */
export type LabelsOf<N extends MeasurementName> = (typeof MEASUREMENTS)[N]["labels"] extends readonly (infer L extends
  string)[]
  ? Readonly<Record<L, string>>
  : Readonly<Record<string, string>>;

/** One sample: base units (seconds, bytes, Unix seconds), labels as the table has them. */
export interface Measurement {
  readonly name: MeasurementName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
