import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { ZodError } from "zod";
import type { PodFaults } from "./pod-faults";
import type { PodRow } from "./pod-table";
import { SelectorError } from "./selector";

const largestBodyBytes = 64 * 1024;

interface ControlOptions {
  readonly token: string;
  readonly faults: PodFaults;
  readonly pods: () => readonly PodRow[];
  readonly onFaultsChanged: () => void;
}

/** The kubelet's own endpoint: the table of pods, and faults on demand. */
export function createControlServer({ token, faults, pods, onFaultsChanged }: ControlOptions): Server {
  const answerTo = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    if (!allowed(request, token))
      return { status: 401, body: { error: "the access token is missing or wrong" } };
    switch (`${request.method} ${request.url}`) {
      case "GET /pods":
        return { status: 200, body: pods() };
      case "GET /faults":
        return { status: 200, body: faults.all };
      case "POST /faults": {
        const fault = await faults.add(JSON.parse(await bodyOf(request)));
        onFaultsChanged();
        return { status: 201, body: fault };
      }
      case "DELETE /faults": {
        const cleared = await faults.clear();
        onFaultsChanged();
        return { status: 200, body: { cleared } };
      }
      default:
        return { status: 404, body: { error: `there is no ${request.method} ${request.url}` } };
    }
  };
  return createServer((request, response) => {
    answerTo(request)
      .catch((error: unknown) => ({
        status: isWrongInput(error) ? 400 : 500,
        body: { error: textOf(error) },
      }))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      })
      .catch((error: unknown) => console.error(error));
  });
}

function allowed({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > largestBodyBytes) throw new SyntaxError("the body is too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isWrongInput(error: unknown): boolean {
  return error instanceof ZodError || error instanceof SyntaxError || error instanceof SelectorError;
}

function textOf(error: unknown): string {
  if (!(error instanceof ZodError)) return (error as Error).message;
  return error.issues.map(({ path, message }) => `${path.join(".") || "the fault"}: ${message}`).join("; ");
}
