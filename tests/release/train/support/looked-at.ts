import type { EngineParts } from "../../../../release/engine/parts";
import type { Strategy } from "../../../../release/strategies/strategy";

/** The same parts; traffic that is about to go back is looked at before. */
export function lookedAt(parts: EngineParts, look: () => void): EngineParts {
  const strategies = [...parts.strategies].map(([name, strategy]): [string, Strategy] => [
    name,
    new Proxy(strategy, {
      get(target, key) {
        const value = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          if (key === "revert" || (key === "setTraffic" && given[0] === 0)) look();
          return value.apply(target, given);
        };
      },
    }),
  ]);
  return { ...parts, strategies: new Map(strategies) };
}
