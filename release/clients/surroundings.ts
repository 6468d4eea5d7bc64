import type { Environment as Stage } from "../../runbooks/model";
import type { Target } from "../../runbooks/target";
import { UserError } from "../user-error";
import type { ClusterChoice } from "./accesses";
import { ArmReader } from "./arm";
import type { Environment } from "./azure-login";
import { connectionFailure } from "./connection-failure";
import { exchange, type HttpAnswer, type HttpRequest } from "./http";
import { KubernetesClient } from "./kubernetes";
import { localFront } from "./local-front";
import { type Outside, outsideOf, World } from "./world";

/** A question to a host of a system, by the address that everybody uses. */
export type HostRequest = Omit<HttpRequest, "tls">;

/** The world outside as all parts of a release reach it. Made once per process. */
export interface Surroundings {
  readonly outside: Outside;
  readonly env: Environment;
  readonly environment: Stage;
  /**
   * Asks a host of a system; on dev the local front, with the same address. Follows no redirect, repeats nothing.
   *
   * @throws UserError, retriable, when nobody answers; the signal's reason when that stopped it
   */
  fetchHttp(request: HostRequest): Promise<HttpAnswer>;
  /** @throws UserError, retriable, when the cluster does not exist (yet), or cannot be reached */
  kubernetes(choice: ClusterChoice, signal?: AbortSignal): Promise<KubernetesClient>;
  arm(signal?: AbortSignal): ArmReader;
  /** Reads of targets, as the track reads them. */
  world(signal?: AbortSignal): World;
}

export type { ClusterChoice, Target };

/**
 * @param environment dev asks the front of the state folder for every host and never the internet; the others never ask
 *   the front
 */
export function surroundingsOf(environment: Stage, env: Environment): Surroundings {
  const outside = outsideOf(env);
  const arm = (signal?: AbortSignal) => new ArmReader(outside.login, outside.stateDir, signal);
  return {
    outside,
    env,
    environment,
    arm,
    world: (signal) => new World(outside, signal),
    fetchHttp: (request) => fetchHttp(request, environment === "dev" ? stateDirOf(outside) : undefined),
    async kubernetes(choice, signal) {
      const access = await outside.accesses.to(choice, arm(signal));
      if (access !== undefined) return new KubernetesClient(access, signal);
      throw new UserError(`the cluster ${choice.clusterId ?? choice.context ?? ""} does not exist yet`, {
        mend: "the stack declares it: switchyard up",
      });
    },
  };
}

function stateDirOf({ stateDir }: Outside): string {
  if (stateDir !== undefined) return stateDir;
  throw new UserError("SWITCHYARD_STATE_DIR is not set, so that the front of dev cannot be found", {
    mend: 'eval "$(npx switchyard env)"',
  });
}

async function fetchHttp(request: HostRequest, stateDir: string | undefined): Promise<HttpAnswer> {
  try {
    return await exchange(stateDir === undefined ? request : byFront(request, stateDir));
  } catch (error) {
    const reason = connectionFailure(error);
    if (reason === undefined || request.signal?.aborted) throw error;
    throw new UserError(`${request.method} ${request.url.origin}${request.url.pathname}: ${reason}`, {
      cause: error,
      retriable: true,
      ...(stateDir !== undefined && { mend: "on dev its front answers: npx switchyard cloud start" }),
    });
  }
}

/** The same request to the front, which tells hosts apart by name. */
export function byFront<Request extends HostRequest>(request: Request, stateDir: string): Request {
  const front = localFront(stateDir);
  return {
    ...request,
    url: new URL(request.url.pathname + request.url.search, front.url),
    headers: { ...request.headers, host: request.url.host, "x-switchyard-front": front.token },
  };
}
