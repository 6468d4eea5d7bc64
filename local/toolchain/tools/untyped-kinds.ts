import { SourceUnavailable } from "../source-unavailable";

/** What stands for every kind; it has what all of them have in common: URN, id and provider. */
export const untypedResource = `type untypedResource struct{ pulumi.CustomResourceState }`;

const sdkImport = /^\s*(?:\w+ )?"github\.com\/pulumi\/pulumi-kubernetes\/sdk\/[^"]+"\n/gm;
const typedResource = /\bvar res \w+\.\w+/g;

/**
 * The provider's table of Kubernetes kinds (`yaml/v2/kinds.go` of its Go SDK) without their Go types. Its components for
 * YAML, Helm and Kustomize register each object by kind and give back a resource, of whose typed outputs they read none;
 * those types are sixty generated packages, a sixth of all that a fresh machine compiles.
 *
 * @param source The file as it is in the module
 * @throws SourceUnavailable when it is not of the form that is known here
 */
export function withoutGoTypes(source: string): string {
  if (!source.match(typedResource) || !source.match(sdkImport))
    throw new SourceUnavailable("kinds.go of the Kubernetes provider's SDK has another form than expected");
  return `${source.replace(sdkImport, "").replace(typedResource, "var res untypedResource")}\n${untypedResource}\n`;
}
