import { X509Certificate, createPrivateKey } from 'node:crypto';
import { test } from 'vitest';
import { oid, utcTime } from './der.ts';
import { throwAwayTls } from './tls.ts';

test('identifiers and times are spelled as X.690 has them', ({ expect }) => {
  expect(oid('1.2.840.113549').toString('hex')).toBe('06062a864886f70d');
  expect(utcTime(Date.UTC(1991, 4, 6, 23, 45, 40)).toString('latin1')).toBe('\u0017\r910506234540Z');
});

test('a server certificate for this machine, vouched for by its own authority', async ({ expect }) => {
  const tls = await throwAwayTls();
  const ca = new X509Certificate(tls.caPem);
  const leaf = new X509Certificate(tls.certPem);
  expect(ca.ca).toBe(true);
  expect(leaf.ca).toBe(false);
  expect(leaf.verify(ca.publicKey)).toBe(true);
  expect(leaf.checkIssued(ca)).toBe(true);
  expect(leaf.checkPrivateKey(createPrivateKey(tls.keyPem))).toBe(true);
  expect(leaf.checkHost('localhost')).toBe('localhost');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(leaf.checkHost('door.example')).toBeUndefined();
  expect(leaf.validToDate.getTime()).toBeGreaterThan(Date.now());
});

test('flaws on purpose, and no two authorities alike', async ({ expect }) => {
  const [one, two] = await Promise.all([throwAwayTls({ expired: true, hosts: ['door.example'] }), throwAwayTls()]);
  const leaf = new X509Certificate(one.certPem);
  expect(leaf.validToDate.getTime()).toBeLessThan(Date.now());
  expect(leaf.checkHost('door.example')).toBe('door.example');
  expect(leaf.checkHost('localhost')).toBeUndefined();
  expect(leaf.verify(new X509Certificate(two.caPem).publicKey)).toBe(false);
});
