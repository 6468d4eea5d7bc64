import type { ServerWritableStream } from "@grpc/grpc-js";
import {
  type InstallDependenciesRequest,
  InstallDependenciesResponse,
} from "@pulumi/pulumi/proto/language_pb";
import type { Children } from "./children";
import { runtimeOptions } from "./runtime-options";

/** `pulumi install`: the package manager's own `install`, its output passed on. */
export async function installDependencies(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
  children: Children,
): Promise<void> {
  const request = call.request;
  const manager = runtimeOptions(request.getInfo()).packageManager;
  if (!["npm", "yarn", "pnpm", "bun"].includes(manager)) {
    throw new Error(`runtime.options.packagemanager is "${manager}"; allowed: auto, npm, yarn, pnpm, bun.`);
  }
  const folder = request.getInfo()?.getProgramDirectory() || request.getDirectory();
  const { child, ended } = children.startCommand(manager, ["install"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  call.on("cancelled", () => children.stop(child));
  const pass = (set: (response: InstallDependenciesResponse, chunk: Buffer) => void) => (chunk: Buffer) => {
    const response = new InstallDependenciesResponse();
    set(response, chunk);
    call.write(response);
  };
  child.stdout?.on(
    "data",
    pass((response, chunk) => response.setStdout(chunk)),
  );
  child.stderr?.on(
    "data",
    pass((response, chunk) => response.setStderr(chunk)),
  );
  const { code } = await ended;
  if (code !== 0) throw new Error(`${manager} install failed in ${folder} with exit code ${code}.`);
  call.end();
}
