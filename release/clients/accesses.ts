import { X509Certificate } from "node:crypto";
import { UserError } from "../user-error";
import { accessToAks } from "./aks";
import type { ArmReader } from "./arm";
import type { AzureLogin } from "./azure-login";
import { runExecCredential } from "./exec-credential";
import { accessByKubeconfig, type ClusterAccess } from "./kubeconfig";

/** Which cluster, as a target names it. */
export interface ClusterChoice {
  readonly context?: string;
  readonly clusterId?: string;
}

/** Tokens live for about an hour, an update may take longer. */
const keptMilliseconds = 5 * 60_000;

/** How clusters are reached, found out once for all calls of a run. */
export class Accesses {
  private readonly known = new Map<
    string,
    { readonly until: number; readonly access: Promise<ClusterAccess | undefined> }
  >();

  /** @param kubeconfig value of `KUBECONFIG` */
  constructor(
    private readonly login: AzureLogin,
    private readonly kubeconfig: string | undefined,
  ) {}

  /**
   * @param arm where an AKS cluster is looked up
   * @returns undefined when the cluster does not exist yet
   * @throws UserError when there is no way to it, or nobody is logged in
   */
  async to(choice: ClusterChoice, arm: ArmReader): Promise<ClusterAccess | undefined> {
    const key = JSON.stringify([choice.clusterId, choice.context]);
    const known = this.known.get(key);
    if (known !== undefined && known.until > Date.now()) return known.access;
    const access = this.find(choice, arm);
    this.known.set(key, { until: Date.now() + keptMilliseconds, access });
    try {
      return await access;
    } catch (error) {
      this.known.delete(key);
      throw error;
    }
  }

  private async find({ context, clusterId }: ClusterChoice, arm: ArmReader) {
    if (clusterId !== undefined) return accessToAks(clusterId, arm, this.login);
    const { exec, ...access } = accessByKubeconfig(this.kubeconfig, context);
    const complete = exec === undefined ? access : { ...access, ...(await runExecCredential(exec)) };
    if (complete.clientCertificate !== undefined)
      refuseExpired(complete.clientCertificate, complete.source, new Date());
    return complete;
  }
}

/**
 * The API server would answer 401, as to any stranger.
 * @param certificate PEM
 * @throws UserError when it is no longer valid
 */
export function refuseExpired(certificate: string, source: string, now: Date): void {
  const validTo = new Date(new X509Certificate(certificate).validTo);
  if (validTo > now) return;
  throw new UserError(`the client certificate in ${source} has expired (${validTo.toISOString()})`, {
    mend: "for dev: npx switchyard cloud stop && npx switchyard cloud start makes a new one; otherwise fetch the kubeconfig again",
  });
}
