import type { DiffCall, DiffResult } from "../../../plugin-server/provider";
import { formatPath, isAtOrBelow, patternSteps } from "../../../plugin-server/values/path";
import { type PropertyMap, reveal } from "../../../plugin-server/values/property";
import { buildArmId, idKey, type ResourceType } from "../../cloud/resource-types";
import { inputChanges } from "./inputs-compare";
import { CREATE_BEFORE_DELETE } from "./naming";

/** Which inputs differ, which of them cannot be changed in place, and whether the old resource must go first. */
export function diffInputs(type: ResourceType, call: DiffCall, subscriptionId: string): DiffResult {
  const immutable = type.immutable.map(patternSteps);
  const changes = inputChanges(type, call.oldInputs, call.news).map(({ path, kind }) => ({
    path: formatPath(path),
    kind,
    replace: immutable.some((pattern) => isAtOrBelow(path, pattern)),
  }));
  const replaced = changes.some(({ replace }) => replace);
  return { changes, deleteBeforeReplace: replaced && keepsId(type, call.id, call.news, subscriptionId) };
}

/**
 * Whether the new resource would have the id of the old one. Created first it would be the old one, and deleting "the
 * old one" afterwards would take it away. An id that is not known yet counts as the same: the safe side.
 */
function keepsId(type: ResourceType, id: string, news: PropertyMap, subscriptionId: string): boolean {
  if (news[CREATE_BEFORE_DELETE] === true) return false;
  const next = buildArmId(type, reveal(news), subscriptionId);
  return next === undefined || idKey(next) === idKey(id);
}
