import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Guard } from "../../plugin-server/guard";
import type { Provider } from "../../plugin-server/provider";
import { listen } from "../../plugin-server/serve";
import { toStruct } from "../../plugin-server/struct";
import type { PropertyMap } from "../../plugin-server/values/property";

export const urnOf = (type: string, name: string, stack = "dev", project = "switchyard") =>
  `urn:pulumi:${stack}::${project}::${type}::${name}`;

export interface Checked {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

export interface Diffed {
  changes: "unknown" | "none" | "some";
  /** Path to kind, `UPDATE_REPLACE`. */
  detailed: Record<string, string>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export interface CheckOptions {
  olds?: PropertyMap;
  seed?: number;
  autonaming?: { proposedName: string; mode: number };
}

type Rpc =
  | "handshake"
  | "getPluginInfo"
  | "getSchema"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "check"
  | "diff"
  | "create"
  | "update"
  | "read"
  | "delete"
  | "invoke"
  | "cancel";
type Unary = (request: unknown, callback: (error: ServiceError | null, response: unknown) => void) => unknown;

const struct = (value: Struct | undefined): PropertyMap => value?.toJavaScript() ?? {};

export interface PluginOptions {
  /** Environment of a plugin in a process of its own. */
  env?: Record<string, string>;
  /** In whose name is asked. @default dev */
  stack?: string;
  /** Address that the provider logs to. */
  engine?: string;
}

const connect = (port: string) =>
  new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    // A connection of its own, as each of the engine's instances of a provider has.
    "grpc.use_local_subchannel_pool": 1,
  });

/** The engine's side of a provider: asks it by gRPC, in plain values. */
export class PluginDriver {
  protected constructor(
    /** Ends the provider; a signal only where it is a process of its own. */
    private readonly end: (signal: NodeJS.Signals) => Promise<void>,
    readonly client: ResourceProviderClient,
    readonly startMilliseconds: number,
    private readonly stack: string,
  ) {}

