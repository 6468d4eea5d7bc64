import type { ChildProcess } from "node:child_process";
import { Metadata, type ServiceError, type sendUnaryData, status } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { generateProgram } from "./generate-program/generate-program";
import { installDependencies } from "./install-dependencies";
import { programDependencies } from "./program-dependencies";
import { runPlugin } from "./run-plugin";
import { type ProgramHost, runProgram } from "./run-program";

/**
 * The engine's `LanguageRuntime` for Node (pulumi/language.proto): runs programs and policy packs, and writes code
 * for imported resources. Other code generation and conversion are left to the official host and answered with
 * UNIMPLEMENTED.
 *
 * @param host Where programs run
 * @param version Version that the host reports: that of the SDK whose protocol it speaks
 */
export function languageRuntime(host: ProgramHost, version: string): ILanguageRuntimeServer {
  const { children } = host;
  return {
    // Of an engine that found this host running; it makes several connections, one after the other.
    handshake: (call, done) => {
      host.engineAddress = call.request.getEngineAddress();
      done(null, new language.LanguageHandshakeResponse());
    },
    getPluginInfo: (_call, done) => done(null, new PluginInfo().setVersion(version)),
    // Empty: a missing plugin is then reported by the engine when a resource first asks for it.
    getRequiredPackages: (_call, done) => done(null, new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: (_call, done) => done(null, new language.GetRequiredPluginsResponse()),
    run: (call, done) => {
      const stopWithCall = (child: ChildProcess) => call.on("cancelled", () => children.stop(child));
      answer(runProgram(call.request, host, stopWithCall), done);
    },
    runPlugin: (call) => {
      runPlugin(call, host).catch((error: unknown) => call.emit("error", failure(error)));
    },
    installDependencies: (call) => {
      installDependencies(call, children).catch((error: unknown) => call.emit("error", failure(error)));
    },
    about: (_call, done) =>
      done(
        null,
        new language.AboutResponse().setExecutable(process.execPath).setVersion(process.versions.node),
      ),
    getProgramDependencies: (call, done) => {
      const folder = call.request.getInfo()?.getProgramDirectory() || call.request.getPwd();
      const found = programDependencies(folder).map(({ name, version }) =>
        new language.DependencyInfo().setName(name).setVersion(version),
      );
      done(null, new language.GetProgramDependenciesResponse().setDependenciesList(found));
    },
    runtimeOptionsPrompts: (_call, done) => done(null, new language.RuntimeOptionsResponse()),
    template: (_call, done) => done(null, new language.TemplateResponse()),
    cancel: (_call, done) => {
      // The engine says it at the end of each connection, and runs the program in the last.
      children.stopAll([host.programAhead?.waiting, host.packAhead?.waiting]);
      done(null, new Empty());
    },
    generateProgram: (call, done) => answer(Promise.resolve(call.request).then(generateProgram), done),
    generateProject: (_call, done) => notOffered(done),
    generatePackage: (_call, done) => notOffered(done),
    pack: (_call, done) => notOffered(done),
    link: (_call, done) => notOffered(done),
  };
}

function answer<T>(work: Promise<T>, done: sendUnaryData<T>): void {
  work.then(
    (value) => done(null, value),
    (error: unknown) => done(failure(error)),
  );
}

function notOffered<T>(done: sendUnaryData<T>): void {
  done({
    code: status.UNIMPLEMENTED,
    details:
      "this language host runs programs and policy packs and writes code for imported resources; the official Pulumi CLI brings one that does more",
  });
}

function failure(error: unknown): ServiceError {
  const details = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(details), { code: status.UNKNOWN, details, metadata: new Metadata() });
}
