import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "./custom-resource";

/** A Gateway, and which of its listeners. */
export interface GatewayReference {
  readonly name: string;
  readonly namespace: string;
  /** @default - all listeners that admit the route */
  readonly listener?: string;
}

export interface HttpRouteArgs {
  readonly namespace: string;
  readonly objectName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly gateway: GatewayReference;
  readonly hostnames: readonly string[];
  /** Prefixes of paths that are let through; a request for another one is answered with 404. @default all */
  readonly pathPrefixes?: readonly string[];
  /** The one path that is let through, instead of prefixes, and what the Service is asked for it. */
  readonly rewritten?: { readonly path: string; readonly to: string };
  readonly service: string;
  readonly port: number;
}

/** A host of the gateway whose requests go to one Service, whole: its weights are nobody's business. */
export function httpRoute(name: string, args: HttpRouteArgs, options: pulumi.CustomResourceOptions) {
  const { namespace, objectName, labels, gateway, hostnames, service, port } = args;
  return customResource(
    name,
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: objectName, namespace, labels },
      spec: {
        parentRefs: [
          {
            // What the API server would fill in is written out: a field that it adds itself would be seen as drift.
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            name: gateway.name,
            namespace: gateway.namespace,
            ...(gateway.listener && { sectionName: gateway.listener }),
          },
        ],
        hostnames: [...hostnames],
        rules: [
          {
            ...matching(args),
            backendRefs: [{ group: "", kind: "Service", name: service, port, weight: 1 }],
          },
        ],
      },
    },
    options,
  );
}

function matching({ pathPrefixes = ["/"], rewritten }: HttpRouteArgs) {
  if (rewritten === undefined)
    return { matches: pathPrefixes.map((value) => ({ path: { type: "PathPrefix", value } })) };
  const path = { type: "ReplaceFullPath", replaceFullPath: rewritten.to };
  return {
    matches: [{ path: { type: "Exact", value: rewritten.path } }],
    filters: [{ type: "URLRewrite", urlRewrite: { path } }],
  };
}
