import * as pulumi from "@pulumi/pulumi";
import { declareStack } from "../../../infra/program";
import { registerCheaply } from "../../../infra/registration";
import type { Settings } from "../../../infra/settings";
import type { Environment } from "../../../runbooks/model";
import type { Observation } from "../../../runbooks/target";
import { canary } from "./stack-settings";

/** A resource as the engine would be told of it. */
export interface RenderedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly custom: boolean;
  /** Name of the parent; absent for children of the stack. */
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly aliases: number;
  /** How long the provider may wait for it, as written in the program. */
  readonly timeouts: { readonly create: string; readonly update: string; readonly delete: string };
  /** Secrets still carry their marker. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Rendered {
  readonly environment: Environment;
  readonly settings: Settings;
  readonly resources: readonly RenderedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProtect(): boolean;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getAliasesList(): unknown[];
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string } | undefined;
  getObject(): { toJavaScript(): Record<string, unknown> };
}

type RegisterResource = (
  request: RegisterRequest,
  callback: (error: unknown, response: unknown) => void,
) => unknown;

/** What a rendering is told that is not in the settings. */
export interface World {
  /** What `observe` answers, by name of the track. @default nothing exists yet */
  readonly observations?: Readonly<Record<string, Observation>>;
}

/** Runs the program for a stack under mocks and collects what it registers. The mocks check nothing of Azure's. */
export async function render(settings: Settings, world: World = {}): Promise<Rendered> {
  const { resources, outputs } = await collect(settings.stack.name, () => declareStack(settings), world);
  return { environment: settings.stack.environment, settings, resources, outputs };
}

/** Runs a part of a program under mocks and collects what it registers. */
export async function collect(
  stack: string,
  declare: () => Promise<Record<string, unknown> | undefined>,
  { observations = {} }: World = {},
): Promise<Pick<Rendered, "resources" | "outputs">> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => answer(type, name, inputs),
      call: (call) => callAnswer(call, observations),
    },
    "switchyard",
    stack,
    false,
    "organization",
  );
  const resources = new Map<string, RenderedResource>();
  watch((request) => {
    const rendered = renderedResource(request, stack);
    resources.set(rendered.urn, rendered);
  });
  const outputs = await pulumi.runtime.runInPulumiStack(async () => {
    registerCheaply();
    return declare();
  });
  await settled();
  return {
    resources: [...resources.values()].sort((left, right) => (left.urn < right.urn ? -1 : 1)),
    outputs: (outputs ?? {}) as Record<string, unknown>,
  };
}

function watch(onRegister: (request: RegisterRequest) => void): void {
  const runtime = require("@pulumi/pulumi/runtime/settings") as {
    getMonitor(): { registerResource: RegisterResource };
  };
  const monitor = runtime.getMonitor();
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    onRegister(request);
    return original(request, callback);
  };
}

/** Waits until every registration and everything that hangs on it is done. */
async function settled(): Promise<void> {
  await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

function renderedResource(request: RegisterRequest, stack: string): RenderedResource {
  const parent = request.getParent();
  const type = request.getType();
  return {
    type,
    name: request.getName(),
    urn: `${type}::${request.getName()}`,
    custom: request.getCustom(),
    parent: parent === "" || parent.includes("pulumi:pulumi:Stack::") ? undefined : nameOf(parent),
    protect: request.getProtect(),
    dependsOn: request
      .getDependenciesList()
      .map(nameOf)
      .filter((name) => name !== `switchyard-${stack}`)
      .sort(),
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request.getAliasesList().length,
    timeouts: {
      create: request.getCustomtimeouts()?.getCreate() ?? "",
      update: request.getCustomtimeouts()?.getUpdate() ?? "",
      delete: request.getCustomtimeouts()?.getDelete() ?? "",
    },
    inputs: request.getObject().toJavaScript(),
  };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}

/** What Azure would compute, as far as the program reads it. */
function answer(type: string, name: string, inputs: Record<string, unknown>) {
  const computed: Readonly<Record<string, Record<string, unknown>>> = {
    "azure-native:web:WebApp": {
      identity: identityOf(name),
      customDomainVerificationId: `verification of ${name}`,
    },
    "azure-native:web:WebAppSlot": { identity: identityOf(name) },
    "azure-native:web:StaticSite": { defaultHostname: "mocked.azurestaticapps.net" },
    "azure-native:web:Certificate": { thumbprint: "0".repeat(40) },
    "azure-native:containerservice:ManagedCluster": {
      oidcIssuerProfile: { enabled: true, issuerURL: "https://mocked.oic.invalid/" },
    },
    "azure-native:managedidentity:UserAssignedIdentity": {
      clientId: `client of ${name}`,
      principalId: `principal of ${name}`,
    },
    "azure-native:dashboard:Grafana": {
      identity: identityOf(name),
      properties: { endpoint: "https://mocked.grafana.invalid" },
    },
    "azure-native:monitor:AzureMonitorWorkspace": {
      metrics: { prometheusQueryEndpoint: "https://mocked.prometheus.invalid" },
    },
    "azure-native:cdn:AFDCustomDomain": {
      validationProperties: { validationToken: `validation of ${name}`, expirationDate: "" },
    },
    "azure-native:dns:Zone": { nameServers: ["ns1.mocked.invalid."] },
    "azure-native:cdn:AFDEndpoint": { hostName: "mocked.azurefd.net" },
    "azure-native:operationalinsights:Workspace": { customerId: "mocked customer id" },
    "azure-native:applicationinsights:Component": {
      instrumentationKey: `${canary}-instrumentation-key`,
      connectionString: `InstrumentationKey=${canary}`,
    },
    "random:index/randomPassword:RandomPassword": { result: `${canary}-generated-${name}` },
  };
  return { id: `id of ${name}`, state: { ...inputs, ...computed[type] } };
}

function identityOf(name: string) {
  return { type: "SystemAssigned", principalId: `principal of ${name}`, tenantId: "tenant" };
}

interface Call {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const nothingYet: Observation = { exists: false, known: true, traffic: {}, sides: {} };

function callAnswer(
  { token, inputs }: Call,
  observations: Readonly<Record<string, Observation>>,
): Record<string, unknown> {
  if (token === "switchyard:index:observe") return { ...(observations[String(inputs.track)] ?? nothingYet) };
  const answers: Readonly<Record<string, Record<string, unknown>>> = {
    "azure-native:cosmosdb:listDatabaseAccountConnectionStrings": {
      connectionStrings: [{ connectionString: `AccountKey=${canary}` }],
    },
    "azure-native:storage:listStorageAccountKeys": { keys: [{ value: `${canary}-storage-key` }] },
    "azure-native:logic:listWorkflowTriggerCallbackUrl": { value: `https://mocked.invalid/${canary}` },
    "azure-native:containerservice:listManagedClusterUserCredentials": {
      kubeconfigs: [{ name: "clusterUser", value: Buffer.from(`${canary}-kubeconfig`).toString("base64") }],
    },
    "azure-native:redisenterprise:listDatabaseKeys": { primaryKey: `${canary}-redis-key` },
    "azure-native:web:listStaticSiteSecrets": { properties: { apiKey: `${canary}-deployment-token` } },
  };
  const known = answers[token];
  if (!known) throw new Error(`the program calls ${token}, which these mocks do not answer`);
  return known;
}
