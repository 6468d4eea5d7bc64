import { strict as assert } from "node:assert";
import { setConfigCommand } from "../../infra/config/config-command";

describe("the command that sets a setting", () => {
  const stack = "staging";

  it("names the stack, and asks for the value when none is given", () => {
    assert.equal(
      setConfigCommand("switchyard:owner", { stack }),
      "pulumi config set switchyard:owner --stack staging",
    );
  });

  it("finds an entry of a map or list by --path, kept from the shell", () => {
    assert.equal(
      setConfigCommand("tesoro-xp:alertEmails[0]", { stack }),
      "pulumi config set --path 'tesoro-xp:alertEmails[0]' --stack staging",
    );
    assert.match(setConfigCommand("tesoro-xp:contacts.cto.name", { stack }), /--path 'tesoro-xp:contacts/);
  });

  it("of a secret has no value that a history would keep", () => {
    assert.equal(
      setConfigCommand("switchyard:key", { stack, secret: true }),
      "pulumi config set --secret switchyard:key --stack staging",
    );
  });
});
