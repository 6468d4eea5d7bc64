import { Server } from "@grpc/grpc-js";
import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";

/** What the engine tells a pack of the stack before it asks anything. */
export interface StackConfiguration {
  readonly stack: string;
  /** Setting to its value as a text; those that were asked for only: others are secrets in clear. */
  readonly config: Readonly<Record<string, string>>;
}

interface Call {
  readonly request: AnalyzerStackConfigureRequest;
}
type Handler = (call: Call, ...rest: unknown[]) => unknown;

/**
 * Hands on what the engine configures. A pack that a language host starts gets no settings in its environment, and
 * `@pulumi/policy` 1.21 keeps the tags of the call only; so the call is overheard where the pack's server takes it. To be
 * called before the pack is made.
 *
 * @param keys Settings to keep, such as `switchyard:evidence`.
 */
export function overhearConfiguration(
  keys: readonly string[],
  take: (configuration: StackConfiguration) => void,
): void {
  const addService = Server.prototype.addService;
  Server.prototype.addService = function (service, implementation) {
    const { configureStack } = implementation as { configureStack?: Handler };
    if (!configureStack) return addService.call(this, service, implementation);
    const overheard: Handler = (call, ...rest) => {
      const all = call.request.getConfigMap();
      const config = Object.fromEntries(
        keys.flatMap((key) => {
          const value = all.get(key);
          return value === undefined ? [] : [[key, value]];
        }),
      );
      take({ stack: call.request.getStack(), config });
      return configureStack(call, ...rest);
    };
    addService.call(this, service, { ...implementation, configureStack: overheard } as typeof implementation);
  };
}
