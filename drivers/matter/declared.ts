import { type Ability, type Declaration, has } from '../../contract/declaration.ts';
import type { Mode } from '../../contract/mode.ts';
import { attributes, isFields, modeBits, modesByNumber, number, timedUnlock } from './words.ts';

/** What of a declaration the lock tells of itself: by its feature map (5.2.4) and its attributes. */
export const asked = [
  attributes.users,
  attributes.pinUsers,
  attributes.maxPinDigits,
  attributes.minPinDigits,
  attributes.autoRelockSeconds,
  attributes.wrongCodes,
  attributes.lockoutSeconds,
  attributes.requiresPin,
  attributes.lastsMinutes,
  attributes.supportedModes,
  attributes.acceptedCommands,
  attributes.features,
] as const;

const codes = ['pinCredential', 'user'] as const;
const abilities: readonly (readonly [Ability, readonly string[]])[] = [
  // A code of nobody, as locks of the first versions have them, is set by commands that this driver does not speak.
  ['keypad', codes],
  ['users', ['user']],
  ['windows', ['user', 'yearDayAccessSchedules']],
  ['recurrence', ['user', 'weekDayAccessSchedules']],
  ['suspend', ['user']],
  ['change-pin', codes],
  ['mode-schedules', ['holidaySchedules']],
];
type Ours = (declaration: Declaration) => number;
/** Some locks lock out with that number, some with the one after it: so many may be entered before, until it is exceeded (5.2.9.32, 5.2.10.1.1). */
const wrongCodes = 'limits.wrongCodes';
const figures: readonly (readonly [path: string, attribute: number, unit: number, ours: Ours])[] = [
  ['limits.users', attributes.users, 1, ({ limits }) => limits.users],
  ['limits.pinMinDigits', attributes.minPinDigits, 1, ({ limits }) => limits.pinMinDigits],
  ['limits.pinMaxDigits', attributes.maxPinDigits, 1, ({ limits }) => limits.pinMaxDigits],
  [wrongCodes, attributes.wrongCodes, 1, ({ limits }) => limits.wrongCodes],
  ['limits.lockoutMs', attributes.lockoutSeconds, 1_000, ({ limits }) => limits.lockoutMs],
  ['timing.autoRelockMs', attributes.autoRelockSeconds, 1_000, ({ timing }) => timing.autoRelockMs],
];

const minuteMs = 60_000;

type Told = ReadonlyMap<number, unknown>;

/** Whether remote operations want a PIN (5.2.9.35). */
export const wantsCode = (told: Told = new Map()): boolean => told.get(attributes.requiresPin) === true;

/** The last places of users and of codes; null where the lock does not tell them. */
export function lastPlaces(told: Told = new Map()): { readonly user: number; readonly pin: number } | null {
  const [user, pin] = [number(told.get(attributes.users)), number(told.get(attributes.pinUsers))];
  return user === null || pin === null ? null : { user, pin };
}

/** How many codes it holds for us: each has a user of its own (see README.md), so that either of the two may be the fewer; one is our own. */
function codesOf(told: Told): number | null {
  const pins = number(told.get(attributes.pinUsers));
  if (pins === null) return null;
  return Math.max(1, Math.min(pins, number(told.get(attributes.users)) ?? pins) - (wantsCode(told) ? 1 : 0));
}

/** Numbers that the lock tells, as a declaration has them. */
function figuresOf(told: Told): readonly (readonly [path: string, value: number, ours: Ours])[] {
  const most = codesOf(told);
  const each = figures.flatMap(([path, attribute, unit, ours]) => {
    const value = number(told.get(attribute));
    // The last place is that of our own code.
    const kept = attribute === attributes.users && wantsCode(told) ? 1 : 0;
    return value === null ? [] : [[path, Math.max(kept, value - kept) * unit, ours] as const];
  });
  return most === null ? each : [...each, ['limits.credentials', most, ({ limits }) => limits.credentials]];
}

