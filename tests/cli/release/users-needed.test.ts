import assert from "node:assert/strict";
import { withUsersNeeded } from "../../../cli/release/users-needed";
import type { Planned } from "../../../release/plan/planner";

const refused: Planned = {
  refusals: [
    { kind: "too-little-traffic", message: "7 requests are seen", mend: "Release when there are more." },
    { kind: "window-closed", message: "it is Sunday", mend: "Wait." },
  ],
};
const mends = (planned: Planned) => ("refusals" in planned ? planned.refusals.map(({ mend }) => mend) : []);

describe("a plan on dev that too few users are sent for", () => {
  it("says by which options of the rehearsal there are more, and of nothing else", () => {
    assert.deepEqual(mends(withUsersNeeded(refused, { users: 15 }, 60)), [
      "Release when there are more. On dev: more --users than 15, or less --speed than 60.",
      "Wait.",
    ]);
  });

  it("says nothing of users where none are sent, or the traffic was named", () => {
    assert.equal(withUsersNeeded(refused, { users: 0 }, 60), refused);
    assert.equal(withUsersNeeded(refused, { users: 15, requestsPerSecond: 1 }, 60), refused);
  });
});
