import type { SourceLine } from "../../reports/model";
import type { StateResource } from "./state-file";

/** The engine records `project:///infra/azure/vault.ts#17,12`, from the project's folder on. */
export function sourceOf({ sourcePosition }: StateResource): SourceLine | undefined {
  const [, file, line, column] = /^project:\/\/\/(.+)#(\d+),(\d+)$/.exec(sourcePosition ?? "") ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}
