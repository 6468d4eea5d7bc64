import { isObject } from "../../../../plugin-server/values/property";
import type { HttpAnswer, Method } from "./http";

/** What the service answered instead of doing it. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  static of(method: Method, path: string, answer: HttpAnswer): ServiceError {
    const { code, text } = explain(answer.body);
    const words = [`${method} ${path} answered ${answer.status}`, code, text].filter((word) => word !== "");
    return new ServiceError(answer.status, code, words.join(": "));
  }
}

/** ARM's error body `{error: {code, message, target, details}}`, also without the outer object. */
export function explain(body: unknown): { code: string; text: string } {
  const error = isObject(body) && isObject(body.error) ? body.error : body;
  if (!isObject(error)) return { code: "", text: typeof error === "string" ? error.slice(0, 500) : "" };
  const target = typeof error.target === "string" ? `${error.target}: ` : "";
  const message = typeof error.message === "string" ? error.message : "";
  const details = Array.isArray(error.details) ? error.details.map((detail) => explain(detail).text) : [];
  const more = details.filter((detail) => detail !== "" && !message.includes(detail.split(": ").at(-1)!));
  return {
    code: typeof error.code === "string" ? error.code : "",
    text: [target + message, ...more].join("\n  "),
  };
}
