import { listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ArmReader } from "./arm";
import type { AzureLogin } from "./azure-login";
import { accessByText, type ClusterAccess } from "./kubeconfig";

const apiVersion = "2025-09-01";

/**
 * Access to an AKS cluster with local accounts disabled. Azure's kubeconfig gives address and authority; the token is
 * fetched here instead of by the command it names, so that no other program need be installed.
 *
 * @returns undefined when the cluster does not exist (yet)
 */
export async function accessToAks(
  clusterId: string,
  arm: ArmReader,
  login: AzureLogin,
): Promise<ClusterAccess | undefined> {
  const answer = await arm.list(clusterId, "listClusterUserCredential", apiVersion);
  if (answer === undefined) return undefined;
  const [first] = listAt(answer, "kubeconfigs").map((entry) => mapAt(entry).value);
  if (typeof first !== "string") throw new UserError(`Azure gave no kubeconfig for ${clusterId}`);
  const text = Buffer.from(first, "base64").toString("utf8");
  const { source, server, ca } = accessByText(text, `Azure's kubeconfig of ${clusterId.split("/").at(-1)}`);
  return { source, server, ca, token: await login.token("kubernetes") };
}
