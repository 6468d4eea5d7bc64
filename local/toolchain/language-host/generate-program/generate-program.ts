import { type GenerateProgramRequest, GenerateProgramResponse } from "@pulumi/pulumi/proto/language_pb";
import { parsePcl } from "./pcl";
import { typescriptOf } from "./typescript-of";

/**
 * TypeScript for resources that `pulumi import` has taken over: what the engine asks for after an import. Other
 * programs, as `pulumi convert` makes them, are refused with what was met.
 */
export function generateProgram(request: GenerateProgramRequest): GenerateProgramResponse {
  const sources = request
    .getSourceMap()
    .toArray()
    .map(([, text]: [string, string]) => text);
  const response = new GenerateProgramResponse();
  const code = typescriptOf(sources.flatMap((text) => parsePcl(text)));
  response.getSourceMap().set("index.ts", Buffer.from(code));
  return response;
}
