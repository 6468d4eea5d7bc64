import { readFileSync } from "node:fs";
import type { Session } from "node:inspector";
import Module from "node:module";
import { join } from "node:path";
import { exchangeStructsPlainly, type StructModule } from "../../policies/plain-structs";
import { languagesOfZod, loadAtFirstUse } from "../at-first-use";

/**
 * Loaded before the program and the policy pack (`NODE_OPTIONS`, set by environment.ts). `@pulumi/pulumi` 3.232 loads
 * the TypeScript compiler (9 MB) and npm's tree builder at its start, for turning functions into text, its automation API
 * and an exporter of traces, none of which the program or the pack uses. Here each is loaded at its first use instead: more
 * than half a second less in each process. So are zod's messages in fifty languages, a fifth of the loading of our own modules.
 *
 * It also opens a session with V8's debugger before any program, to know the files of functions that are turned into text
 * (a fifth of a second for a program that is loaded already). Here that is opened when it is first asked.
 *
 * Properties of resources are read and written without a message object for each value (plain-structs.ts).
 *
 * The SDK's starter of policy packs loads all of the SDK and a TypeScript compiler before any pack. A pack whose `main`
 * is JavaScript needs neither: it is run in the starter's place (Switchyard's is bundled with what it uses).
 */

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };

/** The SDK's serializer of functions, its automation API, and tracing, which the program's part of it only has when asked. */
const heavy =
  /(?:^|[\\/])typescript-shim$|^@npmcli\/arborist$|^normalize-package-data$|^\.\/automation$|^@opentelemetry\/(?!api$)/;
const debuggerSession = /(?:^\.|[\\/]closure)[\\/]v8Hooks(?:\.js)?$/;
const structs = /^google-protobuf\/google\/protobuf\/struct_pb(?:\.js)?$/;
const pack = compiledPack();

loadAtFirstUse(heavy);
loadAtFirstUse(languagesOfZod);
const load = loader._load;

loader._load = (request, parent, isMain) => {
  if (isMain && pack !== undefined) {
    // Its own lines in its errors, as the SDK's starter would show them.
    load("source-map-support/register", module, false);
    return load(pack, parent, true);
  }
  if (debuggerSession.test(request)) return sessionAtFirstUse();
  const loaded = load(request, parent, isMain);
  if (structs.test(request)) exchangeStructsPlainly(loaded as StructModule);
  return loaded;
};

/** What the SDK has as `runtime/closure/v8Hooks`, for scripts that were there before as well. */
function sessionAtFirstUse(): object {
  const urls = new Map<string, string>();
  let session: Promise<Session> | undefined;
  const open = async () => {
    const { Session: NewSession } = await import("node:inspector");
    const opened = new NewSession();
    opened.connect();
    opened.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
    await new Promise<void>((done, fail) =>
      opened.post("Debugger.enable", (error) => (error ? fail(error) : done())),
    );
    return opened;
  };
  return {
    isInitializedAsync: () => Promise.resolve(),
    getSessionAsync: () => {
      session ??= open();
      return session;
    },
    getScriptUrl: (id: string) => urls.get(id),
  };
}

/** The file to run when this process was started to run a policy pack, in its folder, that is compiled already. */
function compiledPack(): string | undefined {
  if (!/[\\/]run-policy-pack$|[\\/]run-policy-pack[\\/]/.test(process.argv[1] ?? "")) return undefined;
  try {
    const { main } = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8")) as {
      main?: string;
    };
    return main?.endsWith(".js") ? join(process.cwd(), main) : undefined;
  } catch {
    // Not the layout that is known here: the SDK goes its own way.
    return undefined;
  }
}
