import { clusterFiles } from "../../local/cluster/paths";
import { ArmReader } from "../../release/clients/arm";
import type { Environment } from "../../release/clients/azure-login";
import { KubernetesClient } from "../../release/clients/kubernetes";
import { type Outside, outsideOf } from "../../release/clients/world";
import type { Report, SourceLine } from "../../reports/model";
import { sourceOf } from "../check/source-line";
import type { RecordedState } from "../check/state-file";
import { driftReport } from "./drift-report";
import type { Finding } from "./finding";
import { lookAtSides } from "./live-sides";
import { type ClusterResources, recordedResources } from "./recorded-resources";
import { surveyAzure } from "./survey-azure";
import { surveyKubernetes } from "./survey-kubernetes";
import { surveyUndeclared } from "./survey-undeclared";
import { Patience } from "./unreachable";

export interface SurveyOptions {
  readonly state: RecordedState;
  readonly passphrase: string | undefined;
  /** Where `KUBECONFIG`, `SWITCHYARD_STATE_DIR` and the login of Azure are looked for. */
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Called with a short text, such as `31 of 98 looked at`. */
  readonly report: (detail: string) => void;
}

/**
 * Compares the live world with a recorded state. It only reads: nothing is written to the cloud, the clusters or the state.
 *
 * @throws UserError when the state's secrets cannot be decrypted. That a cloud does not answer is part of the report.
 */
export async function survey(options: SurveyOptions): Promise<Report> {
  const { state, signal } = options;
  const recorded = await recordedResources(state, options.passphrase);
  const outside = outsideOf(options.environment);
  const arm = new ArmReader(outside.login, outside.stateDir, signal);
  const clusters = recorded.kubernetes;
  const total = recorded.azure.length + clusters.reduce((sum, { resources }) => sum + resources.length, 0);
  let done = 0;
  const looked = () => options.report(`${++done} of ${total} looked at`);
  const [azure, extra, sides, ...onClusters] = await Promise.all([
    surveyAzure(recorded.azure, arm, looked),
    surveyUndeclared(state.stack, recorded, arm),
    lookAtSides(recorded.tracks, outside, signal),
    ...clusters.map((cluster) => onCluster(cluster, state.stack, outside, arm, signal, looked)),
  ]);
  signal.throwIfAborted();
  return driftReport({
    stack: state.stack,
    recordedAt: state.recordedAt,
    findings: [...azure, ...extra, ...sides.findings, ...onClusters.flat()],
    sides: sides.lines,
    warnings:
      state.pending === 0
        ? []
        : [{ message: `${state.pending} operations were cut off when the state was recorded: run up first` }],
    sources: new Map(
      state.resources.flatMap((resource): [string, SourceLine][] => {
        const source = sourceOf(resource);
        return source ? [[resource.urn, source]] : [];
      }),
    ),
  });
}

async function onCluster(
  { choice, resources }: ClusterResources,
  stack: string,
  outside: Outside,
  arm: ArmReader,
  signal: AbortSignal,
  looked: () => void,
): Promise<Finding[]> {
  const asked = await new Patience().ask(() => outside.accesses.to(choice, arm));
  if ("value" in asked && asked.value !== undefined)
    return surveyKubernetes(resources, new KubernetesClient(asked.value, signal), stack, looked);
  const [state, remark] =
    "reason" in asked
      ? (["undecided", asked.reason] as const)
      : (["missing", "its cluster does not exist"] as const);
  return resources.map(({ urn, type }) => ({
    urn,
    type,
    check: "kubernetes",
    state,
    changes: [],
    remarks: [remark],
  }));
}

/** The environment in which dev's cloud and cluster are found, whatever the shell has. */
export function localEnvironment(
  user: Environment,
  stateDir: string,
  ownKubeconfig: string | undefined,
): Environment {
  return {
    ...user,
    SWITCHYARD_STATE_DIR: stateDir,
    KUBECONFIG: ownKubeconfig ?? clusterFiles(stateDir).kubeconfig,
  };
}
