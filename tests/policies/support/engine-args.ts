import {
  type PolicyResource,
  type ResourceValidationArgs,
  type StackValidationArgs,
  unknownCheckingProxy,
} from "@pulumi/policy";
import type { DeclaredResource } from "../../../policies/resource";

/** What the SDK throws to skip a policy. */
export class Skipped extends Error {}

const skip = (reason?: string): never => {
  throw new Skipped(reason);
};

/** Arguments as the SDK hands them to a resource policy. */
export function resourceArgs(resource: DeclaredResource, config: object = {}): ResourceValidationArgs {
  return {
    ...policyResource(resource, resource.props),
    stackTags: new Map(),
    asType: () => undefined,
    getConfig: <T extends object>() => config as T,
    notApplicable: skip,
  };
}

/** Arguments as the SDK hands them to a stack policy, with what the provider answered in place of the inputs. */
export function stackArgs(resources: readonly PolicyResource[], config: object = {}): StackValidationArgs {
  return {
    resources: [...resources],
    stackTags: new Map(),
    getConfig: <T extends object>() => config as T,
    notApplicable: skip,
  };
}

export function policyResource(resource: DeclaredResource, outputs: object): PolicyResource {
  return {
    type: resource.type,
    props: unknownCheckingProxy(outputs) as Record<string, unknown>,
    urn: resource.urn,
    name: resource.name,
    opts: {
      protect: resource.protect,
      ignoreChanges: [...resource.ignoreChanges],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}
