import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CertificateFiles,
  type CertificateName,
  makeCertificates,
} from "../../../local/cluster/certificates";

describe("certificates of the local cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-certificates-"));
  let files: CertificateFiles;
  before(async () => {
    files = await makeCertificates(join(folder, "made"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (file: string) => new X509Certificate(readFileSync(file));
  const leaf = (name: CertificateName) => read(files.certificate(name));

  it("are signed by the cluster's root, those of etcd by a root of its own", () => {
    const [ca, etcdCa] = [read(files.ca), read(files.etcdCa)];
    const signers: [CertificateName, X509Certificate, X509Certificate][] = [
      ["kube-apiserver", ca, etcdCa],
      ["admin", ca, etcdCa],
      ["kubelet", ca, etcdCa],
      ["kube-controller-manager", ca, etcdCa],
      ["etcd", etcdCa, ca],
      ["etcd-client", etcdCa, ca],
    ];
    for (const [name, root, other] of signers) {
      assert.ok(leaf(name).checkIssued(root) && leaf(name).verify(root.publicKey), name);
      assert.ok(!leaf(name).verify(other.publicKey), `${name} is not trusted by the other`);
    }
    assert.ok(ca.ca && !leaf("admin").ca);
  });

  it("name the server by its loopback address and nothing outside", () => {
    const server = leaf("kube-apiserver");
    assert.equal(server.checkIP("127.0.0.1"), "127.0.0.1");
    assert.equal(server.checkIP("10.96.0.1"), "10.96.0.1");
    assert.equal(server.checkHost("example.org"), undefined);
    assert.equal(leaf("admin").subjectAltName, undefined);
  });

  it("give each part the user that Kubernetes knows it by", () => {
    assert.match(leaf("admin").subject, /O=system:masters\nCN=switchyard-admin/);
    assert.match(leaf("kubelet").subject, /O=system:nodes\nCN=system:node:switchyard-local/);
    assert.equal(leaf("kube-controller-manager").subject, "CN=system:kube-controller-manager");
  });

  it("can be read by their owner alone", () => {
    assert.equal(statSync(files.folder).mode & 0o777, 0o700);
    for (const name of readdirSync(files.folder)) {
      assert.equal(statSync(join(files.folder, name)).mode & 0o777, 0o600, name);
    }
  });

  it("are made anew each time, so that an expired one lasts until the next start at most; tokens stay valid", async () => {
    const before = { serial: leaf("admin").serialNumber, key: readFileSync(files.serviceAccountKey, "utf8") };
    const past = new Date(Date.now() - 2 * 365 * 24 * 3600 * 1000);
    const expired = await makeCertificates(files.folder, past);
    assert.ok(Date.parse(expired.expiresAt) < Date.now());
    assert.ok(new Date(leaf("admin").validTo) < new Date());
    files = await makeCertificates(files.folder);
    assert.ok(new Date(leaf("admin").validTo) > new Date());
    assert.ok(
      new Date(leaf("admin").validFrom) < new Date(Date.now() - 60_000),
      "a clock a little behind accepts it",
    );
    assert.notEqual(leaf("admin").serialNumber, before.serial);
    assert.equal(readFileSync(files.serviceAccountKey, "utf8"), before.key);
  });
});
