import Module from "node:module";

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };

/** Modules whose request, as it stands in `require`, matches are loaded when the first of their exports is read. */
export function loadAtFirstUse(request: RegExp): void {
  const load = loader._load;
  loader._load = (asked, parent, isMain) =>
    request.test(asked)
      ? atFirstUse(() => load(asked, parent, isMain) as object)
      : load(asked, parent, isMain);
}

/** All languages of zod's messages but English, which it loads by another path. */
export const languagesOfZod = /^\.\.\/locales\/index\.cjs$/;

function atFirstUse(get: () => object): object {
  let module: object | undefined;
  const real = () => {
    module ??= get();
    return module;
  };
  return new Proxy(
    {},
    {
      // Keeps TypeScript's import helper from copying every property, which would be a use.
      get: (_, key) => (key === "__esModule" ? true : Reflect.get(real(), key)),
      has: (_, key) => Reflect.has(real(), key),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
}
