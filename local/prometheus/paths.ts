import { join } from "node:path";

/** Where things are of the Prometheus of a state folder; the folder has mode 0700, every file 0600. */
export function prometheusFiles(stateDir: string) {
  const folder = join(stateDir, "prometheus");
  const logs = join(stateDir, "logs");
  return {
    folder,
    /** Process that was started last, alive or not. */
    endpoint: join(folder, "endpoint.json"),
    /** The server itself, as its keeper started it. */
    server: join(folder, "server.json"),
    configuration: join(folder, "prometheus.json"),
    /** Login of whoever asks the server directly: its keeper alone. */
    webConfiguration: join(folder, "web.json"),
    rules: join(folder, "rules"),
    targets: join(folder, "targets"),
    data: join(folder, "data"),
    logs,
    log: join(logs, "prometheus.log"),
    serverLog: join(logs, "prometheus-server.log"),
  };
}

export type PrometheusFiles = ReturnType<typeof prometheusFiles>;
