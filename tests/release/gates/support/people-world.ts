import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../../release/clients/http";
import type { HostRequest } from "../../../../release/clients/surroundings";
import type { Asking } from "../../../../release/gates/asking";
import type { GateContext, Sample } from "../../../../release/gates/gate-provider";
import { isJson, type Json } from "../../../../release/targets/json";
import { UserError } from "../../../../release/user-error";
import type { ReleaseFacts } from "../../../../runbooks/release-facts";
import { canary, contextAt, surroundingsWith } from "../../support/gates";

/** What is faked: PagerDuty, Grafana and whoever takes messages. What is not: how they are asked and understood. */

export type Reply = Json | readonly Json[] | number | Error;

export interface Asked {
  readonly requests: HostRequest[];
  readonly asking: Asking;
}

/** @param replies by the beginning of the path */
export function world(replies: Readonly<Record<string, Reply>>, secret: string | Error = canary): Asked {
  const requests: HostRequest[] = [];
  const fetchHttp = async (request: HostRequest): Promise<HttpAnswer> => {
    requests.push(request);
    const reply = Object.entries(replies).find(([path]) => request.url.pathname.startsWith(path))?.[1];
    if (reply instanceof Error) throw reply;
    if (typeof reply === "number" || reply === undefined)
      return { status: reply ?? 404, headers: {}, text: `<html>${canary}</html>` };
    const { $status: status = 200, ...rest } = reply as Json;
    const body = isJson(reply) ? rest : reply;
    return { status: Number(status), headers: {}, text: JSON.stringify(body) };
  };
  return {
    requests,
    asking: {
      surroundings: surroundingsWith({ fetchHttp }),
      view: { release: "r-1" },
      secret: async () => {
        if (secret instanceof Error) throw secret;
        return secret;
      },
    } as unknown as Asking,
  };
}

export function said(sample: Sample): string {
  assert.ok(!JSON.stringify(sample).includes(canary), JSON.stringify(sample));
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

export function contextWith(facts: Partial<ReleaseFacts>, more: Partial<GateContext> = {}): GateContext {
  const context = contextAt("http://127.0.0.1:1", more);
  return { ...context, facts: { ...context.facts, ...facts } };
}

export const gone = new UserError("nobody answers", { retriable: true });
