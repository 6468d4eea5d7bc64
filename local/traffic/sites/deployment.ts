import { randomUUID } from "node:crypto";
import { callCloud, readEndpoint } from "../../cloud/endpoint";
import { UserError } from "../../user-error";
import { keyOf } from "../azure/resources";
import type { Site } from "../azure/sites";
import { type Answer, errorAnswer, jsonAnswer, plainAnswer } from "../front/answer";
import { PackageFault } from "./app-package";
import type { PackageStore } from "./package-store";
import { ZipFault } from "./zip";

/** Kudu's numbers of a deployment's state. */
const succeeded = 4;
const failed = 3;

interface Deployment {
  readonly id: string;
  readonly status: number;
  readonly statusText: string;
  readonly digest?: string;
  readonly at: string;
}

/** A request to a deployment host, its body read. */
export interface DeploymentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

interface DeployOptions {
  readonly stateDir: string;
  readonly packages: PackageStore;
  /** Resolves once the front knows of the site's new content. */
  readonly settled: (siteId: string, digest: string) => Promise<void>;
}

/**
 * The deployment hosts of sites and slots (`NAME.scm.azurewebsites.net`, OneDeploy) and of static sites (`POST
 * /api/deploy` at the site's own host, which stands for the service's upload).
 */
export class Deployments {
  readonly #bySite = new Map<string, Deployment[]>();

  constructor(readonly options: DeployOptions) {}

  async answer(site: Site, request: DeploymentRequest): Promise<Answer> {
    const { method, path, query } = request;
    const static_ = site.kind === "staticSite";
    if (method === "POST" && path === (static_ ? "/api/deploy" : "/api/publish")) {
      const type = query.get("type") ?? (static_ ? "zip" : "");
      if (type !== "zip") return plainAnswer(400, `Deployment type '${type}' is not supported; allowed: zip`);
      return this.#publish(site, request.body, query.get("async") === "true");
    }
    const id = /^\/api\/deployments(?:\/([^/]+))?$/.exec(path);
    if (method !== "GET" || id === null) return plainAnswer(404, `no ${method} ${path} at a deployment host`);
    const all = this.#of(site);
    if (id[1] === undefined)
      return jsonAnswer(
        200,
        all.map((deployment) => shown(site, deployment)),
      );
    const found = id[1] === "latest" ? all.at(-1) : all.find((deployment) => deployment.id === id[1]);
    return found === undefined
      ? jsonAnswer(404, { Message: `No deployment '${id[1]}' was found.` })
      : jsonAnswer(200, shown(site, found));
  }

  async #publish(site: Site, body: Buffer, inBackground: boolean): Promise<Answer> {
    const id = randomUUID().replaceAll("-", "");
    const at = new Date().toISOString();
    const record = (deployment: Omit<Deployment, "id" | "at">) => {
      const list = [...(this.#bySite.get(keyOf(site.id)) ?? []), { id, at, ...deployment }];
      this.#bySite.set(keyOf(site.id), list.slice(-20));
    };
    try {
      const { digest } = await this.options.packages.add(body);
      await this.#store(site, { digest, deploymentId: id });
      await this.options.settled(site.id, digest);
      record({ status: succeeded, statusText: "", digest });
    } catch (error) {
      if (error instanceof PackageFault || error instanceof ZipFault) {
        record({ status: failed, statusText: error.message });
        return jsonAnswer(400, { Message: error.message });
      }
      if (!(error instanceof UserError)) throw error;
      record({ status: failed, statusText: error.message });
      return errorAnswer(503, "ServiceUnavailable", error.message);
    }
    return inBackground
      ? jsonAnswer(
          202,
          { id },
          { location: `https://${scmHost(site)}/api/deployments/latest?deployer=OneDeploy` },
        )
      : jsonAnswer(200, { id });
  }

  async #store(site: Site, content: { digest: string; deploymentId: string }): Promise<void> {
    const endpoint = readEndpoint(this.options.stateDir);
    if (endpoint === undefined) throw new UserError("the local cloud is not running");
    await callCloud(endpoint, "POST", "/_switchyard/content", { id: site.id, content });
  }

  /** What this run of the front has seen, or what the content itself says of its deployment. */
  #of(site: Site): readonly Deployment[] {
    const seen = this.#bySite.get(keyOf(site.id));
    if (seen !== undefined) return seen;
    const { content } = site;
    if (content === undefined) return [];
    const { deploymentId: id, digest, deployedAt: at } = content;
    return [{ id, digest, at, status: succeeded, statusText: "" }];
  }
}

function scmHost({ defaultHost, kind }: Site): string {
  return kind === "staticSite" ? defaultHost : defaultHost.replace(".", ".scm.");
}

function shown(site: Site, { id, status, statusText, digest, at }: Deployment) {
  return {
    id,
    status,
    status_text: statusText,
    author_email: "N/A",
    author: "N/A",
    deployer: "OneDeploy",
    message: "OneDeploy",
    received_time: at,
    start_time: at,
    end_time: at,
    complete: true,
    active: status === succeeded && site.content?.deploymentId === id,
    is_temp: false,
    is_readonly: true,
    url: `https://${scmHost(site)}/api/deployments/${id}`,
    site_name: site.name,
    provisioningState: status === succeeded ? "Succeeded" : "Failed",
    ...(digest === undefined ? {} : { digest }),
  };
}
