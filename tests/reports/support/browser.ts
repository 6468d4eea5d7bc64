import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { repoRoot } from "../../../local/repo-root";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** The Chromium of this machine: what SWITCHYARD_BROWSER names, else the first on PATH; `.ci/browser` installs one. */
export function browserPath(): string | undefined {
  const named = process.env.SWITCHYARD_BROWSER;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Skips a suite, visibly, where there is no browser. */
export function requireBrowser(context: Mocha.Context): string {
  const path = browserPath();
  if (path === undefined) {
    process.stdout.write("      skipped: no Chromium on this machine (.ci/browser installs Debian's)\n");
    context.skip();
  }
  return path as string;
}

export function launch(executablePath: string): Promise<Browser> {
  // The sandbox needs rights that a container does not give; the only page opened is the one made here.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** Reports as files, as a reader opens them; removed by `remove`. */
export class ReportFiles {
  private readonly folder = join(repoRoot(), ".build", "reports", String(process.pid));
  private readonly requests: string[] = [];

  constructor() {
    mkdirSync(this.folder, { recursive: true });
  }

  /** Opens a report; fails later in `assertQuiet` when it asks for anything but itself. */
  async open(page: Page, name: string, html: string): Promise<void> {
    const file = join(this.folder, name);
    writeFileSync(file, html);
    const url = pathToFileURL(file).href;
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) this.requests.push(request.url());
    });
    page.on("pageerror", (error) => this.requests.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.requests.push(`console: ${message.text()}`);
    });
    await page.goto(url);
  }

  /** What pages asked for besides themselves, and errors of their scripts. */
  noise(): readonly string[] {
    return this.requests;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
