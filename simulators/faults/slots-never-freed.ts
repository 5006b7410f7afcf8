import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'slots-never-freed',
  defects: ['RES-03', 'REV-07'],
  sentence: 'The slot of a revoked grant is never used again.',
  hard: 'long',
  hooks: () => ({
    'table.write': ({ message, table }, honest) =>
      message.ask === 'clear' && honest.kind === 'written'
        ? {
            ...honest,
            table: table.map((one) =>
              one.slot === message.slot ? { ...one, digits: `x${one.digits}`, enabled: false, tag: '' } : one,
            ),
          }
        : honest,
  }),
};
