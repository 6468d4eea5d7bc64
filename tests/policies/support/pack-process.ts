import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { build, type Plugin } from "esbuild";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { rules } from "../../../policies/registry";
import { configDefaults } from "../../../policies/rule";
import { runRules } from "../../../policies/run/run-rules";
import type { Environment } from "../../../runbooks/model";
import { root } from "../../support/root";
import type { FixtureResource } from "./fixture";
import { declared } from "./judge";

/** As the build bundles the pack. */
const { leanSdk } = require(join(root, "bin", "set-up", "pack-bundle.cjs")) as { leanSdk: Plugin };

/** Longest that a call may take before the test fails instead of hanging. */
const callMilliseconds = 20_000;

/** The published pack in a folder of its own, served as the engine has it served. */
export class PackProcess {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  /** Bundles the pack, copies what is published to a folder outside the checkout, and starts it there. */
  static async start(): Promise<PackProcess> {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-pack-"));
    const policies = join(root, "policies");
    for (const file of ["PulumiPolicy.yaml", "package.json"])
      cpSync(join(policies, file), join(folder, file));
    await build({
      absWorkingDir: root,
      entryPoints: ["policies/index.ts"],
      outfile: join(folder, "dist", "pack.js"),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      plugins: [leanSdk],
    });
    // Stands for what installing the pack's own dependencies would put there.
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const host = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [host, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const client = new AnalyzerClient(`127.0.0.1:${await portOf(child)}`, credentials.createInsecure());
      return new PackProcess(folder, child, client);
    } catch (error) {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  info(): Promise<proto.AnalyzerInfo> {
    return call((done, options) => this.client.getAnalyzerInfo(new Empty(), options.metadata, options, done));
  }

  /** Gives every rule the engine's configuration: its level and its schema's defaults. */
  async configure(overrides: Readonly<Record<string, Record<string, JavaScriptValue>>> = {}): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const rule of [...rules, ...runRules]) {
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(
        rule.enforcementLevel === "advisory"
          ? proto.EnforcementLevel.ADVISORY
          : proto.EnforcementLevel.MANDATORY,
      );
      config.setProperties(structOf({ ...configDefaults(rule), ...overrides[rule.name] }));
      request.getPolicyconfigMap().set(rule.name, config);
    }
    await call<Empty>((done, options) => this.client.configure(request, options.metadata, options, done));
  }

  analyze(resource: FixtureResource, environment: Environment): Promise<proto.AnalyzeResponse.AsObject> {
    const request = analyzeRequest(resource, environment);
    return answer((done, options) => this.client.analyze(request, options.metadata, options, done));
  }

  remediate(resource: FixtureResource, environment: Environment): Promise<proto.RemediateResponse> {
    const request = analyzeRequest(resource, environment);
    return call((done, options) => this.client.remediate(request, options.metadata, options, done));
  }

  /** @param outputsOf What the provider answered for a resource. */
  analyzeStack(
    stack: readonly FixtureResource[],
    environment: Environment,
    outputsOf: (resource: FixtureResource) => object,
  ): Promise<proto.AnalyzeResponse.AsObject> {
    const request = new proto.AnalyzeStackRequest();
    for (const resource of stack) {
      const { urn, type, name } = declared(resource, environment);
      const entry = new proto.AnalyzerResource();
      entry.setUrn(urn);
      entry.setType(type);
      entry.setName(name);
      entry.setProperties(structOf(outputsOf(resource)));
      entry.setOptions(optionsOf(resource));
      request.addResources(entry);
    }
    return answer((done, options) => this.client.analyzeStack(request, options.metadata, options, done));
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function analyzeRequest(resource: FixtureResource, environment: Environment): proto.AnalyzeRequest {
  const { urn, type, name } = declared(resource, environment);
  const request = new proto.AnalyzeRequest();
  request.setUrn(urn);
  request.setType(type);
  request.setName(name);
  request.setProperties(structOf(resource.props));
  request.setOptions(optionsOf(resource));
  return request;
}

function structOf(value: object): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}

function optionsOf(resource: FixtureResource): proto.AnalyzerResourceOptions {
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  options.setIgnorechangesList([...resource.ignoreChanges]);
  options.setCustomtimeouts(new proto.AnalyzerResourceOptions.CustomTimeouts());
  return options;
}

/** First line that the host prints; its complaints when it ends without one. */
function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [out, complaints] = ["", ""];
    child.stdout!.on("data", (chunk: Buffer) => {
      out += chunk;
      const end = out.indexOf("\n");
      if (end > 0) resolve(out.slice(0, end).trim());
    });
    child.stderr!.on("data", (chunk: Buffer) => {
      complaints += chunk;
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the pack's host ended with ${code}: ${complaints}`)));
  });
}

type Done<T> = (error: ServiceError | null, response: T) => void;
interface Options {
  readonly metadata: Metadata;
  readonly deadline: number;
}

function call<T>(start: (done: Done<T>, options: Options) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const options = { metadata: new Metadata(), deadline: Date.now() + callMilliseconds };
    start((error, response) => (error ? reject(error) : resolve(response)), options);
  });
}

async function answer(
  start: (done: Done<proto.AnalyzeResponse>, options: Options) => unknown,
): Promise<proto.AnalyzeResponse.AsObject> {
  return (await call(start)).toObject();
}