/** The first feature that an ability needs and the lock lacks; null: none, undefined: the lock does not tell. */
function lacking(told: Told, needs: readonly string[]): string | null | undefined {
  const map = told.get(attributes.features);
  return isFields(map) ? (needs.find((one) => map[one] !== true) ?? null) : undefined;
}

/** Whether a code in a command is verified (5.2.4.7); a lock that did not tell is taken to do so. */
export const verifiesCodes = (told: Told = new Map()): boolean =>
  typeof lacking(told, ['pinCredential', 'credentialOverTheAirAccess']) !== 'string';

/** The modes that a lock can be set to; null where it does not tell. */
function modesOf(told: Told): readonly Mode[] | null {
  const bits = told.get(attributes.supportedModes);
  return isFields(bits) ? modesByNumber.filter((mode) => bits[modeBits[mode]] === false) : null;
}

/** Whether it opens for a stated time; null where it does not tell. */
function opensForATime(told: Told): boolean | null {
  const list = told.get(attributes.acceptedCommands);
  return Array.isArray(list) ? list.some((one) => number(one) === timedUnlock) : null;
}

/** Whether what is declared of users who end some time after their first use is what the lock tells of them. */
function otherTime(told: Told, declaration: Declaration): readonly string[] {
  if (!has(declaration, 'expiring') || !told.has(attributes.features)) return [];
  const minutes = number(told.get(attributes.lastsMinutes));
  if (minutes === null) return ['expiring is declared, and the lock has no attribute ExpiringUserTimeout'];
  const { lastsMs } = declaration.limits;
  return lastsMs === minutes * minuteMs
    ? []
    : [`limits.lastsMs is declared as ${lastsMs ?? 'any time'}, and the lock says ${minutes * minuteMs}`];
}

/** Where the declaration says something else than the lock, each in a sentence. What the lock does not tell is not compared. */
export function undeclared(told: Told, declaration: Declaration): readonly string[] {
  const missing = abilities.flatMap(([ability, needs]) => {
    const feature = lacking(told, needs);
    return has(declaration, ability) && typeof feature === 'string'
      ? [`${ability} is declared, and the lock has no feature ${feature}`]
      : [];
  });
  const others = figuresOf(told).flatMap(([path, value, ours]) =>
    value === ours(declaration) || (path === wrongCodes && value + 1 === ours(declaration))
      ? []
      : [`${path} is declared as ${ours(declaration)}, and the lock says ${value}`],
  );
  const modes = modesOf(told);
  const absent = declaration.modes.flatMap((mode) =>
    modes && !modes.includes(mode) ? [`the mode ${mode} is declared, and the lock does not support it`] : [],
  );
  const timed =
    has(declaration, 'timed-unlock') && opensForATime(told) === false
      ? ['timed-unlock is declared, and the lock does not take UnlockWithTimeout']
      : [];
  return [...missing, ...others, ...absent, ...timed, ...otherTime(told, declaration)];
}

/** Values of a declaration by their path. A text in the place of an ability says why it is lacking. */
export type Declared = ReadonlyMap<string, true | number | string>;

/** Whether the bolt throws itself (5.2.9.22); an attribute that a lock lacks which told its features is one that it has not. */
function relocking(told: Told): readonly (readonly [path: string, value: true | number | string])[] {
  const seconds = number(told.get(attributes.autoRelockSeconds));
  if (seconds !== null) return [['abilities.auto-relock', seconds === 0 ? 'its AutoRelockTime is 0' : true]];
  if (!told.has(attributes.features) || told.has(attributes.autoRelockSeconds)) return [];
  return [
    ['abilities.auto-relock', 'the lock has no attribute AutoRelockTime'],
    ['timing.autoRelockMs', 0],
  ];
}

