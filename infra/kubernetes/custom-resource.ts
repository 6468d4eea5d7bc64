import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";

export interface CustomObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: pulumi.Input<string>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: pulumi.Inputs;
}

/** An object of a kind that the SDK has no class for (Gateway API, CSI driver, monitors). Its CRD must be there first. */
export function customResource(
  name: string,
  { apiVersion, kind, metadata, spec }: CustomObject,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  return new CustomResource(name, { apiVersion, kind, metadata: { ...metadata }, spec }, options);
}
