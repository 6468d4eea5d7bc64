import "reflect-metadata";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { apiServiceAddress } from "./service-addresses";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMilliseconds = 24 * 3600 * 1000;
const validDays = 365;
/** A clock that was put back by a little must not refuse a certificate made a moment ago. */
const backdatedMilliseconds = 5 * 60 * 1000;

interface Subject {
  readonly commonName: string;
  /** Kubernetes reads a user's groups here. */
  readonly organization?: string;
  readonly names?: readonly x509.JsonGeneralName[];
}

const loopback: readonly x509.JsonGeneralName[] = [
  { type: "ip", value: "127.0.0.1" },
  { type: "dns", value: "localhost" },
];

/** Who needs a certificate: file name to subject. */
const subjects = {
  etcd: { commonName: "etcd", names: loopback },
  "etcd-client": { commonName: "kube-apiserver-etcd-client" },
  "kube-apiserver": {
    commonName: "kube-apiserver",
    names: [
      ...loopback,
      { type: "ip", value: apiServiceAddress },
      { type: "dns", value: "kubernetes.default.svc" },
    ],
  },
  admin: { commonName: "switchyard-admin", organization: "system:masters" },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  kubelet: { commonName: "system:node:switchyard-local", organization: "system:nodes" },
} as const satisfies Record<string, Subject>;

export type CertificateName = keyof typeof subjects;

/** etcd trusts a root of its own, so that no user of the API, not even its administrator, can read it directly. */
const etcdOnly: readonly CertificateName[] = ["etcd", "etcd-client"];

/** Files in PEM. */
export interface CertificateFiles {
  readonly folder: string;
  readonly ca: string;
  readonly etcdCa: string;
  /** Signs and checks the tokens of service accounts; kept, so that tokens outlive a restart. */
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  certificate(name: CertificateName): string;
  key(name: CertificateName): string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/**
 * Makes all certificates anew, as each start does: none can be expired, and none of an earlier start is worth
 * stealing. Only the key of the service accounts stays.
 */
export async function makeCertificates(folder: string, now = new Date()): Promise<CertificateFiles> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const notBefore = new Date(now.getTime() - backdatedMilliseconds);
  const notAfter = new Date(now.getTime() + validDays * dayMilliseconds);
  const path = (name: string) => join(folder, name);
  const validity = { notBefore, notAfter };
  const roots = {
    ca: await makeRoot("switchyard-local", validity),
    etcdCa: await makeRoot("switchyard-local-etcd", validity),
  };
  writeFileSync(path("ca.crt"), roots.ca.certificate.toString("pem"), { mode: 0o600 });
  writeFileSync(path("etcd-ca.crt"), roots.etcdCa.certificate.toString("pem"), { mode: 0o600 });
  await Promise.all(
    Object.entries(subjects).map(async ([name, subject]) => {
      const root = etcdOnly.includes(name as CertificateName) ? roots.etcdCa : roots.ca;
      const leaf = await makeLeaf(subject, root, validity);
      writeFileSync(path(`${name}.crt`), leaf.certificate, { mode: 0o600 });
      writeFileSync(path(`${name}.key`), leaf.key, { mode: 0o600 });
    }),
  );
  keepServiceAccountKey(path("service-accounts.key"), path("service-accounts.pub"));
  return {
    folder,
    ca: path("ca.crt"),
    etcdCa: path("etcd-ca.crt"),
    serviceAccountKey: path("service-accounts.key"),
    serviceAccountPublicKey: path("service-accounts.pub"),
    certificate: (name) => path(`${name}.crt`),
    key: (name) => path(`${name}.key`),
    expiresAt: notAfter.toISOString(),
  };
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

interface Root {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function makeRoot(commonName: string, validity: Validity): Promise<Root> {
  const keys = await keyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      name: [{ CN: [commonName] }],
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as never),
      ],
    },
    webcrypto as never,
  );
  return { certificate, keys };
}

async function makeLeaf(
  subject: Subject,
  root: Root,
  validity: Validity,
): Promise<{ certificate: string; key: string }> {
  const keys = await keyPair();
  const { organization, commonName, names } = subject;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...validity,
      subject: [...(organization === undefined ? [] : [{ O: [organization] }]), { CN: [commonName] }],
      issuer: root.certificate.subjectName.toJSON(),
      publicKey: keys.publicKey,
      signingKey: root.keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        // A server of etcd is a client of its peers with the same certificate.
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.clientAuth,
          ...(names === undefined ? [] : [x509.ExtendedKeyUsage.serverAuth]),
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(root.keys.publicKey, false, webcrypto as never),
        ...(names === undefined ? [] : [new x509.SubjectAlternativeNameExtension([...names])]),
      ],
    },
    webcrypto as never,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    certificate: certificate.toString("pem"),
    key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

function keepServiceAccountKey(privateFile: string, publicFile: string): void {
  const isWhole = (file: string, label: string) =>
    existsSync(file) && readFileSync(file, "utf8").includes(`-----END ${label}-----`);
  if (isWhole(privateFile, "EC PRIVATE KEY") && isWhole(publicFile, "PUBLIC KEY")) return;
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(privateFile, privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
  writeFileSync(publicFile, publicKey.export({ type: "spki", format: "pem" }), { mode: 0o600 });
}
