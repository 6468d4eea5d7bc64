import type { FetchLimits } from "./fetch-file";
import type { HeldLock } from "./process-lock";
import type { Filling } from "./tool-cache";

/** Something that is taken from the cache, downloaded or built. */
export interface Tool {
  /** For people, such as `the Pulumi CLI`; also the name of its lock. */
  readonly name: string;
  /** What is downloaded. */
  readonly version: string;
  /** What is built. @default - the same */
  readonly builtVersion?: string;
  /** What is missing when there is none, such as `Pulumi CLI 3.232.0 or later`. */
  readonly missing: string;
  /** Executable of that name on PATH that would do as well. */
  readonly onPath?: string;
  /** Start of the keys of all its entries in the cache, of any version. */
  readonly keyPrefix: string;
  /** Start of the keys of its downloads; a digest follows. */
  readonly downloadKeyPrefix: string;
  /** Key of the build: everything that decides what comes out. */
  buildKey(): Promise<string>;
  /** Fills the folder with the published thing. @throws SourceUnavailable when it is not to be had */
  download(folder: string, options: DownloadOptions): Promise<Filling>;
  /** Fills the folder from pinned sources. @throws SourceUnavailable when it cannot be built */
  build(folder: string, options: BuildOptions): Promise<Filling>;
  /** Where a download comes from; undefined where none is published for this machine. */
  downloadUrl(env: NodeJS.ProcessEnv): string | undefined;
  /** Ways out for the user when there is none and none can be had; each a line. */
  readonly mends: readonly string[];
}

export interface FillOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly held: HeldLock;
  readonly report: (detail: string) => void;
}

export interface DownloadOptions extends FillOptions {
  readonly limits?: FetchLimits | undefined;
}

export interface BuildOptions extends FillOptions {
  /** Why nothing was downloaded. */
  readonly because: string;
}
