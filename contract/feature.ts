/**
 * What not every protocol has words for. Of a lock's own link: keys of guests beside the owner's · versions or suites that could
 * be asked down · a log and a table · reports that wait for a panel · a panel that asks for more than the bolt, and gives
 * addresses · sessions that a forged word ends · repeats that are answered again · a handle inside, at what is certified itself.
 * Of an integration's way: a refusal that names what stands in the way · more than one lock · a recurrence that goes on past
 * midnight · grants and users that who may only read is shown · events that are known to be lost.
 */
export const protocolFeatures = [
  'guests',
  'panel',
  'offers',
  'records',
  'reports',
  'forgery-ends',
  'retries',
  'inside-handle',
  'named-conflict',
  'several-locks',
  'overnight',
  'readable-grants',
  'gaps',
] as const;
export type ProtocolFeature = (typeof protocolFeatures)[number];

/** Those that a protocol lacks, and why. */
export type Lacks = ReadonlyMap<ProtocolFeature, string>;
