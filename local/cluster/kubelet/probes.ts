import { get } from "node:http";
import { connect } from "node:net";
import type { Container, LifecycleHandler, Probe } from "./pod";

/** Numbers of a probe with Kubernetes' defaults filled in. */
export interface ProbeTimes {
  readonly initialDelayMilliseconds: number;
  readonly periodMilliseconds: number;
  readonly timeoutMilliseconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export function probeTimes(probe: Probe): ProbeTimes {
  return {
    initialDelayMilliseconds: (probe.initialDelaySeconds ?? 0) * 1000,
    periodMilliseconds: (probe.periodSeconds || 10) * 1000,
    timeoutMilliseconds: (probe.timeoutSeconds || 1) * 1000,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  };
}

/** Paths that the probes of a container ask. */
export function probePaths({ startupProbe, readinessProbe, livenessProbe }: Container): Set<string> {
  const paths = [startupProbe, readinessProbe, livenessProbe].map((probe) => pathOf(probe));
  return new Set(paths.filter((path) => path !== undefined));
}

export function pathOf(probe: Probe | undefined): string | undefined {
  return probe?.httpGet && (probe.httpGet.path || "/").split("?", 1)[0];
}

/** Number of a container port that is named or numbered. */
export function portOf(container: Container, port: number | string): number | undefined {
  if (typeof port === "number") return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort;
}

/**
 * Probes the program really. A command cannot be run where there is no container: `exec` succeeds.
 *
 * @param localPort the local port of a container port; undefined while nothing listens there
 * @returns what went wrong; undefined when it is well
 */
export async function askProbe(
  probe: Probe,
  container: Container,
  localPort: (containerPort: number) => number | undefined,
): Promise<string | undefined> {
  const { timeoutMilliseconds } = probeTimes(probe);
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  if (port === undefined) return undefined;
  const number = portOf(container, port);
  const local = number === undefined ? undefined : localPort(number);
  if (local === undefined) return `connect to port ${port}: connection refused`;
  return probe.httpGet
    ? httpProbe(local, probe.httpGet.path || "/", timeoutMilliseconds)
    : tcpProbe(local, timeoutMilliseconds);
}

function httpProbe(port: number, path: string, timeoutMilliseconds: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const headers = { "user-agent": "kube-probe/1.35", connection: "close" };
    const options = { host: "127.0.0.1", port, path, headers, agent: false };
    const request = get({ ...options, signal: AbortSignal.timeout(timeoutMilliseconds) }, (response) => {
      response.resume();
      response.once("error", () => {});
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`);
    });
    request.once("error", (error) =>
      resolve(
        error.name === "AbortError" ? `no answer within ${timeoutMilliseconds / 1000} s` : error.message,
      ),
    );
  });
}

function tcpProbe(port: number, timeoutMilliseconds: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: timeoutMilliseconds });
    const end = (fault: string | undefined) => {
      socket.destroy();
      resolve(fault);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end(`no connection within ${timeoutMilliseconds / 1000} s`));
    socket.once("error", (error) => end(error.message));
  });
}

/**
 * Seconds that a preStop hook takes. Of commands only `sleep` can be emulated, bare or through a shell; every other
 * one takes no time.
 */
export function preStopSeconds(handler: LifecycleHandler | undefined): number {
  if (handler?.sleep) return handler.sleep.seconds;
  const words = (handler?.exec?.command ?? []).join(" ");
  const seconds = /(?:^|[\s/;&])sleep\s+(\d+(?:\.\d+)?)s?\b/.exec(words)?.[1];
  return seconds === undefined ? 0 : Number(seconds);
}
