/** What a server's report may hold at most: the agent keeps to it, and the exporter refuses more. */
export const SERVER_REPORT_LIMITS = {
  /** Characters of a name. Labels of Prometheus are made of these: enough for the longest mount point in use anywhere. */
  nameLength: 255,
  /**
   * Characters of the operating system's name, as Hitflow's description of a report has it. Its other bound, of five
   * years for the uptime, would shut out servers.
   */
  systemNameLength: 32,
  /** More than a server has; each is three series, and a container host has hundreds of mounts that nobody watches. */
  fileSystems: 100,
  devices: 100,
} as const;
