import { createHmac } from 'node:crypto';
import type { ObjectView, PageAsked, PageView } from './actions.ts';
import type { Core } from './core.ts';
import { problem, type Problem } from './problems.ts';

/** Letters of a cursor's seal: enough to tell what the platform gave from what somebody made up. */
const sealLetters = 10;

/** Cursors say a place in an order that only grows, sealed for one account and one list. */
export function cursors(key: string) {
  const seal = (list: string, place: number): string =>
    createHmac('sha256', key).update(`${list} ${place}`).digest('base64url').slice(0, sealLetters);
  return {
    spell: (list: string, place: number): string => `${place}.${seal(list, place)}`,
    /** The place; null for what was not given for this list. */
    read: (list: string, text: string): number | null => {
      const parts = /^(\d{1,15})\.([\w-]+)$/.exec(text);
      const place = Number(parts?.[1]);
      return parts && parts[2] === seal(list, place) ? place : null;
    },
  };
}
export type Cursors = ReturnType<typeof cursors>;

/** One page of records in the order of their creation. */
export function pageOf<T extends { readonly order: number }>(
  core: Core,
  marks: Cursors,
  list: string,
  records: readonly T[],
  asked: PageAsked,
  view: (record: T) => ObjectView,
): PageView | Problem {
  const after = asked.cursor === null ? 0 : marks.read(list, asked.cursor);
  if (after === null) return problem('cursor-invalid');
  const limit = Math.min(asked.limit ?? core.declaration.limits.pageItems, core.declaration.limits.pageItems);
  const orders = records.map((record) => record.order);
  const rest = orders.filter((order) => order > after);
  const honest = { orders: rest.slice(0, limit), next: rest.length > limit ? (rest[limit - 1] ?? null) : null };
  const told = core.decide('page', { list, orders, after, limit }, honest);
  const byOrder = new Map(records.map((record) => [record.order, record]));
  const items = told.orders.flatMap((order) => {
    const record = byOrder.get(order);
    return record ? [view(record)] : [];
  });
  return { kind: 'page', items, cursor: told.next === null ? null : marks.spell(list, told.next) };
}
