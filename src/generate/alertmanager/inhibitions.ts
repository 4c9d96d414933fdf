/** While the source fires, Alertmanager keeps quiet about the target where these labels are equal. */
export interface Inhibition {
  readonly why: string;
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly equal: readonly string[];
}

/** Labels that are equal in all alerts about one target of one job; where one is missing, it is so in all of them. */
const SAME_TARGET = ["job", "instance", "module", "service"];

const OF_A_CODE = 'code!=""';
const OF_NO_CODE = 'code=""';
const CLOUD_MONITOR_FORMS = 'alertname=~"CloudMonitor(AllPoints|AnyPoint|Availability).*"';

/**
 * One page for one cause. What stands for others stands for all of them directly, and outlives them: an alert that is
 * kept quiet by one which is kept quiet itself would be told of, as soon as that one ends.
 */
export const INHIBITIONS: readonly Inhibition[] = [
  {
    why: "Both catalogues are loaded: each alert of Cloud Monitor's has one of Hitflow's, of the same host and area.",
    source: ['catalogue="hitflow"', OF_A_CODE],
    target: ['catalogue="cloudmonitor"', OF_A_CODE],
    equal: ["host", "area"],
  },
  {
    why: "A target that is down needs no word about its expiry, its slowness or its availability.",
    source: [OF_A_CODE, 'severity="critical"', 'area!="setup"'],
    target: [OF_NO_CODE, 'area=~"connectivity|performance|certificate|registry"'],
    equal: SAME_TARGET,
  },
  {
    why: "A code says more than that something is wrong.",
    source: [OF_A_CODE, 'severity="warning"'],
    target: [OF_NO_CODE, 'area=~"connectivity|performance"'],
    equal: SAME_TARGET,
  },
  {
    why: "Where a host has no address or takes no connection, it is no news that its targets keep failing.",
    source: [OF_A_CODE, 'severity="critical"', 'area=~"name|connectivity"'],
    target: [OF_NO_CODE, 'area=~"connectivity|performance"'],
    equal: ["host"],
  },
  {
    why: "The check of a certificate fails like the service behind it: no name, no connection, the same certificate.",
    source: [OF_A_CODE, 'list!~"ssl|"', 'area=~"name|connectivity|certificate"'],
    target: ['list="ssl"'],
    equal: ["host", "area"],
  },
  {
    why: "A certificate that fails a probe has expired for whoever else looks at it.",
    source: [OF_A_CODE, 'area="certificate"', 'severity="critical"'],
    target: [OF_NO_CODE, 'area="certificate"'],
    equal: ["host"],
  },
  {
    why: "A domain that has expired, or is suspended, does not resolve.",
    source: [OF_A_CODE, 'area="registry"', 'severity="critical"'],
    target: ['area="name"'],
    equal: ["host"],
  },
  {
    why: "A host that cannot be reached sends no reports.",
    source: [OF_A_CODE, 'area="connectivity"', 'severity="critical"'],
    target: ['outcome="server/report-missing"'],
    equal: ["host"],
  },
  {
    why: "A target that keeps failing is unavailable in all of Cloud Monitor's forms.",
    source: ['alertname="TargetFailing"'],
    target: [CLOUD_MONITOR_FORMS],
    equal: SAME_TARGET,
  },
  {
    why: "Unavailable from every point is unavailable from any.",
    source: ['alertname="CloudMonitorAllPointsUnavailable"'],
    target: ['alertname=~"CloudMonitor(AnyPoint|Availability).*"'],
    equal: SAME_TARGET,
  },
  {
    why: "An exporter that is down answers no probes.",
    source: ['alertname="StatusExporterDown"'],
    target: ['alertname="StatusExporterProbesUnanswered"'],
    equal: [],
  },
];
