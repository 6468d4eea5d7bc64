import assert from "node:assert/strict";
import { callerAlone, NobodyKnown, peopleOf } from "../../../release/people/people-of";

describe("who may act in a release", () => {
  const ana = { id: "ana", name: "Ana", roles: ["deployment-lead", "sre"] };
  const bo = { id: "bo", name: "Bo", roles: [] };
  const people = peopleOf(async () => ({
    where: "the trust root of staging",
    people: [ana, ana, bo],
    mend: "sign a new one",
  }));

  it("is a person whom the trust root names in that role, with however many keys", async () => {
    assert.deepEqual(await people.mayAct("ana", "sre"), {
      holds: true,
      why: "ana is sre by the trust root of staging",
    });
  });

  it("is nobody in a role that the trust root does not give, and the answer names whom to ask", async () => {
    const { holds, why } = await people.mayAct("bo", "deployment-lead");
    assert.equal(holds, false);
    assert.match(why, /bo is not deployment-lead .* has no role; deployment-lead there: ana; sign a new one/);
    assert.match(
      (await people.mayAct("ana", "qa-engineer")).why,
      /but deployment-lead, sre; nobody is qa-engineer/,
    );
  });

  it("is nobody whom the trust root does not know", async () => {
    const { holds, why } = await people.mayAct("eve", "sre");
    assert.equal(holds, false);
    assert.match(why, /eve is unknown to the trust root of staging; sre there: ana; sign a new one/);
  });

  it("is nobody while the trust root cannot be relied on, and is asked anew once it can", async () => {
    let expired = true;
    const later = peopleOf(async () => {
      if (expired) throw new NobodyKnown("the trust root expired");
      return { where: "the trust root", people: [ana], mend: "" };
    });
    assert.deepEqual(await later.mayAct("ana", "sre"), {
      holds: false,
      why: "ana as sre: the trust root expired",
    });
    expired = false;
    assert.equal((await later.mayAct("ana", "sre")).holds, true);
  });

  it("is, on dev without a trust root, whoever runs it, which is said, and nobody else", async () => {
    const alone = callerAlone("mia", "npx switchyard trust init");
    const own = await alone.mayAct("mia", "deployment-lead");
    assert.equal(own.holds, true);
    assert.match(own.why, /dev has no trust root, so mia, whose state it is, acts as deployment-lead/);
    const other = await alone.mayAct("eve", "deployment-lead");
    assert.equal(other.holds, false);
    assert.match(other.why, /eve is unknown.*npx switchyard trust init/);
  });
});
