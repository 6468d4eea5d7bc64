import { readFileSync } from "node:fs";
import { basename, dirname, sep } from "node:path";
import { install, type UrlAndMap } from "source-map-support";

/**
 * Corrects where the SDK's own frames in the stack of an error point. Its source maps were made one folder deeper than
 * where they are published, so that a frame in `@pulumi/pulumi/output.js` is shown as `node_modules/@pulumi/output.ts`.
 * Node's `util.inspect` with colours, by which the SDK prints an error, never returns from such a path (Node 20.20): a
 * throw inside `apply` whose result is an output of the stack would hang the preview instead of failing it.
 */
export function correctSdkSourceMaps(): void {
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json")) + sep;
  install({ retrieveSourceMap: (file) => (file.startsWith(sdk) ? mapBeside(file) : null) });
  correctFramesMappedBefore();
}

/** A file right in the SDK's folder, one folder too high. */
const misplacedFrame = /([\\/]node_modules[\\/]@pulumi[\\/])(?=[\w-]+\.ts:)/g;

/**
 * A map that was read before stays as it is: the SDK's starter has made stacks of its own by then, with frames of
 * `resource.js`, which are in every error of an asynchronous program.
 */
function correctFramesMappedBefore(): void {
  const prepare = Error.prepareStackTrace;
  if (prepare === undefined) return;
  Error.prepareStackTrace = (error, frames) => {
    const stack: unknown = prepare(error, frames);
    return typeof stack === "string" ? stack.replace(misplacedFrame, "$1pulumi/") : stack;
  };
}

/** The map of a file of the SDK, with the one source that it has beside it. */
function mapBeside(file: string): UrlAndMap | null {
  const url = `${file}.map`;
  try {
    const map = JSON.parse(readFileSync(url, "utf8")) as object;
    const sources = [basename(file).replace(/\.js$/, ".ts")];
    return { url, map: JSON.stringify({ ...map, sources }) };
  } catch (error) {
    // Generated files, such as those of the protocol, have none.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
