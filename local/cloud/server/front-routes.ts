import type { FastifyInstance } from "fastify";
import { isJson, type Json } from "../resource-types";
import type { Cloud } from "./cloud";
import { putSiteContent } from "./site-content";
import { vaultRequest } from "./vault-data";

/** A long question ends after this time at most, in milliseconds. */
const longestWait = 25_000;

/** What the front of dev asks of the cloud: changes as they come, content of sites, and the data plane of vaults. */
export function frontRoutes(app: FastifyInstance, cloud: Cloud): void {
  const { changes } = cloud.store;
  app.addHook("preClose", async () => changes.close());
  app.post("/_switchyard/changes", async (request) => {
    const { epoch, after, tokens, waitMilliseconds } = (isJson(request.body) ? request.body : {}) as Json;
    const known = { epoch: String(epoch ?? ""), after: Number(after ?? -1) };
    const wanted = Array.isArray(tokens) ? tokens.map(String) : [""];
    await changes.next(known.epoch, known.after, Math.min(Number(waitMilliseconds ?? 0), longestWait));
    return changes.since(cloud.store, known.epoch, known.after, wanted);
  });
  app.post("/_switchyard/content", async (request, reply) => {
    const { status, body } = await cloud.exclusive(() => putSiteContent(cloud, request.body));
    return reply.code(status).send(body);
  });
  app.post("/_switchyard/vault", async (request, reply) => {
    const { method, vault, path, body } = (isJson(request.body) ? request.body : {}) as Json;
    const asked = {
      method: String(method),
      vault: String(vault),
      path: String(path),
      body: isJson(body) ? body : {},
    };
    const answer = await cloud.exclusive(() => vaultRequest(cloud, asked));
    return reply.code(answer.status).send(answer.body);
  });
}
