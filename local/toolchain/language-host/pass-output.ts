import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/**
 * Tells the engine each line that a program prints, as it reads them itself from a host that it has started.
 *
 * @returns once the program is gone and the engine has heard its last line
 */
export function passOutput(program: ChildProcess, engineAddress: string): Promise<void> {
  const engine = new EngineClient(engineAddress, credentials.createInsecure());
  // One after the other: the engine shows lines as they arrive.
  let told = Promise.resolve();
  for (const stream of [program.stdout, program.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      told = told.then(() => tell(engine, line));
    });
  }
  return new Promise((done) => {
    program.once("close", () => {
      void told.then(() => {
        engine.close();
        done();
      });
    });
  });
}

/** An engine that is gone has nobody to show it to. */
function tell(engine: EngineClient, line: string): Promise<void> {
  const message = new LogRequest().setSeverity(LogSeverity.INFO).setMessage(line);
  return new Promise((done) => engine.log(message, () => done()));
}
