import { type Ability, type Declaration, has } from '../../contract/declaration.ts';
import { attributes, isFields, number } from './words.ts';

/** What of a declaration the lock tells of itself: by its feature map (5.2.4) and its attributes. */
export const asked = [
  attributes.users,
  attributes.pinUsers,
  attributes.maxPinDigits,
  attributes.minPinDigits,
  attributes.autoRelockSeconds,
  attributes.wrongCodes,
  attributes.lockoutSeconds,
  attributes.features,
] as const;

const abilities: readonly (readonly [Ability, readonly string[]])[] = [
  ['keypad', ['pinCredential', 'credentialOverTheAirAccess']],
  ['users', ['user']],
  ['windows', ['yearDayAccessSchedules']],
  ['recurrence', ['weekDayAccessSchedules']],
];

/** Where the declaration says something else than the lock, each in a sentence. What the lock does not tell is not compared. */
export function undeclared(told: ReadonlyMap<number, unknown>, declaration: Declaration): readonly string[] {
  const map = told.get(attributes.features);
  const features = isFields(map) ? map : null;
  const { limits, timing } = declaration;
  const said = (name: string, ours: number, theirs: unknown, unit = 1): readonly string[] => {
    const value = number(theirs);
    return value === null || value * unit === ours ? [] : [`${name} is declared as ${ours}, and the lock says ${value * unit}`];
  };
  const lacking = abilities.flatMap(([ability, needs]) => {
    const missing = features === null ? undefined : needs.find((one) => features[one] !== true);
    return has(declaration, ability) && missing !== undefined
      ? [`${ability} is declared, and the lock has no feature ${missing}`]
      : [];
  });
  return [
    ...lacking,
    ...said('limits.users', limits.users, told.get(attributes.users)),
    ...said('limits.credentials', limits.credentials, told.get(attributes.pinUsers)),
    ...said('limits.pinMinDigits', limits.pinMinDigits, told.get(attributes.minPinDigits)),
    ...said('limits.pinMaxDigits', limits.pinMaxDigits, told.get(attributes.maxPinDigits)),
    ...said('limits.wrongCodes', limits.wrongCodes, told.get(attributes.wrongCodes)),
    ...said('limits.lockoutMs', limits.lockoutMs, told.get(attributes.lockoutSeconds), 1000),
    ...said('timing.autoRelockMs', timing.autoRelockMs, told.get(attributes.autoRelockSeconds), 1000),
  ];
}
