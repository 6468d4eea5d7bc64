import {
  type handleUnaryCall,
  Server,
  type ServiceDefinition,
  type ServiceError,
  type sendUnaryData,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type {
  AnalyzeRequest,
  AnalyzerStackConfigureRequest,
  AnalyzeStackRequest,
  ConfigureAnalyzerRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Analyses } from "./analyses";

/** Answers with the bytes of a message. */
type Handler<Request> = handleUnaryCall<Request, Uint8Array>;

/** What becomes of the calls of the pack's server. */
export interface PackCalls {
  readonly analyses: Analyses;
  /** What the engine configures of the rules, before anything is asked. */
  configured(request: ConfigureAnalyzerRequest): void;
  /** What the engine tells of the stack, before anything is asked. */
  stackConfigured(request: AnalyzerStackConfigureRequest): void;
}

/**
 * Answers the calls for verdicts in the place of the server that `@pulumi/policy` makes, and overhears what the engine
 * configures: a pack that a language host starts gets no settings in its environment. To be called before the pack is made.
 */
export function answerCalls({ analyses, configured, stackConfigured }: PackCalls): void {
  const addService = Server.prototype.addService;
  Server.prototype.addService = function (service, implementation) {
    const { analyze, analyzeStack, remediate, ...others } = service;
    if (!analyze || !analyzeStack || !remediate) return addService.call(this, service, implementation);
    const ofResource: Handler<AnalyzeRequest> = ({ request }, done) =>
      answer(analyses.ofResource(request), done);
    const ofStack: Handler<AnalyzeStackRequest> = ({ request }, done) =>
      answer(analyses.ofStack(request), done);
    const remediation: Handler<Uint8Array> = (_, done) => done(null, analyses.remediation());
    const own: UntypedServiceImplementation = {
      ...implementation,
      configure: overheard(implementation.configure, configured),
      configureStack: overheard(implementation.configureStack, stackConfigured),
      analyze: ofResource,
      analyzeStack: ofStack,
      remediate: remediation,
    };
    const definition: ServiceDefinition = {
      ...others,
      analyze: { ...analyze, responseSerialize: asIs },
      analyzeStack: { ...analyzeStack, responseSerialize: asIs },
      // The resource is not even read.
      remediate: { ...remediate, requestDeserialize: asIs, responseSerialize: asIs },
    };
    addService.call(this, definition, own);
  };
}

function overheard<Request>(
  handler: UntypedHandleCall | undefined,
  take: (request: Request) => void,
): handleUnaryCall<Request, unknown> {
  return (call, done) => {
    take(call.request);
    (handler as handleUnaryCall<Request, unknown>)(call, done);
  };
}

function answer(bytes: Promise<Uint8Array>, done: sendUnaryData<Uint8Array>): void {
  bytes.then(
    (answered) => done(null, answered),
    (error: ServiceError) => done(error),
  );
}

function asIs(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
