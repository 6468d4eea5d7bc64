import { strict as assert } from "node:assert";
import fc from "fast-check";
import { commentMarker, renderMarkdown } from "../../reports/markdown";
import { prose } from "../../reports/markdown-text";
import { diagnostic, step, urn, violation } from "./support/events";
import { largeReport, reportOf } from "./support/sample";

const limit = 65_536;
const large = largeReport(5_000);
const hostile =
  "<script>alert(1)</script> [x](http://evil.test) | `a` @octocat #1 **b** ~~c~~ \u001b[31mred &amp; -->";

describe("Markdown for a pull request", () => {
  it("begins with its marker, the verdict and the sums", () => {
    const lines = renderMarkdown(largeReport(300)).split("\n");
    assert.equal(lines[0], "<!-- switchyard:preview:dev -->");
    assert.match(
      lines[1] as string,
      /^## ❌ <code>dev<\/code> preview: refused&#58; 4 violations of mandatory policies$/,
    );
    assert.ok(lines.includes("| 63 | 62 | 56 | 56 | 63 |"));
  });

  it("has one marker per stack and kind, which nothing in a name can end", () => {
    const subject = { kind: "preview", stack: "a--> <b>", offline: false } as const;
    assert.equal(commentMarker({ subject }), "<!-- switchyard:preview:a-b- -->");
  });

  for (const count of [0, 1, 300, 5_000]) {
    it(`is shorter than GitHub allows for ${count} resources`, () => {
      const text = renderMarkdown(count === 5_000 ? large : largeReport(count));
      assert.ok(Buffer.byteLength(text) < limit, String(Buffer.byteLength(text)));
      assert.equal(text.match(/<details/g)?.length, text.match(/<\/details>/g)?.length);
    });
  }

  it("counts and names what has no room", () => {
    const text = renderMarkdown(large);
    assert.match(text, /_\d+ more:_ <code>resource-\d+<\/code>/);
    const listed = text.match(/^- <code>&#43;<\/code>|^- <code>\+<\/code>/gm)?.length ?? 0;
    const more = /to create<\/summary>[\s\S]*?_(\d+) more:_/.exec(text)?.[1];
    assert.equal(listed + Number(more), large.summary.create);
  });

  it("shows text of the program as it is: no tag, link, mention, reference, table cell or line of its own", () => {
    const target = urn("a:b:C", hostile);
    const text = renderMarkdown(
      reportOf({
        events: [
          step("create", target),
          violation("tags", target, hostile),
          diagnostic("error", `${hostile}\n# h1`),
        ],
        exitCode: 1,
      }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI escapes begin with one
    assert.doesNotMatch(text, /<script|\]\(|@octocat|`|\*\*b|\u001b|~~|^# h1/m);
    assert.doesNotMatch(text.split("\n").slice(1).join("\n"), /-->/);
    const tags = new Set(text.match(/<\/?[a-z]+/g));
    assert.deepEqual(
      [...tags].filter((tag) => !/^<\/?(?:details|summary|code|br)$/.test(tag)),
      [],
    );
  });

  it("prose holds no character that begins markup, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.match(
          prose(text)
            .replaceAll("<br>", "")
            .replace(/&#\d+;/g, ""),
          /^[^<>&"`|*_~[\]{}()\\!#@:$^]*$/u,
        );
      }),
    );
  });
});
