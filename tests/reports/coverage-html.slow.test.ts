import { strict as assert } from "node:assert";
import type { Browser, Page } from "playwright-core";
import { renderCoverageHtml } from "../../reports/coverage/html";
import { coverageReport, type StatementCoverage } from "../../reports/coverage/model";
import { launch, ReportFiles, requireBrowser } from "./support/browser";

const awaiting: StatementCoverage = {
  id: "KIR-001",
  system: "kirana-inventory",
  kind: "evidence",
  text: "The production deployment causes zero downtime; availability probes must succeed at https://production-environment.example.azurewebsites.net/health.",
  entry: "checkGate production-environment",
  phases: ["watch"],
  executor: "",
  test: "",
  status: "awaiting the release engine",
};
const enforced: StatementCoverage = {
  ...awaiting,
  id: "TES-025",
  system: "tesoro-xp",
  kind: "declared",
  entry: "declared production-environment",
  executor: "policy pack: system-complete, contract-names, settings-secret-references, provider-of-stack",
  test: "tests/policies/mutations.slow.test.ts: TES-025 (production-environment)",
  status: "enforced",
};

describe("the coverage page in Chromium", function () {
  this.timeout(60_000);

  let browser: Browser;
  let files: ReportFiles;
  let page: Page;

  before(async function () {
    const path = requireBrowser(this);
    files = new ReportFiles();
    browser = await launch(path);
  });
  after(async () => {
    await browser?.close();
    files?.remove();
  });
  beforeEach(async () => {
    page = await browser.newPage();
  });
  afterEach(async () => {
    await page.close();
    assert.deepEqual(files.noise(), [], "requests of the page, or errors of its script");
  });

  for (const width of [360, 768, 1280])
    it(`neither overflows nor breaks a word of its figures, kinds and ids at ${width} px`, async () => {
      await page.setViewportSize({ width, height: 800 });
      await files.open(
        page,
        `coverage-${width}.html`,
        renderCoverageHtml(coverageReport([awaiting, enforced], [])),
      );
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
      assert.deepEqual(await page.evaluate(brokenWords), []);
    });

  it("shows on a narrow page what each figure counts", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await files.open(
      page,
      "coverage-named.html",
      renderCoverageHtml(coverageReport([awaiting, enforced], [])),
    );
    const named = await page.evaluate(`[...document.querySelector(".figures tbody tr").querySelectorAll("td")]
      .map((cell) => getComputedStyle(cell, "::before").content + cell.textContent)`);
    assert.deepEqual(named, [
      '"total "1',
      '"executed "0',
      '"enforced "0',
      '"evidenced "0',
      '"asked "0',
      '"reported "0',
      '"awaiting "1',
    ]);
  });

  it("changes its colours as the other pages do, and keeps what was chosen", async () => {
    const name = "coverage-coloured.html";
    await files.open(page, name, renderCoverageHtml(coverageReport([enforced], [])));
    const chosen = () => page.evaluate("document.documentElement.dataset.theme ?? 'auto'");
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const button = page.getByRole("button", { name: /^Colours/ });
    await button.click();
    const light = await ground();
    assert.equal(await chosen(), "light");
    await button.click();
    assert.equal(await chosen(), "dark");
    assert.notEqual(await ground(), light);
    assert.equal(await button.textContent(), "Colours: dark");
    await page.reload();
    assert.equal(await chosen(), "dark");
  });

  it("filters by words, status and kind on a narrow page too", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await files.open(
      page,
      "coverage-found.html",
      renderCoverageHtml(coverageReport([awaiting, enforced], [])),
    );
    const shown = () => page.locator(".statements tbody tr:visible").count();
    assert.equal(await shown(), 2);
    await page.getByLabel("Status").selectOption("enforced");
    assert.equal(await shown(), 1);
    await page.getByRole("searchbox").fill("KIR-001");
    assert.equal(await shown(), 0);
    assert.ok(await page.getByText("Nothing fits").isVisible());
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#count").textContent(), "2 of 2");
  });
});

/** Words of figures, headings, kinds and ids that stand on more than one line. */
const brokenWords = `(() => {
  const cells = document.querySelectorAll(
    ".figures :is(th, td), .statements th, .statements td:nth-child(2), .statements td:first-child code",
  );
  const lines = (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  };
  return [...cells]
    .filter((cell) => !/[ -]/.test(cell.textContent) && lines(cell) > 1)
    .map((cell) => cell.textContent);
})()`;