  /** An executable, as the engine starts it. */
  static async ofProcess(command: readonly string[], options: PluginOptions = {}): Promise<PluginDriver> {
    const began = performance.now();
    const [file, ...argv] = command;
    const child = spawn(file!, [...argv, ...(options.engine === undefined ? [] : [options.engine])], {
      env: { PATH: process.env.PATH, ...options.env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
    });
    const port = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout!).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the provider ended with ${code}`)));
    });
    const end = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await ended;
    };
    return new PluginDriver(end, connect(port), performance.now() - began, options.stack ?? "dev");
  }

  /** The same server in this process: no start-up to wait for. */
  static async inProcess(
    provider: Provider,
    guard: Guard,
    options: PluginOptions = {},
  ): Promise<PluginDriver> {
    const { port, close } = await listen(provider, guard, options.engine);
    return new PluginDriver(async () => close(), connect(String(port)), 0, options.stack ?? "dev");
  }

  /** A server that runs already, and that others end. */
  static attached(port: string, options: Pick<PluginOptions, "stack"> = {}): PluginDriver {
    return new PluginDriver(async () => {}, connect(port), 0, options.stack ?? "dev");
  }

  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<void> {
    this.client.close();
    await this.end(signal);
  }

  private ask<Response>(rpc: Rpc, request: unknown): Promise<Response> {
    const method = this.client[rpc] as Unary;
    return new Promise((resolve, reject) => {
      method.call(this.client, request, (error, response) => {
        if (error === null) resolve(response as Response);
        else reject(error);
      });
    });
  }

  urn(type: string, name: string): string {
    return urnOf(type, name, this.stack);
  }

  async handshake(engine = ""): Promise<proto.ProviderHandshakeResponse.AsObject> {
    const request = new proto.ProviderHandshakeRequest().setEngineAddress(engine).setConfigureWithUrn(true);
    return (await this.ask<proto.ProviderHandshakeResponse>("handshake", request)).toObject();
  }

  async pluginVersion(): Promise<string> {
    const info = await this.ask<{ getVersion(): string }>("getPluginInfo", new Empty());
    return info.getVersion();
  }

  async schema(): Promise<PropertyMap> {
    const response = await this.ask<proto.GetSchemaResponse>("getSchema", new proto.GetSchemaRequest());
    return JSON.parse(response.getSchema()) as PropertyMap;
  }

  private providerUrn(name: string): string {
    return this.urn(`pulumi:providers:${name}`, "default");
  }

  async checkConfig(name: string, config: PropertyMap): Promise<Checked> {
    const request = new proto.CheckRequest().setUrn(this.providerUrn(name)).setNews(toStruct(config));
    return checked(await this.ask<proto.CheckResponse>("checkConfig", request));
  }

  async diffConfig(name: string): Promise<number> {
    const request = new proto.DiffRequest().setUrn(this.providerUrn(name));
    return (await this.ask<proto.DiffResponse>("diffConfig", request)).getChanges();
  }

  async configure(name: string, config: PropertyMap = {}): Promise<void> {
    const request = new proto.ConfigureRequest().setArgs(toStruct(config)).setUrn(this.providerUrn(name));
    await this.ask<proto.ConfigureResponse>("configure", request);
  }

  async check(type: string, name: string, news: PropertyMap, options: CheckOptions = {}): Promise<Checked> {
    const request = new proto.CheckRequest()
      .setUrn(this.urn(type, name))
      .setType(type)
      .setName(name)
      .setOlds(toStruct(options.olds ?? {}))
      .setNews(toStruct(news))
      .setRandomseed(new Uint8Array(32).fill(options.seed ?? 1));
    if (options.autonaming !== undefined) {
      const { proposedName, mode } = options.autonaming;
      request.setAutonaming(
        new proto.CheckRequest.AutonamingOptions().setProposedName(proposedName).setMode(mode),
      );
    }
    return checked(await this.ask<proto.CheckResponse>("check", request));
  }

  async diff(
    type: string,
    name: string,
    id: string,
    oldInputs: PropertyMap,
    news: PropertyMap,
    olds: PropertyMap = {},
  ): Promise<Diffed> {
    const request = new proto.DiffRequest()
      .setUrn(this.urn(type, name))
      .setType(type)
      .setName(name)
      .setId(id)
      .setOlds(toStruct(olds))
      .setOldInputs(toStruct(oldInputs))
      .setNews(toStruct(news));
    return diffed(await this.ask<proto.DiffResponse>("diff", request));
  }

  async create(
    type: string,
    name: string,
    inputs: PropertyMap,
    { preview = false, timeoutSeconds = 0 } = {},
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const request = new proto.CreateRequest()
      .setUrn(this.urn(type, name))
      .setType(type)
      .setName(name)
      .setProperties(toStruct(inputs))
      .setPreview(preview)
      .setTimeout(timeoutSeconds);
    const response = await this.ask<proto.CreateResponse>("create", request);
    return { id: response.getId(), outputs: struct(response.getProperties()) };
  }

  async update(
    type: string,
    name: string,
    id: string,
    old: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
    { preview = false, timeoutSeconds = 0 } = {},
  ): Promise<PropertyMap> {
    const request = new proto.UpdateRequest()
      .setUrn(this.urn(type, name))
      .setType(type)
      .setName(name)
      .setId(id)
      .setOlds(toStruct(old.outputs))
      .setOldInputs(toStruct(old.inputs))
      .setNews(toStruct(news))
      .setPreview(preview)
      .setTimeout(timeoutSeconds);
    return struct((await this.ask<proto.UpdateResponse>("update", request)).getProperties());
  }

  /** Without `state` as for an import. */
  async read(
    type: string,
    name: string,
    id: string,
    state?: { inputs: PropertyMap; outputs: PropertyMap },
  ): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap }> {
    const request = new proto.ReadRequest()
      .setUrn(this.urn(type, name))
      .setType(type)
      .setName(name)
      .setId(id);
    if (state !== undefined) request.setInputs(toStruct(state.inputs)).setProperties(toStruct(state.outputs));
    const response = await this.ask<proto.ReadResponse>("read", request);
    return {
      id: response.getId(),
      inputs: struct(response.getInputs()),
      outputs: struct(response.getProperties()),
    };
  }

  async delete(
    type: string,
    name: string,
    id: string,
    state: { inputs: PropertyMap; outputs: PropertyMap } = { inputs: {}, outputs: {} },
    timeoutSeconds = 0,
  ): Promise<void> {
    const request = new proto.DeleteRequest()
      .setUrn(this.urn(type, name))
      .setType(type)
      .setName(name)
      .setId(id)
      .setOldInputs(toStruct(state.inputs))
      .setProperties(toStruct(state.outputs))
      .setTimeout(timeoutSeconds);
    await this.ask<Empty>("delete", request);
  }

  async invoke(token: string, args: PropertyMap = {}): Promise<PropertyMap> {
    const request = new proto.InvokeRequest().setTok(token).setArgs(toStruct(args));
    return struct((await this.ask<proto.InvokeResponse>("invoke", request)).getReturn());
  }

  async cancel(): Promise<void> {
    await this.ask<Empty>("cancel", new Empty());
  }
}

function checked(response: proto.CheckResponse): Checked {
  return {
    inputs: struct(response.getInputs()),
    failures: response.getFailuresList().map((failure) => failure.toObject()),
  };
}

function diffed(response: proto.DiffResponse): Diffed {
  const kinds = Object.fromEntries(
    Object.entries(proto.PropertyDiff.Kind).map(([name, value]) => [value, name]),
  );
  const detailed: Record<string, string> = {};
  response.getDetaileddiffMap().forEach((entry, path) => {
    detailed[path] = kinds[entry.getKind()]!;
  });
  return {
    changes: (["unknown", "none", "some"] as const)[response.getChanges()],
    detailed,
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
  };
}

/** What a partial failure carries, or undefined for a plain error. */
export function initFailureOf(error: unknown): proto.ErrorResourceInitFailed | undefined {
  const [bytes] = (error as ServiceError).metadata.get("grpc-status-details-bin");
  if (bytes === undefined) return undefined;
  const detail = Status.deserializeBinary(bytes as Buffer).getDetailsList()[0]!;
  return proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
}
