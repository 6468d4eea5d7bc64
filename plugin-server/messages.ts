import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { Autonaming, CheckCall, CheckResult, DiffResult, PropertyChange } from "./provider";
import { fromStruct, toStruct } from "./struct";
import type { PropertyMap } from "./values/property";

/** Requests and answers between protobuf and plain values, where it takes more than a getter. */

const MODES: readonly Autonaming["mode"][] = ["propose", "enforce", "disable"];

export function checkCallOf(request: proto.CheckRequest): CheckCall {
  const autonaming = request.getAutonaming();
  return {
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    olds: fromStruct(request.getOlds()),
    news: fromStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    autonaming:
      autonaming === undefined
        ? undefined
        : { proposedName: autonaming.getProposedName(), mode: MODES[autonaming.getMode()] ?? "propose" },
  };
}

export function checkResponse(result: CheckResult): proto.CheckResponse {
  const failures = result.failures.map(({ property, reason }) =>
    new proto.CheckFailure().setProperty(property).setReason(reason),
  );
  return new proto.CheckResponse().setInputs(toStruct(result.inputs)).setFailuresList(failures);
}

function kindOf({ kind, replace }: PropertyChange): proto.PropertyDiff.Kind {
  const { Kind } = proto.PropertyDiff;
  if (kind === "add") return replace ? Kind.ADD_REPLACE : Kind.ADD;
  if (kind === "delete") return replace ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replace ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

export function diffResponse({ changes, deleteBeforeReplace }: DiffResult): proto.DiffResponse {
  const { DiffChanges } = proto.DiffResponse;
  const response = new proto.DiffResponse().setHasdetaileddiff(true);
  if (changes.length === 0) return response.setChanges(DiffChanges.DIFF_NONE);
  const topLevel = (list: PropertyChange[]) => [
    ...new Set(list.map(({ path }) => path.split(/[.[]/, 1)[0]!)),
  ];
  response.setChanges(DiffChanges.DIFF_SOME);
  response.setDiffsList(topLevel(changes));
  response.setReplacesList(topLevel(changes.filter((change) => change.replace)));
  response.setDeletebeforereplace(deleteBeforeReplace);
  for (const change of changes) {
    const detail = new proto.PropertyDiff().setKind(kindOf(change)).setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}

/** The provider's own settings: `args` in a real run; `variables` hold the same as `NAME:config:KEY` texts. */
export function configOf(request: proto.ConfigureRequest, providerName: string): PropertyMap {
  const config: PropertyMap = {};
  const prefix = `${providerName}:config:`;
  for (const [key, value] of request.getVariablesMap().entries() as Iterable<[string, string]>) {
    if (key.startsWith(prefix)) config[key.slice(prefix.length)] = value;
  }
  return { ...config, ...fromStruct(request.getArgs()) };
}
