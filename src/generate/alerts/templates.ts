/**
 * The host of a target, in whatever way the target is written: `https://user@www.example.com:8443/shop` and
 * `www.example.com:8443` are both `www.example.com`. Alerts about one host go out in one notification. What does not
 * look like host and port, such as a bare IPv6 address or a name of a server, stays as it is.
 */
export const HOST_OF_INSTANCE = String.raw`{{ reReplaceAll "^(?:[a-zA-Z0-9+.-]+://)?(?:[^@/]*@)?(\\[[^\\]]+\\]|[^/:?#@]+)(?::[0-9]+)?(?:[/?#].*)?$" "$1" $labels.instance }}`;

/**
 * Where the reference of codes explains an alert. An external label `status_exporter_url` makes it a link to the
 * exporter itself, which serves the same anchors at `/codes`; without one it is the path in the repository.
 */
export function codesLink(anchor: string): string {
  return `{{ with $externalLabels.status_exporter_url }}{{ . }}/codes{{ else }}docs/codes.md{{ end }}#${anchor}`;
}

/** The headings of docs/alerting.md under which rules are explained that are not of a code, as links name them. */
type AlertingSection =
  | "http-statuses-by-class"
  | "failures-without-a-steady-reason"
  | "cloud-monitors-forms"
  | "expiry"
  | "the-exporter-itself";

/** Where the page on alerting explains a rule that is not of a code. */
export function alertingLink(section: AlertingSection): string {
  return `docs/alerting.md#${section}`;
}
