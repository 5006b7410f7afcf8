import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { promisify } from 'node:util';
import { bits, explicit, implicit, integer, octets, oid, pem, sequence, setOf, truth, utcTime, utf8 } from './der.ts';

/** A server's certificate and key, and the authority that vouches for it; PEM, in memory only. */
export interface Tls {
  readonly certPem: string;
  readonly keyPem: string;
  readonly caPem: string;
}

/** What may be wrong with a certificate, on purpose. */
export interface TlsFlaws {
  /** Names and IPv4 addresses that it is for; default this machine. */
  readonly hosts?: readonly string[];
  /** It ended yesterday. */
  readonly expired?: boolean;
  /** It vouches for itself. */
  readonly selfSigned?: boolean;
}

const dayMs = 86_400_000;
const ecdsaSha256 = sequence(oid('1.2.840.10045.4.3.2'));
/** One name for whatever key is kept: who trusts a certificate made for a key trusts every later one made for it. */
const authorityName = 'lockproof authority';
const throwAwayName = 'lockproof throw-away authority';
const authorityMs = 3_650 * dayMs;
const commonName = (text: string): Buffer => sequence(setOf(sequence(oid('2.5.4.3'), utf8(text))));
const extension = (id: string, isCritical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(isCritical ? [truth(true)] : []), octets(value));

interface Paper {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly endsMs: number;
  readonly extensions: readonly Buffer[];
}

/** A certificate of version 3 (RFC 5280, 4.1). */
function certificate(paper: Paper): Buffer {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaSha256,
    paper.issuer,
    sequence(utcTime(Date.now() - 2 * dayMs), utcTime(paper.endsMs)),
    paper.subject,
    paper.subjectKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...paper.extensions)),
  );
  return sequence(body, ecdsaSha256, bits(sign('sha256', body, paper.issuerKey)));
}

const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';
const extendedKeyUsage = '2.5.29.37';
const alternativeNames = '2.5.29.17';
const serverAuth = '1.3.6.1.5.5.7.3.1';
const newKeys = promisify(generateKeyPair);
const curve = { namedCurve: 'P-256' };

const authorityExtensions = (): Buffer[] => [
  extension(basicConstraints, true, sequence(truth(true), integer(Buffer.from([0])))),
  extension(keyUsage, true, bits(Buffer.from([0b0000_0110]), 1)),
];

const serverExtensions = (hosts: readonly string[]): Buffer[] => [
  extension(basicConstraints, true, sequence()),
  extension(keyUsage, true, bits(Buffer.from([0b1000_0000]), 7)),
  extension(extendedKeyUsage, false, sequence(oid(serverAuth))),
  extension(
    alternativeNames,
    false,
    sequence(
      ...hosts.map((host) =>
        isIPv4(host) ? implicit(7, Buffer.from(host.split('.').map(Number))) : implicit(2, Buffer.from(host)),
      ),
    ),
  ),
];

/** A throw-away authority, known to nobody else, in memory only. */
export interface Authority {
  readonly caPem: string;
  /** A server's certificate and key, valid for a day unless a flaw says otherwise. */
  issue(flaws?: TlsFlaws): Promise<Tls>;
}

export const throwAwayAuthority = async (): Promise<Authority> => {
  const { privateKey } = await newKeys('ec', curve);
  // No two have one name: of an authority of the same name only the signature would be wrong.
  return authorityOf(`${throwAwayName} ${randomBytes(4).toString('hex')}`, privateKey, Date.now() + dayMs);
};

/** The authority of a key that is kept, PEM; throws for what `isAuthorityKey` does not take. */
export const keptAuthority = (keyPem: string): Authority =>
  authorityOf(authorityName, createPrivateKey(keyPem), Date.now() + authorityMs);

/** A key to keep, and the certificate to trust it by, for ten years; PEM. */
export async function newAuthority(): Promise<{ readonly keyPem: string; readonly caPem: string }> {
  const { privateKey } = await newKeys('ec', curve);
  const keyPem = pem('PRIVATE KEY', privateKey.export({ type: 'pkcs8', format: 'der' }));
  return { keyPem, caPem: keptAuthority(keyPem).caPem };
}

/** Whether a text is a key that an authority can be made of. */
export function isAuthorityKey(keyPem: string): boolean {
  try {
    return createPrivateKey(keyPem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

function authorityOf(name: string, issuerKey: KeyObject, endsMs: number): Authority {
  const issuer = commonName(name);
  const extensions = authorityExtensions();
  const subjectKey = createPublicKey(issuerKey);
  const caPem = pem('CERTIFICATE', certificate({ subject: issuer, issuer, subjectKey, issuerKey, endsMs, extensions }));
  return {
    caPem,
    async issue(flaws = {}) {
      const server = await newKeys('ec', curve);
      const subject = commonName('lockproof bench');
      const leaf = certificate({
        subject,
        issuer: flaws.selfSigned ? subject : issuer,
        subjectKey: server.publicKey,
        issuerKey: flaws.selfSigned ? server.privateKey : issuerKey,
        endsMs: Date.now() + (flaws.expired ? -dayMs : dayMs),
        extensions: serverExtensions(flaws.hosts ?? ['localhost', '127.0.0.1']),
      });
      const keyPem = pem('PRIVATE KEY', server.privateKey.export({ type: 'pkcs8', format: 'der' }));
      return { certPem: pem('CERTIFICATE', leaf), keyPem, caPem };
    },
  };
}

/** A server certificate for localhost and 127.0.0.1, valid for a day, by an authority of its own. */
export const throwAwayTls = async (flaws: TlsFlaws = {}): Promise<Tls> => (await throwAwayAuthority()).issue(flaws);
