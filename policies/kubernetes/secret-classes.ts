import { objectsAt, requiredText, WrongTypeError } from "../read";
import type { DeclaredResource } from "../resource";
import type { SystemView } from "../stack-view";
import { kubernetes } from "./types";

/** What the CSI driver of the vault fetches: the secret's name, and the name of the file that it becomes. */
export interface FetchedSecret {
  readonly objectName: string;
  readonly objectAlias?: string;
}

const objects = "spec.parameters.objects";

/** The driver reads YAML within YAML; what is not JSON here was not written by this program, and is refused. */
export function fetchedSecretsOf(secretClass: DeclaredResource): readonly FetchedSecret[] {
  const text = requiredText(secretClass, objects);
  try {
    const { array } = JSON.parse(text) as { array: readonly string[] };
    return array.map((entry) => {
      const fetched = JSON.parse(entry) as Partial<FetchedSecret>;
      if (typeof fetched.objectName !== "string") throw new Error("no name");
      return fetched as FetchedSecret;
    });
  } catch {
    throw new WrongTypeError(objects, "a list of secrets as JSON", text);
  }
}

/** `SECRET/KEY` of every Secret that the driver keeps equal to the vault, with the name of the vault's secret. */
export function syncedKeysOf(view: SystemView): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const secretClass of view.ofType(kubernetes.secretProviderClass)) {
    const names = new Map(
      fetchedSecretsOf(secretClass).map(({ objectName, objectAlias }) => [
        objectAlias ?? objectName,
        objectName,
      ]),
    );
    for (const [index, synced] of objectsAt(secretClass, "spec.secretObjects").entries()) {
      for (const { key, objectName } of objectsAt(secretClass, `spec.secretObjects.${index}.data`)) {
        const name = names.get(String(objectName));
        if (name !== undefined) keys.set(`${String(synced.secretName)}/${String(key)}`, name);
      }
    }
  }
  return keys;
}
