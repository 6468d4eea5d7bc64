import type { ServiceError } from "@grpc/grpc-js";
import { Cancelled, InitFailed } from "./errors";
import { toStruct } from "./struct";

const CODE = { cancelled: 1, unknown: 2, failedPrecondition: 9, internal: 13 } as const;

/** A gRPC message travels in an HTTP/2 header; much longer ones are cut by the other side without a word. */
const MAX_MESSAGE_CHARACTERS = 6000;

/** What a failed call answers: the engine prints the message as it is, line by line. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof InitFailed) return initFailed(error);
  const [code, message] = describe(error);
  return { code, details: message.slice(0, MAX_MESSAGE_CHARACTERS) };
}

function describe(error: unknown): [number, string] {
  if (isUserError(error)) {
    return [
      CODE.failedPrecondition,
      error.mend === undefined ? error.message : `${error.message}\n${error.mend}`,
    ];
  }
  if (error instanceof Cancelled) return [CODE.cancelled, error.message];
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [CODE.internal, `a fault in the provider itself:\n${text}`];
}

/** By name: `local/` and `release/` have a class each, as neither may import the other. */
function isUserError(error: unknown): error is Error & { mend?: string } {
  return error instanceof Error && error.name === "UserError";
}

function initFailed(error: InitFailed): Partial<ServiceError> {
  const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const { Any } =
    require("google-protobuf/google/protobuf/any_pb") as typeof import("google-protobuf/google/protobuf/any_pb");
  const { Status } =
    require("@pulumi/pulumi/proto/status_pb") as typeof import("@pulumi/pulumi/proto/status_pb");
  const { ErrorResourceInitFailed } =
    require("@pulumi/pulumi/proto/provider_pb") as typeof import("@pulumi/pulumi/proto/provider_pb");

  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.outputs));
  detail.setInputs(toStruct(error.inputs));
  detail.setReasonsList([error.message.slice(0, MAX_MESSAGE_CHARACTERS)]);

  const any = new Any();
  any.setTypeUrl("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
  any.setValue(detail.serializeBinary());
  const status = new Status();
  status.setCode(CODE.unknown);
  status.setMessage(error.message.slice(0, MAX_MESSAGE_CHARACTERS));
  status.setDetailsList([any]);

  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: CODE.unknown, details: error.message.slice(0, MAX_MESSAGE_CHARACTERS), metadata };
}
