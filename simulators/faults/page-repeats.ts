import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'page-repeats',
  defects: ['EVT-30'],
  sentence: 'Each page of a list begins with the last object of the page before.',
  hard: null,
  hooks: () => ({
    page: ({ orders, after }, honest) =>
      after > 0 && orders.includes(after) ? { ...honest, orders: [after, ...honest.orders] } : honest,
  }),
};
