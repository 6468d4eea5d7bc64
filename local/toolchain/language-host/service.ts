import { Metadata, type ServiceError, type sendUnaryData, status } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Children } from "./children";
import { generateProgram } from "./generate-program/generate-program";
import { installDependencies } from "./install-dependencies";
import { programDependencies } from "./program-dependencies";
import { runPlugin } from "./run-plugin";
import { runProgram } from "./run-program";

/**
 * The engine's `LanguageRuntime` for Node (pulumi/language.proto): runs programs and policy packs, and writes code
 * for imported resources. Other code generation and conversion are left to the official host and answered with
 * UNIMPLEMENTED.
 *
 * @param engineAddress Address of the engine that started this host
 * @param version Version that the host reports: that of the SDK whose protocol it speaks
 */
export function languageRuntime(
  engineAddress: string,
  version: string,
  children: Children,
): ILanguageRuntimeServer {
  return {
    handshake: (_call, done) => done(null, new language.LanguageHandshakeResponse()),
    getPluginInfo: (_call, done) => done(null, new PluginInfo().setVersion(version)),
    // Empty: a missing plugin is then reported by the engine when a resource first asks for it.
    getRequiredPackages: (_call, done) => done(null, new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: (_call, done) => done(null, new language.GetRequiredPluginsResponse()),
    run: (call, done) => answer(runProgram(call.request, engineAddress, children), done),
    runPlugin: (call) => {
      runPlugin(call, children).catch((error: unknown) => call.emit("error", failure(error)));
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
      children.stopAll();
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