/** Whether a user can end some time after his first use (5.2.9.36), and how a draft says so: that time is the lock's own. */
function lasting(told: Told): string | null {
  const minutes = number(told.get(attributes.lastsMinutes));
  if (minutes !== null)
    return `${minutes} minutes for every expiring user: declare true and limits.lastsMs: ${minutes * minuteMs}`;
  return told.has(attributes.features) ? 'the lock has no attribute ExpiringUserTimeout' : null;
}

/** What is then asked of codes all the same: a declaration is complete, and nobody looks at these. */
const noCodes = 'the lock keeps no codes that could be set';
const withoutCodes: Declared = new Map<string, true | number | string>([
  ['abilities.use-counts', noCodes],
  ['abilities.admin-at-lock', noCodes],
  ['abilities.local-credentials', noCodes],
  ['limits.users', 1],
  ['limits.credentials', 1],
  ['limits.pinMinDigits', 4],
  ['limits.pinMaxDigits', 8],
  ['limits.pinUnique', 'none'],
  ['limits.wrongCodes', 0],
  ['limits.lockoutMs', 0],
]);

/** What a lock tells of itself, as a declaration has it. What it does not tell is left out. */
export function declaredBy(told: Told): Declared {
  const declared = new Map<string, true | number | string>();
  for (const [ability, needs] of abilities) {
    const feature = lacking(told, needs);
    if (feature !== undefined)
      declared.set(`abilities.${ability}`, feature === null ? true : `the lock has no feature ${feature}`);
  }
  const unused = typeof lacking(told, codes) === 'string' ? withoutCodes : [];
  for (const [path, value] of [...unused, ...figuresOf(told), ...relocking(told)]) declared.set(path, value);
  const modes = modesOf(told);
  if (modes) {
    const isSettable = modes.some((mode) => mode !== 'normal');
    declared.set('abilities.modes', isSettable ? true : 'the lock has no mode but normal');
    declared.set('modes', isSettable ? modes.join(', ') : '');
    if (!isSettable) declared.set('abilities.mode-schedules', 'the lock has no mode but normal');
  }
  const lasts = lasting(told);
  if (lasts !== null) declared.set('abilities.expiring', lasts);
  const isTimed = opensForATime(told);
  if (isTimed !== null) declared.set('abilities.timed-unlock', isTimed ? true : 'the lock does not take UnlockWithTimeout');
  return declared;
}

/** What holds of every lock by this wire and this driver, whatever it tells; see README.md. */
export const ofTheWire: Declared = new Map<string, true | number | string>([
  ['limits.pinUnique', 'lock'],
  ['api.echoesWindow', true],
  ['abilities.use-counts', 'once at most, by a disposable user: declare true and limits.uses: 1'],
  ['abilities.remote-operation', true],
  ['abilities.events', true],
  ['abilities.webhooks', 'events are read from the lock'],
  // Each node keeps such a list (Access Control cluster, Core 9.10).
  ['abilities.scopes', true],
  ['abilities.token-refresh', 'an administrator has a certificate and no token'],
  ['abilities.idempotency-key', 'commands carry none'],
  ['abilities.client-name', 'a credential has no name'],
  ['abilities.replaceable', 'a node is commissioned, not replaced'],
  ['abilities.firmware-update', 'the driver installs none'],
  ['abilities.connectivity-report', 'a node that is away does not say so'],
  ['abilities.clock-report', 'the driver reads no clock'],
  ['abilities.pagination', 'users are walked one by one'],
  ['abilities.rate-limits', 'none are announced'],
  ['abilities.operations', 'a command is answered when it is done'],
  ['abilities.device-link', 'the way to the lock is the way of the integration'],
  // UserName, 5.2.10.16.3.
  ['limits.nameBytes', 10],
  ['limits.pageItems', 500],
  ['limits.rateRequests', 0],
  ['limits.rateWindowMs', 0],
  // Nothing is pushed.
  ['timing.pushRetryMs', 0],
  ['api.tokenMs', 0],
  ['api.refreshGraceMs', 0],
  ['api.keyKeptMs', 0],
  ['api.readBack', 'withheld'],
  ['api.revokedReadableMs', 0],
]);
