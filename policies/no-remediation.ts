import { Server } from "@grpc/grpc-js";

/**
 * Takes the call for remediations out of the pack's server. No rule changes what it looks at, yet the engine asks for
 * remediations of every resource before it has it analysed, and `@pulumi/policy` unpacks each to find none. Without the
 * call gRPC answers UNIMPLEMENTED, which the engine takes for none. To be called before the pack is made.
 */
export function offerNoRemediation(): void {
  const addService = Server.prototype.addService;
  Server.prototype.addService = function (service, implementation) {
    const { remediate: _unasked, ...offered } = service;
    addService.call(this, offered, implementation);
  };
}
