import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type PropertyMap, withoutUndefined } from "./values/property";

export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : struct.toJavaScript();
}

export function toStruct(map: PropertyMap): Struct {
  return Struct.fromJavaScript(withoutUndefined(map) as Record<string, JavaScriptValue>);
}
