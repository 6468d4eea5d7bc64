import type { handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { EngineLog } from "./engine-log";
import { toServiceError } from "./failure";
import type { Guard } from "./guard";
import { checkCallOf, checkResponse, configOf, diffResponse } from "./messages";
import type { Operations } from "./operations";
import type { Context, Provider } from "./provider";
import { fromStruct, toStruct } from "./struct";

export interface ServiceParts {
  provider: Provider;
  guard: Guard;
  operations: Operations;
  log: EngineLog;
}

/** The calls that are answered. What is not among them (Construct, Call, mappings) the engine accepts as unimplemented. */
export const serviceMethods = [
  "handshake",
  "getPluginInfo",
  "getSchema",
  "checkConfig",
  "diffConfig",
  "configure",
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
  "invoke",
  "cancel",
  "attach",
] as const;

export type Service = Pick<IResourceProviderServer, (typeof serviceMethods)[number]>;

/** The ResourceProvider service over a plain `Provider`. */
export function serviceOf({ provider, guard, operations, log }: ServiceParts): Service {
  let configured = false;

  function answer<Request, Response>(
    handle: (request: Request, signal: AbortSignal) => Promise<Response> | Response,
  ): handleUnaryCall<Request, Response> {
    return (call: ServerUnaryCall<Request, Response>, callback) => {
      const work = async (signal: AbortSignal) => handle(call.request, signal);
      operations
        .run(work, (cancel) => call.on("cancelled", cancel))
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(toServiceError(error)),
        );
    };
  }

  const contextFor = (urn: string, signal: AbortSignal): Context => ({
    signal,
    status: (message) => log.log("info", message, urn, true),
    note: (message) => log.log("info", message, urn),
    warn: (message) => log.log("warning", message, urn),
  });

  return {
    handshake: answer((request) => {
      log.connect(request.getEngineAddress());
      return new proto.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(false)
        .setAcceptOutputs(false)
        .setSupportsAutonamingConfiguration(true);
    }),

    getPluginInfo: answer(() => {
      const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb") as {
        PluginInfo: new () => proto.GetSchemaResponse & { setVersion(version: string): void };
      };
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info as never;
    }),

    getSchema: answer(() => new proto.GetSchemaResponse().setSchema(provider.schema())),

    checkConfig: answer((request) => {
      guard.admit("Configure", request.getUrn());
      const config = fromStruct(request.getNews());
      return checkResponse({ inputs: config, failures: provider.checkConfig(config, guard.offline) });
    }),

    // DIFF_NONE would make the engine configure the provider with the previous run's values.
    diffConfig: answer((request) => {
      guard.admit("Configure", request.getUrn());
      return new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_UNKNOWN);
    }),

    configure: answer((request) => {
      const urn = request.getUrn();
      if (urn !== undefined && urn !== "") guard.admit("Configure", urn);
      provider.configure(configOf(request, provider.name), guard.offline);
      configured = true;
      return new proto.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false)
        .setSupportsAutonamingConfiguration(true);
    }),

    check: answer(async (request, signal) => {
      guard.admit("Check", request.getUrn());
      return checkResponse(await provider.check(checkCallOf(request), contextFor(request.getUrn(), signal)));
    }),

    diff: answer((request) => {
      guard.admit("Diff", request.getUrn());
      const oldInputs = request.getOldInputs();
      const result = provider.diff({
        urn: request.getUrn(),
        type: request.getType(),
        name: request.getName(),
        id: request.getId(),
        oldInputs: fromStruct(oldInputs ?? request.getOlds()),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
      });
      return diffResponse(result);
    }),

    create: answer(async (request, signal) => {
      const preview = request.getPreview();
      guard.admit(preview ? "preview Create" : "Create", request.getUrn());
      const { id, outputs } = await provider.create(
        {
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          inputs: fromStruct(request.getProperties()),
          preview,
          timeoutSeconds: request.getTimeout(),
        },
        contextFor(request.getUrn(), signal),
      );
      return new proto.CreateResponse().setId(preview ? "" : id).setProperties(toStruct(outputs));
    }),

    update: answer(async (request, signal) => {
      const preview = request.getPreview();
      guard.admit(preview ? "preview Update" : "Update", request.getUrn());
      const outputs = await provider.update(
        {
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          id: request.getId(),
          inputs: fromStruct(request.getNews()),
          oldInputs: fromStruct(request.getOldInputs()),
          olds: fromStruct(request.getOlds()),
          preview,
          timeoutSeconds: request.getTimeout(),
        },
        contextFor(request.getUrn(), signal),
      );
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    }),

    read: answer(async (request, signal) => {
      guard.admit("Read", request.getUrn());
      const [inputs, properties] = [request.getInputs(), request.getProperties()];
      const found = await provider.read(
        {
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          id: request.getId(),
          inputs: inputs === undefined ? undefined : fromStruct(inputs),
          properties: properties === undefined ? undefined : fromStruct(properties),
        },
        contextFor(request.getUrn(), signal),
      );
      // An empty id says that the resource is gone.
      const response = new proto.ReadResponse();
      if (found === undefined) return response;
      return response
        .setId(found.id)
        .setInputs(toStruct(found.inputs))
        .setProperties(toStruct(found.outputs));
    }),

    delete: answer(async (request, signal) => {
      guard.admit("Delete", request.getUrn());
      await provider.delete(
        {
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          id: request.getId(),
          oldInputs: fromStruct(request.getOldInputs()),
          olds: fromStruct(request.getProperties()),
          timeoutSeconds: request.getTimeout(),
        },
        contextFor(request.getUrn(), signal),
      );
      return new Empty();
    }),

    invoke: answer(async (request, signal) => {
      const token = request.getTok();
      guard.admitOperation("Invoke", token);
      // An invoke carries no URN: what let the provider be configured, lets it be asked.
      if (!configured) throw new Error(`${token} was called before the provider was configured`);
      const call = { token, args: fromStruct(request.getArgs()), preview: request.getPreview() };
      const result = await provider.invoke(call, contextFor("", signal));
      return new proto.InvokeResponse().setReturn(toStruct(result));
    }),

    cancel: answer(() => {
      operations.cancelAll();
      return new Empty();
    }),

    attach: answer(() => new Empty()),
  };
}
