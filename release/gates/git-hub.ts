import { UserError } from "../user-error";
import { type Asking, askJson, type Look } from "./asking";
import type { Checkout } from "./checkout";

/** Questions to GitHub's REST API about one repository. */
export interface GitHub {
  /** `OWNER/NAME`. */
  readonly name: string;
  /** @param path below the repository, such as `/pulls`; @returns undefined for 404 */
  ask(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
}

const api = "https://api.github.com";
const apiVersion = "2022-11-28";

/**
 * The repository of the checkout at GitHub, asked with `GITHUB_TOKEN` or `GH_TOKEN` where there is one.
 *
 * @throws UserError when nobody says which repository it is
 */
export async function gitHub({ surroundings }: Asking, checkout: Checkout, look: Look): Promise<GitHub> {
  const { GITHUB_REPOSITORY, GITHUB_TOKEN, GH_TOKEN } = surroundings.env;
  const name = GITHUB_REPOSITORY || (await checkout.gitHubName());
  if (name === undefined) {
    throw new UserError("the checkout has no remote at GitHub, so that it cannot be asked there", {
      mend: "set GITHUB_REPOSITORY to OWNER/NAME",
    });
  }
  const token = GITHUB_TOKEN || GH_TOKEN;
  if (token !== undefined && token !== "") look.hide(token);
  return {
    name,
    ask(path, query = {}) {
      const url = new URL(`/repos/${name}${path}`, api);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      return askJson(
        surroundings,
        {
          method: "GET",
          url,
          headers: {
            accept: "application/vnd.github+json",
            "x-github-api-version": apiVersion,
            "user-agent": "switchyard",
            ...(token !== undefined && token !== "" && { authorization: `Bearer ${token}` }),
          },
          signal: look.signal,
        },
        { who: "GitHub", right: "set GITHUB_TOKEN to a token that may read the repository" },
      );
    },
  };
}
