import type { ServerWritableStream } from "@grpc/grpc-js";
import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import type { StartedProgram } from "./program-ahead";
import { locatePulumiModule } from "./pulumi-module";
import type { ProgramHost } from "./run-program";
import { runtimeOptions } from "./runtime-options";

/**
 * Runs a plugin written for Node, such as a policy pack, and passes its output on until it ends or the engine takes
 * the call back.
 *
 * @throws PulumiModuleMissing before anything has started
 */
export async function runPlugin(
  call: ServerWritableStream<RunPluginRequest, RunPluginResponse>,
  { children, environment, packAhead }: Pick<ProgramHost, "children" | "environment" | "packAhead">,
): Promise<void> {
  const request = call.request;
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const analyzer = request.getKind() === "analyzer";
  const { child, ended } = (analyzer ? packAhead?.take(folder) : undefined) ?? start();
  call.on("cancelled", () => children.stop(child));
  child.stdout?.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStdout(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStderr(chunk)));
  const { code } = await ended;
  call.write(new RunPluginResponse().setExitcode(code ?? 1));
  call.end();

  function start(): StartedProgram {
    const script = locatePulumiModule(analyzer ? "run-policy-pack" : "run-plugin", folder);
    const plugin = request.getArgsList();
    const argv = analyzer ? [script, ...plugin, folder] : [script, folder, ...plugin];
    return children.start([...runtimeOptions(info).nodeArguments, ...argv], {
      // A pack reads the package.json of the folder it is in.
      cwd: analyzer ? folder : request.getPwd() || folder,
      env: { ...environment, ...toEnvironment(request.getEnvList()) },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

function toEnvironment(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
