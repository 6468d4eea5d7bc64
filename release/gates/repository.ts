import { mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, type Look, looking } from "./asking";
import { Checkout } from "./checkout";
import { compareAll } from "./comparison";
import type { GateProvider } from "./gate-provider";
import { type GitHub, gitHub } from "./git-hub";
import type { CheckGateOf } from "./provider-gate";

type RepositoryGate = CheckGateOf<"repository">;

/**
 * The repository at the commit that is released. Known are `branch`, `commit`, `clean`, `tags`, `merged` (remote branches
 * that contain the commit), `makefile.targets`, `openPullRequests.dependabot` (asked of GitHub), and files by name:
 * `rollback.md`, wherever in the repository it is.
 *
 * @param folder of the checkout
 */
export function repositoryProvider(asking: Asking, folder: string): GateProvider<RepositoryGate> {
  return {
    look(gate, context) {
      const { expects } = gate.check;
      const question = `repository: ${expects.map(({ path }) => path).join(", ")}`;
      return looking(question, gate, context, async (look) => {
        const checkout = new Checkout(folder, asking.surroundings.env.PATH, look.signal);
        const found: Record<string, unknown> = {};
        for (const { path } of expects) found[path] = await factOf(path, checkout, asking, look);
        const { holds, seen } = compareAll(expects, found);
        return answer(question, holds, seen);
      });
    },
  };
}

type Fact = (checkout: Checkout, asking: Asking, look: Look) => Promise<unknown>;

const facts: Readonly<Record<string, Fact>> = {
  branch: (checkout) => checkout.branch(),
  commit: (checkout) => checkout.commit(),
  clean: (checkout) => checkout.clean(),
  tags: (checkout) => checkout.tags(),
  merged: (checkout) => checkout.mergedInto(),
  "makefile.targets": (checkout) => checkout.makeTargets(),
  "openPullRequests.dependabot": async (checkout, asking, look) =>
    dependabotPulls(await gitHub(asking, checkout, look)),
};

/** @throws UserError for a name that is no fact and no file's */
async function factOf(path: string, checkout: Checkout, asking: Asking, look: Look): Promise<unknown> {
  if (Object.hasOwn(facts, path)) return facts[path]!(checkout, asking, look);
  if (!/\.[a-z]+$/i.test(path))
    throw new UserError(
      `the repository has no ${path}; known are ${Object.keys(facts).join(", ")} and files`,
    );
  // Documents name each other from where they stand, which no gate says.
  const name = path.replace(/^(?:\.{1,2}\/)+/, "");
  return (await checkout.files()).find((file) => file === name || file.endsWith(`/${name}`));
}

const pageSize = 100;

/** Pages are followed: a hundred others could hide the one. */
async function dependabotPulls(repository: GitHub): Promise<number> {
  let count = 0;
  for (let page = 1; ; page++) {
    const pulls = await repository.ask("/pulls", {
      state: "open",
      per_page: String(pageSize),
      page: String(page),
    });
    if (!Array.isArray(pulls))
      throw new UserError(`GitHub shows no pull requests of ${repository.name}`, {
        mend: "set GITHUB_TOKEN to a token that may read the repository",
      });
    count += pulls.filter((pull) => mapAt(pull, "user").login === "dependabot[bot]").length;
    if (pulls.length < pageSize) return count;
  }
}
