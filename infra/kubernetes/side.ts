import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import type * as pulumi from "@pulumi/pulumi";
import type { SideBlock } from "../../runbooks/sides";
import type { Colour } from "../../runbooks/target";
import type { AppComponent, Scaling } from "./app-component";
import { type GatewayReference, httpRoute } from "./http-route";
import { colourName, labelsOf, selectorOf } from "./labels";
import { objectOf, workloadTimeouts } from "./options";
import { podTemplate, sideAnnotations, syncedSecretName } from "./pod-template";
import { secretProviderClass } from "./secret-provider-class";

export interface SideArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: string;
  readonly component: AppComponent;
  readonly colour: Colour;
  readonly block: SideBlock;
  /** Whether the component, as it is deployed, was made from this very block. */
  readonly unchanged: boolean;
  readonly emulated: boolean;
  /** Gateway of the preview hosts. */
  readonly gateway?: GatewayReference;
}

/**
 * One colour of a component. What its pods are made from is rendered anew only when the side's release key changed:
 * otherwise it stays as it is deployed, whatever the program says now, and rides with the next release.
 */
export function declareSide(
  args: SideArgs,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): void {
  const { namespace, component, colour, block, unchanged } = args;
  const objectName = colourName(component.name, colour);
  const resourceName = `${args.system}-${objectName}`;
  const labels = {
    ...labelsOf({ ...args, component: component.name }),
    ...selectorOf(component.name, colour),
  };
  const metadata = { name: objectName, namespace, labels };
  const kept = (...paths: string[]) => objectOf(parent, { dependsOn, ignoreChanges: unchanged ? paths : [] });

  const config = new ConfigMap(
    `${resourceName}-config`,
    { metadata, data: configOf(component, colour, block) },
    kept("data"),
  );
  const secrets = declareSecrets(resourceName, args, labels, kept("spec"));
  const deployment = new Deployment(
    resourceName,
    {
      metadata: { ...metadata, annotations: sideAnnotations(block) },
      spec: {
        selector: { matchLabels: selectorOf(component.name, colour) },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        template: podTemplate(args),
      },
    },
    objectOf(parent, {
      dependsOn: [...dependsOn, config, ...secrets],
      ignoreChanges: unchanged ? ["spec.template"] : [],
      timeouts: workloadTimeouts,
    }),
  );
  new Service(
    `${resourceName}-service`,
    {
      // An idle colour has no pods, so that its Service never gets an endpoint to wait for.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        type: "ClusterIP",
        selector: selectorOf(component.name, colour),
        ports: [{ name: "http", port: component.port, targetPort: "http", protocol: "TCP" }],
      },
    },
    objectOf(parent, { dependsOn }),
  );
  new PodDisruptionBudget(
    `${resourceName}-budget`,
    {
      metadata,
      spec: {
        maxUnavailable: component.maximumUnavailable ?? 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: selectorOf(component.name, colour) },
      },
    },
    objectOf(parent, { dependsOn }),
  );
  new HorizontalPodAutoscaler(
    `${resourceName}-autoscaler`,
    { metadata, spec: autoscaling(objectName, component.scaling) },
    objectOf(parent, { dependsOn: [deployment] }),
  );
  declarePreviewHost(resourceName, args, labels, objectOf(parent, { dependsOn }));
}

/** The contract's values, then the side's own, then what the side is. */
function configOf(component: AppComponent, colour: Colour, block: SideBlock): Record<string, string> {
  const { name, environmentVariables, variablesByColour = {} } = component;
  const own = Object.entries(variablesByColour).map(([variable, values]) => [variable, values[colour]]);
  return {
    ...environmentVariables,
    ...Object.fromEntries(own),
    ...block.config?.[name],
    APP_VERSION: block.version,
  };
}

function declareSecrets(
  resourceName: string,
  { component, colour, namespace }: SideArgs,
  labels: Readonly<Record<string, string>>,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const { secrets, identityClientId, name } = component;
  if (!secrets) return [];
  if (identityClientId === undefined)
    throw new Error(`${name} has secrets and no identity to read them with`);
  return [
    secretProviderClass(
      `${resourceName}-secrets`,
      {
        namespace,
        objectName: colourName(name, colour),
        labels,
        secrets,
        clientId: identityClientId,
        syncedSecret: syncedSecretName(name, colour),
      },
      options,
    ),
  ];
}

/**
 * How fast a colour shrinks. What an autoscaler waits before it takes pods away looks at what it wished itself before, so
 * that pods which a release adds to a side without traffic would be gone at its next look, before they are ready: the side
 * would get all the traffic with its least.
 */
const shrinking = { type: "Percent", value: 10, periodSeconds: 300 } as const;

/** `minReplicas` is the size of a colour. An autoscaler lets a Deployment of 0 replicas alone: the idle one stays so. */
function autoscaling(deployment: string, scaling: Scaling) {
  const { minimumReplicas, maximumReplicas, targetCpuPercent, targetMemoryPercent } = scaling;
  const metric = (name: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  });
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: minimumReplicas,
    maxReplicas: maximumReplicas,
    metrics: [
      metric("cpu", targetCpuPercent),
      ...(targetMemoryPercent === undefined ? [] : [metric("memory", targetMemoryPercent)]),
    ],
    behavior: {
      scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: "Max", policies: [{ ...shrinking }] },
    },
  };
}

function declarePreviewHost(
  resourceName: string,
  { component, colour, namespace, gateway }: SideArgs,
  labels: Readonly<Record<string, string>>,
  options: pulumi.CustomResourceOptions,
): void {
  if (!component.previewHosts || !gateway) return;
  const objectName = colourName(component.name, colour);
  httpRoute(
    `${resourceName}-preview`,
    {
      namespace,
      objectName: `${objectName}-preview`,
      labels,
      gateway,
      hostnames: [component.previewHosts[colour]],
      service: objectName,
      port: component.port,
    },
    options,
  );
}
