import { ApiClient } from "../../local/cluster/api-client";
import { readAccess } from "../../local/cluster/kubeconfig";
import type { TestProject } from "./project";

/** The API server of a test's project, as another writer than Pulumi sees it. */
export function apiOf(project: TestProject): ApiClient {
  return new ApiClient(readAccess(kubeconfigOf(project)));
}

export function kubeconfigOf({ kubernetes }: TestProject): string {
  const file = kubernetes?.exports.KUBECONFIG;
  if (file === undefined) throw new Error("no system of this project is on a cluster");
  return file;
}
