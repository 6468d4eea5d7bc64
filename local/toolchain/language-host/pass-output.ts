import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Tells the engine each line that a program prints, as it reads them itself from a host that it has started. */
export function passOutput(program: ChildProcess, engineAddress: string): void {
  const engine = new EngineClient(engineAddress, credentials.createInsecure());
  for (const stream of [program.stdout, program.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      const message = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(line);
      // An engine that is gone has nobody to show it to.
      engine.log(message, () => {});
    });
  }
  program.once("close", () => engine.close());
}
