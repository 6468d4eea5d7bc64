import type { EngineParts } from "../../../../release/engine/parts";
import type { Strategy } from "../../../../release/strategies/strategy";

/** The same parts; traffic that is about to go back is looked at before. */
export function lookedAt(parts: EngineParts, look: () => void): EngineParts {
  const strategies = [...parts.strategies].map(
    ([name, strategy]) => [name, watched(strategy, look)] as const,
  );
  return { ...parts, strategies: new Map(strategies) };
}

function watched(strategy: Strategy, look: () => void): Strategy {
  return new Proxy(strategy, {
    get(target, key) {
      const value = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (key === "revert" || (key === "setTraffic" && given[0] === 0)) look();
        const answer = value.apply(target, given);
        // The same strategy with the limit of one try.
        return key === "until" ? watched(answer, look) : answer;
      };
    },
  });
}
