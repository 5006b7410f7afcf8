import { type Ability, type Declaration, has } from './declaration.ts';
import { eventVerbs } from './event.ts';
import type { RouteKind } from './vendor.ts';

/**
 * Abilities that no target may decline: without them there is nothing to certify. A device reached by its own wire, without
 * a platform, may be a reader that decides nothing: its core is the wire.
 */
export const coreAbilities = {
  cloud: ['keypad', 'remote-operation', 'events'],
  local: ['remote-operation', 'events'],
  brokered: ['keypad', 'remote-operation', 'events'],
  device: ['device-link'],
} as const satisfies Readonly<Record<RouteKind, readonly Ability[]>>;

export interface Contradiction {
  /** Of the field, from the declaration on, e.g. `limits.pinMaxDigits`. */
  readonly path: string;
  readonly message: string;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Where a declaration contradicts itself, or what its route cannot do without: the path of the field, and one sentence. */
export function contradictions(d: Declaration, route: RouteKind): readonly Contradiction[] {
  const issues: Contradiction[] = [];
  const at = (path: string, message: string): number => issues.push({ path, message });
  const said = (ability: Ability): boolean => has(d, ability);
  for (const ability of coreAbilities[route])
    if (!said(ability)) at(`abilities.${ability}`, 'belongs to the core and cannot be declined');
  if (d.limits.pinMinDigits > d.limits.pinMaxDigits) at('limits.pinMaxDigits', 'smaller than pinMinDigits');
  if (d.limits.wrongCodes > 0 && d.limits.lockoutMs === 0) at('limits.lockoutMs', 'a lockout needs a length above 0');
  if (said('rate-limits') !== d.limits.rateRequests > 0)
    at('limits.rateRequests', 'must be above 0 exactly when the ability rate-limits is true');
  if (d.limits.rateRequests > 0 && d.limits.rateWindowMs === 0) at('limits.rateWindowMs', 'a rate limit needs a window above 0');
  if (d.timing.boltMs > d.timing.operateMs) at('timing.operateMs', 'shorter than boltMs: no throw of the bolt could end in time');
  if (said('auto-relock') !== d.timing.autoRelockMs > 0)
    at('timing.autoRelockMs', 'must be above 0 exactly when the ability auto-relock is true');
  if (d.safety.batteryDeadPercent > d.safety.batteryLowPercent)
    at('safety.batteryDeadPercent', 'above batteryLowPercent: the warning would come too late');
  if (said('firmware-update') && d.firmware.length < 2)
    at('firmware', 'an update needs two versions, the one it starts with first');
  const isUsable = d.modes.includes('normal') && d.modes.some((mode) => mode !== 'normal');
  if (said('modes') ? !isUsable : d.modes.length > 0)
    at('modes', 'must hold normal and another exactly when the ability modes is true');
  if (said('mode-schedules') && !said('modes')) at('abilities.mode-schedules', 'needs the ability modes');
  if (new Set(d.modes).size < d.modes.length) at('modes', 'a mode stands there twice');
  if (!isZone(d.zone)) at('zone', 'not an IANA time zone');
  d.events.forEach((kind, i) => {
    if (!eventVerbs.some((verb) => verb === kind)) at(`events.${String(i)}`, 'not a kind of event of the contract');
  });
  return issues;
}
