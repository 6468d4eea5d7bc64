import type * as pulumi from "@pulumi/pulumi";

/** Settles one output property of a resource, in the SDK's order of arguments. */
type Resolver = (
  value: unknown,
  isKnown: boolean,
  isSecret: boolean,
  dependencies?: readonly pulumi.Resource[],
  error?: Error,
) => void;

/** The part of the SDK's `runtime/rpc` (3.232) that is replaced. */
interface RpcModule {
  transferProperties(
    onto: pulumi.Resource,
    label: string,
    props: Readonly<Record<string, unknown>>,
  ): Record<string, Resolver>;
}

type OutputClass = new (
  resource: pulumi.Resource,
  value: Promise<unknown>,
  isKnown: Promise<boolean>,
  isSecret: Promise<boolean>,
  dependencies: Promise<readonly pulumi.Resource[]>,
) => pulumi.Output<unknown>;

interface Settled {
  readonly value: unknown;
  readonly isKnown: boolean;
  readonly isSecret: boolean;
  readonly dependencies: readonly pulumi.Resource[];
}

const { Output } = require("@pulumi/pulumi/output") as { readonly Output: OutputClass };
const { isGrpcError } = require("@pulumi/pulumi/errors") as { isGrpcError(error: Error): boolean };

/** The SDK keeps these two properties of a resource itself. */
const own: ReadonlySet<string> = new Set(["id", "urn"]);

/**
 * Makes an output property of a resource when it is first read. The SDK makes all of them with the resource, tens of an
 * azure-native one, each of them two dozen promises and a proxy; a program reads few. What is read behaves as before:
 * pending until the engine has answered, rejected when the registration failed, pending for ever when the engine is gone.
 *
 * @param rpc The SDK's module, changed in place.
 */
export function makeOutputsWhenRead(rpc: RpcModule): void {
  rpc.transferProperties = (onto, label, props) => {
    const resolvers: Record<string, Resolver> = {};
    for (const key of Object.keys(props)) {
      if (own.has(key)) continue;
      if (Object.hasOwn(onto, key))
        throw new Error(`Property '${key}' is already initialized on target '${label}'`);
      const property = new OutputProperty(onto);
      resolvers[key] = property.settle;
      Object.defineProperty(onto, key, { configurable: true, enumerable: true, get: property.read });
    }
    return resolvers;
  };
}

class OutputProperty {
  private outcome: Settled | Error | undefined;
  private output: pulumi.Output<unknown> | undefined;
  private waiting: { resolve(settled: Settled): void; reject(error: Error): void } | undefined;

  constructor(private readonly resource: pulumi.Resource) {}

  readonly settle: Resolver = (value, isKnown, isSecret, dependencies = [], error) => {
    if (!error) {
      this.outcome = { value, isKnown, isSecret, dependencies };
      this.waiting?.resolve(this.outcome);
    } else if (!isGrpcError(error)) {
      // Nobody has to handle it before it is read: a registration that failed is reported by itself.
      this.outcome = error;
      this.waiting?.reject(error);
    }
  };

  readonly read = (): pulumi.Output<unknown> => {
    this.output ??= this.make();
    return this.output;
  };

  private make(): pulumi.Output<unknown> {
    const answer = this.answer();
    return new Output(
      this.resource,
      answer.then(({ value }) => value),
      answer.then(({ isKnown }) => isKnown),
      answer.then(({ isSecret }) => isSecret),
      answer.then(({ dependencies }) => dependencies),
    );
  }

  private answer(): Promise<Settled> {
    const { outcome } = this;
    if (outcome instanceof Error) return Promise.reject(outcome);
    if (outcome) return Promise.resolve(outcome);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }
}
