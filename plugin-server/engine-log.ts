import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

export type Severity = "info" | "warning";

/**
 * Lines for the engine's diagnostics: a provider's stdout and stderr are shown to nobody. The client is made on first
 * use, as most runs have nothing to say.
 */
export class EngineLog {
  private client: EngineClient | undefined;

  /** @param address of the engine, `127.0.0.1:PORT`; without one (a provider started by hand) warnings go to stderr */
  constructor(private address: string | undefined) {}

  connect(address: string): void {
    if (this.address === undefined && address !== "") this.address = address;
  }

  /** @param ephemeral shown while the resource is worked on, then gone */
  log(severity: Severity, message: string, urn: string, ephemeral = false): void {
    if (this.address === undefined) {
      if (!ephemeral) process.stderr.write(`${message}\n`);
      return;
    }
    const proto =
      require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
    if (this.client === undefined) {
      const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
      const engine =
        require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
      this.client = new engine.EngineClient(this.address, grpc.credentials.createInsecure());
    }
    const request = new proto.LogRequest();
    request.setSeverity(severity === "warning" ? proto.LogSeverity.WARNING : proto.LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    this.client.log(request, (error) => {
      // An engine that is going away cannot show the line; the operation's own outcome does not hang on it.
      if (error !== null && !ephemeral) process.stderr.write(`${message}\n`);
    });
  }

  close(): void {
    this.client?.close();
  }
}
